namespace VetCommunity.Core.Documents;

/// <summary>The lines of a text, each with its own line end: joined, they are the text again.</summary>
static class Lines
{
    /// <summary>Line ends are \r\n, \n and \r; only the last line may be without one.</summary>
    public static List<string> Of(string text)
    {
        List<string> lines = [];
        for (var from = 0; from < text.Length;)
        {
            var to = EndOf(text, from);
            lines.Add(text[from..to]);
            from = to;
        }
        return lines;
    }

    /// <summary>Where the line that begins here has ended, its line end included.</summary>
    public static int EndOf(string text, int from)
    {
        var end = text.AsSpan(from).IndexOfAny('\r', '\n');
        if (end < 0)
            return text.Length;
        end += from;
        return text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
    }

    /// <summary>What stands in the line.</summary>
    public static string Content(string line) => line.TrimEnd('\r', '\n');

    /// <summary>Its line end, maybe none.</summary>
    public static string End(string line) => line[Content(line).Length..];

    /// <summary>The first line end of a text; \n where there is none.</summary>
    public static string EndIn(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var at ? End(text[..EndOf(text, at)]) : "\n";
}
