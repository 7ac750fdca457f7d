namespace VetCommunity.Core.Conversations;

/// <summary>What a conversation is for. A new kind brings a <see cref="ConversationRule"/> and nothing else.</summary>
public enum ConversationKind
{
    /// <summary>A room of many, open or closed.</summary>
    Room = 1,
    /// <summary>Two people; it never turns into a room.</summary>
    Direct = 2,
}

/// <summary>An ordered, durable, live log of messages.</summary>
public sealed class Conversation
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>What it is for.</summary>
    public ConversationKind Kind { get; set; }
    /// <summary>A room's address part, unique; null for kinds without one.</summary>
    public string? Slug { get; set; }
    /// <summary>For a direct conversation its two members' ids, smaller first, as in 3-17; unique.</summary>
    public string? Pair { get; set; }
    /// <summary>A room's title.</summary>
    public string Title { get; set; } = "";
    /// <summary>What the room is for, in one sentence.</summary>
    public string Purpose { get; set; } = "";
    /// <summary>The room's main language.</summary>
    public string Language { get; set; } = "en";
    /// <summary>1: any member may read it and join. 0: only who is in it knows it. (A number, for the prepared commands of both databases.)</summary>
    public int IsOpen { get; set; }
    /// <summary>Seconds that must lie between two messages of one member; 0: none. Moderators need not wait.</summary>
    public int SlowSeconds { get; set; }
    /// <summary>1: only moderators and named speakers write, the others react. (A number, as above.)</summary>
    public int OnlySpeakers { get; set; }
    /// <summary>Months for which messages are kept here; 0: for ever.</summary>
    public int KeepMonths { get; set; }
    /// <summary>Who made it.</summary>
    public int? CreatedById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; set; }
    /// <summary>When it stopped taking messages; null while it is open to write.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    /// <summary>The sequence number of the newest message; 0 when there is none.</summary>
    public long LastSeq { get; set; }
    /// <summary>How many durable changes there have been: posts, edits, deletions, reactions, moves, votes.</summary>
    public long Version { get; set; }
    /// <summary>When the newest message was sent.</summary>
    public DateTimeOffset? LastAt { get; set; }
    /// <summary>The topic of messages that name none.</summary>
    public int? DefaultTopicId { get; set; }
}

/// <summary>A member's place in a conversation.</summary>
public sealed class Membership
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>What the member may do there.</summary>
    public MembershipRole Role { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset JoinedAt { get; set; }
    /// <summary>Everything up to this sequence number has been read.</summary>
    public long LastReadSeq { get; set; }
    /// <summary>When the member last wrote here; kept only while the room is slow.</summary>
    public DateTimeOffset? LastPostedAt { get; set; }
}

/// <summary>What a member may do in one conversation.</summary>
public enum MembershipRole
{
    /// <summary>Reads and writes as the rule allows.</summary>
    Participant = 1,
    /// <summary>Also invites into a closed room, deletes and moves messages there.</summary>
    Moderator = 2,
    /// <summary>Also writes where only speakers do.</summary>
    Speaker = 3,
    /// <summary>In the talk about a practice whose review the member's roles let them see: reads and writes as long as they do.</summary>
    Reviewer = 4,
}

/// <summary>A label on messages, unique in its conversation.</summary>
public sealed class Topic
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>As members wrote it, at most 80 characters.</summary>
    public required string Name { get; set; }
    /// <summary>The name with case, accents and width folded; unique in the conversation.</summary>
    public required string Folded { get; set; }
    /// <summary>Its present address part. Former ones stay in <see cref="TopicSlug"/>.</summary>
    public required string Slug { get; set; }
    /// <summary>When the first message was put there.</summary>
    public DateTimeOffset CreatedAt { get; set; }
    /// <summary>The newest message in it.</summary>
    public long LastSeq { get; set; }
    /// <summary>How many messages carry it, deleted ones included.</summary>
    public int Messages { get; set; }
    /// <summary>When what it is about was taken away: it is read, and takes no more messages. Null while it takes some.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>Every address part a topic ever had, so that old links go on working.</summary>
public sealed class TopicSlug
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>The address part.</summary>
    public required string Slug { get; set; }
    /// <summary>Which topic it leads to.</summary>
    public int TopicId { get; set; }
}

