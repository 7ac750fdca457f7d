namespace VetCommunity.Core.GoodPractice;

/// <summary>Gives each word a number. One at a time learns.</summary>
sealed class Vocabulary
{
    /// <summary>The number of no word: between what does not stand together.</summary>
    public const int Gap = 0;

    readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [""] = Gap };
    readonly List<string> _new = [];

    /// <summary>All of them as of now.</summary>
    public KnownWords Known { get => field = field.With(_new, _numbers); } = new([""], [Gap]);

    public int NumberOf(string word)
    {
        if (_numbers.TryGetValue(word, out var number))
            return number;
        _new.Add(word);
        return _numbers[word] = _numbers.Count;
    }
}

/// <summary>Words in their order, with their numbers. It never changes.</summary>
sealed class KnownWords(string[] words, int[] numbers)
{
    public const int Unknown = -1;

    public int Count => words.Length;

    public int NumberOf(string word) => Array.BinarySearch(words, word, StringComparer.Ordinal) is >= 0 and var at ? numbers[at] : Unknown;

    public int[] BeginningWith(string beginning)
    {
        var from = Array.BinarySearch(words, beginning, StringComparer.Ordinal);
        from = from < 0 ? ~from : from;
        var to = from;
        while (to < words.Length && words[to].StartsWith(beginning, StringComparison.Ordinal))
            to++;
        return numbers[from..to];
    }

    /// <summary>The same with new ones, which are taken out of the list. To sort all of them for each publication would cost more than all the rest.</summary>
    public KnownWords With(List<string> more, Dictionary<string, int> known)
    {
        if (more.Count == 0)
            return this;
        more.Sort(StringComparer.Ordinal);
        var both = new string[words.Length + more.Count];
        for (int at = 0, old = 0, added = 0; at < both.Length; at++)
            both[at] = added == more.Count || (old < words.Length && string.CompareOrdinal(words[old], more[added]) < 0) ? words[old++] : more[added++];
        more.Clear();
        return new(both, Array.ConvertAll(both, word => known[word]));
    }
}
