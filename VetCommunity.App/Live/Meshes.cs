using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>
/// Sound and picture from browser to browser: the server says who is there and passes on what two browsers tell each other to find a way. It keeps nothing of it, and does not read it.
/// Each call takes the right of this moment anew; the conversation that the connection has to watch is the session's, as its stage does.
/// </summary>
sealed class Meshes(SoundAndPicture media, Watchers watchers, IHubContext<ConversationsHub> hub, IceServers servers, ConfiguredLimits limits, Feed feed, TimeProvider clock, ILogger<Meshes> log) : BackgroundService
{
    /// <summary>For how long whoever was taken out stays out.</summary>
    public static readonly TimeSpan Out = TimeSpan.FromMinutes(10);

    // A train in a tunnel, a router that begins anew; a tab that is closed says so itself.
    static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    static readonly string[] Kinds = ["offer", "answer", "candidate"];
    readonly ConcurrentDictionary<int, Mesh> _meshes = new();
    readonly Pace _signals = new(limits, limits.SignalsAtOnce, limits.SignalsPerSecond, 1);

    /// <summary>One more signal of this member. They are many when somebody comes in, and are not counted with what a member writes.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void CountSignal(Actor actor) => _signals.Count(actor.MemberId);

    public async Task<object> JoinAsync(Actor actor, string connection, string slug, string? resumed, CancellationToken cancel)
    {
        var person = await EnterAsync(actor, connection, slug, cancel);
        var (mesh, peer, before) = Join(person, slug, actor.MemberId, connection, resumed);
        if (before is not null)
            Gone(mesh, [before], "elsewhere");
        try
        {
            // What ended in between has told those who were there before.
            await media.EnterAsync(actor, slug, cancel);
        }
        catch
        {
            mesh.Leave(connection);
            throw;
        }
        Tell(mesh);
        var (version, peers, _) = mesh.Now();
        return new { Peer = peer, Most = SoundAndPicture.MostPeople, person.Leads, IceServers = servers.All, Version = version, Peers = peers };
    }

    public async Task SignalAsync(Actor actor, string connection, WireSignal signal, CancellationToken cancel)
    {
        if (!Kinds.Contains(signal.Kind, StringComparer.Ordinal) || string.IsNullOrEmpty(signal.Text))
            throw new RefusedException(Refusal.BadSignal);
        if (signal.Text.Length > limits.SignalKilobytes * 1024)
            throw new RefusedException(Refusal.SignalTooLong, signal.Text.Length, limits.SignalKilobytes * 1024);
        var mesh = await MeshAsync(actor, connection, signal.Session ?? "", cancel);
        var (from, there) = mesh.Way(connection, signal.To);
        try
        {
            // One at a time for each who sends, and none for long: a browser that takes nothing costs others no more than that.
            await hub.Clients.Client(there).SendAsync("MediaSignal", new { session = mesh.Slug, from, kind = signal.Kind, text = signal.Text }, cancel).WaitAsync(Patience, clock, cancel);
        }
        catch (TimeoutException late)
        {
            log.LogDebug(late, "A browser takes no signals");
            throw new NotFoundException("peer");
        }
    }

    public async Task SetAsync(Actor actor, string connection, WireMedia state, CancellationToken cancel)
    {
        var mesh = await MeshAsync(actor, connection, state.Session ?? "", cancel);
        mesh.Set(connection, state.Microphone, state.Camera, state.Screen, state.Pictures);
        Tell(mesh);
    }

    public async Task MuteAsync(Actor actor, string connection, string slug, string? peer, CancellationToken cancel)
    {
        var (mesh, by) = await LedAsync(actor, connection, slug, cancel);
        Send([mesh.Mute(peer)], "MediaMuted", new { session = mesh.Slug, by = by.Name });
        Tell(mesh);
    }

    public async Task RemoveAsync(Actor actor, string connection, string slug, string? peer, CancellationToken cancel)
    {
        var (mesh, _) = await LedAsync(actor, connection, slug, cancel);
        Gone(mesh, [mesh.Remove(peer, clock.GetUtcNow() + Out)], "removed");
        Tell(mesh);
    }

