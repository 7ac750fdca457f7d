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

    public IEnumerable<int> Conversations => _conversations.Keys;

    /// <summary>How many connections have a conversation open.</summary>
    public int Count => _connections.Values.Count(watcher => watcher.IsWatching);

    public void Connected(HubCallerContext context, Actor actor) => _connections[context.ConnectionId] = new(context, actor);

    public IReadOnlyList<int> Disconnected(string connectionId)
    {
        if (!_connections.TryRemove(connectionId, out var watcher))
            return [];
        lock (watcher)
        {
            foreach (var (conversation, view) in watcher.Open)
                Remove(conversation, watcher, view);
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
                Remove(conversation, watcher, before);
            watcher.Open[conversation] = view;
            while (!_conversations.GetOrAdd(conversation, _ => new()).TryAdd(watcher, view))
            {
                // The last one has just left it; the next answer is a new one.
            }
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
            Remove(conversation, watcher, view);
            return view;
        }
    }

    public IReadOnlyList<Watcher> OfMember(int member) => [.. _connections.Values.Where(w => w.Actor.MemberId == member)];

    /// <summary>The connections of all these members, in one pass.</summary>
    public ILookup<int, Watcher> OfMembers(IReadOnlySet<int> members) =>
        _connections.Values.Where(w => members.Contains(w.Actor.MemberId)).ToLookup(w => w.Actor.MemberId);

    /// <summary>Connected members that do not have the conversation open.</summary>
    public IReadOnlyCollection<int> Elsewhere(int conversation) =>
        _connections.Values.Where(w => !w.Has(conversation)).Select(w => w.Actor.MemberId).ToHashSet();

    /// <summary>Members that have the conversation open.</summary>
    public IReadOnlySet<int> Looking(int conversation) =>
        _connections.Values.Where(w => w.Has(conversation)).Select(w => w.Actor.MemberId).ToHashSet();

    /// <summary>Whether this connection has the conversation open.</summary>
    public bool Has(string connectionId, int conversation) => _connections.TryGetValue(connectionId, out var watcher) && watcher.Has(conversation);

    public bool HasLine(string connectionId) => LineOf(connectionId) is not null;

    public OpenLine? LineOf(string connectionId) => _connections.TryGetValue(connectionId, out var watcher) ? watcher.Line : null;

    /// <summary>The lines of those who watch in this view, and how many watch without one.</summary>
    public (OpenLine[] Lines, int WithoutLine) Lines(int conversation, string view) =>
        _conversations.TryGetValue(conversation, out var watched) ? watched.Lines(view) : ([], 0);

    /// <summary>In which views a conversation is watched by those who may read it.</summary>
    public IReadOnlyList<string> Views(int conversation) => [.. AllViews(conversation).Where(view => !View.IsStage(view))];

    /// <summary>Those of guests, who see the stage of a session and nothing of its room, among them.</summary>
    public IReadOnlyList<string> AllViews(int conversation) => _conversations.TryGetValue(conversation, out var watched) ? watched.Views() : [];

    public (int Count, string[] Handles) Present(int conversation, int most) =>
        _conversations.TryGetValue(conversation, out var watched) ? watched.Present(most) : (0, []);

    void Remove(int conversation, Watcher watcher, string view)
    {
        if (_conversations.TryGetValue(conversation, out var watched) && watched.RemoveIsEmpty(watcher, view))
            _conversations.TryRemove(new(conversation, watched));
    }

    sealed class Watched
    {
        readonly Dictionary<string, Audience> _views = new(StringComparer.Ordinal);
        readonly Dictionary<string, int> _people = new(StringComparer.Ordinal);
        bool _isOver;

        /// <summary>False once the last one has left: nobody would find what is added then.</summary>
        public bool TryAdd(Watcher watcher, string view)
        {
            lock (_views)
            {
                if (_isOver)
                    return false;
                if (!_views.TryGetValue(view, out var audience))
                    _views[view] = audience = new();
                audience.Add(watcher);
                // Who sees the stage alone is nobody in the room.
                if (!View.IsStage(view))
                    _people[watcher.Actor.Handle] = _people.GetValueOrDefault(watcher.Actor.Handle) + 1;
                return true;
            }
        }

        public bool RemoveIsEmpty(Watcher watcher, string view)
        {
            lock (_views)
            {
                if (_views.TryGetValue(view, out var audience) && audience.RemoveIsEmpty(watcher))
                    _views.Remove(view);
                if (_people.GetValueOrDefault(watcher.Actor.Handle) > 1)
                    _people[watcher.Actor.Handle]--;
                else if (!View.IsStage(view))
                    _people.Remove(watcher.Actor.Handle);
                return _isOver = _views.Count == 0;
            }
        }

        public (OpenLine[], int) Lines(string view)
        {
            lock (_views)
                return _views.TryGetValue(view, out var audience) ? audience.Lines() : ([], 0);
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
    }

    /// <summary>Who watches one conversation in one view.</summary>
    sealed class Audience
    {
        readonly HashSet<OpenLine> _lines = [];
        OpenLine[]? _asArray;
        int _withoutLine;

        public void Add(Watcher watcher)
        {
            if (watcher.Line is null)
                _withoutLine++;
            else
                _lines.Add(watcher.Line);
            _asArray = null;
        }

        public bool RemoveIsEmpty(Watcher watcher)
        {
            if (watcher.Line is null)
                _withoutLine--;
            else
                _lines.Remove(watcher.Line);
            _asArray = null;
            return _withoutLine == 0 && _lines.Count == 0;
        }

        public (OpenLine[], int) Lines() => (_asArray ??= [.. _lines], _withoutLine);
    }
}

/// <summary>One hub connection.</summary>
sealed class Watcher(HubCallerContext context, Actor actor)
{
    public HubCallerContext Context => context;
    public Actor Actor => actor;
    public OpenLine? Line { get; } = context.GetHttpContext()?.Features.Get<OpenLine>();
    public Dictionary<int, string> Open { get; } = [];

    public bool IsWatching
    {
        get
        {
            lock (this)
                return Open.Count > 0;
        }
    }

    public bool Has(int conversation)
    {
        lock (this)
            return Open.ContainsKey(conversation);
    }
}
