using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>An organisation in a list.</summary>
public sealed record OrganisationLine(string Slug, string Name, OrganisationKind Kind, string Country, string Region);

/// <summary>An organisation's page.</summary>
/// <param name="Organisation">What it says of itself.</param>
/// <param name="People">Who belongs to it, by name; empty for visitors.</param>
public sealed record OrganisationPage(Organisation Organisation, IReadOnlyList<PersonLine> People);

/// <summary>The organisations of the network. Everybody may read them, only members see who belongs to them.</summary>
public sealed class Organisations(CommunityDbFactory databases, TimeProvider time)
{
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
        var now = time.GetUtcNow();
        var people = await db.Users.AsNoTracking()
            .Where(m => m.OrganisationId == organisation.Id && m.EmailConfirmed && (m.SuspendedUntil == null || m.SuspendedUntil <= now))
            .Select(m => new PersonLine(m.Handle, m.DisplayName, m.Country, null, m.Roles)).ToListAsync(cancel);
        return new(organisation, [.. people.OrderBy(m => m.Name, StringComparer.Create(CultureInfo.GetCultureInfo(actor.Language), ignoreCase: true))]);
    }
}
