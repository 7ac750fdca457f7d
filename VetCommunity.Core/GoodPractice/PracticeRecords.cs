using VetCommunity.Core.Documents;
using VetCommunity.Core.Privacy;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a reader looks for among the practices.</summary>
/// <param name="Language">The reader's language: of a practice in several languages that one is shown, else the original.</param>
/// <param name="Words">Words, and phrases in quotation marks, all of which one of its languages has to have; the last one may be unfinished. Empty for all; at most <see cref="SearchQuery.Longest"/> characters.</param>
/// <param name="Chosen">Of each facet one of these values at least; a facet without values narrows nothing.</param>
/// <param name="Page">1, 2, 3 …</param>
public sealed record PracticeQuestion(string Language, string Words = "", IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>>? Chosen = null, int Page = 1)
{
    /// <summary>How many at a time, 1 to <see cref="Practices.Most"/>.</summary>
    public int Size { get; init; } = Practices.Page;
    /// <summary>In which order, where there are words; without them it is always what was published last first.</summary>
    public SearchOrder Order { get; init; }
    /// <summary>Each row is to have its <see cref="PracticeCard.Snippet"/>.</summary>
    public bool WithSnippets { get; init; }
    /// <summary>Only those that come after this place, which is to be of the same order; null from the first one on.</summary>
    public PracticePlace? After { get; init; }
}

/// <summary>A place in the list of practices, which stays one when the practice that stood there is published anew or withdrawn.</summary>
/// <param name="At">When the practice there was published last, in any language.</param>
/// <param name="Slug">Its address part.</param>
public sealed record PracticePlace(DateTimeOffset At, string Slug)
{
    /// <summary>Where the best come first: how many stand before it. Null in the other order.</summary>
    public int? Rank { get; private init; }

    /// <summary>The place behind so many of the best.</summary>
    public static PracticePlace OfRank(int rank) => new(default, "") { Rank = rank };

    /// <summary>Whether such a practice comes after it.</summary>
    internal bool IsBefore(DateTimeOffset at, string slug) => at < At || (at == At && string.CompareOrdinal(slug, Slug) > 0);
}

/// <summary>A published practice in a list.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Language">In which language it is shown.</param>
/// <param name="Languages">In which it can be read.</param>
/// <param name="Organisation">The organisation's name; empty without one.</param>
/// <param name="At">When what is shown was published.</param>
/// <param name="Record">What its front matter says.</param>
public sealed record PracticeCard(string Slug, string Language, IReadOnlyList<string> Languages, string Organisation, DateTimeOffset At, PracticeRecord Record)
{
    /// <summary>The piece of it that was looked for; empty where nobody asked for it.</summary>
    public IReadOnlyList<SnippetPart> Snippet { get; init; } = [];
    /// <summary>What others made of it.</summary>
    public Bearing Bearing { get; init; }
    /// <summary>Whether a published practice says of itself that it takes this one's place.</summary>
    public bool IsReplaced { get; init; }
    /// <summary>When it was looked at last and is to be looked at again, in whatever language.</summary>
    public ReviewDates Dates { get; init; }
    /// <summary>In which language it was written first; null where it is not published in that one.</summary>
    public string? Original { get; init; }
    /// <summary>When the language that is shown was begun.</summary>
    public DateTimeOffset BegunAt { get; init; }
    /// <summary>When that was published for the first time.</summary>
    public DateTimeOffset FirstAt { get; init; }
}

/// <summary>A published practice as an address.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Languages">In which languages it can be read, the original first.</param>
public sealed record PublishedPractice(string Slug, IReadOnlyList<PublishedLanguage> Languages);

/// <summary>A language of it, and when what is shown in it was published.</summary>
public sealed record PublishedLanguage(string Language, DateTimeOffset At);

/// <summary>A value of a facet, and how many practices one finds who chooses it too.</summary>
public sealed record FacetCount(string Value, int Count);

/// <summary>What was found.</summary>
/// <param name="Rows">The practices of this page, in the order of the question.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="HasMore">There is a next page.</param>
/// <param name="Facets">Of each facet the values with their counts, the most frequent first.</param>
public sealed record FoundPractices(IReadOnlyList<PracticeCard> Rows, int Total, bool HasMore, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<FacetCount>> Facets)
{
    /// <summary>Where the next ones begin; null where there is none.</summary>
    public PracticePlace? Next { get; init; }
}

/// <summary>A published practice as one reads it.</summary>
/// <param name="Card">What its row says.</param>
/// <param name="Number">Which revision it is.</param>
/// <param name="IsOriginal">It is no translation.</param>
/// <param name="IsBehind">It is a translation, and its published original says something that it does not say.</param>
/// <param name="OrganisationSlug">The organisation's address part; null without one.</param>
/// <param name="Handle">The handle of who began it; empty for nobody.</param>
/// <param name="By">Their name.</param>
/// <param name="Html">The sections, sanitised.</param>
/// <param name="Outline">Their headings.</param>
public sealed record ReadPractice(PracticeCard Card, int Number, bool IsOriginal, bool IsBehind, string? OrganisationSlug, string Handle, string By, string Html, IReadOnlyList<OutlineLine> Outline)
{
    /// <inheritdoc cref="FormerMember.HandleOf"/>
    public string Handle { get => FormerMember.HandleOf(field); init; } = Handle;
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
    /// <summary>A draft out of a room has become it. So it began, and it stays so: whether that draft is still there is another question.</summary>
    public bool IsFromTalk { get; init; }
    /// <summary>Who said last that it is still true; empty where nobody did since it was published, and for visitors.</summary>
    public string CheckedBy { get => FormerMember.Shown(field); init; } = "";
    /// <summary>Others that have much in common with it: the same theme, or the same sector or audience and more.</summary>
    public IReadOnlyList<PracticeCard> Related { get; init; } = [];
    /// <summary>What it has to do with others.</summary>
    public PracticeTies Ties { get; init; } = PracticeTies.None;
}
