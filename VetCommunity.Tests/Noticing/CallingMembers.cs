using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Noticing;

public class CallingMembers
{
    [Theory, OnBothDatabases]
    public async Task Followers_are_called_once_a_reading_and_who_muted_never(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var markers = new ReadMarkers(world.Db, world.Feed);
        await world.SayAsync(world.Bruno, "One", topic: "Gas");
        await world.SayAsync(world.Anna, "Two", topic: "Gas");
        await world.SayAsync(world.Anna, "Three", topic: "Gas");

        Assert.Equal([new(2, 2, CallKind.Follow)], await CalledAsync(world, [2, 3]));
        Assert.Equal([new(2, 2, CallKind.Follow)], await CalledAsync(world, [2]));
        Assert.Empty(await CalledAsync(world, [3]));
        await markers.MarkReadAsync(world.Bruno, "welding", 3);
        await world.SayAsync(world.Anna, "Four", topic: "Gas");
        await world.SayAsync(world.Anna, "Elsewhere", topic: "Masks");
        Assert.Equal([new(2, 4, CallKind.Follow)], await CalledAsync(world, [4, 5]));
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", InvolvementKind.Muted);
        Assert.Empty(await CalledAsync(world, [4, 5]));
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_named_is_called_by_each_naming_and_not_as_a_follower_too(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "One", topic: "Gas");
        await world.SayAsync(world.Anna, "For @bruno", topic: "Gas");
        await world.SayAsync(world.Anna, "Once more @bruno and @anna", topic: "Gas");
        NewlyPosted[] posted = [new(2, "anna", [2]), new(3, "anna", [2, 1])];

        Assert.Equal([new(2, 2, CallKind.Mention), new(2, 3, CallKind.Mention)], await CalledAsync(world, posted));
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", InvolvementKind.Muted);
        Assert.Empty(await CalledAsync(world, posted));
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_read_a_closed_room_is_not_called_into_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Dear @ada", "board");
        var id = (await world.Conversations.FindAsync(world.Anna, "board")).Id;

        var called = await new Calls(world.Db).OfAsync(Actor.Operator, id, [new(1, "anna", [world.Ada.MemberId, world.Carla.MemberId])], []);

        Assert.Equal(("board", ConversationKind.Room), (called.Conversation, called.Kind));
        Assert.Equal([new(world.Ada.MemberId, 1, CallKind.Mention)], called.Calls);
    }

    [Theory, OnBothDatabases]
    public async Task Two_people_alone_are_called_once_for_what_comes_together_and_the_author_is_not(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var id = int.Parse(world.Direct, CultureInfo.InvariantCulture);
        await world.SayAsync(world.Anna, "One", world.Direct);
        await world.SayAsync(world.Anna, "Two", world.Direct);
        var calls = new Calls(world.Db);

        var called = await calls.OfAsync(Actor.Operator, id, [new(1, "anna", []), new(2, "anna", [])], [world.Anna.MemberId, world.Bruno.MemberId, world.Carla.MemberId]);

        Assert.Equal([new(world.Bruno.MemberId, 1, CallKind.Direct)], called.Calls);
        await Assert.ThrowsAsync<NotFoundException>(() => calls.OfAsync(world.Anna, id, [], [world.Bruno.MemberId]));
    }

    static Task<IReadOnlyList<Call>> CalledAsync(World world, long[] seqs) => CalledAsync(world, [.. seqs.Select(seq => new NewlyPosted(seq, "anna", []))]);

    static async Task<IReadOnlyList<Call>> CalledAsync(World world, NewlyPosted[] posted)
    {
        var id = (await world.Conversations.FindAsync(world.Bruno, "welding")).Id;
        return (await new Calls(world.Db).OfAsync(Actor.Operator, id, posted, [1, 2, 4])).Calls;
    }
}
