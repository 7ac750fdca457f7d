using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Live;

/// <summary>
/// A lesson's text as slides can show it. What authors note in comments is for nobody else. Of what is not there, pictures beside the text and pages of its own site, the words stay; and addresses that stand at its end
/// come to where they are meant, as slides are read one by one. In code all stays as it is.
/// </summary>
sealed partial class LessonText
{
    readonly Dictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);

    LessonText(string[] lines, bool[] code) => (Lines, Code) = (lines, code);

    /// <summary>Its lines, as many as were written.</summary>
    public string[] Lines { get; }

    /// <summary>Which of them are code.</summary>
    public bool[] Code { get; }

    public static LessonText Of(string text)
    {
        var lines = text.Split('\n');
        var code = CodeLines.In(lines);
        var read = new LessonText(Uncommented(lines, code), code);
        for (var index = 0; index < read.Lines.Length; index++)
        {
            if (code[index] || DefinitionPattern().Match(read.Lines[index]) is not { Success: true } definition)
                continue;
            read._addresses.TryAdd(definition.Groups["name"].Value, definition.Groups["address"].Value);
            read.Lines[index] = "";
        }
        return read;
    }

    // A comment that nobody ends is none, nor is what stands between two backticks: it would take all that follows with it.
    static string[] Uncommented(string[] lines, bool[] code)
    {
        var end = Enumerable.Range(0, lines.Length).LastOrDefault(index => !code[index] && lines[index].Contains("-->", StringComparison.Ordinal), -1);
        var isOpen = false;
        return [.. lines.Select((line, index) =>
        {
            if (code[index])
                return isOpen ? "" : line;
            // Counted from left to right: a line may be as long as the text.
            var (kept, last, signs) = (new StringBuilder(), end > index ? int.MaxValue : line.LastIndexOf("-->", StringComparison.Ordinal), 0);
            for (var at = 0; at < line.Length;)
            {
                var found = line.IndexOf(isOpen ? "-->" : "<!--", at, StringComparison.Ordinal);
                signs += isOpen || found < 0 ? 0 : line.AsSpan(at, found - at).Count('`');
                if (!isOpen && found >= 0 && ((signs % 2 == 1 && line.LastIndexOf('`') > found) || found + 4 > last))
                {
                    kept.Append(line[at..(found + 4)]);
                    at = found + 4;
                    continue;
                }
                if (!isOpen)
                    kept.Append(line[at..(found < 0 ? line.Length : found)]);
                if (found < 0)
                    break;
                at = found + (isOpen ? 3 : 4);
                isOpen = !isOpen;
            }
            return kept.ToString();
        })];
    }

    /// <summary>A block of it, without what slides cannot show.</summary>
    public string Plain(string text)
    {
        text = WithoutPictures(text);
        text = NamedLinkPattern().Replace(text, link => _addresses.TryGetValue(link.Groups["name"] is { Length: > 0 } name ? name.Value : link.Groups["words"].Value, out var address) ? $"[{link.Groups["words"]}]({address})" : link.Value);
        text = ShortLinkPattern().Replace(text, link => link.Groups["after"].Length == 0 && _addresses.TryGetValue(link.Groups["words"].Value, out var address) ? $"[{link.Groups["words"]}]({address})" : link.Value);
        text = LinkPattern().Replace(text, link => link.Groups["address"].Value.Contains(':', StringComparison.Ordinal) ? link.Value : link.Groups["words"].Value);
        return AttributesPattern().Replace(text, "");
    }

    static string WithoutPictures(string text)
    {
        var (kept, at) = (new StringBuilder(), 0);
        while (PicturePattern().Match(text, at) is { Success: true } picture)
        {
            kept.Append(text, at, picture.Index - at);
            at = picture.Index + picture.Length;
            var words = picture.Groups["words"].Value;
            // What stands in braces behind it describes it; nobody describes with more than this.
            if (at < text.Length && text[at] == '{' && AttributesEnd(text, at) is { } end)
            {
                var said = AltPattern().Match(text[at..end]);
                words = said.Success ? said.Groups["alt"].Value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\'", "'", StringComparison.Ordinal) : words;
                at = end;
            }
            words = words.Replace('*', ' ').Trim();
            kept.Append(words.Length > 0 ? $"*{words}*" : "");
        }
        return kept.Append(text, at, text.Length - at).ToString();
    }

    static int? AttributesEnd(string text, int at)
    {
        char? quote = null;
        for (var index = at + 1; index < text.Length && index < at + 3000; index++)
        {
            var sign = text[index];
            if (sign == '\\')
                index++;
            else if (quote is { } open)
                quote = sign == open ? null : quote;
            else if (sign is '"' or '\'')
                quote = sign;
            else if (sign == '}')
                return index + 1;
        }
        return null;
    }

    const RegexOptions Safe = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"^ {0,3}\[(?<name>[^\]^][^\]]*)\]:[ \t]+<?(?<address>[^ \t>]+)>?([ \t]+(""[^""]*""|'[^']*'|\([^)]*\)))?[ \t]*$", Safe)]
    private static partial Regex DefinitionPattern();

    [GeneratedRegex(@"!\[(?<words>([^\[\]]|\[[^\[\]]*\])*)\]\([^)]*\)", Safe)]
    private static partial Regex PicturePattern();

    [GeneratedRegex(@"[{\s]alt=(""(?<alt>([^""\\]|\\.)*)""|'(?<alt>([^'\\]|\\.)*)')", Safe)]
    private static partial Regex AltPattern();

    [GeneratedRegex(@"\[(?<words>[^\[\]]+)\]\[(?<name>[^\[\]]*)\]", Safe)]
    private static partial Regex NamedLinkPattern();

    [GeneratedRegex(@"\[(?<words>[^\[\]^][^\[\]]*)\](?<after>[\[(:]?)", Safe)]
    private static partial Regex ShortLinkPattern();

    [GeneratedRegex(@"\[(?<words>[^\[\]]*)\]\((?<address>[^)]*)\)", Safe)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"[ \t]*\{[#.][^}\n]*\}[ \t]*$", Safe | RegexOptions.Multiline)]
    private static partial Regex AttributesPattern();
}
