using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Live;

/// <summary>Live sessions before and after they are held: planned, changed, found, registered for. What happens while one is held: <see cref="Stages"/>.</summary>
public sealed class LiveSessions(CommunityDbFactory db, AllDocuments documents, Feed feed, TimeProvider clock)
{
    /// <summary>Sessions of one page of the list.</summary>
    public const int Page = 20;

    /// <summary>Characters of a description.</summary>
    public const int Text = 5000;

    /// <summary>People of a session.</summary>
    public const int MostPeople = 500;

    /// <summary>Co-trainers of a session.</summary>
    public const int MostLeaders = 10;

    // Without what is read for something else: 0 and O, 1 and I, U and V.
    internal const string Signs = "ABCDEFGHJKLMNPQRSTWXYZ23456789";

    /// <summary>Plans a session: with it come its slides, of which the planner finds a beginning, and a closed room. Answers with its address part; the same form again is the same session.</summary>
    /// <param name="actor">Who plans; they are its trainer.</param>
    /// <param name="plan">What.</param>
    /// <param name="formKey">1 to 64 characters that the form chose.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">The actor's roles do not allow it.</exception>
    /// <exception cref="RefusedException">The title, the text, the language, the times or the number of people refuse.</exception>
    public Task<string> PlanAsync(Actor actor, SessionPlan plan, string formKey, CancellationToken cancel = default)
    {
        if (!actor.IsMember || !actor.May(Act.HoldSessions))
            throw new NotFoundException("page");
        var clean = Checked(plan);
        if (clean.EndsAt <= clock.GetUtcNow())
            throw new RefusedException(Refusal.SessionInThePast);
        return documents.CreateAsync(actor, new(DocumentKind.Deck, clean.Title!, clean.Language!, formKey), text: null, also: (context, document) => AddAsync(context, Identity.Of(document), clean, [(actor.MemberId, SessionRole.Trainer)], clock.GetUtcNow(), cancel), cancel);
    }

    /// <summary>An address part that nobody else gives to something by chance, or on purpose.</summary>
    internal static string Unguessed(string what) => $"{what}-{RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 10)}";

    /// <summary>What a session is from its beginning on.</summary>
    /// <param name="DocumentId">The document with its slides.</param>
    /// <param name="Slug">Its address part.</param>
    /// <param name="Room">The address part of its room.</param>
    /// <param name="SeriesId">The series that it belongs to.</param>
    /// <param name="RehearsalOfId">The session that it rehearses.</param>
    internal sealed record Identity(int DocumentId, string Slug, string Room, int? SeriesId = null, int? RehearsalOfId = null)
    {
        /// <summary>Of a session that has its slides for itself.</summary>
        public static Identity Of(Document deck, int? series = null) => new(deck.Id, deck.Slug, FormattableString.Invariant($"session-{deck.Id}"), series);
    }

    /// <summary>In the caller's transaction: a session with its closed room and those who are in it, the trainer first.</summary>
    internal static async Task<LiveSession> AddAsync(CommunityDb context, Identity identity, SessionPlan plan, IReadOnlyList<(int Member, SessionRole Role)> people, DateTimeOffset now, CancellationToken cancel)
    {
        var room = new Conversation
        {
            Kind = ConversationKind.Room,
            Slug = identity.Room,
            Title = identity.RehearsalOfId is null ? plan.Title! : Rehearsals.Called(plan.Title!, plan.Language!),
            Language = plan.Language!,
            IsOpen = 0,
            KeepMonths = identity.RehearsalOfId is null ? 0 : Rehearsals.KeptMonths,
            CreatedById = people[0].Member,
            CreatedAt = now,
        };
        await Rooms.AddAsync(context, room, [.. people.Select(one => (one.Member, SeatOf(one.Role)))], Rooms.FirstTopic(plan.Language!), now, cancel);
        var session = new LiveSession
        {
            DocumentId = identity.DocumentId,
            RehearsalOfId = identity.RehearsalOfId,
            SeriesId = identity.SeriesId,
            ConversationId = room.Id,
            Slug = identity.Slug,
            Title = plan.Title!,
            Description = plan.Description!,
            Language = plan.Language!,
            StartsAt = plan.StartsAt,
            EndsAt = plan.EndsAt,
            Capacity = plan.Capacity,
            NeedsApproval = plan.NeedsApproval,
            AllowsGuests = plan.AllowsGuests,
            CertificateMinutes = plan.CertificateMinutes,
            CertificateAnswers = plan.CertificateAnswers,
            Agenda = plan.Agenda ?? "",
            JoinCode = RandomNumberGenerator.GetString(Signs, 8),
            Phase = SessionPhase.Planned,
            Slide = 1,
            Furthest = 1,
        };
        SessionReminders.Settle(session, now);
        context.Add(session);
        await context.SaveChangesAsync(cancel);
        context.AddRange(people.Select(one => new SessionPlace { SessionId = session.Id, MemberId = one.Member, Role = one.Role, Since = now }));
        await context.SaveChangesAsync(cancel);
        await TrainersRooms.FitAsync(context, session, now, cancel);
        return session;
    }

