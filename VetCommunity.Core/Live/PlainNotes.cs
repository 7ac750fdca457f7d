using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>Words from elsewhere as notes of a slide: nothing in them is a sign of markdown or of a deck.</summary>
static class PlainNotes
{
    const string Signs = "\\`*_[]<>#|~&@$";
    // What only means something at the beginning of a line.
    const string Beginnings = "-+=:.?!)%";

    /// <summary>At most so many characters, in the lines that they had.</summary>
    public static string Of(string text, int most)
    {
        var notes = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var words = PlainText.Line(line);
            if (words.Length == 0)
                continue;
            var written = Written(words);
            if (notes.Length + written.Length + 2 > most)
                break;
            if (notes.Length > 0)
                notes.Append("\n\n");
            notes.Append(written);
        }
        return notes.ToString();
    }

    static string Written(string words)
    {
        var written = new StringBuilder(words.Length + 8);
        var digits = words.TakeWhile(char.IsAsciiDigit).Count();
        for (var at = 0; at < words.Length; at++)
        {
            var letter = words[at];
            // 1. begins a list, and so does 1)
            if (Signs.Contains(letter) || (at == 0 && Beginnings.Contains(letter)) || (at == digits && digits > 0 && letter is '.' or ')'))
                written.Append('\\');
            written.Append(letter);
        }
        return written.ToString();
    }
}
