using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>That somebody has a certificate of attendance. It goes with the account.</summary>
public sealed class SessionCertificate
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Of which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>With what others verify it.</summary>
    public required string Code { get; set; }
    /// <summary>What the member was called when it was made: under another name it is no certificate of somebody else.</summary>
    public required string Name { get; set; }
    /// <summary>How long they were there.</summary>
    public int Minutes { get; set; }
    /// <summary>How many questions they answered.</summary>
    public int Answered { get; set; }
    /// <summary>How many were asked.</summary>
    public int Asked { get; set; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A certificate of attendance.</summary>
/// <param name="Code">With what others verify it.</param>
/// <param name="Name">Whose.</param>
/// <param name="Slug">The session's address part.</param>
/// <param name="Title">What the session is called.</param>
/// <param name="Language">In which language that is.</param>
/// <param name="Begin">When it began.</param>
/// <param name="TimeZone">By whose clock the day is said: the trainer's, for everybody the same.</param>
/// <param name="Facts">What they did in it.</param>
/// <param name="Rule">What was asked of them.</param>
/// <param name="Trainers">Who led it, the trainer first.</param>
/// <param name="Organisation">Of the trainer; null for none.</param>
public sealed record Certificate(string Code, string Name, string Slug, string Title, string Language, DateTimeOffset Begin, string TimeZone, CertificateFacts Facts, CertificateRule Rule, IReadOnlyList<string> Trainers, string? Organisation);

/// <summary>
/// Certificates of attendance: for those who took part in a session that has ended, as long as its rule asks, and answered as much of it. Made when they are looked at first, from the attendance and the answers that the server noted down, and verified by anybody
/// with their code.
/// </summary>
public sealed class Certificates(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Signs of a code: 116 bits that nobody guesses.</summary>
    public const int CodeLength = 24;

    // A code that was typed may have blanks and hyphens in it.
    const int LongestTyped = 60;

    /// <summary>What the actor did in a session; null where it gives them no certificate whatever it is: it has not ended, has no rule, or they led it.</summary>
    /// <exception cref="NotFoundException">Absent, or no member asks.</exception>
    public async Task<CertificateFacts?> FactsAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await context.LiveSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug && actor.IsMember, cancel) ?? throw new NotFoundException("session");
        return await FactsAsync(context, session, actor.MemberId, cancel);
    }

    /// <summary>The actor's certificate, made when it is looked at first.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor has none.</exception>
    public async Task<Certificate> OwnAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await context.LiveSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug && actor.IsMember, cancel) ?? throw new NotFoundException("session");
        var mine = context.SessionCertificates.AsNoTracking().Where(c => c.SessionId == session.Id && c.MemberId == actor.MemberId);
        if (await mine.SingleOrDefaultAsync(cancel) is not { } stored)
        {
            if (await FactsAsync(context, session, actor.MemberId, cancel) is not { } facts || !session.CertificateRule.IsFulfilledBy(facts))
                throw new NotFoundException("certificate");
            var (name, code, moment) = (await context.Users.Where(u => u.Id == actor.MemberId).Select(u => u.DisplayName).SingleAsync(cancel), RandomNumberGenerator.GetString(LiveSessions.Signs, CodeLength), clock.GetUtcNow().ToUnixTimeMilliseconds());
            // Of two looks at once the first one makes it.
            await context.Database.ExecuteSqlAsync($"""
                INSERT INTO "SessionCertificates" ("SessionId", "MemberId", "Code", "Name", "Minutes", "Answered", "Asked", "At")
                VALUES ({session.Id}, {actor.MemberId}, {code}, {name}, {facts.Minutes}, {facts.Answered}, {facts.Asked}, {moment}) ON CONFLICT DO NOTHING
                """, cancel);
            stored = await mine.SingleAsync(cancel);
        }
        return await WithSessionAsync(context, stored, session, cancel);
    }

    /// <summary>The certificate of a code; small letters, blanks and hyphens are read too. Asked by anybody who was shown one.</summary>
    /// <exception cref="NotFoundException">None has it.</exception>
    public async Task<Certificate> FindAsync(string? code, CancellationToken cancel = default)
    {
        var clean = code is { Length: > 0 and <= LongestTyped } ? new string([.. code.Where(char.IsAsciiLetterOrDigit)]).ToUpperInvariant() : "";
        await using var context = db.CreateDbContext();
        var stored = await context.SessionCertificates.AsNoTracking().SingleOrDefaultAsync(c => c.Code == clean, cancel) ?? throw new NotFoundException("certificate");
        return await WithSessionAsync(context, stored, await context.LiveSessions.AsNoTracking().SingleAsync(s => s.Id == stored.SessionId, cancel), cancel);
    }

    /// <summary>The questions that count: what nobody answered was opened by mistake, or was never open long enough.</summary>
    internal static IQueryable<int> AskedIn(CommunityDb context, LiveSession session) =>
        context.SessionQuestions.Where(q => q.SessionId == session.Id && context.SessionAnswers.Any(a => a.QuestionId == q.Id)).Select(q => q.Id);

    static async Task<CertificateFacts?> FactsAsync(CommunityDb context, LiveSession session, int member, CancellationToken cancel)
    {
        if (session.Phase != SessionPhase.Ended || !session.CertificateRule.IsThere || await context.SessionPlaces.AnyAsync(p => p.SessionId == session.Id && p.MemberId == member && p.Role != SessionRole.Participant, cancel))
            return null;
        var spans = await context.SessionPresences.Where(p => p.SessionId == session.Id && p.MemberId == member).Select(p => new { p.From, p.Until }).ToListAsync(cancel);
        var asked = AskedIn(context, session);
        return new(Attendance.MinutesOf(spans.Select(span => (span.From, span.Until))), await context.SessionAnswers.CountAsync(a => a.MemberId == member && asked.Contains(a.QuestionId), cancel), await asked.CountAsync(cancel));
    }

    static async Task<Certificate> WithSessionAsync(CommunityDb context, SessionCertificate stored, LiveSession session, CancellationToken cancel)
    {
        var leaders = await (
            from p in context.SessionPlaces
            where p.SessionId == session.Id && p.Role != SessionRole.Participant
            join u in context.Users on p.MemberId equals u.Id
            orderby p.Role descending, u.DisplayName
            select new { p.Role, u.DisplayName, u.TimeZone, Organisation = u.Organisation!.Name }).ToListAsync(cancel);
        var trainer = leaders.Find(one => one.Role == SessionRole.Trainer);
        return new(stored.Code, stored.Name, session.Slug, session.Title, session.Language, session.StartedAt ?? session.StartsAt, trainer?.TimeZone ?? "UTC", new(stored.Minutes, stored.Answered, stored.Asked), session.CertificateRule,
            [.. leaders.Select(one => FormerMember.Shown(one.DisplayName))], trainer?.Organisation);
    }
}
