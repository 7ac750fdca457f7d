using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public class LinkingPractices
{
    [Theory, OnBothDatabases]
    public async Task Practices_are_found_by_whoever_writes_once_they_are_published(Database database)
    {
        await using var world = await OpenAsync(database);
        var links = Links(world);
        await world.WriteAsync(world.Bruno, Text("Welding in pairs", "One mask."));
        foreach (var who in (Actor[])[Actor.Visitor, world.Bruno, world.Eva])
            Assert.Empty((await links.FindAsync(who, "pairs", "en")).Practices);

        await world.Publications.PublishAsync(world.Eva, English, 1);
        foreach (var who in (Actor[])[Actor.Visitor, world.Olga, world.Bruno, world.Eva])
            Assert.Equal(new("Welding in pairs", "/practices/welding-in-pairs", "Guild", "en"), Assert.Single((await links.FindAsync(who, "pairs", "it")).Practices));

        await world.Languages.AddAsync(world.Bruno, English, "it");
        await world.WriteAsync(world.Bruno, Text("Saldare in coppia e pairs", "Una maschera."), where: Italian);
        await world.Publications.PublishAsync(world.Eva, Italian, 1);
        Assert.Equal(new("Saldare in coppia e pairs", "/practices/welding-in-pairs", "Guild", "it"), Assert.Single((await links.FindAsync(world.Olga, "pairs", "it")).Practices));

        await world.All.DeleteAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs");
        Assert.Empty((await links.FindAsync(world.Bruno, "pairs", "en")).Practices);
    }

    [Theory, OnBothDatabases]
    public async Task Rooms_are_found_by_those_who_may_read_them(Database database)
    {
        await using var world = await OpenAsync(database);
        var (links, anna) = (Links(world), world.World.Anna);

        Assert.Empty(await RoomsAsync(Actor.Visitor, "welding"));
        Assert.Equal(["/rooms/welding"], await RoomsAsync(world.Olga, "WÉLD"));
        Assert.Empty(await RoomsAsync(world.Olga, "board"));
        Assert.Equal(["/rooms/board"], await RoomsAsync(anna, "board"));
        // The talk of two has no address of its own that others could follow.
        Assert.Empty((await links.FindAsync(anna, "bruno", "en")).Rooms);

        await world.World.InDbAsync(async db =>
        {
            var room = await db.Conversations.SingleAsync(c => c.Slug == "welding");
            db.Restrictions.Add(new() { ConversationId = room.Id, MemberId = world.Olga.MemberId, BannedUntil = DateTimeOffset.MaxValue });
            return await db.SaveChangesAsync();
        });
        Assert.Empty(await RoomsAsync(world.Olga, "welding"));
        Assert.Equal(["/rooms/welding"], await RoomsAsync(world.Bruno, "welding"));

        async Task<IEnumerable<string>> RoomsAsync(Actor who, string words) => (await links.FindAsync(who, words, "en")).Rooms.Select(one => one.Address);
    }

    [Theory, OnBothDatabases]
    public async Task People_are_found_by_members_without_their_accents_and_only_those_whom_members_see(Database database)
    {
        await using var world = await OpenAsync(database);
        var links = Links(world);

        Assert.Empty(await PeopleAsync(Actor.Visitor, "anna"));
        Assert.Equal(["/people/anna"], await PeopleAsync(world.Olga, "ann"));
        Assert.Equal(["/people/olga"], await PeopleAsync(world.Bruno, "ολγα νικ"));
        Assert.Equal(["/people/bruno"], await PeopleAsync(world.Olga, "@bruno WEISS"));
        // Eva's address is not confirmed.
        Assert.Empty(await PeopleAsync(world.Olga, "eva"));
        // Where a word of the name begins so, it comes first.
        Assert.Equal(["/people/anna", "/people/bruno", "/people/carla"], await PeopleAsync(world.Olga, "r"));

        await world.World.InDbAsync(db => db.Users.Where(m => m.Handle == "anna").ExecuteUpdateAsync(set => set.SetProperty(m => m.SuspendedUntil, DateTimeOffset.MaxValue)));
        Assert.Empty(await PeopleAsync(world.Olga, "anna"));

        async Task<IEnumerable<string>> PeopleAsync(Actor who, string words) => (await links.FindAsync(who, words, "en")).People.Select(one => one.Address);
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_is_typed_is_answered_with_a_few_or_refused_with_a_sentence(Database database)
    {
        await using var world = await OpenAsync(database);
        var links = Links(world);
        for (var number = 1; number <= PracticeLinks.Most + 3; number++)
            await world.World.AddAsync(new() { Kind = ConversationKind.Room, Slug = FormattableString.Invariant($"hall-{number}"), Title = FormattableString.Invariant($"Hall {number}"), IsOpen = 1 }, [], []);

        Assert.Equal(PracticeLinks.Most, (await links.FindAsync(world.Olga, "hall", "en")).Rooms.Count);
        foreach (var nothing in (string?[])[null, "", "   ", "***", "%", "_", "\0", "\ud800", "\"", "\u202e", "[](", "' OR 1=1 --", "hall\0board", new('x', 500), string.Concat(Enumerable.Repeat("ab ", 166)), "room:board"])
        {
            var found = await links.FindAsync(world.Olga, nothing, "en");
            Assert.Equal((0, 0, 0), (found.Practices.Count, found.Rooms.Count, found.People.Count));
        }
        Assert.Equal(Refusal.SearchTooLong, await Tests.World.RefusalOfAsync(() => links.FindAsync(world.Olga, new('x', 501), "en")));
        Assert.Equal(Refusal.BadChoice, await Tests.World.RefusalOfAsync(() => links.FindAsync(world.Olga, "hall", "xx")));
    }

    static string Text(string title, string body) => $"---\ntitle: {title}\n---\n\n## Context\n\n{body}\n";

    static PracticeLinks Links(Documents.DocumentsWorld world) => new(world.World.Db, new(world.World.Db), world.World.Clock);
}
