using System.Diagnostics;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Discussion;

namespace VetCommunity.Core.Conversations;

/// <summary>Changes of one conversation, in the order of their versions, after they were stored.</summary>
public sealed record ConversationChanged(int ConversationId, IReadOnlyList<Change> Changes)
{
    /// <summary>The span of the commit, where somebody listens to traces.</summary>
    public ActivityContext From { get; init; }
}

/// <summary>A member may no longer read a conversation, or any (null). Open pages and connections end.</summary>
public sealed record AccessEnded(int MemberId, int? ConversationId, AccessEndedReason Reason);

/// <summary>Why reading ended.</summary>
public enum AccessEndedReason
{
    /// <summary>The member left or was taken out of the room.</summary>
    Left,
    /// <summary>The account was suspended.</summary>
    Suspended,
    /// <summary>The member's rights changed; coming back with the new ones is fine.</summary>
    RightsChanged,
    /// <summary>The member logged out everywhere or changed the password.</summary>
    LoggedOut,
    /// <summary>Moderators banned the member from the room until an end.</summary>
    Banned,
}

/// <summary>A member came into a conversation.</summary>
public sealed record MemberJoined(int ConversationId, int MemberId);

/// <summary>A member has read up to a message.</summary>
public sealed record MarkedRead(int ConversationId, int MemberId, long Seq);

/// <summary>Something about a room's topics changed: a name, a resolution, which there are. Readers look at them afresh.</summary>
public sealed record TopicsChanged(int ConversationId);

/// <summary>A member follows or mutes a topic now, or does so no more.</summary>
public sealed record InvolvementChanged(int ConversationId, int MemberId);

/// <summary>One change with what a reader needs to follow it: the message as it stands now.</summary>
/// <param name="Version">The conversation's version it made.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Message">The message after the change.</param>
/// <param name="Mentioned">Whom a new message names.</param>
public sealed record Change(long Version, ChangeKind Kind, PostedMessage Message, IReadOnlyList<int>? Mentioned = null);

/// <summary>
/// A message as its readers get it. One that moderators hid comes without its text to everybody, also to its author and to them. Its language is null where it
/// is not known, and the room's null in direct conversations. Its translations are those that were accepted; null for none.
/// </summary>
public sealed record PostedMessage(
    int ConversationId,
    string Conversation,
    long Seq,
    long Version,
    string ClientKey,
    string Topic,
    string TopicSlug,
    Author Author,
    string Markdown,
    string Html,
    DateTimeOffset SentAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? DeletedAt,
    long? ReplyToSeq,
    ReplyExcerpt? ReplyTo,
    IReadOnlyList<ReactionCount> Reactions,
    IReadOnlyList<PostedAttachment> Attachments,
    DateTimeOffset? HiddenAt = null,
    int? HiddenBy = null,
    PostedPoll? Poll = null,
    string? Language = null,
    string? RoomLanguage = null,
    IReadOnlyList<PostedTranslation>? Translations = null)
{
    /// <summary>The language where it is known and not the room's: worth a word. Null in direct conversations, which have none of their own.</summary>
    public string? OtherLanguage => Language is not null && RoomLanguage is not null && Language != RoomLanguage ? Language : null;

    /// <summary>Deleted or hidden: the number stays, and nothing of what was said is here.</summary>
    public bool IsGone => DeletedAt is not null || HiddenAt is not null;
}

/// <summary>Who wrote a message. <paramref name="Handle"/> is empty for programs and for imported people without an account.</summary>
public sealed record Author(string Handle, string Name, string? PictureVersion, bool IsProgram = false)
{
    /// <inheritdoc cref="Privacy.FormerMember.HandleOf"/>
    public string Handle { get; init; } = Privacy.FormerMember.HandleOf(Handle);

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Name { get => Privacy.FormerMember.Shown(field); init; } = Name;
}

/// <summary>The beginning of the message that is answered.</summary>
public sealed record ReplyExcerpt(long Seq, string AuthorName, string Text)
{
    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string AuthorName { get => Privacy.FormerMember.Shown(field); init; } = AuthorName;
}

