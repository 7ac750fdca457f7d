using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>From when to when somebody was in a session that was being held. Several where they went and came back.</summary>
public sealed class SessionPresence
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>When they were seen first.</summary>
    public DateTimeOffset From { get; set; }
    /// <summary>When they were seen last.</summary>
    public DateTimeOffset Until { get; set; }
}

/// <summary>A line of an attendance list.</summary>
/// <param name="Name">Who.</param>
/// <param name="Organisation">For whom they work; null for nobody.</param>
/// <param name="Country">Where, ISO 3166; empty where that is not said.</param>
/// <param name="Role">As what.</param>
/// <param name="Came">When they were seen first; null where they were not.</param>
/// <param name="Left">When they were seen last.</param>
/// <param name="Minutes">How long they were there altogether, in whole minutes.</param>
/// <param name="Answered">How many questions they answered.</param>
/// <param name="IsGuest">Whether they came by the code without an account.</param>
/// <param name="Earns">Whether that is enough for a certificate. Nobody has one before the end, nor who led the session or came as a guest.</param>
public sealed record AttendanceLine(string Name, string? Organisation, string Country, SessionRole Role, DateTimeOffset? Came, DateTimeOffset? Left, int Minutes, int Answered, bool IsGuest, bool Earns)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>A page of an attendance list.</summary>
/// <param name="Title">What the session is called.</param>
/// <param name="Rule">Who has a certificate.</param>
/// <param name="Asked">How many questions were asked.</param>
/// <param name="Lines">By name.</param>
/// <param name="HasMore">Whether there is another page.</param>
public sealed record AttendanceList(string Title, CertificateRule Rule, int Asked, IReadOnlyList<AttendanceLine> Lines, bool HasMore);

/// <summary>
/// Who was in a session, and how long. It is looked every <see cref="Pause"/> who has it open, and kept in the database: neither the end of the session nor that of the server takes it away, and a server that is
/// killed loses one look.
/// </summary>
public sealed class Attendance(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Lines of one page.</summary>
    public const int Page = 100;

    /// <summary>Between two looks.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);

    // Whoever is away for less has not left: a page was loaded anew, a train went through a tunnel, a server started.
    static readonly TimeSpan Gap = TimeSpan.FromSeconds(90);

    /// <summary>Notes down who is in the sessions that are being held.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="present">The members that have a room, or the stage or desk of its session, open.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task NoteAsync(Actor actor, Func<int, IEnumerable<int>> present, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        foreach (var session in await context.LiveSessions.Where(s => s.Phase == SessionPhase.Running).Select(s => new { s.Id, s.ConversationId }).ToListAsync(cancel))
        {
            var seen = present(session.ConversationId).ToHashSet();
            if (seen.Count == 0)
                continue;
            var (now, late) = (clock.GetUtcNow(), clock.GetUtcNow() - Gap);
            // Read before anything is held: while five hundred are noted down, a slide is not to wait.
            var here = await context.SessionPlaces.Where(p => p.SessionId == session.Id && seen.Contains(p.MemberId)).Select(p => p.MemberId).ToListAsync(cancel);
            var open = context.SessionPresences.Where(p => p.SessionId == session.Id && p.Until >= late && here.Contains(p.MemberId));
            var known = await open.Select(p => p.MemberId).ToListAsync(cancel);
            await open.ExecuteUpdateAsync(set => set.SetProperty(p => p.Until, now), cancel);
            context.AddRange(here.Except(known).Select(member => new SessionPresence { SessionId = session.Id, MemberId = member, From = now, Until = now }));
            await context.SaveChangesAsync(cancel);
        }
    }

    /// <summary>A page of the attendance list, by name; whoever is registered and was not there stands in it too.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="page">1, 2, 3 …; null for the whole list, which is no longer than a session is large.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<AttendanceList> ListAsync(Actor actor, string slug, int? page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await LiveSessions.LedBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        var people =
            from p in context.SessionPlaces
            where p.SessionId == session.Id
            join u in context.Users on p.MemberId equals u.Id
            orderby u.DisplayName, u.Id
            select new { u.Id, u.DisplayName, Organisation = u.Organisation!.Name, u.Country, p.Role, u.GuestOf };
        var rows = await (page is { } number ? people.Skip((Math.Clamp(number, 1, 1000) - 1) * Page).Take(Page + 1) : people.Take(LiveSessions.MostPeople + LiveSessions.MostLeaders + 1)).ToListAsync(cancel);
        var shown = page is null ? rows : rows.Take(Page).ToList();
        var ids = shown.ConvertAll(one => one.Id);
        var times = (await context.SessionPresences.AsNoTracking().Where(p => p.SessionId == session.Id && ids.Contains(p.MemberId)).ToListAsync(cancel)).ToLookup(p => p.MemberId);
        var asked = Certificates.AskedIn(context, session);
        var answered = await context.SessionAnswers.Where(a => asked.Contains(a.QuestionId) && ids.Contains(a.MemberId)).GroupBy(a => a.MemberId).Select(own => new { own.Key, Count = own.Count() })
            .ToDictionaryAsync(own => own.Key, own => own.Count, cancel);
        var (rule, most) = (session.CertificateRule, await asked.CountAsync(cancel));
        return new(session.Title, rule, most, [.. shown.Select(one =>
        {
            var facts = new CertificateFacts(MinutesOf(times[one.Id].Select(p => (p.From, p.Until))), answered.GetValueOrDefault(one.Id), most);
            return new AttendanceLine(one.DisplayName, one.Organisation, one.Country ?? "", one.Role, times[one.Id].Min(p => (DateTimeOffset?)p.From), times[one.Id].Max(p => (DateTimeOffset?)p.Until), facts.Minutes, facts.Answered,
                one.GuestOf is not null, session.Phase == SessionPhase.Ended && one is { Role: SessionRole.Participant, GuestOf: null } && rule.IsFulfilledBy(facts));
        })], page is not null && rows.Count > Page);
    }

    /// <summary>How long spans are together, in whole minutes. What two of them share counts once.</summary>
    public static int MinutesOf(IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> spans)
    {
        var (sum, end) = (TimeSpan.Zero, DateTimeOffset.MinValue);
        foreach (var (from, until) in spans.OrderBy(one => one.From))
        {
            var begin = from > end ? from : end;
            if (until <= begin)
                continue;
            sum += until - begin;
            end = until;
        }
        return (int)sum.TotalMinutes;
    }
}
