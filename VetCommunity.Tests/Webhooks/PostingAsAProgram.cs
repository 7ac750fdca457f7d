using System.Text;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Webhooks;
using Xunit;

namespace VetCommunity.Tests.Webhooks;

public class PostingAsAProgram
{
    [Theory, OnBothDatabases]
    public async Task A_program_posts_under_the_webhooks_name_and_is_marked_as_one(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var made = await world.Incoming.MakeAsync(world.World.Anna, "welding", " Course  register ", mustSign: false);
        var webhook = await world.Incoming.FindAsync(made.Token);

        var first = await world.Incoming.PostAsync(webhook, "k1", "Courses", "A **new** course, @bruno");
        var again = await world.Incoming.PostAsync(webhook, "k1", "Elsewhere", "Another text");
        var second = await world.Incoming.PostAsync(webhook, "k2", null, "More");

        Assert.Equal((1, false, "welding"), (first.Seq, first.Duplicate, first.Room));
        Assert.Equal((1, true, first.SentAt), (again.Seq, again.Duplicate, again.SentAt));
        Assert.Equal(2, second.Seq);
        var read = (await world.World.Conversations.OpenAsync(world.World.Bruno, "welding")).Messages;
        Assert.Equal([("", "Course register", true, "Courses"), ("", "Course register", true, "General")], read.Select(m => (m.Author.Handle, m.Author.Name, m.Author.IsProgram, m.Topic)));
        Assert.Contains("<strong>new</strong>", read[0].Html, StringComparison.Ordinal);
        // A member is none, and a program rings nobody's bell.
        await world.World.SayAsync(world.World.Bruno, "Thanks");
        Assert.False((await world.World.Conversations.OpenAsync(world.World.Bruno, "welding")).Messages[^1].Author.IsProgram);
        Assert.Equal(0, await world.World.InDbAsync(db => db.Mentions.CountAsync()));
        // Nobody edits it, and who moderates deletes it.
        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.World.Conversations.EditAsync(world.World.Anna, "welding", 1, "x")));
        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.World.Conversations.DeleteAsync(world.World.Bruno, "welding", 1)));
        await world.World.Conversations.DeleteAsync(world.World.Anna, "welding", 1);
    }

    [Theory, OnBothDatabases]
    public async Task Keys_of_two_webhooks_and_of_members_have_nothing_to_do_with_each_other(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        foreach (var name in (string[])["One", "Two"])
            await world.Incoming.PostAsync(await world.Incoming.FindAsync((await world.Incoming.MakeAsync(world.World.Anna, "welding", name, mustSign: false)).Token), "same", null, name);
        await world.World.SayAsync(world.World.Anna, "Three", key: "same");

        Assert.Equal(["One", "Two", "Three"], (await world.World.Conversations.OpenAsync(world.World.Anna, "welding")).Messages.Select(m => m.Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task The_same_key_many_times_at_once_is_one_message(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var webhook = await world.Incoming.FindAsync((await world.Incoming.MakeAsync(world.World.Anna, "welding", "One", mustSign: false)).Token);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => world.Incoming.PostAsync(webhook, "once", null, "Once"))));

        Assert.Equal(19, receipts.Count(one => one.Duplicate));
        Assert.All(receipts, one => Assert.Equal(1, one.Seq));
    }

    [Theory, OnBothDatabases]
    public async Task An_ended_address_takes_nothing_more_from_that_moment(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var made = await world.Incoming.MakeAsync(world.World.Anna, "welding", "Register", mustSign: false);
        var called = await world.Incoming.FindAsync(made.Token);
        var id = Assert.Single(await world.Incoming.ListAsync(world.World.Carla, "welding")).Id;

        await world.Incoming.EndAsync(world.World.Carla, "welding", id);
        await world.Incoming.EndAsync(world.World.Anna, "welding", id);

        await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.FindAsync(made.Token));
        // Also a call that had found it just before.
        await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.PostAsync(called, "k", null, "Late"));
        Assert.Empty(await world.Incoming.ListAsync(world.World.Anna, "welding"));
        // Its name is free again, and the log knows who did what.
        await world.Incoming.MakeAsync(world.World.Anna, "welding", "Register", mustSign: false);
        Assert.Equal([(1, "webhook.made"), (3, "webhook.ended"), (1, "webhook.made")],
            await world.World.InDbAsync(async db => (await db.Audit.Where(a => a.Subject == "room:welding").OrderBy(a => a.Id).ToListAsync()).Select(a => (a.ActorId!.Value, a.What)).ToArray()));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_moderates_the_room_has_to_do_with_its_webhooks(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var id = (await MakeAndFindAsync(world, "board")).Id;
        var target = await world.ListenAsync("board");
        foreach (var other in (Actor[])[world.World.Ada with { Roles = Core.Members.Roles.Member }, world.World.Carla, world.World.Olga, world.World.Bruno, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.ListAsync(other, "board"));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.MakeAsync(other, "board", "x", mustSign: false));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.EndAsync(other, "board", id));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.ListAsync(other, "board"));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.FindAsync(other, "board", target));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.MakeAsync(other, "board", "x", "https://example.org", WebhookEvents.All));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.PauseAsync(other, "board", target));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.ResumeAsync(other, "board", target));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.TestAsync(other, "board", target));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.EndAsync(other, "board", target));
        }
        // Another room's number leads nowhere, and a conversation of two has none.
        await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.EndAsync(world.World.Anna, "welding", id));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.EndAsync(world.World.Anna, "welding", target));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.MakeAsync(world.World.Anna, world.World.Direct, "x", mustSign: false));
        // A network moderator in a room that is open to all may.
        Assert.Empty(await world.Incoming.ListAsync(world.World.Carla, "welding"));
        // Who lost the role has lost them.
        await world.World.InDbAsync(db => db.Memberships.Where(m => m.MemberId == 1).ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, Core.Conversations.MembershipRole.Participant)));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.ListAsync(world.World.Anna, "board"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Outgoing.FindAsync(world.World.Anna, "board", target));
    }

    [Theory, OnBothDatabases]
    public async Task What_makes_no_sense_is_refused_with_a_reason(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var anna = world.World.Anna;
        var webhook = await MakeAndFindAsync(world, "welding");

        foreach (var name in (string?[])[null, " ", "\u200B", "...", new string('x', 61)])
            Assert.Equal(Refusal.BadName, await World.RefusalOfAsync(() => world.Incoming.MakeAsync(anna, "welding", name, mustSign: false)));
        Assert.Equal(Refusal.WebhookNameTaken, await World.RefusalOfAsync(() => world.Incoming.MakeAsync(anna, "welding", "Register", mustSign: false)));
        Assert.Equal(Refusal.BadClientKey, await World.RefusalOfAsync(() => world.Incoming.PostAsync(webhook, new string('k', 65), null, "x")));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => world.Incoming.PostAsync(webhook, "k", null, " ")));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => world.Incoming.PostAsync(webhook, "k", null, new string('x', 10_001))));
        Assert.Equal(Refusal.BadTopic, await World.RefusalOfAsync(() => world.Incoming.PostAsync(webhook, "k", new string('x', 81), "x")));
        foreach (var token in (string[])["", "vch_", "vch_" + new string('x', 43), "vct_x", "\0"])
            await Assert.ThrowsAsync<NotFoundException>(() => world.Incoming.FindAsync(token));
        await world.World.InDbAsync(db => db.Conversations.ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, world.World.Clock.GetUtcNow())));
        Assert.Equal(Refusal.ConversationClosed, await World.RefusalOfAsync(() => world.Incoming.PostAsync(webhook, "k", null, "x")));
    }

    [Theory, OnBothDatabases]
    public async Task A_room_has_a_limited_number(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        for (var number = 0; number < 20; number++)
            await world.Incoming.MakeAsync(world.World.Anna, "welding", FormattableString.Invariant($"Number {number}"), mustSign: false);

        Assert.Equal(Refusal.TooManyWebhooks, await World.RefusalOfAsync(() => world.Incoming.MakeAsync(world.World.Anna, "welding", "One more", mustSign: false)));
        await world.Incoming.MakeAsync(world.World.Anna, "board", "One more", mustSign: false);
    }

    [Theory, OnBothDatabases]
    public async Task Where_a_signature_is_wanted_nothing_else_is_believed(Database database)
    {
        await using var world = await WebhookWorld.OpenAsync(database);
        var made = await world.Incoming.MakeAsync(world.World.Anna, "welding", "Signed", mustSign: true);
        var webhook = await world.Incoming.FindAsync(made.Token);
        var body = Encoding.UTF8.GetBytes("""{"text":"x"}""");
        var (now, id) = (world.World.Clock.GetUtcNow(), "msg_1");

        Assert.True(world.Incoming.IsGood(webhook, new(id, Signatures.SecondsOf(now), Signatures.Of(made.Secret!, id, now, body), body)));
        Assert.False(world.Incoming.IsGood(webhook, new(id, Signatures.SecondsOf(now), Signatures.Of(Signatures.NewSecret(), id, now, body), body)));
        Assert.False(world.Incoming.IsGood(webhook, new(null, null, null, body)));
        world.World.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(world.Incoming.IsGood(webhook, new(id, Signatures.SecondsOf(now), Signatures.Of(made.Secret!, id, now, body), body)));
        // Neither the address nor the secret can be read out of the database.
        var stored = await world.World.InDbAsync(db => db.IncomingWebhooks.SingleAsync());
        Assert.DoesNotContain(made.Secret!, stored.SealedSecret!, StringComparison.Ordinal);
        Assert.Equal(32, stored.Hash.Length);
    }

    static async Task<CalledWebhook> MakeAndFindAsync(WebhookWorld world, string room) =>
        await world.Incoming.FindAsync((await world.Incoming.MakeAsync(world.World.Anna, room, "Register", mustSign: false)).Token);
}
