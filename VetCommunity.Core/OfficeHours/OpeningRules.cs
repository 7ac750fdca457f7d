using VetCommunity.Core.Members;

namespace VetCommunity.Core.OfficeHours;

/// <summary>When a room is open: by the day of the week, and otherwise on single days. What the room's clock shows decides.</summary>
/// <param name="Zone">The IANA zone of the room's clock.</param>
/// <param name="Weekly">Spans of every week; those of one day do not overlap.</param>
/// <param name="Exceptions">Spans of single days in place of those of the week.</param>
/// <param name="LastDay">The last day with opening hours; null for no end.</param>
public sealed record OpeningRules(string Zone, IReadOnlyList<WeeklySpan> Weekly, IReadOnlyList<DaySpan> Exceptions, DateOnly? LastDay)
{
    // Exceptions lie at most a year ahead; nothing is looked for beyond them.
    const int Horizon = 400;
    // Who never closes is open for so long at least; it is looked at again then.
    static readonly TimeSpan Long = TimeSpan.FromDays(14);

    /// <summary>Whether there are opening hours at all.</summary>
    public bool Exist => Weekly.Count + Exceptions.Count > 0;

    /// <summary>Whether the room is open at an instant, until when, or when it opens next.</summary>
    public Opening At(DateTimeOffset now)
    {
        var zone = TimeZones.Of(Zone);
        var yesterday = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(-1);
        (DateTimeOffset From, DateTimeOffset To)? current = null;
        for (var day = yesterday; day < yesterday.AddDays(Horizon) && !(day > LastDay); day = day.AddDays(1))
        {
            foreach (var (from, to) in Of(day, zone))
            {
                // What follows at once is the same opening: over midnight, or where the clock jumps.
                if (current is { } before && from <= before.To)
                    current = (before.From, to > before.To ? to : before.To);
                else if (current is { } whole && whole.To > now)
                    return Judge(whole.From, whole.To, now);
                else
                    current = (from, to);
            }
            if (current is { } open && open.To - now > Long)
                break;
        }
        return current is { } last && last.To > now ? Judge(last.From, last.To, now) : new(IsOpen: false, null, null);
    }

    static Opening Judge(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now) =>
        from <= now ? new(IsOpen: true, to, null) : new(IsOpen: false, null, from);

    IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Of(DateOnly day, TimeZoneInfo zone)
    {
        List<(int From, int To)> spans = [.. Exceptions.Any(one => one.Day == day)
            ? Exceptions.Where(one => one.Day == day && one.To > one.From).Select(one => (one.From, one.To))
            : Weekly.Where(one => one.Weekday == day.DayOfWeek).Select(one => (one.From, one.To))];
        if (spans.Count == 0)
            yield break;
        spans.Sort();
        var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        foreach (var (begin, end, offset) in Parts(midnight, zone))
        {
            foreach (var span in spans)
            {
                var (from, to) = (midnight.AddMinutes(span.From) - offset, midnight.AddMinutes(span.To) - offset);
                (from, to) = (from > begin ? from : begin, to < end ? to : end);
                if (from < to)
                    yield return (from, to);
            }
        }
    }

    /// <summary>The stretches without a change of the clock around a day: wherever on earth it is, it lies within these hours.</summary>
    static IEnumerable<(DateTimeOffset Begin, DateTimeOffset End, TimeSpan Offset)> Parts(DateTimeOffset midnight, TimeZoneInfo zone)
    {
        var (begin, last) = (midnight.AddHours(-15), midnight.AddHours(39));
        var offset = zone.GetUtcOffset(begin);
        for (var hour = begin.AddHours(1); hour <= last; hour = hour.AddHours(1))
        {
            var next = zone.GetUtcOffset(hour);
            if (next == offset)
                continue;
            var (before, after) = (hour.AddHours(-1), hour);
            while (after - before > TimeSpan.FromSeconds(1))
            {
                var middle = before.AddSeconds((int)((after - before).TotalSeconds / 2));
                (before, after) = zone.GetUtcOffset(middle) == offset ? (middle, after) : (before, middle);
            }
            yield return (begin, after, offset);
            (begin, offset) = (after, next);
        }
        yield return (begin, last, offset);
    }
}

/// <summary>A span on one day of every week.</summary>
/// <param name="Weekday">Which day.</param>
/// <param name="From">The minute of the day at which it begins, 0 to 1439.</param>
/// <param name="To">The minute at which it ends, up to 1440.</param>
public sealed record WeeklySpan(DayOfWeek Weekday, int From, int To);

/// <summary>A span on a single day; one of no length says that the room is closed then.</summary>
/// <param name="Day">Which day.</param>
/// <param name="From">The minute of the day at which it begins.</param>
/// <param name="To">The minute at which it ends.</param>
public sealed record DaySpan(DateOnly Day, int From, int To);

/// <summary>How a room stands at an instant.</summary>
/// <param name="IsOpen">Whether it is open.</param>
/// <param name="Until">Where open: when it closes.</param>
/// <param name="Next">Where closed: when it opens next; null where that is not known.</param>
public sealed record Opening(bool IsOpen, DateTimeOffset? Until, DateTimeOffset? Next)
{
    /// <summary>When it is otherwise; null where that is not known.</summary>
    public DateTimeOffset? TurnsAt => IsOpen ? Until : Next;
}
