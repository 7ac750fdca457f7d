using System.Diagnostics;
using System.Globalization;
using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Markdown;
using Xunit;

namespace VetCommunity.Tests.Markdown;

public class RenderingAPersonsMarkdown
{
    static readonly string[] HostileHtml =
    [
        "<script>alert(1)</script>", "<SCRIPT SRC=//evil.example/x.js></SCRIPT>", "<img src=x onerror=alert(1)>", "<img src=https://evil.example/x.png>",
        "<svg onload=alert(1)>", "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>", "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<object data=x></object>", "<embed src=x>", "<form action=/account><input name=password><button>Log in</button></form>", "<input type=checkbox checked>",
        "<div style=\"position:fixed;inset:0;background:#fff\">Log in again</div>", "<p style=\"position:fixed\">x</p>", "<p class=\"mud-overlay\">x</p>", "<code class=\"language-js mud-overlay\">x</code>",
        "<p id=app name=x>x</p>", "<a id=app href=/x name=y target=_blank onclick=alert(1)>x</a>", "<a class=mention href=https://evil.example>@anna</a>", "<a rel=opener href=https://evil.example>x</a>",
        "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example>", "<meta http-equiv=refresh content=0>", "<base href=//evil.example>",
        "<a href=\"java&#10;script:alert(1)\">x</a>", "<a href=\"&#1;javascript:alert(1)\">x</a>", "<a href=\"/&#9;/evil.example\">x</a>", "<a href=\"/\\evil.example\">x</a>", "<a href=\"\\\\evil.example\">x</a>",
        "<a href=\" //evil.example\">x</a>", "<a href=\"#x\">x</a>", "<a href=\"x.html\">x</a>", "<a href=\"ftp://evil.example\">x</a>", "<a href=\"http:evil.example\">x</a>",
        "<p href=/x>x</p>", "<ol start=javascript:x><li start=1>x</li></ol>", "<template><script>alert(1)</script></template>", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<!--><script>alert(1)</script>-->", "<!-- x -->", "<![CDATA[<script>alert(1)</script>]]>", "<?php x ?>", "<details open ontoggle=alert(1)>", "<body onload=alert(1)>", "<video><source onerror=alert(1)></video>",
        "<textarea><script>alert(1)</script>", "<h1>Big</h1>", "<p data-x=1 aria-hidden=true hidden>x</p>", "<custom-element>x</custom-element>",
    ];

