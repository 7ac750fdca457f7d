using System.Text.Json;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Documents;

/// <summary>What readers get of a published language version: made once when it is published, gone when it is withdrawn.</summary>
public sealed class Edition
{
    // Who links to more than a hundred pages mentions none of them in particular.
    const int MostLinks = 100, LongestLink = 200;

    /// <summary>Of which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>Which revision it shows.</summary>
    public int Number { get; set; }
    /// <summary>When that was published.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>What it is called: see <see cref="DocumentTitle"/>.</summary>
    public required string Title { get; set; }
    /// <summary>What it says in short.</summary>
    public required string Summary { get; set; }
    /// <summary>The front matter with the lines around it; empty without one.</summary>
    public required string Head { get; set; }
    /// <summary>The sections as html, sanitised.</summary>
    public required string Html { get; set; }
    /// <summary>Their headings as JSON: see <see cref="RenderedDocument"/>.</summary>
    public required string Outline { get; set; }
    /// <summary>The pages of the community to which its text leads, without their queries, one a line. Null in what was published before that was noted down.</summary>
    public string? Links { get; set; }

    /// <summary>Makes it of a revision.</summary>
    /// <exception cref="RefusedException">A section that is too long or too deeply nested to be shown.</exception>
    internal static Edition Of(Revision revision, DateTimeOffset at)
    {
        var edition = Of(FrontMatter.Of(revision.Markdown), at);
        (edition.VersionId, edition.Number) = (revision.VersionId, revision.Number);
        return edition;
    }

    /// <summary>Makes it of a text that is to be the first revision of a language version that has no number yet.</summary>
    /// <exception cref="RefusedException">As for a revision.</exception>
    internal static Edition Of(FrontMatter front, DateTimeOffset at)
    {
        var rendered = RenderedDocument.Of(front.Document);
        var (title, summary) = DocumentTitle.Of(front);
        return new()
        {
            Number = 1,
            At = at,
            Title = title,
            Summary = summary,
            Head = front.Head,
            Html = rendered.Html,
            Outline = JsonSerializer.Serialize(rendered.Outline, JsonSerializerOptions.Web),
            Links = LinksIn(rendered.Html),
        };
    }

    /// <summary>What <see cref="Links"/> says of such html.</summary>
    internal static string LinksIn(string html)
    {
        HashSet<string> pages = new(StringComparer.Ordinal);
        foreach (var address in HtmlAddresses.Of(html, "href").Where(address => address.StartsWith('/')))
        {
            var page = address.AsSpan();
            if (page.IndexOfAny('?', '#') is >= 0 and var end)
                page = page[..end];
            if (page.Length <= LongestLink && pages.Add(page.ToString()) && pages.Count == MostLinks)
                break;
        }
        return string.Join('\n', pages);
    }
}

/// <summary>Counts what readers see of one kind of document: one more with each publication, withdrawal and deletion, in the same transaction. Who keeps a list of them in memory looks here whether it still holds.</summary>
public sealed class Shelf
{
    /// <summary>Of which kind.</summary>
    public DocumentKind Kind { get; set; }
    /// <summary>How often it changed.</summary>
    public long Version { get; set; }
}
