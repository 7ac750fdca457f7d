using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What of the practices in progress a list shows.</summary>
public enum DeskList
{
    /// <summary>Those that the actor began.</summary>
    Mine = 1,
    /// <summary>Those that wait for a review, the longest waiting first.</summary>
    Waiting = 2,
    /// <summary>All that the actor may read.</summary>
    All = 3,
    /// <summary>Published ones that are to be looked at again: see <see cref="PracticeRechecks.DueAsync"/>.</summary>
    Due = 4,
}

/// <summary>A language version of a practice in progress.</summary>
/// <param name="Slug">The practice's address part.</param>
/// <param name="Language">The language.</param>
/// <param name="Title">What it is called in its newest revision, or in the actor's draft.</param>
/// <param name="By">Who began the practice.</param>
/// <param name="Newest">The newest revision; 0 before the first.</param>
/// <param name="Published">The published one; null where none is.</param>
/// <param name="WaitsSince">Since when it waits for a review; null where it does not.</param>
/// <param name="IsReturned">Its last review asks for changes.</param>
/// <param name="HasDraft">The actor wrote something that is not stored yet.</param>
/// <param name="MayWrite">The actor may write in it.</param>
public sealed record DeskRow(
    string Slug, string Language, string Title, string By, int Newest, int? Published, DateTimeOffset? WaitsSince, bool IsReturned, bool HasDraft, bool MayWrite)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
}

/// <summary>A translation that lacks something.</summary>
/// <param name="Slug">The practice's address part.</param>
/// <param name="Language">The language of the translation.</param>
/// <param name="Title">What it is called, or its source before the first revision.</param>
/// <param name="TitleLanguage">The language of the title.</param>
/// <param name="Changed">Sections whose source says something else since.</param>
/// <param name="Missing">Sections that the source has and the translation has not.</param>
/// <param name="Reads">How often the practice was read in the last <see cref="PracticeReads.Days"/> days, in whatever language.</param>
public sealed record TranslationRow(string Slug, string Language, string Title, string TitleLanguage, int Changed, int Missing, int Reads);

/// <summary>The practices that are being written and reviewed, for those who do it.</summary>
public sealed class PracticeDesk(CommunityDbFactory db, DocumentKinds kinds, TimeProvider clock)
{
    /// <summary>Rows of one page.</summary>
    public const int Page = 20;

    // Titles stand at the beginning, in a front matter of ordinary length.
    const int Beginning = 8000;

