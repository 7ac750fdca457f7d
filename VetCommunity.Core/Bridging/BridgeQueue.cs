using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Bridging;

/// <summary>Which part of the queue is looked at.</summary>
public enum BridgeList
{
    /// <summary>What waits for the languages that the actor translates, longest first.</summary>
    Waiting,
    /// <summary>What the actor asked for, newest first.</summary>
    Asked,
    /// <summary>What the actor translated, newest first.</summary>
    Done,
}

/// <summary>One line of the queue.</summary>
/// <param name="Room">The room's address part.</param>
/// <param name="Title">The room's title.</param>
/// <param name="RoomLanguage">The room's language.</param>
/// <param name="Seq">The message.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Text">Its beginning.</param>
/// <param name="From">In which language it is.</param>
/// <param name="To">Into which language.</param>
/// <param name="At">When it was asked for or translated.</param>
/// <param name="IsAccepted">A translation stands under it; in <see cref="BridgeList.Done"/> the actor's.</param>
/// <param name="Proposals">How many translations wait to be accepted.</param>
public sealed record BridgeRow(string Room, string Title, string RoomLanguage, long Seq, string Author, string Text, string From, string To, DateTimeOffset At, bool IsAccepted, int Proposals);

/// <summary>A page of the queue.</summary>
public sealed record BridgePage(IReadOnlyList<BridgeRow> Rows, bool HasMore);

/// <summary>What waits to be translated, what the actor asked for and what the actor did: only of rooms that the actor may read now.</summary>
public sealed class BridgeQueue(CommunityDbFactory db)
{
    /// <summary>Lines of one page.</summary>
    public const int Page = 20;
    const int ExcerptLength = 200;

    /// <summary>A page of it.</summary>
    public async Task<BridgePage> ListAsync(Actor actor, BridgeList list, int page, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        await using var context = db.CreateDbContext();
        var rows = list switch
        {
            BridgeList.Asked => Asked(context, actor.MemberId),
            BridgeList.Done => Done(context, actor.MemberId),
            _ => Waiting(context, actor.MemberId),
        };
        var lines = Readable(context, actor, rows);
        var ordered = list == BridgeList.Waiting ? lines.OrderBy(line => line.At) : lines.OrderByDescending(line => line.At);
        var read = await ordered.ThenBy(line => line.Room).ThenBy(line => line.Seq).ThenBy(line => line.To)
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return new([.. read.Take(Page).Select(row => new BridgeRow(row.Room, row.Title, row.RoomLanguage, row.Seq, Privacy.FormerMember.Shown(row.Author ?? row.Imported ?? ""),
            PersonsMarkdown.Excerpt(row.Markdown, ExcerptLength), row.Language ?? row.RoomLanguage, row.To, row.At, row.IsAccepted, row.Proposals))], read.Count > Page);
    }

    static IQueryable<Wanted> Waiting(CommunityDb context, int member) =>
        from r in context.BridgeRequests
        where r.DoneAt == null
        join m in context.Messages on new { r.ConversationId, r.Seq } equals new { m.ConversationId, m.Seq }
        join c in context.Conversations on r.ConversationId equals c.Id
        join p in context.BridgePairs on r.To equals p.To
        where p.MemberId == member && p.From == (m.Language ?? c.Language)
            // What the actor has proposed since waits for somebody else.
            && !context.Translations.Any(t => t.ConversationId == r.ConversationId && t.Seq == r.Seq && t.To == r.To && t.ById == member && t.At >= r.AskedAt)
        select new Wanted { ConversationId = r.ConversationId, Seq = r.Seq, To = r.To, At = r.AskedAt, IsAccepted = false };

    static IQueryable<Wanted> Asked(CommunityDb context, int member) =>
        from a in context.BridgeAsks
        where a.MemberId == member
        join r in context.BridgeRequests on new { a.ConversationId, a.Seq, a.To } equals new { r.ConversationId, r.Seq, r.To }
        select new Wanted { ConversationId = a.ConversationId, Seq = a.Seq, To = a.To, At = a.At, IsAccepted = r.DoneAt != null };

    static IQueryable<Wanted> Done(CommunityDb context, int member) =>
        from t in context.Translations
        where t.ById == member
        select new Wanted { ConversationId = t.ConversationId, Seq = t.Seq, To = t.To, At = t.At, IsAccepted = t.IsAccepted == 1 };

    static IQueryable<Line> Readable(CommunityDb context, Actor actor, IQueryable<Wanted> wanted)
    {
        var banned = Bans.Now(context).Where(ban => ban.MemberId == actor.MemberId);
        return
            from w in wanted
            join m in context.Messages on new { w.ConversationId, w.Seq } equals new { m.ConversationId, m.Seq }
            join c in context.Conversations on w.ConversationId equals c.Id
            join u in context.Users on m.AuthorId equals u.Id into authors
            from author in authors.DefaultIfEmpty()
            where m.DeletedAt == null && m.HiddenAt == null && c.Kind == ConversationKind.Room
                && (c.IsOpen == 1 || context.Memberships.Any(p => p.ConversationId == c.Id && p.MemberId == actor.MemberId))
                && !banned.Any(ban => ban.ConversationId == c.Id)
            select new Line
            {
                Room = c.Slug!,
                Title = c.Title,
                RoomLanguage = c.Language,
                Language = m.Language,
                Seq = m.Seq,
                Author = author!.DisplayName,
                Imported = m.ImportedAuthor,
                Markdown = m.Markdown,
                To = w.To,
                At = w.At,
                IsAccepted = w.IsAccepted,
                Proposals = context.Translations.Count(t => t.ConversationId == w.ConversationId && t.Seq == w.Seq && t.To == w.To && t.IsAccepted == 0),
            };
    }

    sealed class Wanted
    {
        public int ConversationId { get; init; }
        public long Seq { get; init; }
        public required string To { get; init; }
        public DateTimeOffset At { get; init; }
        public bool IsAccepted { get; init; }
    }

    sealed class Line
    {
        public required string Room { get; init; }
        public required string Title { get; init; }
        public required string RoomLanguage { get; init; }
        public string? Language { get; init; }
        public long Seq { get; init; }
        public string? Author { get; init; }
        public string? Imported { get; init; }
        public required string Markdown { get; init; }
        public required string To { get; init; }
        public DateTimeOffset At { get; init; }
        public bool IsAccepted { get; init; }
        public int Proposals { get; init; }
    }
}
