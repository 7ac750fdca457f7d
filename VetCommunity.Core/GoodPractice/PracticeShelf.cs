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
    /// <summary>When somebody said last that the practice is still true.</summary>
    public DateOnly? ConfirmedOn { get; init; }
    /// <summary>See <see cref="ReadPractice.IsFromTalk"/>.</summary>
    public bool IsFromTalk { get; init; }
    /// <summary>Address parts of the practices that its text links to.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];
}

/// <summary>All that is published, in memory: narrowed down and counted without a question to the database. It never changes; a publication makes a new one.</summary>
sealed class PracticeShelf
{
    // A common theme says more than a common country.
    const int MostRelated = 3, LeastInCommon = 3;

    static readonly PracticeFacet[] Facets = Enum.GetValues<PracticeFacet>();
    readonly ConcurrentDictionary<string, Kept[]> _related = new(StringComparer.Ordinal);
    // Whoever counts ten thousand practices goes through memory from one end to the other, or waits for it at each of them.
    readonly Values _values = new();
    // Of each practice where its values begin, and where its versions do.
    readonly int[] _starts, _firsts;
    readonly int[] _marks;
    readonly string[] _languages;
    readonly List<Kept> _all;
    readonly Dictionary<string, Kept> _bySlug;
    // Of each practice those that name it.
    readonly Lazy<(ILookup<string, Kept> Replaced, ILookup<string, Kept> Adapted, ILookup<string, Kept> Mentioned)> _named;

    public PracticeShelf(long version, IEnumerable<ShelvedPractice> practices)
    {
        Version = version;
        _all = [.. practices.GroupBy(one => one.Slug, StringComparer.Ordinal).Select(one => new Kept([.. one.OrderByDescending(version => version.IsOriginal).ThenBy(version => version.Language, StringComparer.Ordinal)]))
            .OrderByDescending(one => one.At).ThenBy(one => one.Slug, StringComparer.Ordinal)];
        _bySlug = _all.ToDictionary(one => one.Slug, StringComparer.Ordinal);
        foreach (var slug in _all.SelectMany(one => one.Supersedes))
            _bySlug.GetValueOrDefault(slug)?.Replace();
        List<int> starts = [0], firsts = [0], marks = [];
        foreach (var one in _all)
        {
            marks.AddRange(Facets.SelectMany(facet => one.ValuesOf(facet).Select(value => _values.NumberOf(facet, value))));
            starts.Add(marks.Count);
            firsts.Add(firsts[^1] + one.Versions.Count);
        }
        (_starts, _firsts, _marks) = ([.. starts], [.. firsts], [.. marks]);
        _languages = [.. Versions.Select(one => one.Language)];
        _named = new(() => (NamedBy(one => one.Supersedes), NamedBy(one => one.Adapts), NamedBy(one => one.Mentions)));
    }

    /// <summary>See <see cref="Documents.Shelf.Version"/>.</summary>
    public long Version { get; }

    /// <summary>Translations of which a reader asked already, and whether they are behind their original.</summary>
    public ConcurrentDictionary<int, bool> Behind { get; } = [];

    public bool Contains(string slug) => _bySlug.ContainsKey(slug);

    public IEnumerable<ShelvedPractice> Versions => _all.SelectMany(one => one.Versions);

    /// <summary>All of it, what was published last first.</summary>
    public IEnumerable<PublishedPractice> Published => _all.Select(one => new PublishedPractice(one.Slug, [.. one.Versions.Select(version => new PublishedLanguage(version.Language, version.At))]));

    /// <summary>The version in this language, else the original, else the first there is; null for none.</summary>
    public (ShelvedPractice Version, PracticeCard Card)? Find(string slug, string language) =>
        _bySlug.TryGetValue(slug, out var found) ? (found.In(language), found.CardIn(language)) : null;

    /// <summary>Those that are to be looked at again by this day, with the version that counts for it.</summary>
    public IReadOnlyList<(PracticeCard Card, int VersionId)> Due(DateOnly until, string language) => [.. _all.Where(one => one.Dates.DueOn <= until).Select(one => (one.CardIn(language), one.Versions[0].VersionId))];

