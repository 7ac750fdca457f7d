using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>That a member's calendar may read in which sessions they are, by an address that only it knows.</summary>
public sealed class CalendarFeed
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>SHA-256 of the secret in the address, which itself is stored nowhere.</summary>
    public required byte[] Hash { get; set; }
    /// <summary>When the address was made.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>The addresses with which calendars of other programs follow a member's sessions. One a member; a new one ends the one before.</summary>
public sealed class CalendarFeeds(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Sessions of one calendar: those that are to come first.</summary>
    public const int Most = 500;

    /// <summary>How long a session stays in it after its end.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>Since when the actor's calendar has an address; null where it has none.</summary>
    /// <exception cref="NotFoundException">No member asks.</exception>
    public async Task<DateTimeOffset?> SinceAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        await using var context = db.CreateDbContext();
        return await context.CalendarFeeds.Where(f => f.MemberId == actor.MemberId).Select(f => (DateTimeOffset?)f.At).SingleOrDefaultAsync(cancel);
    }

    /// <summary>Makes an address; with the one before nothing is read any more.</summary>
    /// <returns>Its secret part, which cannot be read again later.</returns>
    /// <exception cref="NotFoundException">No member asks.</exception>
    public async Task<string> MakeAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        var secret = Secrets.New();
        var (hash, moment) = (Secrets.HashOf(secret), clock.GetUtcNow().ToUnixTimeMilliseconds());
        await using var context = db.CreateDbContext();
        // Of two at once the last one counts.
        await context.Database.ExecuteSqlAsync($"""
            INSERT INTO "CalendarFeeds" ("MemberId", "Hash", "At") VALUES ({actor.MemberId}, {hash}, {moment}) ON CONFLICT ("MemberId") DO UPDATE SET "Hash" = excluded."Hash", "At" = excluded."At"
            """, cancel);
        return secret;
    }

    /// <summary>Ends the actor's address. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">No member asks.</exception>
    public async Task EndAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        await using var context = db.CreateDbContext();
        await context.CalendarFeeds.Where(f => f.MemberId == actor.MemberId).ExecuteDeleteAsync(cancel);
    }

    /// <summary>The sessions in which the member is whose address this is, those that were called off too. Asked by programs, before there is an actor.</summary>
    /// <exception cref="NotFoundException">There is no such address, or no longer, or its member is suspended.</exception>
    public async Task<IReadOnlyList<LiveSession>> ReadAsync(string secret, CancellationToken cancel = default)
    {
        var (hash, now) = (Secrets.HashOf(secret), clock.GetUtcNow());
        var since = now - Kept;
        await using var context = db.CreateDbContext();
        var member = await context.CalendarFeeds.Where(f => f.Hash == hash).Join(context.Users.Unsuspended(now), f => f.MemberId, u => u.Id, (f, u) => (int?)u.Id).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException("calendar");
        return await context.LiveSessions.AsNoTracking().Where(s => s.EndsAt > since && s.RehearsalOfId == null && context.SessionPlaces.Any(p => p.SessionId == s.Id && p.MemberId == member))
            .OrderByDescending(s => s.StartsAt).ThenBy(s => s.Id).Take(Most).ToListAsync(cancel);
    }
}
