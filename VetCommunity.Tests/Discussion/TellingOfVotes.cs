using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VetCommunity.App.Conversations;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class TellingOfVotes
{
    [Theory, OnBothDatabases]
    public async Task Of_many_votes_that_come_together_the_last_is_shown_and_none_is_left_out(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        using var ready = new ReadyArticles();
        var renderer = new MessageRenderer(services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<ILoggerFactory>(), ready);
        var seq = await world.AskAsync(world.Anna, ["Yes", "No"]);
        for (var i = 0; i < 20; i++)
            await world.Polls.VoteAsync(world.Bruno, "welding", seq, [1 + (i % 2)]);
        await world.SayAsync(world.Anna, "And then?");

        var fragments = await renderer.FragmentsAsync((await world.Conversations.ChangesAsync(world.Bruno, "welding", 0)).Changes, "en");

        Assert.Equal(Enumerable.Range(1, 22).Select(i => (long)i), fragments.Select(fragment => fragment.Version));
        Assert.Equal(["append", .. Enumerable.Repeat("pass", 19), "replace", "append"], fragments.Select(fragment => fragment.Op));
        Assert.All(fragments, fragment => Assert.Equal(fragment.Op == "pass", fragment.Html.Length == 0));
        Assert.Contains("1 vote · 100%", fragments[20].Html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-chosen", fragments[20].Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Pages_that_follow_one_by_one_or_catch_up_end_with_the_same_message(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        using var ready = new ReadyArticles();
        var renderer = new MessageRenderer(services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<ILoggerFactory>(), ready);
        var seq = await world.AskAsync(world.Anna, ["Yes", "No"], several: true);
        foreach (var choices in (int[][])[[1], [1, 2], [2]])
            await world.Polls.VoteAsync(world.Bruno, "welding", seq, choices);
        await world.Conversations.ReactAsync(world.Anna, "welding", seq, "👍", on: true);
        await world.Polls.EndAsync(world.Anna, "welding", seq);

        var changes = (await world.Conversations.ChangesAsync(world.Bruno, "welding", 1)).Changes;
        var together = await renderer.FragmentsAsync(changes, "de");
        var opened = await renderer.FragmentsAsync((await world.Conversations.OpenAsync(world.Bruno, "welding")).Messages, "de");
        Assert.Equal(opened.Single().Html, together[^1].Html);
        Assert.Equal(opened.Single().Html, (await renderer.FragmentsAsync([changes[^1]], "de")).Single().Html);
    }
}