/// <summary>One emoji under a message and who gave it.</summary>
public sealed record ReactionCount(string Emoji, int Count, IReadOnlyList<string> Handles);

/// <summary>A post's answer, given after it is on disk.</summary>
/// <param name="ConversationId">Where it stands.</param>
/// <param name="Seq">Its number.</param>
/// <param name="SentAt">When the server stored it.</param>
/// <param name="Duplicate">True when the same client key had been posted before: this is that message.</param>
public sealed record PostReceipt(int ConversationId, long Seq, DateTimeOffset SentAt, bool Duplicate);

/// <summary>What somebody wants to post.</summary>
/// <param name="Conversation">Room slug or conversation id.</param>
/// <param name="ClientKey">1 to 64 characters, chosen by the author's program.</param>
/// <param name="Topic">Topic name; null for the default topic.</param>
/// <param name="Markdown">1 to 10,000 characters; with an attachment it may be empty.</param>
/// <param name="ReplyToSeq">The message it answers.</param>
/// <param name="Attachments">Ids of the author's own uploads, at most 10, each posted once.</param>
/// <param name="Poll">What is to be voted on, in a room; the text is the question then.</param>
/// <param name="IsEnquiry">It is to be answered later by the hosts of a room with opening hours.</param>
/// <param name="Language">What it is written in, one of <see cref="Languages.All"/>; null: to be told from the text.</param>
public sealed record NewMessage(
    string Conversation, string ClientKey, string? Topic, string Markdown, long? ReplyToSeq = null, IReadOnlyList<string>? Attachments = null, NewPoll? Poll = null,
    bool IsEnquiry = false, string? Language = null);

/// <summary>A conversation opened: its state and some of its messages, oldest first.</summary>
/// <param name="Id">The number that works for every kind.</param>
/// <param name="Conversation">Its address: a room's slug, otherwise the number.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Title">A room's title, or the other person's name.</param>
/// <param name="LastSeq">The newest message's number.</param>
/// <param name="Version">Changes up to here are in <paramref name="Messages"/>.</param>
/// <param name="Messages">At most 50.</param>
/// <param name="HasMore">Whether more follow after these.</param>
/// <param name="HasOlder">Whether there are some before these.</param>
/// <param name="Standing">What the actor may do here.</param>
public sealed record OpenedConversation(
    int Id, string Conversation, ConversationKind Kind, string Title, long LastSeq, long Version,
    IReadOnlyList<PostedMessage> Messages, bool HasMore, bool HasOlder, Standing Standing);

/// <summary>A page of messages, oldest first.</summary>
public sealed record MessagePage(IReadOnlyList<PostedMessage> Messages, bool HasMore);

/// <summary>What happened after a version, in order; with <paramref name="Limited"/> it was too much: open afresh.</summary>
public sealed record ChangePage(long Version, bool Limited, IReadOnlyList<Change> Changes);

/// <summary>One text a message had, newest first; the first is the present one.</summary>
public sealed record FormerText(string Html, DateTimeOffset At);

/// <summary>What an actor may do in one conversation now, decided by its kind's rule.</summary>
/// <param name="MayRead">Sees it at all.</param>
/// <param name="MayPost">Writes now.</param>
/// <param name="WhyNot">Where writing is refused: why.</param>
/// <param name="IsMember">Has a place in it.</param>
/// <param name="IsModerator">Deletes and moves other people's messages here.</param>
/// <param name="LastReadSeq">The read marker.</param>
public sealed record Standing(bool MayRead, bool MayPost, Refusal? WhyNot, bool IsMember, bool IsModerator, long LastReadSeq);

/// <summary>Unread messages of a conversation and how many of them name the member.</summary>
public sealed record Unread(int ConversationId, string Conversation, string Title, ConversationKind Kind, long Count, long Mentions, DateTimeOffset? LastAt)
{
    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Title { get => Privacy.FormerMember.Shown(field); init; } = Title;
}

/// <summary>Unread messages of one conversation for one of its members, and how many of them name the member.</summary>
public sealed record MembersUnread(int MemberId, string Conversation, long Count, long Mentions);
