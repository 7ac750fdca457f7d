using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using Xunit;

namespace VetCommunity.Tests.Moderation;

public sealed class KeepingARoomCalm
{
    static async Task SetAsync(World world, int slow = 0, bool onlySpeakers = false)
    {
        var settings = new RoomSettings(world.Db);
        var seen = (await settings.FindAsync(world.Anna, "welding")).Setting;
        await settings.SaveAsync(world.Anna, "welding", seen, seen with { SlowSeconds = slow, OnlySpeakers = onlySpeakers });
    }

    [Theory, OnBothDatabases]
    public async Task In_a_slow_room_one_waits_between_two_messages_and_moderators_do_not(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await SetAsync(world, slow: 30);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        var said = await world.SayAsync(world.Bruno, "One", key: "one");
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.SayAsync(world.Bruno, "Two"));
        Assert.Equal((Refusal.SlowMode, 30), (refused.Refusal, refused.Arguments[0]));
        // The same message again is no second one, and what stands may be changed.
        Assert.True((await world.SayAsync(world.Bruno, "One", key: "one")).Duplicate);
        await world.Conversations.EditAsync(world.Bruno, "welding", said.Seq, "One, better");
        await world.Conversations.ReactAsync(world.Bruno, "welding", said.Seq, "👍", on: true);
        await world.SayAsync(world.Anna, "Mine");
        await world.SayAsync(world.Anna, "And at once mine again");
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);
        await rooms.LeaveAsync(world.Bruno, "welding");
        await rooms.JoinAsync(world.Bruno, "welding");
        Assert.Equal(Refusal.SlowMode, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Two")));
        world.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, (await Assert.ThrowsAsync<RefusedException>(() => world.SayAsync(world.Bruno, "Two"))).Arguments[0]);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        var two = await Task.WhenAll(Enumerable.Range(0, 3).Select(async i =>
        {
            try
            {
                await world.SayAsync(world.Bruno, $"Two {i}");
                return true;
            }
            catch (RefusedException)
            {
                return false;
            }
        }));
        Assert.Single(two, stored => stored);
        await SetAsync(world);
        await world.SayAsync(world.Bruno, "Fast again");
    }

    [Theory, OnBothDatabases]
    public async Task Where_only_speakers_write_the_others_react(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await SetAsync(world, onlySpeakers: true);
        var said = await world.SayAsync(world.Anna, "Closed on Friday");
        Assert.Equal(Refusal.OnlySpeakers, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Why?")));
        await world.Conversations.ReactAsync(world.Bruno, "welding", said.Seq, "👍", on: true);
        var settings = new RoomSettings(world.Db);
        Assert.Equal("Bruno Weiß", await settings.SpeakAsync(world.Anna, "welding", "@Bruno", speaks: true));
        await world.SayAsync(world.Bruno, "Because of the fair");
        Assert.Equal(["bruno"], (await settings.FindAsync(world.Anna, "welding")).Speakers.Select(s => s.Handle));
        await settings.SpeakAsync(world.Anna, "welding", "bruno", speaks: false);
        Assert.Equal(Refusal.OnlySpeakers, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Hello?")));
        Assert.Equal(Refusal.NotInRoom, await World.RefusalOfAsync(() => settings.SpeakAsync(world.Anna, "welding", "olga", speaks: true)));
    }

    [Theory, OnBothDatabases]
    public async Task Settings_are_for_moderators_and_the_second_of_two_hears_of_the_first(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var settings = new RoomSettings(world.Db);
        await Assert.ThrowsAsync<NotFoundException>(() => settings.FindAsync(world.Bruno, "welding"));
        await Assert.ThrowsAsync<NotFoundException>(() => settings.FindAsync(world.Anna, world.Direct));
        var seen = (await settings.FindAsync(world.Carla, "welding")).Setting;
        await settings.SaveAsync(world.Anna, "welding", seen, seen with { Title = "Welding and cutting", Purpose = "Sparks" });
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => settings.SaveAsync(world.Carla, "welding", seen, seen with { Title = "Other" })));
        Assert.Equal(Refusal.BadTitle, await World.RefusalOfAsync(() => settings.SaveAsync(world.Anna, "welding", seen, seen with { Title = " " })));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => settings.SaveAsync(world.Anna, "welding", seen, seen with { SlowSeconds = 7 })));
        await Assert.ThrowsAsync<NotFoundException>(() => settings.SaveAsync(world.Bruno, "welding", seen, seen));
        var found = await world.Conversations.FindAsync(world.Olga, "welding");
        Assert.Equal(("Welding and cutting", "Sparks"), (found.Title, found.Purpose));
        Assert.Equal("room.set", Assert.Single(await world.InDbAsync(db => db.Audit.ToListAsync())).What);
    }

    [Theory, OnBothDatabases]
    public async Task At_most_five_messages_are_pinned_whoever_pins_at_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var pins = new Pins(world.Db, world.Feed);
        for (var i = 1; i <= 8; i++)
            await world.SayAsync(world.Anna, $"Rule {i}");
        var refused = await Task.WhenAll(Enumerable.Range(1, 8).Select(async seq =>
        {
            try
            {
                await pins.PinAsync(seq % 2 == 0 ? world.Anna : world.Carla, "welding", seq);
                return false;
            }
            catch (RefusedException)
            {
                return true;
            }
        }));
        Assert.Equal(3, refused.Count(no => no));
        var pinned = await pins.ListAsync(world.Olga, "welding");
        Assert.Equal(5, pinned.Count);
        await pins.PinAsync(world.Anna, "welding", pinned[0].Seq);
        await world.Conversations.DeleteAsync(world.Anna, "welding", pinned[0].Seq);
        Assert.Equal(4, (await pins.ListAsync(world.Olga, "welding")).Count);
        Assert.Equal(4, await world.InDbAsync(db => db.Pins.CountAsync()));
        await pins.UnpinAsync(world.Anna, "welding", pinned[1].Seq);
        await pins.UnpinAsync(world.Anna, "welding", pinned[1].Seq);
        Assert.Equal(3, (await pins.ListAsync(world.Olga, "welding")).Count);
        await Assert.ThrowsAsync<NotFoundException>(() => pins.PinAsync(world.Bruno, "welding", pinned[2].Seq));
        await Assert.ThrowsAsync<NotFoundException>(() => pins.UnpinAsync(world.Bruno, "welding", pinned[2].Seq));
        await Assert.ThrowsAsync<NotFoundException>(() => pins.ListAsync(world.Olga, "board"));
        Assert.Equal(Refusal.MessageDeleted, await World.RefusalOfAsync(() => pins.PinAsync(world.Anna, "welding", pinned[0].Seq)));
    }
}
