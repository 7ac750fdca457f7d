using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.OfficeHours;

/// <summary>A stored span with its number.</summary>
public sealed record SetSpan(int Id, DayOfWeek? Weekday, DateOnly? Day, int From, int To);

/// <summary>How the hours of a room are set.</summary>
/// <param name="Room">Which room.</param>
/// <param name="Zone">The zone of its clock; the moderator's own one where nothing is set yet.</param>
/// <param name="LastDay">The last day with opening hours.</param>
/// <param name="Weekly">Spans of every week, from Monday on.</param>
/// <param name="SingleDays">Single days, in order.</param>
/// <param name="Hosts">Who hosts.</param>
public sealed record HoursSet(FoundConversation Room, string Zone, DateOnly? LastDay, IReadOnlyList<SetSpan> Weekly, IReadOnlyList<SetSpan> SingleDays, IReadOnlyList<Person> Hosts);

/// <summary>The opening hours of a room and its hosts, as its moderators set them. Without any span it is an ordinary room.</summary>
public sealed class HoursSettings(CommunityDbFactory db, Feed feed)
{
    /// <summary>Spans of every week.</summary>
    public const int Spans = 28;
    /// <summary>Single days; they lie at most a year ahead.</summary>
    public const int Days = 100;
    /// <summary>Hosts of one room.</summary>
    public const int Hosts = 20;

