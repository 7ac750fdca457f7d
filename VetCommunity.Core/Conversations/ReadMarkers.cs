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
        var (muted, gone) = (MutedMessage.In(context), GoneMessages.In(context));
        var rows = await (
            from m in context.Memberships
            where m.MemberId == actor.MemberId
            join c in context.Conversations on m.ConversationId equals c.Id
            where c.LastSeq > m.LastReadSeq
            let silent = muted.Count(x => x.MemberId == actor.MemberId && x.ConversationId == c.Id && x.Seq > m.LastReadSeq)
                + gone.Count(x => x.ConversationId == c.Id && x.Seq > m.LastReadSeq)
            where c.LastSeq - m.LastReadSeq > silent
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
                Count = c.LastSeq - m.LastReadSeq - silent,
                Mentions = context.Mentions.Count(x => x.MemberId == actor.MemberId && x.ConversationId == c.Id && x.Seq > m.LastReadSeq
                    && !muted.Any(s => s.MemberId == x.MemberId && s.ConversationId == x.ConversationId && s.Seq == x.Seq)),
            }).Take(200).ToListAsync(cancel);
        return [.. rows.Select(r => new Unread(r.Id, r.Slug ?? r.Id.ToString(CultureInfo.InvariantCulture), r.Title, r.Kind, r.Count, r.Mentions, r.LastAt))];
    }

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
        var (muted, gone) = (MutedMessage.In(context), GoneMessages.In(context));
        var rows = await (
            from m in context.Memberships
            where m.ConversationId == conversationId && EF.Parameter(members).Contains(m.MemberId)
            join c in context.Conversations on m.ConversationId equals c.Id
            select new
            {
                m.MemberId,
                c.Slug,
                Count = c.LastSeq - m.LastReadSeq - muted.Count(x => x.MemberId == m.MemberId && x.ConversationId == conversationId && x.Seq > m.LastReadSeq)
                    - gone.Count(x => x.ConversationId == conversationId && x.Seq > m.LastReadSeq),
                Mentions = context.Mentions.Count(x => x.MemberId == m.MemberId && x.ConversationId == conversationId && x.Seq > m.LastReadSeq
                    && !muted.Any(s => s.MemberId == x.MemberId && s.ConversationId == conversationId && s.Seq == x.Seq)),
            }).ToListAsync(cancel);
        return [.. rows.Select(r => new MembersUnread(r.MemberId, r.Slug ?? conversationId.ToString(CultureInfo.InvariantCulture), r.Count, r.Mentions))];
    }
}
