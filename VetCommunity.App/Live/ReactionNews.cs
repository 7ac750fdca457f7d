using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Shows all who watch a session what is being shown, twice a second at most: one small message for all languages. As long as something is shown it looks again, so that counts go down by themselves.</summary>
sealed class ReactionNews(Feed feed, Watchers watchers, StageReactions reactions, Broadcast broadcast, TimeProvider clock, ILogger<ReactionNews> log)
    : BoardNews<StageReacted, StageReactionCounts>(Window, feed, watchers, broadcast, clock, log)
{
    /// <summary>From one look to the next.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    readonly Feed _feed = feed;
    readonly TimeProvider _clock = clock;
    readonly HashSet<int> _waiting = [];

    protected override string Event => "StageReactions";

    protected override int ConversationOf(StageReacted fact) => fact.ConversationId;

    protected override Task<StageReactionCounts?> ReadAsync(int conversation)
    {
        var counts = reactions.OfRoom(Actor.Operator, conversation);
        if (counts is { Counts.Count: > 0 })
            LookAgain(conversation);
        return Task.FromResult(counts);
    }

    protected override Task<object> ToldAsync(StageReactionCounts state, string language) => Task.FromResult(Told(state));

    internal static object Told(StageReactionCounts state) => new { conversation = state.Room, counts = state.Counts.ToDictionary(one => one.Key.ToString(), one => one.Value, StringComparer.Ordinal) };

    void LookAgain(int conversation)
    {
        lock (_waiting)
        {
            if (!_waiting.Add(conversation))
                return;
        }
        _ = Task.Delay(Again, _clock).ContinueWith(_ =>
        {
            lock (_waiting)
                _waiting.Remove(conversation);
            _feed.Publish(new StageReacted(conversation));
        }, TaskScheduler.Default);
    }
}
