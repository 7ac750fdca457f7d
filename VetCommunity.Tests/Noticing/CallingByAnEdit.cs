using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Noticing;

public class CallingByAnEdit
{
    [Theory, OnBothDatabases]
    public async Task Who_is_named_by_an_edit_is_called_once_and_nobody_else_again(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "Ask @bruno");
        await noticing.FollowAsync();
        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 1);
        Assert.Equal([(NoticeKind.Mention, "Ask @bruno", false)], await noticing.BellAsync(world.Bruno));
        // Swept long ago, say: still nobody is called a second time.
        await world.InDbAsync(db => db.Notices.ExecuteDeleteAsync());

        await world.Conversations.EditAsync(world.Anna, "welding", 1, "Ask @bruno or @carla");
        await noticing.FollowAsync();
        await world.Conversations.EditAsync(world.Anna, "welding", 1, "Ask @carla");
        await world.Conversations.EditAsync(world.Anna, "welding", 1, "Please ask @carla, or me, @anna");
        await noticing.FollowAsync();

        Assert.Equal([(NoticeKind.Mention, "Please ask @carla, or me, @anna")], (await noticing.BellAsync(world.Carla)).Select(one => (one.Kind, one.Text)));
        Assert.Empty(await noticing.BellAsync(world.Bruno));
        Assert.Empty(await noticing.BellAsync(world.Anna));
        Assert.Equal(1, await world.InDbAsync(db => db.Notices.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Several_edits_in_one_round_call_once_and_who_had_read_on_still_sees_it_unread_until_it_is_opened(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "Somebody should look");
        await world.SayAsync(world.Anna, "Today");
        await noticing.FollowAsync();
        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 2);
        await world.Conversations.EditAsync(world.Anna, "welding", 1, "Somebody should look, @olga");
        await world.Conversations.EditAsync(world.Anna, "welding", 1, "@bruno should look, @olga");
        await noticing.FollowAsync();

        Assert.Equal([(NoticeKind.Mention, "@bruno should look, @olga", true)], await noticing.BellAsync(world.Bruno));
        Assert.Equal(1, await noticing.Notices.UnreadAsync(world.Bruno));
        Assert.Single(await noticing.BellAsync(world.Olga));
        await noticing.Notices.SweepAsync(Actor.Operator);
        Assert.Equal(1, await noticing.Notices.UnreadAsync(world.Bruno));
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_calls_no_followers_and_nobody_into_a_muted_topic_or_a_closed_room(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Bruno, "One", topic: "Gas");
        await world.SayAsync(world.Anna, "Two", topic: "Gas");
        await world.SayAsync(world.Anna, "Figures", room: "board");
        await noticing.FollowAsync();
        await world.InDbAsync(db => db.Notices.ExecuteDeleteAsync());
        await new Rooms(world.Db, world.Feed, world.Clock).JoinAsync(world.Olga, "welding");
        await world.Topics.InvolveAsync(world.Olga, "welding", "gas", InvolvementKind.Muted);

        await world.Conversations.EditAsync(world.Anna, "welding", 2, "Two for @olga");
        await world.Conversations.EditAsync(world.Anna, "board", 1, "Figures for @bruno");
        await noticing.FollowAsync();

        Assert.Equal(0, await world.InDbAsync(db => db.Notices.CountAsync()));
    }
}
