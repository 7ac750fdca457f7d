using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Discussion;

/// <summary>Rooms and their topics in an order that does not change while a program reads page after page: by their numbers.</summary>
public sealed class RoomDirectory(CommunityDbFactory db)
{
    /// <summary>Entries of one page.</summary>
    public const int Most = 100;

    /// <summary>Rooms that the actor may read.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="mine">Only those the actor is in.</param>
    /// <param name="after">Only those with a higher number.</param>
    /// <param name="most">1 to <see cref="Most"/>.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<ListedRoom> Rooms, bool HasMore)> RoomsAsync(Actor actor, bool mine, int after, int most, CancellationToken cancel = default)
    {
        if (!actor.May(Act.TakePart))
            return ([], false);
        most = Math.Clamp(most, 1, Most);
        await using var context = db.CreateDbContext();
        var (banned, reviews) = (Bans.Now(context), actor.May(Act.EditPractices));
        var rooms = context.Conversations.Where(c => c.Kind == ConversationKind.Room && c.Id > after
            && !banned.Any(r => r.ConversationId == c.Id && r.MemberId == actor.MemberId)
            && (context.Memberships.Any(m => m.ConversationId == c.Id && m.MemberId == actor.MemberId && (reviews || m.Role != MembershipRole.Reviewer)) || (!mine && c.IsOpen == 1)));
        var rows = await rooms.OrderBy(c => c.Id).Take(most + 1).Select(Listed(context, actor)).ToListAsync(cancel);
        return ([.. rows.Take(most).Select(row => Judged(actor, row))], rows.Count > most);
    }

    /// <summary>One room.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<ListedRoom> RoomAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        return Judged(actor, await context.Conversations.Where(c => c.Id == found.Id).Select(Listed(context, actor)).SingleAsync(cancel));
    }

    /// <summary>A room's topics that have messages.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="room">The room's slug.</param>
    /// <param name="after">Only those with a higher number.</param>
    /// <param name="most">1 to <see cref="Most"/>.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">The room is absent or not readable for the actor.</exception>
    public async Task<(IReadOnlyList<ListedTopic> Topics, bool HasMore)> TopicsAsync(Actor actor, string room, int after, int most, CancellationToken cancel = default)
    {
        most = Math.Clamp(most, 1, Most);
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        var rows = await (
            from t in context.Topics
            where t.ConversationId == found.Id && t.Messages > 0 && t.Id > after
            join r in context.Resolutions.Where(r => r.ReopenedAt == null) on t.Id equals r.TopicId into ends
            from end in ends.DefaultIfEmpty()
            orderby t.Id
            select new ListedTopic(t.Id, t.Name, t.Slug, t.Messages, t.LastSeq, (Outcome?)end.Outcome, end.Sentence, (DateTimeOffset?)end.At)).Take(most + 1).ToListAsync(cancel);
        return ([.. rows.Take(most)], rows.Count > most);
    }

    static Expression<Func<Conversation, Row>> Listed(CommunityDb context, Actor actor)
    {
        var now = context.Clock.GetUtcNow();
        return c => new(
        c.Id, c.Slug!, c.Title, c.Purpose, c.Language, c.IsOpen == 1, c.EndedAt != null, c.LastSeq, c.Version, c.LastAt,
        context.Memberships.Count(m => m.ConversationId == c.Id),
        context.Memberships.Where(m => m.ConversationId == c.Id && m.MemberId == actor.MemberId).Select(m => (MembershipRole?)m.Role).FirstOrDefault(),
        context.Memberships.Where(m => m.ConversationId == c.Id && m.MemberId == actor.MemberId).Select(m => (long?)m.LastReadSeq).FirstOrDefault(),
        context.Restrictions.Any(r => r.ConversationId == c.Id && r.MemberId == actor.MemberId && r.MutedUntil > now), c.OnlySpeakers == 1);
    }

    static ListedRoom Judged(Actor actor, Row row) => new(row.Id, row.Slug, row.Title, row.Purpose, row.Language, row.IsOpen, row.Ended, row.LastSeq, row.Version, row.LastAt, row.Members,
        ConversationRule.Of(ConversationKind.Room).Judge(actor, new(row.IsOpen, row.Ended, row.Role, IsMuted: row.Muted, OnlySpeakers: row.OnlySpeakers), row.LastRead ?? 0));

    sealed record Row(int Id, string Slug, string Title, string Purpose, string Language, bool IsOpen, bool Ended, long LastSeq, long Version, DateTimeOffset? LastAt,
        int Members, MembershipRole? Role, long? LastRead, bool Muted, bool OnlySpeakers);
}

/// <summary>A room as a program reads it.</summary>
public sealed record ListedRoom(
    int Id, string Slug, string Title, string Purpose, string Language, bool IsOpen, bool Ended, long LastSeq, long Version, DateTimeOffset? LastAt, int Members, Standing Standing);

/// <summary>A topic as a program reads it; with an outcome once it is resolved.</summary>
public sealed record ListedTopic(int Id, string Name, string Slug, int Messages, long LastSeq, Outcome? Outcome, string? Sentence, DateTimeOffset? ResolvedAt);
