using System.Threading.RateLimiting;
using VetCommunity.Core;

namespace VetCommunity.App.Conversations;

/// <summary>Stands before every upload of a member: few at once, and not without end.</summary>
sealed class UploadGate(IConfiguration settings) : IDisposable
{
    // Each one takes a file of 25 MB on the disk before anything can be said of it.
    const int AtOnce = 3;
    readonly bool _limited = settings.GetValue("RateLimits:Enabled", true);
    readonly PartitionedRateLimiter<int> _rate = PartitionedRateLimiter.Create<int, int>(member =>
        RateLimitPartition.GetTokenBucketLimiter(member, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 60,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(2),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));
    readonly PartitionedRateLimiter<int> _atOnce = PartitionedRateLimiter.Create<int, int>(member =>
        RateLimitPartition.GetConcurrencyLimiter(member, _ => new ConcurrencyLimiterOptions { PermitLimit = AtOnce, QueueLimit = 20 }));

    /// <summary>Waits until fewer uploads of this member are on their way. What it answers with is disposed when the upload is done.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public async Task<IDisposable?> EnterAsync(Actor actor, CancellationToken cancel)
    {
        if (!_limited)
            return null;
        using var rate = _rate.AttemptAcquire(actor.MemberId);
        if (!rate.IsAcquired)
            throw new RefusedException(Refusal.TooFast, 2);
        var lease = await _atOnce.AcquireAsync(actor.MemberId, cancellationToken: cancel);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        throw new RefusedException(Refusal.TooFast, 10);
    }

    public void Dispose()
    {
        _rate.Dispose();
        _atOnce.Dispose();
    }
}
