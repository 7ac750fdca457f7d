using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.SignalR.Protocol;
using VetCommunity.App.Noticing;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Watching;

namespace VetCommunity.App.Conversations;

/// <summary>One conversation's way out to who watches it.</summary>
sealed class WayOut(WayOut.Means means, int conversation)
{
    // Only a room with more than ten messages a second waits at all; there nobody sees a tenth of a second, and each push costs a send a watcher.
    static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PresenceWindow = TimeSpan.FromSeconds(1);
    // Who takes none of so many is cut off by SignalR soon, and others see the gap in the versions.
    const int MostBehind = 200;
    readonly Lock _lock = new();
    readonly Dictionary<string, (Task Last, int Count)> _behind = new(StringComparer.Ordinal);
    List<Change> _waiting = [];
    List<ActivityContext>? _from;
    bool _sending;
    bool _presenceDue;
    bool _isOver;
    long? _told;

    /// <summary>False once the stream is over: nobody would find what it keeps then.</summary>
    public bool Does(Action<WayOut> act)
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
                && means.Watchers.Views(conversation).Count == 0;
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

    public void Take(IReadOnlyList<Change> changes, ActivityContext from = default)
    {
        lock (_lock)
        {
            var before = _waiting.Count;
            foreach (var change in changes)
            {
                if (change.Version <= (_told ?? 0))
                    continue;
                _told = change.Version;
                Address = change.Message.Conversation;
                _waiting.Add(change);
            }
            if (from != default && _waiting.Count > before)
                (_from ??= []).Add(from);
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
        await Task.Delay(PresenceWindow, means.Clock);
        lock (_lock)
            _presenceDue = false;
        var (count, handles) = means.Watchers.Present(conversation, 50);
        var told = new { conversation = Address, count, handles };
        Tell("PresenceChanged", told);
    }

    /// <summary>Sends the same to all who watch, but for the connection that said it.</summary>
    public void Tell(string name, object argument, string? except = null)
    {
        foreach (var view in means.Watchers.Views(conversation))
            Send(view, [new InvocationMessage(name, [argument])], except);
    }

    // Who has a line waits for nobody; the others one after the other. Answers how many there are.
    int Send(string view, IReadOnlyList<InvocationMessage> messages, string? except = null)
    {
        var (lines, others) = means.Broadcast.ToLines(conversation, view, messages, except);
        if (others > 0)
            Behind(view, () => means.Broadcast.ToOthersAsync(conversation, view, messages, except));
        return lines + others;
    }

    // After what was sent before in this view. One program that reads slowly holds up those of its own view that have no line, and nobody else.
    void Behind(string view, Func<Task> send)
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
            means.Log.LogError(error, "A push failed");
        }
    }

    async Task SendAsync()
    {
        // It was begun by one change and goes on with others.
        if (Activity.Current is not null)
            Activity.Current = null;
        while (true)
        {
            List<Change> changes;
            List<ActivityContext>? from;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _sending = false;
                    return;
                }
                (changes, _waiting, from, _from) = (_waiting, [], _from, null);
            }
            using (var push = Traces.Continue("push", from))
            {
                push?.SetTag("vetcommunity.changes", changes.Count);
                await PushAsync(changes);
            }
            await Task.Delay(Window, means.Clock);
        }
    }

    async Task PushAsync(List<Change> changes)
    {
        try
        {
            foreach (var view in means.Watchers.Views(conversation))
                await PushAsync(view, changes);
            if (changes.Exists(change => change.Kind is ChangeKind.Posted or ChangeKind.Deleted or ChangeKind.Hidden or ChangeKind.Unhidden))
                means.Unread.RingElsewhere(conversation);
        }
        catch (Exception error)
        {
            // Readers see the gap in the versions and ask for it.
            means.Log.LogError(error, "A push failed");
        }
    }

    async Task PushAsync(string view, List<Change> changes)
    {
        IReadOnlyList<InvocationMessage> messages;
        if (View.Language(view) is { } language)
        {
            using var render = Traces.Part("render");
            render?.SetTag("vetcommunity.language", language);
            messages = [new("Fragments", [await means.Renderer.FragmentsAsync(changes, language)])];
        }
        else
            messages = [.. changes.Select(Wire.Of).Select(told => new InvocationMessage(told.Event, [told.Argument]))];
        var kind = View.Language(view) is null ? "json" : "html";
        using var send = Traces.Part("send");
        send?.SetTag("vetcommunity.view", kind);
        Measures.Delivered((long)changes.Count(change => change.Kind == ChangeKind.Posted) * Send(view, messages), kind);
    }

    /// <summary>What every way out works with.</summary>
    public sealed record Means(
        Watchers Watchers, MessageRenderer Renderer, UnreadRing Unread, Broadcast Broadcast, TimeProvider Clock, ILogger Log);
}
