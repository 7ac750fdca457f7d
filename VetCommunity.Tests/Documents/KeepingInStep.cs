using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public sealed class KeepingInStep
{
    static KnownSection[] Known(string document) => [.. Sections.Of(document).Select(section => new KnownSection(section.Key, section.Heading, section.Hash))];

    [Fact]
    public void A_section_is_current_stale_missing_or_extra_by_what_the_source_says()
    {
        var former = Known("## Context\na\n## Approach\nb\n## Outcomes\nc\n");
        var own = Known("## Contesto\nA\n## Approccio\nB\n## Esiti\nC\n## Nota\nD\n");
        var translated = SectionStates.Pairs(former, own[..3]).Select(pair => new TranslatedSection(pair.Source.Key, pair.Source.Hash, pair.Own.Key)).ToList();
        // Order, line ends and blanks are no news.
        var now = Known("## Approach\r\nb changed\r\n## Context  \r\na\r\n## New\r\nx\r\n");

        var standing = SectionStates.Of(now, own, translated);

        Assert.Equal(
            [(SectionState.Stale, "approach", "approccio"), (SectionState.Current, "context", "contesto"), (SectionState.Missing, "new", null), (SectionState.Extra, null, "esiti"), (SectionState.Extra, null, "nota")],
            standing.Select(one => (one.State, one.Source?.Key, one.Own?.Key)));
        Assert.Equal(former[1].Hash, standing[0].TranslatedHash);
    }

    [Fact]
    public void A_section_that_was_taken_out_of_the_translation_is_missing()
    {
        var source = Known("## Context\na\n");
        Assert.Equal(SectionState.Missing, Assert.Single(SectionStates.Of(source, [], [new("context", source[0].Hash, "contesto")])).State);
    }

    [Fact]
    public void Sections_are_paired_by_key_and_else_by_place_where_there_are_equally_many()
    {
        static string Pairs(string source, string own) => string.Join(' ', SectionStates.Pairs(Known(source), Known(own)).Select(pair => pair.Source.Key + "=" + pair.Own.Key));

        Assert.Equal("a=x b=y", Pairs("## a\n## b\n", "## x\n## y\n"));
        Assert.Equal("", Pairs("## a\n## b\n", "## x\n"));
        Assert.Equal("a=x same=same", Pairs("## a\n## same\n## c\n## d\n", "## x\n## same\n## z\n"));
        Assert.Equal("---=--- a=x", Pairs("---\nt: a\n---\n## a\n", "---\nt: b\n---\n## x\n"));
    }
}
