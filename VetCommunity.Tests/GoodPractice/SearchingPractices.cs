using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public class SearchingPractices
{
    [Theory, OnBothDatabases]
    public async Task Published_texts_are_found_from_that_moment_on_and_no_others(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await world.WriteAsync(world.Bruno, Text("Welding in pairs", "The apprentices share one **mask**."));
        Assert.Equal(0, await TotalAsync("mask"));

        await world.Publications.PublishAsync(world.Eva, English, 1);
        Assert.Equal(1, await TotalAsync("mask"));
        Assert.Equal(1, await TotalAsync("guild"));

        // A revision that nobody published, and a draft.
        await world.WriteAsync(world.Bruno, Text("Welding in pairs", "The apprentices share one glove."));
        var open = await world.Drafts.OpenAsync(world.Bruno, English);
        await world.Drafts.SaveAsync(world.Bruno, English, Text("Welding in pairs", "An apron for all."), new(open.Newest, open.Version, open.Source));
        Assert.Equal([1, 0, 0], await TotalsAsync("mask", "glove", "apron"));

        await world.Publications.PublishAsync(world.Eva, English, 2);
        Assert.Equal([0, 1, 0], await TotalsAsync("mask", "glove", "apron"));

        await world.Languages.AddAsync(world.Bruno, English, "it");
        await world.WriteAsync(world.Bruno, Text("Saldare in coppia", "Un solo guanto."), where: Italian);
        Assert.Equal(0, await TotalAsync("guanto"));
        await world.Publications.PublishAsync(world.Eva, Italian, 1);
        Assert.Equal([1, 1, 0], await TotalsAsync("guanto", "glove", "glove guanto"));

        await world.Publications.WithdrawAsync(world.Eva, English);
        Assert.Equal([1, 0], await TotalsAsync("guanto", "glove"));
        await world.All.DeleteAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs");
        Assert.Equal([0, 0], await TotalsAsync("guanto", "glove"));
        await world.All.RestoreAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs");
        Assert.Equal([1, 0], await TotalsAsync("guanto", "glove"));

        async Task<int> TotalAsync(string words) => (await practices.FindAsync(Actor.Visitor, new("en", words))).Total;
        async Task<List<int>> TotalsAsync(params string[] all)
        {
            List<int> totals = [];
            foreach (var words in all)
                totals.Add(await TotalAsync(words));
            return totals;
        }
    }

    [Theory, OnBothDatabases]
    public async Task Each_row_shows_the_piece_that_was_looked_for_in_its_language(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await world.WriteAsync(world.Bruno, Text("Welding in pairs", string.Concat(Enumerable.Repeat("Much is said before. ", 40)) + "Then they share **one mask** at last."));
        await world.Publications.PublishAsync(world.Eva, English, 1);

        var row = Assert.Single((await practices.FindAsync(Actor.Visitor, new("it", "\"one mask\"") { WithSnippets = true })).Rows);

        Assert.Equal("en", row.Language);
        Assert.Equal("one mask", Assert.Single(row.Snippet, part => part.IsHit).Text);
        Assert.Empty(Assert.Single((await practices.FindAsync(Actor.Visitor, new("it", "mask"))).Rows).Snippet);
    }

    [Theory, OnBothDatabases]
    public async Task What_another_process_publishes_is_found_here(Database database)
    {
        await using var world = await OpenAsync(database);
        var (here, there) = (new Practices(world.World.Db), new Practices(world.World.Db));
        await here.PrepareAsync(Actor.Operator);
        await world.WriteAsync(world.Bruno, Text("Welding in pairs", "One mask."));
        await world.Publications.PublishAsync(world.Eva, English, 1);

        foreach (var practices in (Practices[])[there, here])
            Assert.Equal(1, (await practices.FindAsync(Actor.Visitor, new("en", "mask"))).Total);
    }

    [Fact]
    public async Task Many_who_search_while_others_publish_find_what_was_there_before()
    {
        await using var world = await OpenAsync(Database.Sqlite);
        var practices = new Practices(world.World.Db);
        await world.WriteAsync(world.Bruno, Text("Welding in pairs", "Always one mask."));
        await world.Publications.PublishAsync(world.Eva, English, 1);
        using var done = new CancellationTokenSource();
        var searching = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var times = 0;
            for (; !done.IsCancellationRequested || times == 0; times++)
                Assert.Equal(1, (await practices.FindAsync(Actor.Visitor, new("en", "mask") { WithSnippets = true })).Total);
            return times;
        })).ToList();

        for (var number = 2; number < 12; number++)
        {
            await world.WriteAsync(world.Bruno, Text("Welding in pairs", FormattableString.Invariant($"Always one mask, told {number} times.")));
            await world.Publications.PublishAsync(world.Eva, English, number);
        }
        await done.CancelAsync();

        Assert.All(await Task.WhenAll(searching), times => Assert.True(times > 0));
        Assert.Equal(1, (await practices.FindAsync(Actor.Visitor, new("en", "\"told 11 times\""))).Total);
    }

    static string Text(string title, string body) => $"---\ntitle: {title}\n---\n\n## Context\n\n{body}\n";
}
