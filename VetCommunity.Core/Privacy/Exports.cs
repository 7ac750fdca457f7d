using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Privacy;

/// <summary>A member's own export, as the page about it shows it.</summary>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="Done">How many things are in it.</param>
/// <param name="All">How many there are; 0 while it waits.</param>
/// <param name="ReadyAt">When it was whole; null while it is made.</param>
/// <param name="ExpiresAt">Until when it can be fetched.</param>
/// <param name="Bytes">The length of the file.</param>
public sealed record OwnExport(DateTimeOffset AskedAt, long Done, long All, DateTimeOffset? ReadyAt, DateTimeOffset? ExpiresAt, long Bytes);

/// <summary>Asking for everything that is one's own as one file, and fetching it. Nobody fetches another's; <see cref="Exporting"/> makes it.</summary>
public sealed class Exports(CommunityDbFactory databases, ExportFolder folder, TimeProvider time, FactorRule? rule = null)
{
    /// <summary>The actor's export, or null where none was asked for or its time is over.</summary>
    /// <exception cref="NotFoundException">A visitor has nothing here.</exception>
    public async Task<OwnExport?> OwnAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.DataExports.Where(e => e.MemberId == actor.MemberId && (e.ExpiresAt == null || e.ExpiresAt > now))
            .Select(e => new OwnExport(e.AskedAt, e.Done, e.All, e.ReadyAt, e.ExpiresAt, e.Bytes)).SingleOrDefaultAsync(cancel);
    }

    /// <summary>Asks for one; an older one that is ready goes.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="session">In which session; an access token has none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">One is being made, or a passkey has to be shown first.</exception>
    public async Task AskAsync(Actor actor, Guid? session, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await DemandShownAsync(db, actor, session, cancel);
        await db.DataExports.Where(e => e.MemberId == actor.MemberId && e.ReadyAt != null).ExecuteDeleteAsync(cancel);
        db.DataExports.Add(new() { MemberId = actor.MemberId, AskedAt = time.GetUtcNow(), File = Guid.NewGuid().ToString("N") });
        try
        {
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // The key is the member: there is one, and it is being made.
            throw new RefusedException(Refusal.ExportRunning);
        }
    }

    /// <summary>Takes away what is ready, before its time.</summary>
    public async Task RemoveAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var db = databases.CreateDbContext();
        if (await db.DataExports.Where(e => e.MemberId == actor.MemberId && e.ReadyAt != null).ExecuteDeleteAsync(cancel) > 0)
            folder.RemoveOf(actor.MemberId);
    }

    /// <summary>Opens the actor's own file; the caller closes it.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="session">In which session; an access token has none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">There is none that is ready, or its time is over.</exception>
    /// <exception cref="RefusedException">A passkey has to be shown first.</exception>
    public async Task<FileStream> OpenAsync(Actor actor, Guid? session, CancellationToken cancel = default)
    {
        Demand(actor);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await DemandShownAsync(db, actor, session, cancel);
        var file = await db.DataExports.Where(e => e.MemberId == actor.MemberId && e.ReadyAt != null && e.ExpiresAt > now).Select(e => e.File).SingleOrDefaultAsync(cancel);
        try
        {
            return file is null ? throw new NotFoundException("export")
                : new(folder.PathOf(actor.MemberId, file), new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (FileNotFoundException)
        {
            throw new NotFoundException("export");
        }
    }

    // All that somebody ever wrote in confidence is in it: the password alone must not fetch what the passkey guards on every other page.
    async Task DemandShownAsync(CommunityDb db, Actor actor, Guid? session, CancellationToken cancel)
    {
        var member = await db.Users.AsNoTracking().SingleOrDefaultAsync(m => m.Id == actor.MemberId && m.ErasedAt == null, cancel) ?? throw new NotFoundException("account");
        await Passkeys.DemandShownAsync(db, member, session, rule, cancel);
    }

    static void Demand(Actor actor)
    {
        if (!actor.IsMember)
            throw new NotFoundException("export");
    }
}
