using Microsoft.AspNetCore.Http;
using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Documents;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Bridging;

/// <summary>A machine's translation of a section of a practice.</summary>
public class SuggestingSections
{
    const string Source = "---\ntitle: Good welding\nsummary: Two are good.\n---\n\n## Good things\r\n\r\nA **good** [way](https://example.org/good).\r\n\r\n{{quotes}}\r\n\r\n- one good\n\n## Empty\n\n```\ncode\n```\n";

    [Theory, OnBothDatabases]
    public async Task Markdown_stays_as_it_is_and_nothing_is_stored(Database database)
    {
        await using var service = await LibreService.StartAsync(asked => Results.Json(new { translatedText = asked.GetProperty("q").GetString()!.Replace("good", "buono", StringComparison.OrdinalIgnoreCase) }));
        using var machine = service.Machine(key: null);
        await using var world = await BegunAsync(database);
        await world.Publications.PublishAsync(world.Eva, English, 1);
        var suggestions = new SectionSuggestions(world.World.Db, world.Kinds, machine);

        Assert.Equal(new SectionSuggestion("## buono things\n\nA **buono** [way](https://example.org/good).\n\n{{quotes}}\n\n- one buono", "", "", "LibreTranslate"), await suggestions.AskAsync(world.Bruno, Italian, 1, "good-things"));
        Assert.Equal(new SectionSuggestion("", "buono welding", "Two are buono.", "LibreTranslate"), await suggestions.AskAsync(world.Bruno, Italian, 1, Sections.FrontMatterKey));
        Assert.All(service.Asked, asked => Assert.Equal(("en", "it"), (asked.GetProperty("source").GetString(), asked.GetProperty("target").GetString())));
        Assert.DoesNotContain("quotes", service.Asked[0].GetProperty("q").GetString(), StringComparison.Ordinal);

        var open = await new Translating(world.World.Db, world.Kinds, world.Storing, world.World.Clock).OpenAsync(world.Bruno, Italian);
        Assert.Equal(0, open.Base);
        Assert.All(open.Pairs, pair => Assert.Equal(SectionState.Missing, pair.State));
    }

    [Theory, OnBothDatabases]
    public async Task It_is_asked_only_by_who_translates_and_only_of_what_everybody_reads(Database database)
    {
        await using var service = await LibreService.StartAsync(asked => Results.Json(new { translatedText = asked.GetProperty("q").GetString() }));
        using var machine = service.Machine(key: null);
        await using var world = await BegunAsync(database);
        var suggestions = new SectionSuggestions(world.World.Db, world.Kinds, machine);

        // Not published yet.
        await Assert.ThrowsAsync<NotFoundException>(() => suggestions.AskAsync(world.Bruno, Italian, 1, "good-things"));
        await world.Publications.PublishAsync(world.Eva, English, 1);
        foreach (var other in (Actor[])[world.Nina, world.Olga, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => suggestions.AskAsync(other, Italian, 1, "good-things"));
        await world.WriteAsync(world.Bruno, Source + "\n## New\n\nnot yet public\n");
        await Assert.ThrowsAsync<NotFoundException>(() => suggestions.AskAsync(world.Bruno, Italian, 2, "new"));
        await Assert.ThrowsAsync<NotFoundException>(() => suggestions.AskAsync(world.Bruno, English, 1, "good-things"));
        await Assert.ThrowsAsync<NotFoundException>(() => suggestions.AskAsync(world.Bruno, Italian, 1, "absent"));
        await Assert.ThrowsAsync<NotFoundException>(() => new SectionSuggestions(world.World.Db, world.Kinds, new NoSuggestions()).AskAsync(world.Bruno, Italian, 1, "good-things"));
        Assert.Empty(service.Asked);

        await suggestions.AskAsync(world.Bruno, Italian, 1, "good-things");
        await world.Publications.WithdrawAsync(world.Eva, English);
        await Assert.ThrowsAsync<NotFoundException>(() => suggestions.AskAsync(world.Bruno, Italian, 1, "good-things"));
        Assert.Single(service.Asked);
        Assert.Null(suggestions.MachineFor("en", "en"));
        Assert.Null(suggestions.MachineFor("fr", "en"));
        Assert.Equal("LibreTranslate", suggestions.MachineFor("en", "el"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_no_use_is_a_sentence(Database database)
    {
        var answer = "";
        await using var service = await LibreService.StartAsync(_ => Results.Json(new { translatedText = answer }));
        using var machine = service.Machine(key: null);
        await using var world = await BegunAsync(database, "\n## Long\n\n" + new string('x', SectionSuggestions.Most) + "\n");
        await world.Publications.PublishAsync(world.Eva, English, 1);
        var suggestions = new SectionSuggestions(world.World.Db, world.Kinds, machine);

        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => suggestions.AskAsync(world.Bruno, Italian, 1, "long")));
        Assert.Empty(service.Asked);
        // Not in the form of the question.
        answer = "One line alone";
        Assert.Equal(Refusal.MachineUnavailable, await World.RefusalOfAsync(() => suggestions.AskAsync(world.Bruno, Italian, 1, "good-things")));
    }

    static async Task<DocumentsWorld> BegunAsync(Database database, string more = "")
    {
        var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, Source + more);
        await world.Languages.AddAsync(world.Bruno, English, "it");
        return world;
    }
}
