using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Noticing;

/// <summary>What the documents are called that notices are about, as far as who is told may read them by now.</summary>
static class NamedDocuments
{
    // Titles stand at the beginning, in a front matter of ordinary length.
    public const int Beginning = 8000;

    /// <summary>By the numbers of the notices.</summary>
    public static async Task<IReadOnlyDictionary<long, (string Title, string Language)>> OfAsync(CommunityDb context, IEnumerable<Notice> notices, CancellationToken cancel)
    {
        var numbers = notices.Where(notice => (notice.Kind & NoticeKinds.Titled) != NoticeKind.None).Select(notice => notice.Id).ToList();
        if (numbers.Count == 0)
            return new Dictionary<long, (string, string)>();
        var rows = await (
            from n in context.Notices
            where numbers.Contains(n.Id)
            from v in context.LanguageVersions
            where v.Id == n.Seq
            join d in context.Documents on v.DocumentId equals d.Id
            where d.DeletedAt == null
            let writes = d.CreatedById == n.MemberId || context.Users.Any(u => u.Id == n.MemberId && (u.Roles & Roles.Editor) == Roles.Editor)
            select new
            {
                n.Id,
                v.Language,
                d.Slug,
                Published = context.Editions.Where(e => e.VersionId == v.Id).Select(e => e.Title).FirstOrDefault(),
                Newest = context.Revisions.Where(r => writes && r.VersionId == v.Id && r.Number == v.LastNumber).Select(r => r.Markdown.Substring(0, Beginning)).FirstOrDefault(),
            }).ToListAsync(cancel);
        return rows.Select(row => (row.Id, Title: row.Newest is { } newest ? TitleIn(newest, row.Slug) : row.Published, row.Language)).Where(row => !string.IsNullOrEmpty(row.Title))
            .ToDictionary(row => row.Id, row => (row.Title!, row.Language));
    }

    /// <summary>What a document is called that begins like this.</summary>
    public static string TitleIn(string beginning, string slug) => DocumentTitle.Of(FrontMatter.Of(beginning)).Title is { Length: > 0 } title ? title : slug;
}
