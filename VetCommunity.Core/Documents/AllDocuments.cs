using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>Documents of every kind: begun, found, listed, deleted and restored.</summary>
public sealed class AllDocuments(CommunityDbFactory db, DocumentKinds kinds, Feed feed, TimeProvider clock)
{
    /// <summary>Documents of one page.</summary>
    public const int Page = 20;

    const int Title = 100;

    // Addresses such as /practices/new are pages of their own.
    static readonly string[] Reserved = ["new", "desk", "translations", "saved", "template"];

    /// <summary>Begins a document in one language, still without a revision: its author finds the template as their draft. Answers with its address part; the same form again is the same document.</summary>
    /// <exception cref="NotFoundException">The actor may begin none.</exception>
    /// <exception cref="RefusedException">A bad title, language or address part, or one that is taken.</exception>
    public Task<string> CreateAsync(Actor actor, NewDocument wish, CancellationToken cancel = default) => CreateAsync(actor, wish, text: null, also: null, cancel);

    /// <summary>The same with a text that its author finds instead of the template, and with what is true with it, or neither is.</summary>
    internal async Task<string> CreateAsync(Actor actor, NewDocument wish, string? text, Func<CommunityDb, Document, Task>? also, CancellationToken cancel)
    {
        if (!kinds[wish.Kind].MayCreate(actor))
            throw new NotFoundException("page");
        var title = CheckedTitle(wish.Title);
        CheckLanguage(wish.Language);
        var key = DocumentAccess.KeyOf(actor, wish.FormKey);
        var asked = string.IsNullOrWhiteSpace(wish.Slug) ? null : wish.Slug.Trim();
        if (asked is not null && !IsSlug(asked))
            throw new RefusedException(Refusal.BadSlug);
        var slug = asked ?? SlugOf(title);
        for (var number = 1; ; number++)
        {
            // A new context a time: what failed must not be stored with the next one.
            await using var context = db.CreateDbContext();
            if (await context.Documents.Where(d => d.FormKey == key).Select(d => d.Slug).SingleOrDefaultAsync(cancel) is { } same)
                return same;
            var address = number == 1 ? slug : FormattableString.Invariant($"{slug[..Math.Min(slug.Length, 50)]}-{number}");
            var isTaken = await context.Documents.AnyAsync(d => d.Kind == wish.Kind && d.Slug == address, cancel);
            if (isTaken && asked is not null)
                throw new RefusedException(Refusal.SlugTaken, address);
            if (isTaken)
                continue;
            var (me, now) = (DocumentAccess.NumberOf(actor), clock.GetUtcNow());
            var document = new Document
            {
                Kind = wish.Kind,
                Slug = address,
                OrganisationId = await context.Users.Where(u => u.Id == me).Select(u => u.OrganisationId).SingleOrDefaultAsync(cancel),
                CreatedById = me,
                CreatedAt = now,
                FormKey = key,
            };
            var beginning = me is null ? "" : text ?? await kinds[wish.Kind].BeginningAsync(context, title, cancel);
            try
            {
                await using var transaction = await context.Database.BeginTransactionAsync(cancel);
                context.Add(document);
                await context.SaveChangesAsync(cancel);
                var version = new LanguageVersion { DocumentId = document.Id, Language = wish.Language, CreatedById = me, CreatedAt = now };
                context.Add(version);
                await context.SaveChangesAsync(cancel);
                if (me is { } writer)
                    context.Add(new DocumentDraft { VersionId = version.Id, MemberId = writer, Markdown = beginning, Version = 1, SavedAt = now });
                await context.SaveChangesAsync(cancel);
                if (also is not null)
                    await also(context, document);
                await transaction.CommitAsync(cancel);
                return address;
            }
            catch (DbUpdateException) when (context.Documents.Any(d => d.FormKey == key || (d.Kind == wish.Kind && d.Slug == address)))
            {
                // Somebody else took the address in the same moment, or the form came twice: the next round sees which.
                number--;
            }
        }
    }

    /// <summary>A document with its languages.</summary>
    /// <exception cref="NotFoundException">Absent, deleted or not the actor's to read.</exception>
    public async Task<FoundDocument> FindAsync(Actor actor, DocumentKind kind, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var rules = kinds[kind];
        var found = await (
            from d in DocumentAccess.Seen(context, rules, actor, toWrite: false)
            where d.Slug == slug && d.DeletedAt == null
            select new
            {
                Document = d,
                Organisation = context.Organisations.Where(o => o.Id == d.OrganisationId).Select(o => o.Slug).FirstOrDefault(),
                By = context.Users.Where(u => u.Id == d.CreatedById).Select(u => u.DisplayName).FirstOrDefault(),
            }).AsNoTracking().SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("document");
        var mayWrite = await DocumentAccess.Seen(context, rules, actor, toWrite: true).AnyAsync(d => d.Id == found.Document.Id, cancel);
        var languages = await (
            from v in context.LanguageVersions
            where v.DocumentId == found.Document.Id
            orderby v.SourceId != null, v.Language
            select new LanguageLine(v.Language, context.LanguageVersions.Where(s => s.Id == v.SourceId).Select(s => s.Language).FirstOrDefault(), v.LastNumber,
                context.Publications.Where(p => p.VersionId == v.Id && p.EndedAt == null).Select(p => (int?)p.Number).FirstOrDefault())).ToListAsync(cancel);
        return new(kind, slug, found.Organisation, found.By ?? "", found.Document.CreatedAt, mayWrite, rules.MayPublish(actor), languages);
    }

