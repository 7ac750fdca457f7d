using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.Noticing;

/// <summary>What called a member: listed, counted and read.</summary>
public sealed class Notices(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Notices of one page of the list.</summary>
    public const int Page = 40;

    /// <summary>More unread notices than this are not counted one by one.</summary>
    public const int MostCounted = 100;

    /// <summary>How long a notice is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    const int ExcerptLength = 160;
    const int SweptAtOnce = 1000;

    /// <summary>What called the actor, the newest first.</summary>
    /// <param name="actor">Whose; nobody reads another's.</param>
    /// <param name="before">Where the page before ended; null for the first one.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<NoticePage> ListAsync(Actor actor, NoticeCursor? before = null, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("notices");
        await using var context = db.CreateDbContext();
        var mine = SeenNotice.In(context).Where(one => one.Notice.MemberId == actor.MemberId).UnderTheBell();
        if (before is { } cursor)
            mine = mine.Where(one => one.Notice.At < cursor.At || (one.Notice.At == cursor.At && one.Notice.Id < cursor.Id));
        var rows = await mine.OrderByDescending(one => one.Notice.At).ThenByDescending(one => one.Notice.Id).Take(Page + 1).Select(one => new
        {
            one.Notice,
            one.Conversation,
            one.Place,
            one.Message,
            one.Resolution,
            one.By!.Handle,
            one.By.DisplayName,
            one.By.PictureVersion,
            Topic = one.Topic!.Name,
            one.Topic.Slug,
            Words = context.SavedSearches.Where(s => one.Notice.Kind == NoticeKind.FoundPractice && s.Id == one.Notice.Seq && s.MemberId == one.Notice.MemberId).Select(s => s.Words).FirstOrDefault(),
            File = context.Attachments.Where(a => a.ConversationId == one.Message!.ConversationId && a.Seq == one.Message.Seq)
                .OrderBy(a => a.Position).Select(a => a.Name).FirstOrDefault(),
        }).AsNoTracking().ToListAsync(cancel);
        var named = await NamedDocuments.OfAsync(context, rows.Select(row => row.Notice), cancel);
        var sessions = await NamedSessions.OfAsync(context, rows.Select(row => row.Notice), cancel);
        var shown = rows.Take(Page).Where(row => MayRead(actor, row.Notice, row.Conversation, row.Place)).Select(row => new NoticeRow(
            row.Notice.Id, row.Notice.Kind, row.Notice.At,
            row.Notice.ReadAt is null && ((row.Notice.Kind & NoticeKinds.OfMessages) == NoticeKind.None || row.Place is null || row.Place.LastReadSeq < row.Notice.Seq
                || (row.Notice.Kind == NoticeKind.Mention && row.Message?.EditedAt <= row.Notice.At)),
            new(row.Handle ?? "", row.DisplayName ?? row.Message?.ImportedAuthor ?? "", row.PictureVersion),
            row.Conversation?.Title ?? "", row.Conversation?.Language ?? named.GetValueOrDefault(row.Notice.Id).Language ?? SessionOf(row.Notice)?.Language, row.Topic,
            row.Message is { } message ? MessageReading.Excerpt(message.Markdown, row.File, ExcerptLength) : row.Resolution?.Sentence ?? row.Words ?? named.GetValueOrDefault(row.Notice.Id).Title ?? SessionOf(row.Notice)?.Title ?? "",
            row.Resolution?.Outcome, AddressOf(row.Notice, row.Conversation, row.Slug), SessionOf(row.Notice)?.StartsAt)).ToList();
        return new(shown, rows.Count > Page ? new(rows[Page - 1].Notice.At, rows[Page - 1].Notice.Id) : null, rows.Count == 0 ? 0 : rows.Max(row => row.Notice.Id));

        NamedSession? SessionOf(Notice notice) => (notice.Kind & NoticeKinds.OfSessions) == NoticeKind.None ? null : sessions.GetValueOrDefault(notice.Seq);
    }

    /// <summary>How many the actor has not read, at most <see cref="MostCounted"/>.</summary>
    public async Task<int> UnreadAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            return 0;
        await using var context = db.CreateDbContext();
        // Most members most of the time have none, and whether they may still read each is not asked of nothing.
        return await NotOpened.AskAsync(context, actor.MemberId, cancel) is [] ? 0 : (await SeenNotice.Calling.AskAsync(context, actor.MemberId, clock.GetUtcNow(), cancel)).Count;
    }

    static readonly OftenAsked<int, long> NotOpened = new((context, member) =>
        context.Notices.Where(n => n.MemberId == member && n.ReadAt == null).Take(1).Select(n => n.Id));

    /// <summary>The same for many members, in one question.</summary>
    /// <param name="actor">The operator: nobody else asks for other people.</param>
    /// <param name="members">Whose.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyDictionary<int, int>> UnreadOfAsync(Actor actor, IReadOnlyCollection<int> members, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("notices");
        await using var context = db.CreateDbContext();
        var counts = await SeenNotice.In(context).Where(one => members.Contains(one.Notice.MemberId)).UnderTheBell().Unread()
            .GroupBy(one => one.Notice.MemberId).Select(one => new { Member = one.Key, Count = one.Count() }).ToDictionaryAsync(one => one.Member, one => one.Count, cancel);
        return members.Distinct().ToDictionary(member => member, member => Math.Min(MostCounted, counts.GetValueOrDefault(member)));
    }

    /// <summary>One notice has been read; another member's is not there.</summary>
    public Task ReadAsync(Actor actor, long id, CancellationToken cancel = default) => MarkAsync(actor, mine => mine.Where(n => n.Id == id), cancel);

    /// <summary>All that the actor has seen in the list has been read; what came since stays.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="newest">The highest number that was shown.</param>
    /// <param name="cancel">Stops.</param>
    public Task ReadAllAsync(Actor actor, long newest, CancellationToken cancel = default) => MarkAsync(actor, mine => mine.Where(n => n.Id <= newest), cancel);

    /// <summary>The actor looks at what asks about the own words.</summary>
    public Task QuotesSeenAsync(Actor actor, CancellationToken cancel = default) => MarkAsync(actor, mine => mine.Where(n => n.Kind == NoticeKind.QuoteAsked), cancel);

    /// <summary>The actor looks at a draft, and so at the answers that came.</summary>
    public Task DraftSeenAsync(Actor actor, int draft, CancellationToken cancel = default) => MarkAsync(actor, mine => mine.Where(n => n.Kind == NoticeKind.QuoteAnswered && n.Seq == draft), cancel);

    /// <summary>The actor runs a saved search again.</summary>
    public Task SearchSeenAsync(Actor actor, int search, CancellationToken cancel = default) => MarkAsync(actor, mine => mine.Where(n => n.Kind == NoticeKind.FoundPractice && n.Seq == search), cancel);

    /// <summary>The actor looks at what is to be looked at again.</summary>
    public Task ReviewDueSeenAsync(Actor actor, int version, CancellationToken cancel = default) => MarkAsync(actor, mine => mine.Where(n => n.Kind == NoticeKind.ReviewDue && n.Seq == version), cancel);

    /// <summary>The actor looks at a session.</summary>
    public Task SessionSeenAsync(Actor actor, int session, CancellationToken cancel = default) =>
        MarkAsync(actor, mine => mine.Where(n => n.ConversationId == 0 && n.Seq == session && (n.Kind & NoticeKinds.OfSessions) != NoticeKind.None), cancel);

    /// <summary>The actor looks at the review of a document in one language.</summary>
    public Task ReviewSeenAsync(Actor actor, VersionAddress document, CancellationToken cancel = default) => MarkAsync(actor, (context, mine) => mine.Where(n => (n.Kind & NoticeKinds.OfDocuments) != NoticeKind.None
        && context.LanguageVersions.Any(v => v.Id == n.Seq && v.Language == document.Language && context.Documents.Any(d => d.Id == v.DocumentId && d.Kind == document.Kind && d.Slug == document.Slug))), cancel);

    /// <summary>The actor looks at the translations of a message.</summary>
    public Task TranslationsSeenAsync(Actor actor, int conversationId, long seq, CancellationToken cancel = default) =>
        MarkAsync(actor, mine => mine.Where(n => n.ConversationId == conversationId && n.Seq == seq && (n.Kind & NoticeKinds.AboutMessages) != NoticeKind.None), cancel);

    /// <summary>The actor opened a message by its address.</summary>
    public Task OpenedAsync(Actor actor, int conversationId, long seq, CancellationToken cancel = default) =>
        MarkAsync(actor, mine => mine.Where(n => n.ConversationId == conversationId && n.Seq == seq && (n.Kind & NoticeKinds.OfMessages) != NoticeKind.None), cancel);

    /// <summary>The actor looks at a room, or at one topic of it and so at its messages.</summary>
    public Task VisitedAsync(Actor actor, int conversationId, string? topicSlug, CancellationToken cancel = default) => MarkAsync(actor, (context, mine) =>
    {
        var here = mine.Where(n => n.ConversationId == conversationId);
        if (topicSlug is null)
            return here.Where(n => (n.Kind & NoticeKinds.OfTheRoom) != NoticeKind.None);
        var topics = context.TopicSlugs.Where(s => s.ConversationId == conversationId && s.Slug == topicSlug).Select(s => s.TopicId);
        return here.Where(n => (n.Kind & NoticeKinds.OfTheRoom) != NoticeKind.None
            || (n.Kind == NoticeKind.Outcome && context.Resolutions.Any(r => r.Id == n.Seq && topics.Contains(r.TopicId)))
            || ((n.Kind & NoticeKinds.OfMessages) != NoticeKind.None && context.Messages.Any(m => m.ConversationId == conversationId && m.Seq == n.Seq && topics.Contains(m.TopicId))));
    }, cancel);

    /// <summary>Lets go of what is older than <see cref="Kept"/>, and writes down as read what was read in its conversation.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <returns>How many notices went.</returns>
    public async Task<int> SweepAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("notices");
        var now = clock.GetUtcNow();
        var cutoff = now - Kept;
        await using var context = db.CreateDbContext();
        await context.Notices.Where(n => n.ReadAt == null && (n.Kind & NoticeKinds.OfMessages) != NoticeKind.None
            && context.Memberships.Any(p => p.ConversationId == n.ConversationId && p.MemberId == n.MemberId && p.LastReadSeq >= n.Seq)
            && (n.Kind != NoticeKind.Mention || !context.Messages.Any(m => m.ConversationId == n.ConversationId && m.Seq == n.Seq && m.EditedAt <= n.At)))
            .ExecuteUpdateAsync(set => set.SetProperty(n => n.ReadAt, now), cancel);
        var all = 0;
        while (true)
        {
            // Numbers come in the order of time: the oldest are found without looking at the others.
            var oldest = await context.Notices.OrderBy(n => n.Id).Take(SweptAtOnce).Where(n => n.At < cutoff).Select(n => n.Id).ToListAsync(cancel);
            if (oldest.Count == 0)
                return all;
            all += await context.Notices.Where(n => oldest.Contains(n.Id)).ExecuteDeleteAsync(cancel);
        }
    }

    Task MarkAsync(Actor actor, Func<IQueryable<Notice>, IQueryable<Notice>> which, CancellationToken cancel) => MarkAsync(actor, (_, mine) => which(mine), cancel);

    // Asked first: most visits mark nothing, and a question holds up no writer.
    async Task MarkAsync(Actor actor, Func<CommunityDb, IQueryable<Notice>, IQueryable<Notice>> which, CancellationToken cancel)
    {
        if (!actor.IsMember)
            return;
        await using var context = db.CreateDbContext();
        var unread = which(context, context.Notices.Where(n => n.MemberId == actor.MemberId && n.ReadAt == null));
        if (!await unread.AnyAsync(cancel))
            return;
        var now = clock.GetUtcNow();
        if (await unread.ExecuteUpdateAsync(set => set.SetProperty(n => n.ReadAt, now), cancel) > 0)
            feed.Publish(new NoticesRead(actor.MemberId));
    }

    // What the query found is judged once more by the kind's own rule.
    static bool MayRead(Actor actor, Notice notice, Conversation? conversation, Membership? place) =>
        (notice.Kind & NoticeKinds.OfTheMember) != NoticeKind.None
        || (conversation is not null && ConversationRule.Of(conversation.Kind).MayRead(actor, new(conversation.IsOpen == 1, conversation.EndedAt is not null, place?.Role)));

    /// <summary>Where it leads: to the message, the topic or the room; null where there is nothing to open.</summary>
    internal static string? AddressOf(Notice notice, Conversation? conversation, string? topicSlug)
    {
        if (NoticeKinds.AddressOf(notice.Kind, notice.Seq) is { } own)
            return own;
        if (conversation is null)
            return null;
        var address = conversation.Kind == ConversationKind.Room
            ? "/rooms/" + Uri.EscapeDataString(conversation.Slug!)
            : string.Create(CultureInfo.InvariantCulture, $"/conversations/{conversation.Id}");
        return notice.Kind switch
        {
            NoticeKind.Invitation => address,
            NoticeKind.YourTurn => address + "/hours",
            NoticeKind.BridgeAsked or NoticeKind.BridgeAnswered => string.Create(CultureInfo.InvariantCulture, $"{address}/messages/{notice.Seq}/translations"),
            NoticeKind.Outcome => $"{address}/{Uri.EscapeDataString(topicSlug ?? "")}",
            _ when (notice.Kind & NoticeKinds.OfMessages) != NoticeKind.None => string.Create(CultureInfo.InvariantCulture, $"{address}/messages/{notice.Seq}"),
            _ => null,
        };
    }
}

