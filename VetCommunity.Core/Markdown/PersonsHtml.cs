using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Ganss.Xss;

namespace VetCommunity.Core.Markdown;

/// <summary>The allow-list that stands behind the renderer: what is not named here does not reach a reader.</summary>
static partial class PersonsHtml
{
    static readonly string[] Elements =
    [
        "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "strong",
        "table", "tbody", "td", "th", "thead", "tr", "ul",
    ];

    /// <summary>Where the community's own pictures are found.</summary>
    public const string Pictures = "/practice-files/";

    /// <summary>What a link says that leaves the community.</summary>
    public const string Outward = "nofollow noopener noreferrer ugc";

    static readonly string[] Schemes = ["http://", "https://", "mailto:"];

    // Its documentation promises calls from many threads as long as nobody changes its settings.
    static readonly HtmlSanitizer Sanitizer = Build();

    /// <summary>Whether an address is one of the community's own pictures: one from elsewhere would tell its host who reads.</summary>
    public static bool IsPicture(ReadOnlySpan<char> address) => PictureAddress().IsMatch(address);

    /// <summary>Whether the class of a link is that of a mention that leads to a person of the community.</summary>
    public static bool IsMention(ReadOnlySpan<char> classes, ReadOnlySpan<char> href) => classes is "mention" && href.StartsWith("/people/");

    /// <summary>Whether the class of program text names its language.</summary>
    public static bool IsLanguage(ReadOnlySpan<char> classes) => LanguageClass().IsMatch(classes);

    /// <summary>Whether a link to an address that is allowed leaves the community.</summary>
    public static bool LeadsOut(ReadOnlySpan<char> href) => href.StartsWith("http", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a link may lead there: to a page of this server, to the web, or to a letter box.</summary>
    public static bool IsAllowed(ReadOnlySpan<char> href)
    {
        // Browsers drop tabs and line ends from an address and read \ as /, so /\t/elsewhere would leave.
        foreach (var letter in href)
        {
            if (letter <= ' ' || letter is '\\' || char.IsControl(letter))
                return false;
        }
        if (href.StartsWith('/'))
            return !href.StartsWith("//");
        foreach (var scheme in Schemes)
        {
            if (href.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && href.Length > scheme.Length)
                return true;
        }
        return false;
    }

    /// <summary>What is allowed of any html.</summary>
    public static string OnlyAllowed(string html) => OwnHtml.Read(html) ?? Sanitised(html);

    /// <summary>The same by a tree of the whole text, and so what <see cref="OwnHtml"/> leaves to it.</summary>
    public static string Sanitised(string html) => Sanitizer.Sanitize(html);

    static HtmlSanitizer Build()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = Set(Elements),
            AllowedAttributes = Set("alt", "class", "href", "src", "start"),
            AllowedSchemes = Set("http", "https", "mailto"),
            UriAttributes = Set("href", "src"),
        });
        sanitizer.FilterUrl += (_, link) => link.SanitizedUrl = IsAllowed(link.OriginalUrl) ? link.OriginalUrl : null;
        sanitizer.PostProcessDom += (_, done) => Adapt(done.Document);
        return sanitizer;
    }

    static void Adapt(IHtmlDocument document)
    {
        foreach (var element in document.All.ToList())
        {
            if (element.ClassName is { } classes && !IsAllowed(element, classes))
                element.RemoveAttribute("class");
            if (element.HasAttribute("start") && (element.LocalName != "ol" || !int.TryParse(element.GetAttribute("start"), out _)))
                element.RemoveAttribute("start");
            if (element is IHtmlImageElement)
            {
                if (!IsPicture(element.GetAttribute("src")) || string.IsNullOrWhiteSpace(element.GetAttribute("alt")))
                    element.Remove();
                else
                    element.SetAttribute("loading", "lazy");
                continue;
            }
            element.RemoveAttribute("src");
            element.RemoveAttribute("alt");
            // A cell that says nothing heads nothing.
            if (element.LocalName == "th" && string.IsNullOrWhiteSpace(element.TextContent))
                element.Replace(document.CreateElement("td"));
            if (element is not IHtmlAnchorElement)
            {
                element.RemoveAttribute("href");
                continue;
            }
            var href = element.GetAttribute("href");
            if (href is null)
                element.Replace([.. element.ChildNodes]);
            else if (LeadsOut(href))
                element.SetAttribute("rel", Outward);
        }
    }

    static bool IsAllowed(IElement element, string classes) => element.LocalName switch
    {
        "a" => IsMention(classes, element.GetAttribute("href")),
        "code" => IsLanguage(classes),
        _ => false,
    };

    static HashSet<string> Set(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex("^" + Pictures + @"[0-9a-f]{32}/[^/?#\s\\]{1,400}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex PictureAddress();

    [GeneratedRegex(@"^language-[A-Za-z0-9+#.-]{1,30}\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex LanguageClass();
}
