using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Documents;

/// <summary>Which language version of which document.</summary>
/// <param name="Kind">What the document is.</param>
/// <param name="Slug">Its address part.</param>
/// <param name="Language">ISO 639.</param>
public sealed record VersionAddress(DocumentKind Kind, string Slug, string Language);

/// <summary>What begins a document.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Language">The language it is written in first, ISO 639.</param>
/// <param name="FormKey">1 to 64 characters: the same again is the same document.</param>
/// <param name="Slug">2 to 60 of a-z, 0-9 and hyphen; null makes one out of the title, with a number where it is taken.</param>
public sealed record NewDocument(DocumentKind Kind, string Title, string Language, string FormKey, string? Slug = null);

/// <summary>A document as who may read it sees it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Slug">Its address part.</param>
/// <param name="Organisation">The address part of the organisation; null without one.</param>
/// <param name="By">Who began it; empty for the operator.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="MayWrite">The actor may write in it.</param>
/// <param name="MayPublish">The actor may publish it.</param>
/// <param name="Languages">Its language versions, the original first.</param>
public sealed record FoundDocument(
    DocumentKind Kind, string Slug, string? Organisation, string By, DateTimeOffset CreatedAt, bool MayWrite, bool MayPublish, IReadOnlyList<LanguageLine> Languages)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
}

/// <summary>A language version in short.</summary>
/// <param name="Language">ISO 639.</param>
/// <param name="Source">The language it is translated from; null for the original.</param>
/// <param name="Newest">The newest revision; 0 before the first.</param>
/// <param name="Published">The published revision; null where none is.</param>
public sealed record LanguageLine(string Language, string? Source, int Newest, int? Published);

/// <summary>A document in a list.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Languages">Its languages.</param>
/// <param name="CreatedAt">When it was begun.</param>
/// <param name="DeletedAt">When it was deleted.</param>
public sealed record DocumentRow(string Slug, IReadOnlyList<string> Languages, DateTimeOffset CreatedAt, DateTimeOffset? DeletedAt);

/// <summary>How the sections of a language version stand to its source.</summary>
/// <param name="Source">The source's language; null for the original, which has no states.</param>
/// <param name="SourceNumber">The revision of the source with which it is compared: the published one, before the first publication the newest.</param>
/// <param name="Sections">Each section of the source, then what is extra.</param>
public sealed record LanguageStates(string? Source, int SourceNumber, IReadOnlyList<StandingSection> Sections);

/// <summary>What a member has before them when they write.</summary>
/// <param name="Markdown">The text.</param>
/// <param name="Base">The revision it is written on; 0 on none.</param>
/// <param name="Version">The draft's version, which the next save names; 0 where nothing is saved.</param>
/// <param name="Source">The revision of the source beside it; null where none.</param>
/// <param name="Newest">The newest revision: where it is not the base, somebody else stored one meanwhile.</param>
/// <param name="SavedAt">When it was saved; null where it was not.</param>
public sealed record OpenDraft(string Markdown, int Base, int Version, int? Source, int Newest, DateTimeOffset? SavedAt)
{
    /// <summary>The same with what a form brings: its text, and on what that was written; null for nothing.</summary>
    public OpenDraft With(string markdown, DraftPlace? place) => this with { Markdown = markdown, Base = place?.Base ?? 0, Version = place?.Version ?? 0, Source = place?.Source };
}

/// <summary>What a text in a window was written on.</summary>
/// <param name="Base">The revision.</param>
/// <param name="Version">The version of the draft that the window knows.</param>
/// <param name="Source">The revision of the source beside it; null where none.</param>
public sealed record DraftPlace(int Base, int Version, int? Source = null);

/// <summary>What became of a save.</summary>
/// <param name="IsSaved">Whether the text is on the disk.</param>
/// <param name="Version">The draft's version now.</param>
/// <param name="Other">Where it is not saved: what another window of the member saved meanwhile. Both texts are there still.</param>
public sealed record DraftSaved(bool IsSaved, int Version, OpenDraft? Other);

/// <summary>What became of a store.</summary>
/// <param name="Number">The stored revision; null in a conflict.</param>
/// <param name="IsMerged">It holds also what others stored since the base.</param>
/// <param name="Conflict">Where nothing was stored: what both made of the base. The draft is as it was.</param>
public sealed record StoreResult(int? Number, bool IsMerged, StoreConflict? Conflict);

/// <summary>A draft that says something else than the newest revision at the same place.</summary>
/// <param name="Newest">The newest revision: the base of a draft that settles it.</param>
/// <param name="Merged">The parts, mine being the draft's.</param>
public sealed record StoreConflict(int Newest, MergedDocument Merged);

/// <summary>A revision in a list.</summary>
/// <param name="Number">Which.</param>
/// <param name="Handle">Whose handle; empty for the operator and for who left.</param>
/// <param name="Name">Whose name.</param>
/// <param name="Note">What was changed.</param>
/// <param name="At">When.</param>
/// <param name="Base">On which revision it was written.</param>
public sealed record RevisionRow(int Number, string Handle, string Name, string Note, DateTimeOffset At, int Base)
{
    /// <inheritdoc cref="FormerMember.HandleOf"/>
    public string Handle { get => FormerMember.HandleOf(field); init; } = Handle;
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>What everybody reads.</summary>
/// <param name="Number">Which revision.</param>
/// <param name="Markdown">The document.</param>
/// <param name="At">When it was published.</param>
public sealed record PublishedRevision(int Number, string Markdown, DateTimeOffset At);
