using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Documents;

/// <summary>A heading of a document to leap to.</summary>
/// <param name="Key">The section's key; its place on the page is <c>s-</c> and the key.</param>
/// <param name="Heading">What it says, without marks.</param>
public sealed record OutlineLine(string Key, string Heading);

/// <summary>A document as readers see it, without its front matter.</summary>
/// <param name="Html">Its sections, each under an <c>h2</c>, sanitised.</param>
/// <param name="Outline">The headings in their order.</param>
public sealed partial record RenderedDocument(string Html, IReadOnlyList<OutlineLine> Outline)
{
    // Beyond them nobody leaps: what follows belongs to the last one, so that a text of headings alone costs no more than any other.
    const int MostSections = 200;
    const int MostOfAddresses = 4_000;

    /// <summary>Renders each section alone, so that one can be leapt to and what one leaves open ends with it.</summary>
    /// <exception cref="RefusedException">A document or section that is too long, or nested more deeply than anybody could follow.</exception>
    public static RenderedDocument Of(string document)
    {
        if (document.Length > FrontMatter.MostOfDocument)
            throw new RefusedException(Refusal.TextTooLong, document.Length, FrontMatter.MostOfDocument);
        var sections = Sections.Of(document).Where(section => section.Key != Sections.FrontMatterKey).ToList();
        if (sections.Count > MostSections)
            sections = [.. sections[..(MostSections - 1)], sections[MostSections - 1] with { Text = Sections.Join(sections[(MostSections - 1)..]) }];
        var addresses = AddressesIn(sections);
        var html = new StringBuilder();
        List<OutlineLine> outline = [];
        foreach (var section in sections)
        {
            if (section.Key == Sections.BeginningKey)
            {
                html.Append(PartOf(section.Text.TrimStart('\uFEFF'), addresses));
                continue;
            }
            var heading = PersonsMarkdown.Plain(section.Heading);
            outline.Add(new(section.Key, heading));
            html.Append("<section aria-labelledby=\"s-").Append(section.Key).Append("\"><h2 id=\"s-").Append(section.Key).Append("\">").Append(WebUtility.HtmlEncode(heading)).Append("</h2>")
                .Append(PartOf(section.Text[Lines.EndOf(section.Text, 0)..], addresses)).Append("</section>");
        }
        return new(html.ToString(), outline);
    }

    // A link may name an address that stands at the end of the document.
    static string AddressesIn(IEnumerable<Section> sections)
    {
        var addresses = new StringBuilder();
        foreach (var line in sections.SelectMany(section => AddressPattern().Matches(section.Text)).TakeWhile(line => addresses.Length + line.Length < MostOfAddresses))
            addresses.Append('\n').Append(line.ValueSpan.TrimEnd('\r'));
        return addresses.ToString();
    }

    static string PartOf(string text, string addresses) => string.IsNullOrWhiteSpace(text) ? "" : PersonsMarkdown.PartToHtml(addresses.Length == 0 ? text : $"{text}\n{addresses}");

    [GeneratedRegex(@"^ {0,3}\[[^\]\r\n]{1,200}\]:[ \t]*\S.*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex AddressPattern();
}
