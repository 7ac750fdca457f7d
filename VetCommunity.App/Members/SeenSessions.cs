using System.Collections.Concurrent;
using System.Security.Claims;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Writes down once a minute, in one statement, which sessions were heard of: no request waits for it, and none fails where the disk is full.</summary>
sealed class SeenSessions(Sessions sessions, TimeProvider clock, ILogger<SeenSessions> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    readonly ConcurrentDictionary<Guid, byte> _seen = new();

    /// <summary>Somebody did something: asked for a page, called the hub, used an island. A page that lies open is no sign of life.</summary>
    public void Note(ClaimsPrincipal user)
    {
        if (MemberPrincipals.SessionOf(user) is { } session)
            _seen.TryAdd(session, 0);
    }

    protected override async Task GoAsync(CancellationToken cancel)
    {
        var ids = _seen.Keys.ToList();
        if (ids.Count == 0)
            return;
        await sessions.SeenAsync(Actor.Operator, ids, cancel);
        foreach (var id in ids)
            _seen.TryRemove(id, out _);
    }
}

/// <summary>Takes away every hour the rows of sessions that ended by themselves.</summary>
sealed class SessionsThatAreOver(Sessions sessions, TimeProvider clock, ILogger<SessionsThatAreOver> log) : Rounds(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        if (await sessions.ForgetOverAsync(Actor.Operator, cancel) is > 0 and var gone)
            log.LogInformation("{Count} sessions were over and are forgotten", gone);
    }
}