    /// <summary>The practices that have most in common with this one besides those that it has to do with anyway, the best first. Whoever asks first has asked for all.</summary>
    public IReadOnlyList<PracticeCard> Related(string slug, string language, PracticeTies ties) =>
        [.. _related.GetOrAdd(slug, name => _bySlug.TryGetValue(name, out var one) ? RelatedTo(one, ties) : []).Select(one => one.CardIn(language))];

    /// <summary>What it has to do with others. Whoever asks first has asked for all.</summary>
    public PracticeTies Ties(string slug, string language)
    {
        if (!_bySlug.TryGetValue(slug, out var one))
            return PracticeTies.None;
        var named = _named.Value;
        HashSet<Kept> tied = [one];
        return new(Cards(Found(one.Supersedes)), Cards(named.Replaced[slug]), Cards(Found(one.Adapts)), Cards(named.Adapted[slug]), Cards(named.Mentioned[slug]));

        IEnumerable<Kept> Found(IEnumerable<string> slugs) => slugs.Select(name => _bySlug.GetValueOrDefault(name)).OfType<Kept>().OrderByDescending(other => other.At);

        // Whoever is named twice is shown where that says most.
        IReadOnlyList<PracticeCard> Cards(IEnumerable<Kept> others) => [.. others.Where(tied.Add).Take(PracticeTies.Most).Select(other => other.CardIn(language))];
    }

    ILookup<string, Kept> NamedBy(Func<Kept, IEnumerable<string>> names) =>
        _all.SelectMany(one => names(one).Select(name => (Name: name, One: one))).ToLookup(pair => pair.Name, pair => pair.One, StringComparer.Ordinal);

    Kept[] RelatedTo(Kept one, PracticeTies ties)
    {
        var place = _all.IndexOf(one);
        var weights = new int[_values.Count];
        foreach (var mark in _marks.AsSpan(_starts[place].._starts[place + 1]))
            weights[mark] = WeightOf(_values.All[mark].Facet);
        return [.. Enumerable.Range(0, _all.Count).Where(other => other != place).Select(other => (Place: other, Common: CommonAt(other))).Where(other => other.Common >= LeastInCommon && !ties.Names(_all[other.Place].Slug))
            .OrderByDescending(other => other.Common).Take(MostRelated).Select(other => _all[other.Place])];

        int CommonAt(int other)
        {
            var common = 0;
            foreach (var mark in _marks.AsSpan(_starts[other].._starts[other + 1]))
                common += weights[mark];
            return common;
        }
    }

    static int WeightOf(PracticeFacet facet) => facet switch
    {
        PracticeFacet.Theme => 4,
        PracticeFacet.Sector => 3,
        PracticeFacet.Audience => 2,
        PracticeFacet.Eqf or PracticeFacet.Country => 1,
        _ => 0,
    };

