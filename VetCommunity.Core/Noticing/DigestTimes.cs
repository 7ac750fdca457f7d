using VetCommunity.Core.Members;

namespace VetCommunity.Core.Noticing;

/// <summary>When mails may come, by the member's own clock, also on the days that have 23 or 25 hours.</summary>
static class DigestTimes
{
    const int Day = 24 * 60;

    /// <summary>The first time for a mail after this one; null where none ever comes.</summary>
    public static DateTimeOffset? After(DateTimeOffset last, NoticeSettings settings, string timeZone)
    {
        if (settings.StoppedAt is not null)
            return null;
        var zone = TimeZones.Of(timeZone);
        return settings.Rhythm switch
        {
            DigestRhythm.Hourly => Hourly(last, settings, zone),
            DigestRhythm.Daily => Daily(last, settings, zone),
            _ => null,
        };
    }

    /// <summary>Whether these are quiet hours by the member's clock.</summary>
    public static bool IsQuiet(DateTimeOffset at, NoticeSettings settings, string timeZone)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZones.Of(timeZone));
        return IsQuiet(local.Hour * 60 + local.Minute, settings);
    }

    static bool IsQuiet(int minute, NoticeSettings settings) => (settings.QuietFrom, settings.QuietTo) switch
    {
        ({ } from, { } to) when from < to => minute >= from && minute < to,
        ({ } from, { } to) when from > to => minute >= from || minute < to,
        _ => false,
    };

    // One time a date: whatever the night did to the clock, each date has one mail.
    static DateTimeOffset Daily(DateTimeOffset last, NoticeSettings settings, TimeZoneInfo zone)
    {
        // What would come in quiet hours comes when they are over.
        var minute = IsQuiet(settings.DigestMinute, settings) ? settings.QuietTo!.Value : settings.DigestMinute;
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(last, zone).DateTime);
        while (On(date, minute, zone) <= last)
            date = date.AddDays(1);
        return On(date, minute, zone);
    }

    static DateTimeOffset Hourly(DateTimeOffset last, NoticeSettings settings, TimeZoneInfo zone)
    {
        var next = new DateTimeOffset(last.UtcTicks - last.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero).AddHours(1);
        for (var tried = 0; tried < 25; tried++)
        {
            var local = TimeZoneInfo.ConvertTime(next, zone);
            if (!IsQuiet(local.Hour * 60 + local.Minute, settings))
                break;
            next = next.AddHours(1);
        }
        return next;
    }

    // A time that the clock jumps over comes as long after midnight as on other days; of one that comes twice, the first.
    static DateTimeOffset On(DateOnly date, int minute, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(TimeOnly.MinValue).AddMinutes(minute % Day);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
