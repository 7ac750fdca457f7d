using CsCheck;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public class NarrowingDown
{
    static readonly string[] Values = ["a", "b", "c"];
    static readonly PracticeFacet[] Own = [PracticeFacet.Theme, PracticeFacet.Audience, PracticeFacet.Sector];
    static readonly Gen<List<string>> Some = Gen.Int[0, 7].Select(bits => Values.Where((_, index) => (bits & (1 << index)) != 0).ToList());
    static readonly Gen<(List<string>[] Has, string Language)> Practice = Gen.Select(Some.Array[3], Gen.Bool.Select(isItalian => isItalian ? "it" : "en"));

    [Fact]
    public void Rows_and_counts_are_those_of_asking_one_by_one() => Gen.Select(Practice.Array[0, 12], Some.Array[3]).Hold((all, wishes) =>
    {
        var practices = all.Select((one, index) => Shelved($"p{index}", one.Language, one.Has)).ToList();
        var shelf = new PracticeShelf(1, practices);
        var chosen = Own.Zip(wishes).ToDictionary(one => one.First, one => (IReadOnlyList<string>)one.Second);

        var found = shelf.Find(new("en", "", chosen), 100);

        Assert.Equal(Matching(practices, chosen), found.Rows.Select(row => row.Slug).Order(StringComparer.Ordinal));
        Assert.Equal(found.Rows.Count, found.Total);
        foreach (var facet in Own)
        {
            // Choosing the value instead of the facet's others finds so many.
            foreach (var value in Values)
            {
                var instead = new Dictionary<PracticeFacet, IReadOnlyList<string>>(chosen) { [facet] = [value] };
                Assert.Equal(Matching(practices, instead).Count, found.Facets[facet].SingleOrDefault(one => one.Value == value)?.Count ?? 0);
            }
        }
    });

    [Fact]
    public void Each_page_goes_on_where_the_last_one_ended()
    {
        var shelf = new PracticeShelf(1, Enumerable.Range(0, 25).Select(number => Shelved($"p{number:00}", "en", [[], [], []]) with { At = DateTimeOffset.UnixEpoch.AddDays(number) }));

        var pages = Enumerable.Range(1, 4).Select(page => shelf.Find(new("en", Page: page), 10)).ToList();

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(number => $"p{number:00}"), pages.SelectMany(page => page.Rows).Select(row => row.Slug));
        Assert.Equal([true, true, false, false], pages.Select(page => page.HasMore));
        Assert.All(pages, page => Assert.Equal(25, page.Total));
    }

    [Fact]
    public void What_comes_after_a_place_is_the_same_when_the_practice_there_was_published_anew_or_is_gone()
    {
        var practices = Enumerable.Range(0, 9).Select(number => Shelved($"p{number}", "en", [[], [], []]) with { At = DateTimeOffset.UnixEpoch.AddDays(number / 3) }).ToList();
        var first = new PracticeShelf(1, practices).Find(new("en"), 4);
        Assert.Equal(["p6", "p7", "p8", "p3"], first.Rows.Select(row => row.Slug));

        foreach (var changed in (PracticeShelf[])[new(1, practices), new(2, practices.Where(one => one.Slug != "p3")), new(2, practices.Select(one => one.Slug == "p3" ? one with { At = one.At.AddYears(1) } : one))])
        {
            var rest = changed.Find(new("en") { After = first.Next }, 4);
            Assert.Equal(["p4", "p5", "p0", "p1"], rest.Rows.Select(row => row.Slug));
            Assert.Equal(["p2"], changed.Find(new("en") { After = rest.Next }, 4).Rows.Select(row => row.Slug));
            Assert.Null(changed.Find(new("en") { After = rest.Next }, 4).Next);
        }
    }

    [Fact]
    public void What_is_chosen_and_finds_nothing_stays_to_be_taken_away()
    {
        var shelf = new PracticeShelf(1, [Shelved("one", "en", [["a"], [], []])]);

        var found = shelf.Find(new("en", "", new Dictionary<PracticeFacet, IReadOnlyList<string>> { [PracticeFacet.Theme] = ["nobody's"] }), 10);

        Assert.Equal(0, found.Total);
        Assert.Equal([new FacetCount("a", 1), new FacetCount("nobody's", 0)], found.Facets[PracticeFacet.Theme]);
    }

    static List<string> Matching(List<ShelvedPractice> practices, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> chosen) =>
        [.. practices.Where(one => chosen.All(wish => wish.Value.Count == 0 || one.Record.Values[wish.Key].Intersect(wish.Value).Any())).Select(one => one.Slug).Order(StringComparer.Ordinal)];

    static ShelvedPractice Shelved(string slug, string language, IReadOnlyList<string>[] has) => new(1, 1, slug, language, true, null, "", null, DateTimeOffset.UnixEpoch, new()
    {
        Title = slug,
        Values = Enum.GetValues<PracticeFacet>().ToDictionary(facet => facet, facet => Array.IndexOf(Own, facet) is >= 0 and var own ? has[own] : (IReadOnlyList<string>)[]),
    });
}
