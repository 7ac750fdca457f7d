using System.Threading.RateLimiting;
using VetCommunity.Core;

namespace VetCommunity.App.Search;

/// <summary>How often one member may search, by the page and by programs together.</summary>
sealed class SearchLimit(IConfiguration settings) : IDisposable
{
    readonly bool _limited = settings.GetValue("RateLimits:Enabled", true);
    readonly PartitionedRateLimiter<int> _rate = PartitionedRateLimiter.Create<int, int>(member =>
        RateLimitPartition.GetTokenBucketLimiter(member, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 40,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));

    /// <summary>One more search of this member.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void Count(Actor actor)
    {
        if (!_limited)
            return;
        using var lease = _rate.AttemptAcquire(actor.MemberId);
        if (!lease.IsAcquired)
            throw new RefusedException(Refusal.TooFast, 1);
    }

    public void Dispose() => _rate.Dispose();
}
