namespace VetCommunity.Core.GoodPractice;

/// <summary>A search of practices that a member keeps, to run it again and to hear of what is published later.</summary>
public sealed class SavedSearch
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>The words as they were typed; empty for none.</summary>
    public required string Words { get; set; }
    /// <summary>The values of each facet that were chosen, as JSON.</summary>
    public required string Facets { get; set; }
    /// <summary>Words and facets by their hash: the same search is saved once.</summary>
    public required string Key { get; set; }
    /// <summary>When it was saved.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A saved search as its member reads it.</summary>
/// <param name="Id">Number.</param>
/// <param name="Words">The words; empty for none.</param>
/// <param name="Chosen">The values of each facet that were chosen.</param>
/// <param name="At">When it was saved.</param>
public sealed record SavedSearchRow(int Id, string Words, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> Chosen, DateTimeOffset At);
