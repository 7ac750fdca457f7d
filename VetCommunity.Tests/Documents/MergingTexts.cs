using CsCheck;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public sealed class MergingTexts
{
    static readonly Gen<string> Texts = Seeds.Texts(12, "a\n", "b\n", "c\n", "d\n", "\n", "a\r\n", "c\r\n", "\r", "x", "## A\n");

    // What somebody makes of a text: some lines go, some come.
    static readonly Gen<(string Base, string Mine, string Theirs)> Edits = Texts.SelectMany(origin => Gen.Select(Edit(origin, "m"), Edit(origin, "t"), (mine, theirs) => (origin, mine, theirs)));

    static Gen<string> Edit(string origin, string who) => Gen.Int[0, 9].Array[Lines(origin).Count + 1].Select(acts =>
    {
        var lines = Lines(origin);
        return string.Concat(acts.Select((act, at) => (at < lines.Count && act != 0 ? lines[at] : "") + (act == 1 ? who + at + "\n" : "")));
    });

    static List<string> Lines(string text) => Core.Documents.Lines.Of(text);

    static IEnumerable<string> Contents(string text) => Lines(text).Select(Core.Documents.Lines.Content);

    static string? Merged(string origin, string mine, string theirs) => ThreeWayMerge.TextOf(ThreeWayMerge.Of(origin, mine, theirs));

    [Fact]
    public void Who_alone_changed_something_gets_it_and_two_who_did_the_same_do() => Gen.Select(Texts, Texts).Hold((origin, text) =>
    {
        Assert.Equal(text, Merged(origin, text, origin));
        Assert.Equal(text, Merged(origin, origin, text));
        Assert.Equal(text, Merged(origin, text, text));
    }, 1_000);

    [Fact]
    public void It_does_not_matter_who_is_who() => Edits.Hold(edit =>
    {
        var one = ThreeWayMerge.Of(edit.Base, edit.Mine, edit.Theirs);
        var other = ThreeWayMerge.Of(edit.Base, edit.Theirs, edit.Mine);
        Assert.Equal(one, other.Select(part => part with { Mine = part.Theirs, Theirs = part.Mine }));
    }, 1_000);

    [Fact]
    public void Nothing_that_somebody_wrote_is_lost() => Edits.Hold(edit =>
    {
        var parts = ThreeWayMerge.Of(edit.Base, edit.Mine, edit.Theirs);
        var kept = parts.SelectMany(part => Contents(part.IsConflict ? part.Mine : part.Text!).Concat(Contents(part.Theirs))).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(Contents(edit.Mine).Concat(Contents(edit.Theirs)).Except(Contents(edit.Base), StringComparer.Ordinal).Except(kept, StringComparer.Ordinal));
        // And every line of the base that somebody kept where the other one did nothing is there.
        Assert.All(parts.Where(part => part.IsConflict), part => Assert.False(part.Mine == part.Theirs || part.Mine == part.Base || part.Theirs == part.Base));
    }, 1_000);

    [Fact]
    public void Changes_with_a_line_between_them_are_merged_and_both_are_there() =>
        Gen.Select(Gen.Int[3, 30], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 2], Gen.Int[0, 2]).Hold(edit =>
        {
            var (count, first, second, myAct, theirAct) = edit;
            var lines = Enumerable.Range(0, count).Select(n => $"line {n}\n").ToList();
            var mine = first % (count - 2);
            var theirs = mine + 2 + (second % (count - mine - 2));
            var merged = Merged(string.Concat(lines), string.Concat(Acted(lines, mine, myAct, "mine\n")), string.Concat(Acted(lines, theirs, theirAct, "theirs\n")));
            // The later first, so that places stay.
            Assert.Equal(string.Concat(Acted(Acted(lines, theirs, theirAct, "theirs\n"), mine, myAct, "mine\n")), merged);
        });

    static List<string> Acted(List<string> lines, int at, int act, string text)
    {
        List<string> acted = [.. lines];
        if (act == 0)
            acted[at] = text;
        else if (act == 1)
            acted.RemoveAt(at);
        else
            acted.Insert(at, text);
        return acted;
    }

    [Fact]
    public void A_deleted_section_against_a_changed_one_is_a_conflict()
    {
        const string Origin = "## A\n\na\n\n## B\n\nb\n\n## C\n\nc\n";
        const string Without = "## A\n\na\n\n## C\n\nc\n";
        foreach (var changed in (string[])[Origin.Replace("\nb\n", "\nbetter\n", StringComparison.Ordinal), Origin.Replace("## B\n", "## B\n\nmore\n", StringComparison.Ordinal), Origin.Replace("b\n", "b\nmore\n", StringComparison.Ordinal)])
        {
            var parts = ThreeWayMerge.Of(Origin, Without, changed);
            var conflict = Assert.Single(parts, part => part.IsConflict);
            Assert.Contains(changed.Contains("more", StringComparison.Ordinal) ? "more" : "better", conflict.Theirs, StringComparison.Ordinal);
            Assert.DoesNotContain("b\n", conflict.Mine, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Line_ends_go_the_way_of_who_changed_them()
    {
        Assert.Equal("a\r\nB\r\nc\r\nD\r\n", Merged("a\nb\nc\nd\n", "a\r\nb\r\nc\r\nD\r\n", "a\nB\nc\nd\n")!.ReplaceLineEndings("\r\n"));
        Assert.Equal("a\r\nb\r\nc\r\nD\r\n", Merged("a\nb\nc\nd\n", "a\r\nb\r\nc\r\nD\r\n", "a\nb\nc\nd\n"));
        Assert.Equal("z\na\nb\nc", Merged("a\nb", "a\nb\nc", "z\na\nb"));
        Assert.Equal("A\nb", Merged("a\nb\n", "a\nb", "A\nb\n"));
    }
}
