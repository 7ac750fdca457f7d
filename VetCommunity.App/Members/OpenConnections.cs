using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>
/// Holds every connection that lasts, of hubs and of circuits, by its member, and cuts those whose member lost the access with which they were
/// opened. What this process did is heard at once; what another one did is found by looking.
/// </summary>
sealed class OpenConnections(
    Accounts accounts, Feed feed, TimeProvider clock, IOptionsMonitor<CookieAuthenticationOptions> cookies, Site site, IConfiguration settings,
    ILogger<OpenConnections> log) : BackgroundService
{
    // Twice within the five seconds that the loss of access may take.
    static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    // A person with thirty tabs and a few scripts; each connection costs memory for as long as it lasts.
    const int MostOfOne = 100;
    readonly bool _limited = settings.GetValue("RateLimits:Enabled", true);
    readonly ConcurrentDictionary<Connection, byte> _open = new();
    readonly ConcurrentDictionary<int, int> _ofMember = new();

    public async Task HoldAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<HubMetadata>() is null || CurrentActor.Of(http.User) is not { IsMember: true } actor)
        {
            await next(http);
            return;
        }
        if (!IsFromHere(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        var connection = new Connection(http, actor, http.User.FindFirstValue(MemberPrincipals.Stamp), SessionOf(http));
        var count = _ofMember.AddOrUpdate(actor.MemberId, 1, (_, before) => before + 1);
        _open.TryAdd(connection, 0);
        try
        {
            if (_limited && count > MostOfOne)
                http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            else
                await next(http);
        }
        finally
        {
            if (_ofMember.AddOrUpdate(actor.MemberId, 0, (_, before) => before - 1) == 0)
                _ofMember.TryRemove(new(actor.MemberId, 0));
            _open.TryRemove(connection, out _);
            connection.Done();
        }
    }

    /// <summary>Cuts what the other pages of a browser that logs out have open.</summary>
    public void EndSession(HttpContext http)
    {
        if (SessionOf(http) is { } session)
            Cut(_open.Keys.Where(connection => connection.Session == session));
    }

    // A browser sends the cookie with a WebSocket that a page of a sister site or of another port opens, and asks nobody.
    bool IsFromHere(HttpRequest request) =>
        request.Headers.Origin.ToString() is not { Length: > 0 } from
        || (Uri.TryCreate(from, UriKind.Absolute, out var origin)
            && (IsAt(origin, request.Host.Value) || IsAt(origin, new Uri(site.Address("/")).Authority)));

    static bool IsAt(Uri origin, string? host) => string.Equals(origin.Authority, host, StringComparison.OrdinalIgnoreCase);

    string? SessionOf(HttpContext http) => http.Request.Cookies[cookies.Get(IdentityConstants.ApplicationScheme).Cookie.Name!];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ends = feed.Subscribe<AccessEnded>(ended =>
        {
            if (ended.ConversationId is null)
                Cut(_open.Keys.Where(connection => connection.Actor.MemberId == ended.MemberId));
            return ValueTask.CompletedTask;
        });
        using var timer = new PeriodicTimer(Look, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Looking for members who lost their access failed; the next look is in {Seconds} seconds", Look.TotalSeconds);
            }
        }
    }

    async Task LookAsync(CancellationToken cancel)
    {
        var open = _open.Keys;
        if (open.Count == 0)
            return;
        var present = await accounts.SignedInAsync([.. open.Select(connection => connection.Actor.MemberId).Distinct()], cancel);
        Cut(open.Where(connection => !present.TryGetValue(connection.Actor.MemberId, out var now) || !connection.IsStill(now)));
    }

    static void Cut(IEnumerable<Connection> connections)
    {
        foreach (var connection in connections)
            connection.Cut();
    }

    sealed class Connection(HttpContext http, Actor actor, string? stamp, string? session)
    {
        readonly Lock _lock = new();
        bool _done;

        public Actor Actor => actor;
        public string? Session => session;

        // An access token's connection carries no stamp: a new password does not end a script. Under a new name or face everybody comes back as such.
        public bool IsStill(SignedIn now) => (stamp is null || stamp == now.SecurityStamp)
            && (actor.Roles, actor.Handle, actor.Name, actor.PictureVersion) == (now.Actor.Roles, now.Actor.Handle, now.Actor.Name, now.Actor.PictureVersion);

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
