using System.Globalization;
using System.Text;

namespace VetCommunity.Core.Members;

/// <summary>Names and short texts without markup: what neither a reader nor a search should stumble over is taken out.</summary>
static class PlainText
{
    const int Joiner = 0x200D;

    // Hangul fillers: letters that nobody sees.
    static readonly int[] Blank = [0x115F, 0x1160, 0x3164, 0xFFA0];

    /// <summary>One line: composed letters, single blanks, no control characters, no marks that turn the direction of what follows.</summary>
    public static string Line(string? text)
    {
        var line = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                line.Append(' ');
            else if (!Blank.Contains(rune.Value) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
                line.Append(rune.ToString());
        }
        return string.Join(' ', line.ToString().Normalize(NormalizationForm.FormC).Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A handle as somebody typed it, with or without its sign.</summary>
    public static string Handle(string? typed) => Line(typed).TrimStart('@').ToLowerInvariant();

    /// <summary>Its beginning, of so many characters at most, and never with half a letter at the end: nothing that reads that goes on.</summary>
    public static string Beginning(string text, int longest) => Beginning(text.AsSpan(), longest) is var all && all.Length == text.Length ? text : all.ToString();

    /// <inheritdoc cref="Beginning(string, int)"/>
    public static ReadOnlySpan<char> Beginning(ReadOnlySpan<char> text, int longest) =>
        text.Length <= longest ? text : text[..(longest > 0 && char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];

    /// <summary>Several lines, of the same letters; emojis keep what joins them.</summary>
    public static string Lines(string? text)
    {
        var lines = new StringBuilder();
        foreach (var rune in (text ?? "").ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or Joiner
                || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned))
                lines.Append(rune.ToString());
        }
        return lines.ToString().Normalize(NormalizationForm.FormC).Trim();
    }

    /// <summary>A name of 1 to <paramref name="longest"/> characters with a letter or digit in it.</summary>
    public static string Name(string? text, int longest)
    {
        var name = Line(text);
        return name.Length <= longest && name.EnumerateRunes().Any(Rune.IsLetterOrDigit) ? name : throw new RefusedException(Refusal.BadName, longest);
    }

    /// <summary>The same text; half a letter, which no database can hold, becomes the sign for one that is not known.</summary>
    public static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>A text of at most <paramref name="longest"/> characters, maybe none.</summary>
    public static string Within(string text, int longest) =>
        text.Length <= longest ? text : throw new RefusedException(Refusal.TextTooLong, text.Length, longest);
}
