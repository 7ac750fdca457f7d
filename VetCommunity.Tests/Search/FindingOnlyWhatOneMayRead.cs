using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Search;

public class FindingOnlyWhatOneMayRead
{
    [Promise("AZ3")]
    [Theory, OnBothDatabases]
    public async Task A_closed_room_and_a_talk_of_two_are_found_by_their_people_alone(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Canary in the open");
        await world.SayAsync(world.Anna, "Canary of the board", room: "board");
        await world.SayAsync(world.Bruno, "Canary between us", room: world.Direct);

        Assert.Equal(["Canary between us", "Canary of the board", "Canary in the open"], await world.TextsAsync(world.Anna, "canary"));
        Assert.Equal(["Canary between us", "Canary in the open"], await world.TextsAsync(world.Bruno, "canary"));
        Assert.Equal(["Canary of the board", "Canary in the open"], await world.TextsAsync(world.Ada, "canary"));
        foreach (var asked in (string[])["canary", "canary from:bruno", "from:anna", "\"canary of the board\"", "topic:general", "has:link", "canary before:2030-01-01"])
        {
            foreach (var outsider in (Actor[])[world.Olga, world.Carla])
                Assert.DoesNotContain(await world.TextsAsync(outsider, asked, SearchOrder.Best), text => text is "Canary of the board" or "Canary between us");
            Assert.Empty(await world.TextsAsync(Actor.Visitor, asked));
        }
        var found = (await world.FindAsync(world.Anna, "canary")).Messages;
        Assert.Equal(["Bruno Weiß", "Board", "Welding"], found.Select(message => message.Title));
        Assert.Equal([$"/conversations/{world.Direct}/messages/1", "/rooms/board/messages/1", "/rooms/welding/messages/1"], found.Select(message => message.Address));
    }

    [Theory]
    [InlineData(Database.Sqlite, 20)]
    [InlineData(Database.Sqlite, 60)]
    [InlineData(Database.Postgres, 20)]
    [InlineData(Database.Postgres, 60)]
    public async Task Few_or_many_that_one_may_not_read_hide_none_that_one_may(Database database, int each)
    {
        await using var world = await World.OpenAsync(database);
        for (var i = 1; i <= each; i++)
        {
            await world.SayAsync(world.Anna, $"Canary {i}");
            await world.SayAsync(world.Anna, "Canary of the board", room: "board");
        }

        foreach (var order in Enum.GetValues<SearchOrder>())
        {
            List<string> found = [];
            for (string? cursor = null, at = ""; at is not null; at = cursor)
            {
                var page = await world.FindAsync(world.Bruno, "canary", order, cursor);
                found.AddRange(page.Messages.Select(message => string.Concat(message.Snippet.Select(part => part.Text))));
                cursor = page.Next;
            }
            Assert.Equal(Enumerable.Range(1, each).Select(i => $"Canary {i}").Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Who_left_a_closed_room_finds_nothing_of_it_and_who_comes_back_does(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);
        await world.SayAsync(world.Anna, "Canary of the board", room: "board");
        Assert.Single(await world.TextsAsync(world.Ada, "canary"));

        await rooms.LeaveAsync(world.Ada, "board");
        Assert.Empty(await world.TextsAsync(world.Ada, "canary"));
        Assert.Equal(Refusal.SearchRoomUnknown, await World.RefusalOfAsync(() => world.FindAsync(world.Ada, "canary room:board")));

        await rooms.InviteAsync(world.Anna, "board", "ada");
        Assert.Single(await world.TextsAsync(world.Ada, "canary"));
    }

    [Theory, OnBothDatabases]
    public async Task What_one_may_not_read_takes_no_place_on_a_page(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Iron for all");
        await Task.WhenAll(Enumerable.Range(1, 230).Select(n => world.SayAsync(world.Anna, $"Iron {n}", room: "board")));

        var found = await world.FindAsync(world.Olga, "iron", SearchOrder.Best);

        Assert.Equal(("Welding", 1), (Assert.Single(found.Messages).Title, 1));
        Assert.Null(found.Next);
    }

    [Theory, OnBothDatabases]
    public async Task A_member_of_very_many_closed_rooms_can_search(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.InDbAsync(async db =>
        {
            var rooms = Enumerable.Range(1, 1500).Select(n => new Core.Conversations.Conversation { Kind = Core.Conversations.ConversationKind.Room, Slug = $"closed-{n}" }).ToList();
            db.AddRange(rooms);
            await db.SaveChangesAsync();
            db.AddRange(rooms.Select(room => new Core.Conversations.Membership { ConversationId = room.Id, MemberId = world.Anna.MemberId, Role = Core.Conversations.MembershipRole.Participant }));
            return await db.SaveChangesAsync();
        });
        await world.SayAsync(world.Anna, "Canary of the board", room: "board");

        Assert.Single(await world.TextsAsync(world.Anna, "canary"));
    }

    [Promise("IN2")]
    [Theory, OnBothDatabases]
    public async Task Whatever_is_typed_is_answered_or_refused(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Iron & steel NEAR(a b) {x y} col:x");
        string[] pieces = ["\"", "'", "AND", "OR", "NOT", "NEAR(", ")", "(", "*", "^", "-", "+", ":", "~", "~open", "~c2", "{", "}", "\\", "\0", "\uD800", "%", "_", "@", "<->", "|", "&", "!",
            "room:", "room:\0", "room:~c2", "room:1", "room:99999999999999", "from:", "from:\uD800", "from:%", "topic:", "topic:%", "topic:\"", "topic:'", "has:link", "lang:el", "before:2026-03-01",
            "after:0001-01-01", "before:9999-12-31", "iron", "steel", "Straße", "λόγος", "💡", "½", "a", "\u200B", ";", "--", "/*", "$1", "@question"];
        var typed = Gen.OneOf(Gen.Int[0, pieces.Length - 1].Select(number => pieces[number]), Gen.String[0, 12]).Array[0, 8].Select(parts => string.Join(' ', parts));
        await Gen.Select(typed, Gen.Bool).SampleAsync(async one =>
        {
            try
            {
                await world.FindAsync(world.Bruno, one.Item1, one.Item2 ? SearchOrder.Best : SearchOrder.Newest);
            }
            catch (RefusedException)
            {
                // A sentence is an answer.
            }
        }, iter: 300, threads: 1);
    }
}
