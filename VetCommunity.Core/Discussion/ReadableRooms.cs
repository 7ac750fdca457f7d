using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Discussion;

/// <summary>The rooms that a member may read at this moment: open ones and the own ones, but for those that one is shut out of.</summary>
static class ReadableRooms
{
    public static IQueryable<Conversation> Of(CommunityDb db, Actor actor)
    {
        var (me, banned, reviews) = (actor.MemberId, Bans.Now(db), actor.May(Act.EditPractices));
        return db.Conversations.Where(c => c.Kind == ConversationKind.Room
            && (c.IsOpen == 1 || db.Memberships.Any(m => m.ConversationId == c.Id && m.MemberId == me && (reviews || m.Role != MembershipRole.Reviewer)))
            && !banned.Any(r => r.ConversationId == c.Id && r.MemberId == me));
    }
}
