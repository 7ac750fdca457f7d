namespace VetCommunity.Core.Search;

/// <summary>What stands between blanks in a search, or between quotation marks.</summary>
/// <param name="Text">The whole of it, without quotation marks.</param>
/// <param name="IsQuoted">It stood in quotation marks.</param>
/// <param name="Operator">What stands before a colon, in small letters; empty without one.</param>
/// <param name="Value">What stands after it.</param>
readonly record struct SearchPart(string Text, bool IsQuoted, string Operator = "", string Value = "")
{
    // Phones and word processors put others than the straight one, and each language has its own.
    static bool IsQuote(char letter) => letter is '"' or '“' or '”' or '„' or '«' or '»';

    public static IEnumerable<SearchPart> Of(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (IsQuote(text[at]))
            {
                yield return new(Quoted(text, ref at), IsQuoted: true);
            }
            else
            {
                var start = at;
                while (at < text.Length && !char.IsWhiteSpace(text[at]) && !IsQuote(text[at]))
                    at++;
                var word = text[start..at];
                var colon = word.IndexOf(':', StringComparison.Ordinal);
                var name = colon > 0 ? word[..colon].ToLowerInvariant() : "";
                // topic:"two words"
                var value = colon > 0 && colon == word.Length - 1 && at < text.Length && IsQuote(text[at]) ? Quoted(text, ref at) : word[(colon + 1)..];
                yield return new(colon == word.Length - 1 ? $"{word}{value}" : word, IsQuoted: false, name, value);
            }
        }
    }

    // Without an end it goes to the end.
    static string Quoted(string text, ref int at)
    {
        var start = ++at;
        while (at < text.Length && !IsQuote(text[at]))
            at++;
        return text[start..Math.Min(at++, text.Length)];
    }
}
