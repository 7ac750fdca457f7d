using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Moderation;

/// <summary>Of which messages an actor is in charge: the network's moderators of all that is reported, a room's own moderators of their room.</summary>
static class InCharge
{
    /// <summary>The rooms that the actor moderates as one of them.</summary>
    static IQueryable<int> Rooms(CommunityDb context, Actor actor) =>
        from m in context.Memberships
        where m.MemberId == actor.MemberId && m.Role == MembershipRole.Moderator
        join c in context.Conversations on m.ConversationId equals c.Id
        where c.Kind == ConversationKind.Room
        select c.Id;

    /// <summary>Whether the actor has a queue at all.</summary>
    public static async Task<bool> AnywhereAsync(CommunityDb context, Actor actor, CancellationToken cancel) =>
        actor.IsMember && (actor.May(Act.ModerateRooms) || await Rooms(context, actor).AnyAsync(cancel));

    /// <summary>Reports that the actor judges. Nobody reads what is reported of oneself.</summary>
    public static IQueryable<Report> Reports(CommunityDb context, Actor actor)
    {
        var others = context.Reports.Where(r => r.ReportedId != actor.MemberId || r.ReportedId == null);
        if (actor.May(Act.ModerateRooms))
            return others;
        var rooms = Rooms(context, actor);
        return others.Where(r => rooms.Contains(r.ConversationId));
    }

    /// <summary>Decisions that the actor may look at as a moderator.</summary>
    public static IQueryable<Decision> Decisions(CommunityDb context, Actor actor)
    {
        var others = context.Decisions.Where(d => d.MemberId != actor.MemberId || d.MemberId == null);
        var rooms = Rooms(context, actor);
        // What a closed room's own moderators decided by themselves is theirs, until somebody appeals.
        return actor.May(Act.ModerateRooms)
            ? others.Where(d => rooms.Contains(d.ConversationId)
                || context.Conversations.Any(c => c.Id == d.ConversationId && c.Kind == ConversationKind.Room && c.IsOpen == 1)
                || context.Reports.Any(r => r.ConversationId == d.ConversationId && r.Seq == d.Seq)
                || context.Appeals.Any(a => a.DecisionId == d.Id))
            : others.Where(d => rooms.Contains(d.ConversationId));
    }

    /// <summary>Whether the actor judges this message; the same question as in the log, for reading.</summary>
    public static async Task<bool> OfAsync(CommunityDb context, Actor actor, int conversation, long seq, CancellationToken cancel)
    {
        if (actor.May(Act.ModerateRooms) && (await context.Reports.AnyAsync(r => r.ConversationId == conversation && r.Seq == seq, cancel)
            || await context.Decisions.AnyAsync(d => d.ConversationId == conversation && d.Seq == seq && context.Appeals.Any(a => a.DecisionId == d.Id), cancel)))
            return true;
        try
        {
            return (await AllConversations.FindAsync(context, actor, conversation.ToString(System.Globalization.CultureInfo.InvariantCulture), cancel)).Standing.IsModerator;
        }
        catch (NotFoundException)
        {
            return false;
        }
    }
}
