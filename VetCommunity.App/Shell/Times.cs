using System.Globalization;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Shell;

/// <summary>Instants as a member reads them.</summary>
static class Times
{
    /// <summary>In the member's zone and language; day and time where no other format is given. Europe's English puts the day before the month.</summary>
    public static string In(this DateTimeOffset at, string timeZone, string format = "g") => TimeZoneInfo.ConvertTime(at, TimeZones.Of(timeZone)).ToString(format, Culture);

    /// <summary>The format of a short day and a time, as the reader's language puts them.</summary>
    public static string DayAndTime => Culture.DateTimeFormat.MonthDayPattern.Replace("MMMM", "MMM", StringComparison.Ordinal) + ", HH:mm";

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

    static CultureInfo Culture => CultureInfo.CurrentCulture.Name == "en" ? CultureInfo.GetCultureInfo("en-GB") : CultureInfo.CurrentCulture;
}
