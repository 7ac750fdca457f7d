using VetCommunity.Core.Documents;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a reader looks for among the practices.</summary>
/// <param name="Language">The reader's language: of a practice in several languages that one is shown, else the original.</param>
/// <param name="Words">Words of title and summary, each of which one has to begin with; empty for all.</param>
/// <param name="Chosen">Of each facet one of these values at least; a facet without values narrows nothing.</param>
/// <param name="Page">1, 2, 3 …</param>
public sealed record PracticeQuestion(string Language, string Words = "", IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>>? Chosen = null, int Page = 1);

/// <summary>A published practice in a list.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Language">In which language it is shown.</param>
/// <param name="Languages">In which it can be read.</param>
/// <param name="Organisation">The organisation's name; empty without one.</param>
/// <param name="At">When what is shown was published.</param>
/// <param name="Record">What its front matter says.</param>
public sealed record PracticeCard(string Slug, string Language, IReadOnlyList<string> Languages, string Organisation, DateTimeOffset At, PracticeRecord Record);

/// <summary>A value of a facet, and how many practices one finds who chooses it too.</summary>
public sealed record FacetCount(string Value, int Count);

/// <summary>What was found.</summary>
/// <param name="Rows">The practices of this page, what was published last first.</param>
/// <param name="Total">How many there are in all.</param>
/// <param name="HasMore">There is a next page.</param>
/// <param name="Facets">Of each facet the values with their counts, the most frequent first.</param>
public sealed record FoundPractices(IReadOnlyList<PracticeCard> Rows, int Total, bool HasMore, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<FacetCount>> Facets);

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
}
