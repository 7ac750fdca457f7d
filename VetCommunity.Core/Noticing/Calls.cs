using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;

namespace VetCommunity.Core.Noticing;

/// <summary>Whom new messages call: who is named, who is written to alone, who follows the topic and had read it. Who muted the topic is left in peace.</summary>
public sealed class Calls(CommunityDbFactory db)
{
    /// <summary>Asks once for all of these messages and all of these members.</summary>
    /// <param name="actor">The operator: nobody else asks for other people.</param>
    /// <param name="conversationId">In which conversation the messages stand.</param>
    /// <param name="posted">New messages, in their order.</param>
    /// <param name="elsewhere">Members who do not look at the conversation now. Who is named is called all the same.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <returns>One call for each naming, and at most one for each member who was not named. A call of somebody who may not read is not among them.</returns>
    /// <exception cref="NotFoundException">The actor may not ask this, or there is no such conversation.</exception>
    public async Task<Called> OfAsync(
        Actor actor, int conversationId, IReadOnlyList<NewlyPosted> posted, IReadOnlyCollection<int> elsewhere, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("conversation");
        await using var context = db.CreateDbContext();
        var place = await context.Conversations.AsNoTracking().Where(c => c.Id == conversationId)
            .Select(c => new { c.Slug, c.Title, c.Kind, c.IsOpen }).FirstOrDefaultAsync(cancel) ?? throw new NotFoundException("conversation");
        var calls = place.Kind == ConversationKind.Direct
            ? await AloneAsync(context, conversationId, posted, elsewhere, cancel)
            : await InRoomAsync(context, conversationId, place.IsOpen == 1, posted, elsewhere, cancel);
        return new(place.Slug ?? conversationId.ToString(CultureInfo.InvariantCulture), place.Kind, place.Title, calls);
    }

    static async Task<List<Call>> AloneAsync(
        CommunityDb context, int conversationId, IReadOnlyList<NewlyPosted> posted, IReadOnlyCollection<int> elsewhere, CancellationToken cancel)
    {
        var people = await context.Memberships.Where(m => m.ConversationId == conversationId && EF.Parameter(elsewhere).Contains(m.MemberId))
            .Join(context.Users, m => m.MemberId, u => u.Id, (_, u) => new { u.Id, u.Handle }).ToListAsync(cancel);
        return [.. people.SelectMany(person => posted.Where(one => one.Author != person.Handle).Take(1).Select(one => new Call(person.Id, one.Seq, CallKind.Direct)))];
    }

    static async Task<List<Call>> InRoomAsync(
        CommunityDb context, int conversationId, bool isOpen, IReadOnlyList<NewlyPosted> posted, IReadOnlyCollection<int> elsewhere, CancellationToken cancel)
    {
        var named = posted.SelectMany(one => one.Named).ToHashSet();
        List<int> members = [.. named.Union(elsewhere)];
        if (members.Count == 0)
            return [];
        var seqs = posted.Select(one => one.Seq).ToList();
        var messages = await context.Messages.Where(m => m.ConversationId == conversationId && seqs.Contains(m.Seq))
            .ToDictionaryAsync(m => m.Seq, m => new { m.TopicId, m.AuthorId }, cancel);
        var topics = messages.Values.Select(message => message.TopicId).Distinct().ToList();
        var involved = await (
            from i in context.Involvements
            where topics.Contains(i.TopicId) && EF.Parameter(members).Contains(i.MemberId)
            join p in context.Memberships on new { i.ConversationId, i.MemberId } equals new { p.ConversationId, p.MemberId }
            select new
            {
                i.MemberId,
                i.TopicId,
                i.Kind,
                FirstUnread = context.Messages.Where(m => m.TopicId == i.TopicId && m.Seq > p.LastReadSeq && m.AuthorId != i.MemberId)
                    .OrderBy(m => m.Seq).Select(m => (long?)m.Seq).FirstOrDefault(),
            }).ToListAsync(cancel);
        var readers = isOpen || named.Count == 0 ? named
            : await context.Memberships.Where(m => m.ConversationId == conversationId && EF.Parameter(named).Contains(m.MemberId)).Select(m => m.MemberId).ToHashSetAsync(cancel);

        var muted = involved.Where(one => one.Kind == InvolvementKind.Muted).Select(one => (one.MemberId, one.TopicId)).ToHashSet();
        List<Call> calls = [.. posted.Where(one => messages.ContainsKey(one.Seq)).SelectMany(one => one.Named
            .Where(member => readers.Contains(member) && messages[one.Seq].AuthorId != member && !muted.Contains((member, messages[one.Seq].TopicId)))
            .Select(member => new Call(member, one.Seq, CallKind.Mention)))];
        var mentioned = calls.Select(call => call.MemberId).ToHashSet();
        // One word for each reading: for whom the first unread message is older knows already.
        calls.AddRange(involved
            .Where(one => one.Kind == InvolvementKind.Followed && one.FirstUnread is { } first && messages.ContainsKey(first)
                && !mentioned.Contains(one.MemberId) && elsewhere.Contains(one.MemberId))
            .GroupBy(one => one.MemberId, (member, topics) => new Call(member, topics.Min(one => one.FirstUnread!.Value), CallKind.Follow)));
        return calls;
    }
}

/// <summary>A message that was just stored.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Author">The handle; empty for imported people.</param>
/// <param name="Named">Members whom it names.</param>
public sealed record NewlyPosted(long Seq, string Author, IReadOnlyList<int> Named);

/// <summary>Whom new messages of one conversation call.</summary>
/// <param name="Conversation">Its address.</param>
/// <param name="Kind">A room, or two people alone.</param>
/// <param name="Title">A room's title; empty between two people, where each calls it by the other's name.</param>
/// <param name="Calls">In the order of the messages; namings first.</param>
public sealed record Called(string Conversation, ConversationKind Kind, string Title, IReadOnlyList<Call> Calls);

/// <summary>One member called by one message.</summary>
public sealed record Call(int MemberId, long Seq, CallKind Kind);

/// <summary>Why a member is called.</summary>
public enum CallKind
{
    /// <summary>Named in the text.</summary>
    Mention,
    /// <summary>Written to alone.</summary>
    Direct,
    /// <summary>Follows the topic.</summary>
    Follow,
}
