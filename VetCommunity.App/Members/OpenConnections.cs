using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Api;
using VetCommunity.App.Limiting;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>
/// Holds every connection that lasts, of hubs and of circuits, by its member, and cuts those whose member lost the access with which they were
/// opened. What this process did is heard at once; what another one did is found by looking.
/// </summary>
sealed class OpenConnections(
    CommunityDbFactory db, Accounts accounts, Sessions sessions, Guests guests, Feed feed, TimeProvider clock, Site site, ConfiguredLimits limits, ConnectionGate connections, CircuitGate circuits,
    ILogger<OpenConnections> log) : BackgroundService
{
    // Twice within the five seconds that the loss of access may take.
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    readonly ChangeWatch _changes = new(db);
    readonly AccessLooks _looks = new();
    readonly ConcurrentDictionary<Connection, byte> _open = new();
    // A circuit costs the server ten times what a watched room does.
    readonly Tally<(int Member, bool IsCircuit)> _ofMember = new();
    // A question is remembered for some seconds, whether a connection comes of it or not.
    readonly Pace _negotiations = new(limits, limits.NegotiationsAtOnce, limits.NegotiationsPerSecond, 1);

    /// <summary>Whether the request asks for a connection that lasts.</summary>
    public static bool Lasts(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is not null;

    public async Task HoldAsync(HttpContext http, RequestDelegate next)
    {
        if (!Lasts(http) || CurrentActor.Holder(http.User) is not { MemberId: not 0 } actor)
        {
            await next(http);
            return;
        }
        if (!IsFromHere(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        var isCircuit = http.Request.Path.StartsWithSegments(Islands.Circuits, StringComparison.Ordinal);
        var key = (actor.MemberId, isCircuit);
        var most = isCircuit ? limits.CircuitsOfMember : limits.ConnectionsOfMember;
        // What only asks takes no place: ten pages that come back together all get theirs.
        if (http.Request.Path.Value!.EndsWith("/negotiate", StringComparison.Ordinal))
        {
            await NegotiateAsync(http, next, key, most);
            return;
        }
        // A tool's line is one request for as long as it lasts: other carriers would have none between two questions.
        if (isCircuit && !AsksForWebSocket(http))
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var connection = new Connection(http, actor, MemberPrincipals.SessionOf(http.User));
        var count = _ofMember.Add(key);
        _open.TryAdd(connection, 0);
        // Access that was lost between the question who comes and this line was perhaps looked for already.
        _looks.Demand();
        try
        {
            await (limits.AreOn && count > most ? RefuseAsync(http, new(Refusal.TooManyConnections, most)) : next(http));
        }
        finally
        {
            _ofMember.Remove(key);
            _open.TryRemove(connection, out _);
            connection.Done();
        }
    }

    async Task NegotiateAsync(HttpContext http, RequestDelegate next, (int Member, bool IsCircuit) key, int most)
    {
        try
        {
            _negotiations.Count(key.Member);
        }
        catch (RefusedException refused)
        {
            await RefuseAsync(http, refused);
            return;
        }
        // A circuit without a line that looks for one has its place: only a page that begins asks for another.
        var held = !key.IsCircuit ? connections.Of(key.Member) : http.Request.Query.ContainsKey("new") ? circuits.Of(key.Member) : 0;
        await (limits.AreOn && Math.Max(_ofMember.Of(key), held) >= most ? RefuseAsync(http, new(Refusal.TooManyConnections, most)) : next(http));
    }

    static bool AsksForWebSocket(HttpContext http) =>
        http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    static Task RefuseAsync(HttpContext http, RefusedException refused) => ApiRefusals.Answer(http, refused).ExecuteAsync(http);

    // A browser sends the cookie with a WebSocket that a page of a sister site or of another port opens, and asks nobody.
    bool IsFromHere(HttpRequest request) =>
        request.Headers.Origin.ToString() is not { Length: > 0 } from
        || (Uri.TryCreate(from, UriKind.Absolute, out var origin)
            && (IsAt(origin, request.Host.Value) || IsAt(origin, new Uri(site.Address("/")).Authority)));

    static bool IsAt(Uri origin, string? host) => string.Equals(origin.Authority, host, StringComparison.OrdinalIgnoreCase);

    public override void Dispose()
    {
        _negotiations.Dispose();
        _changes.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ends = feed.Subscribe<AccessEnded>(ended =>
        {
            if (ended.ConversationId is null)
                Cut(_open.Keys.Where(connection => connection.Actor.MemberId == ended.MemberId));
            return ValueTask.CompletedTask;
        });
        using var logOuts = feed.Subscribe<SessionsEnded>(ended =>
        {
            Cut(_open.Keys.Where(connection => connection.Session is { } session && ended.Ids.Contains(session)));
            return ValueTask.CompletedTask;
        });
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (_looks.IsNow(_changes.IsChanged()))
                    await LookAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                _looks.Demand();
                log.LogWarning(error, "Looking for members who lost their access failed; the next look is in {Seconds} seconds", Look.TotalSeconds);
            }
        }
    }

    async Task LookAsync(CancellationToken cancel)
    {
        var open = _open.Keys;
        if (open.Count == 0)
            return;
        var there = await InSessionsAsync([.. open.Select(connection => connection.Session).OfType<Guid>().Distinct()], cancel);
        // A guest has neither: the place in the session is what lets one in.
        var (asGuests, others) = (open.Where(connection => connection.Actor.GuestOf is not null).ToList(), open.Where(connection => connection.Actor.GuestOf is null).ToList());
        if (asGuests.Count > 0)
        {
            var still = await guests.StillThereAsync(Actor.Operator, [.. asGuests.Select(connection => connection.Actor.MemberId).Distinct()], cancel);
            Cut(asGuests.Where(connection => !still.Contains(connection.Actor.MemberId)));
        }
        var byToken = await ByTokenAsync([.. others.Where(connection => connection.Session is null).Select(connection => connection.Actor.MemberId).Distinct()], cancel);
        Cut(others.Where(connection => (connection.Session is { } session ? there.GetValueOrDefault(session)?.SignedIn : byToken.GetValueOrDefault(connection.Actor.MemberId))
            is not { } now || !connection.IsStill(now)));
    }

    async Task<IReadOnlyDictionary<Guid, InSession>> InSessionsAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel) =>
        ids.Count == 0 ? new Dictionary<Guid, InSession>() : await sessions.FindAsync(ids, cancel);

    async Task<IReadOnlyDictionary<int, SignedIn>> ByTokenAsync(IReadOnlyCollection<int> members, CancellationToken cancel) =>
        members.Count == 0 ? new Dictionary<int, SignedIn>() : await accounts.SignedInAsync(members, cancel);

    static void Cut(IEnumerable<Connection> connections)
    {
        foreach (var connection in connections)
            connection.Cut();
    }

    sealed class Connection(HttpContext http, Actor actor, Guid? session)
    {
        readonly Lock _lock = new();
        bool _done;

        public Actor Actor => actor;
        public Guid? Session => session;

        // An access token's connection is in no session: a new password does not end a script. Under a new name or face everybody comes back as such.
        public bool IsStill(SignedIn now) =>
            (actor.Roles, actor.Handle, actor.Name, actor.PictureVersion) == (now.Actor.Roles, now.Actor.Handle, now.Actor.Name, now.Actor.PictureVersion);

        public void Cut()
        {
            lock (_lock)
            {
                if (!_done)
                    http.Abort();
            }
        }

        // The server gives a finished request's context to the next one.
        public void Done()
        {
            lock (_lock)
                _done = true;
        }
    }
}
