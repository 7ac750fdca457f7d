namespace VetCommunity.App.Conversations;

/// <summary>The hub and what it pushes.</summary>
static class ConversationsSetUp
{
    public static void AddConversations(this WebApplicationBuilder builder) { }
    public static void MapConversations(this WebApplication app) { }
}
