using System.Globalization;
using VetCommunity.App.Shell;

namespace VetCommunity.App.OfficeHours;

/// <summary>Days and times of a room's own clock, as its readers write them.</summary>
static class HourWords
{
    public static string Weekday(DayOfWeek day) => CultureInfo.CurrentCulture.DateTimeFormat.GetDayName(day);

    public static string Day(DateOnly day) => $"{Weekday(day.DayOfWeek)}, {day.InWords()}";

    public static string Span(int from, int to) => $"{Minute(from)}–{Minute(to)}";

    // The end of a day is written as midnight of that day.
    public static string Minute(int minute) => string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");
}
