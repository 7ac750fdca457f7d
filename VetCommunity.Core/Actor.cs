using VetCommunity.Core.Members;

namespace VetCommunity.Core;

/// <summary>Who asks. Every public method of Core takes it first and answers only what this person may see and do.</summary>
/// <param name="MemberId">The member's id; 0 for a visitor without an account and for the operator at the command line.</param>
/// <param name="Handle">The unique short name shown after an @.</param>
/// <param name="Name">The display name.</param>
/// <param name="Roles">The roles that were granted to the member.</param>
/// <param name="Language">The interface language, one of <see cref="Languages.All"/>.</param>
/// <param name="TimeZone">The IANA time zone in which the member reads times.</param>
/// <param name="PictureVersion">Null without a picture; otherwise part of the picture's address.</param>
public sealed record Actor(int MemberId, string Handle, string Name, Roles Roles, string Language, string TimeZone, string? PictureVersion = null)
{
    /// <summary>A visitor: no account, reads only what is public.</summary>
    public static readonly Actor Visitor = new(0, "", "", Roles.None, "en", "UTC");

    /// <summary>The person who operates the machine and types at its command line; has every right.</summary>
    public static readonly Actor Operator = new(0, "", "", Roles.Administrator | Roles.Member, "en", "UTC");

    /// <summary>The one live session of a guest, who has a number and no account; null for everybody else. See <see cref="Live.Guests"/>.</summary>
    public int? GuestOf { get; init; }

    /// <summary>True for anybody with an account.</summary>
    public bool IsMember => MemberId != 0 && GuestOf is null;

    /// <summary>Whether the table of <see cref="Rights"/> lets this actor do the act.</summary>
    public bool May(Act act) => Rights.Of(Roles).Contains(act);
}
