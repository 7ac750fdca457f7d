using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>Tells connected members at once when somebody names them or writes to them alone. What is unread is stored; this is only the call.</summary>
sealed class Bell(Feed feed, Watchers watchers, ReadMarkers markers, AllConversations conversations, IHubContext<ConversationsHub> hub) : IHostedService
{
    IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = feed.Subscribe<ConversationChanged>(async fact =>
        {
            foreach (var change in fact.Changes.Where(change => change.Kind == ChangeKind.Posted))
                await RingAsync(change);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        return Task.CompletedTask;
    }

    async Task RingAsync(Change change)
    {
        var message = change.Message;
        var named = change.Mentioned ?? [];
        // A direct conversation has no name of its own, only its number.
        var isDirect = message.Conversation == message.ConversationId.ToString(CultureInfo.InvariantCulture);
        var called = isDirect ? (await markers.OfAsync(Actor.Operator, message.ConversationId, watchers.Elsewhere(message.ConversationId))).Keys : named;
        foreach (var member in called)
        {
            if (watchers.OfMember(member) is not [var watcher, ..] || watcher.Actor.Handle == message.Author.Handle)
                continue;
            FoundConversation found;
            try
            {
                found = await conversations.FindAsync(watcher.Actor, message.Conversation);
            }
            catch (NotFoundException)
            {
                // Named, but not one of those who may read it any more.
                continue;
            }
            await hub.Clients.User(member.ToString(CultureInfo.InvariantCulture)).SendAsync("Notice", new
            {
                kind = isDirect ? "direct" : "mention",
                conversation = found.Address,
                title = found.Title,
                seq = message.Seq,
                author = message.Author.Name,
                address = (isDirect ? "/conversations/" : "/rooms/") + found.Address,
            });
        }
    }
}
