using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What changes a draft. Whoever may see it may write in it; who is quoted is asked by its maker alone.</summary>
public sealed class DraftChanges(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>How long one waits before asking once more.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromDays(7);

    /// <summary>Gives it another title and body.</summary>
    /// <param name="actor">Who writes.</param>
    /// <param name="id">Number.</param>
    /// <param name="title">1 to 100 characters.</param>
    /// <param name="body">Markdown, at most 50,000 characters; may be empty.</param>
    /// <param name="version">The version that was changed.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="RefusedException">A bad title or body, or <see cref="Refusal.ChangedElsewhere"/>: another version stands there now, or a practice has been made of it; nothing was overwritten.</exception>
    /// <exception cref="NotFoundException">Absent or not the actor's to see.</exception>
    public async Task SaveAsync(Actor actor, int id, string? title, string? body, int version, CancellationToken cancel = default)
    {
        var (newTitle, newBody) = (PracticeDrafts.CheckedTitle(title), CheckedBody(body));
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (before, _) = await DraftAccess.FindAsync(context, actor, id, cancel);
        // Sent twice: saved is saved.
        if (before.Title == newTitle && before.Body == newBody)
            return;
        var now = clock.GetUtcNow();
        var changed = await context.PracticeDrafts.Where(d => d.Id == id && d.Version == version && d.DocumentId == null).ExecuteUpdateAsync(set => set.SetProperty(d => d.Title, newTitle).SetProperty(d => d.Body, newBody)
            .SetProperty(d => d.Version, version + 1).SetProperty(d => d.ChangedAt, now).SetProperty(d => d.ChangedById, actor.MemberId), cancel);
        if (changed == 0)
            throw new RefusedException(Refusal.ChangedElsewhere);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Puts a quote one place earlier or later; at the end it stays.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to see.</exception>
    public async Task MoveAsync(Actor actor, int id, int quote, bool earlier, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await DraftAccess.FindAsync(context, actor, id, cancel);
        var quotes = await context.Quotes.Where(q => q.DraftId == id).OrderBy(q => q.Position).ThenBy(q => q.Id).ToListAsync(cancel);
        // One steps over what is not shown, too.
        var shown = (await DraftAccess.QuotesAsync(context, id, cancel)).Select(one => one.Quote.Id).ToHashSet();
        var from = quotes.FindIndex(q => q.Id == quote);
        if (from < 0)
            throw new NotFoundException("quote");
        var to = earlier ? quotes.FindLastIndex(Math.Max(from - 1, 0), Math.Max(from, 0), q => shown.Contains(q.Id)) : quotes.FindIndex(Math.Min(from + 1, quotes.Count), q => shown.Contains(q.Id));
        if (to < 0 || to == from)
            return;
        var moved = quotes[from];
        quotes.RemoveAt(from);
        quotes.Insert(to, moved);
        foreach (var (index, one) in quotes.Index())
            one.Position = index + 1;
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Takes a quote out of the draft. Who was asked about nothing else in it needs no answer any more.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to see.</exception>
    public async Task RemoveAsync(Actor actor, int id, int quote, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await DraftAccess.FindAsync(context, actor, id, cancel);
        var author = await context.Quotes.Where(q => q.DraftId == id && q.Id == quote).Select(q => (int?)q.AuthorId).FirstOrDefaultAsync(cancel) ?? throw new NotFoundException("quote");
        await context.Quotes.Where(q => q.DraftId == id && q.Id == quote).ExecuteDeleteAsync(cancel);
        if (!await context.Quotes.AnyAsync(q => q.DraftId == id && q.AuthorId == author, cancel))
            await context.Notices.Where(n => n.MemberId == author && n.ConversationId == 0 && n.Seq == id && n.Kind == NoticeKind.QuoteAsked).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new NoticesRead(author));
    }

    /// <summary>Asks those once more who have not answered for a week; a third time nobody is asked. Answers how many people were.</summary>
    /// <exception cref="NotFoundException">Not the actor's own draft.</exception>
    public async Task<int> AskAgainAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        List<WrittenNotice> notices;
        await using (var context = db.CreateDbContext())
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            var (draft, _) = await DraftAccess.FindAsync(context, actor, id, cancel);
            if (!DraftAccess.IsMaker(actor, draft))
                throw new NotFoundException("draft");
            var now = clock.GetUtcNow();
            var quotes = (await DraftAccess.QuotesAsync(context, id, cancel)).Select(one => one.Quote).Where(q => MayAskAgain(q, now)).ToList();
            var ids = quotes.Select(q => q.Id).ToList();
            if (await context.Quotes.Where(q => ids.Contains(q.Id) && q.AskedAgainAt == null && q.Answer == QuoteAnswer.Waiting)
                .ExecuteUpdateAsync(set => set.SetProperty(q => q.AskedAgainAt, now), cancel) == 0)
                return 0;
            notices = [.. quotes.Select(q => q.AuthorId).Distinct().Select(author => QuoteNotices.Asked(author, id, actor))];
            foreach (var notice in notices)
                await context.RingAsync(notice, now, cancel);
            await transaction.CommitAsync(cancel);
        }
        feed.Publish(new MembersNoticed(notices));
        return notices.Count;
    }

    /// <summary>Throws the draft away, with its quotes and all word of it.</summary>
    /// <exception cref="NotFoundException">Neither the actor's own nor in a room that the actor moderates.</exception>
    public async Task DeleteAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (draft, room) = await DraftAccess.FindAsync(context, actor, id, cancel);
        if (!DraftAccess.IsMaker(actor, draft) && !room.Standing.IsModerator)
            throw new NotFoundException("draft");
        var asked = await context.Quotes.Where(q => q.DraftId == id).Select(q => q.AuthorId).Distinct().ToListAsync(cancel);
        await context.ForgetAsync(id, cancel);
        await context.Quotes.Where(q => q.DraftId == id).ExecuteDeleteAsync(cancel);
        await context.PracticeDrafts.Where(d => d.Id == id).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var member in asked.Append(draft.ById).Distinct())
            feed.Publish(new NoticesRead(member));
    }

    internal static bool MayAskAgain(Quote quote, DateTimeOffset now) => quote is { Answer: QuoteAnswer.Waiting, AskedAgainAt: null } && now - quote.AskedAt >= AskAgainAfter;

    static string CheckedBody(string? text)
    {
        var body = (text ?? "").ReplaceLineEndings("\n").Trim();
        if (body.Length > PracticeDrafts.Body)
            throw new RefusedException(Refusal.TextTooLong, body.Length, PracticeDrafts.Body);
        // Nesting that no reader could follow is refused here and not on the page.
        _ = Markdown.PersonsMarkdown.ToHtml(body);
        return new([.. body.Where(letter => letter is '\n' or '\t' || !char.IsControl(letter))]);
    }
}
