namespace VetCommunity.Core.Search;

/// <summary>How well a message answers a search. It depends on the message and on where the paging began, so that pages fit together.</summary>
static class SearchRanking
{
    /// <summary>The more, the better; of equals the newer is better.</summary>
    /// <param name="terms">What is looked for.</param>
    /// <param name="text">The message.</param>
    /// <param name="isNamed">Whether a term stands in the names of its topic and of its room, see <see cref="IsNamed"/>.</param>
    /// <param name="age">Against the newest hit.</param>
    public static int Score(IReadOnlyList<SearchTerm> terms, string text, bool isNamed, TimeSpan age)
    {
        var score = age.TotalDays switch { < 7 => 3, < 31 => 2, < 366 => 1, _ => 0 };
        if (terms.Count == 0)
            return score;
        var words = Words.In(text);
        var hits = Hits.In(words, terms);
        if (terms.Count > 1 && Hits.AreTogether(words, terms))
            score += 8;
        // The whole word, not only its beginning.
        if (terms[^1] is { IsBeginning: true } last && Hits.In(words, [last with { IsBeginning = false }]).Count > 0)
            score += 4;
        if (isNamed)
            score += 3;
        return score + ((double)hits.Count / Math.Max(1, words.Count)) switch { > 0.2 => 2, > 0.05 => 1, _ => 0 };
    }

    /// <summary>Whether one of the terms stands in a name.</summary>
    public static bool IsNamed(IReadOnlyList<SearchTerm> terms, string name) => Hits.In(Words.In(name), terms).Count > 0;
}
