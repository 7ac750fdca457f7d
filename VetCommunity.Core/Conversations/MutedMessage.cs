using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;

namespace VetCommunity.Core.Conversations;

/// <summary>A message of a topic that a member muted: never unread for that member.</summary>
sealed class MutedMessage
{
    public int MemberId { get; init; }
    public int ConversationId { get; init; }
    public long Seq { get; init; }

    /// <summary>All of them that are not gone, for the queries that count what is unread. Who mutes nothing costs one look into an index.</summary>
    public static IQueryable<MutedMessage> In(CommunityDb context) =>
        from i in context.Involvements
        where i.Kind == InvolvementKind.Muted
        join m in context.Messages on i.TopicId equals m.TopicId
        where m.DeletedAt == null && m.HiddenAt == null
        select new MutedMessage { MemberId = i.MemberId, ConversationId = i.ConversationId, Seq = m.Seq };
}
