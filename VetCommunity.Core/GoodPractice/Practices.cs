using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.GoodPractice;

/// <summary>The published practices, for everybody: found by words and facets, and read.</summary>
public sealed class Practices(CommunityDbFactory db)
{
    /// <summary>Practices of one page.</summary>
    public const int Page = 20;
    /// <summary>Practices that one question is answered with.</summary>
    public const int Most = 100;
    // Texts that are in memory at a time.
    const int ABatch = 100;

    static readonly OftenAsked<DocumentKind, long> Stamp = new((db, kind) => db.Shelves.Where(s => s.Kind == kind).Select(s => s.Version));
    readonly Lock _starting = new();
    readonly PracticeIndex _index = new(db);
    PracticeShelf? _shelf;
    Task<PracticeShelf>? _loading;

    /// <summary>The practices that answer a question.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="question">What for.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="RefusedException"><see cref="Refusal.SearchTooLong"/></exception>
    public async Task<FoundPractices> FindAsync(Actor actor, PracticeQuestion question, CancellationToken cancel = default)
    {
        _ = actor;
        var terms = SearchQuery.TermsOf(question.Words);
        var (shelf, size) = (await ShelfAsync(cancel), Math.Clamp(question.Size, 1, Most));
        if (terms.Count == 0)
            return shelf.Find(question, size);
        var words = await _index.OfAsync(shelf, cancel);
        var found = words.Shelf.Find(question, size, words.Score(terms));
        return question.WithSnippets ? found with { Rows = await _index.WithSnippetsAsync(words.Shelf, found.Rows, terms, cancel) } : found;
    }

    /// <summary>Reads for the first search what it takes, so that nobody waits for it.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops the waiting.</param>
    public async Task PrepareAsync(Actor actor, CancellationToken cancel = default)
    {
        _ = actor;
        await _index.OfAsync(await ShelfAsync(cancel), cancel);
    }

    /// <summary>All that is published, what was published last first, and how often that has changed.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(long Version, IEnumerable<PublishedPractice> Practices)> AllAsync(Actor actor, CancellationToken cancel = default)
    {
        _ = actor;
        var shelf = await ShelfAsync(cancel);
        return (shelf.Version, shelf.Published);
    }

