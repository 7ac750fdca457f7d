using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.Noticing;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.App.Conversations;

/// <summary>
/// Pushes what was stored to who watches: each change is rendered once per language watched in and sent once per group. The first
/// change leaves at once; what follows within the window leaves together. Pages get it as a ready frame on their <see cref="OpenLine"/>.
/// </summary>
sealed class Fanout(
    Feed feed, Watchers watchers, MessageRenderer renderer, AllConversations conversations, UnreadRing unread, CommunityDbFactory db,
    IHubContext<ConversationsHub> hub, IHubProtocolResolver protocols, TimeProvider clock, ILogger<Fanout> log) : BackgroundService
{
    // Only a room with more than ten messages a second waits at all; there nobody sees a tenth of a second, and each push costs a send a watcher.
    static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PresenceWindow = TimeSpan.FromSeconds(1);
    readonly ConcurrentDictionary<int, Stream> _streams = new();

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
            With(fact.ConversationId, stream => stream.Take(fact.Changes));
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

    /// <summary>Sends the same to all who watch, behind what is on its way to them already. Nobody waits for it.</summary>
    public void Tell(int conversation, Func<string, Task> send) => With(conversation, stream =>
    {
        foreach (var view in watchers.Views(conversation))
            stream.Behind(view, () => send(Group(conversation, view)));
    });

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
    void With(int conversation, Action<Stream> act)
    {
        while (!_streams.GetOrAdd(conversation, id => new(this, id)).Does(act))
        {
        }
    }

    /// <summary>One conversation's way out.</summary>
    sealed class Stream(Fanout fanout, int conversation)
    {
        // Who takes none of so many is cut off by SignalR soon, and others see the gap in the versions.
        const int MostBehind = 200;
        readonly Lock _lock = new();
        readonly Dictionary<string, (Task Last, int Count)> _behind = new(StringComparer.Ordinal);
        List<Change> _waiting = [];
        bool _sending;
        bool _presenceDue;
        bool _isOver;
        long? _told;

        /// <summary>False once the stream is over: nobody would find what it keeps then.</summary>
        public bool Does(Action<Stream> act)
        {
            lock (_lock)
            {
                if (!_isOver)
                    act(this);
                return !_isOver;
            }
        }

        /// <summary>Ends the stream if nobody watches and nothing is on its way. Who follows watches already: see the hub.</summary>
        public bool IsOver()
        {
            lock (_lock)
            {
                return _isOver = !_sending && !_presenceDue && _behind.Values.All(view => view.Last.IsCompleted)
                    && fanout.Watchers.Views(conversation).Count == 0;
            }
        }

        /// <summary>A room's slug; the number where there is none or nobody has opened it yet.</summary>
        public string Address { get; private set; } = conversation.ToString(CultureInfo.InvariantCulture);

        public long? Told
        {
            get
            {
                lock (_lock)
                    return _told;
            }
        }

        public void Follow(long version, string address)
        {
            lock (_lock)
            {
                // Never forward: a change that is on its way would be lost for those who already watch.
                _told ??= version;
                Address = address;
            }
        }

        public void Take(IReadOnlyList<Change> changes)
        {
            lock (_lock)
            {
                foreach (var change in changes)
                {
                    if (change.Version <= (_told ?? 0))
                        continue;
                    _told = change.Version;
                    Address = change.Message.Conversation;
                    _waiting.Add(change);
                }
                if (_sending || _waiting.Count == 0)
                    return;
                _sending = true;
            }
            _ = Task.Run(SendAsync);
        }

        public void TellPresence()
        {
            lock (_lock)
            {
                if (_presenceDue)
                    return;
                _presenceDue = true;
            }
            _ = Task.Run(TellPresenceAsync);
        }

        async Task TellPresenceAsync()
        {
            // A thousand people who come in together are told of once.
            await Task.Delay(PresenceWindow, fanout.Clock);
            lock (_lock)
                _presenceDue = false;
            var (count, handles) = fanout.Watchers.Present(conversation, 50);
            var told = new { conversation = Address, count, handles };
            foreach (var view in fanout.Watchers.Views(conversation))
                Behind(view, () => fanout.Hub.Clients.Group(Group(conversation, view)).SendAsync("PresenceChanged", told));
        }

        /// <summary>Sends after what was sent before in this view. One program that reads slowly holds up its own view and nobody else.</summary>
        public void Behind(string view, Func<Task> send)
        {
            lock (_lock)
            {
                var (last, count) = _behind.GetValueOrDefault(view, (Task.CompletedTask, 0));
                count = last.IsCompleted ? 0 : count + 1;
                if (count < MostBehind)
                    _behind[view] = (Task.Run(() => SendAfterAsync(last, send)), count);
            }
        }

        async Task SendAfterAsync(Task last, Func<Task> send)
        {
            try
            {
                await last;
                await send();
            }
            catch (Exception error)
            {
                // Readers see the gap in the versions and ask for it.
                fanout.Log.LogError(error, "A push failed");
            }
        }

        async Task SendAsync()
        {
            while (true)
            {
                List<Change> changes;
                lock (_lock)
                {
                    if (_waiting.Count == 0)
                    {
                        _sending = false;
                        return;
                    }
                    (changes, _waiting) = (_waiting, []);
                }
                try
                {
                    foreach (var view in fanout.Watchers.Views(conversation))
                        await PushAsync(view, changes);
                    if (changes.Exists(change => change.Kind == ChangeKind.Posted))
                        fanout.Unread.RingElsewhere(conversation);
                }
                catch (Exception error)
                {
                    // Readers see the gap in the versions and ask for it.
                    fanout.Log.LogError(error, "A push failed");
                }
                await Task.Delay(Window, fanout.Clock);
            }
        }

        async Task PushAsync(string view, List<Change> changes)
        {
            if (View.Language(view) is { } language)
            {
                var fragments = new List<Fragment>(changes.Count);
                foreach (var change in changes)
                    fragments.Add(await fanout.Renderer.FragmentAsync(change, language));
                var (lines, withoutLine) = fanout.Watchers.Lines(conversation, view);
                if (lines.Length > 0)
                {
                    var frame = OpenLine.Frame(fanout.Protocol.GetMessageBytes(new InvocationMessage("Fragments", [fragments])));
                    foreach (var line in lines)
                        line.Send(frame);
                }
                if (withoutLine > 0)
                    Behind(view, () => fanout.Hub.Clients.Group(GroupWithoutLine(conversation, view)).SendAsync("Fragments", fragments));
                return;
            }
            Behind(view, async () =>
            {
                foreach (var change in changes)
                {
                    var (name, argument) = Wire.Of(change);
                    await fanout.Hub.Clients.Group(Group(conversation, view)).SendAsync(name, argument);
                }
            });
        }
    }

    Watchers Watchers => watchers;
    MessageRenderer Renderer => renderer;
    IHubContext<ConversationsHub> Hub => hub;
    IHubProtocol Protocol { get; } = protocols.GetProtocol("json", supportedProtocols: null)!;
    TimeProvider Clock => clock;
    ILogger Log => log;
    UnreadRing Unread => unread;
}

/// <summary>The views of the contract: <c>json</c>, or <c>html:it</c> for a page in Italian.</summary>
static class View
{
    public static string Of(string? view) => view is not null && view.StartsWith("html:", StringComparison.Ordinal)
        ? "html:" + Languages.OrEnglish(view[5..])
        : "json";

    public static string? Language(string view) => view.StartsWith("html:", StringComparison.Ordinal) ? view[5..] : null;
}
