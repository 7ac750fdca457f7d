using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
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
}
