using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.OfficeHours;

/// <summary>Opens and closes rooms at their hours; whoever joins a closed one is refused without it.</summary>
sealed class TurningHours(HoursClosing closing, TimeProvider clock, ILogger<TurningHours> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                await closing.TurnDueAsync(Actor.Operator, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Rooms whose hours begin or end could not be turned; the next attempt is soon");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
