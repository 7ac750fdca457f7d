using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>What somebody did in a session, in numbers.</summary>
/// <param name="Name">Who.</param>
/// <param name="Organisation">For whom they work; null for nobody.</param>
/// <param name="Country">Where, ISO 3166; empty where that is not said.</param>
/// <param name="Role">As what.</param>
/// <param name="Minutes">How long they were there.</param>
/// <param name="Messages">What they said in its room while it was on.</param>
/// <param name="Answers">How many questions they answered.</param>
/// <param name="Points">What that was worth.</param>
/// <param name="Hands">How often their hand was up.</param>
/// <param name="Floor">How often they were given the floor.</param>
public sealed record FigureLine(string Name, string? Organisation, string Country, SessionRole Role, int Minutes, int Messages, int Answers, int Points, int Hands, int Floor)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;

    /// <summary>How often they were heard: by a message, an answer or the floor.</summary>
    public int Voice => Messages + Answers + Floor;
}

/// <summary>How much those of a country or an organisation were heard.</summary>
/// <param name="Name">The country, ISO 3166, or the organisation; empty for those who say none.</param>
/// <param name="IsRest">Whether these are all who belong to groups too small to be shown.</param>
/// <param name="People">How many take part.</param>
/// <param name="ShareOfPeople">Of all who take part, from 0 to 1.</param>
/// <param name="Voice">How often they were heard.</param>
/// <param name="ShareOfVoice">Of all that was heard of those who take part, from 0 to 1.</param>
public sealed record VoiceLine(string Name, bool IsRest, int People, double ShareOfPeople, int Voice, double ShareOfVoice);

/// <summary>How many were there at a moment.</summary>
public sealed record PresencePoint(DateTimeOffset At, int People);

/// <summary>A session in numbers.</summary>
/// <param name="Begin">When it began; null where it has not.</param>
/// <param name="End">When it ended, or now.</param>
/// <param name="Presence">How many were there, from its beginning on.</param>
/// <param name="Registered">How many take part by the list.</param>
/// <param name="Came">How many of them were there.</param>
/// <param name="Messages">What was said in its room by those who are in it.</param>
/// <param name="Answers">Answers to its questions.</param>
/// <param name="Hands">Hands that went up.</param>
/// <param name="Countries">By country, those who are heard most first.</param>
/// <param name="Organisations">By organisation.</param>
/// <param name="Lines">A page of those who are in it, by name.</param>
/// <param name="HasMore">Whether there is another page.</param>
public sealed record SessionFigures(DateTimeOffset? Begin, DateTimeOffset End, IReadOnlyList<PresencePoint> Presence, int Registered, int Came, int Messages, int Answers, int Hands, IReadOnlyList<VoiceLine> Countries,
    IReadOnlyList<VoiceLine> Organisations, IReadOnlyList<FigureLine> Lines, bool HasMore);

