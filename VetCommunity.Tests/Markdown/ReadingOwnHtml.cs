using CsCheck;
using VetCommunity.Core.Markdown;
using Xunit;

namespace VetCommunity.Tests.Markdown;

/// <summary>The quick reader of the renderer's own html says what the sanitiser says, or nothing.</summary>
public class ReadingOwnHtml
{
    const string Picture = "/practice-files/0123456789abcdef0123456789abcdef/oven.png";

    // What the renderer may write, and what it never would.
    static readonly string[] Pieces =
    [
        "<p>", "</p>", "<h3>", "</h3>", "<h6>", "</h6>", "<blockquote>", "</blockquote>", "<ul>", "</ul>", "<ul class=\"contains-task-list\">", "<ol>", "<ol start=\"3\">", "<ol start=\"x\">", "</ol>", "<li>", "<li class=\"task-list-item\">", "</li>",
        "<pre>", "</pre>", "<code>", "<code class=\"language-cs\">", "<code class=\"mud-overlay\">", "</code>", "<em>", "</em>", "<strong>", "</strong>", "<del>", "</del>", "<br />", "<hr />", "<br>", "<hr>", "\n",
        "<table>", "</table>", "<thead>", "</thead>", "<tbody>", "</tbody>", "<tr>", "</tr>", "<th>", "<th style=\"text-align: left;\">", "</th>", "<td>", "</td>",
        "<a href=\"/x\">", "<a href=\"https://x.example/?a=1&amp;b=2\">", "<a href=\"javascript:x\">", "<a href=\"//x\">", "<a href=\"/x\" title=\"&quot;&amp;\">", "<a href=\"\">", "<a>", "<a href=\"\" href=\"/x\">", "<code class=\"\" class=\"language-cs\">", "<a href=\"/?x&amp;{y}\">", $"<img src=\"{Picture}\" alt=\"An &amp;{{hot}} oven\" />", "<a class=\"mention\" href=\"/people/anna\">", "<a class=\"mention\" href=\"/x\">", "<a href=\"/people/anna\" class=\"mention\">", "</a>",
        $"<img src=\"{Picture}\" alt=\"An oven\" />", $"<img src=\"{Picture}\" alt=\"\" />", "<img src=\"https://x.example/x.png\" alt=\"x\" />", $"<img alt=\"x\" src=\"{Picture}\" />", $"<img src=\"{Picture}\" alt=\"x\" onerror=\"x\" />",
        "word", "Ω é", "&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;", "&#1;", "&", ">", "\u00A0", "\u0001", " ", "'", "\"", "<script>", "</script>", "<!--", "-->", "<p id=\"x\">", "<P>", "</", "<", "<td", "👩‍⚕️",
    ];

    [Fact]
    public void Any_mixture_of_pieces_is_read_as_the_sanitiser_reads_it_or_left_to_it() =>
        Gen.Frequency((4, Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])), (1, Gen.Int[0, Wholes.Length - 1].Select(i => Wholes[i]))).Array[1, 14].Select(string.Concat).Sample(AssertAsSanitised, iter: 20_000);

    // Rarely does chance close what it opens.
    static readonly string[] Wholes =
    [
        "<p>a <em>b</em> &quot;c&quot;</p>\n", "<ul>\n<li>a</li>\n<li>b\n<ol start=\"2\">\n<li>c</li>\n</ol>\n</li>\n</ul>\n", "<pre><code class=\"language-cs\">a &lt; b\n</code></pre>\n",
        "<table>\n<thead>\n<tr>\n<th> </th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td></td>\n</tr>\n</tbody>\n</table>\n", "<blockquote>\n<p>a<br />\nb</p>\n</blockquote>\n", "<hr />\n",
        "<p><a href=\"\" href=\"/x\">y</a></p>", "<p><code class=\"\" class=\"language-cs\">x</code></p>", $"<p><img src=\"{Picture}\" alt=\"An &amp;{{hot}} oven\" /></p>", "<p><a href=\"/?x&amp;{y}\">z</a></p>",
        "<p><a href=\"javascript:x\"><strong>x</strong></a></p>", "<th><a href=\"/x\"></a></th>", "<tr><th><em>\u00A0</em></th></tr>", $"<table><thead><tr><th><img src=\"{Picture}\" alt=\"x\" /></th></tr></thead></table>",
    ];

    [Fact]
    public void What_anybody_types_is_read_as_the_sanitiser_reads_it() => RenderingAPersonsMarkdown.Mixtures.Sample(text =>
    {
        foreach (var markdown in new[] { text, $"|{text}|b|\n|-|-|\n|{text}|d|", $"- {text}\n  - {text}", $"![{text}]({Picture})" })
        {
            try
            {
                AssertAsSanitised(Markdig.Markdown.ToHtml(markdown, RendererAlone));
            }
            catch (ArgumentException)
            {
                // Too deep for the renderer.
            }
        }
    }, iter: 3_000);

    static readonly Markdig.MarkdownPipeline RendererAlone = Markdig.MarkdownExtensions.UseTaskLists(Markdig.MarkdownExtensions.UseAutoLinks(Markdig.MarkdownExtensions.UseEmphasisExtras(Markdig.MarkdownExtensions.UsePipeTables(
        Markdig.MarkdownExtensions.DisableHtml(new Markdig.MarkdownPipelineBuilder()))))).Build();

    [Theory]
    [InlineData("# One\n\ntwo *three* `four`")]
    [InlineData("- a\n- b\n  1. c\n  2. d\n\n> e\n> f")]
    [InlineData("|a||\n|-|:-:|\n|1|@anna \"x\" & y|")]
    [InlineData("```cs\nvar a = 1 < 2;\n```\n\n---\n\n[x](https://x.example/?a=1&b=2 \"t\") [y](/rooms/y) <z@x.example> www.x.example")]
    [InlineData("[x](javascript:x) ~~gone~~ **b *i***\\\nnext\u00A0one")]
    [InlineData("- [x] done\n- [ ] open")]
    public void What_people_write_needs_no_sanitiser(string markdown)
    {
        var html = Markdig.Markdown.ToHtml(markdown, RendererAlone).Replace("<h1>", "<h3>", StringComparison.Ordinal).Replace("</h1>", "</h3>", StringComparison.Ordinal);
        if (html.Contains("<input", StringComparison.Ordinal))
            html = PersonsMarkdown.ToHtml(markdown);
        Assert.NotNull(OwnHtml.Read(html));
        AssertAsSanitised(html);
    }

    [Fact]
    public void Pictures_of_a_document_need_no_sanitiser()
    {
        var html = $"<p><img src=\"{Picture}\" alt=\"An &quot;oven&quot;\" /></p>";
        Assert.Equal($"<p><img src=\"{Picture}\" alt=\"An &quot;oven&quot;\" loading=\"lazy\"></p>", OwnHtml.Read(html));
        AssertAsSanitised(html);
    }

    static void AssertAsSanitised(string html)
    {
        if (OwnHtml.Read(html) is { } read)
            Assert.Equal(PersonsHtml.Sanitised(html), read);
    }
}
