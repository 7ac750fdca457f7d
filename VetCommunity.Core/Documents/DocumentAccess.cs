using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>Finds documents as their kind lets the actor: not allowed looks like not there.</summary>
static class DocumentAccess
{
    public static IQueryable<Document> Seen(CommunityDb db, IDocumentKind kind, Actor actor, bool toWrite)
    {
        var documents = toWrite ? kind.Writable(db, actor) : kind.Readable(db, actor);
        return documents.Where(d => d.Kind == kind.Kind);
    }

    public static async Task<LanguageVersion> FindAsync(CommunityDb db, DocumentKinds kinds, Actor actor, VersionAddress address, bool toWrite, CancellationToken cancel)
    {
        var documents = Seen(db, kinds[address.Kind], actor, toWrite).Where(d => d.Slug == address.Slug && d.DeletedAt == null);
        return await PreparedQuestions.Ready(db.LanguageVersions.AsNoTracking().Where(v => v.Language == address.Language && documents.Any(d => d.Id == v.DocumentId))).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException("document");
    }

    public static Task<Revision?> RevisionAsync(CommunityDb db, int version, int number, CancellationToken cancel) =>
        PreparedQuestions.Ready(db.Revisions.AsNoTracking()).SingleOrDefaultAsync(r => r.VersionId == version && r.Number == number, cancel);

    public static Task<List<KnownSection>> SectionsAsync(CommunityDb db, int version, int number, CancellationToken cancel) => (
        from s in db.RevisionSections
        where db.Revisions.Any(r => r.Id == s.RevisionId && r.VersionId == version && r.Number == number)
        orderby s.Position
        select new KnownSection(s.Key, s.Heading, s.Hash)).ToListAsync(cancel);

    /// <summary>What readers see of this kind is another from the end of the transaction on.</summary>
    public static Task ChangeShelfAsync(this CommunityDb db, DocumentKind kind, CancellationToken cancel) =>
        db.Shelves.Where(s => s.Kind == kind).ExecuteUpdateAsync(set => set.SetProperty(s => s.Version, s => s.Version + 1), cancel);

    /// <summary>The same, where readers see this language version; of one that nobody reads yet nothing is another.</summary>
    public static async Task ChangeShelfOfAsync(this CommunityDb db, LanguageVersion version, DocumentKind kind, CancellationToken cancel)
    {
        if (await db.Editions.AnyAsync(e => e.VersionId == version.Id, cancel))
            await db.ChangeShelfAsync(kind, cancel);
    }

    /// <summary>The documents of which readers have at least one language.</summary>
    public static IQueryable<Document> Published(CommunityDb db) =>
        db.Documents.Where(d => d.DeletedAt == null && db.LanguageVersions.Any(v => v.DocumentId == d.Id && db.Editions.Any(e => e.VersionId == v.Id)));

    /// <summary>What readers have of a document, or had until it was deleted, in each of its languages.</summary>
    public static async Task<IReadOnlyList<(string Language, string Markdown)>> PresentAsync(CommunityDb db, int document, CancellationToken cancel) => (await (
        from v in db.LanguageVersions
        where v.DocumentId == document
        join e in db.Editions on v.Id equals e.VersionId
        join r in db.Revisions on new { e.VersionId, e.Number } equals new { r.VersionId, r.Number }
        select new { v.Language, r.Markdown }).ToListAsync(cancel)).ConvertAll(one => (one.Language, one.Markdown));

    /// <summary>The revision of a language version that readers have; null where they have none.</summary>
    public static Task<int?> PublishedAsync(CommunityDb db, int version, CancellationToken cancel) =>
        db.Publications.Where(p => p.VersionId == version && p.EndedAt == null).Select(p => (int?)p.Number).SingleOrDefaultAsync(cancel);

    /// <summary>A line of the audit log about a revision, such as <c>practice.published</c>, stored with the next save.</summary>
    public static void Note(this CommunityDb db, DateTimeOffset at, Actor actor, string what, VersionAddress address, int number)
    {
        var kind = address.Kind.ToString().ToLowerInvariant();
        db.Audit.Add(new() { At = at, ActorId = NumberOf(actor), What = $"{kind}.{what}", Subject = $"{kind}:{address.Slug}", Detail = FormattableString.Invariant($"{address.Language} {number}") });
    }

    /// <summary>The member's number; null for the operator.</summary>
    public static int? NumberOf(Actor actor) => actor.IsMember ? actor.MemberId : null;

    /// <summary>What a database can hold and a document may be: everything but halves of letters and the zero character, up to the limit.</summary>
    public static string Checked(string? text) =>
        PlainText.Whole(PlainText.Within(text ?? "", FrontMatter.MostOfDocument).Replace("\0", "", StringComparison.Ordinal));

    /// <summary>Somebody's form: the same key of two people is not the same form.</summary>
    public static string KeyOf(Actor actor, string? key) => FormattableString.Invariant($"{actor.MemberId}-{Conversations.Limits.CheckedKey(key)}");
}
