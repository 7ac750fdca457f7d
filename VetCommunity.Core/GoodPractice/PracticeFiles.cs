using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A practice in one language as a file that an import reads as the same.</summary>
/// <param name="Path">The name, in a folder where it needs one.</param>
/// <param name="Markdown">The newest revision, each character as it is.</param>
/// <param name="At">When that was stored.</param>
/// <param name="Files">The pictures and files that it shows and that none before it did, by where they lie, with their numbers.</param>
sealed record WrittenPractice(string Path, string Markdown, DateTimeOffset At, IReadOnlyList<(string Path, string Id)> Files);

/// <summary>All practices as files, for the export and for the archive.</summary>
static class PracticeFiles
{
    const int AtOnce = 20;

    /// <summary>One after the other. Whoever takes them slowly keeps no connection to the database.</summary>
    public static async IAsyncEnumerable<WrittenPractice> AllAsync(CommunityDbFactory databases, [EnumeratorCancellation] CancellationToken cancel)
    {
        List<int> versions;
        await using (var db = databases.CreateDbContext())
            versions = await (
                from d in db.Documents
                where d.Kind == DocumentKind.Practice && d.DeletedAt == null
                join v in db.LanguageVersions on d.Id equals v.DocumentId
                orderby d.Slug, v.Id
                select v.Id).ToListAsync(cancel);
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach (var some in versions.Chunk(AtOnce))
        {
            await using var db = databases.CreateDbContext();
            var rows = await (
                from v in db.LanguageVersions
                where some.Contains(v.Id)
                join d in db.Documents on v.DocumentId equals d.Id
                join r in db.Revisions on new { VersionId = v.Id, Number = v.LastNumber } equals new { r.VersionId, r.Number }
                orderby d.Slug, v.Id
                select new { d.Slug, v.Language, v.SourceId, r.Markdown, r.At }).AsNoTracking().ToListAsync(cancel);
            var shown = rows.ConvertAll(one => CarriedFiles.ShownIn(one.Markdown).Select(file => file.Id).ToHashSet(StringComparer.Ordinal));
            var all = shown.SelectMany(ids => ids).Distinct(StringComparer.Ordinal).ToList();
            // A text may show what belongs to another practice.
            var files = all.Count == 0 ? [] : await db.Attachments.Where(a => all.Contains(a.Id) && db.Documents.Any(d => d.Id == a.DocumentId && d.Kind == DocumentKind.Practice && d.DeletedAt == null))
                .OrderBy(a => a.Id).Select(a => new { a.Id, a.Name }).ToListAsync(cancel);
            await db.DisposeAsync();
            foreach (var (one, ids) in rows.Zip(shown))
            {
                yield return new(
                    PracticeFile.NameOf(one.Slug, one.Language, one.SourceId is null, FrontMatter.Of(one.Markdown)["language"]?.AsText), one.Markdown, one.At,
                    [.. files.Where(file => ids.Contains(file.Id) && written.Add(file.Id)).Select(file => (CarriedFiles.PathOf(file.Id, file.Name), file.Id))]);
            }
        }
    }
}
