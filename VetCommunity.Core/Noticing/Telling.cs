using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Noticing;

/// <summary>Notices of deeds that are no messages, stored in the deed's own transaction; who did it publishes <see cref="MembersNoticed"/> after the save.</summary>
static class Telling
{
    /// <summary>Stored with the next save: somebody took the member into the room.</summary>
    public static WrittenNotice TakenIn(CommunityDb context, Actor actor, FoundConversation room, int member, DateTimeOffset at)
    {
        // By the moment: who is taken in once more is told once more.
        var notice = new WrittenNotice(
            member, NoticeKind.Invitation, room.Id, at.ToUnixTimeMilliseconds(), room.Address, room.Kind, room.Title, actor.IsMember ? actor.MemberId : null, actor.Name);
        context.Notices.Add(notice.Row(at));
        return notice;
    }

    /// <summary>The moderators decided about something of the member's; with the sign turned: about the appeal against it.</summary>
    public static WrittenNotice Decided(int member, long decision) => new(member, NoticeKind.Moderation, ConversationId: 0, decision, Conversation: "", In: null, Title: "", ById: null, By: "");

    /// <summary>Stores it in the writer's transaction; a second time changes nothing.</summary>
    public static Task TellAsync(this LogConnection connection, WrittenNotice notice, DateTimeOffset at) => connection.DoAsync("""
        INSERT INTO "Notices" ("MemberId", "Kind", "ConversationId", "Seq", "ById", "At") VALUES (@member, @kind, @c, @seq, @by, @at) ON CONFLICT DO NOTHING
        """, Int("member", notice.MemberId), Int("kind", (int)notice.Kind), Int("c", notice.ConversationId), Long("seq", notice.Seq), Int("by", notice.ById), At("at", at));

    /// <summary>Stores what stands in no conversation in the transaction that is open, in place of the one before: it rings afresh.</summary>
    public static async Task RingAsync(this CommunityDb context, WrittenNotice notice, DateTimeOffset at, CancellationToken cancel)
    {
        await context.Notices.Where(n => n.MemberId == notice.MemberId && n.ConversationId == 0 && n.Seq == notice.Seq && n.Kind == notice.Kind).ExecuteDeleteAsync(cancel);
        var (kind, moment) = ((int)notice.Kind, at.ToUnixTimeMilliseconds());
        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO "Notices" ("MemberId", "Kind", "ConversationId", "Seq", "ById", "At") VALUES ({notice.MemberId}, {kind}, 0, {notice.Seq}, {notice.ById}, {moment}) ON CONFLICT DO NOTHING
            """, cancel);
    }

    /// <summary>Stored with the next save: everybody else who follows the topic hears how it ended.</summary>
    public static async Task<IReadOnlyList<WrittenNotice>> ResolvedAsync(
        CommunityDb context, Actor actor, FoundConversation room, Resolution resolution, CancellationToken cancel)
    {
        var followers = await context.Involvements
            .Where(i => i.TopicId == resolution.TopicId && i.ConversationId == room.Id && i.Kind == InvolvementKind.Followed && i.MemberId != actor.MemberId
                && context.Memberships.Any(p => p.ConversationId == room.Id && p.MemberId == i.MemberId)
                && !context.RoomWishes.Any(w => w.MemberId == i.MemberId && w.ConversationId == room.Id && w.Calls == RoomCalls.Nothing))
            .Select(i => i.MemberId).ToListAsync(cancel);
        List<WrittenNotice> notices = [.. followers.Select(member => new WrittenNotice(
            member, NoticeKind.Outcome, room.Id, resolution.Id, room.Address, room.Kind, room.Title, actor.MemberId, actor.Name))];
        context.Notices.AddRange(notices.Select(notice => notice.Row(resolution.At)));
        return notices;
    }
}
