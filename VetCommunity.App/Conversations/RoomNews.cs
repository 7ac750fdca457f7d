using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Moderation;

namespace VetCommunity.App.Conversations;

/// <summary>Tells the pages of a room that its topics, or what is pinned in it, changed; each fetches them afresh as its reader sees them.</summary>
sealed class RoomNews(Feed feed, Watchers watchers, AllConversations conversations, IHubContext<ConversationsHub> hub) : IHostedService
{
    IDisposable[] _listening = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening =
        [
            feed.Subscribe<TopicsChanged>(fact => TellAsync(fact.ConversationId, nameof(TopicsChanged))),
            feed.Subscribe<PinsChanged>(fact => TellAsync(fact.ConversationId, nameof(PinsChanged))),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var one in _listening)
            one.Dispose();
        return Task.CompletedTask;
    }

    async ValueTask TellAsync(int conversation, string news)
    {
        var pages = watchers.Views(conversation).Where(view => View.Language(view) is not null).ToList();
        if (pages.Count == 0)
            return;
        var room = await conversations.FindAsync(Actor.Operator, conversation.ToString(CultureInfo.InvariantCulture));
        foreach (var view in pages)
            await hub.Clients.Group(Fanout.Group(conversation, view)).SendAsync(news, new { conversation = room.Address });
    }
}
