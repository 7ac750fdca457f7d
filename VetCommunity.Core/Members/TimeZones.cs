using System.Globalization;

namespace VetCommunity.Core.Members;

/// <summary>Time zones by their names. Not every machine knows all of them: data move from one to another.</summary>
public static class TimeZones
{
    /// <summary>The zone of this IANA name; UTC where this machine does not know it.</summary>
    public static TimeZoneInfo Of(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The instant at which clocks of the zone show this. What they show twice, when they go back, is the first of the two.</summary>
    /// <exception cref="RefusedException">They never show it: that day they go forward over it.</exception>
    public static DateTimeOffset InstantOf(DateTime shown, string name)
    {
        var zone = Of(name);
        if (zone.IsInvalidTime(shown))
            throw new RefusedException(Refusal.TimeSkipped, shown.ToString("HH:mm", CultureInfo.InvariantCulture));
        return new(shown, zone.IsAmbiguousTime(shown) ? zone.GetAmbiguousTimeOffsets(shown).Max() : zone.GetUtcOffset(shown));
    }
}
