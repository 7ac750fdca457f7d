using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.App.Conversations;

/// <summary>
/// Pushes what was stored to who watches: each change is rendered once per language watched in and sent once per group. The first
/// change leaves at once; what follows within the window leaves together.
/// </summary>
sealed class Fanout(
    Feed feed, Watchers watchers, MessageRenderer renderer, AllConversations conversations, ReadMarkers markers, CommunityDbFactory db,
    IHubContext<ConversationsHub> hub, TimeProvider clock, ILogger<Fanout> log) : BackgroundService
{
    static readonly TimeSpan Window = TimeSpan.FromMilliseconds(40);
    static readonly TimeSpan PresenceWindow = TimeSpan.FromSeconds(1);
    readonly ConcurrentDictionary<int, Stream> _streams = new();

    public static string Group(int conversation, string view) => $"{conversation}:{view}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = feed.Subscribe<ConversationChanged>(fact =>
        {
            Of(fact.ConversationId).Take(fact.Changes);
            return ValueTask.CompletedTask;
        });
        using var ends = feed.Subscribe<AccessEnded>(EndAsync);
        using var reads = feed.Subscribe<MarkedRead>(fact => TellUnreadAsync(fact.ConversationId, [fact.MemberId]));
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
    public void Follow(FoundConversation conversation) => Of(conversation.Id).Follow(conversation.Version, conversation.Address);

    public void PresenceChanged(int conversation) => Of(conversation).TellPresence();

    async Task LookAsync(CancellationToken cancel)
    {
        var watched = watchers.Conversations.ToList();
        if (watched.Count == 0)
            return;
        await using var context = db.CreateDbContext();
        var versions = await context.Conversations.Where(c => watched.Contains(c.Id)).Select(c => new { c.Id, c.Version }).ToListAsync(cancel);
        foreach (var now in versions)
        {
            if (Of(now.Id).Told is { } told && told < now.Version)
            {
                var missed = await conversations.ChangesAsync(Actor.Operator, now.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), told, cancel);
                if (missed.Limited)
                    Of(now.Id).Follow(missed.Version, address: null);
                else
                    Of(now.Id).Take(missed.Changes);
            }
        }
    }

    async ValueTask EndAsync(AccessEnded ended)
    {
        foreach (var watcher in watchers.OfMember(ended.MemberId))
        {
            if (ended.ConversationId is not { } conversation)
            {
                // Coming back is judged afresh, by the member's present rights.
                watcher.Context.Abort();
                continue;
            }
            if (watchers.Leave(watcher.Context.ConnectionId, conversation) is { } view)
            {
                await hub.Groups.RemoveFromGroupAsync(watcher.Context.ConnectionId, Group(conversation, view));
                await hub.Clients.Client(watcher.Context.ConnectionId)
                    .SendAsync("AccessEnded", new { conversation = Of(conversation).Address, reason = ended.Reason.ToString() });
                PresenceChanged(conversation);
            }
        }
    }

    async ValueTask TellUnreadAsync(int conversation, IReadOnlyCollection<int> members)
    {
        foreach (var member in members)
        {
            foreach (var watcher in watchers.OfMember(member).Take(1))
            {
                var unread = await markers.UnreadOfAsync(watcher.Actor, conversation);
                await hub.Clients.User(member.ToString(System.Globalization.CultureInfo.InvariantCulture))
                    .SendAsync("UnreadChanged", new { conversation = unread.Conversation, unread = unread.Count, mentions = unread.Mentions });
            }
        }
    }

    Stream Of(int conversation) => _streams.GetOrAdd(conversation, id => new(this, id));

    /// <summary>One conversation's way out.</summary>
    sealed class Stream(Fanout fanout, int conversation)
    {
        readonly Lock _lock = new();
        List<Change> _waiting = [];
        bool _sending;
        bool _presenceDue;
        long? _told;

        /// <summary>A room's slug; the number where there is none or nobody has opened it yet.</summary>
        public string Address { get; private set; } = conversation.ToString(System.Globalization.CultureInfo.InvariantCulture);

        public long? Told
        {
            get
            {
                lock (_lock)
                    return _told;
            }
        }

        public void Follow(long version, string? address)
        {
            lock (_lock)
            {
                _told = Math.Max(_told ?? 0, version);
                Address = address ?? Address;
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
            foreach (var view in fanout.Watchers.Views(conversation))
                await fanout.Hub.Clients.Group(Group(conversation, view)).SendAsync("PresenceChanged", new { conversation = Address, count, handles });
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
                    await fanout.TellElsewhereAsync(conversation, changes);
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
            var group = fanout.Hub.Clients.Group(Group(conversation, view));
            if (View.Language(view) is { } language)
            {
                var fragments = new List<Fragment>(changes.Count);
                foreach (var change in changes)
                    fragments.Add(await fanout.Renderer.FragmentAsync(change, language));
                await group.SendAsync("Fragments", fragments);
                return;
            }
            foreach (var change in changes)
            {
                var (name, argument) = Wire.Of(change);
                await group.SendAsync(name, argument);
            }
        }
    }

    Watchers Watchers => watchers;
    MessageRenderer Renderer => renderer;
    IHubContext<ConversationsHub> Hub => hub;
    TimeProvider Clock => clock;
    ILogger Log => log;

    // The bell of those who are in the conversation and look elsewhere: one question for all of them.
    async Task TellElsewhereAsync(int conversation, List<Change> changes)
    {
        if (!changes.Exists(change => change.Kind == ChangeKind.Posted))
            return;
        var elsewhere = watchers.Elsewhere(conversation);
        if (elsewhere.Count == 0)
            return;
        var members = await markers.OfAsync(conversation, elsewhere, CancellationToken.None);
        await TellUnreadAsync(conversation, [.. members.Keys]);
    }
}

/// <summary>The views of the contract: <c>json</c>, or <c>html:it</c> for a page in Italian.</summary>
static class View
{
    public static string Of(string? view) => view is not null && view.StartsWith("html:", StringComparison.Ordinal)
        ? "html:" + Languages.OrEnglish(view[5..])
        : "json";

    public static string? Language(string view) => view.StartsWith("html:", StringComparison.Ordinal) ? view[5..] : null;
}
