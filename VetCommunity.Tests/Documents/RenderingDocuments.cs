using VetCommunity.Core;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public class RenderingDocuments
{
    [Fact]
    public void Each_section_stands_under_its_heading_and_can_be_leapt_to()
    {
        var rendered = RenderedDocument.Of("---\ntitle: Not shown\n---\n\nBefore all.\n\n## The *first* one\n\n### Within\n\ntext on\ntwo lines\n\n# A larger one\n\n## The first one ##\n\nAgain.\n");

        Assert.Equal([new OutlineLine("the-first-one", "The first one"), new("the-first-one-2", "The first one")], rendered.Outline);
        Assert.Equal("<p>Before all.</p><section aria-labelledby=\"s-the-first-one\"><h2 id=\"s-the-first-one\">The first one</h2><h3>Within</h3>\n<p>text on\ntwo lines</p>\n<h3>A larger one</h3></section>"
            + "<section aria-labelledby=\"s-the-first-one-2\"><h2 id=\"s-the-first-one-2\">The first one</h2><p>Again.</p></section>", rendered.Html);
    }

    [Fact]
    public void An_address_at_the_end_serves_every_section()
    {
        var rendered = RenderedDocument.Of("See [one][a].\n\n## Later\n\nAnd [two][a].\n\n[a]: /practices/other\n");

        Assert.Equal(2, rendered.Html.Split("<a href=\"/practices/other\">").Length - 1);
    }

    [Theory]
    [InlineData("[a]: /practices/other", true)]
    [InlineData("   [a]: /practices/other\r", true)]
    [InlineData("[a]:/practices/other", true)]
    [InlineData("[a]: ", false)]
    [InlineData("[a] : /practices/other", false)]
    [InlineData("    [a]: /practices/other", false)]
    [InlineData("x [a]: /practices/other", false)]
    [InlineData("[]: /practices/other", false)]
    public void Only_a_line_that_says_where_a_name_leads_serves_other_sections(string line, bool serves) =>
        Assert.Equal(serves, RenderedDocument.Of($"See [one][a].\n\n## Later\n\n{line}\n").Html.Contains("<a href=\"/practices/other\">one</a>", StringComparison.Ordinal));

    const string Picture = "/practice-files/0123456789abcdef0123456789abcdef/bench.png";

    [Fact]
    public void A_picture_that_lies_here_and_says_what_it_shows_is_shown()
    {
        var rendered = RenderedDocument.Of($"## x\n\n![A *bench* \"old\"]({Picture})\n");

        Assert.Contains($"<p><img src=\"{Picture}\" alt=\"A bench &quot;old&quot;\" loading=\"lazy\"></p>", rendered.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"![]({Picture})")]
    [InlineData($"![ ]({Picture})")]
    [InlineData("![a bench](https://elsewhere.example/bench.png)")]
    [InlineData("![a bench](//elsewhere.example/practice-files/0123456789abcdef0123456789abcdef/bench.png)")]
    [InlineData("![a bench](/practice-files/0123456789abcdef0123456789abcdef/../../Account/Logout)")]
    [InlineData("![a bench](/practice-files/0123456789abcdef0123456789abcdef/a?b=c)")]
    [InlineData("![a bench](/practice-files/0123456789abcdef0123456789abcde/bench.png)")]
    [InlineData("![a bench](javascript:alert(1))")]
    [InlineData("![a bench](data:image/png;base64,AAAA)")]
    [InlineData("![a bench](\\practice-files/0123456789abcdef0123456789abcdef/bench.png)")]
    [InlineData($"<img src={Picture} alt=a>")]
    [InlineData("[a ![b](https://elsewhere.example/x.png)](https://elsewhere.example)")]
    public void Any_other_picture_is_none(string markdown) =>
        Assert.Empty(new AngleSharp.Html.Parser.HtmlParser().ParseDocument(RenderedDocument.Of($"## x\n\n{markdown}\n").Html).QuerySelectorAll("img"));

    [Fact]
    public void Messages_show_no_pictures_out_of_documents() =>
        Assert.DoesNotContain("<img", Core.Markdown.PersonsMarkdown.ToHtml($"![a bench]({Picture})"), StringComparison.Ordinal);

    [Theory]
    [InlineData("## <script>alert(1)</script>\n")]
    [InlineData("## x\n\n<script>alert(1)</script>\n")]
    [InlineData("## \"onmouseover=alert(1) x=\"\n")]
    [InlineData("## x\n\n[a](javascript:alert(1))\n")]
    [InlineData("[a]\n\n## x\n\n[a]: javascript:alert(1)\n")]
    [InlineData("## x\n\n</section></article><img src=x onerror=alert(1)>\n")]
    [InlineData("## x\n\n<!-- --><style>*{display:none}</style>\n")]
    public void Nothing_of_a_hostile_text_runs_or_breaks_out(string document)
    {
        var html = new AngleSharp.Html.Parser.HtmlParser().ParseDocument($"<article>{RenderedDocument.Of(document).Html}</article><p id=after></p>");

        Assert.Empty(html.QuerySelectorAll("script, style, img, iframe, form, input"));
        Assert.DoesNotContain(html.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal) || attribute.Value.Contains("javascript:", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal("BODY", html.QuerySelector("#after")!.ParentElement!.TagName);
        Assert.Equal("ARTICLE", html.QuerySelector("section")?.ParentElement!.TagName);
    }

    [Fact]
    public void Sections_without_number_are_shown_under_the_last_one_and_addresses_without_end_are_not_repeated_for_each()
    {
        var rendered = RenderedDocument.Of(string.Concat(Enumerable.Repeat("[a]: /b\n", 5_000)) + string.Concat(Enumerable.Range(1, 5_000).Select(number => $"## H{number}\n")));

        Assert.Equal(199, rendered.Outline.Count);
        Assert.Contains("<h3>H5000</h3>", rendered.Html, StringComparison.Ordinal);
        Assert.Equal(Refusal.TextTooLong, Assert.Throws<RefusedException>(() => RenderedDocument.Of(new string('\n', FrontMatter.MostOfDocument + 1))).Refusal);
    }

    [Fact]
    public void A_section_that_is_too_long_to_be_shown_is_refused() =>
        Assert.Equal(Refusal.TextTooLong, Assert.Throws<RefusedException>(() => RenderedDocument.Of("## x\n\n" + new string('a', 100_001))).Refusal);

    [Fact]
    public void Real_practices_are_rendered_with_all_their_headings()
    {
        Assert.SkipWhen(RealData is null, "VET_DATA is not set");
        foreach (var file in Directory.GetFiles(Path.Combine(RealData!, "practices"), "*.md", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            var rendered = RenderedDocument.Of(text);
            Assert.Equal(Sections.Of(text).Where(section => section.Heading.Length > 0).Select(section => section.Key), rendered.Outline.Select(line => line.Key));
        }
    }

    static string? RealData => Environment.GetEnvironmentVariable("VET_DATA") is { Length: > 0 } folder ? folder : null;
}
