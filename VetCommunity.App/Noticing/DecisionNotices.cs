using VetCommunity.Core;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>Tells a member of what the moderators decided, and of what became of the appeal.</summary>
sealed class DecisionNotices(Feed feed, NoticeWriting writing) : IHostedService
{
    IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Both are about one decision and are two notices: the answer has its number with the other sign.
        _listening = feed.Subscribe<ModerationDecided>(async fact =>
            await writing.TellAsync(Actor.Operator, fact.MemberId, NoticeKind.Moderation, 0, fact.IsAnswer ? -fact.DecisionId : fact.DecisionId));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        return Task.CompletedTask;
    }
}
