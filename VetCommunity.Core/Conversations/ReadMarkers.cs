using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Conversations;

/// <summary>How far each member has read, and what is unread.</summary>
public sealed class ReadMarkers(CommunityDbFactory db, Feed feed)
{
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

    /// <summary>The actor's conversations with unread messages, the liveliest first; at most 200.</summary>
    public async Task<IReadOnlyList<Unread>> UnreadAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var rows = await (
            from m in context.Memberships
            where m.MemberId == actor.MemberId
            join c in context.Conversations on m.ConversationId equals c.Id
            where c.LastSeq > m.LastReadSeq
            orderby c.LastAt descending
            select new
            {
                c.Id,
                c.Slug,
                c.Kind,
                c.LastAt,
                Title = c.Kind == ConversationKind.Direct
                    ? context.Memberships.Where(o => o.ConversationId == c.Id && o.MemberId != actor.MemberId)
                        .Join(context.Users, o => o.MemberId, u => u.Id, (_, u) => u.DisplayName).FirstOrDefault() ?? ""
                    : c.Title,
                Count = c.LastSeq - m.LastReadSeq,
                Mentions = context.Mentions.Count(x => x.MemberId == actor.MemberId && x.ConversationId == c.Id && x.Seq > m.LastReadSeq),
            }).Take(200).ToListAsync(cancel);
        return [.. rows.Select(r => new Unread(r.Id, r.Slug ?? r.Id.ToString(CultureInfo.InvariantCulture), r.Title, r.Kind, r.Count, r.Mentions, r.LastAt))];
    }

    /// <summary>What is unread in one conversation.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<Unread> UnreadOfAsync(Actor actor, int conversationId, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, conversationId.ToString(CultureInfo.InvariantCulture), cancel);
        var read = found.Standing.IsMember ? found.Standing.LastReadSeq : found.LastSeq;
        var mentions = await context.Mentions.CountAsync(m => m.MemberId == actor.MemberId && m.ConversationId == found.Id && m.Seq > read, cancel);
        return new(found.Id, found.Address, found.Title, found.Kind, found.LastSeq - read, mentions, null);
    }

    /// <summary>Where each member of a conversation stands among these members; for telling unread counts without a query a member.</summary>
    public async Task<IReadOnlyDictionary<int, long>> OfAsync(int conversationId, IReadOnlyCollection<int> members, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        return await context.Memberships.Where(m => m.ConversationId == conversationId && members.Contains(m.MemberId))
            .ToDictionaryAsync(m => m.MemberId, m => m.LastReadSeq, cancel);
    }
}
