using System.Buffers;
using System.Net;
using System.Text;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Documents;

/// <summary>A heading of a document to leap to.</summary>
/// <param name="Key">The section's key; its place on the page is <c>s-</c> and the key.</param>
/// <param name="Heading">What it says, without marks.</param>
public sealed record OutlineLine(string Key, string Heading);

/// <summary>A section as readers see it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Heading">What its heading says, without marks; empty for what stands before the first one.</param>
/// <param name="Html">It under its <c>h2</c>, sanitised.</param>
public sealed record RenderedSection(string Key, string Heading, string Html);

/// <summary>A document as readers see it, without its front matter.</summary>
/// <param name="Html">Its sections, each under an <c>h2</c>, sanitised.</param>
/// <param name="Outline">The headings in their order.</param>
public sealed record RenderedDocument(string Html, IReadOnlyList<OutlineLine> Outline)
{
    // Beyond them nobody leaps: what follows belongs to the last one, so that a text of headings alone costs no more than any other.
    const int MostSections = 200;
    const int MostOfAddresses = 4_000, LongestName = 200;

    /// <summary>Renders each section alone, so that one can be leapt to and what one leaves open ends with it.</summary>
    /// <exception cref="RefusedException">A document or section that is too long, or nested more deeply than anybody could follow.</exception>
    public static RenderedDocument Of(string document)
    {
        var parts = PartsOf(document);
        return new(string.Concat(parts.Select(part => part.Html)), [.. parts.Where(part => part.Key != Sections.BeginningKey).Select(part => new OutlineLine(part.Key, part.Heading))]);
    }

    /// <summary>The same with the html of each section apart.</summary>
    /// <exception cref="RefusedException">As for the whole.</exception>
    public static IReadOnlyList<RenderedSection> PartsOf(string document)
    {
        var (sections, addresses) = SectionsOf(document);
        return sections.ConvertAll(section =>
        {
            if (section.Key == Sections.BeginningKey)
                return new RenderedSection(section.Key, "", PartOf(section.Text, addresses));
            var heading = PersonsMarkdown.Plain(section.Heading);
            return new(section.Key, heading, $"<section aria-labelledby=\"s-{section.Key}\"><h2 id=\"s-{section.Key}\">{WebUtility.HtmlEncode(heading)}</h2>{PartOf(section.Text, addresses)}</section>");
        });
    }

    /// <summary>What stands under each heading, and the addresses that links in all of them name.</summary>
    internal static (List<(string Key, string Heading, string Text)> Sections, string Addresses) SectionsOf(string document)
    {
        if (document.Length > FrontMatter.MostOfDocument)
            throw new RefusedException(Refusal.TextTooLong, document.Length, FrontMatter.MostOfDocument);
        var sections = Sections.Cut(document).Where(section => section.Key != Sections.FrontMatterKey).ToList();
        if (sections.Count > MostSections)
            sections = [.. sections[..(MostSections - 1)], sections[MostSections - 1] with { Text = string.Concat(sections[(MostSections - 1)..].Select(section => section.Text)) }];
        var addresses = AddressesIn(sections.Select(section => section.Text));
        return (sections.ConvertAll(section => section with { Text = section.Key == Sections.BeginningKey ? section.Text.TrimStart('\uFEFF') : section.Text[Lines.EndOf(section.Text, 0)..] }), addresses);
    }

    /// <summary>The words of such html on one line. To parse the markdown once more would cost many times as much.</summary>
    public static string PlainOf(string html)
    {
        // What is read is never shorter than what it says.
        var line = ArrayPool<char>.Shared.Rent(html.Length);
        var length = 0;
        for (var at = 0; at < html.Length;)
        {
            switch (html[at])
            {
                case '<':
                    var end = EndOfTag(html, at);
                    // What is only set off stays one word.
                    if (!WithinWords.Contains(NameOf(html.AsSpan(at..end))))
                        Put(' ');
                    at = end;
                    break;
                case '&' when html.AsSpan(at, Math.Min(LongestEntity, html.Length - at)).IndexOf(';') is > 0 and var entity:
                    foreach (var letter in WebUtility.HtmlDecode(html.Substring(at, entity + 1)))
                        Put(letter);
                    at += entity + 1;
                    break;
                default:
                    Put(html[at++]);
                    break;
            }
        }
        var plain = line.AsSpan(0, length).TrimEnd().ToString();
        ArrayPool<char>.Shared.Return(line);
        return plain;

        void Put(char letter)
        {
            if (!char.IsWhiteSpace(letter))
                line[length++] = letter;
            else if (length > 0 && line[length - 1] != ' ')
                line[length++] = ' ';
        }
    }

    const int LongestEntity = 12;

    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> WithinWords = new HashSet<string>(["a", "code", "del", "em", "strong"], StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> tag)
    {
        var name = tag.TrimStart("</");
        return name.IndexOfAny(" >") is >= 0 and var end ? name[..end] : name;
    }

    // Only within quotation marks it may have a > that does not end it.
    static int EndOfTag(string html, int at)
    {
        var isQuoted = false;
        for (; at < html.Length && (isQuoted || html[at] != '>'); at++)
            isQuoted ^= html[at] == '"';
        return Math.Min(at + 1, html.Length);
    }

    // A link may name an address that stands at the end of the document.
    static string AddressesIn(IEnumerable<string> texts)
    {
        var addresses = new StringBuilder();
        foreach (var text in texts)
        {
            for (int at = 0, end; at < text.Length; at = end)
            {
                end = Lines.EndOf(text, at);
                var line = text.AsSpan(at..end).TrimEnd("\r\n");
                if (!IsAddress(line))
                    continue;
                if (addresses.Length + line.Length >= MostOfAddresses)
                    return addresses.ToString();
                addresses.Append('\n').Append(line);
            }
        }
        return addresses.ToString();
    }

    // [name]: address
    static bool IsAddress(ReadOnlySpan<char> line)
    {
        var start = line.IndexOfAnyExcept(' ');
        if (start is < 0 or > 3 || line[start] != '[')
            return false;
        var name = line[(start + 1)..].IndexOf(']');
        if (name is < 1 or > LongestName)
            return false;
        var rest = line[(start + name + 2)..];
        return rest.Length > 1 && rest[0] == ':' && !rest[1..].IsWhiteSpace();
    }

    internal static string PartOf(string text, string addresses) => string.IsNullOrWhiteSpace(text) ? "" : PersonsMarkdown.PartToHtml(addresses.Length == 0 ? text : $"{text}\n{addresses}");
}
