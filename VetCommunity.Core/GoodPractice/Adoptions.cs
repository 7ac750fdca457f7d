using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Who did elsewhere what a published practice describes, and what became of it.</summary>
public sealed class Adoptions(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Characters of what was changed, and of what came out.</summary>
    public const int Longest = 2000;
    /// <summary>Characters of a region or town.</summary>
    public const int LongestPlace = 100;
    /// <summary>Adoptions of one page.</summary>
    public const int Page = 20;

    /// <summary>Tells of the actor's adoption; told before, it is told anew.</summary>
    /// <exception cref="NotFoundException">Not published, or the actor takes no part.</exception>
    /// <exception cref="RefusedException">No country, nothing that came out, no result, or too long a text.</exception>
    public async Task TellAsync(Actor actor, string slug, ToldAdoption told, CancellationToken cancel = default)
    {
        if (!actor.IsMember || !actor.May(Act.TakePart))
            throw new NotFoundException("practice");
        var (place, changed, cameOut) = (PlainText.Within(PlainText.Line(told.Place), LongestPlace), PlainText.Within(PlainText.Lines(told.Changed), Longest), PlainText.Within(PlainText.Lines(told.CameOut), Longest));
        if (!Choices.Countries.Contains(told.Country, StringComparer.Ordinal) || cameOut.Length == 0 || !Enum.IsDefined(told.Result))
            throw new RefusedException(Refusal.AdoptionIncomplete);
        for (var isAgain = false; ; isAgain = true)
        {
            await using var context = db.CreateDbContext();
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            var document = await FindAsync(context, slug, cancel);
            var adoption = await context.Adoptions.SingleOrDefaultAsync(a => a.DocumentId == document.Id && a.MemberId == actor.MemberId, cancel);
            if (adoption is null)
                context.Add(adoption = new() { DocumentId = document.Id, MemberId = actor.MemberId, Country = told.Country, CameOut = cameOut });
            adoption.OrganisationId = await context.Users.Where(u => u.Id == actor.MemberId).Select(u => u.OrganisationId).SingleAsync(cancel);
            (adoption.Country, adoption.Place, adoption.Changed, adoption.CameOut, adoption.Result, adoption.At) = (told.Country, place, changed, cameOut, told.Result, clock.GetUtcNow());
            await context.ChangeShelfAsync(DocumentKind.Practice, cancel);
            try
            {
                await context.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return;
            }
            catch (DbUpdateException) when (!isAgain && !cancel.IsCancellationRequested)
            {
                // Sent twice at the same moment: the second one finds what the first told.
            }
        }
    }

    /// <summary>Takes an adoption away: one's own, or any for who edits practices. Nothing where there is none.</summary>
    /// <exception cref="NotFoundException">Somebody else's, or not published.</exception>
    public async Task RemoveAsync(Actor actor, string slug, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var document = await FindAsync(context, slug, cancel);
        var isEditor = actor.May(Act.EditPractices);
        if (!actor.IsMember || await context.Adoptions.AnyAsync(a => a.Id == id && a.DocumentId == document.Id && a.MemberId != actor.MemberId && !isEditor, cancel))
            throw new NotFoundException("adoption");
        if (await context.Adoptions.Where(a => a.Id == id && a.DocumentId == document.Id).ExecuteDeleteAsync(cancel) > 0)
            await context.ChangeShelfAsync(DocumentKind.Practice, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>A page of a practice's adoptions, the latest first. Visitors read them too, without who tells.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="slug">The practice.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Not published.</exception>
    public async Task<(IReadOnlyList<AdoptionRow> Rows, bool HasMore)> ListAsync(Actor actor, string slug, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var document = await FindAsync(context, slug, cancel);
        var (isMember, isEditor, me) = (actor.IsMember, actor.May(Act.EditPractices), actor.MemberId);
        var rows = await context.Adoptions.Where(a => a.DocumentId == document.Id).OrderByDescending(a => a.At).ThenByDescending(a => a.Id)
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1)
            .Select(a => new AdoptionRow(a.Id, isMember ? context.Users.Where(u => u.Id == a.MemberId).Select(u => u.DisplayName).FirstOrDefault() ?? "" : "",
                context.Organisations.Where(o => o.Id == a.OrganisationId).Select(o => o.Name).FirstOrDefault() ?? "", new(a.Country, a.Place, a.Changed, a.CameOut, a.Result), a.At, isEditor || (isMember && a.MemberId == me)))
            .ToListAsync(cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>What the actor told; null for nothing.</summary>
    /// <exception cref="NotFoundException">Not published.</exception>
    public async Task<ToldAdoption?> MineAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var document = await FindAsync(context, slug, cancel);
        return await context.Adoptions.Where(a => a.DocumentId == document.Id && a.MemberId == actor.MemberId)
            .Select(a => new ToldAdoption(a.Country, a.Place, a.Changed, a.CameOut, a.Result)).SingleOrDefaultAsync(cancel);
    }

    static async Task<Document> FindAsync(CommunityDb context, string slug, CancellationToken cancel) =>
        await context.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Kind == DocumentKind.Practice && d.Slug == slug && d.DeletedAt == null
            && context.LanguageVersions.Any(v => v.DocumentId == d.Id && context.Editions.Any(e => e.VersionId == v.Id)), cancel) ?? throw new NotFoundException("practice");
}
