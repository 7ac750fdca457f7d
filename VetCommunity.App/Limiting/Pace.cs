using System.Threading.RateLimiting;
using VetCommunity.Core;

namespace VetCommunity.App.Limiting;

/// <summary>So many at once, and then so many in each period, counted for each one who does it.</summary>
sealed class Pace(ConfiguredLimits limits, int atOnce, int more, int seconds) : IDisposable
{
    readonly PartitionedRateLimiter<int> _rate = PartitionedRateLimiter.Create<int, int>(who =>
        RateLimitPartition.GetTokenBucketLimiter(who, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = atOnce,
            TokensPerPeriod = more,
            ReplenishmentPeriod = TimeSpan.FromSeconds(seconds),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));

    /// <summary>One more of this one's.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void Count(int who)
    {
        if (!limits.AreOn)
            return;
        using var lease = _rate.AttemptAcquire(who);
        if (!lease.IsAcquired)
            throw new RefusedException(Refusal.TooFast, seconds);
    }

    public void Dispose() => _rate.Dispose();
}
