using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Conversations;

/// <summary>How far each member has read, and what is unread.</summary>
public sealed class ReadMarkers(CommunityDbFactory db, Feed feed)
{
    const int Liveliest = 1_000;
    const int Most = 200;

    /// <summary>Everything up to this message has been read; a smaller number than before changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task MarkReadAsync(Actor actor, string conversation, long seq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, conversation, cancel);
        var upTo = Math.Min(seq, found.LastSeq);
        var changed = await context.Memberships
            .Where(m => m.ConversationId == found.Id && m.MemberId == actor.MemberId && m.LastReadSeq < upTo)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.LastReadSeq, upTo), cancel);
        if (changed > 0)
            feed.Publish(new MarkedRead(found.Id, actor.MemberId, upTo));
    }

    /// <summary>The actor's conversations with unread messages, the liveliest first; at most 200, out of the 1,000 liveliest in which something came.</summary>
    public async Task<IReadOnlyList<Unread>> UnreadAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var rooms = await WithNews.AskAsync(context, actor.MemberId, cancel);
        if (rooms.Count == 0)
            return [];
        // Of all rooms together, and only what is there: most have none of it, and a question for each would be two hundred.
        var counts = (await NotCounted.AskAsync(context, actor.MemberId, cancel)).ToDictionary(room => room.ConversationId);
        return [.. rooms.Select(r => (Room: r, Counts: counts.GetValueOrDefault(r.Id))).Where(r => r.Room.New > (r.Counts?.Silent ?? 0)).Take(Most)
            .Select(r => new Unread(r.Room.Id, r.Room.Slug ?? r.Room.Id.ToString(CultureInfo.InvariantCulture), r.Room.Title, r.Room.Kind,
                r.Room.New - (r.Counts?.Silent ?? 0), r.Counts?.Mentions ?? 0, r.Room.LastAt))];
    }

    static readonly OftenAsked<int, RoomWithNews> WithNews = new((context, member) => (
        from m in context.Memberships
        where m.MemberId == member
        join c in context.Conversations on m.ConversationId equals c.Id
        where c.LastSeq > m.LastReadSeq
        orderby c.LastAt descending
        select new RoomWithNews(
            c.Id, c.Slug, c.Kind, c.LastAt,
            c.Kind == ConversationKind.Direct
                ? context.Memberships.Where(o => o.ConversationId == c.Id && o.MemberId != member).Join(context.Users, o => o.MemberId, u => u.Id, (_, u) => u.DisplayName).FirstOrDefault() ?? ""
                : c.Title,
            c.LastSeq - m.LastReadSeq)).Take(Liveliest));

    static readonly OftenAsked<int, NewsOfRoom> NotCounted = new((context, member) => (
        from n in (
                from m in context.Memberships
                join s in MutedMessage.In(context) on new { m.MemberId, m.ConversationId } equals new { s.MemberId, s.ConversationId }
                where m.MemberId == member && s.Seq > m.LastReadSeq
                select new { m.ConversationId, Silent = 1, Mentions = 0 })
            .Concat(
                from m in context.Memberships
                join g in GoneMessages.In(context) on m.ConversationId equals g.ConversationId
                where m.MemberId == member && g.Seq > m.LastReadSeq
                select new { m.ConversationId, Silent = 1, Mentions = 0 })
            .Concat(
                from m in context.Memberships
                join x in context.Mentions on new { m.MemberId, m.ConversationId } equals new { x.MemberId, x.ConversationId }
                where m.MemberId == member && x.Seq > m.LastReadSeq
                    && !MutedMessage.In(context).Any(s => s.MemberId == x.MemberId && s.ConversationId == x.ConversationId && s.Seq == x.Seq)
                select new { m.ConversationId, Silent = 0, Mentions = 1 })
        group n by n.ConversationId into room
        select new NewsOfRoom(room.Key, room.Sum(n => n.Silent), room.Sum(n => n.Mentions))));

    static readonly OftenAsked<int, IReadOnlyCollection<int>, NewsOfMember> OfMembers = new((context, conversation, members) =>
        from m in context.Memberships
        where m.ConversationId == conversation && members.Contains(m.MemberId)
        join c in context.Conversations on m.ConversationId equals c.Id
        select new NewsOfMember(
            m.MemberId,
            c.Slug,
            c.LastSeq - m.LastReadSeq - MutedMessage.In(context).Count(x => x.MemberId == m.MemberId && x.ConversationId == conversation && x.Seq > m.LastReadSeq)
                - GoneMessages.In(context).Count(x => x.ConversationId == conversation && x.Seq > m.LastReadSeq),
            context.Mentions.Count(x => x.MemberId == m.MemberId && x.ConversationId == conversation && x.Seq > m.LastReadSeq
                && !MutedMessage.In(context).Any(s => s.MemberId == x.MemberId && s.ConversationId == conversation && s.Seq == x.Seq))));

    /// <summary>What is unread in one conversation for those of these members who are in it: one question for all of them.</summary>
    /// <param name="actor">The operator: nobody else asks for other people.</param>
    /// <param name="conversationId">Which conversation.</param>
    /// <param name="members">Whose counts; who is not in the conversation has none.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">The actor may not ask this.</exception>
    public async Task<IReadOnlyList<MembersUnread>> UnreadOfAsync(
        Actor actor, int conversationId, IReadOnlyCollection<int> members, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("conversation");
        await using var context = db.CreateDbContext();
        return [.. (await OfMembers.AskAsync(context, conversationId, members, cancel))
            .Select(row => new MembersUnread(row.MemberId, row.Slug ?? conversationId.ToString(CultureInfo.InvariantCulture), row.Count, row.Mentions))];
    }

    sealed record RoomWithNews(int Id, string? Slug, ConversationKind Kind, DateTimeOffset? LastAt, string Title, long New);

    sealed record NewsOfRoom(int ConversationId, int Silent, int Mentions);

    sealed record NewsOfMember(int MemberId, string? Slug, long Count, int Mentions);
}
