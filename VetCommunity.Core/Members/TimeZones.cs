namespace VetCommunity.Core.Members;

/// <summary>Time zones by their names. Not every machine knows all of them: data move from one to another.</summary>
public static class TimeZones
{
    /// <summary>The zone of this IANA name; UTC where this machine does not know it.</summary>
    public static TimeZoneInfo Of(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
