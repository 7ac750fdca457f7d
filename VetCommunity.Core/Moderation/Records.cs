using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Moderation;

/// <summary>Which messages are pinned in a room changed. Readers look at them afresh.</summary>
public sealed record PinsChanged(int ConversationId);

/// <summary>What a moderator wants to decide.</summary>
/// <param name="Message">What becomes of the message.</param>
/// <param name="Member">What becomes of its author in that room.</param>
/// <param name="Days">How long, one of <see cref="Decisions.Days"/>; without a measure against the member it says nothing.</param>
/// <param name="Ground">On what it rests.</param>
/// <param name="Reason">Why, for the author to read; 1 to 1,000 characters.</param>
/// <param name="Round">How many decisions about the message the moderator has seen.</param>
/// <param name="LastReport">The newest report that the moderator has seen.</param>
public sealed record Ruling(MessageMeasure Message, MemberMeasure Member, int Days, Ground Ground, string Reason, int Round, int LastReport);

/// <summary>Somebody, as far as moderators name people.</summary>
public sealed record Person(string Handle, string Name, string? PictureVersion)
{
    /// <inheritdoc cref="Privacy.FormerMember.HandleOf"/>
    public string Handle { get; init; } = Privacy.FormerMember.HandleOf(Handle);

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Name { get => Privacy.FormerMember.Shown(field); init; } = Name;
}

/// <summary>A message that somebody reports, as its reader sees it.</summary>
/// <param name="Message">It.</param>
/// <param name="Kind">Where it stands: in a room, or between two people.</param>
/// <param name="WasReported">The reader reported it before.</param>
public sealed record ReportableMessage(PostedMessage Message, ConversationKind Kind, bool WasReported);

/// <summary>A report as the moderators read it.</summary>
public sealed record ReadReport(int Id, Ground Ground, string Sentence, string Reporter, DateTimeOffset At, bool IsDecided);

/// <summary>A message with what was reported of it.</summary>
/// <param name="Conversation">A room's slug, otherwise the conversation's number.</param>
/// <param name="Room">The room's title; empty between two people.</param>
/// <param name="Seq">Its number.</param>
/// <param name="Quote">What it said when it was first reported, or what was decided about.</param>
/// <param name="Reports">The first of them, oldest first.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Decision">The newest decision about it.</param>
public sealed record ReportedMessage(string Conversation, string Room, long Seq, string Quote, IReadOnlyList<ReadReport> Reports, int Count, DecisionLine? Decision);

/// <summary>All that was reported of one member.</summary>
/// <param name="Member">Null for people without an account.</param>
/// <param name="Messages">At most 50.</param>
public sealed record ModerationRecord(Person? Member, IReadOnlyList<ReportedMessage> Messages);

/// <summary>A decision in a list.</summary>
public sealed record DecisionLine(
    int Id, MessageMeasure Message, MemberMeasure Member, DateTimeOffset? Until, string By, DateTimeOffset At, bool IsAppealed, AppealOutcome? AppealOutcome);

/// <summary>A message as its moderators decide about it.</summary>
/// <param name="Conversation">A room's slug, otherwise the conversation's number.</param>
/// <param name="Kind">Where it stands.</param>
/// <param name="Room">The room's title; empty between two people.</param>
/// <param name="Seq">Its number.</param>
/// <param name="Member">Its author; null for people without an account.</param>
/// <param name="AuthorName">The author's name.</param>
/// <param name="SentAt">When.</param>
/// <param name="Html">Its text; empty once it is gone.</param>
/// <param name="Attachments">Its files.</param>
/// <param name="IsDeleted">It is gone.</param>
/// <param name="IsHidden">Moderators hid it.</param>
/// <param name="MayRestrict">There is a member whom moderators can mute or ban there.</param>
/// <param name="MayOpen">The actor reads the conversation itself.</param>
/// <param name="Reports">All that is reported of it, at most 200, oldest first.</param>
/// <param name="Quote">What the newest report kept, where the text is gone.</param>
/// <param name="Decisions">What was decided, oldest first.</param>
public sealed record JudgeableMessage(
    string Conversation, ConversationKind Kind, string Room, long Seq, Person? Member, string AuthorName, DateTimeOffset SentAt, string Html,
    IReadOnlyList<PostedAttachment> Attachments, bool IsDeleted, bool IsHidden, bool MayRestrict, bool MayOpen, IReadOnlyList<ReadReport> Reports, string Quote,
    IReadOnlyList<DecisionLine> Decisions);

/// <summary>A statement of reasons: what was decided about a message, why, and what can be done about it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Conversation">A room's slug, otherwise the conversation's number.</param>
/// <param name="Kind">Where the message stands.</param>
/// <param name="Room">The room's title; empty between two people.</param>
/// <param name="Seq">The message's number.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Quote">What it said.</param>
/// <param name="Author">Whose it was.</param>
/// <param name="Decision">The decision itself. Its author does not learn who made it.</param>
/// <param name="Ground">On what it rests.</param>
/// <param name="Reason">Why.</param>
/// <param name="AfterReports">Whether reports led to it.</param>
/// <param name="IsReplaced">A later decision about the same message has taken its place.</param>
/// <param name="Appeal">What the author answered, and what came of it.</param>
/// <param name="IsMine">The reader is the author.</param>
/// <param name="MayAppeal">The reader may answer now.</param>
/// <param name="MayDecideAppeal">The reader may decide on the appeal now.</param>
public sealed record Statement(
    int Id, string Conversation, ConversationKind Kind, string Room, long Seq, DateTimeOffset SentAt, string Quote, string Author, DecisionLine Decision, Ground Ground,
    string Reason, bool AfterReports, bool IsReplaced, ReadAppeal? Appeal, bool IsMine, bool MayAppeal, bool MayDecideAppeal);

/// <summary>An appeal as its author and the moderators read it.</summary>
public sealed record ReadAppeal(string Text, DateTimeOffset At, AppealOutcome? Outcome, string Reason, string DecidedBy, DateTimeOffset? DecidedAt);

/// <summary>A statement of reasons in its author's list.</summary>
public sealed record StatementLine(int Id, string Room, DecisionLine Decision, bool IsNew);

/// <summary>What became of a member's own report: of the message, and nothing of what its author was told.</summary>
/// <param name="Room">The room's title; empty between two people.</param>
/// <param name="Address">Where the message stands.</param>
/// <param name="Ground">What was reported.</param>
/// <param name="At">When.</param>
/// <param name="Outcome">What became of the message; null while the report waits.</param>
/// <param name="DecidedAt">When it was decided.</param>
public sealed record OwnReport(string Room, string Address, Ground Ground, DateTimeOffset At, MessageMeasure? Outcome, DateTimeOffset? DecidedAt);

/// <summary>An appeal in the moderators' list.</summary>
public sealed record AppealLine(int DecisionId, string Member, string Room, DateTimeOffset At, AppealOutcome? Outcome, bool IsOnesOwnDecision);

/// <summary>What waits for a member: statements and answers not yet read, and, for moderators, members of whom there are reports and appeals.</summary>
public sealed record Waiting(int Statements, int Answers, int Reported, int Appeals);
