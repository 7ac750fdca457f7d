using System.Buffers;
using System.Globalization;
using System.Text;
using YamlDotNet.Core;

namespace VetCommunity.Core.Documents;

/// <summary>Writes the value of one field, as like what stood there before as it can be.</summary>
static class YamlWriter
{
    // Other readers take these for something else than a text.
    static readonly HashSet<string> Words = new(["true", "false", "yes", "no", "on", "off", "y", "n", "null", "~"], StringComparer.OrdinalIgnoreCase);

    static readonly SearchValues<char> ListMarks = SearchValues.Create(":,[]{}");

    /// <summary>The name of a field.</summary>
    public static string Name(string name) => IsPlain(name, isInList: true) ? name : Quoted(name);

    /// <summary>The value, to be put behind the name.</summary>
    /// <param name="value">What to say.</param>
    /// <param name="former">What stood there, for its quotation marks and rows.</param>
    /// <param name="safely">Always with quotation marks and on one line.</param>
    /// <param name="canBeRows">Nothing stands behind it on its line.</param>
    /// <param name="end">The document's line end.</param>
    /// <param name="indent">Before the rows.</param>
    public static string Write(FieldValue value, Field? former, bool safely, bool canBeRows, string end, string indent)
    {
        if (!safely && canBeRows)
        {
            if (value is FieldText text && IsBlock(text.Text))
                return Block(text.Text, end, indent + "  ");
            if (value is FieldList { Items: [_, ..] list } && former?.IsRows == true)
                return string.Join(end + indent, list.Select(item => "- " + Inline(item, ScalarStyle.Any, safely)));
        }
        return value is FieldText one ? Text(one.Text, former?.Style ?? ScalarStyle.Any, safely, isInList: false) : Inline(value, ScalarStyle.Any, safely);
    }

    static string Inline(FieldValue value, ScalarStyle style, bool safely) => value switch
    {
        FieldList list => $"[{string.Join(", ", list.Items.Select(item => Inline(item, style, safely)))}]",
        FieldMap map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{Quoted(entry.Key)}: {Inline(entry.Value, style, safely)}"))}}}",
        FieldText text => Text(text.Text, style, safely, isInList: true),
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    static string Text(string text, ScalarStyle style, bool safely, bool isInList)
    {
        if (safely || style == ScalarStyle.DoubleQuoted)
            return Quoted(text);
        if (style == ScalarStyle.SingleQuoted && !text.Any(MustBeEscaped))
            return $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return IsPlain(text, isInList) ? text : Quoted(text);
    }

    static bool IsPlain(string text, bool isInList)
    {
        if (text.Length == 0 || !char.IsLetterOrDigit(text[0]) || text[^1] is ' ' or ':' || Words.Contains(text) || text.Any(MustBeEscaped))
            return false;
        return !text.Contains(": ", StringComparison.Ordinal) && !text.Contains(" #", StringComparison.Ordinal) && !(isInList && text.AsSpan().ContainsAny(ListMarks));
    }

    // Lines that may be read as they are, without marks that say how far in they begin.
    static bool IsBlock(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 2 || text.Any(letter => letter != '\n' && MustBeEscaped(letter)) || (text.EndsWith('\n') && (text.Length < 2 || text[^2] == '\n')))
            return false;
        return lines[0].Length > 0 && lines.All(line => line.Length == 0 || (line[0] is not ' ' && line[^1] is not ' '));
    }

    static string Block(string text, string end, string indent) =>
        (text.EndsWith('\n') ? "|" : "|-") + string.Concat(text.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? end : end + indent + line));

    static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when MustBeEscaped(letter) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => quoted.Append(letter),
            };
        }
        return quoted.Append('"').ToString();
    }

    // What another program may drop, take for a line end or not show.
    static bool MustBeEscaped(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';
}
