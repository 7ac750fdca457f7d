using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Privacy;

/// <summary>What a member said to a purpose.</summary>
/// <param name="Version">The version that is asked about now.</param>
/// <param name="AcceptedAt">When this version was accepted; null where it was not, or was taken back.</param>
/// <param name="WithdrawnAt">When the yes to this version was taken back; null where it was not, or was given again.</param>
/// <param name="Before">The version that was accepted before this one; null for none.</param>
public sealed record ConsentStanding(int Version, DateTimeOffset? AcceptedAt, DateTimeOffset? WithdrawnAt, int? Before);

/// <summary>Consents: each is to one version of one text, with its time, and is withdrawn as easily as given. A new version asks again.</summary>
public sealed class Consents(CommunityDbFactory databases, TimeProvider time)
{
    /// <summary>The version of a purpose's text that holds now. Whoever changes what the text says raises it.</summary>
    public static int VersionOf(ConsentPurpose purpose) => purpose switch
    {
        ConsentPurpose.Privacy => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    /// <summary>What the actor said to it.</summary>
    /// <exception cref="NotFoundException">A visitor says nothing.</exception>
    public async Task<ConsentStanding> StandingAsync(Actor actor, ConsentPurpose purpose, CancellationToken cancel = default)
    {
        Demand(actor);
        var version = VersionOf(purpose);
        await using var db = databases.CreateDbContext();
        var given = await db.Acceptances.AsNoTracking().Where(a => a.MemberId == actor.MemberId && a.Purpose == purpose).ToListAsync(cancel);
        var present = given.Find(a => a.Version == version);
        return new(version, present is { WithdrawnAt: null } ? present.At : null, present?.WithdrawnAt, given.Where(a => a.Version < version).Select(a => (int?)a.Version).Max());
    }

    /// <summary>Whether to ask the actor now: an older version was accepted, and this one was not yet.</summary>
    public async Task<bool> AsksAgainAsync(Actor actor, ConsentPurpose purpose, CancellationToken cancel = default) =>
        actor.IsMember && await StandingAsync(actor, purpose, cancel) is { AcceptedAt: null, Before: not null };

    /// <summary>Accepts a version. Twice changes nothing; after a withdrawal it is a new yes.</summary>
    /// <exception cref="RefusedException">The text has changed since it was read.</exception>
    public async Task AcceptAsync(Actor actor, ConsentPurpose purpose, int version, CancellationToken cancel = default)
    {
        Demand(actor);
        if (!Enum.IsDefined(purpose) || version != VersionOf(purpose))
            throw new RefusedException(Refusal.ChangedMeanwhile);
        await using var db = databases.CreateDbContext();
        await GivenAsync(db, actor.MemberId, time.GetUtcNow(), purpose, cancel);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (db.Acceptances.Any(a => a.MemberId == actor.MemberId && a.Purpose == purpose && a.Version == version))
        {
            // Clicked twice: accepted is accepted.
        }
    }

    /// <summary>Takes the yes to the present version back; without one nothing happens.</summary>
    public async Task WithdrawAsync(Actor actor, ConsentPurpose purpose, CancellationToken cancel = default)
    {
        Demand(actor);
        var (version, now) = (VersionOf(purpose), (DateTimeOffset?)time.GetUtcNow());
        await using var db = databases.CreateDbContext();
        await db.Acceptances.Where(a => a.MemberId == actor.MemberId && a.Purpose == purpose && a.Version == version && a.WithdrawnAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.WithdrawnAt, now), cancel);
    }

    /// <summary>Stored with the next save: the member accepted the present version, for instance by registering.</summary>
    internal static async Task GivenAsync(CommunityDb db, int member, DateTimeOffset at, ConsentPurpose purpose, CancellationToken cancel)
    {
        var version = VersionOf(purpose);
        var given = await db.Acceptances.FirstOrDefaultAsync(a => a.MemberId == member && a.Purpose == purpose && a.Version == version, cancel);
        if (given is null)
            db.Acceptances.Add(new() { MemberId = member, Purpose = purpose, Version = version, At = at });
        else if (given.WithdrawnAt is not null)
            (given.At, given.WithdrawnAt) = (at, null);
    }

    static void Demand(Actor actor)
    {
        if (!actor.IsMember)
            throw new NotFoundException("consent");
    }
}
