using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Published practices that are to be looked at again, for those who write in them.</summary>
public sealed class PracticeRechecks(CommunityDbFactory db, DocumentKinds kinds, Practices practices, Feed feed, TimeProvider clock)
{
    /// <summary>Practices of one page.</summary>
    public const int Page = 20;

    // Of looks long ago nobody asks.
    const int MostPast = 20;

    /// <summary>The practice with its dates, and who looked at it again.</summary>
    /// <param name="actor">Who asks: whoever writes or reviews it.</param>
    /// <param name="slug">Its address part.</param>
    /// <param name="language">The language wished for.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Not published, or not the actor's to look after.</exception>
    public async Task<RecheckedPractice> ReadAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var id = await Seen(context, actor, toWrite: false).Where(d => d.Slug == slug).Select(d => (int?)d.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("practice");
        var card = await practices.CardAsync(actor, slug, language, cancel) ?? throw new NotFoundException("practice");
        var mayConfirm = actor.May(Act.TakePart) && await Seen(context, actor, toWrite: true).AnyAsync(d => d.Id == id, cancel);
        var past = await context.Rechecks.Where(r => r.DocumentId == id).OrderByDescending(r => r.Id).Take(MostPast)
            .Select(r => new RecheckRow(context.Users.Where(u => u.Id == r.ById).Select(u => u.DisplayName).FirstOrDefault() ?? "", r.At)).ToListAsync(cancel);
        return new(card, mayConfirm, past);
    }

    /// <summary>Says that what readers have is still true: the next look is due later. Once a day; nobody is reminded any more.</summary>
    /// <param name="actor">Who says so.</param>
    /// <param name="slug">The practice's address part.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <exception cref="NotFoundException">Not published, or not the actor's to write in.</exception>
    public async Task ConfirmAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        if (!actor.May(Act.TakePart) && actor != Actor.Operator)
            throw new NotFoundException("practice");
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var id = await Seen(context, actor, toWrite: true).Where(d => d.Slug == slug && DocumentAccess.Published(context).Any(one => one.Id == d.Id)).Select(d => (int?)d.Id).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException("practice");
        // Whoever says so at the same moment, or is about to remind of it, waits here.
        await context.Documents.Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.RemindedFor, (DateOnly?)null), cancel);
        var (now, today) = (clock.GetUtcNow(), Today(clock));
        if (await context.Rechecks.AnyAsync(r => r.DocumentId == id && r.Day == today, cancel))
            return;
        context.Add(new Recheck { DocumentId = id, Day = today, ById = DocumentAccess.NumberOf(actor), At = now });
        await context.SaveChangesAsync(cancel);
        await context.ChangeShelfAsync(DocumentKind.Practice, cancel);
        var calls = context.Notices.Where(n => n.Kind == NoticeKind.ReviewDue && n.ConversationId == 0 && context.LanguageVersions.Any(v => v.Id == n.Seq && v.DocumentId == id));
        var called = await calls.Select(n => n.MemberId).Distinct().ToListAsync(cancel);
        await calls.ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell([], called);
    }

    /// <summary>A page of the practices in which the actor may write and that are to be looked at soon or should have been, the most urgent first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="language">The language wished for.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<PracticeCard> Rows, bool HasMore)> DueAsync(Actor actor, string language, int page, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("practices");
        var due = await practices.DueAsync(Today(clock).AddDays(ReviewDates.DaysBefore), language, cancel);
        await using var context = db.CreateDbContext();
        var slugs = due.Select(one => one.Card.Slug).ToList();
        var mine = await Seen(context, actor, toWrite: true).Where(d => slugs.Contains(d.Slug)).Select(d => d.Slug).ToHashSetAsync(StringComparer.Ordinal, cancel);
        var rows = due.Select(one => one.Card).Where(card => mine.Contains(card.Slug)).OrderBy(card => card.Dates.DueOn).ThenBy(card => card.Slug, StringComparer.Ordinal)
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToList();
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>The day it is.</summary>
    internal static DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    IQueryable<Document> Seen(CommunityDb context, Actor actor, bool toWrite) => DocumentAccess.Seen(context, kinds[DocumentKind.Practice], actor, toWrite).Where(d => d.DeletedAt == null);
}
