namespace VetCommunity.Core.Discussion;

/// <summary>How a topic ended.</summary>
public enum Outcome
{
    /// <summary>The question has its answer.</summary>
    Answered = 1,
    /// <summary>What was said is worth a good practice that somebody writes.</summary>
    PracticeToDraft = 2,
    /// <summary>No course teaches what was asked for.</summary>
    CourseGap = 3,
    /// <summary>Something that only policy can change.</summary>
    PolicyAsk = 4,
    /// <summary>It ended without an outcome.</summary>
    None = 5,
}

/// <summary>A topic was resolved. It stays when the topic is reopened: what was held for an outcome then is not forgotten.</summary>
public sealed class Resolution
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which topic; at most one that was not reopened.</summary>
    public int TopicId { get; set; }
    /// <summary>How it ended.</summary>
    public Outcome Outcome { get; set; }
    /// <summary>The outcome in one sentence, plain text; may be empty where there is none.</summary>
    public required string Sentence { get; set; }
    /// <summary>Who resolved it.</summary>
    public int ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>The room's newest message then: later ones in the topic were written after it was resolved.</summary>
    public long LastSeq { get; set; }
    /// <summary>Who reopened the topic.</summary>
    public int? ReopenedById { get; set; }
    /// <summary>When; null while it stands.</summary>
    public DateTimeOffset? ReopenedAt { get; set; }
}

/// <summary>What a member wants to hear of a topic; who said nothing has none.</summary>
public sealed class Involvement
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>In which topic.</summary>
    public int TopicId { get; set; }
    /// <summary>More or less than others.</summary>
    public InvolvementKind Kind { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>More or less than others.</summary>
public enum InvolvementKind
{
    /// <summary>Hears of the first new message after each reading.</summary>
    Followed = 1,
    /// <summary>Hears nothing, and nothing counts as unread.</summary>
    Muted = 2,
}
