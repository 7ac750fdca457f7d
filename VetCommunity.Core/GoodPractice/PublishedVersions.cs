using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A version of a practice that everybody could read at some time.</summary>
/// <param name="Number">Which revision.</param>
/// <param name="At">When it was published first.</param>
/// <param name="Note">What was changed, in its author's words.</param>
/// <param name="IsPresent">Everybody reads it now.</param>
public sealed record PublishedVersion(int Number, DateTimeOffset At, string Note, bool IsPresent);

/// <summary>One of them as one reads it.</summary>
/// <param name="Version">Which.</param>
/// <param name="Language">The language.</param>
/// <param name="Title">What it was called then.</param>
/// <param name="Summary">What it said in short.</param>
/// <param name="Html">The sections, sanitised.</param>
public sealed record ReadVersion(PublishedVersion Version, string Language, string Title, string Summary, string Html);

/// <summary>What was published before, so that what somebody cited can be read. As long as a language of a practice is published its former versions are; with it they are withdrawn.</summary>
public sealed class PublishedVersions(CommunityDbFactory db)
{
    /// <summary>Versions of a list.</summary>
    public const int Most = 100;

    /// <summary>The published versions of a practice in one language, the newest first.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="slug">Its address part.</param>
    /// <param name="language">In which language.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">It is not published in this language.</exception>
    public async Task<IReadOnlyList<PublishedVersion>> ListAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, slug, language, cancel);
        return await Of(context, version, context.Revisions.Where(r => r.VersionId == version).OrderByDescending(r => r.Number)).Take(Most).ToListAsync(cancel);
    }

    /// <summary>One of them.</summary>
    /// <inheritdoc cref="ListAsync"/>
    /// <exception cref="NotFoundException">It is not published in this language, or this revision never was.</exception>
    /// <exception cref="RefusedException">It cannot be shown any more.</exception>
    public async Task<ReadVersion> ReadAsync(Actor actor, string slug, string language, int number, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, slug, language, cancel);
        var published = await Of(context, version, context.Revisions.Where(r => r.VersionId == version && r.Number == number)).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("version");
        var markdown = (await DocumentAccess.RevisionAsync(context, version, number, cancel) ?? throw new NotFoundException("version")).Markdown;
        var record = PracticeRecord.Of(markdown, slug);
        return new(published, language, record.Title, record.Summary, RenderedDocument.Of(markdown).Html);
    }

    static async Task<int> FindAsync(CommunityDb context, string slug, string language, CancellationToken cancel) => await (
        from d in context.Documents
        where d.Kind == DocumentKind.Practice && d.Slug == slug && d.DeletedAt == null
        join v in context.LanguageVersions on d.Id equals v.DocumentId
        where v.Language == language && context.Editions.Any(e => e.VersionId == v.Id)
        select (int?)v.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("practice");

    static IQueryable<PublishedVersion> Of(CommunityDb context, int version, IQueryable<Revision> revisions) =>
        from r in revisions
        where context.Publications.Any(p => p.VersionId == version && p.Number == r.Number)
        select new PublishedVersion(r.Number, context.Publications.Where(p => p.VersionId == version && p.Number == r.Number).OrderBy(p => p.Id).Select(p => p.At).First(), r.Note,
            context.Editions.Any(e => e.VersionId == version && e.Number == r.Number));
}
