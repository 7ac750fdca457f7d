using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.Live;

/// <summary>
/// A session that is over, seen again from its log: any moment of it is found by a few steps down an index, however long the log is. Slides are those that stood there at that moment, whatever was written since.
/// </summary>
public sealed class Replays(CommunityDbFactory db, Stages stages, MessageSearch search)
{
    /// <summary>Messages beside the stage.</summary>
    public const int MostSaid = 30;

    /// <summary>Captions that are found.</summary>
    public const int MostCaptions = 50;

    // What makes a moment another one than that before it.
    static readonly SessionEventKind[] Seen =
    [
        SessionEventKind.Shown, SessionEventKind.LeadTaken, SessionEventKind.FloorGiven, SessionEventKind.QuestionOpened, SessionEventKind.QuestionClosed, SessionEventKind.ResultsShown, SessionEventKind.ResultsHidden,
        SessionEventKind.TimerSet, SessionEventKind.TimerTaken,
        SessionEventKind.AudienceTakenUp, SessionEventKind.AudienceAnswered, SessionEventKind.AudienceOpened, SessionEventKind.AudienceHidden,
    ];

    /// <summary>A moment of the session; null while it is not over yet.</summary>
    /// <param name="actor">Somebody who is in it.</param>
    /// <param name="slug">Which.</param>
    /// <param name="at">Counted from its beginning; before it is the beginning, behind the end is the end.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<ReplayMoment?> SeeAsync(Actor actor, string slug, TimeSpan at, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await FindAsync(context, actor, slug, cancel);
        if (session is not { Phase: SessionPhase.Ended, StartedAt: { } begin, EndedAt: { } end })
            return null;
        var length = end > begin ? end - begin : TimeSpan.Zero;
        at = at < TimeSpan.Zero ? TimeSpan.Zero : at > length ? length : at;
        var now = begin + at;
        var started = await LastAsync(context, session.Id, SessionEventKind.Started, now, cancel);
        var shown = await LastAsync(context, session.Id, SessionEventKind.Shown, now, cancel) ?? started;
        var lead = await LastAsync(context, session.Id, SessionEventKind.LeadTaken, now, cancel) ?? started;
        var floor = await LastAsync(context, session.Id, SessionEventKind.FloorGiven, now, cancel);
        var (timer, taken) = (await LastAsync(context, session.Id, SessionEventKind.TimerSet, now, cancel), await LastAsync(context, session.Id, SessionEventKind.TimerTaken, now, cancel));
        var room = await context.Conversations.Where(c => c.Id == session.ConversationId).Select(c => c.Slug!).SingleAsync(cancel);
        var people = await context.Users.Where(u => (lead != null && u.Id == lead.ById) || (floor != null && u.Id == floor.MemberId)).Select(u => new { u.Id, u.Handle, u.DisplayName }).ToListAsync(cancel);
        var (leader, speaker) = (people.Find(one => one.Id == lead?.ById), people.Find(one => one.Id == floor?.MemberId));
        var stage = new StageState(session.Slug, session.Title, room, session.ConversationId, SessionPhase.Running, shown?.Version ?? 0, shown?.Slide ?? 1, shown?.Step ?? 0, 0, session.Furthest, session.FurthestStep,
            session.StartsAt, leader?.Handle, leader?.DisplayName, speaker?.DisplayName, [], await stages.DecksAsync(context, session, cancel, now), await QuestionAsync(context, session.Id, now, cancel), taken?.Version > timer?.Version ? null : timer?.Until);
        var (first, last) = (await SaidByAsync(context, session.ConversationId, begin.AddMilliseconds(-1), cancel), await SaidByAsync(context, session.ConversationId, now, cancel));
        var said = await MessageReading.ReadAsync(context, context.Messages.Where(m => m.ConversationId == session.ConversationId && m.Seq > first && m.Seq <= last && m.DeletedAt == null && m.HiddenAt == null)
            .OrderByDescending(m => m.Seq).Take(MostSaid), cancel);
        return new(stage, at, length, (await NextAsync(context, session, last, now, end, cancel))?.Subtract(begin), said, await Captions.AtAsync(context, session.Id, now, cancel), now,
            await AudienceQuestions.AnsweringAsync(context, session.Id, now, cancel));
    }

    /// <summary>The slides that were shown, each with the moment in which it came first.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<IReadOnlyList<ReplayChapter>> ChaptersAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await FindAsync(context, actor, slug, cancel);
        return [.. (await ShownAsync(context, session, actor.Language, cancel)).Select(one => one.Chapter)];
    }

    /// <summary>What of a session that is over holds all of these words.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    /// <exception cref="RefusedException">There is nothing to look for, or an operator's value is wrong.</exception>
    public async Task<ReplayHits> FindAsync(Actor actor, string slug, string words, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await FindAsync(context, actor, slug, cancel);
        if (session is not { StartedAt: { } begin, EndedAt: { } end })
            return new([], [], []);
        var room = await context.Conversations.Where(c => c.Id == session.ConversationId).Select(c => c.Slug!).SingleAsync(cancel);
        var found = await search.FindAsync(actor, $"room:{room} {words}", SearchOrder.Newest, cancel: cancel);
        var folded = Folding.Fold(words).Split([' ', '"'], StringSplitOptions.RemoveEmptyEntries);
        var slides = (await ShownAsync(context, session, actor.Language, cancel)).Where(one => Array.TrueForAll(folded, word => one.Folded.Value.Contains(word, StringComparison.Ordinal)));
        var captions = context.SessionCaptions.Where(c => c.SessionId == session.Id);
        foreach (var word in folded)
            captions = captions.Where(c => c.Folded.Contains(word));
        var typed = folded.Length == 0 ? [] : await captions.OrderBy(c => c.At).ThenBy(c => c.Id).Take(MostCaptions).Select(c => new { c.At, c.Language, c.Text }).ToListAsync(cancel);
        return new([.. slides.Select(one => one.Chapter)], [.. found.Messages.Where(one => one.Conversation == room && one.SentAt >= begin && one.SentAt <= end).Select(one => (one.SentAt - begin, one)).Reverse()],
            [.. typed.Select(one => (one.At > begin ? one.At - begin : TimeSpan.Zero, one.Language, one.Text))]);
    }

    static async Task<LiveSession> FindAsync(CommunityDb context, Actor actor, string slug, CancellationToken cancel) =>
        await LiveSessions.SeenBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug && actor.IsMember, cancel) ?? throw new NotFoundException("session");

    static Task<SessionEvent?> LastAsync(CommunityDb context, int session, SessionEventKind kind, DateTimeOffset until, CancellationToken cancel) =>
        context.SessionEvents.AsNoTracking().Where(e => e.SessionId == session && e.Kind == kind && e.At <= until).OrderByDescending(e => e.At).ThenByDescending(e => e.Version).FirstOrDefaultAsync(cancel);

    // The question that was open, or whose results everybody saw; what was answered is counted as it was in the end.
    static async Task<StageQuestion?> QuestionAsync(CommunityDb context, int session, DateTimeOffset now, CancellationToken cancel)
    {
        if (await LastAsync(context, session, SessionEventKind.QuestionOpened, now, cancel) is not { } opened)
            return null;
        var closed = await LastAsync(context, session, SessionEventKind.QuestionClosed, now, cancel);
        var shown = await LastAsync(context, session, SessionEventKind.ResultsShown, now, cancel);
        var hidden = await LastAsync(context, session, SessionEventKind.ResultsHidden, now, cancel);
        // Opening a question takes the results of others from the stage.
        var isShown = shown is not null && shown.Version > opened.Version && !(hidden?.Version > shown.Version);
        var isOpen = !(closed?.Version > opened.Version);
        if (!isOpen && !isShown)
            return null;
        var number = isOpen ? opened.QuestionId : shown!.QuestionId;
        return await context.SessionQuestions.AsNoTracking().SingleOrDefaultAsync(q => q.Id == number, cancel) is { } question ? await StageQuestions.OfAsync(context, question, isShown, cancel) with { IsOpen = isOpen } : null;
    }

    static async Task<DateTimeOffset?> NextAsync(CommunityDb context, LiveSession session, long lastSaid, DateTimeOffset now, DateTimeOffset end, CancellationToken cancel)
    {
        var next = await context.Messages.Where(m => m.ConversationId == session.ConversationId && m.Seq > lastSaid && m.DeletedAt == null && m.HiddenAt == null)
            .OrderBy(m => m.Seq).Select(m => (DateTimeOffset?)m.SentAt).FirstOrDefaultAsync(cancel);
        var typed = await context.SessionCaptions.Where(c => c.SessionId == session.Id && c.At > now).OrderBy(c => c.At).Select(c => (DateTimeOffset?)c.At).FirstOrDefaultAsync(cancel);
        if (next is null || typed < next)
            next = typed ?? next;
        foreach (var kind in Seen)
        {
            var at = await context.SessionEvents.Where(e => e.SessionId == session.Id && e.Kind == kind && e.At > now).OrderBy(e => e.At).Select(e => (DateTimeOffset?)e.At).FirstOrDefaultAsync(cancel);
            if (next is null || at < next)
                next = at ?? next;
        }
        return next <= end ? next : null;
    }

    // The number of the last message up to a moment. Numbers grow with time, and there is an index of numbers and none of times: so halves are taken until one is left.
    static async Task<long> SaidByAsync(CommunityDb context, int conversation, DateTimeOffset at, CancellationToken cancel)
    {
        var (low, high) = (0L, await context.Conversations.Where(c => c.Id == conversation).Select(c => c.LastSeq).SingleAsync(cancel));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            var found = await context.Messages.Where(m => m.ConversationId == conversation && m.Seq <= middle && m.Seq > low).OrderByDescending(m => m.Seq).Select(m => new { m.Seq, m.SentAt }).FirstOrDefaultAsync(cancel);
            if (found is null || found.SentAt <= at)
                low = middle;
            else
                high = found.Seq - 1;
        }
        return low;
    }

    async Task<List<(ReplayChapter Chapter, Lazy<string> Folded)>> ShownAsync(CommunityDb context, LiveSession session, string language, CancellationToken cancel)
    {
        if (session.StartedAt is not { } begin)
            return [];
        // From slide to slide down the index: an hour of turning there and back costs no more than a minute.
        var firsts = await context.Database.SqlQuery<FirstShown>($"""
            WITH RECURSIVE shown("Slide") AS (
                SELECT MIN("Slide") FROM "SessionEvents" WHERE "SessionId" = {session.Id}
                UNION ALL
                SELECT (SELECT MIN(e."Slide") FROM "SessionEvents" AS e WHERE e."SessionId" = {session.Id} AND e."Slide" > shown."Slide") FROM shown WHERE shown."Slide" IS NOT NULL)
            SELECT shown."Slide", (SELECT e."At" FROM "SessionEvents" AS e WHERE e."SessionId" = {session.Id} AND e."Slide" = shown."Slide" ORDER BY e."Version" LIMIT 1) AS "At"
            FROM shown WHERE shown."Slide" IS NOT NULL LIMIT {Deck.Most}
            """).ToListAsync(cancel);
        var decks = await stages.DecksAsync(context, session, cancel, session.EndedAt);
        List<(ReplayChapter, Lazy<string>)> shown = [];
        foreach (var (slide, moment) in firsts.Where(one => decks.Count > 0 && one.Slide <= decks[0].Deck.Slides.Count).OrderBy(one => one.At).ThenBy(one => one.Slide))
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(moment);
            if (Deck.SlideIn(decks, slide, language) is { } there)
                shown.Add((new(slide, at > begin ? at - begin : TimeSpan.Zero, there.Slide.Title, there.Language), new(() => Folding.Fold(Markdown.PersonsMarkdown.Plain(string.Join("\n\n", there.Slide.Parts))))));
        }
        return shown;
    }

    // When it was, as it is stored.
    sealed record FirstShown(int Slide, long At);
}
