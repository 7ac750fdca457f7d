using System.Threading.RateLimiting;
using VetCommunity.Core;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>How often one webhook may post: a program that runs wild must not fill a room.</summary>
sealed class IncomingLimit(IConfiguration settings) : IDisposable
{
    readonly bool _limited = settings.GetValue("RateLimits:Enabled", true);
    readonly PartitionedRateLimiter<int> _rate = PartitionedRateLimiter.Create<int, int>(webhook =>
        RateLimitPartition.GetTokenBucketLimiter(webhook, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 30,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(2),
            QueueLimit = 0,
            AutoReplenishment = true,
        }));

    /// <summary>One more call of this webhook.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void Count(CalledWebhook webhook)
    {
        if (!_limited)
            return;
        using var lease = _rate.AttemptAcquire(webhook.Id);
        if (!lease.IsAcquired)
            throw new RefusedException(Refusal.TooFast, 2);
    }

    public void Dispose() => _rate.Dispose();
}
