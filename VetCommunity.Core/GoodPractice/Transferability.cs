using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.GoodPractice;

/// <summary>How a practice's conditions compare with those of an organisation, one facet after the other.</summary>
/// <param name="Facet">Country, sector or language.</param>
/// <param name="IsSame">The organisation has one of the practice's values.</param>
/// <param name="Values">The practice's values.</param>
public sealed record Condition(PracticeFacet Facet, bool IsSame, IReadOnlyList<string> Values);

/// <summary>Compares the conditions of a practice with those of the reader's organisation. It says what is alike and what is not, and decides nothing.</summary>
public sealed class Transferability(CommunityDbFactory db)
{
    /// <summary>The comparison; without lines for who belongs to no organisation, and without what one of both does not tell.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="practice">A published practice.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(string Organisation, IReadOnlyList<Condition> Conditions)> CompareAsync(Actor actor, PracticeCard practice, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            return ("", []);
        await using var context = db.CreateDbContext();
        var own = await context.Organisations.Where(o => context.Users.Any(u => u.Id == actor.MemberId && u.OrganisationId == o.Id))
            .Select(o => new { o.Name, o.Country, o.Sectors, o.Speaks }).SingleOrDefaultAsync(cancel);
        // One's own practice fits.
        if (own is null || own.Name == practice.Organisation)
            return ("", []);
        List<Condition> conditions = [];
        Compare(PracticeFacet.Country, practice.Record.Values[PracticeFacet.Country], own.Country);
        Compare(PracticeFacet.Sector, practice.Record.Values[PracticeFacet.Sector], own.Sectors);
        Compare(PracticeFacet.Language, practice.Languages, own.Speaks);
        return (own.Name, conditions);

        void Compare(PracticeFacet facet, IReadOnlyList<string> theirs, string ours)
        {
            var known = ours.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (theirs.Count > 0 && known.Length > 0)
                conditions.Add(new(facet, theirs.Intersect(known, StringComparer.Ordinal).Any(), theirs));
        }
    }
}
