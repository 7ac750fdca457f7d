using System.Globalization;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>Lines of the audit log about a member, stored with the next save.</summary>
static class AuditNotes
{
    public static void Note(this CommunityDb db, DateTimeOffset at, Actor actor, string what, int memberId, string detail = "") => db.Audit.Add(new()
    {
        At = at,
        ActorId = actor.IsMember ? actor.MemberId : null,
        What = what,
        Subject = string.Create(CultureInfo.InvariantCulture, $"member:{memberId}"),
        Detail = detail,
    });
}
