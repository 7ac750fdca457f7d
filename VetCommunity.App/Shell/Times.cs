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

    /// <summary>The instant at which a day ends in the zone.</summary>
    public static DateTimeOffset EndIn(this DateOnly day, string timeZone)
    {
        var midnight = day.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Unspecified);
        return new(midnight, TimeZones.Of(timeZone).GetUtcOffset(midnight));
    }

    static CultureInfo Culture => CultureInfo.CurrentCulture.Name == "en" ? CultureInfo.GetCultureInfo("en-GB") : CultureInfo.CurrentCulture;
}
