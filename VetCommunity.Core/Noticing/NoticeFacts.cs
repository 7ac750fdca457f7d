using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Noticing;

/// <summary>Members were told of something; each of them has at least one new notice.</summary>
public sealed record MembersNoticed(IReadOnlyList<WrittenNotice> Notices);

/// <summary>A member has fewer unread notices than before.</summary>
public sealed record NoticesRead(int MemberId);

/// <summary>A notice as it was written, with what a word on the screen says. Who gets it may read this.</summary>
/// <param name="MemberId">Who is told.</param>
/// <param name="Kind">Why.</param>
/// <param name="ConversationId">Where; 0 for nowhere.</param>
/// <param name="Seq">Which message, or what else makes it one.</param>
/// <param name="Conversation">The conversation's address part.</param>
/// <param name="In">What conversation it is; null for none.</param>
/// <param name="Title">A room's or a practice's title.</param>
/// <param name="ById">Who gave cause; null for imported people and for moderators.</param>
/// <param name="By">The name of who gave cause.</param>
public sealed record WrittenNotice(
    int MemberId, NoticeKind Kind, int ConversationId, long Seq, string Conversation, ConversationKind? In, string Title, int? ById, string By)
{
    internal Notice Row(DateTimeOffset at) => new() { MemberId = MemberId, Kind = Kind, ConversationId = ConversationId, Seq = Seq, ById = ById, At = at };
}
