namespace VetCommunity.Core.Search;

/// <summary>A term of a search where it stands in a text: from which word on, and how many words.</summary>
sealed record Hit(int Word, int Count);

static class Hits
{
    /// <summary>All of them, in the order of the text; they may overlap.</summary>
    public static List<Hit> In(List<Word> words, IReadOnlyList<SearchTerm> terms)
    {
        var hits = new List<Hit>();
        for (var at = 0; at < words.Count; at++)
        {
            foreach (var term in terms)
            {
                if (StandsAt(words, at, term))
                    hits.Add(new(at, term.Words.Count));
            }
        }
        return hits;
    }

    /// <summary>Whether all terms stand one behind the other somewhere, as they were typed.</summary>
    public static bool AreTogether(List<Word> words, IReadOnlyList<SearchTerm> terms)
    {
        for (var at = 0; at < words.Count; at++)
        {
            var next = at;
            if (terms.All(term => StandsAt(words, next, term) && (next += term.Words.Count) > 0))
                return true;
        }
        return false;
    }

    static bool StandsAt(List<Word> words, int at, SearchTerm term)
    {
        if (at + term.Words.Count > words.Count)
            return false;
        for (var i = 0; i < term.Words.Count; i++)
        {
            var isOpen = term.IsBeginning && i == term.Words.Count - 1;
            if (isOpen ? !words[at + i].Folded.StartsWith(term.Words[i], StringComparison.Ordinal) : words[at + i].Folded != term.Words[i])
                return false;
        }
        return true;
    }
}
