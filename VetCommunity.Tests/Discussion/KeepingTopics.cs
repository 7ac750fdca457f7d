using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class KeepingTopics
{
    [Theory, OnBothDatabases]
    public async Task Who_began_a_topic_and_moderators_rename_it_and_nobody_else(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Which gas?", topic: "Gas");
        await world.SayAsync(world.Anna, "Argon", topic: "Gas");
        await world.SayAsync(world.Anna, "Mine", topic: "Masks");

        Assert.Equal("which-gas", await world.Topics.RenameAsync(world.Bruno, "welding", "gas", "Which gas"));
        Assert.Equal("shielding-gas", await world.Topics.RenameAsync(world.Carla, "welding", "which-gas", "Shielding  gas"));
        Assert.Equal(Refusal.NotYourTopic, await World.RefusalOfAsync(() => world.Topics.RenameAsync(world.Bruno, "welding", "masks", "Helmets")));
        Assert.Equal(Refusal.NotYourTopic, await World.RefusalOfAsync(() => world.Topics.RenameAsync(world.Olga, "welding", "masks", "Helmets")));
        await new Rooms(world.Db, world.Feed, world.Clock).LeaveAsync(world.Bruno, "welding");
        Assert.Equal(Refusal.NotYourTopic, await World.RefusalOfAsync(() => world.Topics.RenameAsync(world.Bruno, "welding", "shielding-gas", "Gas")));

        Assert.Equal("Shielding gas", (await world.Topics.FindAsync(world.Olga, "welding", "shielding-gas")).Name);
    }

    [Theory, OnBothDatabases]
    public async Task Every_former_address_of_a_renamed_topic_leads_to_it_also_back_again(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "One", topic: "First");
        await world.Topics.RenameAsync(world.Anna, "welding", "first", "Second");
        await world.Topics.RenameAsync(world.Anna, "welding", "first", "Third");
        Assert.Equal("first", await world.Topics.RenameAsync(world.Anna, "welding", "second", "First"));

        foreach (var address in (string[])["first", "second", "third"])
            Assert.Equal(("First", "first"), Address(await world.Topics.FindAsync(world.Bruno, "welding", address)));
        // A name that is free again gets an address of its own: the old one keeps leading where it led.
        await world.SayAsync(world.Anna, "Two", topic: "Second");
        Assert.Equal(("Second", "second-2"), Address(await world.Topics.FindAsync(world.Bruno, "welding", "second-2")));
        Assert.Equal("first", (await world.Topics.FindAsync(world.Bruno, "welding", "second")).Slug);

        static (string, string) Address(TopicState topic) => (topic.Name, topic.Slug);
    }

    [Theory, OnBothDatabases]
    public async Task A_name_that_another_topic_has_is_refused_and_a_word_of_the_pages_is_not(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "One", topic: "Gas");
        await world.SayAsync(world.Anna, "Two", topic: "Masks");

        Assert.Equal(Refusal.TopicTaken, await World.RefusalOfAsync(() => world.Topics.RenameAsync(world.Anna, "welding", "masks", "GÁS")));
        Assert.Equal(Refusal.TopicTaken, await World.RefusalOfAsync(() => world.Topics.RenameAsync(world.Anna, "welding", "masks", "General")));
        Assert.Equal(Refusal.BadTopic, await World.RefusalOfAsync(() => world.Topics.RenameAsync(world.Anna, "welding", "masks", " ")));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Topics.RenameAsync(world.Anna, "welding", "none", "Some"));
        Assert.Equal("masks", await world.Topics.RenameAsync(world.Anna, "welding", "masks", "MASKS"));
        Assert.Equal("export-2", await world.Topics.RenameAsync(world.Anna, "welding", "masks", "Export"));
        Assert.Equal(3, (await world.Topics.ListAsync(world.Anna, "welding")).Count + 1);
    }

    [Theory, OnBothDatabases]
    public async Task A_new_name_reaches_who_follows_as_a_change_of_each_message(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "One", topic: "Gas");
        await world.SayAsync(world.Anna, "Elsewhere");
        await world.SayAsync(world.Bruno, "Two", topic: "Gas");

        await world.Topics.RenameAsync(world.Anna, "welding", "gas", "Gases");

        var changes = (await world.Conversations.ChangesAsync(world.Bruno, "welding", 3)).Changes;
        Assert.Equal([(4L, 1L, "gases"), (5L, 3L, "gases")], changes.Select(c => (c.Version, c.Message.Seq, c.Message.TopicSlug)));
        Assert.All(changes, change => Assert.Equal((ChangeKind.Moved, "Gases", change.Version), (change.Kind, change.Message.Topic, change.Message.Version)));
    }

    [Theory, OnBothDatabases]
    public async Task Writing_follows_and_one_follows_without_writing(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "One", topic: "Gas");
        Assert.Equal(InvolvementKind.Followed, (await world.Topics.FindAsync(world.Anna, "welding", "gas")).Mine);
        Assert.Null((await world.Topics.FindAsync(world.Bruno, "welding", "gas")).Mine);

        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", InvolvementKind.Followed);
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", InvolvementKind.Followed);
        Assert.Equal(InvolvementKind.Followed, (await world.Topics.ListAsync(world.Bruno, "welding")).Single().Mine);
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", null);
        Assert.Null((await world.Topics.FindAsync(world.Bruno, "welding", "gas")).Mine);

        Assert.Equal(Refusal.JoinToFollow, await World.RefusalOfAsync(() => world.Topics.InvolveAsync(world.Olga, "welding", "gas", InvolvementKind.Followed)));
        await world.Topics.InvolveAsync(world.Anna, "welding", "gas", InvolvementKind.Muted);
        await world.SayAsync(world.Anna, "Two", topic: "Gas");
        Assert.Equal(InvolvementKind.Muted, (await world.Topics.FindAsync(world.Anna, "welding", "gas")).Mine);
        Assert.Equal(2, await world.InDbAsync(db => db.Messages.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task A_muted_topic_is_unread_nowhere(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var markers = new ReadMarkers(world.Db, world.Feed);
        await world.SayAsync(world.Anna, "One", topic: "Gas");
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", InvolvementKind.Muted);
        await world.SayAsync(world.Anna, "Two for @bruno", topic: "Gas");
        Assert.Empty(await markers.UnreadAsync(world.Bruno));

        await world.SayAsync(world.Anna, "Three", topic: "Masks");

        Assert.Equal([("Masks", 1), ("Gas", 0)], (await world.Topics.ListAsync(world.Bruno, "welding")).Select(t => (t.Name, t.Unread)));
        var unread = Assert.Single(await markers.UnreadAsync(world.Bruno));
        Assert.Equal((1L, 0L), (unread.Count, unread.Mentions));
        var id = (await world.Conversations.FindAsync(world.Bruno, "welding")).Id;
        Assert.Equal([new(2, "welding", 1, 0)], await markers.UnreadOfAsync(Actor.Operator, id, [2]));
        var (list, _) = await new Rooms(world.Db, world.Feed, world.Clock).ListAsync(world.Bruno, mine: true, 1);
        Assert.Equal(1, list.Single(r => r.Slug == "welding").Unread);
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", null);
        Assert.Equal((3L, 1L), (await markers.UnreadAsync(world.Bruno)).Select(u => (u.Count, u.Mentions)).Single());
    }
}
