using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Moderation;

namespace VetCommunity.App.Moderation;

/// <summary>Tells the pages of a room that other messages are pinned; each fetches them afresh.</summary>
sealed class PinNews(Feed feed, Watchers watchers, AllConversations conversations, IHubContext<ConversationsHub> hub) : IHostedService
{
    IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = feed.Subscribe<PinsChanged>(TellAsync);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        return Task.CompletedTask;
    }

    async ValueTask TellAsync(PinsChanged fact)
    {
        var pages = watchers.Views(fact.ConversationId).Where(view => View.Language(view) is not null).ToList();
        if (pages.Count == 0)
            return;
        var room = await conversations.FindAsync(Actor.Operator, fact.ConversationId.ToString(CultureInfo.InvariantCulture));
        foreach (var view in pages)
            await hub.Clients.Group(Fanout.Group(fact.ConversationId, view)).SendAsync("PinsChanged", new { conversation = room.Address });
    }
}
