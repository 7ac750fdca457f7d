namespace VetCommunity.Core.Moderation;

/// <summary>What becomes of a message.</summary>
public enum MessageMeasure
{
    /// <summary>It stays, and is shown again if it was hidden.</summary>
    Left = 1,
    /// <summary>Only its author and the moderators read it.</summary>
    Hidden = 2,
    /// <summary>It is deleted, which nothing undoes.</summary>
    Removed = 3,
}

/// <summary>What becomes of its author in that room.</summary>
public enum MemberMeasure
{
    /// <summary>Nothing.</summary>
    None = 1,
    /// <summary>Reads and does not write, until an end.</summary>
    Muted = 2,
    /// <summary>Is taken out and may not come back, until an end.</summary>
    Banned = 3,
}

/// <summary>Moderators decided about a message. A later decision about the same message takes the place of the earlier one.</summary>
public sealed class Decision
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Where the message stands.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>1, 2, 3 … for one message: of two moderators who decide at once, one does.</summary>
    public int Round { get; set; }
    /// <summary>The author; null for imported people without an account.</summary>
    public int? MemberId { get; set; }
    /// <summary>What becomes of the message.</summary>
    public MessageMeasure Message { get; set; }
    /// <summary>What becomes of its author in that room.</summary>
    public MemberMeasure Member { get; set; }
    /// <summary>The end of the mute or the ban.</summary>
    public DateTimeOffset? Until { get; set; }
    /// <summary>On what it rests.</summary>
    public Ground Ground { get; set; }
    /// <summary>Why, as the author reads it.</summary>
    public required string Reason { get; set; }
    /// <summary>The text that was decided about, for the author and the moderators.</summary>
    public required string Quote { get; set; }
    /// <summary>Whether reports led to it, or the moderators saw it themselves. (A number, for the prepared commands of both databases.)</summary>
    public int AfterReports { get; set; }
    /// <summary>Who decided.</summary>
    public int ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When the author read the newest of it; null while there is something new to read.</summary>
    public DateTimeOffset? SeenAt { get; set; }
}

/// <summary>How an appeal ended.</summary>
public enum AppealOutcome
{
    /// <summary>The decision stands.</summary>
    Upheld = 1,
    /// <summary>The decision is lifted, and what it did is undone as far as that is possible.</summary>
    Lifted = 2,
}

/// <summary>The author's answer to a decision, given once; somebody else than the first moderator decides on it.</summary>
public sealed class Appeal
{
    /// <summary>Against which decision.</summary>
    public int DecisionId { get; set; }
    /// <summary>What the author says.</summary>
    public required string Text { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>How it ended; null while it waits.</summary>
    public AppealOutcome? Outcome { get; set; }
    /// <summary>Why, as the author reads it; empty while it waits.</summary>
    public string Reason { get; set; } = "";
    /// <summary>Who decided on it.</summary>
    public int? DecidedById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset? DecidedAt { get; set; }
}

/// <summary>
/// What holds a member in a room now: the sum of the decisions that stand, kept in one row so that each post reads it cheaply.
/// Its ends are judged when somebody writes or reads; nothing clears it.
/// </summary>
public sealed class Restriction
{
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Whom.</summary>
    public int MemberId { get; set; }
    /// <summary>Reads and does not write until then.</summary>
    public DateTimeOffset? MutedUntil { get; set; }
    /// <summary>Neither reads nor writes until then.</summary>
    public DateTimeOffset? BannedUntil { get; set; }
}

/// <summary>A message that moderators put at the top of a room.</summary>
public sealed class Pin
{
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>1 to 5, each once in a room: so there are never more.</summary>
    public int Slot { get; set; }
    /// <summary>Who pinned it.</summary>
    public int ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}
