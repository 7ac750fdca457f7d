namespace VetCommunity.Core.Bridging;

/// <summary>A word of the field in two languages. The languages stand in the order of their codes; both ways are one entry.</summary>
public sealed class GlossaryTerm
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>The language of <see cref="One"/>.</summary>
    public required string OneLanguage { get; set; }
    /// <summary>The language of <see cref="Other"/>.</summary>
    public required string OtherLanguage { get; set; }
    /// <summary>The term in the first language, at most 120 characters.</summary>
    public required string One { get; set; }
    /// <summary>The same in the second.</summary>
    public required string Other { get; set; }
    /// <summary><see cref="One"/> with case and accents folded.</summary>
    public required string OneFolded { get; set; }
    /// <summary><see cref="Other"/> likewise.</summary>
    public required string OtherFolded { get; set; }
    /// <summary>When to use it, at most 300 characters.</summary>
    public string Note { get; set; } = "";
    /// <summary>1, 2, 3 … with each change, so that two who correct at once do not overwrite each other.</summary>
    public int Version { get; set; } = 1;
    /// <summary>When somebody took it out; null while it counts.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

/// <summary>What somebody did to a term, and how it stood then.</summary>
public sealed class GlossaryChange
{
    /// <summary>Of which term.</summary>
    public int TermId { get; set; }
    /// <summary>The version that it made.</summary>
    public int Version { get; set; }
    /// <summary>What was done.</summary>
    public GlossaryDeed Deed { get; set; }
    /// <summary>The term then.</summary>
    public required string One { get; set; }
    /// <summary>The same in the second language.</summary>
    public required string Other { get; set; }
    /// <summary>The note then.</summary>
    public string Note { get; set; } = "";
    /// <summary>Who.</summary>
    public int ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>What one does to a term.</summary>
public enum GlossaryDeed
{
    /// <summary>It was new.</summary>
    Added = 1,
    /// <summary>Another wording or note.</summary>
    Corrected = 2,
    /// <summary>Taken out.</summary>
    Removed = 3,
    /// <summary>Put back.</summary>
    PutBack = 4,
}

/// <summary>A term as it is read.</summary>
/// <param name="Id">Number.</param>
/// <param name="Version">Comes back with a correction.</param>
/// <param name="Pair">Its languages.</param>
/// <param name="One">In the first language.</param>
/// <param name="Other">In the second.</param>
/// <param name="Note">When to use it.</param>
/// <param name="By">Who changed it last.</param>
/// <param name="At">When.</param>
/// <param name="IsRemoved">It does not count any more.</param>
public sealed record GlossaryLine(int Id, int Version, LanguagePair Pair, string One, string Other, string Note, Conversations.Author By, DateTimeOffset At, bool IsRemoved);

/// <summary>A page of the glossary.</summary>
/// <param name="Terms">In the order of the first language's words.</param>
/// <param name="HasMore">Whether another page follows.</param>
public sealed record GlossaryPageOf(IReadOnlyList<GlossaryLine> Terms, bool HasMore);

/// <summary>A term with all that was done to it, newest first.</summary>
/// <param name="Term">The term.</param>
/// <param name="MayChange">The actor translates between these languages.</param>
/// <param name="Changes">What was done.</param>
public sealed record GlossaryEntry(GlossaryLine Term, bool MayChange, IReadOnlyList<GlossaryStep> Changes);

/// <summary>One thing that was done to a term.</summary>
public sealed record GlossaryStep(GlossaryDeed Deed, string One, string Other, string Note, string By, DateTimeOffset At)
{
    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string By { get => Privacy.FormerMember.Shown(field); init; } = By;
}

/// <summary>What is typed for a term; the order of the languages does not matter.</summary>
public sealed record GlossaryText(string? From, string? To, string? Term, string? Translation, string? Note);