    public async Task LeaveAsync(Actor actor, string connection, string slug, CancellationToken cancel)
    {
        var person = await EnterAsync(actor, connection, slug, cancel);
        if (_meshes.TryGetValue(person.SessionId, out var mesh) && mesh.Leave(connection))
            Tell(mesh);
    }

    /// <summary>A connection has ended. Its place is kept for a moment: browsers that have found each other go on meanwhile.</summary>
    public void Disconnected(string connection)
    {
        foreach (var mesh in _meshes.Values)
        {
            var now = clock.GetUtcNow();
            if (mesh.Lose(connection, now) is { } peer)
                _ = GiveUpAsync(mesh, peer, now);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = feed.Subscribe<SessionChanged>(async changed =>
        {
            foreach (var mesh in _meshes.Values.Where(one => one.Conversation == changed.ConversationId))
            {
                if (!await media.IsOnAsync(Actor.Operator, changed.ConversationId, stoppingToken))
                    Gone(mesh, mesh.Dissolve(), "over");
            }
        });
        using var ends = feed.Subscribe<AccessEnded>(ended =>
        {
            foreach (var mesh in _meshes.Values.Where(one => ended.ConversationId is null || one.Conversation == ended.ConversationId))
            {
                if (mesh.LeaveMember(ended.MemberId) is not { } connection)
                    continue;
                Gone(mesh, [connection], "over");
                Tell(mesh);
            }
            return ValueTask.CompletedTask;
        });
        await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Dispose()
    {
        _signals.Dispose();
        base.Dispose();
    }

    async Task<MediaPerson> EnterAsync(Actor actor, string connection, string slug, CancellationToken cancel)
    {
        var person = await media.EnterAsync(actor, slug, cancel);
        return watchers.Has(connection, person.ConversationId) ? person : throw new NotFoundException("stage");
    }

    async Task<Mesh> MeshAsync(Actor actor, string connection, string slug, CancellationToken cancel) =>
        _meshes.TryGetValue((await EnterAsync(actor, connection, slug, cancel)).SessionId, out var mesh) ? mesh : throw new NotFoundException("peer");

    async Task<(Mesh Mesh, MediaPerson By)> LedAsync(Actor actor, string connection, string slug, CancellationToken cancel)
    {
        var person = await EnterAsync(actor, connection, slug, cancel);
        return person.Leads && _meshes.TryGetValue(person.SessionId, out var mesh) ? (mesh, person) : throw new NotFoundException("peer");
    }

    (Mesh Mesh, string Peer, string? Before) Join(MediaPerson person, string slug, int member, string connection, string? resumed)
    {
        var now = clock.GetUtcNow();
        // Those of sessions in which nobody is any more.
        foreach (var (id, old) in _meshes)
        {
            if (id != person.SessionId && old.IsOver(now))
                _meshes.TryRemove(new(id, old));
        }
        while (true)
        {
            var mesh = _meshes.GetOrAdd(person.SessionId, id => new(slug, id, person.ConversationId));
            var (peer, before) = mesh.Join(person, member, connection, resumed, now);
            // Somebody took it for an empty one in between.
            if (_meshes.TryGetValue(person.SessionId, out var there) && there == mesh)
                return (mesh, peer, before);
        }
    }

    async Task GiveUpAsync(Mesh mesh, string peer, DateTimeOffset since)
    {
        Tell(mesh);
        await Task.Delay(Kept, clock);
        if (mesh.GiveUp(peer, since))
            Tell(mesh);
    }

    // Small shared state is sent whole: whoever misses one gets the next.
    void Tell(Mesh mesh)
    {
        var (version, peers, connections) = mesh.Now();
        Send(connections, "MediaPeers", new { session = mesh.Slug, version, peers });
    }

    void Gone(Mesh mesh, IReadOnlyList<string> connections, string why) => Send(connections, "MediaGone", new { session = mesh.Slug, why });

    // Nobody waits for a line that takes nothing; SignalR cuts it off soon.
    void Send(IReadOnlyList<string> connections, string name, object told) => _ = SentAsync(hub.Clients.Clients(connections).SendAsync(name, told));

    async Task SentAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (Exception error)
        {
            log.LogWarning(error, "Those with sound and picture could not be told what is new; the next change tells them all");
        }
    }
}
