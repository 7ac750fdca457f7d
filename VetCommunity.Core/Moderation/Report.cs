namespace VetCommunity.Core.Moderation;

/// <summary>What is wrong with a message. The same list says on what a decision rests.</summary>
public enum Ground
{
    /// <summary>Insults or harassment.</summary>
    Harassment = 1,
    /// <summary>Something unlawful.</summary>
    Unlawful = 2,
    /// <summary>Advertising.</summary>
    Advertising = 3,
    /// <summary>Private data of somebody.</summary>
    PrivateData = 4,
    /// <summary>Off topic, or another breach of the room's rules.</summary>
    Other = 5,
}

/// <summary>A member told the moderators of a message; one member tells of one message once.</summary>
public sealed class Report
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Where the message stands.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>Who told.</summary>
    public int ReporterId { get; set; }
    /// <summary>The message's author; null for imported people without an account.</summary>
    public int? ReportedId { get; set; }
    /// <summary>What is wrong with it.</summary>
    public Ground Ground { get; set; }
    /// <summary>In one sentence.</summary>
    public required string Sentence { get; set; }
    /// <summary>The text as it was then, and the names of its files: a deletion must not take the case away. Moderators alone read it.</summary>
    public required string Quote { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>The decision that answers it; null while it waits.</summary>
    public int? DecisionId { get; set; }
    /// <summary>When the reporter read what came of it.</summary>
    public DateTimeOffset? SeenAt { get; set; }
}
