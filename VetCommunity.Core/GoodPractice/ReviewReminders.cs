using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.GoodPractice;

/// <summary>
/// Reminds the authors of practices that are to be looked at again, once of each day that is due. For which one it was is noted down in the transaction of the notices, so that a crash loses
/// none and doubles none, and of two servers one does it.
/// </summary>
public sealed class ReviewReminders(CommunityDbFactory db, DocumentKinds kinds, Practices practices, Feed feed, TimeProvider clock)
{
    // Practices that are asked about at a time, and editors who are told where an author is gone.
    const int ABatch = 500, MostEditors = 100;

    (long Version, DateOnly Day) _looked;

    /// <summary>Looks at what is due. Without a publication it has nothing to do until the next day.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops before the next practice.</param>
    /// <returns>How many notices were written.</returns>
    public async Task<int> TellAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("reminders");
        var (version, today) = (await practices.VersionAsync(actor, cancel), PracticeRechecks.Today(clock));
        if ((version, today) == _looked)
            return 0;
        var written = 0;
        foreach (var batch in (await practices.DueAsync(today.AddDays(ReviewDates.DaysBefore), "en", cancel)).Chunk(ABatch))
        {
            var slugs = batch.Select(one => one.Card.Slug).ToList();
            await using var context = db.CreateDbContext();
            var known = await context.Documents.Where(d => d.Kind == DocumentKind.Practice && slugs.Contains(d.Slug)).Select(d => new { d.Id, d.Slug, d.RemindedFor })
                .ToDictionaryAsync(d => d.Slug, StringComparer.Ordinal, cancel);
            foreach (var (card, original) in batch)
            {
                if (known.TryGetValue(card.Slug, out var document) && document.RemindedFor != card.Dates.DueOn)
                    written += await RemindAsync(document.Id, original, card, cancel);
            }
        }
        _looked = (version, today);
        return written;
    }

    async Task<int> RemindAsync(int document, int version, PracticeCard card, CancellationToken cancel)
    {
        var (due, on) = (card.Dates.DueOn, card.Dates.CheckedOn);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // Another server was here, or it was withdrawn.
        if (await DocumentAccess.Published(context).Where(d => d.Id == document && (d.RemindedFor == null || d.RemindedFor != due))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.RemindedFor, due), cancel) == 0)
            return 0;
        // Somebody has just said that it is still true.
        if (await context.Rechecks.AnyAsync(r => r.DocumentId == document && r.Day > on, cancel))
            return 0;
        List<WrittenNotice> notices = [.. (await WhoAsync(context, document, cancel)).Select(member =>
            new WrittenNotice(member, NoticeKind.ReviewDue, ConversationId: 0, version, Conversation: "", In: null, card.Record.Title, ById: null, By: ""))];
        // With nobody to tell it waits for somebody.
        if (notices.Count == 0)
            return 0;
        foreach (var notice in notices)
            await context.RingAsync(notice, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell(notices);
        return notices.Count;
    }

    // Its author; without one the editors who may write in it; without those all of them.
    async Task<List<int>> WhoAsync(CommunityDb context, int document, CancellationToken cancel)
    {
        var author = await context.Documents.Where(d => d.Id == document && context.Users.Any(u => u.Id == d.CreatedById && u.ErasedAt == null)).Select(d => d.CreatedById!.Value).ToListAsync(cancel);
        if (author.Count > 0)
            return author;
        var editors = kinds[DocumentKind.Practice].Reviewers(context).OrderBy(u => u.Id);
        var own = await editors.Where(u => context.Documents.Any(d => d.Id == document && (d.OrganisationId == null || d.OrganisationId == u.OrganisationId))).Take(MostEditors).Select(u => u.Id).ToListAsync(cancel);
        return own.Count > 0 ? own : await editors.Take(MostEditors).Select(u => u.Id).ToListAsync(cancel);
    }
}
