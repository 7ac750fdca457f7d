using System.Threading.RateLimiting;
using VetCommunity.App.Limiting;
using VetCommunity.Core;

namespace VetCommunity.App.Conversations;

/// <summary>Stands before every upload of a member: few at once, each of which takes its whole size on the disk before anything can be said of it, and not without end.</summary>
sealed class UploadGate(ConfiguredLimits limits) : IDisposable
{
    readonly Pace _pace = new(limits, limits.UploadsAtOnce, 1, limits.UploadSeconds);
    readonly PartitionedRateLimiter<int> _together = PartitionedRateLimiter.Create<int, int>(member =>
        RateLimitPartition.GetConcurrencyLimiter(member, _ => new ConcurrencyLimiterOptions { PermitLimit = limits.UploadsTogether, QueueLimit = 20 }));

    /// <summary>Waits until fewer uploads of this member are on their way. What it answers with is disposed when the upload is done.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public async Task<IDisposable?> EnterAsync(Actor actor, CancellationToken cancel)
    {
        if (!limits.AreOn)
            return null;
        _pace.Count(actor.MemberId);
        var lease = await _together.AcquireAsync(actor.MemberId, cancellationToken: cancel);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw new RefusedException(Refusal.TooFast, 10);
    }

    public void Dispose()
    {
        _pace.Dispose();
        _together.Dispose();
    }
}
