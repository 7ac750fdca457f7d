using System.Globalization;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Noticing;

public class TimingDigests
{
    static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    [Theory]
    // The night of 23 hours jumps from 2:00 to 3:00, that of 25 hours goes from 3:00 back to 2:00.
    [InlineData("2026-03-27T12:00:00Z", 7 * 60, "2026-03-28T06:00:00Z", "2026-03-29T05:00:00Z", "2026-03-30T05:00:00Z")]
    [InlineData("2026-03-27T12:00:00Z", 2 * 60 + 30, "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("2026-10-23T12:00:00Z", 7 * 60, "2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z", "2026-10-26T06:00:00Z")]
    [InlineData("2026-10-23T12:00:00Z", 2 * 60 + 30, "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    public void Each_day_has_one_daily_mail_also_the_one_of_23_and_the_one_of_25_hours(string begin, int minute, params string[] expected)
    {
        var settings = new NoticeSettings { DigestMinute = minute };
        List<DateTimeOffset> times = [At(begin)];
        for (var n = 0; n < 3; n++)
            times.Add(DigestTimes.After(times[^1], settings, "Europe/Vienna")!.Value);

        Assert.Equal(expected.Select(At), times.Skip(1));
    }

    [Theory]
    [InlineData("Europe/Vienna")]
    [InlineData("Europe/Athens")]
    [InlineData("Atlantic/Azores")]
    [InlineData("America/Havana")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kathmandu")]
    public void A_year_has_365_daily_mails_at_every_minute_of_the_day(string zone)
    {
        for (var minute = 0; minute < 24 * 60; minute += 15)
        {
            var settings = new NoticeSettings { DigestMinute = minute };
            var (at, count) = (At("2026-01-01T00:00:01Z"), 0);
            while (DigestTimes.After(at, settings, zone) is { } next && next < At("2027-01-01T00:00:01Z"))
            {
                Assert.InRange(next - at, TimeSpan.FromTicks(1), TimeSpan.FromHours(25));
                (at, count) = (next, count + 1);
            }
            Assert.Equal(365, count);
        }
    }

    [Theory]
    [InlineData(22 * 60, 7 * 60 + 30, "2026-06-01T20:30:00Z", "2026-06-02T06:00:00Z")]
    [InlineData(22 * 60, 7 * 60 + 30, "2026-06-01T18:30:00Z", "2026-06-01T19:00:00Z")]
    [InlineData(12 * 60, 14 * 60, "2026-06-01T09:30:00Z", "2026-06-01T12:00:00Z")]
    [InlineData(5, 5, "2026-06-01T20:30:00Z", "2026-06-01T21:00:00Z")]
    public void Hourly_mails_rest_in_quiet_hours(int from, int to, string last, string expected)
    {
        var settings = new NoticeSettings { Rhythm = DigestRhythm.Hourly, QuietFrom = from, QuietTo = to };

        Assert.Equal(At(expected), DigestTimes.After(At(last), settings, "Europe/Vienna"));
    }

    [Fact]
    public void A_daily_mail_of_a_quiet_time_comes_when_it_is_over()
    {
        var settings = new NoticeSettings { QuietFrom = 21 * 60, QuietTo = 8 * 60 };

        Assert.Equal(At("2026-06-02T06:00:00Z"), DigestTimes.After(At("2026-06-01T12:00:00Z"), settings, "Europe/Vienna"));
        Assert.True(DigestTimes.IsQuiet(At("2026-06-01T20:00:00Z"), settings, "Europe/Vienna"));
        Assert.True(DigestTimes.IsQuiet(At("2026-06-02T05:59:00Z"), settings, "Europe/Vienna"));
        Assert.False(DigestTimes.IsQuiet(At("2026-06-02T06:00:00Z"), settings, "Europe/Vienna"));
        Assert.False(DigestTimes.IsQuiet(At("2026-06-02T06:00:00Z"), new(), "Europe/Vienna"));
    }

    [Fact]
    public void None_comes_to_who_wants_none_or_stopped_them()
    {
        Assert.Null(DigestTimes.After(At("2026-06-01T12:00:00Z"), new() { Rhythm = DigestRhythm.Never }, "Europe/Vienna"));
        Assert.Null(DigestTimes.After(At("2026-06-01T12:00:00Z"), new() { StoppedAt = At("2026-05-01T12:00:00Z") }, "Europe/Vienna"));
        Assert.NotNull(DigestTimes.After(At("2026-06-01T12:00:00Z"), new(), "No/Such_Zone"));
    }
}