    static readonly string[] HostileAddresses =
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#10;script:alert(1)", "java&Tab;script:alert(1)", "&#1;javascript:alert(1)", "&#106;avascript:alert(1)", "&#x6A;avascript&colon;alert(1)",
        "javascript&#58;alert(1)", "javascript\\:alert(1)", "jav\u0000ascript:alert(1)", "\u0001javascript:alert(1)", "java\u200bscript:alert(1)", "ｊavascript:alert(1)", "javascript://x.example/%0aalert(1)",
        "%6Aavascript:alert(1)", "vbscript:x", "data:text/html,<script>alert(1)</script>", "data:image/svg+xml;base64,PHN2Zz4=", "data:;base64,x", "blob:https://x", "file:///etc/passwd", "feed:javascript:alert(1)",
        "view-source:https://x", "//evil.example", "/\\evil.example", "\\\\evil.example", "/&Tab;/evil.example", "/&#10;/evil.example", "/\t/evil.example", "&#47;/evil.example", "///evil.example", "https:evil.example", "http:/evil.example",
        "./x", "../x", "x", "?x", "#x", "x\" onclick=\"alert(1)", "/x' onclick='alert(1)", "/x><script>alert(1)</script>", "https://x.example/\"onmouseover=\"alert(1)", "tel:1", "ws://x", "about:blank",
    ];

    static readonly string[] Marks =
    [
        "*", "**", "_", "~~", "`", "```", "~~~js\n", "[", "]", "](", ")", "![", "<", ">", "\n", "\n\n", "> ", "- ", "1. ", "- [x] ", "# ", "|", "|-|\n", "\n===\n", "\\", "&", "&#1;", "&lt;", "&#x6A;", "\"", "'", " ", "\t",
        "@anna", "@", "a", "Ω", "é", "👩‍⚕️", "\u202e", "\u0000", "\ud800", "http://", "https://x.example", "www.x.example", "mailto:a@b.example", "[a]: ", "[a]", "{.x #y onclick=z}", "javascript:", "data:", "//", "/\\", "<a href=", "onerror=",
    ];

    /// <summary>What nobody would type, and what somebody might to do harm.</summary>
    internal static Gen<string> Mixtures { get; } =
        Gen.Frequency((6, OneOf(Marks)), (2, OneOf(HostileHtml)), (2, OneOf(HostileAddresses)), (1, Gen.String[0, 5])).Array[1, 25].Select(string.Concat);

    public static TheoryData<string> Hostile => [.. HostileHtml];

    public static TheoryData<string> Addresses => [.. HostileAddresses];

    [Theory, MemberData(nameof(Hostile))]
    public void Html_that_a_person_types_stays_text(string html)
    {
        foreach (var text in new[] { html, "x " + html, "> " + html, "- " + html, "|a|\n|-|\n|" + html + "|", "`x` **" + html + "**", "\n\n" + html + "\n\n", "[" + html + "](/x)" })
        {
            var rendered = PersonsMarkdown.ToHtml(text);
            AllowedHtml.AssertNothingElse(rendered);
        }
        // Not swallowed either: the reader sees what was typed.
        Assert.Contains("&lt;", PersonsMarkdown.ToHtml(html), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Hostile))]
    public void The_allow_list_alone_withstands_html_that_slipped_through(string html) => AllowedHtml.AssertNothingElse(PersonsHtml.OnlyAllowed(html));

    [Promise("IN1")]
    [Theory, MemberData(nameof(Addresses))]
    public void No_link_leads_to_a_script_or_out_under_the_look_of_a_local_address(string address)
    {
        foreach (var text in new[] { $"[x]({address})", $"[x](<{address}>)", $"![x]({address})", $"<{address}>", $"[x]\n\n[x]: {address}", $"[x]: <{address}>\n\n[x][]", $"[![x]({address})]({address})", address, $"[x]({address} \"onclick=alert(1)\")" })
            AllowedHtml.AssertNothingElse(PersonsMarkdown.ToHtml(text));
        AllowedHtml.AssertNothingElse(PersonsHtml.OnlyAllowed($"<a href=\"{address}\">x</a>"));
    }

    [Promise("IN1")]
    [Fact]
    public void Any_mixture_of_fragments_gives_only_allowed_html()
    {
        Mixtures.Sample(text =>
        {
            try
            {
                AllowedHtml.AssertNothingElse(PersonsMarkdown.ToHtml(text));
                PersonsMarkdown.Mentions(text);
            }
            catch (RefusedException refused)
            {
                Assert.Equal(Refusal.TextTooDeep, refused.Refusal);
            }
            var excerpt = PersonsMarkdown.Excerpt(text, 20);
            Assert.DoesNotContain(excerpt, char.IsControl);
            Assert.True(excerpt.Length <= 21);
        }, iter: 5_000);
    }

    [Theory]
    [InlineData("# One", "<h3>One</h3>")]
    [InlineData("## Two", "<h4>Two</h4>")]
    [InlineData("###### Six", "<h6>Six</h6>")]
    [InlineData("one\ntwo", "<p>one<br>\ntwo</p>")]
    [InlineData("one\r\ntwo", "<p>one<br>\ntwo</p>")]
    [InlineData("**b** *i* ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <del>s</del> <code>c</code></p>")]
    [InlineData("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>")]
    [InlineData("```csharp\nvar a = 1 < 2;\n```", "<pre><code class=\"language-csharp\">var a = 1 &lt; 2;\n</code></pre>")]
    [InlineData("3. c\n4. d", "<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>")]
    [InlineData("- [x] done\n- [ ] open", "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>")]
    [InlineData("||b|\n|-|-|\n|1|2|", "<table>\n<thead>\n<tr>\n<td></td>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>")]
    [InlineData("|a|b|\n|:-|-:|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>")]
    [InlineData("Καλημέρα, *κόσμε* & ναι", "<p>Καλημέρα, <em>κόσμε</em> &amp; ναι</p>")]
    [InlineData("a\u0000b\u0007c\u007fd\u0085e", "<p>abcd<br>\ne</p>")]
    [InlineData("", "")]
    public void Markdown_becomes_the_html_of_a_message(string markdown, string html) => Assert.Equal(html, PersonsMarkdown.ToHtml(markdown));

    [Theory]
    [InlineData("[a room](/rooms/dairy)", "<p><a href=\"/rooms/dairy\">a room</a></p>")]
    [InlineData("[w](https://x.example/a?b=1&c=2)", "<p><a href=\"https://x.example/a?b=1&amp;c=2\" rel=\"nofollow noopener noreferrer ugc\">w</a></p>")]
    [InlineData("see www.x.example now", "<p>see <a href=\"https://www.x.example\" rel=\"nofollow noopener noreferrer ugc\">www.x.example</a> now</p>")]
    [InlineData("<me@x.example>", "<p><a href=\"mailto:me@x.example\">me@x.example</a></p>")]
    [InlineData("[bad](javascript:x)", "<p>bad</p>")]
    public void Links_lead_where_they_may(string markdown, string html) => Assert.Equal(html, PersonsMarkdown.ToHtml(markdown));

    [Theory]
    [InlineData("![a cow](https://x.example/cow.png)", "<p><a href=\"https://x.example/cow.png\" rel=\"nofollow noopener noreferrer ugc\">a cow</a></p>")]
    [InlineData("![](/files/cow.png)", "<p><a href=\"/files/cow.png\">/files/cow.png</a></p>")]
    [InlineData("[![a cow](https://x.example/cow.png)](/rooms/x)", "<p><a href=\"/rooms/x\">a cow</a></p>")]
    public void A_picture_becomes_a_link_so_that_no_request_leaves(string markdown, string html) => Assert.Equal(html, PersonsMarkdown.ToHtml(markdown));

    [Promise("IN9")]
    [Theory]
    [InlineData("[[[[[[")]
    [InlineData("![")]
    [InlineData("*")]
    [InlineData("*a **b ")]
    [InlineData("a**b")]
    [InlineData("_a_b*c")]
    [InlineData(">")]
    [InlineData("> - ")]
    [InlineData("- ")]
    [InlineData("|")]
    [InlineData("||\n")]
    [InlineData("`a``b")]
    [InlineData("<")]
    [InlineData("[a](")]
    [InlineData("[x](y")]
    [InlineData("[a]: x\n")]
    [InlineData("www.")]
    [InlineData("@anna ")]
    public void Any_text_is_read_or_refused_in_bounded_time(string piece)
    {
        var plain = Text("word ", 10_000);
        var (half, whole) = (Text(piece, 5_000), Text(piece, 10_000));
        Cost(whole);
        // In turns, and the best of each: what else the machine does meets them alike, and a collection of garbage meets not all of five.
        var (plainCost, halfCost, wholeCost) = (double.MaxValue, double.MaxValue, double.MaxValue);
        for (var turn = 0; turn < 5; turn++)
            (plainCost, halfCost, wholeCost) = (Math.Min(plainCost, Cost(plain)), Math.Min(halfCost, Cost(half)), Math.Min(wholeCost, Cost(whole)));

        var costs = $"{plainCost:0.00} ms for plain words, {halfCost:0.00} ms and {wholeCost:0.00} ms for 5,000 and 10,000 characters of it";
        // Markdig looks back over the line for some of them, which is 4; cubic would be 8. A message is no longer than this.
        Assert.True(wholeCost < 6 * halfCost || wholeCost < 20 * plainCost, costs);
        Assert.True(wholeCost < 5_000 * plainCost, costs);
    }

    [Fact]
    public void Nesting_that_nobody_could_follow_is_refused()
    {
        foreach (var text in new[] { new string('>', 2_000) + "x", string.Concat(Enumerable.Repeat("- ", 500)) + "x", string.Concat(Enumerable.Repeat("*a **b ", 100)) + string.Concat(Enumerable.Repeat("c** d* ", 100)) })
        {
            Assert.Equal(Refusal.TextTooDeep, Assert.Throws<RefusedException>(() => PersonsMarkdown.ToHtml(text)).Refusal);
            Assert.Equal(Refusal.TextTooDeep, Assert.Throws<RefusedException>(() => PersonsMarkdown.Mentions(text)).Refusal);
            Assert.EndsWith("…", PersonsMarkdown.Excerpt(text, 30), StringComparison.Ordinal);
        }
        Assert.Contains("<p>x</p>", PersonsMarkdown.ToHtml(new string('>', 20) + "x"), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_million_brackets_are_refused_before_they_are_read()
    {
        var text = new string('[', 10_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<RefusedException>(() => PersonsMarkdown.ToHtml(text));
        Assert.Equal(Refusal.TextTooLong, refused.Refusal);
        Assert.Equal(new object[] { 10_000_000, PersonsMarkdown.MaximumLength }, refused.Arguments);
        Assert.Throws<RefusedException>(() => PersonsMarkdown.Mentions(text));
        // Not even copied.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal("[[[…", PersonsMarkdown.Excerpt(text, 3));
    }

    [Fact]
    public void Many_threads_render_the_same_html()
    {
        var texts = HostileHtml.Concat(HostileAddresses.Select(address => $"[x]({address}) **@anna-b** [y](https://x.example)")).ToArray();
        var alone = Array.ConvertAll(texts, PersonsMarkdown.ToHtml);
        Parallel.For(0, 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Assert.Equal(alone[i % texts.Length], PersonsMarkdown.ToHtml(texts[i % texts.Length])));
    }

    static Gen<string> OneOf(string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    static string Text(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));

    /// <summary>Milliseconds a rendering, over so many that the ticks of the clock do not count.</summary>
    static double Cost(string text)
    {
        var begin = TimeOfThread();
        for (var times = 1; ; times++)
        {
            try
            {
                PersonsMarkdown.ToHtml(text);
            }
            catch (RefusedException refused)
            {
                Assert.Equal(Refusal.TextTooDeep, refused.Refusal);
            }
            if ((TimeOfThread() - begin).TotalMilliseconds is >= 40 and var worked)
                return worked / times;
        }
    }

    /// <summary>On Linux what this thread alone has worked, so that a busy machine does not count; elsewhere the clock.</summary>
    static TimeSpan TimeOfThread() => OperatingSystem.IsLinux()
        ? TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1000.0)
        : Stopwatch.GetElapsedTime(0);
}
