using System.Diagnostics;
using CsCheck;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public sealed class ComparingTexts
{
    [Fact]
    public void Words_that_changed_are_marked_and_no_others() => Assert.Equal(
        [
            new(Change.Same, "One "), new(Change.Removed, "old"), new(Change.Added, "new"), new(Change.Same, " word, κι άλλη "), new(Change.Removed, "λέξη"), new(Change.Added, "λέξη̈"), new(Change.Same, ".\nSame\n"),
            new(Change.Added, "More\n"),
        ],
        Differences.ByWords("One old word, κι άλλη λέξη.\nSame\n", "One new word, κι άλλη λέξη̈.\nSame\nMore\n"));

    [Fact]
    public void Lines_that_changed_are_shown_as_a_whole() => Assert.Equal(
        [new(Change.Same, "a\n"), new(Change.Removed, "b\nc\n"), new(Change.Added, "B\n"), new(Change.Same, "d")],
        Differences.ByLines("a\nb\nc\nd", "a\nB\nd"));

    static readonly Gen<string> Texts = Seeds.Texts(30, "a", "b ", "\n", "\r\n", "word", " ", "👩", "\ud800", ".", "same line\n", "é");

    [Fact]
    public void Both_texts_can_be_read_out_of_the_comparison() => Gen.Select(Texts, Texts).Hold((former, later) =>
    {
        foreach (var pieces in (IReadOnlyList<DifferentPiece>[])[Differences.ByLines(former, later), Differences.ByWords(former, later)])
        {
            Assert.Equal(former, string.Concat(pieces.Where(piece => piece.Change != Change.Added).Select(piece => piece.Text)));
            Assert.Equal(later, string.Concat(pieces.Where(piece => piece.Change != Change.Removed).Select(piece => piece.Text)));
        }
    }, 1_500);

    public static TheoryData<string> Hostile() => ["words", "lines", "blanks", "few"];

    // Without bounds each of these takes minutes.
    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_texts_cost_little(string kind)
    {
        static string Made(string kind, int seed) => kind switch
        {
            "words" => string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{n * seed} ")),
            "lines" => string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{n * seed}\n")),
            "blanks" => string.Concat(Enumerable.Repeat(seed == 3 ? "\n\n\t" : "\n", 40_000)),
            _ => string.Concat(Enumerable.Range(0, 40_000).Select(n => (char)('a' + (n * n * seed % 3)) + "\n")),
        };
        var (former, later) = (Made(kind, 3), Made(kind, 7));
        var begun = Stopwatch.GetTimestamp();
        Differences.ByWords(former, later);
        ThreeWayMerge.Of(Made(kind, 5), former, later);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
