using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>Looks twice a minute whose digest is due, and every hour takes old notices away. What fails is done later, and nobody's digest is missed.</summary>
sealed class DigestDelivery(Digests digests, Notices notices, TimeProvider clock, ILogger<DigestDelivery> log) : Rounds(TimeSpan.FromSeconds(30), clock, log)
{
    static readonly TimeSpan Sweep = TimeSpan.FromHours(1);
    readonly TimeProvider _clock = clock;
    long _sweptAt = clock.GetTimestamp();

    protected override async Task GoAsync(CancellationToken cancel)
    {
        await digests.PlanAsync(Actor.Operator, cancel);
        while (await digests.QueueDueAsync(Actor.Operator, cancel))
        {
            // Some members at a time, until nobody is due.
        }
        if (_clock.GetElapsedTime(_sweptAt) > Sweep)
        {
            _sweptAt = _clock.GetTimestamp();
            await notices.SweepAsync(Actor.Operator, cancel);
        }
    }
}
