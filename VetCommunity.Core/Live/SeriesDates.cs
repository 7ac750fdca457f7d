using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>How often a session comes again.</summary>
public enum SeriesRule
{
    /// <summary>Every week, on the same day.</summary>
    Weekly = 1,
    /// <summary>Every two weeks.</summary>
    EveryTwoWeeks = 2,
    /// <summary>Every month, on the same weekday of it: the second Tuesday. The fifth, which not every month has, is the last.</summary>
    Monthly = 3,
}

/// <summary>How a session comes again.</summary>
/// <param name="Rule">How often.</param>
/// <param name="Count">How many sessions there are; null where the last day is said.</param>
/// <param name="Until">The last day on which one may begin; null where the number is said.</param>
public sealed record SeriesPlan(SeriesRule Rule, int? Count, DateOnly? Until);

/// <summary>
/// The times of the sessions of a series. Clocks show the same at each of them, however they were put forward or back meanwhile. What clocks do not show on a day, as they go forward over it, is as much later as they go
/// forward; what they show twice is the first.
/// </summary>
public static class SeriesDates
{
    /// <summary>Sessions of a series.</summary>
    public const int Most = 52;

    /// <summary>The times, in their order, the first one among them.</summary>
    /// <param name="plan">How it comes again.</param>
    /// <param name="startsAt">When the first one begins.</param>
    /// <param name="endsAt">When it ends.</param>
    /// <param name="timeZone">By whose clocks.</param>
    /// <exception cref="RefusedException">Neither a number nor a last day, or both; or too few or too many.</exception>
    public static IReadOnlyList<(DateTimeOffset StartsAt, DateTimeOffset EndsAt)> Of(SeriesPlan plan, DateTimeOffset startsAt, DateTimeOffset endsAt, string timeZone)
    {
        if (!Enum.IsDefined(plan.Rule))
            throw new RefusedException(Refusal.BadChoice);
        if (plan.Count is null == plan.Until is null)
            throw new RefusedException(Refusal.SeriesEnd);
        if (plan.Count is < 2 or > Most)
            throw new RefusedException(Refusal.SeriesLength, Most, plan.Count);
        var zone = TimeZones.Of(timeZone);
        var (first, last) = (TimeZoneInfo.ConvertTime(startsAt, zone).DateTime, TimeZoneInfo.ConvertTime(endsAt, zone).DateTime);
        List<(DateTimeOffset StartsAt, DateTimeOffset EndsAt)> times = [(startsAt, endsAt)];
        for (var number = 1; number <= Most && (plan.Count is not { } count || number < count); number++)
        {
            var shown = DayOf(plan.Rule, DateOnly.FromDateTime(first), number).ToDateTime(TimeOnly.FromDateTime(first));
            if (plan.Until is { } until && DateOnly.FromDateTime(shown) > until)
                break;
            times.Add(TimesOf(shown, last - first, endsAt - startsAt, zone));
        }
        return times.Count is >= 2 and <= Most ? times : throw new RefusedException(Refusal.SeriesLength, Most, times.Count);
    }

    /// <summary>When a session begins and ends of which clocks show the beginning, and the end so much later.</summary>
    internal static (DateTimeOffset StartsAt, DateTimeOffset EndsAt) TimesOf(DateTime shown, TimeSpan shownLength, TimeSpan length, TimeZoneInfo zone)
    {
        var (begin, end) = (InstantOf(shown, zone), InstantOf(shown + shownLength, zone));
        // In the night in which clocks are changed a short one could end before it begins.
        return (begin, end > begin ? end : begin + length);
    }

    static DateTimeOffset InstantOf(DateTime shown, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(shown))
        {
            // By the clock of before: as much later as it goes forward.
            var before = shown;
            while (zone.IsInvalidTime(before))
                before = before.AddMinutes(-15);
            return new DateTimeOffset(shown, zone.GetUtcOffset(before)).ToUniversalTime();
        }
        return new DateTimeOffset(shown, zone.IsAmbiguousTime(shown) ? zone.GetAmbiguousTimeOffsets(shown).Max() : zone.GetUtcOffset(shown)).ToUniversalTime();
    }

    static DateOnly DayOf(SeriesRule rule, DateOnly first, int number)
    {
        if (rule != SeriesRule.Monthly)
            return first.AddDays((rule == SeriesRule.Weekly ? 7 : 14) * number);
        var month = new DateOnly(first.Year, first.Month, 1).AddMonths(number);
        var day = month.AddDays(((int)first.DayOfWeek - (int)month.DayOfWeek + 7) % 7);
        var which = (first.Day - 1) / 7;
        // The fifth one is the last: every month has four.
        return which < 4 || day.AddDays(28).Month == month.Month ? day.AddDays(7 * which) : day.AddDays(21);
    }
}
