using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.GoodPractice;

/// <summary>
/// Tells members of practices that answer their saved searches, behind the publications, which do not wait for it. Each practice is looked at once; that it was is noted down in the
/// transaction of what it told, so that a crash loses no word and doubles none.
/// </summary>
public sealed class SearchNotices(CommunityDbFactory db, Practices practices, Feed feed, TimeProvider clock)
{
    // Searches that are in memory at a time.
    const int ABatch = 1000;

    // A publication has the time at which it began: who saved a search in this moment did not find it yet.
    static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    long _looked = -1;

    /// <summary>Looks at the practices that came since the last look. Whoever has not read the word of a search yet is not told of it once more.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <returns>How many notices were written.</returns>
    public async Task<int> TellAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("searches");
        var version = await practices.VersionAsync(actor, cancel);
        if (version == _looked)
            return 0;
        await using var context = db.CreateDbContext();
        var published = await DocumentAccess.Published(context).Where(d => d.Kind == DocumentKind.Practice && d.AnnouncedAt == null).Select(d => new { d.Id, d.Slug }).ToListAsync(cancel);
        if (published.Count == 0)
        {
            _looked = version;
            return 0;
        }
        var fresh = await practices.AmongAsync(published.Select(one => one.Slug).ToHashSet(StringComparer.Ordinal), cancel);
        // What was withdrawn a moment ago is looked at when readers have it again.
        var looked = published.Where(one => fresh.Shelf.Contains(one.Slug)).Select(one => one.Id).ToList();
        var written = looked.Count == 0 ? [] : await StoreAsync(context, looked, await AnsweredAsync(context, fresh, cancel), cancel);
        if (written is null)
            return 0;
        _looked = version;
        if (written.Count > 0)
            feed.Publish(new MembersNoticed(written));
        return written.Count;
    }

    static async Task<List<int>> AnsweredAsync(CommunityDb context, PracticeWords fresh, CancellationToken cancel)
    {
        List<int> answered = [];
        for (var last = 0; ;)
        {
            var batch = await context.SavedSearches.AsNoTracking().Where(s => s.Id > last).OrderBy(s => s.Id).Take(ABatch).ToListAsync(cancel);
            foreach (var search in batch)
            {
                cancel.ThrowIfCancellationRequested();
                if (IsAnswered(fresh, search))
                    answered.Add(search.Id);
            }
            if (batch.Count < ABatch)
                return answered;
            last = batch[^1].Id;
        }
    }

    static bool IsAnswered(PracticeWords fresh, SavedSearch search)
    {
        var (row, since) = (SavedSearches.RowOf(search), search.At - Slack);
        var terms = SearchQuery.TermsOf(row.Words);
        return fresh.Shelf.Answers(row.Chosen, terms.Count == 0 ? null : fresh.Score(terms), versions => versions[0].ById != search.MemberId && versions.Min(one => one.FirstAt) >= since);
    }

    // Null where another process was here at the same moment: then it is theirs, or the next look's.
    async Task<List<WrittenNotice>?> StoreAsync(CommunityDb context, List<int> looked, List<int> answered, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        if (await context.Documents.Where(d => looked.Contains(d.Id) && d.AnnouncedAt == null).ExecuteUpdateAsync(set => set.SetProperty(d => d.AnnouncedAt, now), cancel) != looked.Count)
            return null;
        List<WrittenNotice> written = [];
        foreach (var batch in answered.Chunk(ABatch))
        {
            List<long> numbers = [.. batch];
            // Deleted meanwhile, or of somebody who is gone.
            var searches = await context.SavedSearches.Where(s => batch.Contains(s.Id) && context.Users.Any(u => u.Id == s.MemberId && u.ErasedAt == null))
                .Select(s => new { s.Id, s.MemberId }).ToListAsync(cancel);
            var told = context.Notices.Where(n => n.Kind == NoticeKind.FoundPractice && n.ConversationId == 0 && numbers.Contains(n.Seq));
            var unread = await told.Where(n => n.ReadAt == null).Select(n => n.Seq).ToHashSetAsync(cancel);
            await told.Where(n => n.ReadAt != null).ExecuteDeleteAsync(cancel);
            var notices = searches.Where(one => !unread.Contains(one.Id)).Select(one => new WrittenNotice(
                one.MemberId, NoticeKind.FoundPractice, ConversationId: 0, one.Id, Conversation: "", In: null, Title: "", ById: null, By: "")).ToList();
            context.Notices.AddRange(notices.Select(notice => notice.Row(now)));
            await context.SaveChangesAsync(cancel);
            context.ChangeTracker.Clear();
            written.AddRange(notices);
        }
        await transaction.CommitAsync(cancel);
        return written;
    }
}
