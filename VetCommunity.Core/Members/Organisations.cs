using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.Members;

/// <summary>An organisation in a list.</summary>
public sealed record OrganisationLine(string Slug, string Name, OrganisationKind Kind, string Country, string Region);

/// <summary>An organisation's page.</summary>
/// <param name="Organisation">What it says of itself.</param>
/// <param name="People">Who belongs to it, by name; empty for visitors.</param>
public sealed record OrganisationPage(Organisation Organisation, IReadOnlyList<PersonLine> People);

/// <summary>What an organisation says of itself, to be made or changed.</summary>
/// <param name="Name">1 to 120 characters.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Country">One of <see cref="Choices.Countries"/>.</param>
/// <param name="Region">Region or town, at most 120 characters, maybe none.</param>
/// <param name="Speaks">Of <see cref="Choices.Spoken"/>.</param>
/// <param name="Sectors">Of <see cref="Choices.Sectors"/>.</param>
/// <param name="Description">Plain text in English, at most 2,000 characters.</param>
/// <param name="DescriptionLocal">The same in its own language.</param>
/// <param name="Website">An http or https address, or empty.</param>
public sealed record OrganisationChange(
    string? Name,
    OrganisationKind Kind,
    string? Country,
    string? Region,
    IReadOnlyList<string> Speaks,
    IReadOnlyList<string> Sectors,
    string? Description,
    string? DescriptionLocal,
    string? Website);

/// <summary>An organisation that the actor may change, and the stamp of these values.</summary>
public sealed record OwnOrganisation(OrganisationChange Values, string Stamp);

/// <summary>The organisations of the network. Everybody may read them, only members see who belongs to them.</summary>
public sealed class Organisations(CommunityDbFactory databases, TimeProvider time)
{
    /// <summary>The most characters of a name, and of a region.</summary>
    public const int NameLength = 120;

    /// <summary>The most characters of a description.</summary>
    public const int DescriptionLength = 2000;

    /// <summary>The most characters of a website's address.</summary>
    public const int WebsiteLength = 300;

