using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>The session into which a code leads somebody without an account.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Slug">Its address part.</param>
/// <param name="Title">What it is called.</param>
/// <param name="StartsAt">When it begins.</param>
/// <param name="TimeZone">The trainer's.</param>
public sealed record GuestDoor(int Id, string Slug, string Title, DateTimeOffset StartsAt, string TimeZone);

/// <summary>A guest who is in a session.</summary>
/// <param name="Actor">As whom they come in.</param>
/// <param name="Slug">The session's address part.</param>
/// <param name="IsOver">Whether it is over or called off.</param>
public sealed record GuestSeen(Actor Actor, string Slug, bool IsOver);

/// <summary>A guest as those who lead the session see them.</summary>
public sealed record GuestRow(string Handle, string Name, DateTimeOffset Since)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>
/// People without an account who came into one session by its code. Each is a row among the members, so that answers, hands and attendance need no second kind of person, but one that nobody finds and that may come in
/// nowhere: see <see cref="SeenMembers.WithAccount"/> and <see cref="Actor.GuestOf"/>.
/// </summary>
public sealed class Guests(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Characters of a guest's name.</summary>
    public const int NameLength = 50;

    /// <summary>Rows of one page.</summary>
    public const int Page = 50;

    const int ABatch = 500;

    /// <summary>The session into which a code leads guests.</summary>
    /// <param name="actor">Somebody without an account.</param>
    /// <param name="code">Small letters, blanks and hyphens are read too.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No session of this code is open to guests, or a member asks.</exception>
    public async Task<GuestDoor> OfCodeAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        var clean = LiveSessions.CleanCode(code);
        await using var context = db.CreateDbContext();
        return await context.LiveSessions
            .Where(s => s.JoinCode == clean && s.AllowsGuests && s.RehearsalOfId == null && (s.Phase == SessionPhase.Planned || s.Phase == SessionPhase.Running) && !actor.IsMember)
            .Select(s => new GuestDoor(s.Id, s.Slug, s.Title, s.StartsAt, context.SessionPlaces.Where(p => p.SessionId == s.Id && p.Role == SessionRole.Trainer)
                .Join(context.Users, p => p.MemberId, u => u.Id, (_, u) => u.TimeZone).FirstOrDefault() ?? "UTC"))
            .SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
    }

    /// <summary>Lets somebody in as a guest. Who is in already stays who they are.</summary>
    /// <param name="actor">Somebody without an account.</param>
    /// <param name="code">The session's code.</param>
    /// <param name="name">1 to <see cref="NameLength"/> characters; others may be called so, too.</param>
    /// <param name="language">In which the guest reads.</param>
    /// <param name="former">The guest that this browser was before; null for none.</param>
    /// <param name="formKey">What the form chose: sent twice, it is one guest. Null for another one each time.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No session of this code is open to guests, or a member asks.</exception>
    /// <exception cref="RefusedException">That is no name, there is no place, or who leads the session took this guest out.</exception>
    public async Task<GuestSeen> JoinAsync(Actor actor, string? code, string? name, string language, int? former = null, string? formKey = null, CancellationToken cancel = default)
    {
        var door = await OfCodeAsync(actor, code, cancel);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // Guests and members who want the last place come one after the other.
        await context.LiveSessions.Where(s => s.Id == door.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Version, s => s.Version), cancel);
        var session = await context.LiveSessions.SingleAsync(s => s.Id == door.Id, cancel);
        if (!session.AllowsGuests)
            throw new NotFoundException("session");
        LiveSessions.CheckOpen(session);
        var handle = FormerMember.GuestHandle(session.Id, string.IsNullOrEmpty(formKey) ? Guid.NewGuid().ToString("N") : formKey);
        if (await context.Users.AsNoTracking().Where(u => u.GuestOf == session.Id && (u.Id == former || u.Handle == handle)).OrderBy(u => u.Id).FirstOrDefaultAsync(cancel) is { } known)
            return await ThereAsync(context, session, known.Id, cancel) ? Seen(known, session) : throw new RefusedException(Refusal.GuestRemoved);
        var (clean, now, news) = (PlainText.Name(name, NameLength), clock.GetUtcNow(), new SessionNews(session));
        // Who waits for a place came first.
        await Registrations.FillAsync(context, session, news, now, cancel);
        if (await Registrations.FreeAsync(context, session, cancel) <= 0)
            throw new RefusedException(Refusal.SessionFull, session.Capacity ?? LiveSessions.MostPeople);
        var guest = new Member
        {
            Handle = handle,
            DisplayName = FormerMember.GuestName(clean),
            GuestOf = session.Id,
            Roles = Roles.None,
            Language = Languages.OrEnglish(language),
            TimeZone = door.TimeZone,
            JoinedAt = now,
            // Whoever asks whether somebody may come in, be found or be told of something asks this.
            SuspendedUntil = DateTimeOffset.MaxValue,
        };
        Sessions.Restamp(guest);
        context.Users.Add(guest);
        await context.SaveChangesAsync(cancel);
        context.Add(new SessionPlace { SessionId = session.Id, MemberId = guest.Id, Role = SessionRole.Participant, Since = now });
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
        return Seen(guest, session);
    }

    /// <summary>The guest whom a cookie names, if they are in their session; null if not any more.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<GuestSeen?> FindAsync(Actor actor, int guest, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("guest");
        await using var context = db.CreateDbContext();
        return await There(context, [guest]).AsNoTracking().SingleOrDefaultAsync(cancel) is { } found
            && await context.LiveSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == found.GuestOf, cancel) is { } session ? Seen(found, session) : null;
    }

    /// <summary>Which of these guests are still in their sessions.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<IReadOnlySet<int>> StillThereAsync(Actor actor, IReadOnlyCollection<int> guests, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("guest");
        await using var context = db.CreateDbContext();
        return (await There(context, [.. guests]).Select(u => u.Id).ToListAsync(cancel)).ToHashSet();
    }

    /// <summary>The number of the room whose stage a guest watches.</summary>
    /// <exception cref="NotFoundException">It is not the session of this guest.</exception>
    public async Task<int> StageAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        var own = actor.GuestOf;
        await using var context = db.CreateDbContext();
        return await LiveSessions.SeenBy(context, actor).Where(s => s.Slug == slug && s.Id == own).Select(s => (int?)s.ConversationId).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
    }

    /// <summary>A page of a session's guests, who came first first.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<(IReadOnlyList<GuestRow> Rows, bool HasMore)> ListAsync(Actor actor, string slug, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await LiveSessions.LedBy(context, actor).Where(s => s.Slug == slug).Select(s => (int?)s.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        var rows = await (
            from p in context.SessionPlaces
            where p.SessionId == session
            join u in context.Users on p.MemberId equals u.Id
            where u.GuestOf == session
            orderby p.Since, u.Id
            select new GuestRow(u.Handle, u.DisplayName, p.Since)).Skip((Math.Clamp(page, 1, 1000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>Takes a guest out: the place is free, and the browser of this guest does not come in again. What was answered stays. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task RemoveAsync(Actor actor, string slug, string? handle, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        var place = await context.SessionPlaces.SingleOrDefaultAsync(p => p.SessionId == session.Id && context.Users.Any(u => u.Id == p.MemberId && u.Handle == handle && u.GuestOf == session.Id), cancel);
        if (place is null)
            return;
        var (guest, now, news) = (place.MemberId, clock.GetUtcNow(), new SessionNews(session));
        context.Remove(place);
        if (await context.RaisedHands.Where(h => h.SessionId == session.Id && h.MemberId == guest).ExecuteDeleteAsync(cancel) > 0)
            context.Add(new SessionEvent { SessionId = session.Id, Version = ++session.Version, At = now, ById = guest, Kind = SessionEventKind.HandLowered });
        if (session.FloorId == guest)
        {
            session.FloorId = null;
            context.Add(new SessionEvent { SessionId = session.Id, Version = ++session.Version, At = now, ById = actor.MemberId, Kind = SessionEventKind.FloorGiven });
        }
        context.Note(now, actor, "guest.removed", guest, "session:" + session.Slug);
        await context.SaveChangesAsync(cancel);
        await Registrations.FillAsync(context, session, news, now, cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
        feed.Publish(new AccessEnded(guest, session.ConversationId, AccessEndedReason.Left));
        feed.Publish(new SessionChanged(session.ConversationId));
    }

    /// <summary>Plans the erasing of guests whose session has been over for so long.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="days">Days after its end.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>How many.</returns>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task<int> ForgetAsync(Actor actor, int days, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("guests");
        await using var context = db.CreateDbContext();
        var (now, late) = (clock.GetUtcNow(), clock.GetUtcNow().AddDays(-days));
        // What nobody ended is over when it was to end.
        var due = await context.Users.Where(u => u.GuestOf != null && u.ErasedAt == null && !context.Erasures.Any(e => e.MemberId == u.Id)
            && context.LiveSessions.Any(s => s.Id == u.GuestOf && ((s.EndedAt != null && s.EndedAt < late) || (s.EndedAt == null && s.EndsAt < late)))).OrderBy(u => u.Id).Select(u => u.Id).Take(ABatch).ToListAsync(cancel);
        context.AddRange(due.Select(guest => new Erasure { MemberId = guest, AskedAt = now, DueAt = now }));
        await context.SaveChangesAsync(cancel);
        return due.Count;
    }

    static GuestSeen Seen(Member guest, LiveSession session) => new(
        new Actor(guest.Id, guest.Handle, guest.DisplayName, Roles.None, guest.Language, guest.TimeZone) { GuestOf = session.Id }, session.Slug, session.Phase is SessionPhase.Ended or SessionPhase.CalledOff);

    static Task<bool> ThereAsync(CommunityDb context, LiveSession session, int guest, CancellationToken cancel) =>
        There(context, [guest]).AnyAsync(u => u.GuestOf == session.Id, cancel);

    // With a place in their own session, and not banned from it.
    static IQueryable<Member> There(CommunityDb context, List<int> guests) => context.Users.Where(u => guests.Contains(u.Id) && u.GuestOf != null && u.ErasedAt == null
        && context.SessionPlaces.Any(p => p.SessionId == u.GuestOf && p.MemberId == u.Id)
        && !context.LiveSessions.Any(s => s.Id == u.GuestOf && Bans.Now(context).Any(r => r.ConversationId == s.ConversationId && r.MemberId == u.Id)));
}
