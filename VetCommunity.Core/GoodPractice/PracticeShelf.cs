using System.Collections.Concurrent;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A published language version, as far as lists need it.</summary>
sealed record ShelvedPractice(int VersionId, int Number, string Slug, string Language, bool IsOriginal, string? OrganisationSlug, string Organisation, int? ById, DateTimeOffset At, PracticeRecord Record)
{
    /// <summary>Of the practice, with the approvals of this language.</summary>
    public Bearing Bearing { get; init; }
    /// <summary>See <see cref="PracticeCard.BegunAt"/>.</summary>
    public DateTimeOffset BegunAt { get; init; }
    /// <summary>See <see cref="PracticeCard.FirstAt"/>.</summary>
    public DateTimeOffset FirstAt { get; init; }
}

/// <summary>All that is published, in memory: narrowed down and counted without a question to the database. It never changes; a publication makes a new one.</summary>
sealed class PracticeShelf
{
    static readonly PracticeFacet[] Facets = Enum.GetValues<PracticeFacet>();
    readonly List<Kept> _all;
    readonly Dictionary<string, Kept> _bySlug;

    public PracticeShelf(long version, IEnumerable<ShelvedPractice> practices)
    {
        Version = version;
        _all = [.. practices.GroupBy(one => one.Slug, StringComparer.Ordinal).Select(one => new Kept([.. one.OrderByDescending(version => version.IsOriginal).ThenBy(version => version.Language, StringComparer.Ordinal)]))
            .OrderByDescending(one => one.At).ThenBy(one => one.Slug, StringComparer.Ordinal)];
        _bySlug = _all.ToDictionary(one => one.Slug, StringComparer.Ordinal);
    }

    /// <summary>See <see cref="Documents.Shelf.Version"/>.</summary>
    public long Version { get; }

    /// <summary>Translations of which a reader asked already, and whether they are behind their original.</summary>
    public ConcurrentDictionary<int, bool> Behind { get; } = [];

    public IEnumerable<ShelvedPractice> Versions => _all.SelectMany(one => one.Versions);

    /// <summary>All of it, what was published last first.</summary>
    public IEnumerable<PublishedPractice> Published => _all.Select(one => new PublishedPractice(one.Slug, [.. one.Versions.Select(version => new PublishedLanguage(version.Language, version.At))]));

    /// <summary>The version in this language, else the original, else the first there is; null for none.</summary>
    public (ShelvedPractice Version, PracticeCard Card)? Find(string slug, string language) =>
        _bySlug.TryGetValue(slug, out var found) ? (found.In(language), found.CardIn(language)) : null;

    public FoundPractices Find(PracticeQuestion question, int size)
    {
        var words = Search.Words.In(question.Words).Select(word => word.Folded).Distinct(StringComparer.Ordinal).ToList();
        var chosen = Facets.Select(facet => question.Chosen?.GetValueOrDefault(facet) is { Count: > 0 } values ? values.ToHashSet(StringComparer.Ordinal) : null).ToArray();
        var counts = Facets.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal)).ToArray();
        var first = (Math.Clamp(question.Page, 1, 10_000) - 1) * size;
        List<Kept> rows = [];
        int total = 0, passed = 0;
        foreach (var practice in _all)
        {
            if (!practice.Has(words))
                continue;
            // Who chooses another value of a facet finds that one as well: a facet counts what all the others let through.
            var missed = -1;
            var misses = 0;
            for (var facet = 0; facet < Facets.Length && misses < 2; facet++)
            {
                if (chosen[facet] is { } values && !practice.Values[facet].Any(values.Contains))
                    (missed, misses) = (facet, misses + 1);
            }
            if (misses > 1)
                continue;
            for (var facet = 0; facet < Facets.Length; facet++)
            {
                if (misses == 0 || missed == facet)
                    Count(counts[facet], practice.Values[facet]);
            }
            if (misses == 1)
                continue;
            total++;
            if (passed < first || question.After?.IsBefore(practice.At, practice.Slug) == false)
                passed++;
            else if (rows.Count < size)
                rows.Add(practice);
        }
        var hasMore = total > passed + size;
        return new([.. rows.Select(one => one.CardIn(question.Language))], total, hasMore, Facets.Index().ToDictionary(facet => facet.Item, facet => Counts(counts[facet.Index], chosen[facet.Index])))
        {
            Next = hasMore ? new(rows[^1].At, rows[^1].Slug) : null,
        };
    }

    static void Count(Dictionary<string, int> counts, IReadOnlyList<string> values)
    {
        foreach (var value in values)
            counts[value] = counts.GetValueOrDefault(value) + 1;
    }

    // What is chosen stays to be taken away again, also where nothing is left of it.
    static IReadOnlyList<FacetCount> Counts(Dictionary<string, int> counts, HashSet<string>? chosen)
    {
        foreach (var value in chosen ?? [])
            counts.TryAdd(value, 0);
        return [.. counts.Select(one => new FacetCount(one.Key, one.Value)).OrderByDescending(one => one.Count).ThenBy(one => one.Value, StringComparer.Ordinal)];
    }

    /// <summary>A practice with all its published languages.</summary>
    sealed class Kept
    {
        readonly Dictionary<string, PracticeCard> _cards;
        readonly string[] _words;

        public Kept(IReadOnlyList<ShelvedPractice> versions)
        {
            Versions = versions;
            At = versions.Max(one => one.At);
            _words = [.. versions.SelectMany(one => Search.Words.In($"{one.Record.Title} {one.Record.Summary} {one.Organisation}")).Select(word => word.Folded).Distinct(StringComparer.Ordinal)];
            IReadOnlyList<string> languages = [.. versions.Select(one => one.Language)];
            // A translation is borne out as its original is.
            var bearing = versions[0].Bearing;
            Values = [.. Facets.Select(IReadOnlyList<string> (facet) => facet switch
            {
                PracticeFacet.Language => languages,
                PracticeFacet.Evidence => [bearing.Evidence.ToString()],
                PracticeFacet.Maturity => [bearing.Maturity.ToString()],
                _ => [.. versions.SelectMany(one => one.Record.Values[facet]).Distinct(StringComparer.Ordinal)],
            })];
            _cards = versions.ToDictionary(one => one.Language, one => new PracticeCard(one.Slug, one.Language, languages, one.Organisation, one.At,
                versions[0].IsOriginal && !one.IsOriginal ? one.Record.With(versions[0].Record) : one.Record)
            {
                Original = versions[0].IsOriginal ? versions[0].Language : null,
                BegunAt = one.BegunAt,
                FirstAt = one.FirstAt,
                Bearing = bearing,
            }, StringComparer.Ordinal);
        }

        public IReadOnlyList<ShelvedPractice> Versions { get; }
        public string Slug => Versions[0].Slug;
        public DateTimeOffset At { get; }
        public IReadOnlyList<string>[] Values { get; }

        public ShelvedPractice In(string language) => Versions.FirstOrDefault(one => one.Language == language) ?? Versions[0];

        public PracticeCard CardIn(string language) => _cards.GetValueOrDefault(language) ?? _cards[Versions[0].Language];

        public bool Has(List<string> words) => words.TrueForAll(word => Array.Exists(_words, known => known.StartsWith(word, StringComparison.Ordinal)));
    }
}