    /// <summary>How they are set now.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    public async Task<HoursSet> FindAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await RoomSettings.ModeratedAsync(context, actor, room, cancel);
        var hours = await context.RoomHours.AsNoTracking().FirstOrDefaultAsync(h => h.ConversationId == found.Id, cancel);
        var spans = await context.OpeningSpans.Where(s => s.ConversationId == found.Id).Select(s => new SetSpan(s.Id, s.Weekday, s.Day, s.From, s.To)).ToListAsync(cancel);
        var hosts = await context.Hosts(found.Id).OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Select(u => new Person(u.Handle, u.DisplayName, u.PictureVersion)).ToListAsync(cancel);
        return new(found, hours?.Zone ?? actor.TimeZone, hours?.LastDay,
            [.. spans.Where(s => s.Weekday is not null).OrderBy(s => Week.PlaceOf(s.Weekday!.Value)).ThenBy(s => s.From)],
            [.. spans.Where(s => s.Day is not null).OrderBy(s => s.Day).ThenBy(s => s.From)], hosts);
    }

    /// <summary>Sets the clock of the room and the last day.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    /// <exception cref="RefusedException">A zone that is none, or a last day that is over.</exception>
    public Task FrameAsync(Actor actor, string room, string? zone, DateOnly? lastDay, CancellationToken cancel = default) => ChangeAsync(actor, room, async (context, _, hours) =>
    {
        var wanted = zone is not null && (zone == hours.Zone || Choices.TimeZones.Contains(zone, StringComparer.Ordinal)) ? zone : throw new RefusedException(Refusal.UnknownZone);
        if (lastDay < Today(context, wanted))
            throw new RefusedException(Refusal.DayTooEarly);
        await context.RoomHours.Where(h => h.ConversationId == hours.ConversationId)
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.Zone, wanted).SetProperty(h => h.LastDay, lastDay), cancel);
        return FormattableString.Invariant($"{wanted} {lastDay:yyyy-MM-dd}");
    }, cancel);

    /// <summary>Adds a span to every week.</summary>
    /// <param name="actor">A moderator of the room.</param>
    /// <param name="room">Which room.</param>
    /// <param name="weekday">On which day.</param>
    /// <param name="from">When it begins.</param>
    /// <param name="to">When it ends; midnight is the end of the day.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    /// <exception cref="RefusedException">It ends before it begins, overlaps another one, or there are too many.</exception>
    public Task AddWeeklyAsync(Actor actor, string room, DayOfWeek weekday, TimeOnly from, TimeOnly to, CancellationToken cancel = default) => ChangeAsync(actor, room, async (context, found, _) =>
    {
        if (!Enum.IsDefined(weekday))
            throw new RefusedException(Refusal.BadChoice);
        var (first, last) = Minutes(from, to);
        var others = await context.OpeningSpans.Where(s => s.ConversationId == found.Id && s.Weekday != null).ToListAsync(cancel);
        Fit(others.Where(s => s.Weekday == weekday), others.Count, Spans, first, last);
        context.OpeningSpans.Add(new() { ConversationId = found.Id, Weekday = weekday, From = first, To = last });
        return FormattableString.Invariant($"+ {weekday} {first}-{last}");
    }, cancel);

    /// <summary>Sets a single day: closed without times, otherwise open then in place of the week's spans.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    /// <exception cref="RefusedException">The day is over or too far ahead, or the span refuses as one of the week does.</exception>
    public Task AddDayAsync(Actor actor, string room, DateOnly day, TimeOnly? from, TimeOnly? to, CancellationToken cancel = default) => ChangeAsync(actor, room, async (context, found, hours) =>
    {
        var today = Today(context, hours.Zone);
        if (day < today)
            throw new RefusedException(Refusal.DayTooEarly);
        if (day > today.AddYears(1))
            throw new RefusedException(Refusal.DayTooLate);
        if (from is null != to is null)
            throw new RefusedException(Refusal.TimeUnreadable);
        var (first, last) = from is { } begins && to is { } ends ? Minutes(begins, ends) : (0, 0);
        // What is over makes room.
        await context.OpeningSpans.Where(s => s.ConversationId == found.Id && s.Day < today).ExecuteDeleteAsync(cancel);
        var others = await context.OpeningSpans.Where(s => s.ConversationId == found.Id && s.Day != null).ToListAsync(cancel);
        var same = others.Where(s => s.Day == day).ToList();
        if (first == last || same.Exists(s => s.From == s.To))
        {
            // Closed, or no longer closed: what was said of the day before falls away.
            context.OpeningSpans.RemoveRange(same);
            others.RemoveAll(same.Contains);
            same.Clear();
        }
        Fit(same, others.Count, Days, first, last);
        context.OpeningSpans.Add(new() { ConversationId = found.Id, Day = day, From = first, To = last });
        return FormattableString.Invariant($"+ {day:yyyy-MM-dd} {first}-{last}");
    }, cancel);

    /// <summary>Takes a span or a single day away; one that is gone changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    public Task RemoveAsync(Actor actor, string room, int span, CancellationToken cancel = default) => ChangeAsync(actor, room, async (context, found, _) =>
    {
        var one = await context.OpeningSpans.FirstOrDefaultAsync(s => s.Id == span && s.ConversationId == found.Id, cancel);
        if (one is null)
            return null;
        context.Remove(one);
        return FormattableString.Invariant($"- {(one.Day is { } day ? day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : one.Weekday)} {one.From}-{one.To}");
    }, cancel);

    /// <summary>Names somebody who is in the room as a host, or takes that back.</summary>
    /// <returns>The member's name.</returns>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    /// <exception cref="RefusedException">Nobody of that name is in the room, or there are too many hosts.</exception>
    public async Task<string> HostAsync(Actor actor, string room, string? handle, bool hosts, CancellationToken cancel = default)
    {
        var typed = PlainText.Line(handle);
        var name = PlainText.Handle(handle);
        var shown = typed;
        await ChangeAsync(actor, room, async (context, found, _) =>
        {
            var now = context.Clock.GetUtcNow();
            var member = await context.Users.WithAccount().Where(u => u.Handle == name).Select(u => new { u.Id, u.DisplayName }).FirstOrDefaultAsync(cancel)
                ?? throw new RefusedException(Refusal.UnknownMember, typed);
            shown = member.DisplayName;
            var before = await context.RoomHosts.Where(h => h.ConversationId == found.Id && h.MemberId == member.Id).ExecuteDeleteAsync(cancel);
            if (!hosts)
                return before > 0 ? "- @" + name : null;
            if (!await context.Memberships.AnyAsync(p => p.ConversationId == found.Id && p.MemberId == member.Id, cancel))
                throw new RefusedException(Refusal.NotInRoom, member.DisplayName);
            if (await context.Hosts(found.Id).CountAsync(cancel) >= Hosts)
                throw new RefusedException(Refusal.TooManyHosts, Hosts);
            context.RoomHosts.Add(new() { ConversationId = found.Id, MemberId = member.Id, Since = now });
            return "+ @" + name;
        }, cancel);
        return shown;
    }

    // Each change judges afresh whether the room is open now: who waited in one that no longer is goes the same way as at its end.
    async Task ChangeAsync(Actor actor, string room, Func<CommunityDb, FoundConversation, RoomHours, Task<string?>> change, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        var found = await RoomSettings.ModeratedAsync(context, actor, room, cancel);
        await FirstAsync(found.Id, actor, cancel);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var hours = await context.LockAsync(found.Id, cancel) ?? throw new NotFoundException("room");
        await RoomSettings.ModeratedAsync(context, actor, room, cancel);
        if (await change(context, found, hours) is not { } detail)
            return;
        context.Audit.Add(new()
        {
            At = context.Clock.GetUtcNow(),
            ActorId = actor.IsMember ? actor.MemberId : null,
            What = "hours.set",
            Subject = "room:" + found.Address,
            Detail = detail,
        });
        await context.SaveChangesAsync(cancel);
        await HoursClosing.TurnAsync(context, found.Id, cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new OfficeHoursChanged(found.Id));
    }

    // In a context of its own: a row that two moderators make in the same moment spoils the transaction of the later one.
    async Task FirstAsync(int conversation, Actor actor, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        if (await context.RoomHours.AnyAsync(h => h.ConversationId == conversation, cancel))
            return;
        context.RoomHours.Add(new() { ConversationId = conversation, Zone = actor.TimeZone });
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (context.RoomHours.AsNoTracking().Any(h => h.ConversationId == conversation))
        {
            // The other one was first.
        }
    }

    static DateOnly Today(CommunityDb context, string zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(context.Clock.GetUtcNow(), TimeZones.Of(zone)).DateTime);

    static (int From, int To) Minutes(TimeOnly from, TimeOnly to)
    {
        var (first, last) = ((from.Hour * 60) + from.Minute, (to.Hour * 60) + to.Minute);
        return (first, last == 0 ? 1440 : last) is var span && span.Item1 < span.Item2 ? span : throw new RefusedException(Refusal.HoursEndFirst);
    }

    static void Fit(IEnumerable<OpeningSpan> same, int count, int most, int from, int to)
    {
        if (same.Any(s => from < s.To && s.From < to))
            throw new RefusedException(Refusal.HoursOverlap);
        if (count >= most)
            throw new RefusedException(Refusal.TooManyHours, most);
    }
}
