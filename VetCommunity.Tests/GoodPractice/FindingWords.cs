using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Search;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public class FindingWords
{
    static readonly string[] Known = ["werkstatt", "werkbank", "werk", "λόγος", "λόγοσ", "Straße", "formació", "a", "il·lusió"];
    static readonly Gen<string> Text = OneOf(Known).List[0, 6].Select(words => string.Join(' ', words));
    static readonly Gen<(string Title, string Summary, string Body)> Version = Gen.Select(Text, Text, Text);
    static readonly Gen<string> Term = Gen.OneOf(OneOf(Known), OneOf(Known).Select(word => word[..Math.Min(4, word.Length)].ToUpperInvariant()), OneOf(Known).List[1, 3].Select(words => $"\"{string.Join(' ', words)}\""));

    [Fact]
    public void What_is_found_and_in_which_order_is_that_of_reading_text_by_text() => Gen.Select(Version.List[0, 12], Term.List[1, 3]).Hold((all, typed) =>
    {
        var question = string.Join(' ', typed);
        var terms = SearchQuery.TermsOf(question);
        var shelf = Shelf(all.Select((one, index) => Shelved(index, FormattableString.Invariant($"p{index:00}"), "en", one.Title, one.Summary)));
        var words = WordsOf(shelf, one => all[one.VersionId].Body);

        var found = shelf.Find(new("en", question), 100, words.Score(terms));

        var naive = all.Select((one, index) => (Slug: FormattableString.Invariant($"p{index:00}"), Score: ScoreByReading(all, index, terms))).Where(one => one.Score > 0).ToList();
        Assert.Equal(naive.Select(one => one.Slug), found.Rows.Select(row => row.Slug).Order(StringComparer.Ordinal));
        Assert.Equal(naive.Count, found.Total);
        var scores = naive.ToDictionary(one => one.Slug, one => one.Score, StringComparer.Ordinal);
        foreach (var (better, worse) in found.Rows.Zip(found.Rows.Skip(1)))
            Assert.True(scores[better.Slug] >= scores[worse.Slug] - 1e-4 && (scores[better.Slug] > scores[worse.Slug] - 1e-4 || string.CompareOrdinal(better.Slug, worse.Slug) < 0));
    });

    [Fact]
    public void Texts_that_come_and_go_leave_the_words_of_the_others_as_they_were() => Gen.Select(Version.List[1, 8], Version.List[0, 8], Term).Hold((first, more, typed) =>
    {
        var vocabulary = new Vocabulary();
        Words(first);
        var grown = Words([.. first.Skip(1), .. more]);
        var fresh = WordsOf(grown.Shelf, one => BodyOf([.. first.Skip(1), .. more], one));

        Assert.Equal(fresh.Score(SearchQuery.TermsOf(typed)), grown.Score(SearchQuery.TermsOf(typed)));

        PracticeWords Words(List<(string Title, string Summary, string Body)> all) =>
            WordsOf(Shelf(all.Select((one, index) => Shelved(index, FormattableString.Invariant($"p{index:00}"), "en", one.Title, one.Summary))), one => BodyOf(all, one), vocabulary);
        static string BodyOf(List<(string Title, string Summary, string Body)> all, ShelvedPractice one) => all[one.VersionId].Body;
    });

    [Theory]
    [InlineData("lehrzeit", "Die LEHRZEIT beginnt")]
    [InlineData("strasse", "Neben der Straße")]
    [InlineData("ausbildungsverträge", "Ausbildungsvertrage und AUSBILDUNGSVERTRÄGE")]
    [InlineData("ΜΑΘΗΤΕΙΑ", "Η μαθητεία αρχίζει")]
    [InlineData("λογος", "Ο λόγος")]
    [InlineData("λόγοσ", "Ο ΛΟΓΟΣ")]
    [InlineData("collaboracio", "Una col·laboració")]
    [InlineData("col·laboració", "Una COL·LABORACIÓ")]
    [InlineData("practicas", "Las prácticas")]
    [InlineData("perche", "Perché no")]
    [InlineData("\"who pays\"", "And who pays?")]
    [InlineData("“who pays” when", "When it breaks, who pays?")]
    [InlineData("appr", "An apprenticeship")]
    [InlineData("room:welding", "In the room: welding")]
    public void Words_are_found_whatever_case_and_accents(string question, string body) => Assert.Equal(1, TotalOf(question, body));

    [Theory]
    [InlineData("enth", "The tenth day")]
    [InlineData("te", "The tenth day")]
    [InlineData("ten day", "The tenth day")]
    [InlineData("\"day tenth\"", "The tenth day")]
    [InlineData("\"ten\"", "The tenth day")]
    [InlineData("\"welding the\"", "The tenth day")]
    [InlineData("tenth nothing", "The tenth day")]
    public void What_does_not_stand_there_is_not_found(string question, string body) => Assert.Equal(0, TotalOf(question, body));

    [Fact]
    public void All_words_are_to_be_in_one_language_and_that_one_is_shown_where_the_readers_has_them_not()
    {
        var shelf = Shelf([Shelved(0, "pairs", "en", "Welding in pairs", ""), Shelved(1, "pairs", "it", "Saldare in coppia", "") with { IsOriginal = false }]);
        var words = WordsOf(shelf, one => one.Language == "en" ? "twice the patience" : "patience e pazienza");

        Assert.Equal(["en", "it", "en"], new[] { ("patience", "en"), ("patience", "it"), ("patience", "de") }.Select(one => LanguageOf(one.Item1, one.Item2)));
        Assert.Equal("it", LanguageOf("pazienza", "en"));
        Assert.Null(LanguageOf("welding pazienza", "en"));

        string? LanguageOf(string question, string reader) => shelf.Find(new(reader, question), 10, words.Score(SearchQuery.TermsOf(question))).Rows.SingleOrDefault()?.Language;
    }

    [Fact]
    public void Title_comes_before_summary_before_text_and_of_equals_the_newer_and_each_page_goes_on_where_the_last_one_ended()
    {
        string[] places = ["text", "summary", "title", "text", "none"];
        var shelf = Shelf(Enumerable.Range(0, 25).Select(n => Shelved(n, FormattableString.Invariant($"{places[n % 5]}-{n:00}"), "en", places[n % 5] == "title" ? "Lathe" : "Other", places[n % 5] == "summary" ? "Lathe" : "Other") with { At = DateTimeOffset.UnixEpoch.AddDays(n) }));
        var scores = WordsOf(shelf, one => one.Slug.StartsWith("text", StringComparison.Ordinal) ? "lathe" : "other").Score(SearchQuery.TermsOf("lathe"));
        List<string> expected = [.. new[] { "title", "summary", "text" }.SelectMany(place => Enumerable.Range(0, 25).Reverse().Where(n => places[n % 5] == place).Select(n => FormattableString.Invariant($"{place}-{n:00}")))];

        Assert.Equal(expected, Enumerable.Range(1, 4).SelectMany(page => shelf.Find(new("en", "lathe", Page: page), 6, scores).Rows).Select(row => row.Slug));
        List<string> followed = [];
        for (PracticePlace? after = null; ;)
        {
            var found = shelf.Find(new("en", "lathe") { After = after }, 7, scores);
            followed.AddRange(found.Rows.Select(row => row.Slug));
            Assert.Equal(20, found.Total);
            Assert.Equal(found.HasMore, found.Next is not null);
            if ((after = found.Next) is null)
                break;
        }
        Assert.Equal(expected, followed);
        Assert.Equal(expected.OrderByDescending(slug => slug[^2..], StringComparer.Ordinal), Enumerable.Range(1, 4).SelectMany(page => shelf.Find(new("en", "lathe", Page: page) { Order = SearchOrder.Newest }, 6, scores).Rows).Select(row => row.Slug));
    }

    [Fact]
    public void Facets_count_what_has_the_words()
    {
        var shelf = Shelf([Shelved(0, "one", "en", "Lathe", "", "digital"), Shelved(1, "two", "en", "Lathe", "", "green"), Shelved(2, "three", "en", "Oven", "", "green")]);
        var scores = WordsOf(shelf, _ => "").Score(SearchQuery.TermsOf("lathe"));

        var found = shelf.Find(new("en", "lathe", new Dictionary<PracticeFacet, IReadOnlyList<string>> { [PracticeFacet.Theme] = ["green"] }), 10, scores);

        Assert.Equal("two", Assert.Single(found.Rows).Slug);
        Assert.Equal([new FacetCount("digital", 1), new FacetCount("green", 1)], found.Facets[PracticeFacet.Theme]);
    }

    [Fact]
    public void Whom_to_ask_is_for_members_and_not_found() =>
        Assert.Equal(0, Find("secretaddress", Shelved(0, "one", "en", "Lathe", "") is var one ? one with { Record = one.Record with { Contact = "secretaddress" } } : null!, "").Total);

    [Fact]
    public void A_question_that_is_too_long_is_refused_with_its_limit()
    {
        var refused = Assert.Throws<RefusedException>(() => SearchQuery.TermsOf(new string('a', SearchQuery.Longest + 1)));
        Assert.Equal((Refusal.SearchTooLong, SearchQuery.Longest), (refused.Refusal, Assert.Single(refused.Arguments)));
        Assert.Single(SearchQuery.TermsOf(new string('a', SearchQuery.Longest)));
    }

    [Theory]
    [InlineData("<p>One <em>wel</em>ding</p><p>two &amp; &lt;three&gt;</p>", "One welding two & <three>")]
    [InlineData("<section aria-labelledby=\"s-a\"><h2 id=\"s-a\">A</h2><ul><li>b</li>\n<li><a href=\"https://example.org/?a>b\">c</a></li></ul></section>", "A b c")]
    [InlineData("<table><tr><td>1</td><td>2</td></tr></table>a<br>b", "1 2 a b")]
    [InlineData("", "")]
    [InlineData("no end <p", "no end")]
    public void Html_is_read_as_its_readers_read_it(string html, string words) => Assert.Equal(words, RenderedDocument.PlainOf(html));

    [Fact]
    public void The_words_of_html_are_those_of_its_markdown() => OneOf("**bold** text\n\n", "- a list\n- of two\n\n", "A [link](https://example.org) there.\n\n", "    code <b>\n\n", "1 < 2 & 3\n\n", "`x`y\n\n", "\n## Heading é\n\n").List[0, 6].Hold(parts =>
        Assert.Equal(Folded(Core.Markdown.PersonsMarkdown.Plain(string.Concat(parts))), Folded(RenderedDocument.PlainOf(RenderedDocument.Of(string.Concat(parts)).Html))));

    static Gen<string> OneOf(params string[] all) => Gen.Int[0, all.Length - 1].Select(index => all[index]);

    static List<string> Folded(string text) => Words.In(text).ConvertAll(word => word.Folded);

    static int TotalOf(string question, string body) => Find(question, Shelved(0, "one", "en", "Welding", ""), body).Total;

    static FoundPractices Find(string question, ShelvedPractice practice, string body)
    {
        var shelf = Shelf([practice]);
        return shelf.Find(new("en", question), 10, WordsOf(shelf, _ => body).Score(SearchQuery.TermsOf(question)));
    }

    static PracticeShelf Shelf(IEnumerable<ShelvedPractice> practices) => new(1, practices);

    static PracticeWords WordsOf(PracticeShelf shelf, Func<ShelvedPractice, string> body, Vocabulary? vocabulary = null)
    {
        vocabulary ??= new();
        return new(shelf, [.. shelf.Versions.Select(one => VersionWords.Of(one, body(one), vocabulary))], vocabulary.Known);
    }

    // BM25 as the books have it, over lists of words.
    static double ScoreByReading(List<(string Title, string Summary, string Body)> all, int index, IReadOnlyList<SearchTerm> terms)
    {
        var fields = all.ConvertAll(one => new[] { Words.In(one.Title), Words.In(one.Summary), Words.In(one.Body) });
        // A gap behind each of title, summary, organisation, region, cost, resources and text.
        var lengths = fields.ConvertAll(one => one.Sum(words => words.Count) + 7);
        var score = 0.0;
        foreach (var term in terms)
        {
            var weights = fields.ConvertAll(one => one.Zip([8, 4, 1], (words, weight) => weight * Times(words, term)).Sum());
            if (weights[index] == 0)
                return 0;
            var found = weights.Count(weight => weight > 0);
            score += Math.Log(1 + ((all.Count - found + 0.5) / (found + 0.5))) * weights[index] * 2.2 / (weights[index] + (1.2 * (0.25 + (0.75 * lengths[index] / lengths.Average()))));
        }
        return score;
    }

    static int Times(List<Word> words, SearchTerm term) =>
        Hits.In(words, [term]).Count + (term is { IsBeginning: true, Words.Count: 1 } ? Hits.In(words, [term with { IsBeginning = false }]).Count : 0);

    static ShelvedPractice Shelved(int number, string slug, string language, string title, string summary, string? theme = null) => new(number, 1, slug, language, true, null, "", null, DateTimeOffset.UnixEpoch, new()
    {
        Title = title,
        Summary = summary,
        Values = Enum.GetValues<PracticeFacet>().ToDictionary(facet => facet, facet => facet == PracticeFacet.Theme && theme is not null ? (IReadOnlyList<string>)[theme] : []),
    });
}
