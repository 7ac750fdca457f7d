using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What quoted members say to it. Only the author answers, as often as they like; the last answer counts from then on.</summary>
public sealed class Quotes(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Quotes of one page.</summary>
    public const int Page = 30;

    /// <summary>Where others quote the actor or want to, the newest draft first. Leaving a room does not take away the say over one's own words.</summary>
    /// <param name="actor">Whose words.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<QuotesOfMine> ListAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("quotes");
        await using var context = db.CreateDbContext();
        var published = DraftAccess.Published(context);
        var rows = await (
            from q in context.Quotes
            where q.AuthorId == actor.MemberId
            join d in context.PracticeDrafts on q.DraftId equals d.Id
            join m in context.Messages on new { q.ConversationId, q.Seq } equals new { m.ConversationId, m.Seq }
            where m.DeletedAt == null && m.HiddenAt == null
            join c in context.Conversations on q.ConversationId equals c.Id
            join u in context.Users on d.ById equals u.Id
            join p in context.Memberships.Where(p => p.MemberId == actor.MemberId) on c.Id equals p.ConversationId into places
            from place in places.DefaultIfEmpty()
            orderby d.Id descending, q.Position, q.Id
            let practice = published.Where(one => one.DocumentId == d.DocumentId).Select(one => one.Slug).FirstOrDefault()
            select new { Quote = q, d.Title, u.Handle, u.DisplayName, u.PictureVersion, Room = c.Title, c.Slug, c.Language, c.IsOpen, IsIn = place != null, m.SentAt, m.EditedAt, m.Markdown, Practice = practice })
            .AsNoTracking().Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return new([.. rows.Take(Page).Select(row => new QuoteOfMine(
            row.Quote.Id, row.Quote.DraftId, row.Title, new(row.Handle, row.DisplayName, row.PictureVersion), row.Room, row.Language,
            row.IsOpen == 1 || row.IsIn ? string.Create(CultureInfo.InvariantCulture, $"/rooms/{Uri.EscapeDataString(row.Slug!)}/messages/{row.Quote.Seq}") : null,
            row.Quote.Text, row.SentAt, row.Markdown == row.Quote.Text ? null : row.EditedAt, row.Quote.Answer, row.Quote.Answer is QuoteAnswer.Agreed or QuoteAnswer.WithoutName ? row.Practice : null))], rows.Count > Page);
    }

    /// <summary>Answers about one quote.</summary>
    /// <exception cref="NotFoundException">Gone, or somebody else's words.</exception>
    /// <exception cref="RefusedException">No answer that one can give.</exception>
    public Task AnswerAsync(Actor actor, int quote, QuoteAnswer answer, CancellationToken cancel = default) => AnswerAsync(actor, answer, mine => mine.Where(q => q.Id == quote), cancel);

    /// <summary>Answers about all quotes of the actor in one draft.</summary>
    /// <exception cref="NotFoundException">It quotes nothing of the actor.</exception>
    /// <exception cref="RefusedException">No answer that one can give.</exception>
    public Task AnswerAllAsync(Actor actor, int draft, QuoteAnswer answer, CancellationToken cancel = default) => AnswerAsync(actor, answer, mine => mine.Where(q => q.DraftId == draft), cancel);

    async Task AnswerAsync(Actor actor, QuoteAnswer answer, Func<IQueryable<Quote>, IQueryable<Quote>> which, CancellationToken cancel)
    {
        if (answer is not (QuoteAnswer.Agreed or QuoteAnswer.WithoutName or QuoteAnswer.Refused))
            throw new RefusedException(Refusal.BadChoice);
        if (!actor.IsMember)
            throw new NotFoundException("quote");
        WrittenNotice? notice = null;
        await using (var context = db.CreateDbContext())
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            var mine = which(context.Quotes.Where(q => q.AuthorId == actor.MemberId));
            var draft = await mine.Join(context.PracticeDrafts, q => q.DraftId, d => d.Id, (_, d) => new { d.Id, d.ById }).FirstOrDefaultAsync(cancel) ?? throw new NotFoundException("quote");
            var now = clock.GetUtcNow();
            var changed = await mine.Where(q => q.Answer != answer).ExecuteUpdateAsync(set => set.SetProperty(q => q.Answer, answer).SetProperty(q => q.AnsweredAt, now), cancel);
            if (changed > 0 && draft.ById != actor.MemberId)
                await context.RingAsync(notice = QuoteNotices.Answered(draft.ById, draft.Id, actor), now, cancel);
            await transaction.CommitAsync(cancel);
        }
        if (notice is not null)
            feed.Publish(new MembersNoticed([notice]));
    }
}
