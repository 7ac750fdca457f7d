using System.Globalization;
using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Search;

/// <summary>A word of a text: folded, and where it stands in the text as it was written.</summary>
readonly record struct Word(string Folded, int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>
/// The one place that knows what a word is. The index, the question and the marks in what is found all take their words from here, so
/// that neither database has an opinion of its own.
/// </summary>
static class Words
{
    // Longer ones are no words of a language; PostgreSQL takes 2 KB at most.
    const int Longest = 64;

    /// <summary>All words of a text.</summary>
    public static List<Word> In(string text) => In(text, sought: null);

    /// <summary>All words of a text, of which only those are spelled that one of the terms may mean: where some few are to be found, spelling each costs more than finding them.</summary>
    public static List<Word> In(string text, IReadOnlyList<SearchTerm> terms) => In(text, [.. terms.SelectMany(term => term.Words).Distinct()]);

    static List<Word> In(string text, string[]? sought)
    {
        var words = new Spelling(text.Length, sought);
        Span<char> folded = stackalloc char[Longest];
        for (var at = 0; at < text.Length;)
        {
            var (start, length, isFolded) = (at, 0, true);
            while (at < text.Length)
            {
                // Normalizing each Greek word, and each with an accent, would cost most of the time.
                if (text[at] is var letter && letter < Letters.Length && Letters[letter] is > '\0' and var simple)
                {
                    if (length < Longest)
                        folded[length++] = simple;
                    at++;
                    continue;
                }
                var part = PartLength(text, at);
                if (part == 0)
                    break;
                if (text[at] is 'ß' && length < Longest - 1)
                    (folded[length++], folded[length++]) = ('s', 's');
                else
                    isFolded &= text[at] is '·';
                at += part;
            }
            if (at == start)
                at++;
            else if (isFolded)
                words.Add(folded[..length], start, at - start);
            else
                AddFolded(words, text, start, at - start);
        }
        return words.All;
    }

    // Latin and Greek letters that fold to one letter, whatever stands beside them.
    static readonly char[] Letters = [.. Enumerable.Range(0, 0x2000).Select(code => ((char)code).ToString()).Select(letter =>
        char.IsLetterOrDigit(letter[0]) && letter[0] is < '\u0300' or (>= '\u0370' and < '\u0400') or >= '\u1E00' && Folding.Fold(letter) is [var folded] && char.IsLetterOrDigit(folded) ? folded : '\0')];

    static void AddFolded(Spelling words, string text, int start, int length)
    {
        var folded = Folding.Fold(text.Substring(start, length));
        // Some signs fold to several words, such as ½ to 1⁄2.
        for (var at = 0; at < folded.Length;)
        {
            var from = at;
            while (at < folded.Length && PartLength(folded, at) is var part and > 0)
                at += part;
            if (at > from)
                words.Add(PlainText.Beginning(folded.AsSpan(from, at - from), Longest), start, length);
            else
                at++;
        }
    }

    /// <summary>How many characters of a word stand here; 0 for what separates words.</summary>
    static int PartLength(string text, int at)
    {
        var letter = text[at];
        if (char.IsAscii(letter))
            return char.IsAsciiLetterOrDigit(letter) ? 1 : 0;
        // The Catalan l·l is one word, a dot of a list is none.
        if (letter is '·')
            return at > 0 && at + 1 < text.Length && text[at - 1] is 'l' or 'L' && text[at + 1] is 'l' or 'L' ? 1 : 0;
        Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherNumber or UnicodeCategory.Format => length,
            _ => 0,
        };
    }

    /// <summary>Collects the words; one that nobody sought stays without letters.</summary>
    sealed class Spelling(int characters, string[]? sought)
    {
        const int UsualWord = 6;

        public List<Word> All { get; } = new(characters / UsualWord);

        public void Add(ReadOnlySpan<char> folded, int start, int length) => All.Add(new(IsSought(folded) ? folded.ToString() : "", start, length));

        // A word of a search may be the beginning of one.
        bool IsSought(ReadOnlySpan<char> folded)
        {
            if (sought is null)
                return true;
            foreach (var word in sought)
            {
                if (folded.StartsWith(word))
                    return true;
            }
            return false;
        }
    }
}
