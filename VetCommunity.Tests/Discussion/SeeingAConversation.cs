using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Tests.Noticing;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public sealed class SeeingAConversation
{
    [Theory, OnBothDatabases]
    public async Task A_page_ends_where_there_are_no_more_messages_and_says_so(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var views = new ConversationViews(world.Db, world.LastPages);
        for (var i = 1; i <= Limits.Page; i++)
            await world.SayAsync(world.Anna, $"Message {i}", topic: i % 2 == 0 ? "Even" : "Odd");
        await new ReadMarkers(world.Db, world.Feed).MarkReadAsync(world.Bruno, "welding", Limits.Page);
        var whole = (await views.SeeAsync(world.Bruno, "welding")).Opened;
        Assert.Equal((Limits.Page, 1, false), (whole.Messages.Count, whole.Messages[0].Seq, whole.HasOlder));

        var last = await world.SayAsync(world.Anna, "One more", topic: "Odd");
        await new ReadMarkers(world.Db, world.Feed).MarkReadAsync(world.Bruno, "welding", last.Seq);
        var page = (await views.SeeAsync(world.Bruno, "welding")).Opened;
        Assert.Equal((Limits.Page, 2, true), (page.Messages.Count, page.Messages[0].Seq, page.HasOlder));
        var older = (await views.SeeAsync(world.Bruno, "welding", before: 2)).Opened;
        Assert.Equal((1, false), (Assert.Single(older.Messages).Seq, older.HasOlder));
        Assert.True((await views.SeeAsync(world.Bruno, "welding", before: last.Seq + 1)).Opened.HasOlder);
        Assert.False((await views.SeeAsync(world.Bruno, "welding", before: last.Seq)).Opened.HasOlder);
        var odd = await views.SeeAsync(world.Bruno, "welding", "odd");
        Assert.Equal(("Odd", 26, false), (odd.Topic!.Name, odd.Opened.Messages.Count, odd.Opened.HasOlder));
        Assert.All(odd.Opened.Messages, message => Assert.Equal("Odd", message.Topic));

        var after = await world.Conversations.OpenAsync(world.Bruno, "welding", afterSeq: 1);
        Assert.Equal((Limits.Page, 2, false, true), (after.Messages.Count, after.Messages[0].Seq, after.HasMore, after.HasOlder));
        Assert.True((await world.Conversations.OpenAsync(world.Bruno, "welding", afterSeq: 0)).HasMore);
    }

    [Theory, OnBothDatabases]
    public async Task It_begins_at_the_first_unread_message_unless_that_is_far(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var views = new ConversationViews(world.Db, world.LastPages);
        for (var i = 1; i <= ConversationViews.UnreadAtOnce; i++)
            await world.SayAsync(world.Anna, $"Message {i}");
        Assert.Equal(1, (await views.SeeAsync(world.Bruno, "welding")).Opened.Messages[0].Seq);
        await world.SayAsync(world.Anna, "One too many");

        var far = await views.SeeAsync(world.Bruno, "welding");
        Assert.Equal((Limits.Page, true), (far.Opened.Messages.Count, far.Opened.HasOlder));
        // Who is in no room has nothing unread in it.
        Assert.Equal(Limits.Page, (await views.SeeAsync(world.Ada, "welding")).Opened.Messages.Count);
    }

    [Theory, OnBothDatabases]
    public async Task What_a_room_has_is_there_and_what_is_not_ones_own_is_not(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var views = new ConversationViews(world.Db, world.LastPages);
        await world.SayAsync(world.Anna, "First", topic: "Gas");
        var seq = await world.AskAsync(world.Anna, ["Yes", "No"]);
        var bare = await views.SeeAsync(world.Bruno, "welding");
        Assert.Equal((0, null, null, RoomCalls.Mentions, false), (bare.Pins.Count, bare.Hours, bare.Draft, bare.Calls, bare.HasNotices));
        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [2]);
        await new Pins(world.Db, world.Feed).PinAsync(world.Anna, "welding", 1);
        await new Drafts(world.Db, world.Clock).SaveAsync(world.Bruno, "welding", "Half a sen", "Gas", 1);

        var bruno = await views.SeeAsync(world.Bruno, "welding");
        Assert.Equal((1, "Half a sen"), (Assert.Single(bruno.Pins).Seq, bruno.Draft!.Markdown));
        Assert.Equal([2], bruno.Polls[seq].Chosen);
        Assert.Contains("Gas", bruno.Topics.Select(topic => topic.Name));
        var olga = await views.SeeAsync(world.Olga, "welding");
        Assert.Null(olga.Draft);
        Assert.Empty(olga.Polls[seq].Chosen);
        foreach (var (who, room, topic) in ((Actor, string, string?)[])[(Actor.Visitor, "welding", null), (world.Bruno, "board", null), (world.Olga, world.Direct, null), (world.Bruno, "", null), (world.Bruno, "0", null),
            (world.Bruno, "welding", "none"), (world.Bruno, world.Direct, "gas"), (world.Bruno, "no\0room", null)])
            await Assert.ThrowsAsync<NotFoundException>(() => views.SeeAsync(who, room, topic));
    }

    [Theory, OnBothDatabases]
    public async Task A_topic_is_found_by_its_former_address(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "First", topic: "Gas");
        await world.Topics.RenameAsync(world.Anna, "welding", "gas", "Shielding gas");

        var seen = await new ConversationViews(world.Db, world.LastPages).SeeAsync(world.Bruno, "welding", "gas");
        Assert.Equal(("Shielding gas", "shielding-gas", "First"), (seen.Topic!.Name, seen.Topic.Slug, Assert.Single(seen.Opened.Messages).Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_happens_it_shows_what_the_database_has_now(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var views = new ConversationViews(world.Db, world.LastPages);
        await world.SayAsync(world.Anna, "First", topic: "Gas");
        await world.SayAsync(world.Anna, "Second", topic: "Gas", replyTo: 1);
        (string What, Func<Task> Do)[] acts =
        [
            ("post", () => world.SayAsync(world.Anna, "Third", topic: "Masks")),
            ("edit", () => world.Conversations.EditAsync(world.Anna, "welding", 1, "First, and better")),
            ("react", () => world.Conversations.ReactAsync(world.Bruno, "welding", 1, "👍", on: true)),
            ("language", () => world.Conversations.SetLanguageAsync(world.Anna, "welding", 2, "de")),
            ("rename topic", () => world.Topics.RenameAsync(world.Anna, "welding", "gas", "Shielding gas")),
            ("name", () => RenameAsync(world.Anna, "Anna Bianchi")),
            ("picture", () => ChangeAsync(db => db.Users.Where(u => u.Id == world.Anna.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.PictureVersion, "7")))),
            ("the handle of whom liked it", () => ChangeAsync(db => db.Users.Where(u => u.Id == world.Bruno.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Handle, "bruno-new")))),
            ("the room's language", () => ChangeAsync(db => db.Conversations.Where(c => c.Slug == "welding").ExecuteUpdateAsync(set => set.SetProperty(c => c.Language, "el")))),
            ("hide", () => world.Decisions.DecideAsync(world.Carla, "welding", 2, Moderation.Rulings.Hide)),
            ("delete", () => world.Conversations.DeleteAsync(world.Anna, "welding", 1)),
            ("poll", () => world.AskAsync(world.Anna, ["Yes", "No"])),
            ("vote", () => world.Polls.VoteAsync(world.Bruno, "welding", 4, [1])),
            ("another vote", () => world.Polls.VoteAsync(world.Anna, "welding", 4, [2])),
            ("the name of a voter", () => RenameAsync(world.Bruno, "Bruno Verdi")),
            ("a vote taken back", () => world.Polls.WithdrawAsync(world.Anna, "welding", 4)),
            ("the end of a poll", () => world.Polls.EndAsync(world.Anna, "welding", 4)),
            ("a poll deleted", () => world.Conversations.DeleteAsync(world.Anna, "welding", 4)),
        ];
        foreach (var (what, act) in acts)
        {
            await AssertAsync("before " + what);
            await act();
            await AssertAsync(what);
        }

        async Task AssertAsync(string what)
        {
            var (seen, stored) = ((await views.SeeAsync(world.Carla, "welding")).Opened, await world.Conversations.OpenAsync(world.Carla, "welding"));
            Assert.True(Told(seen) == Told(stored), what + ": " + Told(seen));
        }

        Task RenameAsync(Actor who, string name) => ChangeAsync(db => db.Users.Where(u => u.Id == who.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, name)));
        Task ChangeAsync(Func<CommunityDb, Task<int>> change) => world.InDbAsync(change);
        static string Told(OpenedConversation opened) => JsonSerializer.Serialize(opened with { Standing = null! });
    }

    [Theory, OnBothDatabases]
    public async Task Where_nothing_happened_the_messages_are_not_read_again(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var views = new ConversationViews(world.Db, world.LastPages);
        await world.SayAsync(world.Anna, "First");
        var seen = await views.SeeAsync(world.Bruno, "welding");
        Assert.Same(seen.Opened.Messages[0], (await views.SeeAsync(world.Olga, "welding")).Opened.Messages[0]);

        await world.SayAsync(world.Anna, "Second");
        Assert.NotSame(seen.Opened.Messages[0], (await views.SeeAsync(world.Bruno, "welding")).Opened.Messages[0]);

        await world.AskAsync(world.Anna, ["Yes", "No"]);
        var beside = await views.SeeAsync(world.Bruno, "welding");
        Assert.Same(beside.Opened.Messages[0], (await views.SeeAsync(world.Olga, "welding")).Opened.Messages[0]);
    }

    // EF translates the question once: the time of that moment must not stay in it.
    [Theory, OnBothDatabases]
    public async Task The_bell_counts_by_the_present_time(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "Look, @bruno");
        await noticing.FollowAsync();
        Assert.Equal(1, await noticing.Notices.UnreadAsync(world.Bruno));
        var said = await world.SayAsync(world.Bruno, "Rude");
        await world.Decisions.DecideAsync(world.Anna, "welding", said.Seq, Moderation.Rulings.Hide with { Member = MemberMeasure.Banned, Days = 7 });
        await noticing.FollowAsync();
        var banned = await noticing.Notices.UnreadAsync(world.Bruno);

        world.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(banned + 1, await noticing.Notices.UnreadAsync(world.Bruno));
    }
}
