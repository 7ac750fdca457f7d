namespace VetCommunity.Core.Documents;

/// <summary>What a document is; its <see cref="IDocumentKind"/> says who may do what with it.</summary>
public enum DocumentKind
{
    /// <summary>A good practice.</summary>
    Practice = 1,
    /// <summary>The slides of a live session.</summary>
    Deck = 2,
    /// <summary>What a live session taught, to be read.</summary>
    Lesson = 3,
}

/// <summary>A markdown document in one or more languages.</summary>
public sealed class Document
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>What it is.</summary>
    public DocumentKind Kind { get; set; }
    /// <summary>The address part, unique in its kind; a deleted document keeps it.</summary>
    public required string Slug { get; set; }
    /// <summary>For whom its author worked when it was begun; null for nobody.</summary>
    public int? OrganisationId { get; set; }
    /// <summary>Who began it; null for the operator at the command line.</summary>
    public int? CreatedById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; set; }
    /// <summary>The form that began it: sent twice, it begins one.</summary>
    public required string FormKey { get; set; }
    /// <summary>When it was deleted; its revisions stay until it is restored.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
    /// <summary>By whom; null for the operator too.</summary>
    public int? DeletedById { get; set; }
    /// <summary>When it was looked at for whom its first publication is to be told; null before.</summary>
    public DateTimeOffset? AnnouncedAt { get; set; }
    /// <summary>For which day its authors were reminded to look at it again; null for none.</summary>
    public DateOnly? RemindedFor { get; set; }
    /// <summary>The conversation in which its sections are talked about; null before anybody did. See <see cref="SectionTalks"/>.</summary>
    public int? TalkId { get; set; }
}

/// <summary>A document in one language.</summary>
public sealed class LanguageVersion
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Of which document.</summary>
    public int DocumentId { get; set; }
    /// <summary>ISO 639, two or three letters; once a document.</summary>
    public required string Language { get; set; }
    /// <summary>The language version that it is translated from; null for the original.</summary>
    public int? SourceId { get; set; }
    /// <summary>The number of the newest revision; 0 before the first.</summary>
    public int LastNumber { get; set; }
    /// <summary>Who began it; null for the operator.</summary>
    public int? CreatedById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>That a section of a language version says what its source said at that moment.</summary>
public sealed class SectionTranslation
{
    /// <summary>The translated language version.</summary>
    public int VersionId { get; set; }
    /// <summary>The section of its source.</summary>
    public required string SourceKey { get; set; }
    /// <summary>What that said, by its hash.</summary>
    public required string SourceHash { get; set; }
    /// <summary>The section that translates it.</summary>
    public required string Key { get; set; }
    /// <summary>Who says so; null for the operator.</summary>
    public int? ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>One stored state of a language version. It never changes.</summary>
public sealed class Revision
{
    /// <summary>Number in the database.</summary>
    public int Id { get; set; }
    /// <summary>Of which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>1, 2, 3 … without gaps in its language version.</summary>
    public int Number { get; set; }
    /// <summary>Who stored it; null for the operator.</summary>
    public int? AuthorId { get; set; }
    /// <summary>What was changed, in the author's words, at most 300 characters.</summary>
    public string Note { get; set; } = "";
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>The document, character by character.</summary>
    public required string Markdown { get; set; }
    /// <summary>On which revision it was written; 0 on none. Where that is not the one before, both were merged.</summary>
    public int BaseNumber { get; set; }
    /// <summary>Which revision of the source the author had beside it; null where none.</summary>
    public int? SourceNumber { get; set; }
    /// <summary>The form that stored it: sent twice, it stores one.</summary>
    public required string FormKey { get; set; }
}

/// <summary>What stands under one heading of a revision, by its hash.</summary>
public sealed class RevisionSection
{
    /// <summary>In which revision.</summary>
    public int RevisionId { get; set; }
    /// <summary>Its place, from 1.</summary>
    public int Position { get; set; }
    /// <summary>See <see cref="SectionKeys"/>.</summary>
    public required string Key { get; set; }
    /// <summary>The heading, at most 200 characters of it.</summary>
    public required string Heading { get; set; }
    /// <summary>See <see cref="Sections.Hash"/>.</summary>
    public required string Hash { get; set; }
}

/// <summary>What a member writes and has not stored. Nobody else reads it.</summary>
public sealed class DocumentDraft
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Of which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>The text, whether it can be read as a document or not.</summary>
    public required string Markdown { get; set; }
    /// <summary>On which revision it is written; 0 on none.</summary>
    public int BaseNumber { get; set; }
    /// <summary>One more with each save.</summary>
    public int Version { get; set; }
    /// <summary>Which revision of the source the member has beside it; null where none.</summary>
    public int? SourceNumber { get; set; }
    /// <summary>When it was saved last.</summary>
    public DateTimeOffset SavedAt { get; set; }
}

/// <summary>That a revision is what everybody reads. Of a language version one at most has not ended.</summary>
public sealed class Publication
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Of which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>Which revision.</summary>
    public int Number { get; set; }
    /// <summary>Who published it; null for the operator.</summary>
    public int? ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When another one followed, or none did.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    /// <summary>By whom; null for the operator too.</summary>
    public int? EndedById { get; set; }
}
