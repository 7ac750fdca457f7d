using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>
/// Live sessions while they are held; their questions: <see cref="StageQuestions"/>. Each move checks the right again, raises the version and is stored as an event before anybody sees it. Who moves on an older version than there is moves nothing and sees
/// what another one did: nobody gets an error for being second.
/// </summary>
public sealed class Stages(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Hands that may be up at once.</summary>
    public const int MostHands = 100;

    /// <summary>Minutes of a countdown.</summary>
    public const int MostMinutes = 180;

    // Decks that were read lately, by language version and revision, which never change.
    const int MostDecks = 200;
    readonly ConcurrentDictionary<(int Version, int Number), Deck> _decks = new();

    /// <summary>What everybody in the session sees.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<(StageState State, SessionRole Role)> SeeAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await PlaceOf.AskAsync(context, slug, actor.MemberId, clock.GetUtcNow(), cancel) is [{ Role: { } role, IsBanned: false } found]
            ? (await StateAsync(context, found.Session, cancel), role) : throw new NotFoundException("session");
    }

    /// <summary>The same for those who watch a room; null where it is no session's.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<StageState?> OfRoomAsync(Actor actor, int conversation, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await InRoom.AskAsync(context, conversation, cancel) is [var session] ? await StateAsync(context, session, cancel) : null;
    }

    /// <summary>Begins the session; whoever begins it has the lead. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is over or called off.</exception>
    public Task StartAsync(Actor actor, string slug, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: true, async (context, session) =>
    {
        if (session.Phase is SessionPhase.Ended or SessionPhase.CalledOff)
            throw new RefusedException(Refusal.SessionOver);
        if (session.Phase == SessionPhase.Running)
            return null;
        // A session that was planned before there were such rooms has none yet.
        await TrainersRooms.FitAsync(context, session, clock.GetUtcNow(), cancel);
        (session.Phase, session.LeadId, session.StartedAt) = (SessionPhase.Running, actor.MemberId, clock.GetUtcNow());
        return new() { Kind = SessionEventKind.Started, Slide = session.Slide, Step = session.Step };
    }, cancel);

    /// <summary>Ends the session. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor neither leads it nor administers.</exception>
    /// <exception cref="RefusedException">It has not begun.</exception>
    public Task EndAsync(Actor actor, string slug, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: !actor.May(Act.Administer), async (context, session) =>
    {
        if (session.Phase == SessionPhase.Ended)
            return null;
        CheckRunning(session);
        (session.Phase, session.LeadId, session.FloorId, session.TimerUntil, session.EndedAt) = (SessionPhase.Ended, null, null, null, clock.GetUtcNow());
        await context.RaisedHands.Where(h => h.SessionId == session.Id).ExecuteDeleteAsync(cancel);
        await context.SessionQuestions.Where(q => q.SessionId == session.Id && q.ClosedAt == null).ExecuteUpdateAsync(set => set.SetProperty(q => q.ClosedAt, session.EndedAt), cancel);
        await AudienceQuestions.EndAsync(context, session, cancel);
        return new() { Kind = SessionEventKind.Ended };
    }, cancel);

    /// <summary>One step on, or back. Where the slides were moved by now, nothing is: one press is one step, whoever else pressed. Hands that go up meanwhile are not in the way.</summary>
    /// <param name="actor">Who has the lead.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="seen">The turn that the actor saw, see <see cref="StageState.Turn"/>.</param>
    /// <param name="back">Back.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is not being held, or somebody else has the lead.</exception>
    public Task TurnAsync(Actor actor, string slug, long seen, bool back, CancellationToken cancel = default) =>
        ShowAsync(actor, slug, seen, (deck, session) => deck.Next(session.Slide, session.Step, back), cancel);

    /// <summary>Puts a slide on the stage, from its beginning.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is not being held, or somebody else has the lead.</exception>
    public Task ShowSlideAsync(Actor actor, string slug, long seen, int slide, CancellationToken cancel = default) =>
        ShowAsync(actor, slug, seen, (deck, _) => (Math.Clamp(slide, 1, Math.Max(1, deck.Slides.Count)), 0), cancel);

    Task ShowAsync(Actor actor, string slug, long seen, Func<Deck, LiveSession, (int Slide, int Step)> where, CancellationToken cancel) => MoveAsync(actor, slug, leads: true, async (context, session) =>
    {
        CheckRunning(session);
        if (session.LeadId != actor.MemberId)
            throw new RefusedException(Refusal.NotInTheLead);
        if (session.Turn != seen)
            return null;
        var to = where((await DecksAsync(context, session, cancel)).Select(one => one.Deck).FirstOrDefault() ?? Deck.Empty, session);
        if (to == (session.Slide, session.Step))
            return null;
        session.Show(to.Slide, to.Step);
        return new() { Kind = SessionEventKind.Shown, Slide = to.Slide, Step = to.Step };
    }, cancel);

    /// <summary>Takes the lead: everybody sees who has it. Who has it already changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is not being held.</exception>
    public Task TakeLeadAsync(Actor actor, string slug, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: true, (_, session) =>
    {
        CheckRunning(session);
        if (session.LeadId == actor.MemberId)
            return Nothing;
        session.LeadId = actor.MemberId;
        return Happened(SessionEventKind.LeadTaken);
    }, cancel);

    /// <summary>Raises the own hand or takes it down. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    /// <exception cref="RefusedException">It is not being held, or too many hands are up.</exception>
    public Task HandAsync(Actor actor, string slug, bool up, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: false, async (context, session) =>
    {
        // Who administers may end a session, and is in it no more than others.
        if (!await context.SessionPlaces.AnyAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId, cancel))
            throw new NotFoundException("session");
        var mine = context.RaisedHands.Where(h => h.SessionId == session.Id && h.MemberId == actor.MemberId);
        if (!up)
            return await mine.ExecuteDeleteAsync(cancel) == 0 ? null : new() { Kind = SessionEventKind.HandLowered };
        CheckRunning(session);
        if (await mine.AnyAsync(cancel))
            return null;
        if (await context.RaisedHands.CountAsync(h => h.SessionId == session.Id, cancel) >= MostHands)
            throw new RefusedException(Refusal.TooManyHands, MostHands);
        context.Add(new RaisedHand { SessionId = session.Id, MemberId = actor.MemberId, Version = session.Version + 1, At = clock.GetUtcNow() });
        return new() { Kind = SessionEventKind.HandRaised };
    }, cancel);

    /// <summary>Gives somebody the floor whose hand is up: it goes down, and everybody sees who speaks. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public Task GiveFloorAsync(Actor actor, string slug, string handle, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: true, async (context, session) =>
    {
        var member = await context.Users.Where(u => u.Handle == handle).Select(u => (int?)u.Id).SingleOrDefaultAsync(cancel);
        if (member is not { } one || await context.RaisedHands.Where(h => h.SessionId == session.Id && h.MemberId == one).ExecuteDeleteAsync(cancel) == 0)
            return null;
        session.FloorId = one;
        return new() { Kind = SessionEventKind.FloorGiven, MemberId = one };
    }, cancel);

    /// <summary>Takes the floor back, so that nobody has it. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public Task TakeFloorAsync(Actor actor, string slug, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: true, (_, session) =>
    {
        if (session.FloorId is null)
            return Nothing;
        session.FloorId = null;
        return Happened(SessionEventKind.FloorGiven);
    }, cancel);

    /// <summary>Puts a countdown on the stage, which begins now; one that runs there is replaced.</summary>
    /// <param name="actor">Who leads the session, with or without the lead of the slides.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="minutes">How long it runs, 1 to <see cref="MostMinutes"/>.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is not being held, or the countdown would be too short or too long.</exception>
    public Task SetTimerAsync(Actor actor, string slug, int minutes, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: true, (_, session) =>
    {
        CheckRunning(session);
        if (minutes is < 1 or > MostMinutes)
            throw new RefusedException(Refusal.BadTimer, MostMinutes);
        session.TimerUntil = clock.GetUtcNow().AddMinutes(minutes);
        return Task.FromResult<SessionEvent?>(new() { Kind = SessionEventKind.TimerSet, Until = session.TimerUntil });
    }, cancel);

    /// <summary>Takes the countdown from the stage, over or not. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public Task TakeTimerAsync(Actor actor, string slug, CancellationToken cancel = default) => MoveAsync(actor, slug, leads: true, (_, session) =>
    {
        if (session.TimerUntil is null)
            return Nothing;
        session.TimerUntil = null;
        return Happened(SessionEventKind.TimerTaken);
    }, cancel);

    static Task<SessionEvent?> Nothing => Task.FromResult<SessionEvent?>(null);

    static Task<SessionEvent?> Happened(SessionEventKind kind) => Task.FromResult<SessionEvent?>(new() { Kind = kind });

    /// <exception cref="RefusedException">It is not being held.</exception>
    internal static void CheckRunning(LiveSession session)
    {
        if (session.Phase != SessionPhase.Running)
            throw new RefusedException(session.Phase == SessionPhase.Planned ? Refusal.SessionNotBegun : Refusal.SessionOver);
    }

    /// <summary>One move: under the session's lock, with the right of this moment, a version and an event of its own; then everybody is told. Null moves nothing.</summary>
    internal async Task MoveAsync(Actor actor, string slug, bool leads, Func<CommunityDb, LiveSession, Task<SessionEvent?>> move, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LockAsync(context, actor, slug, leads, cancel);
        if (await move(context, session) is not { } happened)
            return;
        session.Version++;
        if (happened.Kind is SessionEventKind.Started or SessionEventKind.Shown or SessionEventKind.LeadTaken)
            session.Turn = session.Version;
        (happened.SessionId, happened.Version, happened.At, happened.ById) = (session.Id, session.Version, clock.GetUtcNow(), actor.MemberId);
        context.Add(happened);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new SessionChanged(session.ConversationId));
        // With the session the time to ask is over, and nothing is said any more.
        if (happened.Kind == SessionEventKind.Ended)
        {
            feed.Publish(new AudienceQuestionsChanged(session.ConversationId));
            feed.Publish(new CaptionsChanged(session.ConversationId));
        }
    }

    // A move is what everybody waits for: two short questions stand for the session's lock and the rights of this moment, see LiveSessions.LockAsync for all else.
    async Task<LiveSession> LockAsync(CommunityDb context, Actor actor, string slug, bool leads, CancellationToken cancel)
    {
        var (me, administers) = (actor.MemberId, !leads && actor.IsMember && actor.May(Act.Administer));
        var isLocked = await context.Database.ExecuteSqlAsync($"""
            UPDATE "LiveSessions" SET "Version" = "Version"
            WHERE "Slug" = {slug} AND ({(administers ? 1 : 0)} = 1 OR EXISTS (SELECT 1 FROM "SessionPlaces" p WHERE p."SessionId" = "LiveSessions"."Id" AND p."MemberId" = {me}))
            """, cancel) == 1;
        if (!isLocked || await PlaceOf.AskAsync(context, slug, me, clock.GetUtcNow(), cancel) is not [{ IsBanned: false } found])
            throw new NotFoundException("session");
        // A rehearsal is nobody's who is not in it.
        var isAllowed = leads ? found.Role is { } role && role != SessionRole.Participant : found.Role is not null || (administers && found.Session.RehearsalOfId is null);
        return isAllowed ? found.Session : throw new NotFoundException("session");
    }

    sealed record Place(LiveSession Session, SessionRole? Role, bool IsBanned);

    static readonly OftenAsked<string, int, DateTimeOffset, Place> PlaceOf = new((context, slug, me, now) => context.LiveSessions.Where(s => s.Slug == slug).Select(s => new Place(
        s,
        context.SessionPlaces.Where(p => p.SessionId == s.Id && p.MemberId == me).Select(p => (SessionRole?)p.Role).FirstOrDefault(),
        context.Restrictions.Any(r => r.ConversationId == s.ConversationId && r.MemberId == me && r.BannedUntil > now))));

    static readonly OftenAsked<int, string> RoomOf = new((context, conversation) => context.Conversations.Where(c => c.Id == conversation).Select(c => c.Slug!));

    static readonly OftenAsked<int, int, Person> Named = new((context, lead, floor) => context.Users.Where(u => u.Id == lead || u.Id == floor).Select(u => new Person(u.Id, u.Handle, u.DisplayName)));

    static readonly OftenAsked<int, HandUp> Hands = new((context, session) => (
        from h in context.RaisedHands
        where h.SessionId == session
        join u in context.Users on h.MemberId equals u.Id
        orderby h.Version
        select new HandUp(u.Handle, u.DisplayName, h.At)).Take(MostHands));

    static readonly OftenAsked<int, LanguageVersion> Written = new((context, document) =>
        context.LanguageVersions.AsNoTracking().Where(v => v.DocumentId == document && v.LastNumber > 0).OrderBy(v => v.SourceId != null).ThenBy(v => v.Id));

    static readonly OftenAsked<int, string> SlugOf = new((context, session) => context.LiveSessions.Where(s => s.Id == session).Select(s => s.Slug));

    static readonly OftenAsked<int, LiveSession> InRoom = new((context, conversation) => context.LiveSessions.AsNoTracking().Where(s => s.ConversationId == conversation));

    sealed record Person(int Id, string Handle, string Name);

    async Task<StageState> StateAsync(CommunityDb context, LiveSession session, CancellationToken cancel)
    {
        var room = (await RoomOf.AskAsync(context, session.ConversationId, cancel)).Single();
        var named = session.LeadId is null && session.FloorId is null ? [] : await Named.AskAsync(context, session.LeadId ?? 0, session.FloorId ?? 0, cancel);
        var lead = named.Find(u => u.Id == session.LeadId);
        var hands = await Hands.AskAsync(context, session.Id, cancel);
        return new(session.Slug, session.Title, room, session.ConversationId, session.Phase, session.Version, session.Slide, session.Step, session.Turn, session.Furthest, session.FurthestStep, session.StartsAt,
            lead?.Handle, lead?.Name, named.Find(u => u.Id == session.FloorId)?.Name, hands,
            await DecksAsync(context, session, cancel), await StageQuestions.OnStageAsync(context, session, cancel), session.TimerUntil)
        {
            RehearsalOf = session.RehearsalOfId is { } rehearsed ? (await SlugOf.AskAsync(context, rehearsed, cancel)).Single() : null,
        };
    }

    // In each language the newest deck, or that of a moment.
    internal async Task<List<(string Language, Deck Deck)>> DecksAsync(CommunityDb context, LiveSession session, CancellationToken cancel, DateTimeOffset? at = null)
    {
        List<(string Language, Deck Deck)> decks = [];
        foreach (var one in await Written.AskAsync(context, session.DocumentId, cancel))
        {
            var number = at is not { } until ? one.LastNumber : await context.Revisions.Where(r => r.VersionId == one.Id && r.At <= until).MaxAsync(r => (int?)r.Number, cancel) ?? 0;
            if (number == 0)
                continue;
            if (!_decks.TryGetValue((one.Id, number), out var deck))
            {
                if (_decks.Count >= MostDecks)
                    _decks.Clear();
                deck = _decks[(one.Id, number)] = Deck.Of((await DocumentAccess.RevisionAsync(context, one.Id, number, cancel))!.Markdown);
            }
            decks.Add((one.Language, deck));
        }
        return decks;
    }
}
