using System.Collections.Concurrent;
using VetCommunity.Core.Search;

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
    // A common theme says more than a common country.
    const int MostRelated = 3, LeastInCommon = 3;

    static readonly PracticeFacet[] Facets = Enum.GetValues<PracticeFacet>();
    static readonly (int Facet, int Weight)[] Weights = [.. Facets.Index().Select(facet => (facet.Index, Weight: facet.Item switch
    {
        PracticeFacet.Theme => 4,
        PracticeFacet.Sector => 3,
        PracticeFacet.Audience => 2,
        PracticeFacet.Eqf or PracticeFacet.Country => 1,
        _ => 0,
    })).Where(one => one.Weight > 0)];
    readonly ConcurrentDictionary<string, Kept[]> _related = new(StringComparer.Ordinal);
    // The numbers of each facet's values: counting ten thousand practices by names would take longer than all the rest.
    readonly Dictionary<string, int>[] _values = [.. Facets.Select(_ => new Dictionary<string, int>(StringComparer.Ordinal))];
    readonly List<Kept> _all;
    readonly Dictionary<string, Kept> _bySlug;

    public PracticeShelf(long version, IEnumerable<ShelvedPractice> practices)
    {
        Version = version;
        _all = [.. practices.GroupBy(one => one.Slug, StringComparer.Ordinal).Select(one => new Kept([.. one.OrderByDescending(version => version.IsOriginal).ThenBy(version => version.Language, StringComparer.Ordinal)], _values))
            .OrderByDescending(one => one.At).ThenBy(one => one.Slug, StringComparer.Ordinal)];
        var first = 0;
        foreach (var one in _all)
            first = (one.First = first) + one.Versions.Count;
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

    /// <summary>The practices that have most in common with this one, the best first. Whoever asks first has asked for all.</summary>
    public IReadOnlyList<PracticeCard> Related(string slug, string language) =>
        [.. _related.GetOrAdd(slug, name => _bySlug.TryGetValue(name, out var one) ? RelatedTo(one) : []).Select(one => one.CardIn(language))];

    Kept[] RelatedTo(Kept one) => [.. _all.Where(other => other != one).Select(other => (Other: other, Common: Common(one, other))).Where(pair => pair.Common >= LeastInCommon)
        .OrderByDescending(pair => pair.Common).Take(MostRelated).Select(pair => pair.Other)];

    static int Common(Kept one, Kept other)
    {
        var common = 0;
        foreach (var (facet, weight) in Weights)
        {
            foreach (var value in one.Values[facet])
            {
                if (Array.IndexOf(other.Values[facet], value) >= 0)
                    common += weight;
            }
        }
        return common;
    }

    /// <param name="question">What for.</param>
    /// <param name="size">Rows of a page.</param>
    /// <param name="scores">How well each of <see cref="Versions"/> answers the words of the question, see <see cref="PracticeWords.Score"/>; null where it has none.</param>
    public FoundPractices Find(PracticeQuestion question, int size, float[]? scores = null)
    {
        var chosen = Facets.Select(facet => question.Chosen?.GetValueOrDefault(facet) is { Count: > 0 } values ? values.ToHashSet(StringComparer.Ordinal) : null).ToArray();
        var wanted = chosen.Select((values, facet) => values?.Select(value => _values[facet].GetValueOrDefault(value, -1)).ToHashSet()).ToArray();
        var counts = _values.Select(values => new int[values.Count]).ToArray();
        var isRanked = scores is not null && question.Order == SearchOrder.Best;
        var first = (isRanked ? question.After?.Rank : null) ?? ((Math.Clamp(question.Page, 1, 10_000) - 1) * size);
        List<(Kept Practice, ShelvedPractice Version)> rows = [];
        // The worst of the best so far goes out first; of equals that is the older one.
        PriorityQueue<(Kept Practice, ShelvedPractice Version), (float Score, int Place)> best = new();
        int total = 0, passed = 0;
        for (var place = 0; place < _all.Count; place++)
        {
            var practice = _all[place];
            var (version, score) = practice.Best(question.Language, scores);
            if (score <= 0)
                continue;
            // Who chooses another value of a facet finds that one as well: a facet counts what all the others let through.
            var missed = -1;
            var misses = 0;
            for (var facet = 0; facet < Facets.Length && misses < 2; facet++)
            {
                if (wanted[facet] is { } values && !Array.Exists(practice.Values[facet], values.Contains))
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
            if (isRanked)
            {
                if (best.Count < first + size)
                    best.Enqueue((practice, version), (score, -place));
                else
                    best.EnqueueDequeue((practice, version), (score, -place));
            }
            else if (passed < first || question.After?.IsBefore(practice.At, practice.Slug) == false)
                passed++;
            else if (rows.Count < size)
                rows.Add((practice, version));
        }
        if (isRanked)
        {
            passed = first;
            for (; best.Count > first; best.Dequeue())
                rows.Insert(0, best.Peek());
        }
        var hasMore = total > passed + size;
        return new([.. rows.Select(one => one.Practice.CardIn(one.Version.Language))], total, hasMore, Facets.Index().ToDictionary(facet => facet.Item, facet => Counts(facet.Index, counts[facet.Index], chosen[facet.Index])))
        {
            Next = !hasMore ? null : isRanked ? PracticePlace.OfRank(first + size) : new(rows[^1].Practice.At, rows[^1].Practice.Slug),
        };
    }

    static void Count(int[] counts, int[] values)
    {
        foreach (var value in values)
            counts[value]++;
    }

    // What is chosen stays to be taken away again, also where nothing is left of it.
    IReadOnlyList<FacetCount> Counts(int facet, int[] counts, HashSet<string>? chosen) =>
        [.. _values[facet].Select(one => new FacetCount(one.Key, counts[one.Value])).Where(one => one.Count > 0 || chosen?.Contains(one.Value) == true)
            .Concat((chosen ?? []).Where(value => !_values[facet].ContainsKey(value)).Select(value => new FacetCount(value, 0)))
            .OrderByDescending(one => one.Count).ThenBy(one => one.Value, StringComparer.Ordinal)];

    /// <summary>A practice with all its published languages.</summary>
    sealed class Kept
    {
        readonly Dictionary<string, PracticeCard> _cards;

        public Kept(IReadOnlyList<ShelvedPractice> versions, Dictionary<string, int>[] numbers)
        {
            Versions = versions;
            At = versions.Max(one => one.At);
            IReadOnlyList<string> languages = [.. versions.Select(one => one.Language)];
            // A translation is borne out as its original is.
            var bearing = versions[0].Bearing;
            Values = [.. Facets.Select((facet, index) => (facet switch
            {
                PracticeFacet.Language => languages,
                PracticeFacet.Evidence => [bearing.Evidence.ToString()],
                PracticeFacet.Maturity => [bearing.Maturity.ToString()],
                _ => versions.SelectMany(one => one.Record.Values[facet]).Distinct(StringComparer.Ordinal),
            }).Select(value => NumberOf(value, numbers[index])).ToArray())];
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
        /// <summary>Of each facet the numbers of its values.</summary>
        public int[][] Values { get; }
        /// <summary>Which of all versions its first one is.</summary>
        public int First { get; set; }

        public ShelvedPractice In(string language) => Versions.FirstOrDefault(one => one.Language == language) ?? Versions[0];

        public PracticeCard CardIn(string language) => _cards.GetValueOrDefault(language) ?? _cards[Versions[0].Language];

        /// <summary>The version to show: in this language where it answers in it, else the one that answers best.</summary>
        public (ShelvedPractice Version, float Score) Best(string language, float[]? scores)
        {
            if (scores is null)
                return (In(language), 1);
            var best = 0;
            for (var one = 0; one < Versions.Count; one++)
            {
                if (Versions[one].Language == language && scores[First + one] > 0)
                    return (Versions[one], scores[First + one]);
                if (scores[First + one] > scores[First + best])
                    best = one;
            }
            return (Versions[best], scores[First + best]);
        }

        static int NumberOf(string value, Dictionary<string, int> numbers)
        {
            numbers.TryAdd(value, numbers.Count);
            return numbers[value];
        }
    }
}
