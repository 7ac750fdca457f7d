using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>
/// Tells connected members at once when somebody names them, writes to them alone, or writes in a topic that they follow and had read. Who muted the topic
/// hears nothing. What is unread is stored; this is only the call.
/// </summary>
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
        // A direct conversation has no name of its own, only its number.
        var isDirect = message.Conversation == message.ConversationId.ToString(CultureInfo.InvariantCulture);
        var elsewhere = watchers.Elsewhere(message.ConversationId);
        IEnumerable<(int Member, string Kind)> called = isDirect
            ? (await markers.OfAsync(Actor.Operator, message.ConversationId, elsewhere)).Keys.Select(member => (member, "direct"))
            : await CalledAsync(message, change.Mentioned ?? [], elsewhere);
        foreach (var (member, kind) in called)
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
                kind,
                conversation = found.Address,
                title = found.Title,
                seq = message.Seq,
                author = message.Author.Name,
                address = (isDirect ? "/conversations/" : "/rooms/") + found.Address,
            });
        }
    }

    async Task<IEnumerable<(int, string)>> CalledAsync(PostedMessage message, IReadOnlyList<int> named, IReadOnlyCollection<int> elsewhere)
    {
        List<int> members = [.. elsewhere.Union(named)];
        if (members.Count == 0)
            return [];
        var (muted, following) = await markers.InvolvedAsync(Actor.Operator, message.ConversationId, message.Seq, members);
        return [.. named.Where(member => !muted.Contains(member)).Select(member => (member, "mention")),
            .. following.Except(named).Where(elsewhere.Contains).Select(member => (member, "follow"))];
    }
}