    /// <summary>The address of a language version that a notice names.</summary>
    /// <exception cref="NotFoundException">Absent, deleted or not the actor's to read.</exception>
    public async Task<VersionAddress> AddressOfAsync(Actor actor, DocumentKind kind, int version, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await (
            from d in DocumentAccess.Seen(context, kinds[kind], actor, toWrite: false)
            where d.DeletedAt == null
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            where v.Id == version
            select new VersionAddress(kind, d.Slug, v.Language)).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("document");
    }

    /// <summary>Whether the actor may write in a document that is there.</summary>
    public async Task<bool> MayWriteAsync(Actor actor, DocumentKind kind, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await DocumentAccess.Seen(context, kinds[kind], actor, toWrite: true).AnyAsync(d => d.Slug == slug && d.DeletedAt == null, cancel);
    }

    /// <summary>A page of the documents that the actor may read, the newest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="kind">What they are.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="deleted">Instead those that were deleted and that the actor may restore.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<DocumentRow> Rows, bool HasMore)> ListAsync(Actor actor, DocumentKind kind, int page, bool deleted = false, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var documents = DocumentAccess.Seen(context, kinds[kind], actor, toWrite: deleted);
        var rows = await documents.Where(d => d.DeletedAt != null == deleted).OrderByDescending(d => d.Id).Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).AsNoTracking().ToListAsync(cancel);
        var ids = rows.Select(d => d.Id).ToList();
        var languages = (await context.LanguageVersions.Where(v => ids.Contains(v.DocumentId)).OrderBy(v => v.SourceId != null).ThenBy(v => v.Language)
            .Select(v => new { v.DocumentId, v.Language }).ToListAsync(cancel)).ToLookup(v => v.DocumentId, v => v.Language);
        return ([.. rows.Take(Page).Select(d => new DocumentRow(d.Slug, [.. languages[d.Id]], d.CreatedAt, d.DeletedAt))], rows.Count > Page);
    }

    /// <summary>Takes a document away from everybody, published or not. Nothing of it is lost.</summary>
    /// <exception cref="NotFoundException">Absent, deleted or not the actor's to write in.</exception>
    public Task DeleteAsync(Actor actor, DocumentKind kind, string slug, CancellationToken cancel = default) => MarkAsync(actor, kind, slug, isDeleted: true, cancel);

    /// <summary>Brings a deleted document back as it was, published where it was.</summary>
    /// <exception cref="NotFoundException">Absent, not deleted or not the actor's to write in.</exception>
    /// <exception cref="RefusedException">What its kind refuses to publish by now: see <see cref="IDocumentKind.CheckAsync"/>.</exception>
    public Task RestoreAsync(Actor actor, DocumentKind kind, string slug, CancellationToken cancel = default) => MarkAsync(actor, kind, slug, isDeleted: false, cancel);

    internal static string CheckedTitle(string? text)
    {
        var title = PlainText.Line(text);
        return title.Length is > 0 and <= Title ? title : throw new RefusedException(Refusal.BadTitle, Title);
    }

    // Content may be in any language, not only in those of the interface.
    internal static void CheckLanguage(string? language)
    {
        if (language is not { Length: 2 or 3 } || !language.All(char.IsAsciiLetterLower))
            throw new RefusedException(Refusal.UnknownLanguage);
    }

    // What an address may be is the same for rooms.
    internal static bool IsSlug(string slug) => Discussion.Rooms.IsSlug(slug) && !Reserved.Contains(slug, StringComparer.Ordinal);

    static string SlugOf(string title) => Folding.Slug(title) is { Length: >= 2 } slug && !Reserved.Contains(slug, StringComparer.Ordinal) ? slug : "document";

    async Task MarkAsync(Actor actor, DocumentKind kind, string slug, bool isDeleted, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var document = await DocumentAccess.Seen(context, kinds[kind], actor, toWrite: true).SingleOrDefaultAsync(d => d.Slug == slug && d.DeletedAt != null != isDeleted, cancel)
            ?? throw new NotFoundException("document");
        document.DeletedAt = isDeleted ? clock.GetUtcNow() : null;
        document.DeletedById = isDeleted ? DocumentAccess.NumberOf(actor) : null;
        await context.SaveChangesAsync(cancel);
        await context.ChangeShelfAsync(kind, cancel);
        List<int> gone = [];
        if (isDeleted)
        {
            // What is not there any more waits for nobody.
            foreach (var version in await context.LanguageVersions.Where(v => v.DocumentId == document.Id).AsNoTracking().ToListAsync(cancel))
                await context.CallOffReviewersAsync(version, cancel);
            gone = await TalkSeats.EmptyAsync(context, document, cancel);
        }
        else
        {
            // Others may have been published meanwhile that do not go with it.
            foreach (var one in await DocumentAccess.PresentAsync(context, document.Id, cancel))
                await kinds[kind].CheckAsync(context, new(kind, slug, one.Language), one.Markdown, cancel);
        }
        await transaction.CommitAsync(cancel);
        foreach (var member in gone)
            feed.Publish(new AccessEnded(member, document.TalkId, AccessEndedReason.Left));
    }
}
