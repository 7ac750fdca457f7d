using VetCommunity.Core.Search;

namespace VetCommunity.Core.GoodPractice;

/// <summary>The words of a published language version in their order, as numbers: what its readers see of it, title and summary first.</summary>
/// <param name="Numbers">The words; <see cref="Vocabulary.Gap"/> between what does not stand together, so that no phrase goes across.</param>
/// <param name="TitleEnd">So many are the title's.</param>
/// <param name="SummaryEnd">Up to here the title's and the summary's.</param>
sealed record VersionWords(int[] Numbers, int TitleEnd, int SummaryEnd)
{
    // Who names a thing in the title writes about it; in the text it may be an aside.
    const int InTitle = 8;
    const int InSummary = 4;

    /// <param name="practice">Its front matter and organisation.</param>
    /// <param name="text">Its sections, without marks.</param>
    /// <param name="vocabulary">Learns what it does not know.</param>
    public static VersionWords Of(ShelvedPractice practice, string text, Vocabulary vocabulary)
    {
        var record = practice.Record;
        List<int> numbers = [];
        var title = Add(record.Title);
        var summary = Add(record.Summary);
        foreach (var other in (IEnumerable<string>)[practice.Organisation, .. record.Values.Values.SelectMany(values => values), record.Region, record.Cost, record.Resources, .. record.Others.Take(20).SelectMany(field => field.Value.AsTexts), text])
            Add(other);
        return new([.. numbers], title, summary);

        int Add(string words)
        {
            foreach (var word in Search.Words.In(words))
                numbers.Add(vocabulary.NumberOf(word.Folded));
            numbers.Add(Vocabulary.Gap);
            return numbers.Count;
        }
    }

    /// <summary>How much a word at this place counts.</summary>
    public int WeightAt(int place) => place < TitleEnd ? InTitle : place < SummaryEnd ? InSummary : 1;
}

/// <summary>
/// The words of all that is published: which language versions have them, and how often. It never changes, so that any number of people search in it while the next one is made.
/// Versions are counted as <see cref="PracticeShelf.Versions"/> has them.
/// </summary>
sealed class PracticeWords
{
    // BM25 with its usual values: from when on more of the same says little more, and how far a long text needs more of it.
    const float Saturation = 1.2f;
    const float ByLength = 0.75f;
    const float Missing = float.NegativeInfinity;

    readonly VersionWords[] _versions;
    readonly KnownWords _known;
    // Of each word where its versions begin in the two arrays behind it.
    readonly int[] _starts;
    readonly int[] _places;
    readonly byte[] _weights;
    // Of each word where its occurrences begin in the list of all; an occurrence is counted through all texts one behind the other, in which each version has its beginning.
    readonly int[] _firstOccurrences;
    readonly int[] _occurrences;
    readonly int[] _beginnings;
    readonly float[] _lengths;

    /// <param name="shelf">What is published.</param>
    /// <param name="versions">The words of each of its versions, in its order.</param>
    /// <param name="known">All of them.</param>
    public PracticeWords(PracticeShelf shelf, VersionWords[] versions, KnownWords known)
    {
        (Shelf, _versions, _known) = (shelf, versions, known);
        (_starts, _firstOccurrences, _beginnings) = (new int[known.Count + 1], new int[known.Count + 1], new int[versions.Length + 1]);
        foreach (var (version, place, word, isFirst) in Occurrences())
        {
            _starts[word + 1] += isFirst ? 1 : 0;
            _firstOccurrences[word + 1]++;
            _beginnings[version + 1] = place + 1;
        }
        AddUp(_starts);
        AddUp(_firstOccurrences);
        AddUp(_beginnings);
        (_places, _weights, _occurrences) = (new int[_starts[^1]], new byte[_starts[^1]], new int[_firstOccurrences[^1]]);
        var (ends, occurrenceEnds) = (_starts[..^1], _firstOccurrences[..^1]);
        foreach (var (version, place, word, isFirst) in Occurrences())
        {
            var at = isFirst ? ends[word]++ : ends[word] - 1;
            _places[at] = version;
            _weights[at] = (byte)Math.Min(byte.MaxValue, _weights[at] + versions[version].WeightAt(place));
            _occurrences[occurrenceEnds[word]++] = _beginnings[version] + place;
        }
        var average = versions.Length == 0 ? 1 : (float)versions.Average(one => one.Numbers.Length);
        _lengths = Array.ConvertAll(versions, one => Saturation * (1 - ByLength + (ByLength * one.Numbers.Length / average)));
    }

