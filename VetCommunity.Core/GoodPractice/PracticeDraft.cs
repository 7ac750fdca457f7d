namespace VetCommunity.Core.GoodPractice;

/// <summary>A good practice that somebody begins to write out of a room's talk. What was said there stands in its quotes, not in its body.</summary>
public sealed class PracticeDraft
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Out of which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Out of which topic; null for the room as a whole.</summary>
    public int? TopicId { get; set; }
    /// <summary>What it is called, at most 100 characters.</summary>
    public required string Title { get; set; }
    /// <summary>Markdown in the sections of the practice template.</summary>
    public required string Body { get; set; }
    /// <summary>One more with each change of title or body.</summary>
    public int Version { get; set; } = 1;
    /// <summary>Who makes it, and asks whom it quotes.</summary>
    public int ById { get; set; }
    /// <summary>When it was begun.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Who changed title or body last.</summary>
    public int ChangedById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset ChangedAt { get; set; }
    /// <summary>The form that began it: sent twice, it begins one.</summary>
    public required string FormKey { get; set; }
    /// <summary>The practice that it has become: its text is written there from then on, what may be quoted is still decided here. Null before.</summary>
    public int? DocumentId { get; set; }
}

/// <summary>A message in a draft, with its words as its author was asked about them. Deleting the message deletes it.</summary>
public sealed class Quote
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>In which draft.</summary>
    public int DraftId { get; set; }
    /// <summary>Out of which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>Who wrote it, and alone decides about it.</summary>
    public int AuthorId { get; set; }
    /// <summary>Its place among the draft's quotes.</summary>
    public int Position { get; set; }
    /// <summary>The words that may be quoted, as markdown; a later edit of the message does not change them.</summary>
    public required string Text { get; set; }
    /// <summary>The conversation's version at the message's last change then.</summary>
    public long MessageVersion { get; set; }
    /// <summary>What the author says.</summary>
    public QuoteAnswer Answer { get; set; }
    /// <summary>When the author was asked first.</summary>
    public DateTimeOffset AskedAt { get; set; }
    /// <summary>When once more.</summary>
    public DateTimeOffset? AskedAgainAt { get; set; }
    /// <summary>When the author answered last.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }
}

/// <summary>What a quoted member says to it. It can be changed at any time.</summary>
public enum QuoteAnswer
{
    /// <summary>Nothing yet: it is not quoted.</summary>
    Waiting = 1,
    /// <summary>It may be quoted under the author's name.</summary>
    Agreed = 2,
    /// <summary>It may be quoted if nothing tells whose words they are.</summary>
    WithoutName = 3,
    /// <summary>It is not quoted.</summary>
    Refused = 4,
}
