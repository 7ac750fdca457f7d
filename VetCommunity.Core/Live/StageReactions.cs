using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Live;

/// <summary>What somebody shows without a word. There are no others.</summary>
public enum StageReaction
{
    /// <summary>Applause.</summary>
    Applause = 1,
    /// <summary>Yes.</summary>
    Yes = 2,
    /// <summary>No.</summary>
    No = 3,
    /// <summary>Laughter.</summary>
    Laughter = 4,
    /// <summary>Not understood.</summary>
    Unclear = 5,
    /// <summary>Too fast.</summary>
    Slower = 6,
}

/// <summary>How many showed what in the last seconds.</summary>
/// <param name="Room">The address part of the session's room.</param>
/// <param name="Counts">By reaction; those that nobody showed are not in it.</param>
public sealed record StageReactionCounts(string Room, IReadOnlyDictionary<StageReaction, int> Counts)
{
    /// <summary>How many showed one.</summary>
    public int Of(StageReaction reaction) => Counts.GetValueOrDefault(reaction);
}

/// <summary>Somebody in a session showed something, or what was shown has passed.</summary>
/// <param name="ConversationId">Its room.</param>
public sealed record StageReacted(int ConversationId);

/// <summary>
/// What the people in a session show at this moment, counted by heads: whoever presses ten times is one. Nothing of it is stored; it is gone after <see cref="Lasts"/>, or with the server.
/// </summary>
public sealed class StageReactions(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>How long one is counted.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);

    // By room; a room has no more of them than people and kinds.
    readonly Dictionary<int, Shown> _rooms = [];

    /// <summary>Shows something. Again is the same, for longer.</summary>
    /// <exception cref="NotFoundException">Absent, the actor is not in it, or there is no such reaction.</exception>
    /// <exception cref="RefusedException">It is not being held.</exception>
    public async Task ShowAsync(Actor actor, string slug, StageReaction reaction, CancellationToken cancel = default)
    {
        if (!Enum.IsDefined(reaction))
            throw new NotFoundException("reaction");
        await using var context = db.CreateDbContext();
        var session = await LiveSessions.SeenBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        Stages.CheckRunning(session);
        var room = await context.Conversations.Where(c => c.Id == session.ConversationId).Select(c => c.Slug!).SingleAsync(cancel);
        lock (_rooms)
        {
            if (!_rooms.TryGetValue(session.ConversationId, out var shown))
                _rooms[session.ConversationId] = shown = new(room, []);
            shown.Last[(actor.MemberId, reaction)] = clock.GetUtcNow();
        }
        feed.Publish(new StageReacted(session.ConversationId));
    }

    /// <summary>What is shown now; null where nothing ever was. Looking takes nothing away: pages and desks look each for themselves, and both have to see that it is over.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public StageReactionCounts? OfRoom(Actor actor, int conversation)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        lock (_rooms)
        {
            if (!_rooms.TryGetValue(conversation, out var shown))
                return null;
            var since = clock.GetUtcNow() - Lasts;
            foreach (var over in shown.Last.Where(one => one.Value <= since).Select(one => one.Key).ToList())
                shown.Last.Remove(over);
            return new(shown.Room, shown.Last.Keys.GroupBy(one => one.Reaction).ToDictionary(group => group.Key, group => group.Count()));
        }
    }

    sealed record Shown(string Room, Dictionary<(int Member, StageReaction Reaction), DateTimeOffset> Last);
}
