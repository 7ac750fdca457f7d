using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>The times of the sessions of a series, by the clocks of one zone.</summary>
public class ReckoningSeries
{
    static readonly string[] Zones = ["Europe/Rome", "Europe/Athens", "Atlantic/Azores", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];

    [Fact]
    [Promise("FT16")]
    public void Nine_in_the_morning_stays_nine_in_summer_and_winter()
    {
        // Over the last Sunday of October, and over that of March.
        foreach (var (first, count, utc) in ((DateTime, int, string[])[])[
            (new(2026, 10, 19, 9, 0, 0), 3, ["10-19 07:00", "10-26 08:00", "11-02 08:00"]),
            (new(2027, 3, 22, 9, 0, 0), 3, ["03-22 08:00", "03-29 07:00", "04-05 07:00"]),
            (new(2026, 10, 18, 9, 0, 0), 2, ["10-18 07:00", "10-25 08:00"]),
            (new(2027, 3, 21, 9, 0, 0), 2, ["03-21 08:00", "03-28 07:00"])])
        {
            var begin = TimeZones.InstantOf(first, "Europe/Rome");
            var times = SeriesDates.Of(new(SeriesRule.Weekly, count, null), begin, begin.AddMinutes(90), "Europe/Rome");
            Assert.Equal(utc, times.Select(one => one.StartsAt.UtcDateTime.ToString("MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)));
            Assert.All(times, one => Assert.Equal(TimeSpan.FromMinutes(90), one.EndsAt - one.StartsAt));
            foreach (var name in (string[])["Europe/Athens", "Europe/Madrid", "Europe/Berlin"])
            {
                begin = TimeZones.InstantOf(first, name);
                Assert.All(SeriesDates.Of(new(SeriesRule.Weekly, count, null), begin, begin.AddMinutes(90), name), one => Assert.Equal(new(9, 0), TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(one.StartsAt, TimeZones.Of(name)).DateTime)));
            }
        }
    }

    [Fact]
    public void What_clocks_do_not_show_is_later_and_what_they_show_twice_is_the_first()
    {
        // Sundays at half past two, of which the second has none, or two.
        Assert.Equal([(1, 30), (1, 30), (0, 30)], Of(new(2027, 3, 21, 2, 30, 0), 15));
        Assert.Equal([(0, 30), (0, 30), (1, 30)], Of(new(2026, 10, 18, 2, 30, 0), 15));
        // Forty minutes over the gap still end after they begin.
        Assert.Equal([(1, 30), (1, 30), (0, 30)], Of(new(2027, 3, 21, 2, 30, 0), 40));

        static IEnumerable<(int, int)> Of(DateTime first, int minutes)
        {
            var begin = TimeZones.InstantOf(first, "Europe/Rome");
            var times = SeriesDates.Of(new(SeriesRule.Weekly, 3, null), begin, begin.AddMinutes(minutes), "Europe/Rome");
            Assert.All(times, one => Assert.True(one.EndsAt > one.StartsAt));
            return times.Select(one => (one.StartsAt.UtcDateTime.Hour, one.StartsAt.UtcDateTime.Minute));
        }
    }

    [Fact]
    public void Each_month_has_the_same_weekday_and_the_fifth_is_the_last()
    {
        Assert.Equal(["2026-12-08", "2027-01-12", "2027-02-09"], Days(new(2026, 12, 8, 9, 0, 0), new(SeriesRule.Monthly, 3, null)));
        Assert.Equal(["2026-12-29", "2027-01-26", "2027-02-23", "2027-03-30"], Days(new(2026, 12, 29, 9, 0, 0), new(SeriesRule.Monthly, null, new(2027, 4, 1))));
        Assert.Equal(["2027-02-26", "2027-03-26"], Days(new(2027, 2, 26, 9, 0, 0), new(SeriesRule.Monthly, 2, null)));
        // The last day counts.
        Assert.Equal(["2026-12-08", "2026-12-22"], Days(new(2026, 12, 8, 9, 0, 0), new(SeriesRule.EveryTwoWeeks, null, new(2026, 12, 22))));

        static IEnumerable<string> Days(DateTime first, SeriesPlan plan)
        {
            var begin = TimeZones.InstantOf(first, "Europe/Rome");
            return SeriesDates.Of(plan, begin, begin.AddHours(1), "Europe/Rome").Select(one => TimeZoneInfo.ConvertTime(one.StartsAt, TimeZones.Of("Europe/Rome")).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void A_series_has_an_end_and_not_too_many()
    {
        var begin = new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal(Refusal.SeriesEnd, RefusalOf(new(SeriesRule.Weekly, null, null)));
        Assert.Equal(Refusal.SeriesEnd, RefusalOf(new(SeriesRule.Weekly, 3, new(2027, 1, 1))));
        foreach (var wrong in (int[])[-1, 0, 1, SeriesDates.Most + 1])
            Assert.Equal(Refusal.SeriesLength, RefusalOf(new(SeriesRule.Weekly, wrong, null)));
        Assert.Equal(Refusal.SeriesLength, RefusalOf(new(SeriesRule.Weekly, null, new(2026, 12, 7))));
        Assert.Equal(Refusal.SeriesLength, RefusalOf(new(SeriesRule.Weekly, null, new(2027, 11, 30))));
        Assert.Equal(Refusal.SeriesLength, RefusalOf(new(SeriesRule.Weekly, null, new(9000, 1, 1))));
        Assert.Equal(Refusal.BadChoice, RefusalOf(new(default(SeriesRule), 3, null)));
        Assert.Equal(SeriesDates.Most, SeriesDates.Of(new(SeriesRule.Weekly, null, new(2027, 11, 29)), begin, begin.AddHours(1), "UTC").Count);

        Refusal RefusalOf(SeriesPlan plan) => Assert.Throws<RefusedException>(() => SeriesDates.Of(plan, begin, begin.AddHours(1), "UTC")).Refusal;
    }

    /// <summary>Any rule from any moment in any zone: as many as asked for, each later than the one before, on its day, and by the clock at the same time wherever clocks show it.</summary>
    [Fact]
    public void Whatever_the_rule_clocks_show_the_same_and_none_comes_twice() =>
        Gen.Select(Gen.Int[0, Zones.Length - 1], Gen.Int[0, 60 * 24 * 730], Gen.Int[1, 600], Gen.Int[1, 3], Gen.Int[2, SeriesDates.Most]).Hold(one =>
        {
            var (at, minute, minutes, ruleNumber, count) = one;
            var (rule, zone) = ((SeriesRule)ruleNumber, TimeZones.Of(Zones[at]));
            var begin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute);
            var times = SeriesDates.Of(new(rule, count, null), begin, begin.AddMinutes(minutes), Zones[at]);
            var first = TimeZoneInfo.ConvertTime(begin, zone).DateTime;

            Assert.Equal(count, times.Count);
            Assert.Equal((begin, begin.AddMinutes(minutes)), times[0]);
            foreach (var (before, after) in times.Zip(times.Skip(1)))
            {
                Assert.True(before.StartsAt < after.StartsAt);
                Assert.True(after.EndsAt > after.StartsAt);
            }
            foreach (var (index, (startsAt, _)) in times.Index())
            {
                var shown = TimeZoneInfo.ConvertTime(startsAt, zone).DateTime;
                // As clocks show it; or, where they do not show it that day, later.
                var wanted = DateOnly.FromDateTime(shown).ToDateTime(TimeOnly.FromDateTime(first));
                Assert.True(shown == wanted || (zone.IsInvalidTime(wanted) && shown > wanted) || (shown < wanted && zone.IsInvalidTime(wanted.AddDays(-1))));
                if (shown != wanted)
                    continue;
                Assert.Equal(first.DayOfWeek, shown.DayOfWeek);
                if (rule != SeriesRule.Monthly)
                    Assert.Equal((rule == SeriesRule.Weekly ? 7 : 14) * index, DateOnly.FromDateTime(shown).DayNumber - DateOnly.FromDateTime(first).DayNumber);
                else
                    Assert.Equal((first.Year * 12) + first.Month + index, (shown.Year * 12) + shown.Month);
            }
            // The same until the day of the last one.
            if (TimeZoneInfo.ConvertTime(times[^1].StartsAt, zone).DateTime is var last && last.TimeOfDay == first.TimeOfDay)
                Assert.Equal(times, SeriesDates.Of(new(rule, null, DateOnly.FromDateTime(last)), begin, begin.AddMinutes(minutes), Zones[at]));
        });
}
