using System.Globalization;
using VetCommunity.Core.OfficeHours;
using Xunit;

namespace VetCommunity.Tests.OfficeHours;

/// <summary>What the room's clock shows decides, also where it jumps.</summary>
public class KnowingWhenARoomIsOpen
{
    static OpeningRules Rules(string zone, params (DayOfWeek Day, int From, int To)[] weekly) => new(zone, [.. weekly.Select(one => new WeeklySpan(one.Day, one.From * 60, one.To * 60))], [], null);

    static DateTimeOffset At(string utc) => DateTimeOffset.Parse(utc + "Z", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2026-03-05T13:59:59", false, "2026-03-05T14:00")]
    [InlineData("2026-03-05T14:00", true, "2026-03-05T16:00")]
    [InlineData("2026-03-05T15:59:59", true, "2026-03-05T16:00")]
    [InlineData("2026-03-05T16:00", false, "2026-03-12T14:00")]
    // The week after the clock has gone forward the same hour is an hour earlier.
    [InlineData("2026-03-26T16:00", false, "2026-04-02T13:00")]
    public void It_is_open_from_the_first_moment_to_the_last(string now, bool isOpen, string turns)
    {
        var opening = Rules("Europe/Rome", (DayOfWeek.Thursday, 15, 17)).At(At(now));
        Assert.Equal((isOpen, At(turns)), (opening.IsOpen, opening.TurnsAt!.Value));
        Assert.Equal(isOpen, opening.Next is null);
    }

    [Fact]
    public void What_follows_at_once_is_one_opening_also_over_midnight()
    {
        var rules = Rules("Europe/Athens", (DayOfWeek.Monday, 9, 12), (DayOfWeek.Monday, 12, 13), (DayOfWeek.Friday, 22, 24), (DayOfWeek.Saturday, 0, 1));
        Assert.Equal(At("2026-03-02T11:00"), rules.At(At("2026-03-02T08:00")).Until);
        Assert.Equal(At("2026-03-06T23:00"), rules.At(At("2026-03-06T20:30")).Until);
        Assert.Equal(At("2026-03-06T23:00"), rules.At(At("2026-03-06T22:30")).Until);
    }

    [Fact]
    public void A_single_day_stands_in_place_of_the_week_and_the_last_day_ends_it()
    {
        var rules = new OpeningRules("UTC", [new(DayOfWeek.Monday, 540, 600), new(DayOfWeek.Tuesday, 540, 600)],
            [new(new(2026, 3, 2), 0, 0), new(new(2026, 3, 3), 900, 960), new(new(2026, 3, 3), 1000, 1020)], new(2026, 3, 9));
        Assert.Equal(new Opening(false, null, At("2026-03-03T15:00")), rules.At(At("2026-03-02T09:30")));
        Assert.Equal(new Opening(true, At("2026-03-03T16:00"), null), rules.At(At("2026-03-03T15:00")));
        Assert.Equal(At("2026-03-03T16:40"), rules.At(At("2026-03-03T16:00")).Next);
        Assert.Equal(At("2026-03-09T09:00"), rules.At(At("2026-03-03T17:00")).Next);
        Assert.Equal(new Opening(false, null, null), rules.At(At("2026-03-09T10:00")));
    }

    [Fact]
    public void An_hour_that_is_left_out_opens_nothing_and_one_that_comes_twice_is_open_both_times()
    {
        var night = new OpeningRules("Europe/Berlin", [new(DayOfWeek.Sunday, 135, 165)], [], null);
        // 29 March: 2:00 to 3:00 is left out, so the room opens a week later.
        Assert.Equal(At("2026-04-05T00:15"), night.At(At("2026-03-29T00:00")).Next);
        // 25 October: 2:15 comes at 0:15 and at 1:15 UTC.
        Assert.Equal(new Opening(true, At("2026-10-25T00:45"), null), night.At(At("2026-10-25T00:20")));
        Assert.Equal(new Opening(false, null, At("2026-10-25T01:15")), night.At(At("2026-10-25T00:50")));
        Assert.Equal(new Opening(true, At("2026-10-25T01:45"), null), night.At(At("2026-10-25T01:30")));
    }

    [Fact]
    public void Who_never_closes_is_open_for_long()
    {
        var opening = Rules("Europe/Rome", [.. Enum.GetValues<DayOfWeek>().Select(day => (day, 0, 24))]).At(At("2026-03-05T13:00"));
        Assert.True(opening.IsOpen && opening.Until > At("2026-03-19T00:00"));
    }

    public static TheoryData<string, string> Jumps() => new()
    {
        { "Europe/Rome", "2026-03-29T01:00" }, { "Europe/Athens", "2026-10-25T01:00" }, { "America/New_York", "2026-11-01T06:00" }, { "Australia/Lord_Howe", "2026-04-04T15:00" },
        { "Asia/Kathmandu", "2026-05-05T00:00" }, { "Pacific/Apia", "2011-12-30T10:00" }, { "America/Havana", "2026-03-08T05:00" }, { "Africa/Cairo", "2026-04-23T22:00" },
    };

    // A thousand clocks around a jump: open exactly while the clock shows a time of that day's spans, and what is said of the next turn is true.
    [Theory]
    [MemberData(nameof(Jumps))]
    public void Open_is_what_the_clock_says_around_every_jump(string zone, string jump)
    {
        var random = new Random(zone.Length * 7919);
        var clock = TimeZoneInfo.FindSystemTimeZoneById(zone);
        for (var trial = 0; trial < 60; trial++)
        {
            var weekly = Enum.GetValues<DayOfWeek>().SelectMany(day => Spans(random).Select(span => new WeeklySpan(day, span.From, span.To))).ToList();
            var rules = new OpeningRules(zone, weekly, [], null);
            for (var look = 0; look < 15; look++)
            {
                var now = At(jump).AddMinutes(random.Next(-2 * 1440, 2 * 1440)).AddSeconds(random.Next(60));
                var opening = rules.At(now);
                Assert.Equal(Shows(now), opening.IsOpen);
                if (opening.TurnsAt is not { } turns)
                {
                    Assert.Empty(weekly);
                    continue;
                }
                Assert.True(turns > now);
                Assert.Equal(opening.IsOpen, Shows(turns.AddSeconds(-1)));
                Assert.NotEqual(opening.IsOpen, Shows(turns));
                var between = now.AddSeconds(random.NextInt64((long)(turns - now).TotalSeconds + 1));
                Assert.Equal(between < turns ? opening.IsOpen : !opening.IsOpen, Shows(between));

                bool Shows(DateTimeOffset at)
                {
                    var shown = TimeZoneInfo.ConvertTime(at, clock);
                    return weekly.Exists(span => span.Weekday == shown.DayOfWeek && shown.TimeOfDay.TotalMinutes >= span.From && shown.TimeOfDay.TotalMinutes < span.To);
                }
            }
        }
    }

    static IEnumerable<(int From, int To)> Spans(Random random)
    {
        List<int> cuts = [.. Enumerable.Range(0, 2 * random.Next(0, 4)).Select(_ => random.Next(0, 97) * 15).Distinct().Order()];
        for (var index = 0; index + 1 < cuts.Count; index += 2)
            yield return (cuts[index], cuts[index + 1]);
    }
}