    /// <param name="question">What for.</param>
    /// <param name="size">Rows of a page.</param>
    /// <param name="scores">How well each of <see cref="Versions"/> answers the words of the question, see <see cref="PracticeWords.Score"/>; null where it has none.</param>
    public FoundPractices Find(PracticeQuestion question, int size, float[]? scores = null)
    {
        var (chosen, wanted, narrowing) = Wanted(question.Chosen);
        var (counts, bits) = (new int[_values.Count], _values.Bits);
        var isRanked = scores is not null && question.Order == SearchOrder.Best;
        var first = (isRanked ? question.After?.Rank : null) ?? ((Math.Clamp(question.Page, 1, 10_000) - 1) * size);
        List<(int Place, int Version)> rows = [];
        // The worst of the best so far goes out first; of equals that is the older one.
        PriorityQueue<(int Place, int Version), (float Score, int Place)> best = new();
        int total = 0, passed = 0;
        for (var place = 0; place < _all.Count; place++)
        {
            var version = scores is null ? -1 : BestOf(place, question.Language, scores);
            if (version >= 0 && scores![version] <= 0)
                continue;
            var marks = _marks.AsSpan(_starts[place].._starts[place + 1]);
            var missing = MissingAt(place, wanted, narrowing);
            // Who chooses another value of a facet finds that one as well: a facet counts what all the others let through.
            if ((missing & (missing - 1)) != 0)
                continue;
            foreach (var mark in marks)
                counts[mark] += missing == 0 || missing == bits[mark] ? 1 : 0;
            if (missing != 0)
                continue;
            total++;
            if (isRanked)
            {
                if (best.Count < first + size)
                    best.Enqueue((place, version), (scores![version], -place));
                else
                    best.EnqueueDequeue((place, version), (scores![version], -place));
            }
            else if (passed < first || question.After?.IsBefore(_all[place].At, _all[place].Slug) == false)
                passed++;
            else if (rows.Count < size)
                rows.Add((place, version));
        }
        if (isRanked)
        {
            passed = first;
            for (; best.Count > first; best.Dequeue())
                rows.Insert(0, best.Peek());
        }
        var hasMore = total > passed + size;
        return new([.. rows.Select(one => _all[one.Place].CardIn(one.Version < 0 ? question.Language : _languages[one.Version]))], total, hasMore, Counts(counts, chosen))
        {
            Next = !hasMore ? null : isRanked ? PracticePlace.OfRank(first + size) : new(_all[rows[^1].Place].At, _all[rows[^1].Place].Slug),
        };
    }

    /// <summary>Whether one of those that are meant, by their language versions, answers these words and choices: it would be among what <see cref="Find(PracticeQuestion, int, float[])"/> finds.</summary>
    public bool Answers(IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> choices, float[]? scores, Func<IReadOnlyList<ShelvedPractice>, bool> isMeant)
    {
        var (_, wanted, narrowing) = Wanted(choices);
        for (var place = 0; place < _all.Count; place++)
        {
            if ((scores is null || scores.AsSpan(_firsts[place].._firsts[place + 1]).ContainsAnyInRange(float.Epsilon, float.MaxValue)) && MissingAt(place, wanted, narrowing) == 0 && isMeant(_all[place].Versions))
                return true;
        }
        return false;
    }

    (List<(PracticeFacet Facet, string Value)> Chosen, bool[] Wanted, int Narrowing) Wanted(IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>>? choices)
    {
        List<(PracticeFacet Facet, string Value)> chosen = [.. Facets.SelectMany(facet => (choices?.GetValueOrDefault(facet) ?? []).Distinct(StringComparer.Ordinal).Select(value => (facet, value)))];
        var wanted = new bool[_values.Count];
        foreach (var (facet, value) in chosen)
        {
            if (_values.Find(facet, value) is { } number)
                wanted[number] = true;
        }
        return (chosen, wanted, chosen.Aggregate(0, (bits, one) => bits | Values.BitOf(one.Facet)));
    }

    // Facets of which it has no chosen value, as bits.
    int MissingAt(int place, bool[] wanted, int narrowing)
    {
        var (missing, bits) = (narrowing, _values.Bits);
        foreach (var mark in _marks.AsSpan(_starts[place].._starts[place + 1]))
            missing &= wanted[mark] ? ~bits[mark] : ~0;
        return missing;
    }

    // In this language where it answers in it, else the one that answers best.
    int BestOf(int place, string language, float[] scores)
    {
        var best = _firsts[place];
        for (var version = best; version < _firsts[place + 1]; version++)
        {
            if (scores[version] > 0 && _languages[version] == language)
                return version;
            if (scores[version] > scores[best])
                best = version;
        }
        return best;
    }

    // What is chosen stays to be taken away again, also where nothing is left of it.
    Dictionary<PracticeFacet, IReadOnlyList<FacetCount>> Counts(int[] counts, List<(PracticeFacet Facet, string Value)> chosen)
    {
        var all = Facets.ToDictionary(facet => facet, _ => new List<FacetCount>());
        foreach (var (number, (facet, value)) in _values.All.Index())
        {
            if (counts[number] > 0 || chosen.Contains((facet, value)))
                all[facet].Add(new(value, counts[number]));
        }
        foreach (var (facet, value) in chosen.Where(one => _values.Find(one.Facet, one.Value) is null))
            all[facet].Add(new(value, 0));
        return all.ToDictionary(one => one.Key, IReadOnlyList<FacetCount> (one) => [.. one.Value.OrderByDescending(count => count.Count).ThenBy(count => count.Value, StringComparer.Ordinal)]);
    }

