using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>A person in a list.</summary>
public sealed record PersonLine(string Handle, string Name, string? Country, string? Organisation, Roles Roles, string? PictureVersion);

/// <summary>One page of the people found.</summary>
/// <param name="Count">All that were found.</param>
/// <param name="Page">Which page, from 1.</param>
/// <param name="Pages">How many pages, at least 1.</param>
/// <param name="Lines">The people of this page, by name.</param>
public sealed record PeoplePage(int Count, int Page, int Pages, IReadOnlyList<PersonLine> Lines);

/// <summary>What members see of a member.</summary>
public sealed record Profile(
    string Handle,
    string Name,
    Roles Roles,
    string? Country,
    IReadOnlyList<string> Speaks,
    IReadOnlyList<string> Sectors,
    string TimeZone,
    string Biography,
    string? OrganisationSlug,
    string? Organisation,
    DateTimeOffset JoinedAt,
    string? PictureVersion);

/// <summary>The directory of people. Suspended members are not in it, visitors do not read it.</summary>
public sealed class People(CommunityDbFactory databases, TimeProvider time)
{
    /// <summary>How many people a page shows.</summary>
    public const int PageLength = 30;

    const int MostWords = 8;

    /// <summary>People who have each of the words in their name, handle, organisation or what they say about themselves, by name in the reader's language.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="words">Parts of words, at most eight; in names accents and case do not matter. Empty finds everybody.</param>
    /// <param name="page">Which page, from 1; beyond the last one gives the last.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<PeoplePage> FindAsync(Actor actor, string? words, int page, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var db = databases.CreateDbContext();
        // Neither database folds accents or sorts by the reader's alphabet: names are short, so all are looked through here.
        var all = await Seen(db).Select(m => new { m.Id, m.Handle, m.DisplayName }).ToListAsync(cancel);
        var typed = (words ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(MostWords).ToList();
        List<(string Folded, HashSet<int> InText)> wanted = [];
        foreach (var word in typed)
            wanted.Add((Folding.Fold(word), await InTextAsync(db, word, cancel)));
        var order = StringComparer.Create(CultureInfo.GetCultureInfo(actor.Language), ignoreCase: true);
        var found = all
            .Where(m => wanted.TrueForAll(word => word.InText.Contains(m.Id) || (Folding.Fold(m.DisplayName) + " " + m.Handle).Contains(word.Folded, StringComparison.Ordinal)))
            .OrderBy(m => m.DisplayName, order)
            .ThenBy(m => m.Handle, StringComparer.Ordinal)
            .Select(m => m.Id)
            .ToList();
        var pages = Math.Max(1, (found.Count + PageLength - 1) / PageLength);
        page = Math.Clamp(page, 1, pages);
        var ids = found.Skip((page - 1) * PageLength).Take(PageLength).ToList();
        var lines = await db.Users.AsNoTracking().Where(m => ids.Contains(m.Id))
            .Select(m => new { m.Id, Line = new PersonLine(m.Handle, m.DisplayName, m.Country, m.Organisation == null ? null : m.Organisation.Name, m.Roles, m.PictureVersion) })
            .ToDictionaryAsync(m => m.Id, m => m.Line, cancel);
        return new(found.Count, page, pages, [.. ids.Where(lines.ContainsKey).Select(id => lines[id])]);
    }

    // Long texts are looked through by the database, which knows no accents but need not send them.
    Task<HashSet<int>> InTextAsync(CommunityDb db, string word, CancellationToken cancel)
    {
        var like = "%" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";
        var found = databases.IsPostgres
            ? Seen(db).Where(m => EF.Functions.ILike(m.Biography, like, "\\") || EF.Functions.ILike(m.Organisation!.Name, like, "\\"))
            : Seen(db).Where(m => EF.Functions.Like(m.Biography, like, "\\") || EF.Functions.Like(m.Organisation!.Name, like, "\\"));
        return found.Select(m => m.Id).ToHashSetAsync(cancel);
    }

    /// <summary>Who came last, the newest first, without the actor.</summary>
    public async Task<IReadOnlyList<PersonLine>> NewestAsync(Actor actor, int count, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var db = databases.CreateDbContext();
        return await Seen(db).Where(m => m.Id != actor.MemberId)
            .OrderByDescending(m => m.JoinedAt).ThenByDescending(m => m.Id).Take(count)
            .Select(m => new PersonLine(m.Handle, m.DisplayName, m.Country, m.Organisation == null ? null : m.Organisation.Name, m.Roles, m.PictureVersion))
            .ToListAsync(cancel);
    }

    /// <summary>One person, also by a former handle; not found for visitors.</summary>
    public async Task<Profile> ProfileAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var db = databases.CreateDbContext();
        var member = await Seen(db).Include(m => m.Organisation).SingleOrDefaultAsync(m => m.Handle == handle, cancel)
            // Old mentions still lead to who was meant.
            ?? await Seen(db).Include(m => m.Organisation)
                .SingleOrDefaultAsync(m => db.Audit.Any(a => a.Subject == Profiles.FormerHandle(handle) && a.ActorId == m.Id), cancel)
            ?? throw new NotFoundException("member");
        return new(
            member.Handle, member.DisplayName, member.Roles, member.Country, Choices.Words(member.Speaks), Choices.Words(member.Sectors),
            member.TimeZone, member.Biography, member.Organisation?.Slug, member.Organisation?.Name, member.JoinedAt, member.PictureVersion);
    }

    static void Demand(Actor actor)
    {
        if (!actor.IsMember && !actor.May(Act.Administer))
            throw new NotFoundException("people");
    }

    IQueryable<Member> Seen(CommunityDb db) => db.Users.AsNoTracking().Seen(time.GetUtcNow());
}
