using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using Xunit;

namespace VetCommunity.Tests.Bridging;

public sealed class LookingThroughTheQueue
{
    [Theory, OnBothDatabases]
    public async Task Each_sees_what_waits_for_the_own_languages_what_they_asked_for_and_what_they_did(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var first = await world.SayAsync(world.Anna);
        var second = await world.SayAsync(world.Anna, "Otro mensaje en español");
        await world.Bridges.AskAsync(world.Olga, "welding", first, "ca");
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Bridges.AskAsync(world.Olga, "welding", second, "ca");
        await world.Bridges.AskAsync(world.Olga, "welding", second, "it");

        Assert.Equal([(first, "ca"), (second, "ca")], await ListAsync(world, world.Bruno, BridgeList.Waiting));
        Assert.Equal([(second, "ca"), (second, "it"), (first, "ca")], await ListAsync(world, world.Olga, BridgeList.Asked));
        Assert.Empty(await ListAsync(world, world.Olga, BridgeList.Waiting));

        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var translation = await world.ProposeAsync(world.Bruno, first);
        Assert.Equal([(second, "ca")], await ListAsync(world, world.Bruno, BridgeList.Waiting));
        Assert.Equal([(first, "ca"), (second, "ca")], await ListAsync(world, world.Carla, BridgeList.Waiting));
        Assert.Equal([(first, "ca")], await ListAsync(world, world.Bruno, BridgeList.Done));
        Assert.Equal(1, (await world.Queue.ListAsync(world.Olga, BridgeList.Asked, 1)).Rows.Single(row => row.Seq == first).Proposals);
        await world.AcceptAsync(world.Olga, first, translation);
        Assert.Equal([(second, "ca")], await ListAsync(world, world.Carla, BridgeList.Waiting));
        Assert.True((await world.Queue.ListAsync(world.Bruno, BridgeList.Done, 1)).Rows.Single().IsAccepted);
    }

    [Theory, OnBothDatabases]
    public async Task A_room_that_one_may_not_read_is_not_in_it(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        await world.TranslatesAsync(world.World.Ada, "es-ca");
        var board = await world.SayAsync(world.Anna, room: "board");
        await world.Bridges.AskAsync(world.Anna, "board", board, "ca");
        Assert.Empty(await ListAsync(world, world.Bruno, BridgeList.Waiting));
        Assert.Equal([(board, "ca")], await ListAsync(world, world.World.Ada, BridgeList.Waiting));
        await world.ProposeAsync(world.World.Ada, board, room: "board");
        await world.World.InDbAsync(context => context.Memberships.Where(m => m.MemberId == world.World.Ada.MemberId).ExecuteDeleteAsync());
        Assert.Empty(await ListAsync(world, world.World.Ada, BridgeList.Done));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Queue.ListAsync(Actor.Visitor, BridgeList.Waiting, 1));
    }

    [Theory, OnBothDatabases]
    public async Task It_is_read_page_by_page(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        for (var i = 0; i <= BridgeQueue.Page; i++)
        {
            await world.Bridges.AskAsync(world.Olga, "welding", await world.SayAsync(world.Anna, $"{BridgingWorld.Spanish} {i}"), "ca");
            world.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        var first = await world.Queue.ListAsync(world.Bruno, BridgeList.Waiting, 1);
        var second = await world.Queue.ListAsync(world.Bruno, BridgeList.Waiting, 2);
        Assert.Equal((BridgeQueue.Page, true, 1, false), (first.Rows.Count, first.HasMore, second.Rows.Count, second.HasMore));
        Assert.Equal(BridgeQueue.Page + 1, first.Rows.Concat(second.Rows).Select(row => row.Seq).Distinct().Count());
    }

    static async Task<List<(long, string)>> ListAsync(BridgingWorld world, Actor who, BridgeList list) =>
        [.. (await world.Queue.ListAsync(who, list, 1)).Rows.Select(row => (row.Seq, row.To))];
}
