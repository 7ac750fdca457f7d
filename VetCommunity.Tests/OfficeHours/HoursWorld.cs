using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.Tests.OfficeHours;

/// <summary>The world with opening hours in the room welding: Mondays 9 to 12 by the clock of Rome. It is Monday, 2 March 2026, 9:00 there. Bruno and Olga are in the room; Anna moderates and hosts.</summary>
public sealed class HoursWorld : IAsyncDisposable
{
    HoursWorld(World world)
    {
        World = world;
        Settings = new(world.Db, world.Feed);
        Closing = new(world.Db, world.Feed, world.Clock);
        Queues = new(world.Db, world.Conversations, world.Feed);
        Enquiries = new(world.Db, world.Conversations, world.Feed);
        Rooms = new(world.Db, world.Feed, world.Clock);
    }

    public World World { get; }
    public HoursSettings Settings { get; }
    public HoursClosing Closing { get; }
    public Queues Queues { get; }
    public Enquiries Enquiries { get; }
    public Rooms Rooms { get; }

    public static async Task<HoursWorld> OpenAsync(Database database)
    {
        var world = new HoursWorld(await World.OpenAsync(database));
        await world.Rooms.JoinAsync(world.World.Olga, "welding");
        await world.Settings.AddWeeklyAsync(world.World.Anna, "welding", DayOfWeek.Monday, new(9, 0), new(12, 0));
        await world.Settings.HostAsync(world.World.Anna, "welding", "anna", hosts: true);
        return world;
    }

    public async Task<HoursSeen> SeeAsync(Actor who, string room = "welding") => (await Queues.SeeAsync(who, room))!;

    public async Task<string[]> WaitingAsync() => [.. (await SeeAsync(World.Anna)).State.Waiting.Select(one => one.Handle)];

    public Task JoinAsync(Actor who, string line = "My question") => Queues.JoinAsync(who, "welding", line);

    public async Task TurnAsync(TimeSpan after)
    {
        World.Clock.Advance(after);
        await Closing.TurnDueAsync(Actor.Operator);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
