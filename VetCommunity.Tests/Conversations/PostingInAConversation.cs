using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Markdown;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class PostingInAConversation
{
    [Theory, OnBothDatabases]
    public async Task A_message_is_numbered_and_read_as_it_was_answered(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var receipt = await world.SayAsync(world.Anna, "Which **gas** for 2 mm steel?", key: "a1");
        var opened = await world.Conversations.OpenAsync(world.Bruno, "welding");
        var message = Assert.Single(opened.Messages);
        Assert.Equal((1, 1, "a1", "anna"), (message.Seq, message.Version, message.ClientKey, message.Author.Handle));
        Assert.Equal(receipt, new PostReceipt(message.ConversationId, message.Seq, message.SentAt, Duplicate: false));
        Assert.Equal(PersonsMarkdown.ToHtml("Which **gas** for 2 mm steel?"), message.Html);
        Assert.Equal((1, 1), (opened.LastSeq, opened.Version));
    }

    [Theory, OnBothDatabases]
    public async Task Two_hundred_posts_at_once_leave_no_gap(Database database)
    {
        await using var world = await World.OpenAsync(database);
        Core.Actor[] authors = [world.Anna, world.Bruno];
        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => world.SayAsync(authors[i % 2], $"Number {i}", key: $"{i}"))));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), receipts.Select(r => r.Seq).Order());
        Assert.DoesNotContain(receipts, r => r.Duplicate);
        var stored = await world.InDbAsync(db => db.Messages.OrderBy(m => m.Seq).Select(m => new { m.Seq, m.Version }).ToListAsync());
        Assert.Equal(Enumerable.Range(1, 200).Select(i => ((long)i, (long)i)), stored.Select(m => (m.Seq, m.Version)));
        Assert.Equal(200, await world.InDbAsync(db => db.ConversationEvents.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task The_same_client_key_again_is_the_same_message(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var first = await world.SayAsync(world.Anna, "Once", key: "same");
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first with { Duplicate = true }, await world.SayAsync(world.Anna, "Twice", key: "same"));
        Assert.False((await world.SayAsync(world.Bruno, "A key is its author's own", key: "same")).Duplicate);
        var opened = await world.Conversations.OpenAsync(world.Anna, "welding");
        Assert.Equal(["Once", "A key is its author's own"], opened.Messages.Select(m => m.Markdown));
        Assert.Equal(2, opened.Version);
    }

    [Promise("AZ4")]
    [Theory, OnBothDatabases]
    public async Task The_same_client_key_in_parallel_is_one_message(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => world.SayAsync(world.Anna, "Once", key: "same"))));
        Assert.All(receipts, r => Assert.Equal(1, r.Seq));
        Assert.Single(receipts, r => !r.Duplicate);
        Assert.Equal(1, (await world.Conversations.OpenAsync(world.Anna, "welding")).Version);
    }

    [Theory, OnBothDatabases]
    public async Task An_empty_or_too_long_text_is_refused(Database database)
    {
        await using var world = await World.OpenAsync(database);
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => world.SayAsync(world.Anna, "")));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => world.SayAsync(world.Anna, " \n\t\u0007 ")));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => world.SayAsync(world.Anna, new('a', Limits.Text + 1))));
        Assert.Equal(1, (await world.SayAsync(world.Anna, new('a', Limits.Text))).Seq);
    }

    [Theory, OnBothDatabases]
    public async Task Control_characters_are_taken_out_of_a_text(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "one\0 \u001b[31mtwo\r\n\tthree");
        Assert.Equal("one [31mtwo\n\tthree", Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages).Markdown);
    }

    [Theory, OnBothDatabases]
    public async Task A_client_key_and_a_topic_have_their_form(Database database)
    {
        await using var world = await World.OpenAsync(database);
        foreach (var key in (string[])["", new('k', Limits.ClientKey + 1), "a\0b"])
            Assert.Equal(Refusal.BadClientKey, await World.RefusalOfAsync(() => world.SayAsync(world.Anna, "Hello", key: key)));
        foreach (var topic in (string[])[new('t', Limits.TopicName + 1), "???", "\0\u202E"])
            Assert.Equal(Refusal.BadTopic, await World.RefusalOfAsync(() => world.SayAsync(world.Anna, "Hello", topic: topic)));
        // What nobody sees, or what turns the direction of a whole line, is not in a name.
        await world.SayAsync(world.Anna, "Hello", topic: " Two\u202E\0  days\u200B");
        Assert.Equal("Two days", Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages).Topic);
    }

    [Theory, OnBothDatabases]
    public async Task An_unknown_conversation_and_a_closed_one_look_the_same(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Among us", room: "board");
        await world.SayAsync(world.Anna, "Between us", room: world.Direct);
        foreach (var outsider in (Core.Actor[])[world.Olga, world.Carla, Core.Actor.Visitor])
        {
            foreach (var act in (Func<string, Task>[])
                [
                    room => world.SayAsync(outsider, "Hello?", room: room),
                    room => world.Conversations.OpenAsync(outsider, room),
                    room => world.Conversations.OlderAsync(outsider, room, 2),
                    room => world.Conversations.ChangesAsync(outsider, room, 0),
                    room => world.Conversations.HistoryAsync(outsider, room, 1),
                    room => world.Conversations.EditAsync(outsider, room, 1, "Other"),
                    room => world.Conversations.DeleteAsync(outsider, room, 1),
                    room => world.Conversations.ReactAsync(outsider, room, 1, "👍", on: true),
                    room => world.Topics.MoveAsync(outsider, room, 1, "Elsewhere"),
                    room => world.Topics.RenameAsync(outsider, room, "general", "Elsewhere"),
                    room => world.Topics.ResolveAsync(outsider, room, "general", Outcome.Answered, "Yes"),
                    room => world.Topics.ReopenAsync(outsider, room, "general"),
                    room => world.Topics.InvolveAsync(outsider, room, "general", InvolvementKind.Followed),
                    room => world.Topics.FindAsync(outsider, room, "general"),
                    room => world.Topics.ListAsync(outsider, room),
                    room => world.Topics.MovableAsync(outsider, room, 1),
                    room => new RoomExport(world.Db, world.Topics).OpenAsync(outsider, new(room)),
                ])
            {
                var absent = await Assert.ThrowsAsync<NotFoundException>(() => act("nowhere"));
                Assert.Equal(absent.Message, (await Assert.ThrowsAsync<NotFoundException>(() => act("board"))).Message);
                Assert.Equal(absent.Message, (await Assert.ThrowsAsync<NotFoundException>(() => act(world.Direct))).Message);
                Assert.Equal(absent.Message, (await Assert.ThrowsAsync<NotFoundException>(() => act("999999"))).Message);
            }
        }
    }

    [Theory, OnBothDatabases]
    public async Task An_outsider_reads_an_open_room_and_joins_before_writing(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Welcome");
        var standing = (await world.Conversations.OpenAsync(world.Olga, "welding")).Standing;
        Assert.Equal((true, false, Refusal.JoinFirst), (standing.MayRead, standing.MayPost, standing.WhyNot));
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.SayAsync(world.Olga, "Hello")));
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.Conversations.ReactAsync(world.Olga, "welding", 1, "👍", on: true)));
    }

    [Theory, OnBothDatabases]
    public async Task An_answer_shows_what_it_answers(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Argon or **mixed**?");
        Assert.Equal(Refusal.UnknownReply, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Mixed", replyTo: 7)));
        await world.SayAsync(world.Bruno, "Mixed", replyTo: 1);
        var answer = (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages[^1];
        Assert.Equal(new ReplyExcerpt(1, "Anna Rossi", "Argon or mixed?"), answer.ReplyTo);
        Assert.Equal(2, answer.Seq);
    }

    [Theory, OnBothDatabases]
    public async Task An_ended_conversation_takes_no_message_and_no_change(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "The last word");
        await world.InDbAsync(db => db.Conversations.ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, world.Clock.GetUtcNow())));
        foreach (var act in (Func<Task>[])
            [
                () => world.SayAsync(world.Bruno, "One more"),
                () => world.Conversations.EditAsync(world.Bruno, "welding", 1, "Other"),
                () => world.Conversations.ReactAsync(world.Anna, "welding", 1, "👍", on: true),
            ])
            Assert.Equal(Refusal.ConversationClosed, await World.RefusalOfAsync(act));
        Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages);
    }

    [Theory, OnBothDatabases]
    public async Task A_suspended_member_writes_again_when_the_time_is_over(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var until = world.Clock.GetUtcNow().AddHours(1);
        await world.InDbAsync(db => db.Users.Where(m => m.Id == world.Bruno.MemberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.SuspendedUntil, until)));
        Assert.Equal(Refusal.Suspended, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Let me in")));
        Assert.Equal(1, (await world.SayAsync(world.Anna, "Others go on")).Seq);
        world.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(2, (await world.SayAsync(world.Bruno, "Back again")).Seq);
    }

    [Theory, OnBothDatabases]
    public async Task A_new_topic_is_made_once_by_many_who_name_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        string[] spellings = ["Spot welding", "spot WELDING", "  Spot   welding "];
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => world.SayAsync(world.Anna, $"Number {i}", topic: spellings[i % 3]))));
        var topic = await world.InDbAsync(db => db.Topics.SingleAsync(t => t.Folded == "spot welding"));
        Assert.Equal((60, 60, "spot-welding"), (topic.Messages, topic.LastSeq, topic.Slug));
        Assert.Equal(60, await world.InDbAsync(db => db.Messages.CountAsync(m => m.TopicId == topic.Id)));
    }

    [Theory, OnBothDatabases]
    public async Task Topics_that_share_an_address_are_not_counted_through_one_by_one(Database database)
    {
        await using var world = await World.OpenAsync(database);
        for (var marks = 1; marks <= 15; marks++)
            await world.Conversations.PostAsync(world.Anna, new("welding", $"t{marks}", "Gas" + new string('!', marks), "Which one?", null, null));

        var slugs = await world.InDbAsync(db => db.Topics.Where(t => t.Name.StartsWith("Gas")).OrderBy(t => t.Id).Select(t => t.Slug).ToListAsync());
        Assert.Equal(15, slugs.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("gas", slugs[0]);
        Assert.DoesNotContain("gas-15", slugs);
    }

    [Theory, OnBothDatabases]
    public async Task A_conversation_named_by_a_character_that_no_database_takes_is_absent_and_spoils_nobodys_group(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.PostAsync(world.Anna, new("welding\0", "n", null, "x", null, null)));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.OpenAsync(world.Anna, "welding\0"));
    }
}
