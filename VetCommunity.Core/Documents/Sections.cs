using System.Security.Cryptography;
using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>A part of a document under one <c>##</c> heading; what stands before the first one is a section without a heading.</summary>
/// <param name="Key">Names it among the document's sections, also after others changed: see <see cref="SectionKeys"/>.</param>
/// <param name="Heading">The heading as it is written; empty without one.</param>
/// <param name="Text">Exactly what stands there, heading and line ends included.</param>
/// <param name="Line">The line of the document in which it begins, from 1.</param>
/// <param name="Hash">Of its content: the same whatever the line ends and the blanks at the ends of lines are. Of a front matter, of its title and summary alone.</param>
public sealed record Section(string Key, string Heading, string Text, int Line, string Hash)
{
    /// <summary>Nothing stands in it, not even a heading.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(Text.TrimStart('\uFEFF'));

    /// <summary>Something stands in it that can be translated.</summary>
    internal bool SaysSomething => !IsBlank && Hash != Sections.NothingSaid;
}

/// <summary>
/// The sections of a markdown document. Only a <c>##</c> at the very beginning of a line begins one, where readers see a heading: not in a block of code or in a comment,
/// and not indented in a list.
/// </summary>
public static class Sections
{
    /// <summary>The key of the front matter: its title and summary are to be translated as well.</summary>
    public const string FrontMatterKey = "---";
    /// <summary>The key of what stands before the first heading.</summary>
    public const string BeginningKey = "";

    /// <summary>All sections in their order; their texts joined are the document.</summary>
    public static IReadOnlyList<Section> Of(string document) => Of(document, HashOfFront);

    /// <summary>The same of a document whose front matter was read already.</summary>
    internal static IReadOnlyList<Section> Of(FrontMatter front) => Of(front.Document, text => HashOf(front, text));

    static List<Section> Of(string document, Func<string, string> hashOfFront)
    {
        var line = 1;
        List<Section> sections = [];
        foreach (var (key, heading, text) in Cut(document))
        {
            sections.Add(new(key, heading, text, line, key == FrontMatterKey ? hashOfFront(text) : Hash(text)));
            line += CountLines(text);
        }
        return sections;
    }

    /// <summary>The same for whoever only reads: without hashes, which cost more than the rest.</summary>
    internal static List<(string Key, string Heading, string Text)> Cut(string document)
    {
        var body = FrontMatter.BodyStart(document);
        List<(string Key, string Heading, int From)> begun = [];
        if (body > 0)
            begun.Add((FrontMatterKey, "", 0));
        var keys = new SectionKeys();
        var open = new OpenBlock();
        for (var from = body; from < document.Length;)
        {
            var to = Lines.EndOf(document, from);
            var line = document.AsSpan(from, to - from).TrimEnd("\r\n");
            if (from == 0)
                line = line.TrimStart('\uFEFF');
            if (!open.Takes(line) && HeadingOf(line) is { } heading)
                begun.Add((keys.Next(heading), heading, from));
            else if (from == body)
                begun.Add((BeginningKey, "", from));
            from = to;
        }
        return [.. begun.Select((part, index) => (part.Key, part.Heading, document[part.From..(index + 1 < begun.Count ? begun[index + 1].From : document.Length)]))];
    }

    /// <summary>The document again.</summary>
    public static string Join(IEnumerable<Section> sections) => string.Concat(sections.Select(section => section.Text));

