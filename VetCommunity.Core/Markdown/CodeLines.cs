namespace VetCommunity.Core.Markdown;

/// <summary>Which lines of a text belong to a block of code. A block that nobody closes is none: it would take all that follows in, and speaker notes with it.</summary>
public static class CodeLines
{
    /// <summary>For each line, whether it does.</summary>
    public static bool[] In(IReadOnlyList<string> lines)
    {
        var code = new bool[lines.Count];
        // From this length on no block of this sign is closed any more.
        Dictionary<char, int> open = new() { ['`'] = int.MaxValue, ['~'] = int.MaxValue };
        for (var begin = 0; begin < code.Length; begin++)
        {
            var (sign, length, rest) = FenceOf(lines[begin]);
            if (length < 3 || length >= open[sign] || (sign == '`' && rest.Contains('`', StringComparison.Ordinal)))
                continue;
            var end = begin + 1;
            while (end < code.Length && !(FenceOf(lines[end]) is var (other, signs, after) && other == sign && signs >= length && after.Trim().Length == 0))
                end++;
            if (end == code.Length)
            {
                open[sign] = length;
                continue;
            }
            Array.Fill(code, true, begin, end - begin + 1);
            begin = end;
        }
        return code;
    }

    static (char Sign, int Length, string After) FenceOf(string line)
    {
        var text = line.TrimStart(' ');
        if (line.Length - text.Length > 3 || text.Length < 3 || text[0] is not ('`' or '~'))
            return ('`', 0, "");
        var length = text.Length - text.TrimStart(text[0]).Length;
        return (text[0], length, text[length..]);
    }
}
