using VetCommunity.Core;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>Looks twice a minute whose digest is due, and every hour takes old notices away.</summary>
sealed class DigestDelivery(Digests digests, Notices notices, TimeProvider clock, ILogger<DigestDelivery> log) : BackgroundService
{
    static readonly TimeSpan Look = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Sweep = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sweepAt = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            try
            {
                await digests.PlanAsync(Actor.Operator, stoppingToken);
                while (await digests.QueueDueAsync(Actor.Operator, stoppingToken))
                {
                    // Some members at a time, until nobody is due.
                }
                if (clock.GetElapsedTime(sweepAt) > Sweep)
                {
                    sweepAt = clock.GetTimestamp();
                    await notices.SweepAsync(Actor.Operator, stoppingToken);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Digests could not be written; the next attempt is in half a minute and misses none");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
