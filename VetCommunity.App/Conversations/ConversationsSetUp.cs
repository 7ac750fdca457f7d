using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Limiting;
using VetCommunity.App.Live;
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
        builder.Services.AddSingleton<Broadcast>();
        builder.Services.AddSingleton<ReadyArticles>();
        builder.Services.AddSingleton<MessageRenderer>();
        builder.Services.AddSingleton<FragmentRenderer>();
        builder.Services.AddSingleton<HubGate>();
        builder.Services.AddSingleton<Typists>();
        builder.Services.AddSingleton<Fanout>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Fanout>());
        builder.Services.AddHostedService<RoomNews>();
        // The gate logs what is a bug; a refusal is an answer.
        builder.Logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None);
        builder.Services.AddSignalR().AddHubOptions<ConversationsHub>(options =>
        {
            options.AddFilter<HubGate>();
            options.AddFilter<ConnectionGate>();
        });
        // Too long a text gets a sentence, not a cut connection.
        builder.Services.AddOptions<HubOptions<ConversationsHub>>()
            .Configure<ConfiguredLimits>((options, limits) => options.MaximumReceiveMessageSize = limits.HubFrameKilobytes * 1024);
    }

    public static void MapConversations(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<ConfiguredLimits>();
        OpenLine.Offer(app, Hub, limits);
        var options = new HttpConnectionDispatcherOptions { TransportSendTimeout = TimeSpan.FromSeconds(limits.SendSeconds) };
        // As MapHub does it, but that the calls of the hub are compiled when its first client comes: it is a tenth of what a start does, and the first page would wait for it.
        var hub = new Lazy<HubConnectionHandler<ConversationsHub>>(app.Services.GetRequiredService<HubConnectionHandler<ConversationsHub>>);
        app.MapConnections(Hub, options, connections => connections.Run(connection => hub.Value.OnConnectedAsync(connection)))
            .WithMetadata([.. typeof(ConversationsHub).GetCustomAttributes(inherit: true), new HubMetadata(typeof(ConversationsHub)), new GuestsTooAttribute { WhenOver = true }]);
    }
}