/// <summary>One message. The number within its conversation is its name for ever.</summary>
public sealed class Message
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>1, 2, 3 … without a gap.</summary>
    public long Seq { get; set; }
    /// <summary>The conversation's version at this message's last change.</summary>
    public long Version { get; set; }
    /// <summary>The author; null for programs and for imported messages of people without an account.</summary>
    public int? AuthorId { get; set; }
    /// <summary>The name that stood in the imported file, or the webhook's.</summary>
    public string? ImportedAuthor { get; set; }
    /// <summary>The incoming webhook by which a program posted it, under the name in <see cref="ImportedAuthor"/>.</summary>
    public int? WebhookId { get; set; }
    /// <summary>Chosen by the author's program: the same key again is the same message.</summary>
    public required string ClientKey { get; set; }
    /// <summary>Under which topic.</summary>
    public int TopicId { get; set; }
    /// <summary>What was typed; empty once deleted.</summary>
    public required string Markdown { get; set; }
    /// <summary>The sanitised html of it; empty once deleted.</summary>
    public required string Html { get; set; }
    /// <summary>What it is written in, one of <see cref="Languages.All"/>; null where that is not known: then it counts as the room's language.</summary>
    public string? Language { get; set; }
    /// <summary>1: a person said what it is written in, and no edit guesses anew. (A number, for the prepared commands of both databases.)</summary>
    public int IsLanguageSet { get; set; }
    /// <summary>The key that encrypts both; null means plain.</summary>
    public string? KeyId { get; set; }
    /// <summary>When the server stored it.</summary>
    public DateTimeOffset SentAt { get; set; }
    /// <summary>When it was last edited.</summary>
    public DateTimeOffset? EditedAt { get; set; }
    /// <summary>When it was deleted; the gap stays.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
    /// <summary>When moderators hid it; its author and they still read it.</summary>
    public DateTimeOffset? HiddenAt { get; set; }
    /// <summary>The decision that hid it.</summary>
    public int? HiddenById { get; set; }
    /// <summary>The message it answers.</summary>
    public long? ReplyToSeq { get; set; }
    /// <summary>Its number in the search index, by which it stands in the order of time; null as long as the index has not come to it.</summary>
    public long? SearchId { get; set; }
}

/// <summary>A former text of a message. Deleting the message deletes them all.</summary>
public sealed class MessageRevision
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>The conversation's version at which this text was replaced.</summary>
    public long Version { get; set; }
    /// <summary>The text that stood there before.</summary>
    public required string Markdown { get; set; }
    /// <summary>The key that encrypts it; null means plain.</summary>
    public string? KeyId { get; set; }
    /// <summary>When it was replaced.</summary>
    public DateTimeOffset ReplacedAt { get; set; }
}

/// <summary>One member's reaction to one message.</summary>
public sealed class Reaction
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>To which message.</summary>
    public long Seq { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>One emoji.</summary>
    public required string Emoji { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A message that names a member.</summary>
public sealed class Mention
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>In which message.</summary>
    public long Seq { get; set; }
    /// <summary>Who is named.</summary>
    public int MemberId { get; set; }
}

/// <summary>What kind of change a version stands for.</summary>
public enum ChangeKind
{
    /// <summary>A new message.</summary>
    Posted = 1,
    /// <summary>A new text, or somebody said in which language it is.</summary>
    Edited = 2,
    /// <summary>The text is gone, the gap stays.</summary>
    Deleted = 3,
    /// <summary>Somebody reacted or took it back.</summary>
    Reacted = 4,
    /// <summary>Another topic, or another name of its topic.</summary>
    Moved = 5,
    /// <summary>Moderators hid it.</summary>
    Hidden = 7,
    /// <summary>It is shown again.</summary>
    Unhidden = 8,
    /// <summary>Somebody voted in its poll or took the vote back, or the poll ended.</summary>
    PollChanged = 10,
    /// <summary>A translation was accepted, changed or taken away.</summary>
    Translated = 11,
}

/// <summary>One durable change; its version is one higher than the one before.</summary>
public sealed class ConversationEvent
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>1, 2, 3 … without a gap.</summary>
    public long Version { get; set; }
    /// <summary>What.</summary>
    public ChangeKind Kind { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>Who; null for imports.</summary>
    public int? ActorId { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>What a member typed and has not sent, one per conversation.</summary>
public sealed class Draft
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>The text.</summary>
    public required string Markdown { get; set; }
    /// <summary>The topic it was meant for; empty for the default one.</summary>
    public string Topic { get; set; } = "";
    /// <summary>The message it answers.</summary>
    public long? ReplyToSeq { get; set; }
    /// <summary>When it was last saved.</summary>
    public DateTimeOffset SavedAt { get; set; }
}
