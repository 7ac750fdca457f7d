using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace VetCommunity.Core.Bridging;

/// <summary>
/// A person's markdown as a machine gets it: line by line and without program text, addresses, mentions and the signs of markdown, for which marks stand that come back
/// in their places. A line whose marks the machine lost stays as it was: better untranslated than broken.
/// </summary>
sealed partial class MachineText
{
    const char Open = '⟦', Close = '⟧';
    readonly List<Line> _lines = [];
    readonly List<string> _kept = [];

    MachineText()
    {
    }

    /// <summary>What the machine is to translate: the lines that say something, parted by empty ones.</summary>
    public string Sent => string.Join("\n\n", _lines.Where(line => line.Masked is not null).Select(line => line.Masked));

    public static MachineText Of(string markdown)
    {
        var text = new MachineText();
        string? fence = null;
        foreach (var line in markdown.Split('\n'))
        {
            var opens = FencePattern().Match(line);
            if (fence is not null || opens.Success || line.StartsWith("    ", StringComparison.Ordinal) || line.StartsWith('\t') || IsPlace(line))
            {
                text._lines.Add(new(line, "", "", null, 0, 0));
                if (fence is null)
                    fence = opens.Success ? opens.Groups["fence"].Value : null;
                else if (opens.Success && opens.Groups["fence"].Value.StartsWith(fence, StringComparison.Ordinal) && opens.Groups["rest"].Value.Trim().Length == 0)
                    fence = null;
                continue;
            }
            text.Add(line);
        }
        return text;
    }

    /// <summary>The markdown with the machine's words in it; null where the answer is not in the form of the question, or nothing of it could be used.</summary>
    public string? Restored(string answer)
    {
        var parts = GapPattern().Split(answer.ReplaceLineEndings("\n").Trim());
        if (parts.Length != _lines.Count(line => line.Masked is not null))
            return null;
        var next = 0;
        var used = false;
        var restored = new List<string>(_lines.Count);
        foreach (var line in _lines)
        {
            var said = line.Masked is null ? null : Unmasked(line, parts[next++]);
            used |= said is not null;
            restored.Add(said is null ? line.Whole : line.Prefix + said + line.Suffix);
        }
        return used ? string.Join('\n', restored) : null;
    }

    // A line in whose stead something else is shown, such as {{quotes}}.
    static bool IsPlace(string line) => line.Trim() is ['{', '{', .., '}', '}'];

    void Add(string line)
    {
        var prefix = PrefixPattern().Match(line).Value;
        var first = _kept.Count;
        var said = line[prefix.Length..].TrimEnd();
        var masked = Mask(said);
        var says = MarkPattern().Replace(masked, "").Any(char.IsLetter);
        _lines.Add(new(line, prefix, line[(prefix.Length + said.Length)..], says ? masked : null, first, _kept.Count));
    }

    string Mask(string text)
    {
        var masked = new StringBuilder(text.Length);
        var addresses = AddressPattern().Matches(text).Concat(EntityPattern().Matches(text)).DistinctBy(match => match.Index).ToDictionary(match => match.Index, match => match.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = KeptAt(text, i, addresses);
            if (length == 0)
            {
                masked.Append(text[i++]);
                continue;
            }
            masked.Append(CultureInfo.InvariantCulture, $"{Open}{_kept.Count}{Close}");
            _kept.Add(text.Substring(i, length));
            i += length;
        }
        return masked.ToString();
    }

    // How many letters from here on are no language.
    static int KeptAt(string text, int at, Dictionary<int, int> addresses)
    {
        var begins = at == 0 || !char.IsLetterOrDigit(text[at - 1]);
        switch (text[at])
        {
            case '`':
                var run = Run(text, at);
                var end = text.IndexOf(text.Substring(at, run), at + run, StringComparison.Ordinal);
                return end < 0 ? run : end + run - at;
            case ']' when at + 1 < text.Length && text[at + 1] == '(' && text.IndexOf(')', at) is > 0 and var closed:
                return closed + 1 - at;
            case '<' when text.IndexOf('>', at) is > 0 and var closed:
                return closed + 1 - at;
            case '*' or '_' or '~' or '|' or '[' or ']' or '\\' or Open or Close or '{' or '}' or '^' or '$':
                return Run(text, at);
            case '@' when begins && at + 1 < text.Length && char.IsAsciiLetterLower(text[at + 1]):
                var handle = at + 1;
                while (handle < text.Length && (char.IsAsciiLetterLower(text[handle]) || char.IsAsciiDigit(text[handle]) || text[handle] == '-'))
                    handle++;
                return handle - at;
            default:
                return begins ? addresses.GetValueOrDefault(at) : 0;
        }
    }

    static int Run(string text, int at)
    {
        var end = at;
        while (end < text.Length && text[end] == text[at])
            end++;
        return end - at;
    }

    // Each mark once, and none that was not there.
    string? Unmasked(Line line, string answer)
    {
        var found = MarkPattern().Matches(answer).Select(mark => int.Parse(mark.Groups["number"].Value, CultureInfo.InvariantCulture)).Order().ToList();
        if (!found.SequenceEqual(Enumerable.Range(line.First, line.End - line.First)) || answer.Contains('\n', StringComparison.Ordinal) || answer.Length == 0)
            return null;
        var said = MarkPattern().Replace(answer, mark => _kept[int.Parse(mark.Groups["number"].Value, CultureInfo.InvariantCulture)]);
        return MarkPattern().Replace(answer, "").AsSpan().IndexOfAny(Open, Close) >= 0 ? null : said;
    }

    [GeneratedRegex(@"^ {0,3}(?<fence>`{3,}|~{3,})(?<rest>.*)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex FencePattern();

    [GeneratedRegex(@"^\s*(?:(?:>|[-*+]|\d{1,9}[.)]|#{1,6}|\[[ xX]\])(?:\s+|$))*>?\s*", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PrefixPattern();

    [GeneratedRegex(@"⟦(?<number>\d{1,6})⟧", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex MarkPattern();

    [GeneratedRegex(@"\n[ \t]*(?:\n[ \t]*)+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex GapPattern();

    [GeneratedRegex(@"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex EntityPattern();

    [GeneratedRegex(@"(?:https?://|mailto:|www\.)[^\s<>()⟦⟧]*[^\s<>().,;:!?⟦⟧""'*_]|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AddressPattern();

    sealed record Line(string Whole, string Prefix, string Suffix, string? Masked, int First, int End);
}
