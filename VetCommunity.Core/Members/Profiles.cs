using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>What a member says about themselves.</summary>
/// <param name="Handle">3 to 30 of a-z, 0-9 and hyphen, beginning with a letter; nobody else's, now or before.</param>
/// <param name="Name">1 to 80 characters.</param>
/// <param name="Organisation">The address part of an organisation, or null.</param>
/// <param name="Country">One of <see cref="Choices.Countries"/>, or null.</param>
/// <param name="Speaks">Of <see cref="Choices.Spoken"/>.</param>
/// <param name="Sectors">Of <see cref="Choices.Sectors"/>.</param>
/// <param name="TimeZone">One of <see cref="Choices.TimeZones"/>.</param>
/// <param name="Language">One of <see cref="Languages.All"/>.</param>
/// <param name="Biography">Plain text, at most 600 characters.</param>
public sealed record ProfileChange(
    string? Handle,
    string? Name,
    string? Organisation,
    string? Country,
    IReadOnlyList<string> Speaks,
    IReadOnlyList<string> Sectors,
    string? TimeZone,
    string? Language,
    string? Biography);

/// <summary>Another picture, or none any more.</summary>
/// <param name="File">JPEG, PNG or WebP of at most 8 MB; it is turned upright, cut to its middle square and kept without what the file said besides. Null goes back to initials.</param>
public sealed record PictureChange(Stream? File);

/// <summary>The actor's own profile, to be changed.</summary>
/// <param name="Values">What it says now.</param>
/// <param name="Stamp">Belongs to these values; it comes back with the change, so that two open forms do not overwrite each other.</param>
/// <param name="PictureVersion">Null without a picture.</param>
public sealed record OwnProfile(ProfileChange Values, string Stamp, string? PictureVersion);

/// <summary>A member's own profile and picture. Each member changes only their own.</summary>
public sealed class Profiles(CommunityDbFactory databases, TimeProvider time)
{
    /// <summary>The most characters of a name.</summary>
    public const int NameLength = 80;

    /// <summary>The most characters of a biography.</summary>
    public const int BiographyLength = 600;

    static readonly HashSet<string> Reserved = new(
        [
            "admin", "administrator", "moderator", "moderation", "root", "system", "support", "help", "staff", "team", "info", "mail", "postmaster", "webmaster", "security",
            "everyone", "everybody", "all", "here", "channel", "room", "member", "members", "people", "new", "edit", "me", "you", "nobody", "anonymous", "deleted",
            "vetcommunity", "community", "bot", "api", "account", "null", "undefined",
        ], StringComparer.Ordinal);

