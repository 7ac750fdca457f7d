using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Search;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Search;

public class FindingMessages
{
    [Promise("IN10")]
    [Theory, OnBothDatabases]
    public async Task Spellings_that_a_reader_takes_for_the_same_find_each_other(Database database)
    {
        await using var world = await World.OpenAsync(database);
        foreach (var (written, asked) in ((string, string)[])[
            ("Ο λόγος της μαθητείας", "λογοσ"), ("ΛΌΓΟΣ ΚΑΙ ΠΡΑΞΗ", "λόγος πράξη"), ("Die Straße zum Betrieb", "STRASSE"), ("zum Meister in Gross-Gerau", "groß-gerau"),
            ("El col·legi professional", "collegi"), ("Un collega del COL·LEGI", "col·legi"), ("Perché no, è così", "perche cosi"), ("Formación técnica", "FORMACION TECNICA"),
            ("The naïve Learner’s café", "learner's cafe"), ("Prüfungsergebnisse", "prufungserg")])
        {
            var seq = (await world.SayAsync(world.Anna, written)).Seq;

            Assert.Contains((await world.FindAsync(world.Bruno, asked)).Messages, message => message.Seq == seq);
        }
    }

    [Theory, OnBothDatabases]
    public async Task All_words_must_be_there_and_the_last_may_be_unfinished(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "The milling machine is repaired");
        await world.SayAsync(world.Anna, "A machine for milling, and machinery beside it");

