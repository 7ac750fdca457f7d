using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>Why somebody who registered has no place.</summary>
public enum RequestState
{
    /// <summary>The trainers have not answered yet.</summary>
    Asks = 1,
    /// <summary>On the waiting list: gets the next place that is free, in the order of registering.</summary>
    Waits = 2,
    /// <summary>The trainers declined; they may still think better of it.</summary>
    Declined = 3,
}

/// <summary>That somebody registered for a session and has no place in it. Whoever has a place has none of these.</summary>
public sealed class SessionRequest
{
    /// <summary>Number; the order of the waiting list.</summary>
    public int Id { get; set; }
    /// <summary>For which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>Why not.</summary>
    public RequestState State { get; set; }
    /// <summary>When they registered.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>Somebody who registered and has no place.</summary>
/// <param name="Handle">Who.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Organisation">For whom they work; null for nobody.</param>
/// <param name="PictureVersion">Of their picture.</param>
/// <param name="State">Why not.</param>
/// <param name="At">When they registered.</param>
public sealed record RequestRow(string Handle, string Name, string? Organisation, string? PictureVersion, RequestState State, DateTimeOffset At)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>What came of registering.</summary>
/// <param name="Slug">The session's address part.</param>
/// <param name="State">Null for a place.</param>
public sealed record SessionRegistration(string Slug, RequestState? State)
{
    /// <summary>Whether there is a place.</summary>
    public bool IsIn => State is null;
}

/// <summary>
/// Who registered for a session and has no place: asks the trainers, waits for a place, or was declined. Places are given under the session's lock and to the first of the waiting list, so that there are never more
/// people than places, and never a free place while somebody waits.
/// </summary>
public sealed class Registrations(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Rows of one page.</summary>
    public const int Page = 50;

    /// <summary>People without a place, of one session.</summary>
    public const int Most = 500;

    // Sessions of one round that have a place for somebody who waits.
    const int ABatch = 100;

    /// <summary>A page of those who registered and have no place: first who asks, then who waits, then who was declined, each in the order of registering.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<(IReadOnlyList<RequestRow> Rows, bool HasMore)> ListAsync(Actor actor, string slug, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await LiveSessions.LedBy(context, actor).Where(s => s.Slug == slug).Select(s => (int?)s.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        var rows = await (
            from r in context.SessionRequests
            where r.SessionId == session
            join u in context.Users on r.MemberId equals u.Id
            orderby r.State, r.Id
            select new RequestRow(u.Handle, u.DisplayName, u.Organisation!.Name, u.PictureVersion, r.State, r.At)).Skip((Math.Clamp(page, 1, 1000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>Lets somebody in who asks or was declined: into a place where there is one, else onto the waiting list. A second time, and for somebody who is in it, it changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is over.</exception>
    public Task ApproveAsync(Actor actor, string slug, string? handle, CancellationToken cancel = default) => AnswerAsync(actor, slug, handle, RequestState.Waits, cancel);

    /// <summary>Lets somebody not in who asks or waits. A second time changes nothing; a place is not taken away.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is over.</exception>
    public Task DeclineAsync(Actor actor, string slug, string? handle, CancellationToken cancel = default) => AnswerAsync(actor, slug, handle, RequestState.Declined, cancel);

    async Task AnswerAsync(Actor actor, string slug, string? handle, RequestState answer, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        LiveSessions.CheckOpen(session);
        var request = await context.SessionRequests.SingleOrDefaultAsync(r => r.SessionId == session.Id && context.Users.Any(u => u.Id == r.MemberId && u.Handle == handle), cancel);
        if (request is null || request.State == answer)
            return;
        request.State = answer;
        await context.SaveChangesAsync(cancel);
        var news = new SessionNews(session);
        if (answer == RequestState.Declined)
            await news.TellAsync(context, NoticeKind.SessionDeclined, [request.MemberId], clock.GetUtcNow(), cancel);
        else
            await FillAsync(context, session, news, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
    }

    /// <summary>Gives places that became free in another way to those who wait: an account was deleted, somebody left the room. Whatever makes one free here gives it on at once.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops before the next session.</param>
    /// <returns>How many got a place.</returns>
    public async Task<int> FillAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        var given = 0;
        await using var context = db.CreateDbContext();
        foreach (var id in await context.LiveSessions.Where(s => (s.Phase == SessionPhase.Planned || s.Phase == SessionPhase.Running)
            && context.SessionRequests.Any(r => r.SessionId == s.Id && r.State == RequestState.Waits)
            && context.SessionPlaces.Count(p => p.SessionId == s.Id && p.Role == SessionRole.Participant) < (s.Capacity ?? LiveSessions.MostPeople)).OrderBy(s => s.Id).Take(ABatch).Select(s => s.Id).ToListAsync(cancel))
        {
            await using var one = db.CreateDbContext();
            await using var transaction = await one.Database.BeginTransactionAsync(cancel);
            if (await one.LiveSessions.Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Version, s => s.Version), cancel) == 0)
                continue;
            var session = await one.LiveSessions.SingleAsync(s => s.Id == id, cancel);
            var news = new SessionNews(session);
            await FillAsync(one, session, news, clock.GetUtcNow(), cancel);
            await transaction.CommitAsync(cancel);
            news.Publish(feed);
            given += news.Joined;
        }
        return given;
    }

    /// <summary>In the caller's transaction, which has locked the session: gives the places that are free to the first of the waiting list.</summary>
    internal static async Task FillAsync(CommunityDb context, LiveSession session, SessionNews news, DateTimeOffset now, CancellationToken cancel)
    {
        if (session.Phase is not (SessionPhase.Planned or SessionPhase.Running))
            return;
        var free = await FreeAsync(context, session, cancel);
        if (free <= 0)
            return;
        var next = await context.SessionRequests.Where(r => r.SessionId == session.Id && r.State == RequestState.Waits).OrderBy(r => r.Id).Take(free).ToListAsync(cancel);
        if (next.Count == 0)
            return;
        context.RemoveRange(next);
        foreach (var request in next)
            await GiveAsync(context, session, request.MemberId, SessionRole.Participant, news, now, cancel);
        await news.TellAsync(context, NoticeKind.SessionPlaceGiven, next.ConvertAll(request => request.MemberId), now, cancel);
    }

    /// <summary>In the caller's transaction: how many places are free.</summary>
    internal static async Task<int> FreeAsync(CommunityDb context, LiveSession session, CancellationToken cancel) =>
        (session.Capacity ?? LiveSessions.MostPeople) - await context.SessionPlaces.CountAsync(p => p.SessionId == session.Id && p.Role == SessionRole.Participant, cancel);

    /// <summary>In the caller's transaction: a place in the session and a seat in its room.</summary>
    internal static async Task GiveAsync(CommunityDb context, LiveSession session, int member, SessionRole role, SessionNews news, DateTimeOffset now, CancellationToken cancel)
    {
        context.Add(new SessionPlace { SessionId = session.Id, MemberId = member, Role = role, Since = now });
        await context.SaveChangesAsync(cancel);
        await LiveSessions.SeatAsync(context, session, member, role, cancel);
        news.Joins(member);
    }
}
