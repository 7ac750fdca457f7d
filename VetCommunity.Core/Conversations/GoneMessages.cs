using VetCommunity.Core.Data;

namespace VetCommunity.Core.Conversations;

/// <summary>Messages of which nothing is left to read: deleted, or hidden by moderators. They are nobody's unread ones.</summary>
static class GoneMessages
{
    /// <summary>The filter of the index that holds these messages alone: counting them costs what there is of them, and not what is unread.</summary>
    public const string Filter = "\"DeletedAt\" IS NOT NULL OR \"HiddenAt\" IS NOT NULL";

    /// <summary>All of them, for the queries that count what is unread.</summary>
    public static IQueryable<Message> In(CommunityDb context) => context.Messages.Where(m => m.DeletedAt != null || m.HiddenAt != null);
}
