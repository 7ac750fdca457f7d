using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a text can lead to.</summary>
/// <param name="Title">The practice's, the room's, or the person's name.</param>
/// <param name="Address">The page, on this server.</param>
/// <param name="About">What tells it from others of that title: an organisation, a purpose; may be empty.</param>
/// <param name="Language">Of the title; null for a name.</param>
public sealed record LinkTarget(string Title, string Address, string About, string? Language);

/// <summary>What was found, of each kind the best first.</summary>
public sealed record LinkTargets(IReadOnlyList<LinkTarget> Practices, IReadOnlyList<LinkTarget> Rooms, IReadOnlyList<LinkTarget> People)
{
    /// <summary>Nothing.</summary>
    public static readonly LinkTargets None = new([], [], []);
}

/// <summary>Finds what whoever writes a practice may want to link to: published practices, rooms and people, as far as the writer may see them.</summary>
public sealed class PracticeLinks(CommunityDbFactory databases, Practices practices, TimeProvider clock)
{
    /// <summary>So many of each kind.</summary>
    public const int Most = 5;

    const int MostWords = 8;

    /// <summary>Practices by any of their words, rooms and people by parts of their names; accents and case do not matter.</summary>
    /// <param name="actor">Who writes.</param>
    /// <param name="words">What was typed so far. Without a word nothing is found.</param>
    /// <param name="language">In which the text is written: practices are named in it where they are published in it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException"><see cref="Refusal.SearchTooLong"/>, <see cref="Refusal.BadChoice"/></exception>
    public async Task<LinkTargets> FindAsync(Actor actor, string? words, string language, CancellationToken cancel = default)
    {
        if (!Languages.All.Contains(language))
            throw new RefusedException(Refusal.BadChoice);
        List<string> wanted = [.. SearchQuery.TermsOf(words).SelectMany(term => term.Words).Distinct(StringComparer.Ordinal).Take(MostWords)];
        if (wanted.Count == 0)
            return LinkTargets.None;
        var found = await practices.FindAsync(actor, new(language, words!) { Size = Most }, cancel);
        await using var db = databases.CreateDbContext();
        return new([.. found.Rows.Select(card => new LinkTarget(card.Record.Title, $"/practices/{card.Slug}", card.Organisation, card.Language))],
            Best(actor, wanted, await RoomsAsync(db, actor, cancel)), Best(actor, wanted, await PeopleAsync(db, actor, cancel)));
    }

    static async Task<List<Named>> RoomsAsync(CommunityDb db, Actor actor, CancellationToken cancel)
    {
        if (!actor.May(Act.TakePart))
            return [];
        return await ReadableRooms.Of(db, actor).AsNoTracking()
            .Select(c => new Named(c.Title, c.Slug!, new LinkTarget(c.Title, "/rooms/" + c.Slug, c.Purpose, c.Language))).ToListAsync(cancel);
    }

    async Task<List<Named>> PeopleAsync(CommunityDb db, Actor actor, CancellationToken cancel) => !actor.IsMember
        ? []
        : await db.Users.AsNoTracking().Seen(clock.GetUtcNow())
            .Select(m => new Named(m.DisplayName, m.Handle, new LinkTarget(m.DisplayName, "/people/" + m.Handle, m.Organisation == null ? "" : m.Organisation.Name, null))).ToListAsync(cancel);

    // Neither database folds accents or sorts by the writer's alphabet: names are short, so all are looked through here.
    static IReadOnlyList<LinkTarget> Best(Actor actor, List<string> wanted, List<Named> all) =>
    [
        .. all.Select(one => (Folded: Folding.Fold(one.Name), one.Handle, one.Target))
            .Where(one => wanted.TrueForAll(word => one.Folded.Contains(word, StringComparison.Ordinal) || one.Handle.Contains(word, StringComparison.Ordinal)))
            .OrderByDescending(one => one.Folded.StartsWith(wanted[0], StringComparison.Ordinal))
            .ThenByDescending(one => one.Folded.Contains(' ' + wanted[0], StringComparison.Ordinal))
            .ThenBy(one => one.Target.Title, StringComparer.Create(CultureInfo.GetCultureInfo(actor.Language), ignoreCase: true))
            .ThenBy(one => one.Handle, StringComparer.Ordinal)
            .Take(Most).Select(one => one.Target),
    ];

    sealed record Named(string Name, string Handle, LinkTarget Target);
}
