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
        app.MapHub<ConversationsHub>(Hub, options => options.TransportSendTimeout = TimeSpan.FromSeconds(limits.SendSeconds)).WithMetadata(new GuestsTooAttribute { WhenOver = true });
    }
}
