namespace VetCommunity.Core.Noticing;

/// <summary>Word to one member that something concerns them. It holds no text: whoever reads it reads what they may read then.</summary>
public sealed class Notice
{
    /// <summary>Number.</summary>
    public long Id { get; set; }
    /// <summary>Who is told.</summary>
    public int MemberId { get; set; }
    /// <summary>Why.</summary>
    public NoticeKind Kind { get; set; }
    /// <summary>In which conversation; 0 for what stands in none.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message; for other kinds what makes it one: the number of the resolution or of the decision, the moment of the joining.</summary>
    public long Seq { get; set; }
    /// <summary>Who gave cause; null for imported people and for moderators, who decide together.</summary>
    public int? ById { get; set; }
    /// <summary>When it was written.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When the member opened it. What was read in the conversation itself counts as read without this.</summary>
    public DateTimeOffset? ReadAt { get; set; }
    /// <summary>When it went into a mail.</summary>
    public DateTimeOffset? MailedAt { get; set; }
}

/// <summary>Up to which version a conversation's changes have called their members.</summary>
public sealed class NoticedConversation
{
    /// <summary>Which.</summary>
    public int ConversationId { get; set; }
    /// <summary>Everybody who was elsewhere has been told up to here.</summary>
    public long Version { get; set; }
    /// <summary>And those who had it open, but did not read on, up to here.</summary>
    public long SettledVersion { get; set; }
}

/// <summary>How a member wants to hear of things, and when the next mail is due. Who never chose has the values of a new one.</summary>
public sealed class NoticeSettings
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>Kinds that do not stand under the bell.</summary>
    public NoticeKind BellOff { get; set; }
    /// <summary>Kinds that come by mail though they would not.</summary>
    public NoticeKind MailOn { get; set; }
    /// <summary>Kinds that do not come by mail though they would.</summary>
    public NoticeKind MailOff { get; set; }
    /// <summary>How often a mail comes at most.</summary>
    public DigestRhythm Rhythm { get; set; } = DigestRhythm.Daily;
    /// <summary>The minute of the day at which the daily mail comes, by the member's clock.</summary>
    public int DigestMinute { get; set; } = 7 * 60;
    /// <summary>The minute of the day at which quiet hours begin; null without.</summary>
    public int? QuietFrom { get; set; }
    /// <summary>The minute of the day at which they end.</summary>
    public int? QuietTo { get; set; }
    /// <summary>When the member stopped the mails by the link in one of them; null while they come.</summary>
    public DateTimeOffset? StoppedAt { get; set; }
    /// <summary>When mails were last looked after; what is older has been told or was not to be told.</summary>
    public DateTimeOffset DigestedAt { get; set; }
    /// <summary>When the next mail is due; null where none ever is.</summary>
    public DateTimeOffset? NextDigestAt { get; set; }

    /// <summary>The kinds that come by mail.</summary>
    public NoticeKind Mailed => (NoticeKinds.Mailed & ~MailOff) | MailOn;
}

/// <summary>How often mails come at most.</summary>
public enum DigestRhythm
{
    /// <summary>None.</summary>
    Never = 1,
    /// <summary>Once an hour.</summary>
    Hourly = 2,
    /// <summary>Once a day.</summary>
    Daily = 3,
}

/// <summary>Of what in one room a member wants to hear; without one it is <see cref="RoomCalls.Mentions"/>.</summary>
public sealed class RoomWish
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>Which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Of what.</summary>
    public RoomCalls Calls { get; set; }
}
