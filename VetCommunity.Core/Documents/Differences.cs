using System.Globalization;
using System.Text;

namespace VetCommunity.Core.Documents;

/// <summary>What became of a piece of a text.</summary>
public enum Change
{
    /// <summary>It is in both.</summary>
    Same = 1,
    /// <summary>Only in the former.</summary>
    Removed = 2,
    /// <summary>Only in the later.</summary>
    Added = 3,
}

/// <summary>A piece of two compared texts.</summary>
/// <param name="Change">What became of it.</param>
/// <param name="Text">Exactly what stands there.</param>
public sealed record DifferentPiece(Change Change, string Text);

/// <summary>Compares two texts. What is left without the added pieces is the former, without the removed ones the later; the work is bounded for any two texts.</summary>
public static class Differences
{
    /// <summary>Line by line.</summary>
    public static IReadOnlyList<DifferentPiece> ByLines(string former, string later) => Joined(Compare(Lines.Of(former), Lines.Of(later)));

    /// <summary>Word by word within the lines that differ.</summary>
    public static IReadOnlyList<DifferentPiece> ByWords(string former, string later)
    {
        List<DifferentPiece> pieces = [];
        var (removed, added) = (new StringBuilder(), new StringBuilder());
        foreach (var line in Compare(Lines.Of(former), Lines.Of(later)).Append(new(Change.Same, "")))
        {
            if (line.Change == Change.Same)
            {
                pieces.AddRange(Compare(WordsOf(removed.ToString()), WordsOf(added.ToString())));
                pieces.Add(line);
                removed.Clear();
                added.Clear();
            }
            else
            {
                (line.Change == Change.Removed ? removed : added).Append(line.Text);
            }
        }
        return Joined(pieces);
    }

    static IEnumerable<DifferentPiece> Compare(List<string> former, List<string> later)
    {
        var places = Alignment.Of(former, later);
        var next = 0;
        for (var at = 0; at < former.Count; at++)
        {
            if (places[at] < 0)
            {
                yield return new(Change.Removed, former[at]);
                continue;
            }
            for (; next < places[at]; next++)
                yield return new(Change.Added, later[next]);
            next++;
            yield return new(Change.Same, former[at]);
        }
        for (; next < later.Count; next++)
            yield return new(Change.Added, later[next]);
    }

    // Between two same pieces what went stands before what came.
    static List<DifferentPiece> Joined(IEnumerable<DifferentPiece> pieces)
    {
        List<DifferentPiece> joined = [];
        var texts = new Dictionary<Change, StringBuilder> { [Change.Same] = new(), [Change.Removed] = new(), [Change.Added] = new() };
        foreach (var piece in pieces.Where(piece => piece.Text.Length > 0))
        {
            if (piece.Change == Change.Same)
                Close(Change.Removed, Change.Added);
            else
                Close(Change.Same);
            texts[piece.Change].Append(piece.Text);
        }
        Close(Change.Same, Change.Removed, Change.Added);
        return joined;

        void Close(params ReadOnlySpan<Change> changes)
        {
            foreach (var change in changes)
            {
                if (texts[change].Length > 0)
                    joined.Add(new(change, texts[change].ToString()));
                texts[change].Clear();
            }
        }
    }

    // Letters, marks and digits that stand together, blanks that do, and every other character alone.
    static List<string> WordsOf(string text)
    {
        List<string> words = [];
        for (var from = 0; from < text.Length;)
        {
            var (kind, to) = (KindAt(text, from), from + LengthAt(text, from));
            while (kind != Kind.Alone && to < text.Length && KindAt(text, to) == kind)
                to += LengthAt(text, to);
            words.Add(text[from..to]);
            from = to;
        }
        return words;
    }

    enum Kind
    {
        Letter,
        Blank,
        Alone,
    }

    static int LengthAt(string text, int at) => char.IsSurrogatePair(text, at) ? 2 : 1;

    static Kind KindAt(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Letter,
        UnicodeCategory.SpaceSeparator => Kind.Blank,
        _ => Kind.Alone,
    };
}
