using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Noticing;

/// <summary>
/// Tells connected members how much is unread where they do not look, and their other pages what they read on this one: at once, and then once a second.
/// </summary>
sealed class UnreadRing : IHostedService
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    readonly Feed _feed;
    readonly Watchers _watchers;
    readonly ReadMarkers _markers;
    readonly IHubContext<ConversationsHub> _hub;
    readonly IHubProtocol _protocol;
    // A member; null for all who look elsewhere.
    readonly Gathering<int?> _gathering;
    IDisposable[] _listening = [];

    public UnreadRing(
        Feed feed, Watchers watchers, ReadMarkers markers, IHubContext<ConversationsHub> hub, IHubProtocolResolver protocols, TimeProvider clock, ILogger<UnreadRing> log)
    {
        (_feed, _watchers, _markers, _hub) = (feed, watchers, markers, hub);
        _protocol = protocols.GetProtocol("json", supportedProtocols: null)!;
        _gathering = new(Window, TellAsync, clock, log);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = [_feed.Subscribe<MarkedRead>(fact => RingAsync(fact.ConversationId, fact.MemberId)),
            _feed.Subscribe<InvolvementChanged>(fact => RingAsync(fact.ConversationId, fact.MemberId))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var one in _listening)
            one.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>There are new messages, and their readers have been told.</summary>
    public void RingElsewhere(int conversation) => _gathering.Add(conversation, null);

    ValueTask RingAsync(int conversation, int member)
    {
        _gathering.Add(conversation, member);
        return ValueTask.CompletedTask;
    }

    // One question for all of these members, and one frame for all of them with the same count.
    async Task TellAsync(int conversation, IReadOnlyList<int?> whose)
    {
        var members = whose.OfType<int>().ToHashSet();
        if (whose.Contains(null))
            members.UnionWith(_watchers.Elsewhere(conversation));
        if (members.Count == 0)
            return;
        var unread = await _markers.UnreadOfAsync(Actor.Operator, conversation, members);
        var connections = _watchers.OfMembers(unread.Select(one => one.MemberId).ToHashSet());
        foreach (var same in unread.GroupBy(one => (one.Conversation, one.Count, one.Mentions)))
        {
            var told = new { conversation = same.Key.Conversation, unread = same.Key.Count, mentions = same.Key.Mentions };
            ReadOnlyMemory<byte>? frame = null;
            foreach (var watcher in same.SelectMany(one => connections[one.MemberId]))
            {
                if (watcher.Line is { } line)
                    line.Send(frame ??= OpenLine.Frame(_protocol.GetMessageBytes(new InvocationMessage("UnreadChanged", [told]))));
                else
                    await _hub.Clients.Client(watcher.Context.ConnectionId).SendAsync("UnreadChanged", told);
            }
        }
    }
}
