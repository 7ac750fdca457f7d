using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Live;

/// <summary>A rehearsal, as those who lead the session see it.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="At">When somebody set it up.</param>
public sealed record RehearsalRow(string Slug, SessionPhase Phase, DateTimeOffset At);

/// <summary>
/// Rehearsals: a session that shows the slides of another one, with a room, people, questions and a log of its own. All that can be done in a session can be tried in it, nothing of it reaches those who registered, and it is in no list and no calendar.
/// Whoever is given its code may play the audience.
/// </summary>
public sealed class Rehearsals(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Rehearsals that are listed, the newest first.</summary>
    public const int Most = 5;

    /// <summary>For how many months is kept what is said in one.</summary>
    internal const int KeptMonths = 1;

    static readonly TimeSpan Lasts = TimeSpan.FromHours(4);

    /// <summary>Sets a rehearsal up, in which all are who lead the session. One that is not over is the same one, also for two who press at once; who leads the session by now is in it then.</summary>
    /// <returns>Its address part.</returns>
    /// <exception cref="NotFoundException">Absent, a rehearsal itself, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">The session has begun, or is over.</exception>
    public async Task<string> BeginAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        if (session.RehearsalOfId is not null)
            throw new NotFoundException("session");
        LiveSessions.CheckPlanned(session);
        var now = clock.GetUtcNow();
        List<TrainersRooms.Fitted> fitted = [];
        var rehearsal = await OpenOfAsync(context, session, cancel);
        if (rehearsal is null)
        {
            var plan = new SessionPlan(session.Title, session.Description, session.Language, now, now + Lasts, Capacity: null, Agenda: session.Agenda);
            var (address, leaders) = (LiveSessions.Unguessed("rehearsal"), await LiveSessions.LeadersAsync(context, session, cancel));
            rehearsal = await LiveSessions.AddAsync(context, new(session.DocumentId, address, "session-" + address, RehearsalOfId: session.Id), plan, [.. leaders.Select(one => (one.Key, one.Value))], now, cancel);
            (rehearsal.Media, rehearsal.MediaAddress, rehearsal.AllowsAnonymous) = (session.Media, session.MediaAddress, session.AllowsAnonymous);
            await context.SaveChangesAsync(cancel);
        }
        else
        {
            fitted = await FitAsync(context, session, now, cancel);
        }
        await transaction.CommitAsync(cancel);
        fitted.ForEach(room => room.Publish(feed));
        return rehearsal.Slug;
    }

    /// <summary>The rehearsals of a session that the actor was in, the newest <see cref="Most"/>.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<IReadOnlyList<RehearsalRow>> ListAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await LiveSessions.LedBy(context, actor).Where(s => s.Slug == slug).Select(s => (int?)s.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        return await LiveSessions.SeenBy(context, actor).Where(s => s.RehearsalOfId == session).OrderByDescending(s => s.Id).Take(Most).Select(s => new RehearsalRow(s.Slug, s.Phase, s.StartsAt)).ToListAsync(cancel);
    }

    /// <summary>In the caller's transaction, which has locked the session: those who lead it, and nobody else, lead its open rehearsal too, and are in the trainers' rooms of both.</summary>
    internal static async Task<List<TrainersRooms.Fitted>> FitAsync(CommunityDb context, LiveSession session, DateTimeOffset now, CancellationToken cancel)
    {
        List<TrainersRooms.Fitted> fitted = [await TrainersRooms.FitAsync(context, session, now, cancel)];
        if (await OpenOfAsync(context, session, cancel) is not { } open)
            return fitted;
        var leaders = await LiveSessions.LeadersAsync(context, session, cancel);
        var places = await context.SessionPlaces.Where(p => p.SessionId == open.Id).ToDictionaryAsync(p => p.MemberId, cancel);
        var gone = places.Values.Where(place => place.Role != SessionRole.Participant && !leaders.ContainsKey(place.MemberId)).ToList();
        var without = gone.ConvertAll(place => place.MemberId);
        context.RemoveRange(gone);
        await context.RaisedHands.Where(h => h.SessionId == open.Id && without.Contains(h.MemberId)).ExecuteDeleteAsync(cancel);
        await context.Memberships.Where(m => m.ConversationId == open.ConversationId && without.Contains(m.MemberId)).ExecuteDeleteAsync(cancel);
        if (open.LeadId is { } lead && without.Contains(lead))
            open.LeadId = null;
        await context.SaveChangesAsync(cancel);
        foreach (var (member, role) in leaders)
        {
            if (places.TryGetValue(member, out var there))
                there.Role = role;
            else
                context.Add(new SessionPlace { SessionId = open.Id, MemberId = member, Role = role, Since = now });
            // Stores the place as well.
            await LiveSessions.SeatAsync(context, open, member, role, cancel);
        }
        fitted.Add(new(open.ConversationId, [.. leaders.Keys.Except(places.Keys)], without));
        fitted.Add(await TrainersRooms.FitAsync(context, open, now, cancel));
        return fitted;
    }

    // The session's row is held: there is no second one.
    static Task<LiveSession?> OpenOfAsync(CommunityDb context, LiveSession session, CancellationToken cancel) =>
        context.LiveSessions.SingleOrDefaultAsync(s => s.RehearsalOfId == session.Id && (s.Phase == SessionPhase.Planned || s.Phase == SessionPhase.Running), cancel);

    /// <summary>Its rooms stand among those of the session, and are not to be taken for them.</summary>
    internal static string Called(string title, string language) => TrainersRooms.Called(language switch
    {
        "it" => "Prova",
        "de" => "Probe",
        "es" => "Ensayo",
        "ca" => "Assaig",
        "el" => "Πρόβα",
        _ => "Rehearsal",
    }, title);
}
