using CsCheck;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public sealed class SplittingSections
{
    [Fact]
    public void Each_heading_begins_a_section_and_nothing_else_does()
    {
        var sections = Sections.Of("---\ntitle: a\n---\nBegin\n\n## Context ##\n### Sub\n```\n## code\n```\n<!-- ## one line -->\n## Context\n<!--\n## hidden\n-->\n  ## indented\n##Tight\n~~~ md\n## too\n```\n~~~\n## Ωμέγα: C#\n");

        Assert.Equal(["---", "", "context", "context-2", "ωμεγα-c"], sections.Select(section => section.Key));
        Assert.Equal(["", "", "Context", "Context", "Ωμέγα: C#"], sections.Select(section => section.Heading));
        Assert.Equal([1, 4, 6, 12, 22], sections.Select(section => section.Line));
    }

    [Fact]
    public void A_heading_that_looks_like_a_numbered_one_gets_a_key_of_its_own() =>
        Assert.Equal(["a", "a-2", "a-3", "section", "section-2"], Sections.Of("## a\n## a-2\n## a\n## 👩\n## \ud800").Select(section => section.Key));

    [Theory]
    [InlineData("## A\ntext\n", "## A\r\ntext\r\n", true)]
    [InlineData("## A\ntext\n", "## A  \ntext\t\n\n\n", true)]
    [InlineData("## A\ntext", "\uFEFF## A\ntext\n", true)]
    [InlineData("## A\ntext\n", "## A\n\ntext\n", false)]
    [InlineData("## A\ntext\n", "## A\n text\n", false)]
    [InlineData("## A\ntext\n", "## B\ntext\n", false)]
    public void A_section_is_the_same_whatever_its_line_ends_are(string one, string other, bool isSame) =>
        Assert.Equal(isSame, Sections.Of(one)[0].Hash == Sections.Of(other)[0].Hash);

    static readonly string[] Pieces =
        ["---\n", "a: b\n", "## A", "## ", "##", "\n", "\r\n", "\r", "text", "```", "~~~", "````", " ", "    ", "<!--", "-->", "<pre>", "</pre>", "\uFEFF", "\ud800", "#", "- ", "> ", "\t", "## B\n", "## B\r\n"];

    [Fact]
    public void Sections_joined_are_the_document_and_no_key_comes_twice() => Gen.Int[0, Pieces.Length - 1].Array[0, 25].Hold(parts =>
    {
        var document = string.Concat(parts.Select(part => Pieces[part]));
        var sections = Sections.Of(document);
        Assert.Equal(document, Sections.Join(sections));
        Assert.Equal(sections.Count, sections.Select(section => section.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(sections.Select(section => section.Key), Sections.Of(document).Select(section => section.Key));
        if (!document.Contains('\r', StringComparison.Ordinal))
            Assert.Equal(sections.Select(section => (section.Key, section.Hash)), Sections.Of(document.ReplaceLineEndings("\r\n")).Select(section => (section.Key, section.Hash)));
    }, 2_000);

    [Fact]
    public void Very_many_headings_cost_little()
    {
        var sections = Sections.Of(string.Concat(Enumerable.Repeat("## a\n", 30_000)));
        Assert.Equal("a-30000", sections[^1].Key);
    }
}