    /// <summary>Gives each value of each facet a number.</summary>
    sealed class Values
    {
        readonly Dictionary<(PracticeFacet Facet, string Value), int> _numbers = [];
        int[]? _bits;

        public int Count => _numbers.Count;
        public List<(PracticeFacet Facet, string Value)> All { get; } = [];
        /// <summary>Of each value its facet as a bit; once all are known.</summary>
        public int[] Bits => _bits ??= [.. All.Select(one => BitOf(one.Facet))];

        public static int BitOf(PracticeFacet facet) => 1 << (int)facet;

        public int? Find(PracticeFacet facet, string value) => _numbers.TryGetValue((facet, value), out var number) ? number : null;

        public int NumberOf(PracticeFacet facet, string value)
        {
            if (Find(facet, value) is { } number)
                return number;
            All.Add((facet, value));
            return _numbers[(facet, value)] = _numbers.Count;
        }
    }

    /// <summary>A practice with all its published languages.</summary>
    sealed class Kept
    {
        readonly Dictionary<string, PracticeCard> _cards;
        readonly string[] _languages;
        readonly Bearing _bearing;

        public Kept(IReadOnlyList<ShelvedPractice> versions)
        {
            Versions = versions;
            At = versions.Max(one => one.At);
            _languages = [.. versions.Select(one => one.Language)];
            // A translation is borne out as its original is.
            _bearing = versions[0].Bearing;
            // It is the original that is to be true; a translation says what it says.
            Dates = ReviewDates.Of(DateOnly.FromDateTime(versions[0].At.UtcDateTime), versions[0].ConfirmedOn, versions[0].Record.ReviewBy);
            _cards = versions.ToDictionary(one => one.Language, one => new PracticeCard(one.Slug, one.Language, _languages, one.Organisation, one.At,
                versions[0].IsOriginal && !one.IsOriginal ? one.Record.With(versions[0].Record) : one.Record)
            {
                Original = versions[0].IsOriginal ? versions[0].Language : null,
                BegunAt = one.BegunAt,
                FirstAt = one.FirstAt,
                Bearing = _bearing,
                Dates = Dates,
            }, StringComparer.Ordinal);
        }

        public IReadOnlyList<ShelvedPractice> Versions { get; }
        public string Slug => Versions[0].Slug;
        public ReviewDates Dates { get; }
        public DateTimeOffset At { get; }
        public IEnumerable<string> Supersedes => Versions.SelectMany(one => one.Record.Supersedes).Distinct(StringComparer.Ordinal);
        public IEnumerable<string> Adapts => Versions.SelectMany(one => one.Record.Adapts).Distinct(StringComparer.Ordinal);
        public IEnumerable<string> Mentions => Versions.SelectMany(one => one.Mentions).Distinct(StringComparer.Ordinal);

        public IEnumerable<string> ValuesOf(PracticeFacet facet) => facet switch
        {
            PracticeFacet.Language => _languages,
            PracticeFacet.Evidence => [_bearing.Evidence.ToString()],
            PracticeFacet.Maturity => [_bearing.Maturity.ToString()],
            _ => Versions.SelectMany(one => one.Record.Values[facet]).Distinct(StringComparer.Ordinal),
        };

        public void Replace()
        {
            foreach (var (language, card) in _cards.ToList())
                _cards[language] = card with { IsReplaced = true };
        }

        public ShelvedPractice In(string language) => Versions.FirstOrDefault(one => one.Language == language) ?? Versions[0];

        public PracticeCard CardIn(string language) => _cards.GetValueOrDefault(language) ?? _cards[Versions[0].Language];
    }
}
