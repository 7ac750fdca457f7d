using System.Globalization;

namespace VetCommunity.Core.Search;

/// <summary>A part of a snippet; a hit is what was looked for.</summary>
public sealed record SnippetPart(string Text, bool IsHit);

/// <summary>The piece of a text in which most of what was looked for stands together.</summary>
static class Snippets
{
    const int Longest = 220;
    const int BeforeFirstHit = 50;

    public static IReadOnlyList<SnippetPart> Of(string plain, IReadOnlyList<SearchTerm> terms)
    {
        var words = Words.In(plain, terms);
        var marks = Merged(plain, words, Hits.In(words, terms));
        var (start, end) = Piece(plain, words, marks);
        List<SnippetPart> parts = [];
        var at = start;
        Add(start > 0 ? "…" : "", isHit: false);
        foreach (var (from, to) in marks.Where(mark => mark.Start >= start && mark.End <= end))
        {
            Add(plain[at..from], isHit: false);
            Add(plain[from..to], isHit: true);
            at = to;
        }
        Add(plain[at..end] + (end < plain.Length ? "…" : ""), isHit: false);
        return parts;

        void Add(string text, bool isHit)
        {
            if (text.Length > 0)
                parts.Add(new(text, isHit));
        }
    }

    // Two marks with only a blank between them are read as one.
    static List<(int Start, int End)> Merged(string plain, List<Word> words, List<Hit> hits)
    {
        List<(int Start, int End)> marks = [];
        foreach (var hit in hits)
        {
            var (start, end) = (words[hit.Word].Start, words[hit.Word + hit.Count - 1].End);
            if (marks is [.., var last] && (start <= last.End || plain.AsSpan(last.End..start).IsWhiteSpace()))
                marks[^1] = (last.Start, Math.Max(last.End, end));
            else
                marks.Add((start, end));
        }
        return marks;
    }

    static (int Start, int End) Piece(string plain, List<Word> words, List<(int Start, int End)> marks)
    {
        if (plain.Length <= Longest)
            return (0, plain.Length);
        var start = 0;
        var most = 0;
        var (first, end) = (0, 0);
        foreach (var mark in marks)
        {
            var from = Math.Max(0, mark.Start - BeforeFirstHit);
            while (marks[first].Start < from)
                first++;
            while (end < marks.Count && marks[end].End <= from + Longest)
                end++;
            if (end - first > most)
                (start, most) = (from, end - first);
        }
        // At the beginning of a word, and not so late that the end stays empty.
        start = Math.Min(start, plain.Length - Longest);
        if (start > 0 && words.Find(word => word.Start >= start) is { Length: > 0 } next && next.Start - start < BeforeFirstHit / 2)
            start = next.Start;
        end = Math.Min(plain.Length, start + Longest);
        if (end < plain.Length && words.FindLast(word => word.End <= end) is { Length: > 0 } last && end - last.End < BeforeFirstHit)
            end = last.End;
        return (WholeLetter(plain, start), WholeLetter(plain, end));
    }

    // Half an emoji or a letter without its accent is not what the person wrote.
    static int WholeLetter(string text, int at)
    {
        while (at < text.Length && at > 0 && (char.IsLowSurrogate(text[at]) || char.GetUnicodeCategory(text[at]) is UnicodeCategory.NonSpacingMark))
            at--;
        return at;
    }
}