    /// <summary>A practice in this language where it is published in it, else as it was written first.</summary>
    /// <param name="actor">Who reads: everybody may.</param>
    /// <param name="slug">Its address part.</param>
    /// <param name="language">The language wished for.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">None of that name is published.</exception>
    public async Task<ReadPractice> ReadAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        _ = actor;
        var shelf = await ShelfAsync(cancel);
        var (version, card) = shelf.Find(slug, language) ?? throw new NotFoundException("practice");
        await using var context = db.CreateDbContext();
        var edition = await context.Editions.AsNoTracking().SingleOrDefaultAsync(e => e.VersionId == version.VersionId, cancel) ?? throw new NotFoundException("practice");
        var author = version.ById is { } id ? await context.Users.Where(u => u.Id == id).Select(u => new { u.Handle, u.DisplayName }).SingleOrDefaultAsync(cancel) : null;
        var by = actor.IsMember && version.ConfirmedOn == card.Dates.CheckedOn ? await (
            from d in context.Documents
            where d.Kind == DocumentKind.Practice && d.Slug == slug
            join r in context.Rechecks on d.Id equals r.DocumentId
            where r.Day == version.ConfirmedOn
            join u in context.Users on r.ById equals u.Id
            select u.DisplayName).FirstOrDefaultAsync(cancel) : null;
        var ties = shelf.Ties(slug, language);
        // A publication, and who says that something is translated, make a new shelf: until then the first reader has asked for all.
        if (!shelf.Behind.TryGetValue(version.VersionId, out var isBehind))
            shelf.Behind[version.VersionId] = isBehind = !version.IsOriginal && await LanguageVersions.IsBehindAsync(context, version.VersionId, version.Number, cancel);
        return new(card, edition.Number, version.IsOriginal, isBehind, version.OrganisationSlug, author?.Handle ?? "", author?.DisplayName ?? "", edition.Html,
            JsonSerializer.Deserialize<List<OutlineLine>>(edition.Outline, JsonSerializerOptions.Web) ?? [])
        {
            IsFromTalk = version.IsFromTalk,
            CheckedBy = by ?? "",
            Related = shelf.Related(slug, language, ties),
            Ties = ties,
        };
    }

    /// <summary>What the lists know of a practice, in this language where it is published in it, else as it was written first; null of one that is not published.</summary>
    public async Task<PracticeCard?> CardAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        _ = actor;
        return (await ShelfAsync(cancel)).Find(slug, language)?.Card;
    }

    /// <summary>The same of many, by their address parts.</summary>
    internal async Task<IReadOnlyDictionary<string, PracticeCard>> CardsAsync(IEnumerable<string> slugs, string language, CancellationToken cancel)
    {
        var shelf = await ShelfAsync(cancel);
        return slugs.Select(slug => shelf.Find(slug, language)?.Card).OfType<PracticeCard>().ToDictionary(card => card.Slug, StringComparer.Ordinal);
    }

    /// <summary>The same with the markdown of the revision that is read.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    public async Task<(ReadPractice Practice, string Markdown)> ReadTextAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        var read = await ReadAsync(actor, slug, language, cancel);
        await using var context = db.CreateDbContext();
        // A revision never changes, so this is the one, also where another is published meanwhile.
        var markdown = await (
            from d in context.Documents
            where d.Kind == DocumentKind.Practice && d.Slug == slug
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            where v.Language == read.Card.Language
            join r in context.Revisions on v.Id equals r.VersionId
            where r.Number == read.Number
            select r.Markdown).SingleAsync(cancel);
        return (read, markdown);
    }

    /// <summary>How often what is published has changed, by whatever process. It costs one small question.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<long> VersionAsync(Actor actor, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        return (await Stamp.AskAsync(context, DocumentKind.Practice, cancel)).FirstOrDefault();
    }

    /// <summary>What is to be looked at again by this day, with the language version that counts for it.</summary>
    internal async Task<IReadOnlyList<(PracticeCard Card, int VersionId)>> DueAsync(DateOnly until, string language, CancellationToken cancel) => (await ShelfAsync(cancel)).Due(until, language);

    /// <summary>The words of those of these practices that are published.</summary>
    internal async Task<PracticeWords> AmongAsync(IReadOnlySet<string> slugs, CancellationToken cancel) => (await _index.OfAsync(await ShelfAsync(cancel), cancel)).Among(slugs);

    async Task<PracticeShelf> ShelfAsync(CancellationToken cancel)
    {
        var version = await VersionAsync(Actor.Visitor, cancel);
        if (Volatile.Read(ref _shelf) is { } known && known.Version == version)
            return known;
        // One reads it for all who come meanwhile; one that began before the last change is followed by another.
        while (true)
        {
            Task<PracticeShelf> loading;
            lock (_starting)
                loading = _loading is { IsCompleted: false } underWay ? underWay : _loading = LoadAsync(CancellationToken.None);
            if (await loading.WaitAsync(cancel) is var shelf && shelf.Version >= version)
                return shelf;
        }
    }

    async Task<PracticeShelf> LoadAsync(CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var version = await context.Shelves.Where(s => s.Kind == DocumentKind.Practice).Select(s => s.Version).SingleAsync(cancel);
        var known = _shelf?.Versions.ToDictionary(one => (one.VersionId, one.Number, one.At)) ?? [];
        var rows = await (
            from e in context.Editions
            join v in context.LanguageVersions on e.VersionId equals v.Id
            join d in context.Documents on v.DocumentId equals d.Id
            where d.Kind == DocumentKind.Practice && d.DeletedAt == null
            let organisation = context.Organisations.FirstOrDefault(o => o.Id == d.OrganisationId)
            select new { e.VersionId, e.Number, e.At, e.Title, e.Summary, v.Language, v.SourceId, d.Slug, d.CreatedById, v.CreatedAt, FirstAt = context.Publications.Where(p => p.VersionId == v.Id).OrderBy(p => p.Id).Select(p => p.At).First(), IsFromTalk = context.PracticeDrafts.Any(p => p.DocumentId == d.Id), OrganisationSlug = organisation == null ? null : organisation.Slug, Organisation = organisation == null ? "" : organisation.Name }).ToListAsync(cancel);
        // Of thousands one has changed: the others have been read already.
        var missing = rows.Where(row => !known.ContainsKey((row.VersionId, row.Number, row.At))).Select(row => row.VersionId).ToList();
        var isAnew = missing.Count > 100;
        var heads = await context.Editions.Where(e => isAnew || missing.Contains(e.VersionId)).Select(e => new { e.VersionId, e.Head, e.Links }).ToDictionaryAsync(e => e.VersionId, cancel);
        Dictionary<int, string> links = [];
        foreach (var batch in heads.Values.Where(one => one.Links is null).Select(one => one.VersionId).Chunk(ABatch))
        {
            foreach (var edition in await context.Editions.Where(e => batch.Contains(e.VersionId)).Select(e => new { e.VersionId, e.Html }).ToListAsync(cancel))
                links[edition.VersionId] = Edition.LinksIn(edition.Html);
        }
        var bearings = await BearingsAsync(context, cancel);
        var confirmed = await (
            from r in context.Rechecks
            where !context.Rechecks.Any(later => later.DocumentId == r.DocumentId && later.Day > r.Day)
            join d in context.Documents on r.DocumentId equals d.Id
            where d.Kind == DocumentKind.Practice
            select new { d.Slug, r.Day }).ToDictionaryAsync(r => r.Slug, r => (DateOnly?)r.Day, StringComparer.Ordinal, cancel);
        var shelf = new PracticeShelf(version, rows.Select(row => new ShelvedPractice(row.VersionId, row.Number, row.Slug, row.Language, row.SourceId == null, row.OrganisationSlug, row.Organisation, row.CreatedById, row.At,
            heads.TryGetValue(row.VersionId, out var head) ? PracticeRecord.Of(head.Head, row.Slug) with { Title = row.Title.Length > 0 ? row.Title : row.Slug, Summary = row.Summary } : known[(row.VersionId, row.Number, row.At)].Record)
        {
            BegunAt = row.CreatedAt,
            FirstAt = row.FirstAt,
            IsFromTalk = row.IsFromTalk,
            ConfirmedOn = confirmed.GetValueOrDefault(row.Slug),
            Mentions = head is null ? known[(row.VersionId, row.Number, row.At)].Mentions : [.. (head.Links ?? links.GetValueOrDefault(row.VersionId, "")).Split('\n').Select(PracticeTies.SlugOf).OfType<string>()],
            Bearing = bearings.Adopted.GetValueOrDefault(row.Slug) with { Approvals = bearings.Approvals.GetValueOrDefault(row.VersionId) },
        }));
        Volatile.Write(ref _shelf, shelf);
        return shelf;
    }
    // What people of the practice's own organisation say bears nothing out.
    static async Task<(Dictionary<string, Bearing> Adopted, Dictionary<int, int> Approvals)> BearingsAsync(CommunityDb context, CancellationToken cancel)
    {
        var adoptions = await (
            from a in context.Adoptions
            join d in context.Documents on a.DocumentId equals d.Id
            where a.OrganisationId != null && (d.OrganisationId == null || a.OrganisationId != d.OrganisationId)
            select new { d.Slug, Organisation = a.OrganisationId!.Value, a.Country, Failed = a.Result == AdoptionResult.DidNotWork }).Distinct().ToListAsync(cancel);
        var approvals = await (
            from e in context.Editions
            join a in Approvals.ThatCount(context) on new { e.VersionId, e.Number } equals new { a.VersionId, a.Number }
            select new { e.VersionId, a.OrganisationId }).Distinct().GroupBy(a => a.VersionId).Select(a => new { a.Key, Count = a.Count() }).ToDictionaryAsync(a => a.Key, a => a.Count, cancel);
        return (adoptions.GroupBy(a => a.Slug, StringComparer.Ordinal).ToDictionary(of => of.Key, of =>
        {
            var worked = of.Where(a => !a.Failed).ToList();
            return new Bearing(worked.DistinctBy(a => a.Organisation).Count(), worked.DistinctBy(a => a.Country).Count(), of.Where(a => a.Failed).DistinctBy(a => a.Organisation).Count(), 0);
        }, StringComparer.Ordinal), approvals);
    }
}
