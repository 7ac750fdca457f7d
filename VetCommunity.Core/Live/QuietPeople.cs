using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>Somebody who is there and has not been heard.</summary>
public sealed record QuietPerson(string Handle, string Name, string? Organisation)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>
/// Who has not been heard in a session yet: had no floor, asked nothing, wrote nothing in its room since it began and answered no question. What is asked without a name does not count: nobody is to find out who asked by
/// looking who is missing from the list.
/// </summary>
public sealed class QuietPeople(CommunityDbFactory db)
{
    /// <summary>People of one page.</summary>
    public const int Page = 20;

    /// <summary>A page of those who take part, are there and were not heard, by name; and how many they are.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="present">The members that have its stage or room open, by the number of the room.</param>
    /// <param name="page">Which page, from 1.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<(IReadOnlyList<QuietPerson> People, int Count)> ListAsync(Actor actor, string slug, Func<int, IEnumerable<int>> present, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await LiveSessions.LedBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug
            && !Bans.Now(context).Any(r => r.ConversationId == s.ConversationId && r.MemberId == actor.MemberId), cancel) ?? throw new NotFoundException("session");
        if (session is not { Phase: SessionPhase.Running, StartedAt: { } begin })
            return ([], 0);
        var here = present(session.ConversationId).ToList();
        var quiet =
            from p in context.SessionPlaces
            where p.SessionId == session.Id && p.Role == SessionRole.Participant && here.Contains(p.MemberId)
                && !context.SessionEvents.Any(e => e.SessionId == session.Id && e.Kind == SessionEventKind.FloorGiven && e.MemberId == p.MemberId)
                && !context.AudienceQuestions.Any(q => q.SessionId == session.Id && q.ById == p.MemberId && !q.IsAnonymous && q.State != AudienceState.Withdrawn)
                && !context.Messages.Any(m => m.ConversationId == session.ConversationId && m.AuthorId == p.MemberId && m.SentAt >= begin && m.DeletedAt == null)
                && !context.SessionAnswers.Any(a => a.MemberId == p.MemberId && context.SessionQuestions.Any(q => q.Id == a.QuestionId && q.SessionId == session.Id))
            join u in context.Users on p.MemberId equals u.Id
            select u;
        var people = await quiet.OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Skip((Math.Clamp(page, 1, LiveSessions.MostPeople) - 1) * Page).Take(Page)
            .Select(u => new QuietPerson(u.Handle, u.DisplayName, u.Organisation!.Name)).ToListAsync(cancel);
        return (people, await quiet.CountAsync(cancel));
    }
}