    /// <summary>The actor's own profile.</summary>
    /// <exception cref="NotFoundException">A visitor has none.</exception>
    public async Task<OwnProfile> OwnAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var member = await OneAsync(db, actor, cancel);
        var values = ValuesOf(member);
        return new(values, StampOf(values), member.PictureVersion);
    }

    /// <summary>Changes all of it at once. A former handle still leads here and is nobody else's.</summary>
    /// <param name="actor">Whose profile.</param>
    /// <param name="change">All values, the unchanged ones too.</param>
    /// <param name="stamp">Of the values that the change began from.</param>
    /// <param name="picture">Another picture; null leaves it as it is.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">A value or the picture refuses, or the profile was changed meanwhile; nothing was stored.</exception>
    public async Task SaveAsync(Actor actor, ProfileChange change, string stamp, PictureChange? picture = null, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("member");
        var handle = HandleOf(change.Handle);
        var name = PlainText.Name(change.Name, NameLength);
        var biography = PlainText.Lines(change.Biography);
        if (biography.Length > BiographyLength)
            throw new RefusedException(Refusal.BiographyTooLong, BiographyLength);
        if (!Languages.All.Contains(change.Language, StringComparer.Ordinal)
            || (change.Country is not null && !Choices.Countries.Contains(change.Country, StringComparer.Ordinal)))
            throw new RefusedException(Refusal.BadChoice);
        var speaks = Choices.Stored(Choices.Spoken, change.Speaks);
        var sectors = Choices.Stored(Choices.Sectors, change.Sectors);
        var jpeg = picture?.File is { } file ? await Portraits.MakeAsync(file, cancel) : null;
        await using var db = databases.CreateDbContext();
        var member = await OneAsync(db, actor, cancel);
        if (StampOf(ValuesOf(member)) != stamp)
            throw new RefusedException(Refusal.ChangedElsewhere);
        // A zone that this machine no longer lists stays where it stands already.
        if (change.TimeZone is null || (change.TimeZone != member.TimeZone && !Choices.TimeZones.Contains(change.TimeZone, StringComparer.Ordinal)))
            throw new RefusedException(Refusal.BadChoice);
        int? organisation = null;
        if (change.Organisation is not null)
        {
            organisation = await db.Organisations.Where(o => o.Slug == change.Organisation).Select(o => (int?)o.Id).SingleOrDefaultAsync(cancel)
                ?? throw new RefusedException(Refusal.BadChoice);
            await LookedAfterAsync(db, actor, member, organisation.Value, cancel);
        }
        if (handle != member.Handle)
        {
            if (await IsTakenAsync(db, handle, member.Id, cancel))
                throw new RefusedException(Refusal.HandleTaken, handle);
            db.Audit.Add(new() { At = time.GetUtcNow(), ActorId = member.Id, What = "handle.changed", Subject = FormerHandle(member.Handle), Detail = handle });
        }
        (member.Handle, member.DisplayName, member.Biography, member.Speaks, member.Sectors) = (handle, name, biography, speaks, sectors);
        (member.OrganisationId, member.Country, member.TimeZone, member.Language) = (organisation, change.Country, change.TimeZone, change.Language!);
        if (picture is not null)
            member.PictureVersion = jpeg is null ? null : Convert.ToHexStringLower(SHA256.HashData(jpeg))[..16];
        member.ConcurrencyStamp = Guid.NewGuid().ToString();
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // The member's row first: two changes at once wait for each other here.
            await db.SaveChangesAsync(cancel);
            if (picture is not null)
                await db.Pictures.Where(p => p.MemberId == member.Id).ExecuteDeleteAsync(cancel);
            if (jpeg is not null)
                db.Pictures.Add(new() { MemberId = member.Id, Jpeg = jpeg });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RefusedException(Refusal.ChangedElsewhere);
        }
        // Somebody was faster by a moment; whether they have it still does not matter.
        catch (DbUpdateException error) when (error.IsThereAlready())
        {
            throw new RefusedException(Refusal.HandleTaken, handle);
        }
    }

    /// <summary>A member's picture and its version, for members; a suspended member's too, whose messages stay as well.</summary>
    /// <exception cref="NotFoundException">There is none, or none for this actor.</exception>
    public async Task<(byte[] Jpeg, string Version)> PictureAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        if (!actor.May(Act.TakePart))
            throw new NotFoundException("picture");
        await using var db = databases.CreateDbContext();
        var found = await db.Users.Where(m => m.Handle == handle && m.PictureVersion != null)
            .Join(db.Pictures, m => m.Id, p => p.MemberId, (m, p) => new { p.Jpeg, m.PictureVersion }).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException("picture");
        return (found.Jpeg, found.PictureVersion!);
    }

    /// <summary>Under which subject the audit log remembers whose handle this was.</summary>
    internal static string FormerHandle(string handle) => "handle:" + handle;

    static string HandleOf(string? typed)
    {
        var handle = (typed ?? "").Trim().TrimStart('@').ToLowerInvariant();
        return handle.Length is >= 3 and <= 30 && char.IsAsciiLetterLower(handle[0])
            && handle.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? handle : throw new RefusedException(Refusal.BadHandle);
    }

    // Belonging to an organisation is a member's own word, but a coordinator writes on its page: where one is already, another does not make oneself one.
    static async Task LookedAfterAsync(CommunityDb db, Actor actor, Member member, int organisation, CancellationToken cancel)
    {
        if (organisation != member.OrganisationId && actor.May(Act.EditOrganisations) && !actor.May(Act.Administer)
            && await db.Users.AnyAsync(m => m.OrganisationId == organisation && m.Id != member.Id && (m.Roles & Roles.Coordinator) != Roles.None, cancel))
            throw new RefusedException(Refusal.OrganisationLookedAfter);
    }

    // A former handle stays with its owner: old mentions must not come to name somebody else.
    internal static async Task<bool> IsTakenAsync(CommunityDb db, string handle, int member, CancellationToken cancel) =>
        Reserved.Contains(handle)
        || await db.Users.AnyAsync(m => m.Handle == handle && m.Id != member, cancel)
        || await db.Audit.AnyAsync(a => a.Subject == FormerHandle(handle) && a.ActorId != member, cancel);

    static async Task<Member> OneAsync(CommunityDb db, Actor actor, CancellationToken cancel) =>
        await db.Users.Include(m => m.Organisation).SingleOrDefaultAsync(m => m.Id == actor.MemberId, cancel) ?? throw new NotFoundException("member");

    static ProfileChange ValuesOf(Member member) => new(
        member.Handle, member.DisplayName, member.Organisation?.Slug, member.Country, Choices.Words(member.Speaks), Choices.Words(member.Sectors), member.TimeZone,
        member.Language, member.Biography);

    // Not Identity's stamp: that also changes when the member logs in elsewhere.
    static string StampOf(ProfileChange values) => Stamps.Of(
        values.Handle, values.Name, values.Organisation, values.Country, string.Join(' ', values.Speaks), string.Join(' ', values.Sectors), values.TimeZone, values.Language,
        values.Biography);
}

/// <summary>Short stamps of what a form began from.</summary>
static class Stamps
{
    public static string Of(params string?[] values) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value?.Length}:{value}"))))))[..32];
}
