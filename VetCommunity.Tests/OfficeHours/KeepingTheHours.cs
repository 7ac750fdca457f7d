using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;
using Xunit;

namespace VetCommunity.Tests.OfficeHours;

public class KeepingTheHours
{
    [Theory, OnBothDatabases]
    public async Task What_makes_no_sense_is_refused(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var (anna, settings) = (hours.World.Anna, hours.Settings);
        Task Add(int from, int to, DayOfWeek day = DayOfWeek.Monday) => settings.AddWeeklyAsync(anna, "welding", day, new(from, 0), new(to, 0));
        Assert.Equal(Refusal.HoursEndFirst, await World.RefusalOfAsync(() => Add(17, 15)));
        Assert.Equal(Refusal.HoursEndFirst, await World.RefusalOfAsync(() => Add(15, 15)));
        foreach (var (from, to) in ((int, int)[])[(8, 10), (10, 11), (11, 13), (8, 13), (9, 12)])
            Assert.Equal(Refusal.HoursOverlap, await World.RefusalOfAsync(() => Add(from, to)));
        await Add(12, 13);
        await Add(9, 12, DayOfWeek.Tuesday);
        await Add(22, 0);
        Assert.Equal(1440, (await settings.FindAsync(anna, "welding")).Weekly[^2].To);
        Assert.Equal(Refusal.UnknownZone, await World.RefusalOfAsync(() => settings.FrameAsync(anna, "welding", "Europe/Atlantis", null)));
        Assert.Equal(Refusal.UnknownZone, await World.RefusalOfAsync(() => settings.FrameAsync(anna, "welding", null, null)));
        Assert.Equal(Refusal.DayTooEarly, await World.RefusalOfAsync(() => settings.FrameAsync(anna, "welding", "Europe/Rome", new(2026, 3, 1))));
        Assert.Equal(Refusal.DayTooEarly, await World.RefusalOfAsync(() => settings.AddDayAsync(anna, "welding", new(2026, 3, 1), null, null)));
        Assert.Equal(Refusal.DayTooLate, await World.RefusalOfAsync(() => settings.AddDayAsync(anna, "welding", new(2027, 3, 3), null, null)));
        Assert.Equal(Refusal.TimeUnreadable, await World.RefusalOfAsync(() => settings.AddDayAsync(anna, "welding", new(2026, 3, 3), new(9, 0), null)));
        await hours.World.InDbAsync(async db =>
        {
            var room = (await db.OpeningSpans.FirstAsync()).ConversationId;
            db.OpeningSpans.AddRange(Enumerable.Range(0, HoursSettings.Spans).Select(at => new OpeningSpan { ConversationId = room, Weekday = DayOfWeek.Sunday, From = at, To = at + 1 }));
            return await db.SaveChangesAsync();
        });
        Assert.Equal(Refusal.TooManyHours, await World.RefusalOfAsync(() => Add(9, 12, DayOfWeek.Friday)));
    }

    [Theory, OnBothDatabases]
    public async Task Single_days_change_the_week_and_a_change_closes_the_queue_at_once(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var (world, settings) = (hours.World, hours.Settings);
        var today = new DateOnly(2026, 3, 2);
        await hours.JoinAsync(world.Bruno);
        await settings.AddDayAsync(world.Anna, "welding", today, null, null);
        Assert.NotNull((await hours.SeeAsync(world.Bruno)).Lapsed);
        Assert.False((await hours.SeeAsync(world.Bruno)).State.Opening.IsOpen);
        await settings.AddDayAsync(world.Anna, "welding", today, new(8, 0), new(11, 0));
        await settings.AddDayAsync(world.Anna, "welding", today, new(14, 0), new(15, 0));
        Assert.Equal(2, (await settings.FindAsync(world.Anna, "welding")).SingleDays.Count);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero), (await hours.SeeAsync(world.Bruno)).State.Opening.Until);
        await settings.FrameAsync(world.Anna, "welding", "Europe/Athens", today);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), (await hours.SeeAsync(world.Bruno)).State.Opening.Until);
        foreach (var span in (await settings.FindAsync(world.Anna, "welding")) is var set ? set.Weekly.Concat(set.SingleDays).ToList() : [])
            await settings.RemoveAsync(world.Anna, "welding", span.Id);
        // An ordinary room.
        Assert.Null(await hours.Queues.SeeAsync(world.Bruno, "welding"));
        Assert.Null((await world.InDbAsync(db => db.RoomHours.SingleAsync())).TurnsAt);
        Assert.True(await world.InDbAsync(db => db.Audit.CountAsync(one => one.What == "hours.set")) >= 9);
    }

    [Theory, OnBothDatabases]
    public async Task Days_that_are_over_make_room_for_new_ones(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var (world, settings) = (hours.World, hours.Settings);
        await settings.AddDayAsync(world.Anna, "welding", new(2026, 3, 2), null, null);
        await settings.AddDayAsync(world.Anna, "welding", new(2026, 3, 3), null, null);
        world.Clock.Advance(TimeSpan.FromDays(1));
        await settings.AddDayAsync(world.Anna, "welding", new(2026, 3, 4), null, null);
        Assert.Equal([new(2026, 3, 3), new(2026, 3, 4)], (await settings.FindAsync(world.Anna, "welding")).SingleDays.Select(span => span.Day!.Value));
    }

    [Theory, OnBothDatabases]
    public async Task Two_moderators_at_once_make_no_overlap(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        var refused = await Task.WhenAll(((Core.Actor[])[world.Anna, world.Carla, world.Anna, world.Carla]).Select(async (who, number) =>
        {
            try
            {
                await Task.Run(() => hours.Settings.AddWeeklyAsync(who, "welding", DayOfWeek.Friday, new(9, number), new(10, 0)));
                return false;
            }
            catch (RefusedException one) when (one.Refusal == Refusal.HoursOverlap)
            {
                return true;
            }
        }));
        Assert.Equal(3, refused.Count(one => one));
    }

    [Theory, OnBothDatabases]
    public async Task Hosts_are_in_the_room_and_whoever_leaves_is_none_any_more(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var (world, settings) = (hours.World, hours.Settings);
        Assert.Equal(Refusal.NotInRoom, await World.RefusalOfAsync(() => settings.HostAsync(world.Anna, "welding", "ada", hosts: true)));
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => settings.HostAsync(world.Anna, "welding", "nobody", hosts: true)));
        Assert.Equal(world.Bruno.Name, await settings.HostAsync(world.Anna, "welding", "@Bruno", hosts: true));
        Assert.True((await hours.SeeAsync(world.Bruno)).IsHost);
        await world.InDbAsync(db => db.Users.Where(u => u.Id == world.Bruno.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SuspendedUntil, DateTimeOffset.MaxValue)));
        Assert.Equal(["anna"], (await hours.SeeAsync(world.Anna)).State.Hosts.Select(host => host.Handle));
        await world.InDbAsync(db => db.Users.Where(u => u.Id == world.Bruno.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SuspendedUntil, (DateTimeOffset?)null)));
        Assert.True((await hours.SeeAsync(world.Bruno)).IsHost);
        await hours.Rooms.LeaveAsync(world.Bruno, "welding");
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await hours.Rooms.JoinAsync(world.Bruno, "welding");
        Assert.False((await hours.SeeAsync(world.Bruno)).IsHost);
        await settings.HostAsync(world.Anna, "welding", "bruno", hosts: true);
        Assert.True((await hours.SeeAsync(world.Bruno)).IsHost);
        await settings.HostAsync(world.Anna, "welding", "bruno", hosts: false);
        Assert.False((await hours.SeeAsync(world.Bruno)).IsHost);
    }
}