    /// <summary>32 characters that stand for what a text says, whatever its line ends and the blanks at the ends of its lines are.</summary>
    public static string Hash(string text)
    {
        var said = new StringBuilder(text.Length);
        foreach (var line in Lines.Of(text.TrimStart('\uFEFF')))
            said.Append(line.AsSpan().TrimEnd()).Append('\n');
        while (said.Length > 1 && said[^1] == '\n' && said[^2] == '\n')
            said.Length--;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said.ToString())).AsSpan(0, 16));
    }

    /// <summary>A front matter in which nothing stands that is to be translated.</summary>
    internal static string NothingSaid { get; } = Hash("");

    // Another theme or date makes no translation old.
    static string HashOfFront(string text) => text.Length > FrontMatter.Most ? Hash(text) : HashOf(FrontMatter.Of(text), text);

    static string HashOf(FrontMatter front, string text)
    {
        if (text.Length > FrontMatter.Most || front.Fault is not null)
            return Hash(text);
        var said = TranslatedOf(front);
        return said.Length > 0 ? Hash(said) : NothingSaid;
    }

    /// <summary>What of a front matter is to be translated: title and summary, one under the other.</summary>
    internal static string TranslatedOf(FrontMatter front) => $"{front["title"]?.AsText}\n\n{(front["summary"] ?? front["description"])?.AsText}".Trim();

    static string? HeadingOf(ReadOnlySpan<char> line)
    {
        if (!line.StartsWith("##") || (line.Length > 2 && line[2] is not (' ' or '\t')))
            return null;
        var heading = line[2..].Trim();
        // A closing row of # is no part of it.
        var open = heading.TrimEnd('#');
        return (open.Length == 0 || open[^1] is ' ' or '\t' ? open.TrimEnd() : heading).ToString();
    }

    static int CountLines(string text)
    {
        var count = 0;
        for (var from = 0; from < text.Length; count++)
            from = Lines.EndOf(text, from);
        return count;
    }

    /// <summary>A block that goes over several lines, in which a heading is none: code between fences, a comment, html that is shown as it is.</summary>
    struct OpenBlock
    {
        static readonly string[] AsItIs = ["pre", "script", "style", "textarea"];

        char _fence;
        int _length;
        string? _until;

        /// <summary>Whether the line belongs to such a block.</summary>
        public bool Takes(ReadOnlySpan<char> line)
        {
            if (_until is not null)
            {
                if (line.Contains(_until, StringComparison.OrdinalIgnoreCase))
                    _until = null;
                return true;
            }
            var begin = line.TrimStart(' ');
            if (line.Length - begin.Length > 3)
                return _fence != 0;
            var row = begin.Length > 0 && begin[0] is '`' or '~' ? begin.Length - begin.TrimStart(begin[0]).Length : 0;
            if (_fence != 0)
            {
                if (row >= _length && begin[0] == _fence && begin[row..].Trim().IsEmpty)
                    _fence = default;
                return true;
            }
            if (row >= 3 && (begin[0] == '~' || !begin[row..].Contains('`')))
            {
                (_fence, _length) = (begin[0], row);
                return true;
            }
            var end = EndOf(begin);
            if (end is null)
                return false;
            if (!begin[1..].Contains(end, StringComparison.OrdinalIgnoreCase))
                _until = end;
            return true;
        }

        static string? EndOf(ReadOnlySpan<char> begin)
        {
            if (begin.StartsWith("<!--"))
                return "-->";
            foreach (var name in AsItIs)
            {
                if (begin.Length > name.Length && begin[0] == '<' && begin[1..].StartsWith(name, StringComparison.OrdinalIgnoreCase)
                    && (begin.Length == name.Length + 1 || begin[name.Length + 1] is ' ' or '\t' or '>'))
                    return $"</{name}>";
            }
            return null;
        }
    }
}

/// <summary>Gives each heading of one document its key: its address part, with a number where the same one came before.</summary>
public sealed class SectionKeys
{
    readonly HashSet<string> _given = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);

    /// <summary>The key of the next heading: at most 70 characters, never empty, none twice.</summary>
    public string Next(string heading)
    {
        // Half a letter has no accents to be taken off.
        var slug = Folding.Slug(PlainText.Whole(heading));
        if (slug.Length == 0)
            slug = "section";
        var key = slug;
        var number = _last.GetValueOrDefault(slug, 1);
        while (!_given.Add(key))
            key = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{slug}-{++number}");
        _last[slug] = number;
        return key;
    }
}
