using CsCheck;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public class FollowingPassages
{
    [Theory]
    [InlineData("Call on the tenth day.", "tenth day", "tenth day")]
    [InlineData("Call on the tenth day.", "TENTH\n  day.", "tenth day.")]
    [InlineData("The **tenth** day counts.", "tenth day", "**tenth** day")]
    [InlineData("The *tenth day* counts.", "the tenth", "The *tenth day*")]
    [InlineData("Ask [the guild](https://example.org/guild) first.", "the guild first", "[the guild](https://example.org/guild) first")]
    [InlineData("Ask [the guild](https://example.org/guild) first.", "Ask the", "Ask [the guild](https://example.org/guild)")]
    [InlineData("A starting art of start.", "art", "art")]
    [InlineData("A starting point.", "art", "art")]
    [InlineData("Στη Χαλκίδα, πρώτα.", "χαλκίδα", "Χαλκίδα")]
    public void What_is_read_on_the_page_is_found_in_the_text(string markdown, string words, string found) => Assert.Equal(found, Passages.Find(markdown, words)?.In(markdown));

    [Theory]
    [InlineData("Call on the tenth day.", "eleventh")]
    [InlineData("Call on the tenth day.", "…")]
    [InlineData("", "tenth")]
    public void What_is_not_there_is_not_found(string markdown, string words) => Assert.Null(Passages.Find(markdown, words));

    [Fact]
    public void Whole_words_come_first() => Assert.Equal(11, Passages.Find("A starting art.", "art")?.Start);

    static readonly Gen<string> Texts = Seeds.Texts(30, "one ", "two ", "three ", "\n", "**", "[a](b) ", "]( ", "é", "👩", "\ud800", "`");

    [Fact]
    public void Nothing_said_is_too_odd_to_look_for() => Gen.Select(Texts, Texts).Hold((text, words) =>
    {
        if (Passages.Find(text, words) is { } found)
            Assert.NotEmpty(found.In(text));
    });

    // What nobody touched is the same passage, wherever others wrote around it.
    [Fact]
    public void A_passage_stays_with_its_words_while_others_write_around_it() => Gen.Select(Texts, Texts, Seeds.Texts(4, "new ", "more\n")).Hold((before, after, written) =>
    {
        const string Kept = "the first hundred days of an apprenticeship";
        var (then, now) = ($"{before} {Kept} {after}", $"{before}{written} {Kept} {written}{after}");

        var found = Passages.Follow(Differences.ByWords(then, now), new(before.Length + 1, Kept.Length));

        Assert.Equal(Kept, found?.In(now));
    });

    [Fact]
    public void What_is_written_into_a_passage_belongs_to_it_and_what_is_gone_is_nowhere()
    {
        const string Then = "Say it on the tenth day. Write it down.";
        Assert.Equal("on the very tenth day", Follow("Say it on the very tenth day. Write it down."));
        Assert.Equal("tenth day", Follow("Say it tenth day. Write it down."));
        Assert.Null(Follow("Say it. Write it down."));
        Assert.Null(Follow(""));

        string? Follow(string now) => Passages.Follow(Differences.ByWords(Then, now), new(7, "on the tenth day".Length))?.In(now);
    }
}
