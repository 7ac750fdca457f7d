using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Shell;

/// <summary>Instants as a member reads them.</summary>
static class Times
{
    /// <summary>In the member's zone and language; day and time where no other format is given.</summary>
    public static string In(this DateTimeOffset at, string timeZone, string format = "g") => TimeZoneInfo.ConvertTime(at, TimeZones.Of(timeZone)).ToString(format, Culture);

    /// <summary>The instant as <c>&lt;time datetime&gt;</c> takes it: HTML knows no more than thousandths of a second.</summary>
    public static string ForMachines(this DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The format of a short day and a time, as the reader's language puts them.</summary>
    public static string DayAndTime => Culture.DateTimeFormat.MonthDayPattern.Replace("MMMM", "MMM", StringComparison.Ordinal) + ", HH:mm";

    /// <summary>The format of a day in words, without that of the week, as the reader's language puts them.</summary>
    public static string LongDay => Culture.DateTimeFormat.LongDatePattern.Replace("dddd", "", StringComparison.Ordinal).Trim(' ', ',');

    /// <summary>The format of a day with its month cut short. German has a point behind the day's number.</summary>
    public static string ShortDay => LongDay.StartsWith("d.", StringComparison.Ordinal) ? "d. MMM yyyy" : "d MMM yyyy";

    /// <summary>The day in words, without that of the week.</summary>
    public static string InWords(this DateOnly day) => day.ToString(LongDay, Culture);

    /// <summary>The instant at which a day begins in the zone.</summary>
    public static DateTimeOffset BeginIn(this DateOnly day, string timeZone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        return new(midnight, TimeZones.Of(timeZone).GetUtcOffset(midnight));
    }

    /// <summary>The instant at which a day ends in the zone.</summary>
    public static DateTimeOffset EndIn(this DateOnly day, string timeZone) => day.AddDays(1).BeginIn(timeZone);

    /// <summary>The day that a date field sent, null for an empty one and for what is no day of a calendar that people use here.</summary>
    public static DateOnly? Day(string? sent) =>
        DateOnly.TryParseExact(sent, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and <= 9000 ? day : null;

    /// <summary>The instant of a day and a time that fields sent, as clocks in the zone show it; null where both are empty.</summary>
    /// <exception cref="RefusedException">One of them is missing or none, or that day has no such time.</exception>
    public static DateTimeOffset? Moment(string? day, string? time, string timeZone)
    {
        if (string.IsNullOrEmpty(day) && string.IsNullOrEmpty(time))
            return null;
        return Day(day) is { } on && TimeOnly.TryParseExact(time, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? TimeZones.InstantOf(on.ToDateTime(at, DateTimeKind.Unspecified), timeZone)
            : throw new RefusedException(Refusal.TimeUnreadable);
    }

    /// <summary>The day and the time of an instant as fields hold them.</summary>
    public static (string Day, string Time) Fields(this DateTimeOffset at, string timeZone)
    {
        var shown = TimeZoneInfo.ConvertTime(at, TimeZones.Of(timeZone));
        return (shown.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), shown.ToString("HH:mm", CultureInfo.InvariantCulture));
    }

    static CultureInfo Culture => Languages.CultureOf(CultureInfo.CurrentCulture.TwoLetterISOLanguageName);
}
