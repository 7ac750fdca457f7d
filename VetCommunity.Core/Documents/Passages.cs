using System.Runtime.InteropServices;
using System.Text;

namespace VetCommunity.Core.Documents;

/// <summary>A passage of a text.</summary>
/// <param name="Start">Its first character, from 0.</param>
/// <param name="Length">Its characters, at least one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Passage(int Start, int Length)
{
    /// <summary>The character after it.</summary>
    public int End => Start + Length;

    /// <summary>What it says in its text.</summary>
    public string In(string text) => text.Substring(Start, Length);
}

/// <summary>Finds in markdown what a reader saw on the page, and finds it again after others changed the text.</summary>
public static class Passages
{
    const string Marks = "*_~`";

    /// <summary>The first passage that says these words, whatever the marks, blanks and letter cases are; null where none does. Whole words come before parts of words.</summary>
    /// <param name="markdown">A text as it is written.</param>
    /// <param name="words">As they stand on the page, or as they are written.</param>
    public static Passage? Find(string markdown, string words)
    {
        var (text, wanted) = (Letters(markdown), Letters(words).Said);
        if (wanted.Length == 0)
            return null;
        Passage? first = null;
        for (var at = text.Said.IndexOf(wanted, StringComparison.Ordinal); at >= 0; at = text.Said.IndexOf(wanted, at + 1, StringComparison.Ordinal))
        {
            var (start, end) = (text.Places[at], text.Places[at + wanted.Length - 1] + 1);
            first ??= Whole(markdown, start, end, words);
            if ((start == 0 || !char.IsLetterOrDigit(markdown[start - 1])) && (end == markdown.Length || !char.IsLetterOrDigit(markdown[end])))
                return Whole(markdown, start, end, words);
        }
        return first;
    }

    /// <summary>Where a passage of the former of two compared texts stands in the later one, with what was written into it; null where less than half of it is left.</summary>
    /// <param name="pieces">See <see cref="Differences.ByWords"/>.</param>
    /// <param name="passage">A passage of the former text.</param>
    public static Passage? Follow(IEnumerable<DifferentPiece> pieces, Passage passage)
    {
        var (then, now, left, said) = (0, 0, 0, 0);
        int? start = null;
        var end = 0;
        foreach (var piece in pieces)
        {
            if (piece.Change != Change.Added)
            {
                var (from, to) = (Math.Max(passage.Start - then, 0), Math.Min(passage.End - then, piece.Text.Length));
                if (from < to)
                {
                    var letters = LettersOf(piece.Text.AsSpan(from, to - from));
                    said += letters;
                    if (piece.Change == Change.Same)
                    {
                        start ??= now + from;
                        end = now + to;
                        left += letters;
                    }
                }
                then += piece.Text.Length;
            }
            if (piece.Change != Change.Removed)
                now += piece.Text.Length;
        }
        return start is { } found && left * 2 >= said ? new(found, end - found) : null;
    }

    static int LettersOf(ReadOnlySpan<char> text)
    {
        var letters = 0;
        foreach (var letter in text)
            letters += char.IsLetterOrDigit(letter) ? 1 : 0;
        return letters;
    }

    // What is read aloud: no marks, and no address of a link.
    static (string Said, List<int> Places) Letters(string text)
    {
        var said = new StringBuilder(text.Length);
        List<int> places = [];
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == ']' && at + 1 < text.Length && text[at + 1] == '(' && EndOfAddress(text, at) is { } end)
                at = end;
            else if (char.IsLetterOrDigit(text[at]))
            {
                said.Append(char.ToUpperInvariant(text[at]));
                places.Add(at);
            }
        }
        return (said.ToString(), places);
    }

    static int? EndOfAddress(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny(')', '\n');
        return end > 0 && text[at + end] == ')' ? at + end : null;
    }

    // A passage that is replaced leaves no half of a pair of marks or of a link behind; it ends with the stop that its words end with.
    static Passage Whole(string text, int start, int end, string words)
    {
        foreach (var stop in words.TrimEnd().AsSpan(LastLetter(words) + 1))
        {
            if (end < text.Length && text[end] == stop)
                end++;
        }
        foreach (var mark in Marks)
        {
            if (Runs(text.AsSpan(start, end - start), mark) % 2 == 0)
                continue;
            if (start > 0 && text[start - 1] == mark)
                start = RunBefore(text, start, mark);
            else if (end < text.Length && text[end] == mark)
                end = RunAfter(text, end, mark);
            else if (text.IndexOf(mark, end) is >= 0 and var next && text.IndexOf('\n', end, next - end) < 0)
                end = RunAfter(text, next, mark);
        }
        var inside = text.AsSpan(start, end - start);
        if (inside.Contains("](", StringComparison.Ordinal) && !inside.Contains('[') && text.LastIndexOf('[', start) is >= 0 and var opened && text.IndexOf('\n', opened, start - opened) < 0)
            start = opened;
        inside = text.AsSpan(start, end - start);
        if (inside.LastIndexOf('[') is >= 0 and var open && !inside[open..].Contains(']') && text.IndexOf("](", end, StringComparison.Ordinal) is >= 0 and var closed
            && text.IndexOf('\n', end, closed - end) < 0 && EndOfAddress(text, closed) is { } last)
            end = last + 1;
        return new(start, end - start);
    }

    static int RunBefore(string text, int at, char mark)
    {
        while (at > 0 && text[at - 1] == mark)
            at--;
        return at;
    }

    static int RunAfter(string text, int at, char mark)
    {
        while (at < text.Length && text[at] == mark)
            at++;
        return at;
    }

    static int LastLetter(string text)
    {
        var at = text.Length - 1;
        while (at >= 0 && !char.IsLetterOrDigit(text[at]))
            at--;
        return at;
    }

    static int Runs(ReadOnlySpan<char> text, char mark)
    {
        var runs = 0;
        for (var at = 0; at < text.Length; at++)
            runs += text[at] == mark && (at == 0 || text[at - 1] != mark) ? 1 : 0;
        return runs;
    }
}
