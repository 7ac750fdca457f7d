using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.Live;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using Xunit;

namespace VetCommunity.Tests.Live;

public class FollowingWithACalendar
{
    [Theory, OnBothDatabases]
    public async Task A_calendar_reads_the_sessions_with_a_place_until_its_address_ends(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var feeds = new CalendarFeeds(live.World.Db, live.World.Clock);
        var other = await live.Sessions.PlanAsync(live.Anna, live.Plan with { Title = "Full", Capacity = 1 }, "full");
        await live.Sessions.RegisterAsync(live.Olga, other);
        await live.Sessions.RegisterAsync(live.Bruno, other);
        Assert.Null(await feeds.SinceAsync(live.Bruno));

        var first = await feeds.MakeAsync(live.Bruno);
        Assert.True(first.Length >= 43);
        // Who waits for a place has none.
        Assert.Equal([live.Slug], (await feeds.ReadAsync(first)).Select(session => session.Slug));
        Assert.Equal(live.World.Clock.GetUtcNow().ToUnixTimeMilliseconds(), (await feeds.SinceAsync(live.Bruno))!.Value.ToUnixTimeMilliseconds());
        Assert.False(await live.World.InDbAsync(db => db.CalendarFeeds.AnyAsync(f => f.Hash.Length < 32)));

        await live.Sessions.CallOffAsync(live.Anna, live.Slug);
        var file = SessionCalendar.Of(await feeds.ReadAsync(first), new Site(() => "https://vet.example"));
        Assert.Contains("STATUS:CANCELLED", file, StringComparison.Ordinal);
        Assert.Contains("UID:session-welding-in-pairs@vet.example", file, StringComparison.Ordinal);
        Assert.Contains("SEQUENCE:1", file, StringComparison.Ordinal);

        var second = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => feeds.MakeAsync(live.Bruno))));
        Assert.Single(await Task.WhenAll(second.Select(IsReadAsync)), isRead => isRead);
        Assert.False(await IsReadAsync(first));
        await feeds.EndAsync(live.Bruno);
        await feeds.EndAsync(live.Bruno);
        Assert.DoesNotContain(await Task.WhenAll(second.Select(IsReadAsync)), isRead => isRead);

        var hers = await feeds.MakeAsync(live.Olga);
        Assert.Equal(["full"], (await feeds.ReadAsync(hers)).Select(session => session.Slug));
        var until = live.World.Clock.GetUtcNow().AddDays(1);
        await live.World.InDbAsync(db => db.Users.Where(u => u.Id == live.Olga.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SuspendedUntil, until)));
        Assert.False(await IsReadAsync(hers));
        Assert.False(await IsReadAsync(""));
        await Assert.ThrowsAsync<NotFoundException>(() => feeds.MakeAsync(Actor.Visitor));
        await Assert.ThrowsAsync<NotFoundException>(() => feeds.SinceAsync(Actor.Operator));
        await Assert.ThrowsAsync<NotFoundException>(() => feeds.EndAsync(Actor.Visitor));

        async Task<bool> IsReadAsync(string secret)
        {
            try
            {
                await feeds.ReadAsync(secret);
                return true;
            }
            catch (NotFoundException)
            {
                return false;
            }
        }
    }

    /// <summary>The nights in which clocks change, by what a trainer types: the instant that it becomes, or that there is no such time.</summary>
    [Theory]
    // Clocks go forward over the hour at 01:00 in Greenwich.
    [InlineData("Europe/Rome", "2027-03-28", "01:59", "2027-03-28T00:59Z")]
    [InlineData("Europe/Rome", "2027-03-28", "02:00", null)]
    [InlineData("Europe/Rome", "2027-03-28", "02:59", null)]
    [InlineData("Europe/Rome", "2027-03-28", "03:00", "2027-03-28T01:00Z")]
    [InlineData("Europe/Madrid", "2027-03-28", "02:30", null)]
    [InlineData("Europe/Madrid", "2027-03-28", "03:30", "2027-03-28T01:30Z")]
    [InlineData("Europe/Athens", "2027-03-28", "02:59", "2027-03-28T00:59Z")]
    [InlineData("Europe/Athens", "2027-03-28", "03:30", null)]
    [InlineData("Europe/Athens", "2027-03-28", "04:00", "2027-03-28T01:00Z")]
    // And back: what they show twice is the first of the two.
    [InlineData("Europe/Rome", "2026-10-25", "01:59", "2026-10-24T23:59Z")]
    [InlineData("Europe/Rome", "2026-10-25", "02:00", "2026-10-25T00:00Z")]
    [InlineData("Europe/Rome", "2026-10-25", "02:59", "2026-10-25T00:59Z")]
    [InlineData("Europe/Rome", "2026-10-25", "03:00", "2026-10-25T02:00Z")]
    [InlineData("Europe/Madrid", "2026-10-25", "02:30", "2026-10-25T00:30Z")]
    [InlineData("Europe/Athens", "2026-10-25", "03:30", "2026-10-25T00:30Z")]
    [InlineData("Europe/Athens", "2026-10-25", "04:00", "2026-10-25T02:00Z")]
    public void In_the_nights_of_summer_time_what_is_typed_is_one_instant_or_none(string zone, string day, string time, string? instant)
    {
        if (instant is null)
        {
            Assert.Equal(Refusal.TimeSkipped, Assert.Throws<RefusedException>(() => SessionFormPage.Moment(day, time, stored: null, zone)).Refusal);
            return;
        }
        var moment = SessionFormPage.Moment(day, time, stored: null, zone);
        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), moment);
        Assert.Equal((day, time), moment.Fields(zone));
    }

    /// <summary>Each quarter of an hour of those nights, planned by a colleague elsewhere: whoever opens the plan and saves it moves nothing, and the calendar says the very instant.</summary>
    [Theory]
    [InlineData("Europe/Rome")]
    [InlineData("Europe/Athens")]
    [InlineData("Europe/Madrid")]
    public void Opened_and_saved_a_plan_stays_at_its_instant(string zone)
    {
        foreach (var night in (DateTimeOffset[])[new(2026, 10, 24, 20, 0, 0, TimeSpan.Zero), new(2027, 3, 27, 20, 0, 0, TimeSpan.Zero)])
        {
            for (var quarter = 0; quarter < 40; quarter++)
            {
                var at = night.AddMinutes(15 * quarter);
                var (day, time) = at.Fields(zone);
                Assert.Equal(at, SessionFormPage.Moment(day, time, at, zone));
                var session = new LiveSession { Slug = "night", Title = "Night", Language = "en", JoinCode = "", StartsAt = at, EndsAt = at.AddMinutes(90) };
                var file = SessionCalendar.Of([session], new Site(() => "https://vet.example"));
                Assert.Contains(at.UtcDateTime.ToString("'DTSTART:'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), file, StringComparison.Ordinal);
                Assert.Contains(at.AddMinutes(90).UtcDateTime.ToString("'DTEND:'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), file, StringComparison.Ordinal);
            }
        }
    }
}
