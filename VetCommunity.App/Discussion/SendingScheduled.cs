using VetCommunity.Core;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>Sends scheduled messages at their time, and after a start what became due in between.</summary>
sealed class SendingScheduled(ScheduledSending sending, TimeProvider clock, ILogger<SendingScheduled> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await sending.SendDueAsync(Actor.Operator, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Scheduled messages could not be looked for; the next attempt is soon");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
