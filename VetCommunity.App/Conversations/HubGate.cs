using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Conversations;

/// <summary>Stands before every hub call: limits the rate of each member and turns refusals into sentences in the member's language.</summary>
sealed class HubGate(IConfiguration settings, IStringLocalizer<RoomTexts> text) : IHubFilter, IDisposable
{
    readonly bool _limited = settings.GetValue("RateLimits:Enabled", true);
    readonly PartitionedRateLimiter<string> _rate = PartitionedRateLimiter.Create<string, string>(member =>
        RateLimitPartition.GetTokenBucketLimiter(member, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 80,
            TokensPerPeriod = 20,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
            AutoReplenishment = true,
        }), StringComparer.Ordinal);

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            if (_limited)
            {
                using var lease = _rate.AttemptAcquire(context.Context.UserIdentifier ?? "");
                if (!lease.IsAcquired)
                    throw new RefusedException(Refusal.TooFast, 1);
            }
            return await next(context);
        }
        catch (RefusedException refused)
        {
            throw new HubException(Sentences.For(refused.Refusal, refused.Arguments, CultureInfo.CurrentUICulture), refused);
        }
        catch (NotFoundException absent)
        {
            throw new HubException(text["NotFound"], absent);
        }
    }

    public void Dispose() => _rate.Dispose();
}