    /// <summary>A page of language versions.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="list">Which.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<DeskRow> Rows, bool HasMore)> ListAsync(Actor actor, DeskList list, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var kind = kinds[DocumentKind.Practice];
        var (readable, writable) = (DocumentAccess.Seen(context, kind, actor, toWrite: false), DocumentAccess.Seen(context, kind, actor, toWrite: true));
        var versions =
            from d in readable
            where d.DeletedAt == null && (list != DeskList.Mine || d.CreatedById == actor.MemberId)
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            let waits = context.Submissions.Where(s => s.VersionId == v.Id && s.EndedAt == null).Select(s => (DateTimeOffset?)s.At).FirstOrDefault()
            where list != DeskList.Waiting || waits != null
            select new { d, v, waits };
        versions = list == DeskList.Waiting ? versions.OrderBy(one => one.waits).ThenBy(one => one.v.Id) : versions.OrderByDescending(one => one.v.Id);
        var rows = await versions.Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).Select(one => new
        {
            one.d.Slug,
            one.v.Language,
            one.v.LastNumber,
            one.waits,
            By = context.Users.Where(u => u.Id == one.d.CreatedById).Select(u => u.DisplayName).FirstOrDefault(),
            Stored = context.Revisions.Where(r => r.VersionId == one.v.Id && r.Number == one.v.LastNumber).Select(r => r.Markdown.Substring(0, Beginning)).FirstOrDefault(),
            Draft = context.DocumentDrafts.Where(r => r.VersionId == one.v.Id && r.MemberId == actor.MemberId).Select(r => r.Markdown.Substring(0, Beginning)).FirstOrDefault(),
            Published = context.Publications.Where(p => p.VersionId == one.v.Id && p.EndedAt == null).Select(p => (int?)p.Number).FirstOrDefault(),
            Outcome = context.Submissions.Where(s => s.VersionId == one.v.Id).OrderByDescending(s => s.Id).Select(s => s.Outcome).FirstOrDefault(),
            MayWrite = writable.Any(d => d.Id == one.d.Id),
        }).ToListAsync(cancel);
        return ([.. rows.Take(Page).Select(row => new DeskRow(row.Slug, row.Language, TitleOf(row.Draft ?? row.Stored, row.Slug), row.By ?? "", row.LastNumber, row.Published, row.waits,
            row.waits == null && row.Outcome == ReviewOutcome.Returned, row.Draft is not null, row.MayWrite))], rows.Count > Page);
    }

    /// <summary>A page of the translations that the actor may write in and that lack something: what is read most comes first, and of equals what lacks most.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<TranslationRow> Rows, bool HasMore)> TranslationsAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var since = PracticeReads.FirstDay(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime));
        var sections =
            from d in DocumentAccess.Seen(context, kinds[DocumentKind.Practice], actor, toWrite: true)
            where d.DeletedAt == null
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            join s in context.LanguageVersions on v.SourceId equals s.Id
            from r in context.Revisions
            where r.VersionId == s.Id && r.Number == (context.Publications.Where(p => p.VersionId == s.Id && p.EndedAt == null).Select(p => (int?)p.Number).FirstOrDefault() ?? s.LastNumber)
            join o in context.RevisionSections on r.Id equals o.RevisionId
            let translated = context.SectionTranslations.Where(t => t.VersionId == v.Id && t.SourceKey == o.Key
                && context.RevisionSections.Any(own => own.Key == t.Key && context.Revisions.Any(n => n.Id == own.RevisionId && n.VersionId == v.Id && n.Number == v.LastNumber))).Select(t => t.SourceHash).FirstOrDefault()
            where translated != o.Hash
            group translated == null by new { v.Id, v.DocumentId } into one
            select new { one.Key.Id, one.Key.DocumentId, All = one.Count(), Missing = one.Count(isMissing => isMissing) };
        var lacking = await (
            from one in sections
            let reads = context.ReadDays.Where(r => r.DocumentId == one.DocumentId && r.Day >= since).Sum(r => r.Count)
            orderby reads descending, one.All descending, one.Id
            select new { one.Id, one.All, one.Missing, Reads = reads }).Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        var ids = lacking.Select(one => one.Id).ToList();
        var rows = await (
            from v in context.LanguageVersions
            where ids.Contains(v.Id)
            join d in context.Documents on v.DocumentId equals d.Id
            join s in context.LanguageVersions on v.SourceId equals s.Id
            select new
            {
                v.Id,
                d.Slug,
                v.Language,
                Source = s.Language,
                Own = context.Revisions.Where(r => r.VersionId == v.Id && r.Number == v.LastNumber).Select(r => r.Markdown.Substring(0, Beginning)).FirstOrDefault(),
                Original = context.Revisions.Where(r => r.VersionId == s.Id && r.Number == s.LastNumber).Select(r => r.Markdown.Substring(0, Beginning)).FirstOrDefault(),
            }).ToDictionaryAsync(row => row.Id, cancel);
        return ([..
            from one in lacking.Take(Page)
            where rows.ContainsKey(one.Id)
            let row = rows[one.Id]
            select new TranslationRow(row.Slug, row.Language, TitleOf(row.Own ?? row.Original, row.Slug), row.Own is null ? row.Source : row.Language, one.All - one.Missing, one.Missing, one.Reads)], lacking.Count > Page);
    }

    static string TitleOf(string? beginning, string slug) => PracticeRecord.Of(beginning ?? "", slug).Title;
}
