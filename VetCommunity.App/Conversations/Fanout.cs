using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.Noticing;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Watching;

namespace VetCommunity.App.Conversations;

/// <summary>
/// Pushes what was stored to who watches: each change is rendered once per language watched in and sent once per group. The first
/// change leaves at once; what follows within the window leaves together. Pages get it as a ready frame on their <see cref="OpenLine"/>.
/// </summary>
sealed class Fanout(
    Feed feed, Watchers watchers, MessageRenderer renderer, AllConversations conversations, UnreadRing unread, CommunityDbFactory db,
    IHubContext<ConversationsHub> hub, Broadcast broadcast, TimeProvider clock, ILogger<Fanout> log) : BackgroundService
{
    readonly ConcurrentDictionary<int, WayOut> _streams = new();
    readonly WayOut.Means _means = new(watchers, renderer, unread, broadcast, clock, log);

    /// <summary>All who watch the conversation in this view.</summary>
    public static string Group(int conversation, string view) => $"{conversation}:{view}";

    /// <summary>Those of them whose connection is no <see cref="OpenLine"/>.</summary>
    public static string GroupWithoutLine(int conversation, string view) => $"{conversation}:{view}:without-line";

    public async Task RemoveAsync(string connectionId, int conversation, string view)
    {
        await hub.Groups.RemoveFromGroupAsync(connectionId, Group(conversation, view));
        await hub.Groups.RemoveFromGroupAsync(connectionId, GroupWithoutLine(conversation, view));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = feed.Subscribe<ConversationChanged>(fact =>
        {
            using var span = Traces.Continue("feed", fact.From);
            var from = span?.Context ?? fact.From;
            With(fact.ConversationId, stream => stream.Take(fact.Changes, from));
            return ValueTask.CompletedTask;
        });
        using var ends = feed.Subscribe<AccessEnded>(EndAsync);
        // Verbs and other processes write beside us; a lost fact is found here too.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Looking for changes of other processes failed; the next look is in a second");
            }
        }
    }

    /// <summary>From this version on a newly watched conversation is followed.</summary>
    public void Follow(FoundConversation conversation) => With(conversation.Id, stream => stream.Follow(conversation.Version, conversation.Address));

    public void PresenceChanged(int conversation) => With(conversation, stream => stream.TellPresence());

    /// <summary>Sends the same to all who watch, but for the connection that said it. Nobody waits for it.</summary>
    public void Tell(int conversation, string name, object argument, string except) => With(conversation, stream => stream.Tell(name, argument, except));

    async Task LookAsync(CancellationToken cancel)
    {
        foreach (var (id, stream) in _streams)
        {
            if (stream.IsOver())
                _streams.TryRemove(new(id, stream));
        }
        var watched = watchers.Conversations.ToList();
        if (watched.Count == 0)
            return;
        await using var context = db.CreateDbContext();
        var versions = await context.Conversations.Where(c => watched.Contains(c.Id)).Select(c => new { c.Id, c.Version }).ToListAsync(cancel);
        foreach (var now in versions)
        {
            if (_streams.TryGetValue(now.Id, out var stream) && stream.Told is { } told && told < now.Version)
            {
                var id = now.Id.ToString(CultureInfo.InvariantCulture);
                var missed = await conversations.ChangesAsync(Actor.Operator, id, told, cancel);
                // Too much to tell one by one: the last change shows its readers the gap, and they open afresh.
                if (missed.Limited)
                    missed = await conversations.ChangesAsync(Actor.Operator, id, missed.Version - 1, cancel);
                With(now.Id, found => found.Take(missed.Changes));
            }
        }
    }

    async ValueTask EndAsync(AccessEnded ended)
    {
        // The whole access: OpenConnections cuts the connections themselves.
        if (ended.ConversationId is not { } conversation)
            return;
        foreach (var watcher in watchers.OfMember(ended.MemberId))
        {
            if (watchers.Leave(watcher.Context.ConnectionId, conversation) is { } view)
            {
                await RemoveAsync(watcher.Context.ConnectionId, conversation, view);
                var address = _streams.TryGetValue(conversation, out var stream) ? stream.Address : conversation.ToString(CultureInfo.InvariantCulture);
                await hub.Clients.Client(watcher.Context.ConnectionId).SendAsync("AccessEnded", new { conversation = address, reason = ended.Reason.ToString() });
                PresenceChanged(conversation);
            }
        }
    }

    // A stream that was just taken away for idleness does nothing more; the next one does.
    void With(int conversation, Action<WayOut> act)
    {
        while (!_streams.GetOrAdd(conversation, id => new(_means, id)).Does(act))
        {
        }
    }
}
