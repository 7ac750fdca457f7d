using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Privacy;
using VetCommunity.Tests.Search;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Documents;

/// <summary>The talk of those who write and review a practice, section by section.</summary>
public class TalkingAboutSections
{
    const string Text = "---\ntitle: Welding in pairs\n---\n\nTwo and one mask.\n\n## Context\n\nWe are nine people in one workshop.\n\n## Approach\n\nOne welds and the other one watches the pool.\n\n## Costs\n\nOne mask more.\n";

    static async Task<DocumentsWorld> WrittenAsync(Database database)
    {
        var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, Text);
        return world;
    }

    static Task<PostReceipt> SayAsync(DocumentsWorld world, Actor who, OpenedTalk talk, string words) => world.World.SayAsync(who, words, talk.Room, talk.Name);

    static async Task<string[]> ReadAsync(DocumentsWorld world, Actor who, OpenedTalk talk) =>
        [.. (await world.World.Conversations.OpenAsync(who, talk.Room, topicSlug: talk.Topic)).Messages.Select(message => message.Markdown)];

    static async Task<(string Heading, int Messages, int Unread, bool IsThere)[]> ListAsync(DocumentsWorld world, Actor who, int number) =>
        [.. (await world.Talks.ListAsync(who, English, number)).Select(section => (section.Heading, section.Messages, section.Unread, section.IsThere))];

    [Theory, OnBothDatabases]
    public async Task Who_sees_the_review_talks_about_each_section_and_nobody_else_hears_of_it(Database database)
    {
        await using var world = await WrittenAsync(database);
        var talk = await world.Talks.OpenAsync(world.Nina, English, "approach");
        Assert.Equal(("Approach", "approach", "en", false), (talk.Name, talk.Key, talk.Language, talk.IsGone));
        await SayAsync(world, world.Nina, talk, "Which pool?");
        Assert.Equal(talk, await world.Talks.OpenAsync(world.Bruno, English, "approach"));
        await SayAsync(world, world.Bruno, talk, "The melted metal");
        Assert.Equal(["Which pool?", "The melted metal"], await ReadAsync(world, world.Nina, talk));
        // All sections of all languages in one conversation, each with a topic of its own.
        var other = await world.Talks.OpenAsync(world.Bruno, English, "");
        Assert.Equal((talk.Room, "Beginning"), (other.Room, other.Name));
        Assert.Equal([("", 0, 0, true), ("Context", 0, 0, true), ("Approach", 2, 1, true), ("Costs", 0, 0, true)], await ListAsync(world, world.Nina, 1));
        // Who has not come in has nothing to catch up with.
        Assert.Equal(("Approach", 2, 0, true), (await ListAsync(world, world.Eva, 1))[2]);

        foreach (var outsider in (Actor[])[world.Olga, world.World.Carla, world.World.Ada, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.ListAsync(outsider, English, 1));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.OpenAsync(outsider, English, "approach"));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.AgainAsync(outsider, DocumentKind.Practice, English.Slug, talk.Topic));
            await Assert.ThrowsAsync<NotFoundException>(() => world.World.Conversations.FindAsync(outsider, talk.Room));
            await Assert.ThrowsAsync<NotFoundException>(() => SayAsync(world, outsider, talk, "x"));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.OpenAsync(world.Bruno, English, "there-is-none"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.OpenAsync(world.Bruno, English, Sections.FrontMatterKey));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.AgainAsync(world.Bruno, DocumentKind.Practice, English.Slug, "general"));
        Assert.Equal(["The melted metal"], await world.World.TextsAsync(world.Bruno, "melted"));
        Assert.Empty(await world.World.TextsAsync(world.Olga, "melted"));
        Assert.Empty(await world.World.TextsAsync(world.World.Carla, "melted"));
        var rooms = new Rooms(world.World.Db, world.World.Feed, world.World.Clock);
        Assert.Contains((await rooms.ListAsync(world.Bruno, mine: true, 1)).Rooms, room => room.Title == "Review: Welding in pairs");
        Assert.DoesNotContain((await rooms.ListAsync(world.Olga, mine: false, 1)).Rooms, room => room.Slug == talk.Room);

        // It is whose the review is: nobody is taken in and nobody leaves.
        var keeper = world.Nina with { Roles = world.Nina.Roles | Roles.Moderator };
        Assert.Equal(Refusal.TalkFits, await World.RefusalOfAsync(() => rooms.InviteAsync(keeper, talk.Room, "@olga")));
        Assert.Equal(Refusal.TalkFits, await World.RefusalOfAsync(() => rooms.LeaveAsync(world.Bruno, talk.Room)));
        // Nor is it run by one of those who are in it.
        await Assert.ThrowsAsync<NotFoundException>(() => new RoomSettings(world.World.Db).FindAsync(keeper, talk.Room));
        // Published, it goes on for the next revision; withdrawn, too.
        await world.Publications.PublishAsync(world.Eva, English, 1);
        await SayAsync(world, world.Nina, talk, "Published");
        await world.Publications.WithdrawAsync(world.Eva, English);
        await SayAsync(world, world.Bruno, talk, "Withdrawn");
        await Assert.ThrowsAsync<NotFoundException>(() => SayAsync(world, world.Olga, talk, "x"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_taken_along_says_which_practice_and_section_it_is_about_and_a_deleted_practice_takes_its_talk_with_it(Database database)
    {
        await using var world = await WrittenAsync(database);
        var talk = await world.Talks.OpenAsync(world.Nina, English, "approach");
        await SayAsync(world, world.Nina, talk, "Which pool?");
        var rooms = new RoomExport(world.World.Db, world.World.Topics);
        Assert.Equal(new("welding-in-pairs", "en", "approach"), (await rooms.OpenAsync(world.Bruno, new(talk.Room, talk.Topic))).About);
        Assert.Equal(new("welding-in-pairs", null, null), (await rooms.OpenAsync(world.Bruno, new(talk.Room))).About);
        Assert.Null((await rooms.OpenAsync(world.Bruno, new("welding"))).About);

        using var data = new DataFolder(Directory.CreateTempSubdirectory("vet-export-").FullName);
        var export = new CommunityExport(world.World.Db, data, rooms, world.World.Uploads);
        try
        {
            var described = await TakeAsync("first");
            Assert.Equal("welding-in-pairs", described.GetProperty("practice").GetString());
            Assert.Equal("Approach en approach False", string.Join(", ", described.GetProperty("sections").EnumerateArray().Select(one =>
                $"{one.GetProperty("topic").GetString()} {one.GetProperty("language").GetString()} {one.GetProperty("section").GetString()} {one.GetProperty("isGone").GetBoolean()}")));
            await world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, English.Slug);
            Assert.Equal(JsonValueKind.Undefined, (await TakeAsync("second")).ValueKind);
            Assert.False(File.Exists(Path.Combine(data.Path + "-second", "rooms", talk.Room + ".jsonl")));
        }
        finally
        {
            foreach (var folder in (string[])[data.Path, data.Path + "-first", data.Path + "-second"])
                Directory.Delete(folder, recursive: true);
        }

        async Task<JsonElement> TakeAsync(string name)
        {
            await export.WriteAsync(Actor.Operator, $"{data.Path}-{name}");
            return JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine($"{data.Path}-{name}", "rooms.json"))).RootElement.EnumerateArray().FirstOrDefault(one => one.GetProperty("room").GetString() == talk.Room);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Who_reviews_no_more_and_who_had_a_practice_that_is_deleted_reads_it_no_more(Database database)
    {
        await using var world = await WrittenAsync(database);
        var accounts = new Accounts(world.World.Db, world.World.Feed, world.World.Clock);
        var talk = await world.Talks.OpenAsync(world.Nina, English, "approach");
        await world.Talks.OpenAsync(world.Eva, English, "approach");
        await SayAsync(world, world.Nina, talk, "Which pool?");
        // A second step that is missing takes the act away and leaves the role.
        var halfway = world.Nina with { Roles = Roles.Member };
        await Assert.ThrowsAsync<NotFoundException>(() => world.World.Conversations.FindAsync(halfway, talk.Room));
        await Assert.ThrowsAsync<NotFoundException>(() => SayAsync(world, halfway, talk, "x"));
        var rooms = new Rooms(world.World.Db, world.World.Feed, world.World.Clock);
        Assert.DoesNotContain((await rooms.ListAsync(halfway, mine: true, 1)).Rooms, room => room.Slug == talk.Room);
        Assert.DoesNotContain((await new RoomDirectory(world.World.Db).RoomsAsync(halfway, mine: true, 0, 10)).Rooms, room => room.Slug == talk.Room);
        Assert.Empty(await world.World.TextsAsync(halfway, "pool"));

        var ends = Channel.CreateUnbounded<AccessEnded>();
        using var heard = world.World.Feed.Subscribe<AccessEnded>(one => ends.Writer.WriteAsync(one));
        await accounts.SetRolesAsync(world.World.Ada, "nina", Roles.Member);
        Assert.Equal(new(world.Nina.MemberId, null, AccessEndedReason.RightsChanged), await EndAsync());
        await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.OpenAsync(halfway, English, "approach"));
        Assert.Equal(0, await world.World.InDbAsync(db => db.Memberships.CountAsync(m => m.MemberId == world.Nina.MemberId)));
        // Who began the practice stays, whatever their roles are.
        await accounts.SetRolesAsync(world.World.Ada, "bruno", Roles.Editor);
        await accounts.SetRolesAsync(world.World.Ada, "bruno", Roles.Member);
        Assert.Equal((world.Bruno.MemberId, world.Bruno.MemberId), ((await EndAsync()).MemberId, (await EndAsync()).MemberId));
        Assert.Equal(["Which pool?"], await ReadAsync(world, world.Bruno, talk));

        var room = await world.World.InDbAsync(db => db.Documents.Select(d => d.TalkId).SingleAsync());
        await world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, English.Slug);
        Assert.Equal([world.Bruno.MemberId, world.Eva.MemberId], new[] { await EndAsync(), await EndAsync() }.Where(end => end.ConversationId == room).Select(end => end.MemberId).Order());
        foreach (var one in (Actor[])[world.Bruno, world.Eva])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.AgainAsync(one, DocumentKind.Practice, English.Slug, talk.Topic));
            await Assert.ThrowsAsync<NotFoundException>(() => world.World.Conversations.FindAsync(one, talk.Room));
            Assert.Empty(await world.World.TextsAsync(one, "pool"));
        }
        await world.All.RestoreAsync(world.Bruno, DocumentKind.Practice, English.Slug);
        Assert.Equal(talk, await world.Talks.AgainAsync(world.Eva, DocumentKind.Practice, English.Slug, talk.Topic));
        Assert.Equal(["Which pool?"], await ReadAsync(world, world.Eva, talk));

        async Task<AccessEnded> EndAsync() => await ends.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_takes_the_name_of_a_section_that_waits_for_its_first_word(Database database)
    {
        await using var world = await WrittenAsync(database);
        var talk = await world.Talks.OpenAsync(world.Nina, English, "approach");
        await world.World.SayAsync(world.Bruno, "Something else", talk.Room, "Aside");

        Assert.Equal(Refusal.TopicTaken, await World.RefusalOfAsync(() => world.World.Topics.RenameAsync(world.Bruno, talk.Room, "aside", "Approach")));
        await SayAsync(world, world.Nina, talk, "Which pool?");
        Assert.Equal(["Which pool?"], await ReadAsync(world, world.Bruno, talk));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_opens_it_while_the_practice_is_deleted_has_no_seat(Database database)
    {
        await using var world = await WrittenAsync(database);
        await world.Talks.OpenAsync(world.Bruno, English, "context");
        Task[] all =
        [
            .. ((Actor[])[world.Eva, world.Erik, world.Nina, world.Bruno]).SelectMany(who => ((string[])["approach", "context", "costs"]).Select(key => Task.Run(async () =>
            {
                try
                {
                    await world.Talks.OpenAsync(who, English, key);
                }
                catch (NotFoundException)
                {
                    // It was gone by then.
                }
            }))),
            Task.Run(() => world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, English.Slug)),
        ];
        await Task.WhenAll(all);

        Assert.Equal(0, await world.World.InDbAsync(db => db.Memberships.CountAsync(m => db.Documents.Any(d => d.TalkId == m.ConversationId))));
    }

    [Theory, OnBothDatabases]
    public async Task Those_who_open_it_at_once_are_in_one_talk(Database database)
    {
        await using var world = await WrittenAsync(database);

        var opened = await Task.WhenAll(((Actor[])[world.Bruno, world.Eva, world.Erik, world.Nina]).SelectMany(who => ((string[])["approach", "context"]).Select(key => Task.Run(() => world.Talks.OpenAsync(who, English, key)))));

        Assert.Single(opened.Select(talk => talk.Room).Distinct());
        Assert.Equal(["approach", "context"], opened.Select(talk => talk.Topic).Distinct().Order());
        Assert.Equal(2, await world.World.InDbAsync(db => db.SectionTalks.CountAsync()));
        Assert.Equal(4, await world.World.InDbAsync(db => db.Memberships.CountAsync(m => db.Documents.Any(d => d.TalkId == m.ConversationId))));
    }

    [Theory, OnBothDatabases]
    public async Task It_goes_on_with_its_section_whatever_that_is_called(Database database)
    {
        await using var world = await WrittenAsync(database);
        var talk = await world.Talks.OpenAsync(world.Nina, English, "approach");
        await SayAsync(world, world.Nina, talk, "Which pool?");
        var renamed = Text.Replace("## Approach", "## How we do it", StringComparison.Ordinal).Replace("the pool", "the pool closely", StringComparison.Ordinal);
        await world.WriteAsync(world.Bruno, renamed);

        // Who reviews the former revision is led to the same talk.
        Assert.Equal(("Approach", 1, 0, true), (await ListAsync(world, world.Nina, 1))[2]);
        Assert.Equal(("How we do it", 1, 0, true), (await ListAsync(world, world.Nina, 2))[2]);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Talks.OpenAsync(world.Nina, English, "approach"));
        var same = await world.Talks.OpenAsync(world.Nina, English, "how-we-do-it");
        Assert.Equal((talk.Room, "How we do it", "how-we-do-it"), (same.Room, same.Name, same.Topic));
        Assert.Equal(same, await world.Talks.AgainAsync(world.Bruno, DocumentKind.Practice, English.Slug, talk.Topic));
        Assert.Equal(["Which pool?"], await ReadAsync(world, world.Bruno, same));

        // Gone, it is read and not continued; what takes its place is another section, even under the same name.
        await world.WriteAsync(world.Bruno, Text.Replace("## Approach\n\nOne welds and the other one watches the pool.\n\n", "", StringComparison.Ordinal).Replace("## Costs", "## How we do it\n\nNobody has written anything so far.\n\n## Costs", StringComparison.Ordinal)
            .Replace("How we do it", "Gear", StringComparison.Ordinal));
        Assert.Equal([("", 0, 0, true), ("Context", 0, 0, true), ("Gear", 0, 0, true), ("Costs", 0, 0, true), ("How we do it", 1, 0, false)], await ListAsync(world, world.Nina, 3));
        var gone = await world.Talks.AgainAsync(world.Nina, DocumentKind.Practice, English.Slug, same.Topic);
        Assert.True(gone.IsGone);
        Assert.Equal(Refusal.TopicEnded, await World.RefusalOfAsync(() => SayAsync(world, world.Nina, gone, "x")));
        Assert.Equal(["Which pool?"], await ReadAsync(world, world.Nina, gone));
        Assert.True((await world.World.Topics.FindAsync(world.Nina, gone.Room, gone.Topic)).HasEnded);
        var elsewhere = await world.World.SayAsync(world.Nina, "Elsewhere", gone.Room);
        Assert.Equal(Refusal.TopicEnded, await World.RefusalOfAsync(() => world.World.Topics.MoveAsync(world.Nina, gone.Room, elsewhere.Seq, gone.Name)));
        // What was said there can still be changed by who said it.
        await world.World.Conversations.EditAsync(world.Nina, gone.Room, 1, "Which pool do you mean?");

        // Back again, it goes on.
        await world.WriteAsync(world.Bruno, renamed);
        Assert.Equal(("How we do it", 1, 0, true), (await ListAsync(world, world.Nina, 4))[2]);
        await SayAsync(world, world.Nina, same, "There it is");
    }

    [Theory, OnBothDatabases]
    public async Task Sections_of_one_name_have_topics_of_their_own(Database database)
    {
        await using var world = await WrittenAsync(database);
        await world.WriteAsync(world.Bruno, Text + "\n## Costs\n\nAnd much time.\n");
        await world.Languages.AddAsync(world.Bruno, English, "it");
        await world.WriteAsync(world.Bruno, "## Costs\n\nUna maschera in più.\n", where: Italian);
        var (first, second, third) = (await world.Talks.OpenAsync(world.Bruno, English, "costs"), await world.Talks.OpenAsync(world.Bruno, English, "costs-2"), await world.Talks.OpenAsync(world.Bruno, Italian, "costs"));
        Assert.Equal(["Costs", "Costs (en)", "Costs (it)"], ((OpenedTalk[])[first, second, third]).Select(talk => talk.Name));
        await SayAsync(world, world.Bruno, second, "Time is money");
        await SayAsync(world, world.Bruno, third, "Caro");

        // The first one goes, and the second one takes its key.
        await world.WriteAsync(world.Bruno, Text.Replace("## Costs\n\nOne mask more.\n", "", StringComparison.Ordinal) + "\n## Costs\n\nAnd much time.\n");
        var left = await world.Talks.OpenAsync(world.Bruno, English, "costs");
        Assert.Equal(["Time is money"], await ReadAsync(world, world.Bruno, left));
        Assert.Equal(["Caro"], await ReadAsync(world, world.Bruno, await world.Talks.OpenAsync(world.Bruno, Italian, "costs")));
        // Whose messages were all moved away still has its own address.
        var seq = (await world.World.Conversations.OpenAsync(world.Bruno, third.Room, topicSlug: third.Topic)).Messages[0].Seq;
        await world.World.Topics.MoveAsync(world.Bruno, third.Room, seq, left.Name);
        Assert.Empty(await ReadAsync(world, world.Bruno, await world.Talks.OpenAsync(world.Bruno, Italian, "costs")));
    }

    [Theory, OnBothDatabases]
    public async Task Authors_and_reviewers_hear_of_the_first_word_since_they_looked(Database database)
    {
        await using var world = await WrittenAsync(database);
        var (notices, writing) = (world.Notices, new NoticeWriting(world.World.Db, world.World.Feed, world.World.Clock));
        await world.Comments.AddAsync(world.Erik, English, new(1, "approach", "", "Which pool?", null, "remark"));
        var talk = await world.Talks.OpenAsync(world.Nina, English, "approach");
        await SayAsync(world, world.Nina, talk, "First");
        await SayAsync(world, world.Nina, talk, "Second, @erik and @olga");
        await FollowAsync();
        Assert.Equal([(NoticeKind.Follow, "First")], await TalkedAsync(world.Bruno));
        Assert.Equal([(NoticeKind.Mention, "Second, @erik and @olga")], await TalkedAsync(world.Erik));
        foreach (var silent in (Actor[])[world.Eva, world.Olga, world.Nina])
            Assert.Empty(await TalkedAsync(silent));

        // A reviewer who is taken off hears of nothing more, nor is anything left to read.
        await new Accounts(world.World.Db, world.World.Feed, world.World.Clock).SetRolesAsync(world.World.Ada, "erik", Roles.Member);
        await SayAsync(world, world.Nina, talk, "Third, @erik");
        await FollowAsync();
        Assert.Empty(await TalkedAsync(world.Erik with { Roles = Roles.Member }));

        async Task FollowAsync()
        {
            while (await writing.BehindAsync(Actor.Operator) is { Count: > 0 } behind)
                await writing.WriteAsync(Actor.Operator, behind, _ => new HashSet<int>());
        }

        async Task<(NoticeKind, string)[]> TalkedAsync(Actor who) => [.. (await notices.ListAsync(who)).Rows.Where(row => row.Kind is NoticeKind.Follow or NoticeKind.Mention).Select(row => (row.Kind, row.Text))];
    }

    [Theory, OnBothDatabases]
    public async Task Who_left_leaves_a_talk_that_the_others_go_on_reading(Database database)
    {
        await using var leaving = await LeavingWorld.OpenAsync(database);
        var (world, kinds) = (leaving.World, new DocumentKinds([new PracticeKind()]));
        var (documents, drafts, storing) = (new AllDocuments(world.Db, kinds, world.Feed, world.Clock), new DocumentDrafts(world.Db, kinds, world.Clock), new Storing(world.Db, kinds, world.Clock));
        var talks = new SectionTalks(world.Db, kinds, world.Topics, world.Feed, world.Clock);
        await new Accounts(world.Db, world.Feed, world.Clock).SetRolesAsync(world.Ada, "anna", Roles.Editor);
        var anna = world.Anna with { Roles = Roles.Member | Roles.Editor };
        await documents.CreateAsync(leaving.Quenza, new(DocumentKind.Practice, "Welding in pairs", "en", "begun"));
        var open = await drafts.OpenAsync(leaving.Quenza, English);
        var saved = await drafts.SaveAsync(leaving.Quenza, English, Text, new(open.Newest, open.Version, open.Source));
        await storing.StoreAsync(leaving.Quenza, English, saved.Version, "", "stored");
        var talk = await talks.OpenAsync(leaving.Quenza, English, "approach");
        await world.SayAsync(leaving.Quenza, "What stays", talk.Room, talk.Name);
        await talks.OpenAsync(anna, English, "approach");
        await world.SayAsync(anna, "An answer", talk.Room, talk.Name);

        await leaving.LeaveAsync(texts: false);

        var read = await world.Conversations.OpenAsync(anna, talk.Room, topicSlug: talk.Topic);
        Assert.Equal([("What stays", "Former member"), ("An answer", "Anna Rossi")], read.Messages.Select(message => (message.Markdown, message.Author.Name)));
        var next = await talks.OpenAsync(anna, English, "context");
        Assert.Equal(talk.Room, next.Room);
        Assert.Equal(1, await world.InDbAsync(db => db.Memberships.CountAsync(m => db.Documents.Any(d => d.TalkId == m.ConversationId))));
    }
}