    // Whoever leads a session moderates its room.
    static MembershipRole SeatOf(SessionRole role) => role == SessionRole.Participant ? MembershipRole.Participant : MembershipRole.Moderator;

    /// <summary>Changes what is planned. What somebody else changed since is not overwritten.</summary>
    /// <param name="actor">Who changes.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="plan">What it is to be.</param>
    /// <param name="revision">The state that the actor saw.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">As for a new one, it is over, or somebody else changed it meanwhile.</exception>
    public async Task ChangeAsync(Actor actor, string slug, SessionPlan plan, int revision, CancellationToken cancel = default)
    {
        var clean = Checked(plan);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LockAsync(context, actor, slug, leads: true, cancel);
        CheckItself(session);
        CheckOpen(session);
        if (session.Revision != revision)
            throw new RefusedException(Refusal.ChangedElsewhere);
        if (clean.EndsAt <= clock.GetUtcNow())
            throw new RefusedException(Refusal.SessionInThePast);
        var news = await ApplyAsync(context, actor, session, clean, told: [], cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
        feed.Publish(new SessionChanged(session.ConversationId));
    }

    /// <summary>In the caller's transaction, which has locked the session: makes it what was checked. Who is told of its new time is added to those who were told of others', and they are told no second time.</summary>
    internal async Task<SessionNews> ApplyAsync(CommunityDb context, Actor actor, LiveSession session, SessionPlan clean, HashSet<int> told, CancellationToken cancel)
    {
        // What moderators call the room is theirs, until the session is called something else.
        if (session.Title != clean.Title)
        {
            await TrainersRooms.CallAsync(context, session, clean.Title!, cancel);
            await context.Conversations.Where(c => c.Id == session.ConversationId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, clean.Title!), cancel);
        }
        await context.Conversations.Where(c => c.Id == session.ConversationId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Language, clean.Language!), cancel);
        var (now, isMoved) = (clock.GetUtcNow(), session.StartsAt != clean.StartsAt || session.EndsAt != clean.EndsAt);
        (session.Title, session.Description, session.Language) = (clean.Title!, clean.Description!, clean.Language!);
        (session.StartsAt, session.EndsAt, session.Capacity) = (clean.StartsAt, clean.EndsAt, clean.Capacity);
        if (await Registrations.FreeAsync(context, session, cancel) is < 0 and var over)
            throw new RefusedException(Refusal.CapacityTaken, (session.Capacity ?? MostPeople) - over);
        session.Revision++;
        var news = new SessionNews(session);
        if (isMoved)
        {
            SessionReminders.Settle(session, now);
            var people = await SessionNews.PeopleAsync(context, session, waiting: true, cancel);
            await news.ForgetAsync(context, NoticeKind.SessionSoon, people, cancel);
            await news.TellAsync(context, NoticeKind.SessionMoved, [.. people.Where(member => member != actor.MemberId && told.Add(member))], now, cancel);
        }
        // Who asked is asked about no more.
        if (session.NeedsApproval && !clean.NeedsApproval)
            await context.SessionRequests.Where(r => r.SessionId == session.Id && r.State == RequestState.Asks).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RequestState.Waits), cancel);
        (session.NeedsApproval, session.AllowsGuests, session.Agenda) = (clean.NeedsApproval, clean.AllowsGuests, clean.Agenda!);
        (session.CertificateMinutes, session.CertificateAnswers) = (clean.CertificateMinutes, clean.CertificateAnswers);
        await context.SaveChangesAsync(cancel);
        await Registrations.FillAsync(context, session, news, now, cancel);
        return news;
    }

    /// <summary>Calls a session off that has not begun. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor neither leads it nor administers.</exception>
    /// <exception cref="RefusedException">It has begun.</exception>
    public async Task CallOffAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LockAsync(context, actor, slug, leads: !actor.May(Act.Administer), cancel);
        CheckItself(session);
        if (session.Phase == SessionPhase.CalledOff)
            return;
        if (session.Phase != SessionPhase.Planned)
            throw new RefusedException(Refusal.SessionBegun);
        session.Phase = SessionPhase.CalledOff;
        session.Revision++;
        session.Version++;
        context.Add(new SessionEvent { SessionId = session.Id, Version = session.Version, At = clock.GetUtcNow(), ById = actor.MemberId, Kind = SessionEventKind.CalledOff });
        await context.SaveChangesAsync(cancel);
        var (news, people) = (new SessionNews(session), await SessionNews.PeopleAsync(context, session, waiting: true, cancel));
        await news.ForgetAsync(context, NoticeKind.SessionSoon | NoticeKind.SessionMoved | NoticeKind.SessionPlaceGiven, people, cancel);
        await news.TellAsync(context, NoticeKind.SessionCalledOff, [.. people.Where(member => member != actor.MemberId)], clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
        feed.Publish(new SessionChanged(session.ConversationId));
        feed.Publish(new AudienceQuestionsChanged(session.ConversationId));
        feed.Publish(new NotesChanged(session.ConversationId));
    }

    /// <summary>Names a co-trainer, who is told if they were in nothing before; or lets one take part like the others again.</summary>
    /// <returns>The member's name.</returns>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">Nobody of that name, the trainer, or too many; or there is no place for one who is to take part like the others.</exception>
    public async Task<string> NameAsync(Actor actor, string slug, string? handle, bool leads, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LockAsync(context, actor, slug, leads: true, cancel);
        CheckItself(session);
        CheckOpen(session);
        var name = PlainText.Handle(handle);
        var member = await context.Users.Seen(clock.GetUtcNow()).Where(m => m.Handle == name).Select(m => new { m.Id, m.DisplayName }).SingleOrDefaultAsync(cancel)
            ?? throw new RefusedException(Refusal.UnknownMember, PlainText.Line(handle));
        var place = await context.SessionPlaces.SingleOrDefaultAsync(p => p.SessionId == session.Id && p.MemberId == member.Id, cancel);
        if (place?.Role == SessionRole.Trainer || (!leads && (place is null || session.LeadId == member.Id)))
            throw new RefusedException(Refusal.BadChoice);
        if (leads && await context.SessionPlaces.CountAsync(p => p.SessionId == session.Id && p.Role == SessionRole.CoTrainer && p.MemberId != member.Id, cancel) >= MostLeaders)
            throw new RefusedException(Refusal.TooManyLeaders, MostLeaders);
        if (!leads && place!.Role == SessionRole.CoTrainer && await Registrations.FreeAsync(context, session, cancel) <= 0)
            throw new RefusedException(Refusal.SessionFull, session.Capacity ?? MostPeople);
        var (isNew, news) = (place is null, new SessionNews(session));
        await context.SessionRequests.Where(r => r.SessionId == session.Id && r.MemberId == member.Id).ExecuteDeleteAsync(cancel);
        if (place is null)
            context.Add(place = new SessionPlace { SessionId = session.Id, MemberId = member.Id, Since = clock.GetUtcNow() });
        place.Role = leads ? SessionRole.CoTrainer : SessionRole.Participant;
        await context.SaveChangesAsync(cancel);
        await SeatAsync(context, session, member.Id, place.Role, cancel);
        var fitted = await Rehearsals.FitAsync(context, session, clock.GetUtcNow(), cancel);
        var notice = isNew ? Telling.TakenIn(context, actor, await AllConversations.FindAsync(context, actor, FormattableString.Invariant($"{session.ConversationId}"), cancel), member.Id, clock.GetUtcNow()) : null;
        await context.SaveChangesAsync(cancel);
        // Who leads takes no place of those who take part.
        await Registrations.FillAsync(context, session, news, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new MemberJoined(session.ConversationId, member.Id));
        fitted.ForEach(room => room.Publish(feed));
        news.Publish(feed);
        if (notice is not null)
            feed.Publish(new MembersNoticed([notice]));
        feed.Publish(new SessionChanged(session.ConversationId));
        return member.DisplayName;
    }

    /// <summary>Registers for a session: for a place, or where it is full for one on the waiting list, or where the trainers let each one in for their answer. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    /// <exception cref="RefusedException">It is over or called off, so many wait that nobody more can, or the trainers declined.</exception>
    public Task<SessionRegistration> RegisterAsync(Actor actor, string slug, CancellationToken cancel = default) => RegisterAsync(actor, slug, RegistrationForms.NoAnswers, cancel);

    /// <summary>The same with answers to the questions of its registration form, by number.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    /// <exception cref="RefusedException">The same, or an answer is missing or none.</exception>
    public Task<SessionRegistration> RegisterAsync(Actor actor, string slug, IReadOnlyDictionary<int, Learning.Answer> answers, CancellationToken cancel = default) => RegisterAsync(actor, slug, answers, code: null, cancel);

    async Task<SessionRegistration> RegisterAsync(Actor actor, string slug, IReadOnlyDictionary<int, Learning.Answer> answers, string? code, CancellationToken cancel)
    {
        if (!actor.IsMember)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // Two who want the last place come one after the other.
        var session = await LockAsync(context, actor, slug, leads: false, cancel, code);
        if (await context.SessionPlaces.AnyAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId, cancel))
            return new(slug, State: null);
        CheckOpen(session);
        if (await context.SessionRequests.Where(r => r.SessionId == session.Id && r.MemberId == actor.MemberId).Select(r => (RequestState?)r.State).SingleOrDefaultAsync(cancel) is { } state)
            return state == RequestState.Declined ? throw new RefusedException(Refusal.RegistrationDeclined) : new(slug, state);
        var (now, news) = (clock.GetUtcNow(), new SessionNews(session));
        await RegistrationForms.KeepAsync(context, session, actor.MemberId, answers, now, cancel);
        // Who came first has it, also where a place became free a moment ago.
        await Registrations.FillAsync(context, session, news, now, cancel);
        RequestState? answer = session.NeedsApproval ? RequestState.Asks : await Registrations.FreeAsync(context, session, cancel) <= 0 ? RequestState.Waits : null;
        if (answer is { } without)
        {
            if (await context.SessionRequests.CountAsync(r => r.SessionId == session.Id, cancel) >= Registrations.Most)
                throw new RefusedException(Refusal.SessionFull, session.Capacity ?? MostPeople);
            context.Add(new SessionRequest { SessionId = session.Id, MemberId = actor.MemberId, State = without, At = now });
            await context.SaveChangesAsync(cancel);
        }
        else
        {
            await Registrations.GiveAsync(context, session, actor.MemberId, SessionRole.Participant, news, now, cancel);
        }
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
        return new(slug, answer);
    }

    /// <summary>Gives the own place up, and with it the session's room; or waits and asks no more. The first who waits gets the place. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent.</exception>
    /// <exception cref="RefusedException">The trainer stays.</exception>
    public async Task LeaveAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LockAsync(context, actor, slug, leads: false, cancel);
        var place = await context.SessionPlaces.SingleOrDefaultAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId, cancel);
        if (place is null)
        {
            // What the trainers answered stays.
            if (await context.SessionRequests.Where(r => r.SessionId == session.Id && r.MemberId == actor.MemberId && r.State != RequestState.Declined).ExecuteDeleteAsync(cancel) > 0)
                await RegistrationForms.ForgetAsync(context, session.Id, actor.MemberId, cancel);
            await transaction.CommitAsync(cancel);
            return;
        }
        if (place.Role == SessionRole.Trainer || session.LeadId == actor.MemberId)
            throw new RefusedException(Refusal.TrainerStays);
        context.Remove(place);
        await context.SaveChangesAsync(cancel);
        await LowerAsync(context, session, actor, cancel);
        await RegistrationForms.ForgetAsync(context, session.Id, actor.MemberId, cancel);
        await context.Memberships.Where(m => m.ConversationId == session.ConversationId && m.MemberId == actor.MemberId).ExecuteDeleteAsync(cancel);
        var fitted = await Rehearsals.FitAsync(context, session, clock.GetUtcNow(), cancel);
        var news = new SessionNews(session);
        await Registrations.FillAsync(context, session, news, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
        fitted.ForEach(room => room.Publish(feed));
        feed.Publish(new AccessEnded(actor.MemberId, session.ConversationId, AccessEndedReason.Left));
        feed.Publish(new SessionChanged(session.ConversationId));
    }

    /// <summary>The session into which a code leads.</summary>
    /// <param name="actor">Who was given the code.</param>
    /// <param name="code">Small letters, blanks and hyphens are read too.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such code, or no member asks.</exception>
    public async Task<SessionRow> OfCodeAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        var (clean, me) = (CleanCode(code), actor.IsMember ? actor.MemberId : 0);
        await using var context = db.CreateDbContext();
        return await context.LiveSessions.Where(s => s.JoinCode == clean && me != 0).Select(s => new SessionRow(s.Slug, s.Title, s.Language, s.StartsAt, s.EndsAt, s.Phase,
            context.SessionPlaces.Where(p => p.SessionId == s.Id && p.MemberId == me).Select(p => (SessionRole?)p.Role).FirstOrDefault(),
            context.SessionRequests.Where(r => r.SessionId == s.Id && r.MemberId == me).Select(r => (RequestState?)r.State).FirstOrDefault())).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
    }

    internal static string CleanCode(string? code) => new string([.. (code ?? "").Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant();

    /// <summary>Registers with a code, by the same rules.</summary>
    /// <exception cref="NotFoundException">No such code, or no member asks.</exception>
    /// <exception cref="RefusedException">As for registering.</exception>
    public Task<SessionRegistration> JoinAsync(Actor actor, string? code, CancellationToken cancel = default) => JoinAsync(actor, code, RegistrationForms.NoAnswers, cancel);

    /// <summary>The same with answers to the questions of the registration form, by number.</summary>
    /// <exception cref="NotFoundException">No such code, or no member asks.</exception>
    /// <exception cref="RefusedException">As for registering.</exception>
    public async Task<SessionRegistration> JoinAsync(Actor actor, string? code, IReadOnlyDictionary<int, Learning.Answer> answers, CancellationToken cancel = default)
    {
        var found = await OfCodeAsync(actor, code, cancel);
        return await RegisterAsync(actor, found.Slug, answers, CleanCode(code), cancel);
    }

    /// <summary>A page of the sessions: those to come and being held, the next first; or those that are over, the last first.</summary>
    /// <exception cref="NotFoundException">No member asks.</exception>
    public async Task<(IReadOnlyList<SessionRow> Rows, bool HasMore)> ListAsync(Actor actor, bool past, int page, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        await using var context = db.CreateDbContext();
        // What nobody began or ended is over a day after it was to end.
        var (me, late) = (actor.MemberId, clock.GetUtcNow().AddDays(-1));
        var sessions = context.LiveSessions.Where(s => s.RehearsalOfId == null && (s.Phase == SessionPhase.Ended || s.Phase == SessionPhase.CalledOff || s.EndsAt < late) == past);
        sessions = past ? sessions.OrderByDescending(s => s.StartsAt).ThenByDescending(s => s.Id) : sessions.OrderBy(s => s.StartsAt).ThenBy(s => s.Id);
        var rows = await sessions.Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).Select(s => new SessionRow(s.Slug, s.Title, s.Language, s.StartsAt, s.EndsAt, s.Phase,
            context.SessionPlaces.Where(p => p.SessionId == s.Id && p.MemberId == me).Select(p => (SessionRole?)p.Role).FirstOrDefault(),
            context.SessionRequests.Where(r => r.SessionId == s.Id && r.MemberId == me).Select(r => (RequestState?)r.State).FirstOrDefault())).ToListAsync(cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>A session as its page shows it.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    public async Task<SessionSeen> FindAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var me = actor.IsMember ? actor.MemberId : 0;
        var found = await (
            from s in KnownTo(context, actor)
            where s.Slug == slug && me != 0
            join c in context.Conversations on s.ConversationId equals c.Id
            select new
            {
                Session = s,
                Room = c.Slug,
                Role = context.SessionPlaces.Where(p => p.SessionId == s.Id && p.MemberId == me).Select(p => (SessionRole?)p.Role).FirstOrDefault(),
                RehearsalOf = context.LiveSessions.Where(one => one.Id == s.RehearsalOfId).Select(one => one.Slug).FirstOrDefault(),
                Trainers = context.Conversations.Where(one => one.Id == s.TrainersRoomId).Select(one => one.Slug).FirstOrDefault(),
                Captions = context.SessionPlaces.Any(p => p.SessionId == s.Id && p.MemberId == me && p.Captions),
                Registered = context.SessionPlaces.Count(p => p.SessionId == s.Id && p.Role == SessionRole.Participant),
                Request = context.SessionRequests.Where(r => r.SessionId == s.Id && r.MemberId == me).Select(r => (RequestState?)r.State).FirstOrDefault(),
                Before = context.SessionRequests.Count(r => r.SessionId == s.Id && r.State == RequestState.Waits && context.SessionRequests.Any(own => own.SessionId == s.Id && own.MemberId == me && own.Id > r.Id)),
                Waiting = context.SessionRequests.Count(r => r.SessionId == s.Id && r.State == RequestState.Waits),
                Asking = context.SessionRequests.Count(r => r.SessionId == s.Id && r.State == RequestState.Asks),
            }).AsNoTracking().SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        var leaders = await (
            from p in context.SessionPlaces
            where p.SessionId == found.Session.Id && p.Role != SessionRole.Participant
            join u in context.Users on p.MemberId equals u.Id
            orderby p.Role descending, u.DisplayName
            select new SessionLeader(u.Handle, u.DisplayName, u.Organisation!.Name, u.PictureVersion, p.Role)).ToListAsync(cancel);
        var leads = found.Role is SessionRole.Trainer or SessionRole.CoTrainer;
        // The code is for those who lead it to hand out.
        if (!leads)
            found.Session.JoinCode = "";
        // Where one meets outside, only those know who are in it.
        if (found.Session.MediaAddress is not null && (found.Role is null || await Bans.Now(context).AnyAsync(r => r.ConversationId == found.Session.ConversationId && r.MemberId == me, cancel)))
            found.Session.MediaAddress = null;
        return new(found.Session, found.Room!, found.Role, leaders, found.Registered, found.Request, found.Before, found.Waiting, found.Asking) { TypesCaptions = found.Captions, RehearsalOf = found.RehearsalOf, TrainersRoom = leads ? found.Trainers : null };
    }

    /// <summary>The address part of the session with this number.</summary>
    /// <exception cref="NotFoundException">None, or no member asks.</exception>
    public async Task<string> SlugOfAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await KnownTo(context, actor).Where(s => s.Id == id).Select(s => s.Slug).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
    }

    /// <summary>Whoever leaves the room of a session leaves the session. The round gives the place to who waits, see <see cref="Registrations.FillAsync(Actor, CancellationToken)"/>.</summary>
    /// <exception cref="RefusedException">Who leads it stays.</exception>
    internal static async Task LeaveWithRoomAsync(CommunityDb context, Actor actor, int conversation, CancellationToken cancel)
    {
        if (await context.LiveSessions.AnyAsync(s => s.TrainersRoomId == conversation, cancel))
            throw new RefusedException(Refusal.TrainersRoomFits);
        if (await context.LiveSessions.SingleOrDefaultAsync(s => s.ConversationId == conversation, cancel) is not { } session
            || await context.SessionPlaces.SingleOrDefaultAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId, cancel) is not { } place)
            return;
        if (place.Role != SessionRole.Participant)
            throw new RefusedException(Refusal.TrainerStays);
        await context.RaisedHands.Where(h => h.SessionId == session.Id && h.MemberId == actor.MemberId).ExecuteDeleteAsync(cancel);
        await RegistrationForms.ForgetAsync(context, session.Id, actor.MemberId, cancel);
        context.Remove(place);
    }

    async Task LowerAsync(CommunityDb context, LiveSession session, Actor actor, CancellationToken cancel)
    {
        if (await context.RaisedHands.Where(h => h.SessionId == session.Id && h.MemberId == actor.MemberId).ExecuteDeleteAsync(cancel) == 0)
            return;
        session.Version++;
        context.Add(new SessionEvent { SessionId = session.Id, Version = session.Version, At = clock.GetUtcNow(), ById = actor.MemberId, Kind = SessionEventKind.HandLowered });
        await context.SaveChangesAsync(cancel);
    }

    internal static SessionPlan Checked(SessionPlan plan)
    {
        var title = AllDocuments.CheckedTitle(plan.Title);
        if (!Languages.All.Contains(plan.Language ?? ""))
            throw new RefusedException(Refusal.BadChoice);
        var text = PlainText.Whole((plan.Description ?? "").Replace("\0", "", StringComparison.Ordinal).ReplaceLineEndings("\n").Trim());
        if (text.Length > Text)
            throw new RefusedException(Refusal.TextTooLong, text.Length, Text);
        _ = PersonsMarkdown.PartToHtml(text);
        if (plan.EndsAt <= plan.StartsAt || plan.EndsAt - plan.StartsAt > TimeSpan.FromDays(1))
            throw new RefusedException(Refusal.BadSessionTime);
        if (plan.Capacity is < 1 or > MostPeople)
            throw new RefusedException(Refusal.BadCapacity, MostPeople);
        plan.CertificateRule.Check(plan.EndsAt - plan.StartsAt);
        // As precisely as it is kept: what is typed once more as it stands there is no other time.
        return plan with { StartsAt = Kept(plan.StartsAt), EndsAt = Kept(plan.EndsAt), Title = title, Description = text, Agenda = Agenda.Checked(plan.Agenda, plan.EndsAt - plan.StartsAt) };
    }

    static DateTimeOffset Kept(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    /// <summary>That a session is one itself: a rehearsal has its plan and its people from the session that it rehearses.</summary>
    /// <exception cref="NotFoundException">It is a rehearsal.</exception>
    static void CheckItself(LiveSession session)
    {
        if (session.RehearsalOfId is not null)
            throw new NotFoundException("session");
    }

    /// <summary>That a session is not over.</summary>
    /// <exception cref="RefusedException">It is.</exception>
    internal static void CheckOpen(LiveSession session)
    {
        if (session.Phase is SessionPhase.Ended or SessionPhase.CalledOff)
            throw new RefusedException(Refusal.SessionOver);
    }

    /// <summary>That a session has not begun.</summary>
    /// <exception cref="RefusedException">It has, or it is over.</exception>
    internal static void CheckPlanned(LiveSession session)
    {
        CheckOpen(session);
        if (session.Phase != SessionPhase.Planned)
            throw new RefusedException(Refusal.SessionBegun);
    }

    /// <summary>That who is muted in the session's room does not speak to all in another way.</summary>
    /// <exception cref="RefusedException">They are.</exception>
    internal static async Task CheckHeardAsync(CommunityDb context, Actor actor, LiveSession session, DateTimeOffset now, CancellationToken cancel)
    {
        if (await context.Restrictions.AnyAsync(r => r.ConversationId == session.ConversationId && r.MemberId == actor.MemberId && r.MutedUntil > now, cancel))
            throw new RefusedException(Refusal.Muted);
    }

    /// <summary>In the caller's transaction: a seat in the session's room.</summary>
    internal static Task SeatAsync(CommunityDb context, LiveSession session, int member, SessionRole role, CancellationToken cancel) => SeatAsync(context, session.ConversationId, member, SeatOf(role), cancel);

    /// <summary>The same in a room that belongs to a session.</summary>
    internal static async Task SeatAsync(CommunityDb context, int room, int member, MembershipRole role, CancellationToken cancel)
    {
        var seat = await context.Memberships.SingleOrDefaultAsync(m => m.ConversationId == room && m.MemberId == member, cancel);
        if (seat is null)
            // What was said before is there to read, but nobody owes it a reading.
            context.Add(new Membership { ConversationId = room, MemberId = member, Role = role, JoinedAt = context.Clock.GetUtcNow(), LastReadSeq = await context.Conversations.Where(c => c.Id == room).Select(c => c.LastSeq).SingleAsync(cancel) });
        else
            seat.Role = role;
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>In the caller's transaction: those who lead a session, the trainer first.</summary>
    internal static Task<Dictionary<int, SessionRole>> LeadersAsync(CommunityDb context, LiveSession session, CancellationToken cancel) =>
        context.SessionPlaces.Where(p => p.SessionId == session.Id && p.Role != SessionRole.Participant).OrderByDescending(p => p.Role).ThenBy(p => p.MemberId).ToDictionaryAsync(p => p.MemberId, p => p.Role, cancel);

    /// <summary>The sessions of which the actor may know: of a rehearsal only who is in it, or has its code; a guest of one.</summary>
    static IQueryable<LiveSession> KnownTo(CommunityDb context, Actor actor, string? code = null)
    {
        var (isMember, me, guestOf) = (actor.IsMember, actor.MemberId, actor.GuestOf);
        return context.LiveSessions.Where(s => (isMember && (s.RehearsalOfId == null || s.JoinCode == code || context.SessionPlaces.Any(p => p.SessionId == s.Id && p.MemberId == me))) || s.Id == guestOf);
    }

    /// <summary>The sessions that the actor leads, alone or with others.</summary>
    internal static IQueryable<LiveSession> LedBy(CommunityDb context, Actor actor)
    {
        var me = actor.MemberId;
        return context.LiveSessions.Where(s => me != 0 && context.SessionPlaces.Any(p => p.SessionId == s.Id && p.MemberId == me && p.Role != SessionRole.Participant));
    }

    /// <summary>The sessions that the actor is in, and not banned from.</summary>
    internal static IQueryable<LiveSession> SeenBy(CommunityDb context, Actor actor)
    {
        var me = actor.MemberId;
        return context.LiveSessions.Where(s => context.SessionPlaces.Any(p => p.SessionId == s.Id && p.MemberId == me) && !Bans.Now(context).Any(r => r.ConversationId == s.ConversationId && r.MemberId == me));
    }

    /// <summary>The session, which nobody else changes until the end of the transaction.</summary>
    /// <exception cref="NotFoundException">Absent, neither a member nor a guest of this session asks, or the actor does not lead it where that is needed.</exception>
    internal static async Task<LiveSession> LockAsync(CommunityDb context, Actor actor, string slug, bool leads, CancellationToken cancel, string? code = null)
    {
        var seen = leads ? LedBy(context, actor) : KnownTo(context, actor, code);
        return await seen.Where(s => s.Slug == slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.Version, s => s.Version), cancel) == 1
            ? await context.LiveSessions.SingleAsync(s => s.Slug == slug, cancel) : throw new NotFoundException("session");
    }
}
