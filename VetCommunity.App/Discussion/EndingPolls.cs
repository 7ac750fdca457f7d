using VetCommunity.Core;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>Shows the result of polls whose time is over to all who watch; votes after it are refused without it.</summary>
sealed class EndingPolls(Polls polls, TimeProvider clock, ILogger<EndingPolls> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await polls.EndDueAsync(Actor.Operator, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Polls whose time is over could not be ended; the next attempt is soon");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
