using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Moderation;
using VetCommunity.Tests.Moderation;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class ChangingAMessage
{
    [Theory, OnBothDatabases]
    public async Task An_edited_message_keeps_its_number_and_its_history(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var posted = await world.SayAsync(world.Bruno, "Argn");
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await world.Conversations.EditAsync(world.Bruno, "welding", 1, "Argon"));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, await world.Conversations.EditAsync(world.Bruno, "welding", 1, "Argon!"));
        Assert.Equal(3, await world.Conversations.EditAsync(world.Bruno, "welding", 1, "Argon!"));
        var message = Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages);
        Assert.Equal((1, 3, "Argon!", posted.SentAt.AddMinutes(2)), (message.Seq, message.Version, message.Markdown, message.EditedAt));
        var history = await world.Conversations.HistoryAsync(world.Anna, "welding", 1);
        Assert.Equal([PersonsMarkdown.ToHtml("Argon!"), PersonsMarkdown.ToHtml("Argon"), PersonsMarkdown.ToHtml("Argn")], history.Select(text => text.Html));
        Assert.Equal([posted.SentAt.AddMinutes(2), posted.SentAt.AddMinutes(1), posted.SentAt], history.Select(text => text.At));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_edits_what_another_wrote(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Mine");
        foreach (var other in (Core.Actor[])[world.Anna, world.Carla, world.Olga, world.Ada])
            Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.Conversations.EditAsync(other, "welding", 1, "Ours")));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.EditAsync(world.Bruno, "welding", 2, "Nothing there"));
        Assert.Equal(1, (await world.Conversations.OpenAsync(world.Anna, "welding")).Version);
    }

    [Theory, OnBothDatabases]
    public async Task A_deleted_message_leaves_its_gap_and_nothing_else(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Secret of @anna");
        await world.SayAsync(world.Anna, "After it");
        await world.Conversations.EditAsync(world.Bruno, "welding", 1, "Still secret");
        await world.Conversations.ReactAsync(world.Anna, "welding", 1, "👍", on: true);
        var version = await world.Conversations.DeleteAsync(world.Bruno, "welding", 1);
        Assert.Equal(version, await world.Conversations.DeleteAsync(world.Bruno, "welding", 1));
        var opened = await world.Conversations.OpenAsync(world.Anna, "welding");
        Assert.Equal([1, 2], opened.Messages.Select(m => m.Seq));
        Assert.Equal(("", "", version), (opened.Messages[0].Markdown, opened.Messages[0].Html, opened.Version));
        Assert.NotNull(opened.Messages[0].DeletedAt);
        Assert.Empty(opened.Messages[0].Reactions);
        Assert.Empty(await world.Conversations.HistoryAsync(world.Anna, "welding", 1));
        Assert.Equal((0, 0, 0), await world.InDbAsync(async db => (await db.MessageRevisions.CountAsync(), await db.Reactions.CountAsync(), await db.Mentions.CountAsync())));
        Assert.Equal(Refusal.MessageDeleted, await World.RefusalOfAsync(() => world.Conversations.EditAsync(world.Bruno, "welding", 1, "Back")));
        Assert.Equal(Refusal.MessageDeleted, await World.RefusalOfAsync(() => world.Conversations.ReactAsync(world.Anna, "welding", 1, "👍", on: true)));
    }

    [Theory, OnBothDatabases]
    public async Task Moderators_move_what_others_wrote_and_remove_it_by_a_decision_alone(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "One");
        await world.SayAsync(world.Bruno, "Two");
        await world.SayAsync(world.Anna, "Three");
        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.Conversations.DeleteAsync(world.Bruno, "welding", 3)));
        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.Topics.MoveAsync(world.Bruno, "welding", 3, "Elsewhere")));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.Conversations.DeleteAsync(world.Anna, "welding", 1));
        Assert.Equal((Refusal.DecideInstead, "/moderation/welding/1"), (refused.Refusal, refused.Arguments[0]));
        Assert.Equal(Refusal.DecideInstead, await World.RefusalOfAsync(() => world.Conversations.DeleteAsync(world.Carla, "welding", 2)));
        await world.Decisions.DecideAsync(world.Carla, "welding", 2, Rulings.Hide with { Message = MessageMeasure.Removed });
        // Of what is gone nothing more is asked, and what no account stands behind has nobody to tell.
        await world.Conversations.DeleteAsync(world.Anna, "welding", 2);
        await world.InDbAsync(db => db.Messages.Where(m => m.Seq == 1).ExecuteUpdateAsync(set => set.SetProperty(m => m.AuthorId, (int?)null).SetProperty(m => m.ImportedAuthor, "Dora")));
        await world.Conversations.DeleteAsync(world.Carla, "welding", 1);
        await world.Topics.MoveAsync(world.Carla, "welding", 3, "Elsewhere");
        var messages = (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages;
        Assert.Equal([true, true, false], messages.Select(m => m.DeletedAt is not null));
        Assert.Equal(["message.decided", "message.deleted"], await world.InDbAsync(db => db.Audit.OrderBy(a => a.Id).Select(a => a.What).ToListAsync()));
        Assert.Equal("Elsewhere", messages[2].Topic);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_moderates_two_people_who_talk_alone(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Between us", room: world.Direct);
        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.Conversations.DeleteAsync(world.Anna, world.Direct, 1)));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Topics.MoveAsync(world.Bruno, world.Direct, 1, "Elsewhere"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.DeleteAsync(world.Carla, world.Direct, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.DeleteAsync(world.Ada, world.Direct, 1));
        var opened = await world.Conversations.OpenAsync(world.Anna, world.Direct);
        Assert.Equal(("Bruno Weiß", false), (opened.Title, opened.Standing.IsModerator));
    }

    [Theory, OnBothDatabases]
    public async Task Reacting_twice_changes_nothing(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Done");
        Assert.Equal(2, await world.Conversations.ReactAsync(world.Anna, "welding", 1, "👍", on: true));
        Assert.Equal(2, await world.Conversations.ReactAsync(world.Anna, "welding", 1, "👍", on: true));
        Assert.Equal(3, await world.Conversations.ReactAsync(world.Bruno, "welding", 1, "👍", on: true));
        var given = Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages[0].Reactions);
        Assert.Equal(("👍", 2), (given.Emoji, given.Count));
        Assert.Equal(["anna", "bruno"], given.Handles);
        Assert.Equal(4, await world.Conversations.ReactAsync(world.Anna, "welding", 1, "👍", on: false));
        Assert.Equal(4, await world.Conversations.ReactAsync(world.Anna, "welding", 1, "👍", on: false));
        foreach (var no in (string[])["ok", "é", "👍👍", "👍" + new string('\u0301', 20), "\u20E3", "7", "👍a"])
            Assert.Equal(Refusal.BadEmoji, await World.RefusalOfAsync(() => world.Conversations.ReactAsync(world.Anna, "welding", 1, no, on: true)));
        foreach (var yes in (string[])["❤️", "👩🏽‍🏭", "🇬🇷", "7️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
            await world.Conversations.ReactAsync(world.Anna, "welding", 1, yes, on: true);
    }

    [Theory, OnBothDatabases]
    public async Task A_message_carries_at_most_twenty_different_emoji(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Done");
        for (var i = 0; i < Limits.Emoji; i++)
            await world.Conversations.ReactAsync(world.Anna, "welding", 1, char.ConvertFromUtf32(0x1F600 + i), on: true);
        Assert.Equal(Refusal.TooManyReactions, await World.RefusalOfAsync(() => world.Conversations.ReactAsync(world.Bruno, "welding", 1, "👍", on: true)));
        Assert.Equal(22, await world.Conversations.ReactAsync(world.Bruno, "welding", 1, char.ConvertFromUtf32(0x1F600), on: true));
    }

    [Theory, OnBothDatabases]
    public async Task A_moved_message_keeps_its_number_and_the_topics_count_right(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "One");
        await world.SayAsync(world.Bruno, "Two");
        await world.SayAsync(world.Bruno, "Three", topic: "Safety");
        Assert.Equal(new("safety", 1, 0, null), await world.Topics.MoveAsync(world.Bruno, "welding", 2, "SAFETY"));
        Assert.Equal(new("safety", 0, 0, null), await world.Topics.MoveAsync(world.Bruno, "welding", 2, "safety"));
        Assert.Equal(4, (await world.Conversations.FindAsync(world.Bruno, "welding")).Version);
        var topics = await world.InDbAsync(db => db.Topics.Where(t => t.Messages > 0).OrderBy(t => t.Id).Select(t => new { t.Name, t.Messages, t.LastSeq }).ToListAsync());
        Assert.Equal([("General", 1, 1), ("Safety", 2, 3)], topics.Select(t => (t.Name, (int)t.Messages, (int)t.LastSeq)));
        Assert.Equal([2, 3], (await world.Conversations.OpenAsync(world.Anna, "welding", topicSlug: "safety")).Messages.Select(m => m.Seq));
    }
}