/// <summary>A page of notices.</summary>
/// <param name="Rows">The newest first.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
/// <param name="Newest">The highest number among them; 0 for none.</param>
public sealed record NoticePage(IReadOnlyList<NoticeRow> Rows, NoticeCursor? Next, long Newest);

/// <summary>The place of a notice in the list: what comes after it is older.</summary>
public sealed record NoticeCursor(DateTimeOffset At, long Id)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.ToUnixTimeMilliseconds()}-{Id}");

    /// <summary>The place that an address names; null for none.</summary>
    public static NoticeCursor? Parse(string? text) =>
        text?.Split('-') is [var at, var id]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(DateTimeOffset.FromUnixTimeMilliseconds(ms), number) : null;
}

/// <summary>A notice as its member reads it now.</summary>
/// <param name="Id">Number.</param>
/// <param name="Kind">Why.</param>
/// <param name="At">When it was written.</param>
/// <param name="IsUnread">Neither opened nor read in its conversation.</param>
/// <param name="By">Who gave cause; with empty names where nobody is named.</param>
/// <param name="Title">The room's title; empty between two people.</param>
/// <param name="Language">The language of the conversation or of the practice.</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="Text">The beginning of the message, the outcome's sentence, the words of the saved search, or the title of the practice or session.</param>
/// <param name="Outcome">How the topic ended.</param>
/// <param name="Address">Where it leads; null where there is nothing to open.</param>
/// <param name="Begins">When the session begins that it is about.</param>
public sealed record NoticeRow(
    long Id, NoticeKind Kind, DateTimeOffset At, bool IsUnread, Author By, string Title, string? Language, string? Topic, string Text, Outcome? Outcome, string? Address, DateTimeOffset? Begins = null);