/// <summary>
/// A session in numbers, from what is kept of it: attendance, messages, answers and the log. For those who lead it. By country and organisation nobody is shown alone: groups of fewer than <see cref="Fewest"/> stand
/// together, with as many others as are needed so that they cannot be reckoned from the rest.
/// </summary>
public sealed class Figures(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>People of one page.</summary>
    public const int Page = 50;

    /// <summary>People of a group that is shown.</summary>
    public const int Fewest = 3;

    /// <summary>Moments of its presence.</summary>
    public const int Moments = 24;

    /// <summary>Groups that are shown.</summary>
    public const int MostGroups = 50;

    /// <summary>The figures of a session that has begun; none before.</summary>
    /// <param name="actor">Who leads it.</param>
    /// <param name="slug">Which.</param>
    /// <param name="page">1, 2, 3 …; null for all its people.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<SessionFigures> SeeAsync(Actor actor, string slug, int? page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await LiveSessions.LedBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        var (begin, end) = (session.StartedAt, session.EndedAt ?? clock.GetUtcNow());
        // As many as a session is large.
        var people = await (
            from p in context.SessionPlaces
            where p.SessionId == session.Id
            join u in context.Users on p.MemberId equals u.Id
            orderby u.DisplayName, u.Id
            select new { u.Id, u.DisplayName, Organisation = u.Organisation!.Name, u.Country, p.Role }).Take(LiveSessions.MostPeople + LiveSessions.MostLeaders + 1).ToListAsync(cancel);
        var spans = (await context.SessionPresences.Where(p => p.SessionId == session.Id).Select(p => new { p.MemberId, p.From, p.Until }).ToListAsync(cancel)).ToLookup(p => p.MemberId, p => (p.From, p.Until));
        var messages = begin is not { } from ? [] : await context.Messages.Where(m => m.ConversationId == session.ConversationId && m.AuthorId != null && m.SentAt >= from && m.SentAt <= end && m.DeletedAt == null && m.HiddenAt == null)
            .GroupBy(m => m.AuthorId!.Value).Select(own => new { own.Key, Count = own.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancel);
        var answers = await context.SessionAnswers.Where(a => context.SessionQuestions.Any(q => q.Id == a.QuestionId && q.SessionId == session.Id))
            .GroupBy(a => a.MemberId).Select(own => new { own.Key, Count = own.Count(), Points = own.Sum(a => a.Points) }).ToDictionaryAsync(one => one.Key, cancel);
        var hands = await context.SessionEvents.Where(e => e.SessionId == session.Id && e.Kind == SessionEventKind.HandRaised)
            .GroupBy(e => e.ById).Select(own => new { own.Key, Count = own.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancel);
        var floor = await context.SessionEvents.Where(e => e.SessionId == session.Id && e.Kind == SessionEventKind.FloorGiven && e.MemberId != null)
            .GroupBy(e => e.MemberId!.Value).Select(own => new { own.Key, Count = own.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancel);
        var lines = people.ConvertAll(one => new FigureLine(one.DisplayName, one.Organisation, one.Country ?? "", one.Role, Attendance.MinutesOf(spans[one.Id]), messages.GetValueOrDefault(one.Id),
            answers.GetValueOrDefault(one.Id)?.Count ?? 0, answers.GetValueOrDefault(one.Id)?.Points ?? 0, hands.GetValueOrDefault(one.Id), floor.GetValueOrDefault(one.Id)));
        var taking = lines.Where(line => line.Role == SessionRole.Participant).ToList();
        var shown = page is { } number ? lines.Skip((Math.Clamp(number, 1, 1000) - 1) * Page).Take(Page + 1).ToList() : lines;
        return new(begin, end, begin is { } since ? PresenceOf(spans.SelectMany(own => own.Select(span => (own.Key, span.From, span.Until))), since, end) : [], taking.Count, people.Count(one => one.Role == SessionRole.Participant && spans.Contains(one.Id)),
            lines.Sum(line => line.Messages), lines.Sum(line => line.Answers), lines.Sum(line => line.Hands), VoiceOf(taking, line => line.Country), VoiceOf(taking, line => line.Organisation ?? ""),
            page is null ? shown : [.. shown.Take(Page)], page is not null && shown.Count > Page);
    }

    /// <summary>How many were there in each of at most <see cref="Moments"/> parts, whole minutes long. Whoever went and came back in one of them counts once.</summary>
    public static IReadOnlyList<PresencePoint> PresenceOf(IEnumerable<(int Member, DateTimeOffset From, DateTimeOffset Until)> spans, DateTimeOffset begin, DateTimeOffset end)
    {
        if (end <= begin)
            return [];
        var step = TimeSpan.FromMinutes(Math.Max(1, Math.Ceiling((end - begin).TotalMinutes / Moments)));
        var all = spans.ToList();
        List<PresencePoint> points = [];
        for (var at = begin; at <= end && points.Count < Moments; at += step)
        {
            var (from, until) = (at, at + step);
            points.Add(new(at, all.Where(span => span.From < until && span.Until >= from).Select(span => span.Member).Distinct().Count()));
        }
        return points;
    }

    /// <summary>How much each group was heard, those with most first; small ones together, last.</summary>
    public static IReadOnlyList<VoiceLine> VoiceOf(IReadOnlyCollection<FigureLine> people, Func<FigureLine, string> groupOf)
    {
        var (count, voice) = (people.Count, people.Sum(one => one.Voice));
        var groups = people.GroupBy(groupOf, StringComparer.Ordinal).Select(same => (Name: same.Key, People: same.Count(), Voice: same.Sum(one => one.Voice)))
            .OrderByDescending(one => one.Voice).ThenByDescending(one => one.People).ThenBy(one => one.Name, StringComparer.Ordinal).ToList();
        var rest = groups.Where((one, index) => one.People < Fewest || index >= MostGroups).ToList();
        var shown = groups.Except(rest).ToList();
        // Who is alone in what is left over could be reckoned from the rest: the smallest group goes along.
        while (rest.Count > 0 && rest.Sum(one => one.People) < Fewest && shown.Count > 0)
        {
            var smallest = shown.MinBy(one => one.People);
            shown.Remove(smallest);
            rest.Add(smallest);
        }
        // Fewer than that in all: nothing is said of them.
        if (count < Fewest)
            return [];
        List<VoiceLine> lines = shown.ConvertAll(one => Line(one.Name, isRest: false, one.People, one.Voice));
        if (rest.Count > 0)
            lines.Add(Line("", isRest: true, rest.Sum(one => one.People), rest.Sum(one => one.Voice)));
        return lines;

        VoiceLine Line(string name, bool isRest, int members, int heard) => new(name, isRest, members, (double)members / count, heard, voice == 0 ? 0 : (double)heard / voice);
    }
}
