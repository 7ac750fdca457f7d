using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Webhooks;
using Xunit;

namespace VetCommunity.Tests.Webhooks;

public class HearingOfARoom
{
    [Theory, OnBothDatabases]
    public async Task A_webhook_hears_of_everything_in_the_order_in_which_it_happened(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var (anna, bruno) = (world.World.Anna, world.World.Bruno);
        await world.World.SayAsync(anna, "Before it listened");
        var webhook = await world.ListenAsync();
        await world.World.SayAsync(bruno, "Which gas?", topic: "Gas");
        await world.World.Conversations.ReactAsync(anna, "welding", 2, "👍", on: true);
        await world.World.Topics.ResolveAsync(bruno, "welding", "gas", Outcome.Answered, "Argon");
        await world.World.SayAsync(anna, "Or a mixture", topic: "Gas");
        await world.World.Conversations.EditAsync(anna, "welding", 3, "Or a mixture of both");
        await world.World.Conversations.DeleteAsync(bruno, "welding", 2);
        await world.World.SayAsync(anna, "In another room", "board");

        Assert.Equal([webhook], await world.Queue.BusyAsync(Actor.Operator));
        var told = await world.TellAllAsync(webhook);

        Assert.Equal(
            [(WebhookEvents.MessagePosted, 2L), (WebhookEvents.TopicResolved, 0), (WebhookEvents.MessagePosted, 3), (WebhookEvents.MessageEdited, 3), (WebhookEvents.MessageDeleted, 2)],
            told.Select(due => (due.Event, due.Message?.Seq ?? 0)));
        Assert.Equal(("Gas", Outcome.Answered, "Argon", "bruno"), (told[1].Resolved!.Topic, told[1].Resolved!.Outcome, told[1].Resolved!.Sentence, told[1].Resolved!.By.Handle));
        // As it stands now: what was deleted before its turn came is told nobody.
        Assert.Equal("", told[0].Message!.Markdown);
        Assert.Equal("Or a mixture of both", told[2].Message!.Markdown);
        Assert.Equal(5, told.Select(due => due.MessageId).Distinct().Count());
        Assert.Empty(await world.Queue.BusyAsync(Actor.Operator));
        Assert.Null(await world.Queue.NextAsync(Actor.Operator, webhook));
        Assert.Equal("", Assert.Single(await world.World.InDbAsync(db => db.Messages.Where(m => m.Seq == 2).Select(m => m.Markdown).ToListAsync())));
    }

    [Theory, OnBothDatabases]
    public async Task It_hears_only_of_what_was_chosen(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync(events: WebhookEvents.MessageDeleted);
        await world.World.SayAsync(world.World.Bruno, "One", topic: "Gas");
        await world.World.Conversations.EditAsync(world.World.Bruno, "welding", 1, "Two");
        await world.World.Topics.ResolveAsync(world.World.Bruno, "welding", "gas", Outcome.None, null);
        await world.World.Conversations.DeleteAsync(world.World.Bruno, "welding", 1);

        Assert.Equal([WebhookEvents.MessageDeleted], (await world.TellAllAsync(webhook)).Select(due => due.Event));
        Assert.Equal(Refusal.NothingToHear, await World.RefusalOfAsync(() => world.ListenAsync(events: WebhookEvents.None, name: "Nothing")));
        Assert.Equal(Refusal.NothingToHear, await World.RefusalOfAsync(() => world.ListenAsync(events: (WebhookEvents)64, name: "Nothing")));
    }

