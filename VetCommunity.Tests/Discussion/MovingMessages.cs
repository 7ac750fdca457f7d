using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class MovingMessages
{
    static async Task<World> TalkAsync(Database database)
    {
        var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "One", topic: "Gas");
        await world.SayAsync(world.Anna, "Two", topic: "Gas");
        await world.SayAsync(world.Bruno, "Between");
        await world.SayAsync(world.Bruno, "Three", topic: "Gas");
        return world;
    }

    static async Task<string> TopicsOfAsync(World world) =>
        string.Join(' ', (await world.Conversations.OpenAsync(world.Carla, "welding")).Messages.Select(m => m.TopicSlug));

    [Theory, OnBothDatabases]
    public async Task One_the_later_ones_or_all_of_a_topic_move_and_their_links_stay(Database database)
    {
        await using var world = await TalkAsync(database);

        Assert.Equal(new("masks", 2, 0, null), await world.Topics.MoveAsync(world.Anna, "welding", 2, "Masks", MoveExtent.Later));
        Assert.Equal("gas masks general masks", await TopicsOfAsync(world));
        Assert.Equal(new("gas", 1, 0, null), await world.Topics.MoveAsync(world.Anna, "welding", 2, "Gas"));
        Assert.Equal("gas gas general masks", await TopicsOfAsync(world));
        Assert.Equal(new("masks", 2, 0, null), await world.Topics.MoveAsync(world.Carla, "welding", 2, "masks", MoveExtent.Topic));
        Assert.Equal("masks masks general masks", await TopicsOfAsync(world));

        var messages = (await world.Conversations.OpenAsync(world.Bruno, "welding", topicSlug: "masks")).Messages;
        Assert.Equal([(1L, "One"), (2L, "Two"), (4L, "Three")], messages.Select(m => (m.Seq, m.Markdown)));
        Assert.Equal((4L, 9L), await world.InDbAsync(async db => (await db.Conversations.Where(c => c.Slug == "welding").Select(c => new { c.LastSeq, c.Version }).SingleAsync()) is var c ? (c.LastSeq, c.Version) : default));
    }

    [Theory, OnBothDatabases]
    public async Task An_emptied_topic_leads_on_through_every_merge_and_its_followers_go_along(Database database)
    {
        await using var world = await TalkAsync(database);
        await world.Topics.InvolveAsync(world.Bruno, "welding", "general", InvolvementKind.Muted);
        await world.Topics.MoveAsync(world.Anna, "welding", 1, "Masks", MoveExtent.Topic);
        await world.Topics.MoveAsync(world.Anna, "welding", 1, "Helmets", MoveExtent.Topic);

        Assert.Equal("helmets", (await world.Topics.FindAsync(world.Bruno, "welding", "gas")).Slug);
        Assert.Equal("helmets", (await world.Topics.FindAsync(world.Bruno, "welding", "masks")).Slug);
        Assert.Equal(["Helmets", "General"], (await world.Topics.ListAsync(world.Bruno, "welding")).Select(t => t.Name));
        Assert.Equal(InvolvementKind.Followed, (await world.Topics.FindAsync(world.Bruno, "welding", "gas")).Mine);

        // Moved back, or written in again, it is what its name says once more.
        await world.Topics.MoveAsync(world.Anna, "welding", 2, "Gas", MoveExtent.Later);
        Assert.Equal(("gas", 2), (await world.Topics.FindAsync(world.Bruno, "welding", "gas")) is var gas ? (gas.Slug, gas.Messages) : default);
        Assert.Equal("helmets", (await world.Topics.FindAsync(world.Bruno, "welding", "masks")).Slug);
    }

    [Theory, OnBothDatabases]
    public async Task A_topic_takes_the_name_of_one_that_was_merged_into_it(Database database)
    {
        await using var world = await TalkAsync(database);
        await world.Topics.MoveAsync(world.Anna, "welding", 1, "Gases", MoveExtent.Topic);

        Assert.Equal("gas", await world.Topics.RenameAsync(world.Anna, "welding", "gases", "Gas"));

        Assert.Equal("gas", (await world.Topics.FindAsync(world.Bruno, "welding", "gases")).Slug);
        await world.SayAsync(world.Bruno, "Four", topic: "Gas");
        Assert.Equal("gas gas general gas gas", await TopicsOfAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task Authors_move_their_own_and_nothing_moves_where_one_of_many_is_somebody_elses(Database database)
    {
        await using var world = await TalkAsync(database);

        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.Topics.MoveAsync(world.Bruno, "welding", 1, "Masks", MoveExtent.Later)));
        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.Topics.MoveAsync(world.Bruno, "welding", 4, "Masks", MoveExtent.Topic)));
        Assert.Equal("gas gas general gas", await TopicsOfAsync(world));
        Assert.Equal(4, (await world.Conversations.FindAsync(world.Bruno, "welding")).Version);
        Assert.DoesNotContain(await world.InDbAsync(db => db.Topics.ToListAsync()), t => t.Name == "Masks");
        Assert.Equal((1, 0), (await world.Topics.MovableAsync(world.Bruno, "welding", 4)) is var own ? (own.Later, own.All) : default);
        Assert.Equal((2, 3), (await world.Topics.MovableAsync(world.Carla, "welding", 2)) is var any ? (any.Later, any.All) : default);

        Assert.Equal(1, (await world.Topics.MoveAsync(world.Bruno, "welding", 4, "Masks", MoveExtent.Later)).Count);
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.Topics.MoveAsync(world.Olga, "welding", 1, "Masks")));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Topics.MovableAsync(world.Olga, "welding", 1));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Topics.MovableAsync(world.Bruno, "welding", 2));
        await new Rooms(world.Db, world.Feed, world.Clock).LeaveAsync(world.Bruno, "welding");
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.Topics.MoveAsync(world.Bruno, "welding", 1, "Masks")));
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_goes_into_another_room(Database database)
    {
        await using var world = await TalkAsync(database);
        await world.SayAsync(world.Anna, "For the board", "board", topic: "Money");

        await Assert.ThrowsAsync<NotFoundException>(() => world.Topics.MoveAsync(world.Carla, "board", 1, "Gas"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Topics.MoveAsync(world.Anna, "welding", 99, "Gas"));
        await world.Topics.MoveAsync(world.Anna, "welding", 1, "Money");

        Assert.Equal(1, (await world.Topics.FindAsync(world.Anna, "board", "money")).Messages);
        Assert.Equal(1, (await world.Topics.FindAsync(world.Anna, "welding", "money")).Messages);
        Assert.Equal(Refusal.BadTopic, await World.RefusalOfAsync(() => world.Topics.MoveAsync(world.Anna, "welding", 1, "…")));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => world.Topics.MoveAsync(world.Anna, "welding", 1, "Gas", (MoveExtent)7)));
    }

    [Theory, OnBothDatabases]
    public async Task More_than_a_step_takes_go_in_several_and_readers_follow_to_the_end(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await Task.WhenAll(Enumerable.Range(1, Topics.MovedAtOnce + 3).Select(i => world.SayAsync(world.Anna, $"Number {i}", topic: "Gas")));
        var before = (await world.Conversations.FindAsync(world.Anna, "welding")).Version;

        var first = await world.Topics.MoveAsync(world.Anna, "welding", 7, "Masks", MoveExtent.Topic);
        Assert.Equal(new("masks", Topics.MovedAtOnce, 3, Topics.MovedAtOnce + 1), first);
        Assert.Equal("gas", (await world.Topics.FindAsync(world.Anna, "welding", "gas")).Slug);
        var second = await world.Topics.MoveAsync(world.Anna, "welding", first.Next!.Value, "Masks", MoveExtent.Topic);
        Assert.Equal(new("masks", 3, 0, null), second);

        Assert.Equal(("masks", Topics.MovedAtOnce + 3), (await world.Topics.FindAsync(world.Anna, "welding", "gas")) is var all ? (all.Slug, all.Messages) : default);
        var after = await world.Conversations.ChangesAsync(world.Bruno, "welding", before + Topics.MovedAtOnce);
        Assert.Equal([501L, 502, 503], after.Changes.Select(c => c.Message.Seq));
        Assert.True((await world.Conversations.ChangesAsync(world.Bruno, "welding", before)).Limited);
    }
}
