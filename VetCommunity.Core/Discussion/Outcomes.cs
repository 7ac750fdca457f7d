using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Discussion;

/// <summary>How topics ended, over all rooms that one may read.</summary>
public sealed class Outcomes(CommunityDbFactory db)
{
    /// <summary>Outcomes of one page.</summary>
    public const int Page = 30;

    /// <summary>A page of them, with the counts of each kind in what is asked for. A topic that was reopened has no outcome.</summary>
    /// <param name="actor">Who asks; outcomes of rooms that look absent to them are neither shown nor counted.</param>
    /// <param name="filter">Which.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">A visitor.</exception>
    public async Task<OutcomePage> ListAsync(Actor actor, OutcomeFilter filter, int page, CancellationToken cancel = default)
    {
        if (!actor.May(Act.TakePart))
            throw new NotFoundException("outcomes");
        await using var context = db.CreateDbContext();
        var now = context.Clock.GetUtcNow();
        var readable = ReadableRooms.Of(context, actor);
        var standing = context.Resolutions.Where(r => r.ReopenedAt == null);
        var rooms = await readable.Where(c => standing.Any(r => r.ConversationId == c.Id)).OrderBy(c => c.Title).ThenBy(c => c.Id).Take(500)
            .Select(c => new { c.Slug, c.Title }).ToListAsync(cancel);
        if (filter.From is { } from)
            standing = standing.Where(r => r.At >= from);
        if (filter.Before is { } before)
            standing = standing.Where(r => r.At < before);
        if (filter.Room is { } room)
            readable = room.Contains('\0', StringComparison.Ordinal) ? readable.Where(c => false) : readable.Where(c => c.Slug == room);
        var all = standing.Join(readable, r => r.ConversationId, c => c.Id, (r, c) => new { Resolution = r, Room = c });
        var counts = await all.GroupBy(one => one.Resolution.Outcome).Select(kind => new { kind.Key, Count = kind.Count() }).ToListAsync(cancel);
        if (filter.Outcome is { } outcome)
            all = all.Where(one => one.Resolution.Outcome == outcome);
        var rows = await (
            from one in all
            join t in context.Topics on one.Resolution.TopicId equals t.Id
            join u in context.Users on one.Resolution.ById equals u.Id
            orderby one.Resolution.At descending, one.Resolution.Id descending
            select new OutcomeRow(one.Resolution.Outcome, one.Resolution.Sentence, one.Room.Slug!, one.Room.Title, one.Room.Language, t.Name, t.Slug,
                u.Handle, u.DisplayName, one.Resolution.At,
                one.Room.EndedAt == null && !context.Restrictions.Any(r => r.ConversationId == one.Room.Id && r.MemberId == actor.MemberId && r.MutedUntil > now)
                    && context.Memberships.Any(p => p.ConversationId == one.Room.Id && p.MemberId == actor.MemberId
                        && (one.Room.OnlySpeakers == 0 || (p.Role != MembershipRole.Participant && p.Role != MembershipRole.Reviewer)))))
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return new([.. rows.Take(Page)], rows.Count > Page, counts.ToDictionary(kind => kind.Key, kind => kind.Count), [.. rooms.Select(r => (r.Slug!, r.Title))]);
    }
}