    [Theory, OnBothDatabases]
    public async Task What_fails_is_tried_again_with_growing_pauses_for_about_a_day_and_then_it_rests(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync();
        await world.World.SayAsync(world.World.Bruno, "One");
        await world.World.SayAsync(world.World.Bruno, "Two");
        var begun = world.World.Clock.GetUtcNow();
        HashSet<string> ids = [];
        foreach (var pause in (TimeSpan[])[.. DeliveryQueue.Pauses, TimeSpan.Zero])
        {
            var due = await world.Queue.NextAsync(Actor.Operator, webhook);
            ids.Add(due!.MessageId);
            Assert.Equal("One", due.Message!.Markdown);
            await world.FailAsync(due);
            // Nothing overtakes it, and nothing is due before its time.
            world.World.Clock.Advance(pause - TimeSpan.FromMilliseconds(10));
            Assert.Null(await world.Queue.NextAsync(Actor.Operator, webhook));
            world.World.Clock.Advance(TimeSpan.FromMilliseconds(20));
        }

        Assert.Single(ids);
        Assert.InRange((world.World.Clock.GetUtcNow() - begun).TotalHours, 20, 28);
        var (row, deliveries) = await world.Outgoing.FindAsync(world.World.Anna, "welding", webhook);
        Assert.NotNull(row.PausedAt);
        Assert.Null(row.PausedBy);
        Assert.Equal((2, CallFailure.Answer), (row.Waiting, row.LastFailure));
        Assert.Equal((9, 500, 12, "no"), (deliveries[^1].Attempts, deliveries[^1].Status, deliveries[^1].Milliseconds, deliveries[^1].Error));
        Assert.Empty(await world.Queue.BusyAsync(Actor.Operator));

        await world.World.SayAsync(world.World.Bruno, "Three");
        await world.Outgoing.ResumeAsync(world.World.Carla, "welding", webhook);
        Assert.Equal(["One", "Two", "Three"], (await world.TellAllAsync(webhook)).Select(due => due.Message!.Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task A_target_that_recovers_hears_all_of_it_once(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync();
        await world.World.SayAsync(world.World.Bruno, "One");
        await world.World.SayAsync(world.World.Bruno, "Two");
        await world.FailAsync((await world.Queue.NextAsync(Actor.Operator, webhook))!, CallFailure.TooSlow);
        world.World.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["One", "Two"], (await world.TellAllAsync(webhook)).Select(due => due.Message!.Markdown));
        Assert.Equal((0, CallFailure.None), ((await world.Outgoing.ListAsync(world.World.Anna, "welding"))[0].Waiting, (await world.Outgoing.ListAsync(world.World.Anna, "welding"))[0].LastFailure));
    }

    [Theory, OnBothDatabases]
    public async Task Who_wants_nothing_more_is_not_asked_for_a_day(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync();
        await world.World.SayAsync(world.World.Bruno, "One");
        await world.FailAsync((await world.Queue.NextAsync(Actor.Operator, webhook))!, CallFailure.Gone);

        Assert.NotNull((await world.Outgoing.ListAsync(world.World.Anna, "welding"))[0].PausedAt);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_not_recorded_is_told_again_under_the_same_id(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync();
        await world.World.SayAsync(world.World.Bruno, "One");
        var before = await world.Queue.NextAsync(Actor.Operator, webhook);
        await world.World.SayAsync(world.World.Bruno, "Two");

        // Another process that knows nothing but the database.
        var after = await new DeliveryQueue(world.World.Db, world.World.Feed, world.World.Clock).NextAsync(Actor.Operator, webhook);

        Assert.Equal((before!.Id, before.MessageId, "One"), (after!.Id, after.MessageId, after.Message!.Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task A_long_backlog_costs_few_rows_and_is_told_completely(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync();
        await Task.WhenAll(Enumerable.Range(0, 180).Select(number => world.World.SayAsync(world.World.Bruno, FormattableString.Invariant($"Number {number}"))));
        await world.Queue.NextAsync(Actor.Operator, webhook);
        Assert.Equal(50, await world.World.InDbAsync(db => db.WebhookDeliveries.CountAsync()));

        var told = await world.TellAllAsync(webhook);

        Assert.Equal(Enumerable.Range(1, 180).Select(seq => (long)seq), told.Select(due => due.Message!.Seq));
        Assert.Equal(50, (await world.Outgoing.FindAsync(world.World.Anna, "welding", webhook)).Deliveries.Count);
        Assert.Equal(50, await world.World.InDbAsync(db => db.WebhookDeliveries.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task A_closed_rooms_talk_goes_to_webhooks_of_that_room_alone(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var (open, closed) = (await world.ListenAsync(), await world.ListenAsync("board"));
        await world.World.SayAsync(world.World.Ada, "The budget", "board");
        await world.World.SayAsync(world.World.Bruno, "Between us", world.World.Direct);

        Assert.Empty(await world.TellAllAsync(open));
        Assert.Equal(["The budget"], (await world.TellAllAsync(closed)).Select(due => due.Message!.Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task An_ended_webhook_hears_nothing_more_and_leaves_nothing_behind(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync();
        await world.World.SayAsync(world.World.Bruno, "One");
        var due = await world.Queue.NextAsync(Actor.Operator, webhook);
        await world.World.SayAsync(world.World.Bruno, "Two");

        await world.Outgoing.EndAsync(world.World.Anna, "welding", webhook);

        await world.SucceedAsync(due!);
        Assert.Null(await world.Queue.NextAsync(Actor.Operator, webhook));
        Assert.Empty(await world.Queue.BusyAsync(Actor.Operator));
        Assert.Empty(await world.Queue.RoomsAsync(Actor.Operator));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.FindAsync(world.World.Anna, "welding", webhook));
        Assert.Equal(0, await world.World.InDbAsync(db => db.WebhookDeliveries.CountAsync()));
        Assert.Equal(["webhook.made", "webhook.ended"], await world.World.InDbAsync(db => db.Audit.OrderBy(a => a.Id).Select(a => a.What).ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task A_paused_webhook_rests_can_be_tested_and_goes_on_where_it_was(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var (anna, webhook) = (world.World.Anna, await world.ListenAsync());
        await world.Outgoing.PauseAsync(anna, "welding", webhook);
        await world.World.SayAsync(world.World.Bruno, "One", topic: "Gas");
        await world.World.Topics.ResolveAsync(anna, "welding", "gas", Outcome.None, null);
        Assert.Empty(await world.Queue.BusyAsync(Actor.Operator));

        var test = await world.Outgoing.TestAsync(anna, "welding", webhook);

        Assert.Equal([webhook], await world.Queue.BusyAsync(Actor.Operator));
        Assert.Equal([(test, WebhookEvents.None)], (await world.TellAllAsync(webhook)).Select(due => (due.Id, due.Event)));
        Assert.Equal("Anna Rossi", (await world.Outgoing.FindAsync(anna, "welding", webhook)).Webhook.PausedBy);
        await world.Outgoing.ResumeAsync(anna, "welding", webhook);
        Assert.Equal([WebhookEvents.MessagePosted, WebhookEvents.TopicResolved], (await world.TellAllAsync(webhook)).Select(due => due.Event));
    }

    [Theory, OnBothDatabases]
    public async Task A_test_is_tried_once_and_any_call_again_under_its_own_id(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var (anna, webhook) = (world.World.Anna, await world.ListenAsync());
        var test = await world.Outgoing.TestAsync(anna, "welding", webhook);
        var first = await world.Queue.NextAsync(Actor.Operator, webhook);
        await world.FailAsync(first!, error: "a\nlong\0 story" + new string('x', 300));
        world.World.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(await world.Queue.NextAsync(Actor.Operator, webhook));

        Assert.Equal(test, await world.Outgoing.AgainAsync(anna, "welding", webhook, test));

        var second = await world.Queue.NextAsync(Actor.Operator, webhook);
        Assert.Equal(first!.MessageId, second!.MessageId);
        var waiting = (await world.Outgoing.FindAsync(anna, "welding", webhook)).Deliveries[0];
        Assert.True(waiting.IsAsked);
        Assert.Equal(200, waiting.Error!.Length);
        Assert.StartsWith("a long story", waiting.Error, StringComparison.Ordinal);
        await world.SucceedAsync(second);
        Assert.NotNull((await world.Outgoing.FindAsync(anna, "welding", webhook)).Deliveries[0].DeliveredAt);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.AgainAsync(anna, "welding", webhook, test + 1));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Queue.NextAsync(anna, webhook));
    }

    [Theory, OnBothDatabases]
    public async Task A_resolution_that_was_refused_is_told_nobody(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.ListenAsync(events: WebhookEvents.TopicResolved);
        await world.World.SayAsync(world.World.Bruno, "Which gas?", topic: "Gas");
        await world.World.Topics.ResolveAsync(world.World.Anna, "welding", "gas", Outcome.Answered, "Argon");
        await World.RefusalOfAsync(() => world.World.Topics.ResolveAsync(world.World.Bruno, "welding", "gas", Outcome.None, null));

        Assert.Equal("Argon", Assert.Single(await world.TellAllAsync(webhook)).Resolved!.Sentence);
    }
}
