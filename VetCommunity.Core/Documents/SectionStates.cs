namespace VetCommunity.Core.Documents;

/// <summary>How a section of a language version stands to its source.</summary>
public enum SectionState
{
    /// <summary>It is the translation of what the source says now.</summary>
    Current = 1,
    /// <summary>The source says something else since.</summary>
    Stale = 2,
    /// <summary>The source has it and the language version has not.</summary>
    Missing = 3,
    /// <summary>The language version has it and the source has not, or not any more.</summary>
    Extra = 4,
}

/// <summary>A section as a revision remembers it.</summary>
/// <param name="Key">Its key there.</param>
/// <param name="Heading">Its heading.</param>
/// <param name="Hash">Of its content.</param>
public sealed record KnownSection(string Key, string Heading, string Hash);

/// <summary>That a section of a language version is the translation of one of its source.</summary>
/// <param name="SourceKey">The section of the source.</param>
/// <param name="SourceHash">What that said when it was translated.</param>
/// <param name="Key">The section of the language version.</param>
public sealed record TranslatedSection(string SourceKey, string SourceHash, string Key);

/// <summary>One line of how a language version stands.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Source">The source's section; null where it is extra.</param>
/// <param name="Own">The language version's; null where it is missing.</param>
/// <param name="TranslatedHash">What the source's section said when it was translated; null where it was not.</param>
public sealed record StandingSection(SectionState State, KnownSection? Source, KnownSection? Own, string? TranslatedHash);

/// <summary>Compares a language version with its source, section by section and by what they say, not by when.</summary>
public static class SectionStates
{
    /// <summary>Each section of the source in its order, then what the language version has beyond it.</summary>
    public static IReadOnlyList<StandingSection> Of(IReadOnlyList<KnownSection> source, IReadOnlyList<KnownSection> own, IEnumerable<TranslatedSection> translated)
    {
        var owns = own.ToDictionary(one => one.Key, StringComparer.Ordinal);
        var pairs = translated.Where(pair => owns.ContainsKey(pair.Key)).ToDictionary(pair => pair.SourceKey, StringComparer.Ordinal);
        List<StandingSection> standing = [];
        foreach (var section in source)
        {
            if (!pairs.TryGetValue(section.Key, out var pair))
                standing.Add(new(SectionState.Missing, section, null, null));
            else
                standing.Add(new(pair.SourceHash == section.Hash ? SectionState.Current : SectionState.Stale, section, owns[pair.Key], pair.SourceHash));
        }
        var met = standing.Select(one => one.Own?.Key).ToHashSet(StringComparer.Ordinal);
        standing.AddRange(own.Where(one => !met.Contains(one.Key)).Select(one => new StandingSection(SectionState.Extra, null, one, null)));
        return standing;
    }

    /// <summary>
    /// Which section of a text is likely the translation of which: those of the same key, and between two such pairs those of the same place where both texts have equally many.
    /// </summary>
    public static IReadOnlyList<(KnownSection Source, KnownSection Own)> Pairs(IReadOnlyList<KnownSection> source, IReadOnlyList<KnownSection> own)
    {
        var places = Alignment.Of([.. source.Select(one => one.Key)], [.. own.Select(one => one.Key)]);
        List<(KnownSection, KnownSection)> pairs = [];
        var (a, b) = (0, 0);
        for (var at = 0; at <= source.Count; at++)
        {
            if (at < source.Count && places[at] < 0)
                continue;
            var to = at < source.Count ? places[at] : own.Count;
            if (at - a == to - b)
                pairs.AddRange(Enumerable.Range(0, at - a).Select(step => (source[a + step], own[b + step])));
            if (at < source.Count)
                pairs.Add((source[at], own[to]));
            (a, b) = (at + 1, to + 1);
        }
        return pairs;
    }
}
