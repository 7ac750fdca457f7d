using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Search;

public class AskingInWords
{
    [Fact]
    public void Words_phrases_and_operators_are_told_apart()
    {
        var query = SearchQuery.Parse("milling \"who pays\" room:welding topic:\"safety first\" from:@Anna has:link lang:DE e-mail", "UTC");

        Assert.Null(query.Wrong);
        Assert.Equal(["milling", "who pays", "e mail"], query.Terms.Select(term => string.Join(' ', term.Words)));
        Assert.Equal([false, false, true], query.Terms.Select(term => term.IsBeginning));
        Assert.Equal(["welding"], query.Rooms);
        Assert.Equal(["safety first"], query.Topics);
        Assert.Equal(["anna"], query.Authors);
        Assert.Equal(["de"], query.Languages);
        Assert.Equal(Contents.Link, query.Has);
    }

    [Theory]
    [InlineData("12:30", "12 30")]
    [InlineData("https://example.org", "https example org")]
    [InlineData("from:", "from")]
    [InlineData("wo:rt", "wo rt")]
    [InlineData(":x", "x")]
    public void What_is_no_operator_is_a_word(string text, string words) =>
        Assert.Equal(words, string.Join(' ', Assert.Single(SearchQuery.Parse(text, "UTC").Terms).Words));

    [Theory]
    [InlineData("“two words”")]
    [InlineData("„two words“")]
    [InlineData("«two words»")]
    [InlineData("\"two words")]
    public void Quotation_marks_of_every_language_hold_words_together(string text)
    {
        var term = Assert.Single(SearchQuery.Parse(text, "UTC").Terms);

        Assert.Equal(["two", "words"], term.Words);
        Assert.False(term.IsBeginning);
    }

    [Fact]
    public void Days_begin_where_the_member_lives()
    {
        var query = SearchQuery.Parse("after:2026-03-01 before:2026-04-01", "Europe/Rome");

        Assert.Equal(new DateTimeOffset(2026, 2, 28, 23, 0, 0, TimeSpan.Zero), query.Since);
        Assert.Equal(new DateTimeOffset(2026, 3, 31, 22, 0, 0, TimeSpan.Zero), query.Before);
        Assert.Null(SearchQuery.Parse("before:0001-01-01", "Europe/Rome").Wrong);
        Assert.Null(SearchQuery.Parse("after:9999-12-31", "America/New_York").Wrong);
    }

    [Theory]
    [InlineData("before:yesterday", Refusal.SearchDateWrong, "yesterday")]
    [InlineData("after:2026-02-30", Refusal.SearchDateWrong, "2026-02-30")]
    [InlineData("has:gold", Refusal.SearchContentUnknown, "gold")]
    [InlineData("has:none", Refusal.SearchContentUnknown, "none")]
    [InlineData("lang:xx", Refusal.SearchLanguageUnknown, "xx")]
    public void A_wrong_value_is_named(string text, Refusal refusal, string value)
    {
        var wrong = SearchQuery.Parse(text, "UTC").Wrong!;

        Assert.Equal(refusal, wrong.Refusal);
        Assert.Equal(value, wrong.Arguments[0]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\"")]
    [InlineData("... !? – \"\" '")]
    [InlineData("\u0301\u200B")]
    public void Without_a_word_there_is_nothing_to_look_for(string? text) => Assert.Equal(Refusal.NothingToSearch, SearchQuery.Parse(text, "UTC").Wrong!.Refusal);

    [Fact]
    public void A_search_is_no_essay() => Assert.Equal(Refusal.SearchTooLong, SearchQuery.Parse(new('x', 10_000), "UTC").Wrong!.Refusal);

    [Fact]
    public void Any_text_can_be_read() => Gen.String[0, 600].Sample(text =>
    {
        var query = SearchQuery.Parse(text, "Europe/Athens");
        Assert.All(query.Terms, term => Assert.All(term.Words, word => Assert.True(word.Length > 0 && word.All(letter => letter is not '\0' and not '"' and not '\'' and not '~'))));
    });

    [Fact]
    public void Words_lie_where_they_are_said_to_lie() => Gen.String[0, 200].Sample(text =>
    {
        var end = 0;
        foreach (var word in Core.Search.Words.In(text))
        {
            Assert.InRange(word.Start, 0, text.Length);
            Assert.InRange(word.Length, 1, text.Length - word.Start);
            Assert.True(word.Start >= end || word.End == end);
            end = word.End;
        }
    });

    [Fact]
    public void What_is_sought_is_found_whichever_words_are_spelled() => Gen.Select(Text, Text).Sample((text, typed) =>
    {
        var terms = SearchQuery.Parse(typed, "UTC").Terms;
        Assert.Equal(Core.Search.Hits.In(Core.Search.Words.In(text), terms), Core.Search.Hits.In(Core.Search.Words.In(text, terms), terms));
    });

    [Fact]
    public void A_word_is_folded_as_a_name_is() => Gen.Int[0, Letters.Length - 1].Select(letter => Letters[letter]).Array[1, 70].Select(string.Concat).Sample(word =>
    {
        var folded = Core.Folding.Fold(word);
        Assert.Equal(folded[..Math.Min(64, folded.Length)], Assert.Single(Core.Search.Words.In(word)).Folded);
    });

    static readonly string[] Letters = ["a", "É", "E\u0301", "ß", "ẞ", "l·l", "Σ", "ς", "ώ", "æ", "ø", "İ", "ñ", "7"];

    static readonly string[] Pieces = ["oven", "Ovens", "ΨΩΜΙ", "ψωμί", "½", "é", "e\u0301", "E", "l·l", "ß", "\"", " ", "-", "👩‍⚕️", "x", new('ω', 70)];

    static Gen<string> Text => Gen.Int[0, Pieces.Length - 1].Select(piece => Pieces[piece]).Array[0, 12].Select(string.Concat);
}
