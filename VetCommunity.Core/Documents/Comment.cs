namespace VetCommunity.Core.Documents;

/// <summary>How a comment ended.</summary>
public enum CommentOutcome
{
    /// <summary>Who made it or who writes the document says that it is done.</summary>
    Settled = 1,
    /// <summary>Its suggestion stands in the document.</summary>
    Applied = 2,
}

/// <summary>What somebody remarks on a passage of a revision, and what they would write there instead; or an answer to such a remark.</summary>
public sealed class Comment
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>On which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>The comment that this one answers; null for a remark.</summary>
    public int? ParentId { get; set; }
    /// <summary>The revision in which the passage was read.</summary>
    public int Number { get; set; }
    /// <summary>The section that it stands in: see <see cref="SectionKeys"/>.</summary>
    public string Key { get; set; } = "";
    /// <summary>Where in that revision the passage begins, in characters from 0.</summary>
    public int Start { get; set; }
    /// <summary>The passage, character by character; empty for an answer.</summary>
    public string Quote { get; set; } = "";
    /// <summary>What is remarked; empty where its author left.</summary>
    public string Text { get; set; } = "";
    /// <summary>What is to stand there instead; null for nothing else.</summary>
    public string? Suggestion { get; set; }
    /// <summary>Whose it is.</summary>
    public int AuthorId { get; set; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When it ended; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    /// <summary>By whom.</summary>
    public int? EndedById { get; set; }
    /// <summary>How.</summary>
    public CommentOutcome? Outcome { get; set; }
    /// <summary>The form that made it: sent twice, it makes one.</summary>
    public required string FormKey { get; set; }
}