    /// <summary>All organisations, by name in the reader's language.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="language">In whose alphabet they are ordered; a visitor's is not in the actor.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<OrganisationLine>> AllAsync(Actor actor, string? language = null, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var all = await db.Organisations.AsNoTracking()
            .Select(o => new OrganisationLine(o.Slug, o.Name, o.Kind, o.Country, o.Region)).ToListAsync(cancel);
        return [.. all.OrderBy(o => o.Name, StringComparer.Create(CultureInfo.GetCultureInfo(language ?? actor.Language), ignoreCase: true))];
    }

    /// <summary>One organisation by its address part.</summary>
    public async Task<OrganisationPage> PageAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var organisation = await db.Organisations.AsNoTracking().SingleOrDefaultAsync(o => o.Slug == slug, cancel)
            ?? throw new NotFoundException("organisation");
        if (!actor.IsMember)
            return new(organisation, []);
        var people = await db.Users.AsNoTracking().Seen(time.GetUtcNow())
            .Where(m => m.OrganisationId == organisation.Id)
            .Select(m => new PersonLine(m.Handle, m.DisplayName, m.Country, null, m.Roles, m.PictureVersion)).ToListAsync(cancel);
        return new(organisation, [.. people.OrderBy(m => m.Name, StringComparer.Create(CultureInfo.GetCultureInfo(actor.Language), ignoreCase: true))]);
    }

    /// <summary>Whether the actor may change this organisation: coordinators the one they belong to, administrators all.</summary>
    public async Task<bool> MayEditAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        if (!actor.May(Act.EditOrganisations))
            return false;
        await using var db = databases.CreateDbContext();
        return await Editable(db, actor).AnyAsync(o => o.Slug == slug, cancel);
    }

    /// <summary>An organisation to be changed.</summary>
    /// <exception cref="NotFoundException">There is none, or it is not the actor's to change.</exception>
    public async Task<OwnOrganisation> OwnAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var values = ValuesOf(await OneAsync(db, actor, slug, cancel));
        return new(values, StampOf(values));
    }

    /// <summary>Adds an organisation; coordinators and administrators do. A coordinator who belongs to none belongs to it from then on.</summary>
    /// <returns>Its address part, which it keeps: two of the same name differ by a number.</returns>
    /// <exception cref="NotFoundException">The actor's roles do not allow it.</exception>
    /// <exception cref="RefusedException">A value refuses.</exception>
    public async Task<string> CreateAsync(Actor actor, OrganisationChange change, CancellationToken cancel = default)
    {
        if (!actor.May(Act.EditOrganisations))
            throw new NotFoundException("page");
        var organisation = Checked(change);
        var wish = Folding.Slug(organisation.Name);
        // An address such as /organisations/new is a page.
        if (wish.Length < 2 || wish == "new")
            wish = "organisation";
        await using var db = databases.CreateDbContext();
        for (var number = 1; ; number++)
        {
            organisation.Slug = number == 1 ? wish : string.Create(CultureInfo.InvariantCulture, $"{wish}-{number}");
            if (await db.Organisations.AnyAsync(o => o.Slug == organisation.Slug, cancel))
                continue;
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            db.Organisations.Add(organisation);
            try
            {
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException) when (IsTakenNow(organisation.Slug))
            {
                // Somebody else took it in the same moment.
                await transaction.RollbackAsync(cancel);
                db.Entry(organisation).State = EntityState.Detached;
                organisation.Id = 0;
                continue;
            }
            if (!actor.May(Act.Administer))
                await db.Users.Where(m => m.Id == actor.MemberId && m.OrganisationId == null).ExecuteUpdateAsync(set => set.SetProperty(m => m.OrganisationId, organisation.Id), cancel);
            db.Audit.Add(EntryOf(actor, "organisation.created", organisation.Slug));
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return organisation.Slug;
        }
    }

    /// <summary>Changes all of it at once; the address stays.</summary>
    /// <param name="actor">Who: a coordinator who belongs to it, or an administrator.</param>
    /// <param name="slug">Which.</param>
    /// <param name="change">All values, the unchanged ones too.</param>
    /// <param name="stamp">Of the values that the change began from.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">There is none, or it is not the actor's to change.</exception>
    /// <exception cref="RefusedException">A value refuses, or it was changed meanwhile; nothing was stored.</exception>
    public async Task EditAsync(Actor actor, string slug, OrganisationChange change, string stamp, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var before = await OneAsync(db, actor, slug, cancel);
        var after = Checked(change);
        if (StampOf(ValuesOf(before)) != stamp)
            throw new RefusedException(Refusal.ChangedElsewhere);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Only over the very values that were read: whoever comes second changes nothing.
        var changed = await db.Organisations
            .Where(o => o.Id == before.Id && o.Name == before.Name && o.Kind == before.Kind && o.Country == before.Country && o.Region == before.Region
                && o.Speaks == before.Speaks && o.Sectors == before.Sectors && o.Description == before.Description && o.DescriptionLocal == before.DescriptionLocal
                && o.Website == before.Website)
            .ExecuteUpdateAsync(set => set
                .SetProperty(o => o.Name, after.Name).SetProperty(o => o.Kind, after.Kind).SetProperty(o => o.Country, after.Country).SetProperty(o => o.Region, after.Region)
                .SetProperty(o => o.Speaks, after.Speaks).SetProperty(o => o.Sectors, after.Sectors).SetProperty(o => o.Description, after.Description)
                .SetProperty(o => o.DescriptionLocal, after.DescriptionLocal).SetProperty(o => o.Website, after.Website), cancel);
        if (changed == 0)
            throw new RefusedException(Refusal.ChangedElsewhere);
        db.Audit.Add(EntryOf(actor, "organisation.changed", slug));
        await db.SaveChangesAsync(cancel);
        // Lists of practices name it.
        await db.ChangeShelfAsync(DocumentKind.Practice, cancel);
        await transaction.CommitAsync(cancel);
    }

    static IQueryable<Organisation> Editable(CommunityDb db, Actor actor) =>
        actor.May(Act.Administer)
            ? db.Organisations.AsNoTracking()
            : db.Organisations.AsNoTracking().Where(o => db.Users.Any(m => m.Id == actor.MemberId && m.OrganisationId == o.Id));

    static async Task<Organisation> OneAsync(CommunityDb db, Actor actor, string slug, CancellationToken cancel) =>
        actor.May(Act.EditOrganisations) && await Editable(db, actor).SingleOrDefaultAsync(o => o.Slug == slug, cancel) is { } organisation
            ? organisation : throw new NotFoundException("organisation");

    AuditEntry EntryOf(Actor actor, string what, string slug) =>
        new() { At = time.GetUtcNow(), ActorId = actor.IsMember ? actor.MemberId : null, What = what, Subject = "organisation:" + slug };

    bool IsTakenNow(string slug)
    {
        using var db = databases.CreateDbContext();
        return db.Organisations.Any(o => o.Slug == slug);
    }

    static Organisation Checked(OrganisationChange change)
    {
        if (!Enum.IsDefined(change.Kind) || !Choices.Countries.Contains(change.Country, StringComparer.Ordinal))
            throw new RefusedException(Refusal.BadChoice);
        return new()
        {
            Slug = "",
            Name = PlainText.Name(change.Name, NameLength),
            Kind = change.Kind,
            Country = change.Country!,
            Region = PlainText.Within(PlainText.Line(change.Region), NameLength),
            Speaks = Choices.Stored(Choices.Spoken, change.Speaks),
            Sectors = Choices.Stored(Choices.Sectors, change.Sectors),
            Description = PlainText.Within(PlainText.Lines(change.Description), DescriptionLength),
            DescriptionLocal = PlainText.Within(PlainText.Lines(change.DescriptionLocal), DescriptionLength),
            Website = WebsiteOf(change.Website),
        };
    }

    static string WebsiteOf(string? typed)
    {
        var website = PlainText.Line(typed);
        if (website.Length == 0)
            return "";
        return website.Length <= WebsiteLength && Uri.TryCreate(website, UriKind.Absolute, out var address) && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address.AbsoluteUri : throw new RefusedException(Refusal.BadWebsite);
    }

    static OrganisationChange ValuesOf(Organisation o) =>
        new(o.Name, o.Kind, o.Country, o.Region, Choices.Words(o.Speaks), Choices.Words(o.Sectors), o.Description, o.DescriptionLocal, o.Website);

    static string StampOf(OrganisationChange o) => Stamps.Of(
        o.Name, o.Kind.ToString(), o.Country, o.Region, string.Join(' ', o.Speaks), string.Join(' ', o.Sectors), o.Description, o.DescriptionLocal, o.Website);
}
