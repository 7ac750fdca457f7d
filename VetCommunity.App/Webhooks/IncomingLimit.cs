using VetCommunity.App.Limiting;
using VetCommunity.Core;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>How often one webhook may post: a program that runs wild must not fill a room.</summary>
sealed class IncomingLimit(ConfiguredLimits limits) : IDisposable
{
    readonly Pace _pace = new(limits, limits.ProgramPostsAtOnce, 1, limits.ProgramPostSeconds);

    /// <summary>One more call of this webhook.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void Count(CalledWebhook webhook) => _pace.Count(webhook.Id);

    public void Dispose() => _pace.Dispose();
}
