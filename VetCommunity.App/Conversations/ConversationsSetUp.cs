using Microsoft.AspNetCore.SignalR;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>The hub and what it pushes.</summary>
static class ConversationsSetUp
{
    const string Hub = "/hubs/conversations";

    public static void AddConversations(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ReadMarkers>();
        builder.Services.AddSingleton<Drafts>();
        builder.Services.AddSingleton<Watchers>();
        builder.Services.AddSingleton<MessageRenderer>();
        builder.Services.AddSingleton<HubGate>();
        builder.Services.AddSingleton<Typists>();
        builder.Services.AddSingleton<Fanout>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Fanout>());
        builder.Services.AddHostedService<RoomNews>();
        // The gate logs what is a bug; a refusal is an answer.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None);
        builder.Services.AddSignalR().AddHubOptions<ConversationsHub>(options =>
        {
            // Too long a text gets a sentence, not a cut connection.
            options.MaximumReceiveMessageSize = 1024 * 1024;
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            options.KeepAliveInterval = TimeSpan.FromSeconds(10);
            options.AddFilter<HubGate>();
        });
    }

    public static void MapConversations(this WebApplication app)
    {
        OpenLine.Offer(app, Hub);
        app.MapHub<ConversationsHub>(Hub);
    }
}
