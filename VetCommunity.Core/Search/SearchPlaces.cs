using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Search;

/// <summary>What the actor may read, by the rules of reading itself: as a clause for the index, and to judge each hit once more.</summary>
sealed class SearchPlaces
{
    readonly Actor _actor;
    readonly Dictionary<int, MembershipRole> _roles;
    readonly HashSet<int> _banned;

    SearchPlaces(Actor actor, Dictionary<int, MembershipRole> roles, HashSet<int> banned, Clause clause)
    {
        _actor = actor;
        _roles = roles;
        _banned = banned;
        Clause = clause;
    }

    public Clause Clause { get; }

    public static async Task<SearchPlaces> OfAsync(CommunityDb context, Actor actor, CancellationToken cancel)
    {
        var own = await (
            from place in context.Memberships
            where place.MemberId == actor.MemberId
            join c in context.Conversations on place.ConversationId equals c.Id
            select new { c.Id, c.Kind, c.IsOpen, Ended = c.EndedAt != null, place.Role }).AsNoTracking().ToListAsync(cancel);
        var banned = await Bans.Now(context).Where(r => r.MemberId == actor.MemberId).Select(r => r.ConversationId).ToHashSetAsync(cancel);
        var tokens = own
            .Where(c => !banned.Contains(c.Id) && !Marks.IsOpen(c.Kind, c.IsOpen == 1) && ConversationRule.Of(c.Kind).MayRead(actor, new(c.IsOpen == 1, c.Ended, c.Role)))
            .Select(c => Marks.Conversation(c.Id)).ToList();
        if (ConversationRule.Of(ConversationKind.Room).MayRead(actor, new(IsOpen: true, Ended: false, Role: null)))
            tokens.Add(Marks.Open);
        return new(actor, own.ToDictionary(c => c.Id, c => c.Role), banned, Clause.Any(tokens));
    }

    public bool MayRead(int conversation, ConversationKind kind, bool isOpen, bool ended) =>
        ConversationRule.Of(kind).MayRead(_actor, new(isOpen, ended, _roles.TryGetValue(conversation, out var role) ? role : null, _banned.Contains(conversation)));
}
