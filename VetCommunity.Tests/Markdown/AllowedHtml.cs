using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Xunit;

namespace VetCommunity.Tests.Markdown;

/// <summary>What may reach a reader's browser, told a second time and apart from the code under test.</summary>
static class AllowedHtml
{
    static readonly string[] Elements =
    [
        "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "strong",
        "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];

    public static IElement Parsed(string html) => new HtmlParser().ParseDocument("<!doctype html><body>" + html).Body!;

    public static void AssertNothingElse(string html)
    {
        Assert.DoesNotContain(html, letter => letter is not ('\n' or '\t') && char.IsControl(letter));
        var body = Parsed(html);
        Assert.All(body.Owner!.Head!.Children, child => Assert.Fail("In the head: " + child.OuterHtml));
        Assert.Empty(body.Attributes);
        Assert.All(body.Descendants(), node => Assert.True(node is IElement or IText, "A " + node.NodeType));
        foreach (var element in body.QuerySelectorAll("*"))
        {
            Assert.Contains(element.LocalName, Elements);
            Assert.Equal("http://www.w3.org/1999/xhtml", element.NamespaceUri);
            foreach (var attribute in element.Attributes)
                Assert.True(IsAllowed(element, attribute.Name, attribute.Value), $"<{element.LocalName} {attribute.Name}=\"{attribute.Value}\">");
            if (element.LocalName == "a")
                AssertLink(element);
        }
    }

    static void AssertLink(IElement link)
    {
        Assert.Empty(link.QuerySelectorAll("a"));
        var href = link.GetAttribute("href");
        Assert.NotNull(href);
        if (href.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            Assert.Equal("nofollow noopener noreferrer ugc", link.GetAttribute("rel"));
        if (!href.StartsWith('/'))
            return;
        // The reading of a browser: tabs and line ends dropped, \ as /.
        var read = new string([.. href.Where(letter => letter is not ('\t' or '\n' or '\r'))]).Replace('\\', '/');
        Assert.False(read.StartsWith("//", StringComparison.Ordinal), href);
    }

    static bool IsAllowed(IElement element, string name, string value) => (element.LocalName, name) switch
    {
        ("a", "href") => value.StartsWith('/') || value.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || value.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || value.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase),
        ("a", "rel") => value == "nofollow noopener noreferrer ugc",
        ("a", "class") => value == "mention" && element.GetAttribute("href")!.StartsWith("/people/", StringComparison.Ordinal),
        ("code", "class") => value.StartsWith("language-", StringComparison.Ordinal) && !value.Any(char.IsWhiteSpace),
        ("ol", "start") => int.TryParse(value, out _),
        _ => false,
    };
}
