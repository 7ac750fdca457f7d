using VetCommunity.Core.Data;

namespace VetCommunity.Core.Moderation;

/// <summary>Who is banned from which room.</summary>
static class Bans
{
    /// <summary>All bans that hold now, for the queries that ask what somebody may read.</summary>
    public static IQueryable<Restriction> Now(CommunityDb context)
    {
        var now = context.Clock.GetUtcNow();
        return context.Restrictions.Where(r => r.BannedUntil > now);
    }
}
