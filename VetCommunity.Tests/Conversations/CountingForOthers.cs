using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using VetCommunity.Tests.Moderation;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public class CountingForOthers
{
    [Theory, OnBothDatabases]
    public async Task The_program_asks_where_members_stand_and_people_do_not(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var markers = new ReadMarkers(world.Db, world.Feed);
        var direct = int.Parse(world.Direct, CultureInfo.InvariantCulture);
        int[] members = [world.Anna.MemberId, world.Bruno.MemberId, world.Ada.MemberId];
        await world.SayAsync(world.Anna, "For @bruno", world.Direct);

        var unread = await markers.UnreadOfAsync(Actor.Operator, direct, members);
        Assert.Equal([(world.Anna.MemberId, 0L, 0L), (world.Bruno.MemberId, 1L, 1L)], unread.OrderBy(u => u.MemberId).Select(u => (u.MemberId, u.Count, u.Mentions)));
        foreach (var other in (Actor[])[world.Ada, world.Carla, world.Bruno, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => markers.UnreadOfAsync(other, direct, members));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_deleted_or_hidden_or_muted_is_not_unread_and_none_of_it_is_taken_off_twice(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var markers = new ReadMarkers(world.Db, world.Feed);
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);
        await rooms.JoinAsync(world.Olga, "welding");
        await world.SayAsync(world.Olga, "Read by Olga alone");
        for (var i = 2; i <= 5; i++)
            await world.SayAsync(world.Anna, $"Message {i}");
        await world.SayAsync(world.Anna, "Muted", topic: "Gas");
        await world.SayAsync(world.Anna, "Muted and deleted", topic: "Gas");
        await world.SayAsync(world.Anna, "Alone", world.Direct);
        await world.SayAsync(world.Anna, "Alone and deleted", world.Direct);
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", InvolvementKind.Muted);
        Assert.Equal((5, 5, 5), await CountsAsync());

        await world.Conversations.DeleteAsync(world.Anna, "welding", 2);
        await world.Conversations.DeleteAsync(world.Anna, "welding", 7);
        await world.Conversations.DeleteAsync(world.Anna, world.Direct, 2);
        await world.Decisions.DecideAsync(world.Carla, "welding", 3, Rulings.Hide);
        Assert.Equal((3, 3, 3), await CountsAsync());
        Assert.Equal(3, (await markers.UnreadAsync(world.Olga)).Single().Count);
        Assert.Equal(1, Assert.Single((await rooms.DirectsAsync(world.Bruno, 1)).Directs).Unread);

        await markers.MarkReadAsync(world.Bruno, "welding", 3);
        Assert.Equal((2, 2, 2), await CountsAsync());
        var seen = await world.Decisions.FindAsync(world.Carla, "welding", 3);
        await world.Decisions.DecideAsync(world.Carla, "welding", 3, Rulings.Of(seen, MessageMeasure.Left));
        Assert.Equal((2, 2, 2), await CountsAsync());
        await world.Conversations.DeleteAsync(world.Anna, "welding", 4);
        await world.Conversations.DeleteAsync(world.Anna, "welding", 5);
        Assert.Equal((null, 0, 0), await CountsAsync());

        // In the list of what is unread, as one of those who watch, and in the list of rooms.
        async Task<(long?, long, long)> CountsAsync() => (
            (await markers.UnreadAsync(world.Bruno)).FirstOrDefault(one => one.Kind == ConversationKind.Room)?.Count,
            (await markers.UnreadOfAsync(Actor.Operator, (await world.Conversations.FindAsync(world.Bruno, "welding")).Id, [world.Bruno.MemberId])).Single().Count,
            (await rooms.ListAsync(world.Bruno, mine: true, 1)).Rooms.Single().Unread);
    }
}