        Assert.Equal(2, (await world.TextsAsync(world.Bruno, "mill")).Length);
        Assert.Equal(["A machine for milling, and machinery beside it"], await world.TextsAsync(world.Bruno, "milling machiner"));
        Assert.Empty(await world.TextsAsync(world.Bruno, "mill machine"));
        Assert.Empty(await world.TextsAsync(world.Bruno, "milling turning"));
        Assert.Equal(["The milling machine is repaired"], await world.TextsAsync(world.Bruno, "\"milling machine\""));
        Assert.Empty(await world.TextsAsync(world.Bruno, "\"milling machin\""));
        Assert.Equal(["milling machine", "repaired"], await world.MarksAsync(world.Bruno, "milling machine repa"));
    }

    [Theory, OnBothDatabases]
    public async Task Each_operator_narrows_what_is_found(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.AddAsync(new() { Kind = ConversationKind.Room, Slug = "forja", Title = "Forja", IsOpen = 1, Language = "es" }, [world.Anna], []);
        await world.SayAsync(world.Anna, "Steel one, see https://example.org");
        await world.SayAsync(world.Bruno, "Steel two with `code`", topic: "Safety at work");
        world.Clock.Advance(TimeSpan.FromDays(3));
        await world.Conversations.PostAsync(world.Anna, new("forja", "three", null, "Steel three\n\n| a | b |\n|---|---|\n| 1 | 2 |", Language: "es"));

        Assert.Equal(3, (await world.TextsAsync(world.Bruno, "steel")).Length);
        await IsAsync("steel room:forja", "three");
        await IsAsync("room:forja", "three");
        await IsAsync("steel room:welding room:forja from:anna", "three", "one");
        await IsAsync("steel topic:safety", "two");
        await IsAsync("topic:\"SAFETY at\"", "two");
        await IsAsync("steel topic:nowhere");
        await IsAsync("steel from:me", "two");
        await IsAsync("from:@ANNA steel", "three", "one");
        await IsAsync("has:link", "one");
        await IsAsync("has:code steel", "two");
        await IsAsync("has:table", "three");
        await IsAsync("has:table has:link");
        await IsAsync("steel lang:es", "three");
        await IsAsync("steel lang:en", "two", "one");
        // The clock of the world begins on 2 March 2026, 9 in the morning for Bruno.
        await IsAsync("steel before:2026-03-03", "two", "one");
        await IsAsync("steel after:2026-03-05", "three");
        await IsAsync("steel after:2026-03-02 before:2026-03-05", "two", "one");
        await IsAsync("before:2026-03-02");

        async Task IsAsync(string asked, params string[] numbers) =>
            Assert.Equal(numbers, (await world.TextsAsync(world.Bruno, asked)).Select(text => text.Split(' ')[1].TrimEnd(',')));
    }

    [Theory, OnBothDatabases]
    public async Task A_wrong_name_gets_a_sentence_that_names_it(Database database)
    {
        await using var world = await World.OpenAsync(database);

        Assert.Equal(Refusal.SearchRoomUnknown, await World.RefusalOfAsync(() => world.FindAsync(world.Bruno, "room:nowhere")));
        Assert.Equal(Refusal.SearchRoomUnknown, await World.RefusalOfAsync(() => world.FindAsync(world.Bruno, "room:board")));
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => world.FindAsync(world.Bruno, "from:nobody")));
        Assert.Equal(Refusal.NothingToSearch, await World.RefusalOfAsync(() => world.FindAsync(world.Bruno, "\"")));
        await Assert.ThrowsAsync<NotFoundException>(() => world.FindAsync(world.Bruno, "steel", cursor: "forged"));
    }

    [Theory, OnBothDatabases]
    public async Task The_best_come_first(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "The milling machine");
        await world.SayAsync(world.Anna, "About the rest of it", topic: "Milling");
        await world.SayAsync(world.Anna, "A machine, and far away from it in a sentence that goes on and on, until somebody comes to milling at last and ends it");

        Assert.Equal("The milling machine", (await world.TextsAsync(world.Bruno, "milling machine", SearchOrder.Best))[0]);
        Assert.StartsWith("A machine, and far", (await world.TextsAsync(world.Bruno, "milling machine"))[0], StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_snippet_shows_the_place_and_marks_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var long_ = string.Join(' ', Enumerable.Repeat("Vorher und nachher.", 40));
        await world.SayAsync(world.Anna, $"{long_} Die **Straße** zum Betrieb. {long_}");

        var snippet = (await world.FindAsync(world.Bruno, "strasse")).Messages[0].Snippet;
        Assert.Equal("Straße", Assert.Single(snippet, part => part.IsHit).Text);
        Assert.StartsWith("…", snippet[0].Text, StringComparison.Ordinal);
        Assert.EndsWith("…", snippet[^1].Text, StringComparison.Ordinal);
        Assert.InRange(snippet.Sum(part => part.Text.Length), 100, 230);
    }

    [Theory, OnBothDatabases]
    public async Task Pages_show_everything_once_whatever_happens_between_them(Database database)
    {
        await using var world = await World.OpenAsync(database);
        // More than are ranked together, many of them in one millisecond.
        await Task.WhenAll(Enumerable.Range(1, 450).Select(n => world.SayAsync(world.Anna, n % 3 == 0 ? $"Iron number {n}" : $"Number {n} is about iron, like so many others that were written here")));
        foreach (var order in Enum.GetValues<SearchOrder>())
        {
            List<long> seen = [];
            var before = await world.InDbAsync(db => Task.FromResult(db.Messages.Count(m => m.DeletedAt == null)));
            for (string? cursor = null, at = "first"; at is not null; at = cursor)
            {
                var page = await world.FindAsync(world.Bruno, "iron", order, cursor);
                Assert.InRange(page.Messages.Count, 1, MessageSearch.Page);
                seen.AddRange(page.Messages.Select(message => message.Seq));
                cursor = page.Next;
                await world.SayAsync(world.Anna, "More iron");
            }
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Equal(before, seen.Count);
            if (order == SearchOrder.Newest)
                Assert.Equal(seen.OrderDescending(), seen);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Files_and_pictures_are_found_by_what_they_are_however_the_message_changes(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Words alone");
        var plan = await world.Attachments.UploadAsync(world.Anna, new MemoryStream(MadeFiles.Pdf()), "plan.pdf", null);
        var photo = await world.Attachments.UploadAsync(world.Anna, new MemoryStream(MadeFiles.Photograph(60, 40)), "bench.jpg", null);
        await world.Conversations.PostAsync(world.Anna, new("welding", "plan", null, "The plan", Attachments: [plan.Id]));
        await world.Conversations.PostAsync(world.Anna, new("welding", "photo", null, "The bench", Attachments: [photo.Id]));

        Assert.Equal(["The bench", "The plan"], await world.TextsAsync(world.Bruno, "has:file"));
        Assert.Equal(["The bench"], await world.TextsAsync(world.Bruno, "has:image"));
        await world.Conversations.EditAsync(world.Anna, "welding", 3, "The new bench");
        await world.Topics.MoveAsync(world.Anna, "welding", 3, "Benches");
        Assert.Equal(["The new bench"], await world.TextsAsync(world.Bruno, "has:image topic:benches"));
    }
}
