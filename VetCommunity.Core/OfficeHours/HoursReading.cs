using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.OfficeHours;

/// <summary>Questions that reading and changing the hours share.</summary>
static class HoursReading
{
    /// <summary>Raises the room's revision: whoever else changes something about its hours waits until this transaction is over.</summary>
    /// <returns>Null where the room has no hours at all.</returns>
    public static async Task<RoomHours?> LockAsync(this CommunityDb context, int conversation, CancellationToken cancel) =>
        await context.RoomHours.Where(h => h.ConversationId == conversation).ExecuteUpdateAsync(set => set.SetProperty(h => h.Revision, h => h.Revision + 1), cancel) == 0
            ? null : await context.RoomHours.AsNoTracking().FirstAsync(h => h.ConversationId == conversation, cancel);

    /// <summary>The rules of a room that has some; null for an ordinary room.</summary>
    public static async Task<OpeningRules?> RulesAsync(this CommunityDb context, int conversation, CancellationToken cancel)
    {
        var hours = await context.RoomHours.AsNoTracking().FirstOrDefaultAsync(h => h.ConversationId == conversation, cancel);
        if (hours is null)
            return null;
        var spans = await context.OpeningSpans.AsNoTracking().Where(s => s.ConversationId == conversation).ToListAsync(cancel);
        return RulesOf(hours, spans) is { Exist: true } rules ? rules : null;
    }

    public static OpeningRules RulesOf(RoomHours hours, IReadOnlyList<OpeningSpan> spans) => new(hours.Zone,
        [.. spans.Where(s => s.Weekday is not null).Select(s => new WeeklySpan(s.Weekday!.Value, s.From, s.To))],
        [.. spans.Where(s => s.Day is not null).Select(s => new DaySpan(s.Day!.Value, s.From, s.To))], hours.LastDay);

    /// <summary>The hosts of a room who are still in it and may come in.</summary>
    public static IQueryable<Member> Hosts(this CommunityDb context, int conversation)
    {
        var (now, banned) = (context.Clock.GetUtcNow(), Bans.Now(context));
        return
            from h in context.RoomHosts
            where h.ConversationId == conversation
            join p in context.Memberships on new { h.ConversationId, h.MemberId } equals new { p.ConversationId, p.MemberId }
            // Who left and came back was not named again.
            where p.JoinedAt <= h.Since
            join u in context.Users.Unsuspended(now) on h.MemberId equals u.Id
            where !banned.Any(r => r.MemberId == h.MemberId && r.ConversationId == conversation)
            select u;
    }

    public static Task<bool> IsHostAsync(this CommunityDb context, Actor actor, int conversation, CancellationToken cancel) =>
        actor.IsMember ? context.Hosts(conversation).AnyAsync(u => u.Id == actor.MemberId, cancel) : Task.FromResult(false);

    /// <summary>The places of those who are still in the room and may write there, in their order.</summary>
    public static IQueryable<QueuePlace> Present(this CommunityDb context, int conversation)
    {
        var now = context.Clock.GetUtcNow();
        return context.QueuePlaces.Where(q => q.ConversationId == conversation && q.State < QueueState.Done
            && context.Memberships.Any(p => p.ConversationId == conversation && p.MemberId == q.MemberId)
            && context.Users.Any(u => u.Id == q.MemberId && (u.SuspendedUntil == null || u.SuspendedUntil <= now))
            && !context.Restrictions.Any(r => r.MemberId == q.MemberId && r.ConversationId == conversation && (r.BannedUntil > now || r.MutedUntil > now)))
            .OrderBy(q => q.JoinedAt).ThenBy(q => q.Id);
    }

    /// <summary>Enquiries that nobody has answered: neither marked, nor resolved as answered since, and still there to be read.</summary>
    public static IQueryable<Enquiry> OpenEnquiries(this CommunityDb context, int conversation) =>
        from e in context.Enquiries
        where e.ConversationId == conversation && e.AnsweredAt == null
        join m in context.Messages on new { e.ConversationId, e.Seq } equals new { m.ConversationId, m.Seq }
        where m.DeletedAt == null && m.HiddenAt == null
            && !context.Resolutions.Any(r => r.TopicId == m.TopicId && r.ReopenedAt == null && r.Outcome == Outcome.Answered && r.LastSeq >= e.Seq)
        select e;

    public static async Task<HoursState?> StateAsync(CommunityDb context, FoundConversation room, CancellationToken cancel)
    {
        if (await context.RulesAsync(room.Id, cancel) is not { } rules)
            return null;
        var present = await (
            from q in context.Present(room.Id)
            join u in context.Users on q.MemberId equals u.Id
            join h in context.Users on q.HostId equals h.Id into hosts
            from host in hosts.DefaultIfEmpty()
            orderby q.JoinedAt, q.Id
            select new QueuedPerson(q.Id, u.Handle, u.DisplayName, u.PictureVersion, q.Line, q.State == QueueState.Served, q.JoinedAt, host!.Handle, host.DisplayName, q.Seq))
            .ToListAsync(cancel);
        var hostNames = await context.Hosts(room.Id).OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Take(HoursSettings.Hosts)
            .Select(u => new Person(u.Handle, u.DisplayName, u.PictureVersion)).ToListAsync(cancel);
        var now = context.Clock.GetUtcNow();
        return new(room.Id, room.Address, room.Title, room.Language, now, rules, rules.At(now),
            [.. present.Where(one => !one.IsServed)], [.. present.Where(one => one.IsServed)], hostNames, await context.OpenEnquiries(room.Id).CountAsync(cancel));
    }
}

/// <summary>How a room with opening hours stands now; the same for everybody who may read the room.</summary>
/// <param name="ConversationId">Which room.</param>
/// <param name="Address">Its slug.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Its language.</param>
/// <param name="At">When it was read.</param>
/// <param name="Rules">When it is open.</param>
/// <param name="Opening">Whether it is open, until when, or when next.</param>
/// <param name="Waiting">Who waits, in order.</param>
/// <param name="Served">Who is being served.</param>
/// <param name="Hosts">Who hosts it.</param>
/// <param name="Enquiries">How many enquiries are open.</param>
public sealed record HoursState(int ConversationId, string Address, string Title, string Language, DateTimeOffset At, OpeningRules Rules, Opening Opening,
    IReadOnlyList<QueuedPerson> Waiting, IReadOnlyList<QueuedPerson> Served, IReadOnlyList<Person> Hosts, int Enquiries);

/// <summary>Somebody in the queue.</summary>
/// <param name="Id">The number of the place.</param>
/// <param name="Handle">Who.</param>
/// <param name="Name">The display name.</param>
/// <param name="PictureVersion">Null without a picture.</param>
/// <param name="Line">What it is about.</param>
/// <param name="IsServed">Whether a host is with them.</param>
/// <param name="Since">Since when they wait.</param>
/// <param name="Host">The handle of the host.</param>
/// <param name="HostName">The name of the host.</param>
/// <param name="Seq">The message with which the talk began.</param>
public sealed record QueuedPerson(
    int Id, string Handle, string Name, string? PictureVersion, string Line, bool IsServed, DateTimeOffset Since, string? Host, string? HostName, long? Seq);
