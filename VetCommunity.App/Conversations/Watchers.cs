using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.Core;

namespace VetCommunity.App.Conversations;

/// <summary>
/// Who has which conversation open in this process, in which view. Nothing of it is stored: presence is what connections say.
/// </summary>
sealed class Watchers
{
    readonly ConcurrentDictionary<string, Watcher> _connections = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<int, Watched> _conversations = new();

    public IEnumerable<int> Conversations => _conversations.Where(c => c.Value.Any).Select(c => c.Key);

    public void Connected(HubCallerContext context, Actor actor) => _connections[context.ConnectionId] = new(context, actor);

    public IReadOnlyList<int> Disconnected(string connectionId)
    {
        if (!_connections.TryRemove(connectionId, out var watcher))
            return [];
        lock (watcher)
        {
            foreach (var (conversation, view) in watcher.Open)
                Of(conversation).Remove(watcher.Actor.Handle, view);
            return [.. watcher.Open.Keys];
        }
    }

    public void Open(string connectionId, int conversation, string view)
    {
        if (!_connections.TryGetValue(connectionId, out var watcher))
            return;
        lock (watcher)
        {
            if (watcher.Open.Remove(conversation, out var before))
                Of(conversation).Remove(watcher.Actor.Handle, before);
            watcher.Open[conversation] = view;
            Of(conversation).Add(watcher.Actor.Handle, view);
        }
    }

    public string? Leave(string connectionId, int conversation)
    {
        if (!_connections.TryGetValue(connectionId, out var watcher))
            return null;
        lock (watcher)
        {
            if (!watcher.Open.Remove(conversation, out var view))
                return null;
            Of(conversation).Remove(watcher.Actor.Handle, view);
            return view;
        }
    }

    public IReadOnlyList<Watcher> OfMember(int member) => [.. _connections.Values.Where(w => w.Actor.MemberId == member)];

    /// <summary>Connected members that do not have the conversation open.</summary>
    public IReadOnlyCollection<int> Elsewhere(int conversation) =>
        _connections.Values.Where(w => !w.Has(conversation)).Select(w => w.Actor.MemberId).ToHashSet();

    public IReadOnlyList<string> Views(int conversation) => Of(conversation).Views();

    public (int Count, string[] Handles) Present(int conversation, int most) => Of(conversation).Present(most);

    Watched Of(int conversation) => _conversations.GetOrAdd(conversation, _ => new());

    sealed class Watched
    {
        readonly Dictionary<string, int> _views = new(StringComparer.Ordinal);
        readonly Dictionary<string, int> _people = new(StringComparer.Ordinal);

        public bool Any
        {
            get
            {
                lock (_views)
                    return _views.Count > 0;
            }
        }

        public void Add(string handle, string view)
        {
            lock (_views)
            {
                _views[view] = _views.GetValueOrDefault(view) + 1;
                _people[handle] = _people.GetValueOrDefault(handle) + 1;
            }
        }

        public void Remove(string handle, string view)
        {
            lock (_views)
            {
                Less(_views, view);
                Less(_people, handle);
            }
        }

        public string[] Views()
        {
            lock (_views)
                return [.. _views.Keys];
        }

        public (int, string[]) Present(int most)
        {
            lock (_views)
                return (_people.Count, [.. _people.Keys.Order(StringComparer.Ordinal).Take(most)]);
        }

        static void Less(Dictionary<string, int> counts, string key)
        {
            if (counts.TryGetValue(key, out var count) && count > 1)
                counts[key] = count - 1;
            else
                counts.Remove(key);
        }
    }
}

/// <summary>One hub connection.</summary>
sealed class Watcher(HubCallerContext context, Actor actor)
{
    public HubCallerContext Context => context;
    public Actor Actor => actor;
    public Dictionary<int, string> Open { get; } = [];

    public bool Has(int conversation)
    {
        lock (this)
            return Open.ContainsKey(conversation);
    }
}
