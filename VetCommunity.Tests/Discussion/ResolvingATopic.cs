using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class ResolvingATopic
{
    static async Task<World> TalkAsync(Database database)
    {
        var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Which gas?", topic: "Gas");
        await world.SayAsync(world.Anna, "Argon", topic: "Gas");
        await world.SayAsync(world.Anna, "Which masks?", topic: "Masks");
        return world;
    }

    static Task GasAsync(World world, Actor who, Outcome outcome = Outcome.Answered, string? sentence = "Argon it is") =>
        world.Topics.ResolveAsync(who, "welding", "gas", outcome, sentence);

    [Theory, OnBothDatabases]
    public async Task Who_asked_and_moderators_resolve_and_reopen_and_nobody_else(Database database)
    {
        await using var world = await TalkAsync(database);
        Assert.Equal(Refusal.NotYourTopic, await World.RefusalOfAsync(() => world.Topics.ResolveAsync(world.Bruno, "welding", "masks", Outcome.Answered, "Any")));
        Assert.Equal(Refusal.NotYourTopic, await World.RefusalOfAsync(() => GasAsync(world, world.Olga)));

        await GasAsync(world, world.Bruno);
        Assert.Equal(Refusal.NotYourTopic, await World.RefusalOfAsync(() => world.Topics.ReopenAsync(world.Olga, "welding", "gas")));
        await world.Topics.ReopenAsync(world.Anna, "welding", "gas");
        await world.Topics.ReopenAsync(world.Anna, "welding", "gas");
        await GasAsync(world, world.Carla, Outcome.PolicyAsk, "  Ask for\n a norm ");
        await new Rooms(world.Db, world.Feed, world.Clock).LeaveAsync(world.Bruno, "welding");
        Assert.Equal(Refusal.NotYourTopic, await World.RefusalOfAsync(() => world.Topics.ReopenAsync(world.Bruno, "welding", "gas")));

        var gas = await world.Topics.FindAsync(world.Olga, "welding", "gas");
        Assert.Equal((Outcome.PolicyAsk, "Ask for a norm", "Carla Puig"), (gas.Resolved!.Outcome, gas.Resolved.Sentence, gas.Resolved.Name));
        Assert.Equal((false, true), (gas.MayKeep, (await world.Topics.FindAsync(world.Anna, "welding", "gas")).MayKeep));
        var history = await world.InDbAsync(db => db.Resolutions.OrderBy(r => r.Id).ToListAsync());
        Assert.Equal([(2, (int?)1), (3, null)], history.Select(r => (r.ById, r.ReopenedById)));
        Assert.Equal([true, false], history.Select(r => r.ReopenedAt is not null));
    }

    [Theory, OnBothDatabases]
    public async Task An_outcome_has_a_sentence_of_a_decent_length_and_no_outcome_needs_none(Database database)
    {
        await using var world = await TalkAsync(database);

        Assert.Equal(Refusal.SentenceMissing, await World.RefusalOfAsync(() => GasAsync(world, world.Bruno, sentence: " \n ")));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => GasAsync(world, world.Bruno, sentence: new('x', Topics.Sentence + 1))));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => GasAsync(world, world.Bruno, (Outcome)9)));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Topics.ResolveAsync(world.Bruno, "welding", "none\0", Outcome.None, null));
        await GasAsync(world, world.Bruno, Outcome.None, null);

        Assert.Equal("", (await world.Topics.FindAsync(world.Anna, "welding", "gas")).Resolved!.Sentence);
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_resolve_at_once_one_does_and_the_others_hear_who_it_was(Database database)
    {
        await using var world = await TalkAsync(database);

        var ends = await Task.WhenAll(((Actor[])[world.Anna, world.Bruno, world.Carla, world.Anna]).Select(who => Task.Run(async () =>
        {
            try
            {
                await GasAsync(world, who);
                return "done";
            }
            catch (RefusedException refused)
            {
                Assert.Equal(Refusal.AlreadyResolved, refused.Refusal);
                return (string)refused.Arguments[0];
            }
        })));

        var by = (await world.Topics.FindAsync(world.Anna, "welding", "gas")).Resolved!.Name;
        Assert.Equal(["done", by, by, by], ends.OrderBy(end => end != "done"));
        Assert.Equal(1, await world.InDbAsync(db => db.Resolutions.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task A_resolved_topic_sinks_and_nothing_lifts_it(Database database)
    {
        await using var world = await TalkAsync(database);
        await world.SayAsync(world.Anna, "Old", topic: "Wire");
        await GasAsync(world, world.Bruno);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Topics.ResolveAsync(world.Anna, "welding", "masks", Outcome.None, null);
        await world.SayAsync(world.Anna, "Thank you", topic: "Gas");

        Assert.Equal(["Wire", "Masks", "Gas"], (await world.Topics.ListAsync(world.Bruno, "welding")).Select(t => t.Name));
        var gas = await world.Topics.FindAsync(world.Bruno, "welding", "gas");
        Assert.Equal((Outcome.Answered, 1), (gas.Resolved!.Outcome, gas.Resolved.Since));
        await world.Topics.ReopenAsync(world.Bruno, "welding", "gas");
        Assert.Equal(["Gas", "Wire", "Masks"], (await world.Topics.ListAsync(world.Bruno, "welding")).Select(t => t.Name));
    }

    [Theory, OnBothDatabases]
    public async Task Open_pages_are_told_once_for_each_change_of_a_topic(Database database)
    {
        await using var world = await TalkAsync(database);
        var told = System.Threading.Channels.Channel.CreateUnbounded<TopicsChanged>();
        using var listening = world.Feed.Subscribe<TopicsChanged>(fact => told.Writer.WriteAsync(fact));

        await GasAsync(world, world.Bruno);
        await World.RefusalOfAsync(() => GasAsync(world, world.Bruno));
        await world.Topics.ReopenAsync(world.Bruno, "welding", "gas");
        await world.Topics.ReopenAsync(world.Bruno, "welding", "gas");
        await world.Topics.RenameAsync(world.Bruno, "welding", "gas", "Gases");
        await world.Topics.MoveAsync(world.Bruno, "welding", 1, "Wire");
        await world.Topics.MoveAsync(world.Bruno, "welding", 1, "Wire");
        world.Feed.Publish(new TopicsChanged(0));

        var id = (await world.Conversations.FindAsync(world.Bruno, "welding")).Id;
        List<int> heard = [];
        do
            heard.Add((await told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20))).ConversationId);
        while (heard[^1] != 0);
        Assert.Equal([id, id, id, id, 0], heard);
    }

    [Theory, OnBothDatabases]
    public async Task The_feed_shows_and_counts_what_its_reader_may_read(Database database)
    {
        await using var world = await TalkAsync(database);
        var outcomes = new Outcomes(world.Db);
        await world.SayAsync(world.Anna, "How much?", "board", topic: "Money");
        await world.Topics.ResolveAsync(world.Anna, "board", "money", Outcome.PolicyAsk, "Ask the ministry");
        await GasAsync(world, world.Bruno);
        world.Clock.Advance(TimeSpan.FromDays(2));
        await world.Topics.ResolveAsync(world.Anna, "welding", "masks", Outcome.CourseGap, "Nobody teaches it");
        await world.SayAsync(world.Anna, "Never mind", topic: "Wire");
        await world.Topics.ResolveAsync(world.Anna, "welding", "wire", Outcome.Answered, "Yes");
        await world.Topics.ReopenAsync(world.Anna, "welding", "wire");

        var bruno = await outcomes.ListAsync(world.Bruno, new(), 1);
        Assert.Equal(["Masks", "Gas"], bruno.Rows.Select(r => r.Topic));
        Assert.Equal(new Dictionary<Outcome, int> { [Outcome.CourseGap] = 1, [Outcome.Answered] = 1 }, bruno.Counts);
        Assert.Equal([("welding", "Welding")], bruno.Rooms);
        Assert.Empty((await outcomes.ListAsync(world.Bruno, new(Room: "board"), 1)).Rows);
        Assert.Equal(3, (await outcomes.ListAsync(world.Anna, new(), 1)).Rows.Count);
        await Assert.ThrowsAsync<NotFoundException>(() => outcomes.ListAsync(Actor.Visitor, new(), 1));

        var gaps = await outcomes.ListAsync(world.Bruno, new(Outcome.CourseGap), 1);
        Assert.Equal(("Masks", 2), (Assert.Single(gaps.Rows).Topic, gaps.Counts.Count));
        var day = world.Clock.GetUtcNow().AddDays(-1);
        Assert.Equal(["Masks"], (await outcomes.ListAsync(world.Bruno, new(From: day), 1)).Rows.Select(r => r.Topic));
        Assert.Equal(["Gas"], (await outcomes.ListAsync(world.Bruno, new(Before: day), 1)).Rows.Select(r => r.Topic));
    }

    [Theory, OnBothDatabases]
    public async Task The_feed_comes_a_page_at_a_time(Database database)
    {
        await using var world = await TalkAsync(database);
        for (var number = 0; number <= Outcomes.Page; number++)
        {
            await world.SayAsync(world.Anna, "Again", topic: $"Number {number}");
            await world.Topics.ResolveAsync(world.Anna, "welding", $"number-{number}", Outcome.Answered, "Yes");
        }
        var outcomes = new Outcomes(world.Db);

        var (first, second) = (await outcomes.ListAsync(world.Bruno, new(), 1), await outcomes.ListAsync(world.Bruno, new(), 2));

        Assert.Equal((Outcomes.Page, true, 1, false), (first.Rows.Count, first.HasMore, second.Rows.Count, second.HasMore));
        Assert.Equal(Outcomes.Page + 1, first.Counts[Outcome.Answered]);
        Assert.Equal("number-0", second.Rows[0].TopicSlug);
    }
}
