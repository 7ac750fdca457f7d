using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>
/// The minutes of a session that has ended: those who lead make them out of the shared notes, write on, and send them to all who took part, who approve or object until a day. What follows from that is reckoned when it is
/// read (<see cref="MinutesStanding"/>), so no round has to come by. A change takes back what was said about the text before it.
/// </summary>
public sealed class Minutes(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Characters of minutes.</summary>
    public const int Length = 80_000;

    /// <summary>Characters of an objection.</summary>
    public const int ObjectionLength = 500;

    /// <summary>Days of the term where nothing else is said.</summary>
    public const int UsualDays = 14;

    /// <summary>Days of the longest term.</summary>
    public const int MostDays = 90;

    /// <summary>Questions from the audience with which they begin.</summary>
    public const int MostQuestions = 50;

    /// <summary>Results with which they begin.</summary>
    public const int MostResults = 30;

    /// <summary>The minutes.</summary>
    /// <exception cref="NotFoundException">No such session, it has not ended or is a rehearsal, or the actor is no member with a place in it.</exception>
    public async Task<MinutesSeen> SeeAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await SeenBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        var leads = await LeadsAsync(context, actor, session, cancel);
        var minutes = await context.SessionMinutes.AsNoTracking().SingleOrDefaultAsync(m => m.SessionId == session.Id, cancel);
        if (minutes is null)
            return new(session.Id, session.Slug, session.Title, session.Language, leads, null, new(null, null, 0, 0, 0), null, IsAsked: false, null, []);
        var standing = await StandingAsync(context, minutes, cancel);
        var phase = standing.PhaseAt(clock.GetUtcNow());
        var isAsked = phase != MinutesPhase.Draft && minutes.SentById != actor.MemberId;
        // As many as a session is large.
        var lines = await Answers(context, minutes).Where(a => leads || a.MemberId == actor.MemberId).Join(context.Users, a => a.MemberId, u => u.Id, (a, u) => new { a, u }).OrderBy(one => one.a.Approves).ThenBy(one => one.u.DisplayName)
            .Take(LiveSessions.MostPeople).Select(one => new { one.a.MemberId, Line = new MinutesLine(one.u.Handle, one.u.DisplayName, one.a.Approves, one.a.Objection, one.a.At) }).ToListAsync(cancel);
        return new(session.Id, session.Slug, session.Title, session.Language, leads, phase, standing,
            leads || phase != MinutesPhase.Draft ? await SessionWriting.NewestAsync(context, session.Id, SessionTextKind.Minutes, cancel) : null,
            isAsked, lines.Find(one => one.MemberId == actor.MemberId)?.Line, leads ? lines.ConvertAll(one => one.Line) : []);
    }

    /// <summary>What the session's page says about them; nothing where there is nothing to say to the actor.</summary>
    public async Task<MinutesGlance> GlanceAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        if (await SeenBy(context, actor).Where(s => s.Slug == slug).Join(context.SessionMinutes, s => s.Id, m => m.SessionId, (_, m) => m).AsNoTracking().SingleOrDefaultAsync(cancel) is not { } minutes)
            return new(null, Waits: false);
        var (standing, now) = (await StandingAsync(context, minutes, cancel), clock.GetUtcNow());
        var phase = standing.PhaseAt(now);
        return new(phase, phase is MinutesPhase.Asked or MinutesPhase.Objected && now < minutes.Until && minutes.SentById != actor.MemberId
            && !await context.MinutesAnswers.AnyAsync(a => a.SessionId == minutes.SessionId && a.MemberId == actor.MemberId, cancel));
    }

    /// <summary>Makes the minutes; from then on nobody writes in the notes any more. A second time changes nothing.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="write">Writes the text with which they begin; what is longer than <see cref="Length"/> is cut at the end of a line.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session, it has not ended or is a rehearsal, or the actor does not lead it.</exception>
    public async Task MakeAsync(Actor actor, string slug, Func<MinutesFacts, string> write, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LockAsync(context, actor, slug, leads: true, cancel);
        if (await context.SessionMinutes.AnyAsync(m => m.SessionId == session.Id, cancel))
            return;
        var text = write(await FactsAsync(context, session, cancel));
        if (text.Length > Length)
        {
            text = PlainText.Beginning(text, Length);
            text = text.LastIndexOf('\n') is > 0 and var end ? text[..end] : text;
        }
        context.Add(new SessionMinutes { SessionId = session.Id, MadeById = actor.MemberId, MadeAt = clock.GetUtcNow() });
        await context.SaveChangesAsync(cancel);
        await SessionWriting.SaveAsync(context, actor, session, SessionTextKind.Minutes, SessionWriting.Checked(text, Length), seen: 0, Length, cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new NotesChanged(session.ConversationId));
    }

    /// <summary>Saves the minutes as the actor has written them, together with what others who lead saved meanwhile. In a conflict nothing is saved. A change takes back that they were sent, and all that was said about them.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="text">Markdown, at most <see cref="Length"/> characters.</param>
    /// <param name="seen">The state on which it was written.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session, it has no minutes, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">They are approved, or the text is empty, too long or too deep.</exception>
    public async Task<TextSaved> SaveAsync(Actor actor, string slug, string? text, int seen, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        // Read before anything is held: somebody else's text is not even measured, and nobody waits while a long one is.
        if (!await SeenBy(context, actor).AnyAsync(s => s.Slug == slug && context.SessionMinutes.Any(m => m.SessionId == s.Id) && LiveSessions.LedBy(context, actor).Any(one => one.Id == s.Id), cancel))
            throw new NotFoundException("minutes");
        var mine = SessionWriting.Checked(text, Length);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (session, minutes) = await LockedAsync(context, actor, slug, leads: true, cancel);
        CheckOpen(await StandingAsync(context, minutes, cancel));
        if (mine.Length == 0)
            throw new RefusedException(Refusal.EmptyText);
        var before = await NumberAsync(context, session, cancel);
        var saved = await SessionWriting.SaveAsync(context, actor, session, SessionTextKind.Minutes, mine, seen, Length, cancel);
        if (saved.Number != before && minutes.Until is not null)
        {
            (minutes.SentById, minutes.SentAt, minutes.Until) = (null, null, null);
            await context.SaveChangesAsync(cancel);
            await context.MinutesAnswers.Where(a => a.SessionId == session.Id).ExecuteDeleteAsync(cancel);
            await new SessionNews(session).ForgetAsync(context, NoticeKind.MinutesSent, await SessionNews.PeopleAsync(context, session, waiting: false, cancel), cancel);
        }
        await transaction.CommitAsync(cancel);
        return saved;
    }

    /// <summary>Sends the minutes to all who took part, who are told. Sent already until the same moment, nothing is changed.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="until">Until when they can say something: one to <see cref="MostDays"/> days from now.</param>
    /// <param name="seen">The state of the text that the actor has before them.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session, it has no minutes, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">They are approved, somebody else changed them meanwhile or sent them until another day, or the day is too near or too far.</exception>
    public async Task SendAsync(Actor actor, string slug, DateTimeOffset? until, int seen, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (session, minutes) = await LockedAsync(context, actor, slug, leads: true, cancel);
        CheckOpen(await StandingAsync(context, minutes, cancel));
        if (minutes.Until is { } set)
        {
            // Pressed twice. Another day was chosen by somebody who does not know of the first.
            if (until?.ToUnixTimeMilliseconds() == set.ToUnixTimeMilliseconds())
                return;
            throw new RefusedException(Refusal.ChangedElsewhere);
        }
        var now = clock.GetUtcNow();
        // The day is whole: the ninetieth may end a little more than ninety times 24 hours from now.
        if (until is not { } end || end < now.AddDays(1) - TimeSpan.FromMinutes(1) || end > now.AddDays(MostDays + 1))
            throw new RefusedException(Refusal.BadMinutesTerm, MostDays);
        if (await NumberAsync(context, session, cancel) != seen)
            throw new RefusedException(Refusal.ChangedElsewhere);
        (minutes.SentById, minutes.SentAt, minutes.Until) = (actor.MemberId, now, end);
        await context.SaveChangesAsync(cancel);
        var news = new SessionNews(session);
        await news.TellAsync(context, NoticeKind.MinutesSent, await Asked(context, minutes).Select(p => p.MemberId).ToListAsync(cancel), now, cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
    }

    /// <summary>Approves the minutes or objects, in place of what the actor said before.</summary>
    /// <param name="actor">Who has a place in the session and did not send them.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="number">The state of the text that the actor has read.</param>
    /// <param name="approves">Whether they approve.</param>
    /// <param name="objection">Else why not, at most <see cref="ObjectionLength"/> characters.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session, it has no minutes that were ever seen, or the actor is none of those who are asked.</exception>
    /// <exception cref="RefusedException">The text is another one by now, they are approved, the term is over, or an objection says nothing or too much.</exception>
    public async Task AnswerAsync(Actor actor, string slug, int number, bool approves, string? objection, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (session, minutes) = await LockedAsync(context, actor, slug, leads: false, cancel);
        var now = clock.GetUtcNow();
        CheckOpen(await StandingAsync(context, minutes, cancel));
        if (minutes.Until is not { } until || await NumberAsync(context, session, cancel) != number)
            throw new RefusedException(Refusal.MinutesChanged);
        if (minutes.SentById == actor.MemberId)
            throw new NotFoundException("minutes");
        var sentence = approves ? "" : PlainText.Within(PlainText.Line(objection), ObjectionLength);
        if (!approves && sentence.Length == 0)
            throw new RefusedException(Refusal.EmptyText);
        var mine = await context.MinutesAnswers.SingleOrDefaultAsync(a => a.SessionId == session.Id && a.MemberId == actor.MemberId, cancel);
        // What was objected in time is in the way until it is given up.
        if (now >= until && !(approves && mine is { Approves: false }))
            throw new RefusedException(Refusal.MinutesTermOver);
        if (mine is null)
            context.Add(mine = new() { SessionId = session.Id, MemberId = actor.MemberId, Objection = "" });
        (mine.Approves, mine.Objection, mine.At) = (approves, sentence, now);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Closes the minutes before the end of the term. Approved already, nothing is changed.</summary>
    /// <exception cref="NotFoundException">No such session, it has no minutes, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">Not everybody who was asked has approved.</exception>
    public async Task CloseAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (_, minutes) = await LockedAsync(context, actor, slug, leads: true, cancel);
        var phase = (await StandingAsync(context, minutes, cancel)).PhaseAt(clock.GetUtcNow());
        if (phase == MinutesPhase.Approved)
            return;
        if (phase != MinutesPhase.Agreed)
            throw new RefusedException(Refusal.MinutesNotAgreed);
        minutes.ClosedAt = clock.GetUtcNow();
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    void CheckOpen(MinutesStanding standing)
    {
        if (standing.PhaseAt(clock.GetUtcNow()) == MinutesPhase.Approved)
            throw new RefusedException(Refusal.MinutesApproved);
    }

    // Only of a session that was held; a rehearsal is none.
    static IQueryable<LiveSession> SeenBy(CommunityDb context, Actor actor) => LiveSessions.SeenBy(context, actor).Where(s => actor.IsMember && s.Phase == SessionPhase.Ended && s.RehearsalOfId == null);

    static Task<bool> LeadsAsync(CommunityDb context, Actor actor, LiveSession session, CancellationToken cancel) =>
        context.SessionPlaces.AnyAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId && p.Role != SessionRole.Participant, cancel);

    static async Task<LiveSession> LockAsync(CommunityDb context, Actor actor, string slug, bool leads, CancellationToken cancel)
    {
        var session = await LiveSessions.LockAsync(context, actor, slug, leads, cancel);
        return await SeenBy(context, actor).AnyAsync(s => s.Id == session.Id, cancel) ? session : throw new NotFoundException("session");
    }

    static async Task<(LiveSession Session, SessionMinutes Minutes)> LockedAsync(CommunityDb context, Actor actor, string slug, bool leads, CancellationToken cancel)
    {
        var session = await LockAsync(context, actor, slug, leads, cancel);
        return (session, await context.SessionMinutes.SingleOrDefaultAsync(m => m.SessionId == session.Id, cancel) ?? throw new NotFoundException("minutes"));
    }

    static async Task<int> NumberAsync(CommunityDb context, LiveSession session, CancellationToken cancel) =>
        await context.SessionTexts.Where(t => t.SessionId == session.Id && t.Kind == SessionTextKind.Minutes).MaxAsync(t => (int?)t.Number, cancel) ?? 0;

    // Everybody with a place and an account; who sent them has said so by that. Guests are gone by then.
    static IQueryable<SessionPlace> Heard(CommunityDb context, SessionMinutes minutes) =>
        context.SessionPlaces.Where(p => p.SessionId == minutes.SessionId && (minutes.SentById == null || p.MemberId != minutes.SentById) && context.Users.WithAccount().Any(u => u.Id == p.MemberId));

    // Who is banned from the room can neither read nor answer.
    static IQueryable<SessionPlace> Asked(CommunityDb context, SessionMinutes minutes) =>
        Heard(context, minutes).Where(p => !context.LiveSessions.Any(s => s.Id == p.SessionId && Bans.Now(context).Any(r => r.ConversationId == s.ConversationId && r.MemberId == p.MemberId)));

    // Who gave their place up is asked no more, and what they said counts no more. What was objected before a ban stands all the same: nobody is rid of it by banning whoever said it.
    static IQueryable<MinutesAnswer> Answers(CommunityDb context, SessionMinutes minutes)
    {
        var (heard, asked) = (Heard(context, minutes), Asked(context, minutes));
        return context.MinutesAnswers.Where(a => a.SessionId == minutes.SessionId && (asked.Any(p => p.MemberId == a.MemberId) || (!a.Approves && heard.Any(p => p.MemberId == a.MemberId))));
    }

    static async Task<MinutesStanding> StandingAsync(CommunityDb context, SessionMinutes minutes, CancellationToken cancel) =>
        new(minutes.Until, minutes.ClosedAt, await Asked(context, minutes).CountAsync(cancel), await Answers(context, minutes).CountAsync(a => a.Approves, cancel), await Answers(context, minutes).CountAsync(a => !a.Approves, cancel));

    static async Task<MinutesFacts> FactsAsync(CommunityDb context, LiveSession session, CancellationToken cancel)
    {
        var people = await (
            from p in context.SessionPlaces
            where p.SessionId == session.Id
            join u in context.Users on p.MemberId equals u.Id
            orderby p.Role descending, u.DisplayName
            select new { p.Role, u.DisplayName, u.TimeZone, u.Country, Organisation = u.Organisation!.Name, Came = context.SessionPresences.Any(one => one.SessionId == session.Id && one.MemberId == p.MemberId) })
            .Take(LiveSessions.MostPeople + LiveSessions.MostLeaders + 1).ToListAsync(cancel);
        var came = people.Where(one => one.Role == SessionRole.Participant && one.Came).Select(one => new FigureLine(one.DisplayName, one.Organisation, one.Country ?? "", one.Role, 0, 0, 0, 0, 0, 0)).ToList();
        var questions = await context.AudienceQuestions.Where(q => q.SessionId == session.Id && (q.State == AudienceState.Open || q.State == AudienceState.Answering || q.State == AudienceState.Answered))
            .OrderBy(q => q.AskedAt).ThenBy(q => q.Id).Take(MostQuestions).Select(q => new { q.Text, q.State }).ToListAsync(cancel);
        var shown = await context.SessionQuestions.AsNoTracking().Where(q => q.SessionId == session.Id && context.SessionEvents.Any(e => e.SessionId == session.Id && e.Kind == SessionEventKind.ResultsShown && e.QuestionId == q.Id))
            .OrderBy(q => q.OpenedAt).ThenBy(q => q.Id).Take(MostResults).ToListAsync(cancel);
        List<StageQuestion> results = [];
        foreach (var question in shown)
            results.Add(await StageQuestions.OfAsync(context, question, isSeen: true, cancel));
        return new(session.Title, session.Language, session.StartedAt ?? session.StartsAt, session.EndedAt ?? session.EndsAt, people.Find(one => one.Role == SessionRole.Trainer)?.TimeZone ?? "UTC",
            [.. people.Where(one => one.Role != SessionRole.Participant).Select(one => FormerMember.Shown(one.DisplayName))], came.Count, Figures.VoiceOf(came, one => one.Country), Figures.VoiceOf(came, one => one.Organisation ?? ""),
            Agenda.Of(session.Agenda), (await SessionWriting.NewestAsync(context, session.Id, SessionTextKind.Notes, cancel)).Text, questions.ConvertAll(q => (q.Text, q.State == AudienceState.Answered)), results);
    }
}