    /// <summary>Of which practices.</summary>
    public PracticeShelf Shelf { get; }

    /// <summary>Words that are known.</summary>
    public int Words => _known.Count;

    /// <summary>Those of them that stand in no text any more.</summary>
    public int Unused => Enumerable.Range(0, Words).Count(word => _starts[word] == _starts[word + 1]);

    /// <summary>The words of these practices, as if there were no others: whoever asks many questions about a few goes through those alone.</summary>
    public PracticeWords Among(IReadOnlySet<string> slugs) => new(
        new PracticeShelf(Shelf.Version, Shelf.Versions.Where(one => slugs.Contains(one.Slug))), [.. Shelf.Versions.Zip(_versions).Where(one => slugs.Contains(one.First.Slug)).Select(one => one.Second)], _known);

    /// <summary>How well each version answers: the higher, the better; not above 0 where a term is missing.</summary>
    public float[] Score(IReadOnlyList<SearchTerm> terms)
    {
        var scores = new float[_versions.Length];
        var weights = new int[_versions.Length];
        foreach (var term in terms)
        {
            Array.Clear(weights);
            Weigh(term, weights);
            var found = weights.Length - weights.AsSpan().Count(0);
            var rarity = MathF.Log(1 + ((weights.Length - found + 0.5f) / (found + 0.5f)));
            for (var version = 0; version < weights.Length; version++)
                scores[version] = weights[version] is > 0 and var weight ? scores[version] + (rarity * weight * (Saturation + 1) / (weight + _lengths[version])) : Missing;
        }
        return scores;
    }

    void Weigh(SearchTerm term, int[] weights)
    {
        var words = term.Words.Select(_known.NumberOf).ToArray();
        var last = term.IsBeginning ? _known.BeginningWith(term.Words[^1]) : words[^1..];
        if (last.Length == 0 || words.AsSpan(..^1).Contains(KnownWords.Unknown))
            return;
        if (words.Length > 1)
            WeighPhrase(words[..^1], [.. last], weights);
        else
        {
            foreach (var word in last.Where(word => word != KnownWords.Unknown))
            {
                // The word itself, not only its beginning.
                var times = term.IsBeginning && word == words[0] ? 2 : 1;
                for (var at = _starts[word]; at < _starts[word + 1]; at++)
                    weights[_places[at]] += times * _weights[at];
            }
        }
    }

    void WeighPhrase(int[] first, HashSet<int> last, int[] weights)
    {
        var anchor = Enumerable.Range(0, first.Length).MinBy(at => OccurrencesOf(first[at]).Length);
        var occurrences = OccurrencesOf(first[anchor]);
        var onlyLast = last.Count == 1 ? last.First() : KnownWords.Unknown;
        if (onlyLast != KnownWords.Unknown && OccurrencesOf(onlyLast).Length < occurrences.Length)
        {
            anchor = first.Length;
            occurrences = OccurrencesOf(onlyLast);
        }
        var (version, beginning, end) = (-1, 0, 0);
        foreach (var occurrence in occurrences)
        {
            while (occurrence >= end)
                (version, beginning, end) = (version + 1, end, _beginnings[version + 2]);
            var text = _versions[version].Numbers;
            var place = occurrence - beginning - anchor;
            if (place < 0 || place + first.Length >= text.Length || (onlyLast != KnownWords.Unknown ? text[place + first.Length] != onlyLast : !last.Contains(text[place + first.Length])))
                continue;
            if (text.AsSpan(place).StartsWith(first))
                weights[version] += _versions[version].WeightAt(place);
        }
    }

    ReadOnlySpan<int> OccurrencesOf(int word) => _occurrences.AsSpan(_firstOccurrences[word].._firstOccurrences[word + 1]);

    static void AddUp(int[] counts)
    {
        for (var at = 1; at < counts.Length; at++)
            counts[at] += counts[at - 1];
    }

    IEnumerable<(int Version, int Place, int Word, bool IsFirst)> Occurrences()
    {
        var seen = new int[_known.Count];
        for (var version = 0; version < _versions.Length; version++)
        {
            var numbers = _versions[version].Numbers;
            for (var place = 0; place < numbers.Length; place++)
            {
                yield return (version, place, numbers[place], seen[numbers[place]] != version + 1);
                seen[numbers[place]] = version + 1;
            }
        }
    }
}
