using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Search;

namespace VetCommunity.Bench;

/// <summary>What the first page of practices costs with its facets and snippets, among ten thousand.</summary>
static class PracticeSearch
{
    // What counts is the code as a server has it that has run for a minute.
    const int WarmUp = 10;

    static readonly (string Name, string Text, PracticeFacet? Facet, string Value)[] Searches =
    [
        ("a rare word (10 practices)", PracticeWorld.Rare, null, ""),
        ("a medium word (one in 25)", PracticeWorld.Medium, null, ""),
        ("a common word (one in 2)", PracticeWorld.Common, null, ""),
        ("an unfinished common word", PracticeWorld.Common[..4], null, ""),
        ("two common words", $"{PracticeWorld.Common} {PracticeWorld.Second}", null, ""),
        ("a phrase", $"\"{PracticeWorld.Common} {PracticeWorld.Second}\"", null, ""),
        ("a phrase of the two most frequent words of a language", $"\"{string.Join(' ', PracticeWorld.MostFrequent)}\"", null, ""),
        ("a word of all texts (their heading)", "context", null, ""),
        ("a common word in a country", PracticeWorld.Common, PracticeFacet.Country, "IT"),
        ("no word, a theme", "", PracticeFacet.Theme, "digital"),
    ];

    public static async Task MeasureAsync(string database, Figures figures, CommunityDbFactory db, string folder)
    {
        var practices = await PracticeWorld.ImportAsync(db, folder);
        await practices.FindAsync(Actor.Visitor, new("en"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var first = await SearchLoad.CostAsync(() => practices.PrepareAsync(Actor.Operator), 1);
        Figures.Note($"{database}: {first.Cpu / 1000:F1} s of CPU to read {PracticeWorld.Count:N0} texts before the first search; {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:F0} MB for their words");
        foreach (var (name, text, facet, value) in Searches)
        {
            foreach (var order in Enum.GetValues<SearchOrder>())
            {
                for (var time = 0; time < WarmUp; time++)
                    await SearchLoad.CostAsync(FindAsync);
                var (_, cost) = await SearchLoad.InTurnsAsync(() => Task.CompletedTask, FindAsync);
                Figures.Note($"{database}: {name}, {order}: {cost.Elapsed:F2} ms, {cost.Cpu:F2} ms CPU");
                figures.AtMost($"{database}: practices: {name}, {order}: ms CPU of the program", cost.Cpu, 5);

                Task FindAsync() => practices.FindAsync(Actor.Visitor, new("en", text, facet is { } one ? new Dictionary<PracticeFacet, IReadOnlyList<string>> { [one] = [value] } : null) { Order = order, WithSnippets = true });
            }
        }
    }
}
