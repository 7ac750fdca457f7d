using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Who may see a draft: of those who may read its room its maker, who moderates there, and editors.</summary>
static class DraftAccess
{
    public static async Task<(PracticeDraft Draft, FoundConversation Room)> FindAsync(CommunityDb context, Actor actor, int id, CancellationToken cancel)
    {
        var row = await context.PracticeDrafts.AsNoTracking().Where(d => d.Id == id)
            .Join(context.Conversations, d => d.ConversationId, c => c.Id, (d, c) => new { Draft = d, c.Slug }).FirstOrDefaultAsync(cancel) ?? throw new NotFoundException("draft");
        var room = await AllConversations.FindAsync(context, actor, row.Slug ?? "", cancel);
        return IsMaker(actor, row.Draft) || room.Standing.IsModerator || actor.May(Act.EditPractices) ? (row.Draft, room) : throw new NotFoundException("draft");
    }

    public static bool IsMaker(Actor actor, PracticeDraft draft) => actor.IsMember && draft.ById == actor.MemberId;

    /// <summary>What readers have of practices, the originals first.</summary>
    public static IQueryable<PublishedText> Published(CommunityDb context) =>
        from d in context.Documents
        where d.DeletedAt == null
        join v in context.LanguageVersions on d.Id equals v.DocumentId
        join e in context.Editions on v.Id equals e.VersionId
        orderby v.SourceId != null, v.Language
        select new PublishedText { DocumentId = d.Id, Slug = d.Slug, Title = e.Title };

    public static IQueryable<PracticeDraft> Seen(CommunityDb context, Actor actor, bool orPublished = false)
    {
        var (rooms, published) = (ReadableRooms.Of(context, actor), DocumentAccess.Published(context));
        var (me, everywhere) = (actor.MemberId, actor.May(Act.EditPractices) || actor.May(Act.ModerateRooms));
        if (!actor.IsMember || !actor.May(Act.TakePart))
            return context.PracticeDrafts.Where(d => false);
        return context.PracticeDrafts.Where(d =>
            rooms.Any(c => c.Id == d.ConversationId)
            && (d.ById == me || everywhere
                || (orPublished && published.Any(one => one.Id == d.DocumentId))
                || context.Memberships.Any(p => p.ConversationId == d.ConversationId && p.MemberId == me && p.Role == MembershipRole.Moderator)));
    }

    /// <summary>A draft's quotes whose messages stand, as they are now.</summary>
    public static async Task<List<StoredQuote>> QuotesAsync(CommunityDb context, int draft, CancellationToken cancel) => await (
        from q in context.Quotes
        where q.DraftId == draft
        join m in context.Messages on new { q.ConversationId, q.Seq } equals new { m.ConversationId, m.Seq }
        where m.DeletedAt == null && m.HiddenAt == null
        // Without its author nobody can take it back any more.
        join u in context.Users on q.AuthorId equals u.Id
        orderby q.Position, q.Id
        select new StoredQuote(q, u.Handle, u.DisplayName, u.PictureVersion, m.SentAt, m.Markdown == q.Text ? null : m.EditedAt)).AsNoTracking().ToListAsync(cancel);

    public static async Task<Unnaming> UnnamingAsync(CommunityDb context, int draft, List<StoredQuote> quotes, IEnumerable<string> texts, string nobody, CancellationToken cancel)
    {
        // Also those whose message is gone: others may go on speaking of them.
        var authors = await context.Quotes.Where(q => q.DraftId == draft).Select(q => q.AuthorId).Distinct().ToListAsync(cancel);
        var agreed = quotes.Where(one => one.Quote.Answer == QuoteAnswer.Agreed).Select(one => one.Quote.AuthorId).ToHashSet();
        var handles = texts.Concat(quotes.Select(one => one.Quote.Text)).SelectMany(Unnaming.HandlesIn).Distinct().ToList();
        var people = await context.Users.WithAccount().Where(u => handles.Contains(u.Handle) || authors.Contains(u.Id)).Select(u => new { u.Id, u.Handle, u.DisplayName }).ToListAsync(cancel);
        return new([.. people.OrderByDescending(u => u.Handle.Length).Select(u => new KnownPerson(u.Id, u.Handle, u.DisplayName, authors.Contains(u.Id), agreed.Contains(u.Id)))], nobody);
    }

    /// <summary>What may be quoted, and of whom who did not agree nothing.</summary>
    public static IReadOnlyList<TakenQuote> Taken(List<StoredQuote> quotes, Unnaming unnaming) => [..
        quotes.Where(one => one.Quote.Answer is QuoteAnswer.Agreed or QuoteAnswer.WithoutName).Select(one => one.Quote.Answer == QuoteAnswer.Agreed
            ? new TakenQuote(unnaming.In(one.Quote.Text), one.Name, one.Quote.Seq, one.SaidAt, one.EditedAt)
            : new TakenQuote(unnaming.In(one.Quote.Text, one.Quote.AuthorId), null, null, null, null))];
}

sealed record StoredQuote(Quote Quote, string Handle, string Name, string? Picture, DateTimeOffset SaidAt, DateTimeOffset? EditedAt);

sealed class PublishedText
{
    public int DocumentId { get; init; }
    public required string Slug { get; init; }
    public required string Title { get; init; }
}
