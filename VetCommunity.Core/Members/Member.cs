using Microsoft.AspNetCore.Identity;

namespace VetCommunity.Core.Members;

/// <summary>A person with an account.</summary>
public sealed class Member : IdentityUser<int>
{
    /// <summary>The short name after the @: 3 to 30 of a-z, 0-9 and hyphen, beginning with a letter; unique.</summary>
    public required string Handle { get; set; }
    /// <summary>The name others see, at most 80 characters.</summary>
    public required string DisplayName { get; set; }
    /// <summary>The roles granted; who granted them stands in the audit log.</summary>
    public Roles Roles { get; set; } = Roles.Member;
    /// <summary>ISO 3166-1 alpha-2, or null.</summary>
    public string? Country { get; set; }
    /// <summary>The language of pages and mails.</summary>
    public string Language { get; set; } = "en";
    /// <summary>Languages the person speaks, ISO 639-1, separated by blanks.</summary>
    public string Speaks { get; set; } = "";
    /// <summary>NACE Rev. 2 section letters, separated by blanks.</summary>
    public string Sectors { get; set; } = "";
    /// <summary>IANA name, for instance Europe/Rome.</summary>
    public string TimeZone { get; set; } = "Europe/Rome";
    /// <summary>Plain text, at most 600 characters.</summary>
    public string Biography { get; set; } = "";
    /// <summary>Where the person works.</summary>
    public int? OrganisationId { get; set; }
    /// <summary>Where the person works.</summary>
    public Organisation? Organisation { get; set; }
    /// <summary>Null without a picture; otherwise a short hash that makes its address change with it.</summary>
    public string? PictureVersion { get; set; }
    /// <summary>When the account was made.</summary>
    public DateTimeOffset JoinedAt { get; set; }
    /// <summary>Set while a suspension is in force; <see cref="DateTimeOffset.MaxValue"/> has no end.</summary>
    public DateTimeOffset? SuspendedUntil { get; set; }
    /// <summary>When the person left for good: what is left is a number for what they wrote. Such an account also counts as suspended without end.</summary>
    public DateTimeOffset? ErasedAt { get; set; }
    /// <summary>The live session into which a guest came by its code; null for everybody with an account. A guest also counts as suspended without end.</summary>
    public int? GuestOf { get; set; }
}

/// <summary>A member's picture, always re-encoded by us: 256 by 256 pixels, JPEG, without any metadata.</summary>
public sealed class Picture
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>The JPEG file.</summary>
    public required byte[] Jpeg { get; set; }
}

/// <summary>A suspension: who, why, until when. The record stays when it is lifted.</summary>
public sealed class Suspension
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Whose account.</summary>
    public int MemberId { get; set; }
    /// <summary>Who decided.</summary>
    public int ById { get; set; }
    /// <summary>The reason, shown to the member.</summary>
    public required string Reason { get; set; }
    /// <summary>From when.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Until when; null means until it is lifted.</summary>
    public DateTimeOffset? Until { get; set; }
    /// <summary>When it was lifted before its end.</summary>
    public DateTimeOffset? LiftedAt { get; set; }
}

/// <summary>What an organisation is.</summary>
public enum OrganisationKind
{
    /// <summary>A VET provider or training centre.</summary>
    Provider,
    /// <summary>A craft or SME association, a chamber.</summary>
    Association,
    /// <summary>A firm that trains.</summary>
    Company,
    /// <summary>A public authority.</summary>
    Authority,
    /// <summary>A vocational school.</summary>
    School,
}

/// <summary>An organisation of the network.</summary>
public sealed class Organisation
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>The address part, unique.</summary>
    public required string Slug { get; set; }
    /// <summary>Its name.</summary>
    public required string Name { get; set; }
    /// <summary>What it is.</summary>
    public OrganisationKind Kind { get; set; }
    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; set; }
    /// <summary>Region or town, free text.</summary>
    public string Region { get; set; } = "";
    /// <summary>Languages it works in, ISO 639-1, separated by blanks.</summary>
    public string Speaks { get; set; } = "";
    /// <summary>NACE Rev. 2 section letters, separated by blanks.</summary>
    public string Sectors { get; set; } = "";
    /// <summary>What it does, plain text.</summary>
    public string Description { get; set; } = "";
    /// <summary>The same in its own language.</summary>
    public string DescriptionLocal { get; set; } = "";
    /// <summary>http or https address, or empty.</summary>
    public string Website { get; set; } = "";
}

/// <summary>An invitation to the network: a link that makes one account.</summary>
public sealed class Invitation
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>SHA-256 of the code in the link; the code itself is never stored.</summary>
    public required byte[] CodeHash { get; set; }
    /// <summary>The address it was sent to, or null for a link handed over by hand.</summary>
    public string? Email { get; set; }
    /// <summary>The roles the new member gets; a set-up link gives the first administrator.</summary>
    public Roles Roles { get; set; } = Roles.Member;
    /// <summary>The organisation the new member belongs to.</summary>
    public int? OrganisationId { get; set; }
    /// <summary>Who invited; null for the set-up link of a new installation.</summary>
    public int? ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Until when it can be used.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
    /// <summary>When it was used or withdrawn.</summary>
    public DateTimeOffset? UsedAt { get; set; }
    /// <summary>The account it made.</summary>
    public int? UsedById { get; set; }
}

/// <summary>A personal access token for scripts and bots.</summary>
public sealed class AccessToken
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Whose rights it carries.</summary>
    public int MemberId { get; set; }
    /// <summary>SHA-256 of the token; the token itself is never stored.</summary>
    public required byte[] Hash { get; set; }
    /// <summary>What the member calls it.</summary>
    public required string Name { get; set; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When it stopped being valid.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>One line of the audit log: who did what to whom.</summary>
public sealed class AuditEntry
{
    /// <summary>Number.</summary>
    public long Id { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Who; null for the operator at the command line and the program itself.</summary>
    public int? ActorId { get; set; }
    /// <summary>What was done, a word of the program such as role.granted.</summary>
    public required string What { get; set; }
    /// <summary>To whom or what, such as member:17.</summary>
    public required string Subject { get; set; }
    /// <summary>The details that matter later; never a message's text.</summary>
    public string Detail { get; set; } = "";

    /// <summary>Its place in the chain of lines, from 1 without a gap.</summary>
    public long? Number { get; set; }
    /// <summary>Mixed into the digest; null once an erasure blanked what the line is about.</summary>
    public string? Salt { get; set; }
    /// <summary>What stood first for who, whom and the details, so that the chain holds when an erasure blanks them.</summary>
    public string? Digest { get; set; }
    /// <summary>Says with the key that this line followed the one before it.</summary>
    public string? Hash { get; set; }
    /// <summary>Says with the key that an erasure left the line as it is.</summary>
    public string? Seal { get; set; }
}
