using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.Privacy;

/// <summary>
/// Does the erasures whose time has come. The account is emptied in one transaction; what hangs on it follows in small ones, each of which can be done again:
/// a killed server goes on where it stopped. A second pass a minute later takes what a request stored that was under way.
/// </summary>
public sealed class Erasing(
    CommunityDbFactory databases, MessageLog log, UploadFolder uploads, ExportFolder exports, IMailRoute route, IndexMerging index, ErasureRegister register, Feed feed, TimeProvider time, ILogger<Erasing> logger)
{
    /// <summary>By then every request that knew the member has ended.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(1);

    bool _knowsWhoIsBack;

    /// <summary>Does what can be done now.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <returns>Whether something waits for its second pass.</returns>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task<bool> GoOnAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("erasures");
        if (!_knowsWhoIsBack)
            await PlanAgainAsync(cancel);
        _knowsWhoIsBack = true;
        foreach (var member in await DueAsync(cancel))
        {
            await AloneAsync(member, async () =>
            {
                if (!await EmptyAccount.BeginAsync(databases, register, feed, member, cancel))
                    logger.LogWarning("Member {Member} is to be erased and is the last administrator: that waits", member);
            });
        }
        foreach (var erasure in await BegunAsync(cancel))
        {
            await AloneAsync(erasure.MemberId, async () =>
            {
                await PassAsync(erasure, cancel);
                if (erasure.BegunAt + Settling <= time.GetUtcNow())
                    await EndAsync(erasure, cancel);
            });
        }
        await Records.EmptyDueAsync(databases, cancel);
        return (await BegunAsync(cancel)).Count > 0;
    }

    // A database can only have been set back to an earlier moment while no server worked with it.
    async Task PlanAgainAsync(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        foreach (var one in register.Read())
        {
            if (!await db.Users.AnyAsync(m => m.Id == one.MemberId && m.JoinedAt == one.JoinedAt && m.ErasedAt == null, cancel))
                continue;
            var erasure = await db.Erasures.SingleOrDefaultAsync(e => e.MemberId == one.MemberId, cancel);
            if (erasure is null)
                db.Erasures.Add(erasure = new() { MemberId = one.MemberId, AskedAt = one.At });
            erasure.DueAt = time.GetUtcNow();
            erasure.DeletesTexts = one.WithTexts;
            db.Note(time.GetUtcNow(), Actor.Operator, "member.back", one.MemberId);
            logger.LogWarning("Member {Member} left after the backup was made that was restored, and is deleted again", one.MemberId);
        }
        await db.SaveChangesAsync(cancel);
    }

    // What goes wrong with one member's must not keep the others': it is tried again in the next round.
    async Task AloneAsync(int member, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "The erasure of member {Member} could not go on", member);
        }
    }

    async Task<List<int>> DueAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.Erasures.Where(e => e.DueAt <= now && e.BegunAt == null).OrderBy(e => e.DueAt).Select(e => e.MemberId).ToListAsync(cancel);
    }

    async Task<List<Erasure>> BegunAsync(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.Erasures.AsNoTracking().Where(e => e.BegunAt != null && e.DoneAt == null).OrderBy(e => e.BegunAt).ToListAsync(cancel);
    }

    async Task PassAsync(Erasure erasure, CancellationToken cancel)
    {
        await using (var db = databases.CreateDbContext())
        {
            await db.OverwriteAsync(cancel);
            foreach (var holding in Holdings.All)
            {
                if (holding.EraseAsync is { } erase)
                    await erase(db, erasure.MemberId, cancel);
            }
            var mine = Attachments.Unposted(db).Where(a => a.UploaderId == erasure.MemberId);
            var unposted = await mine.Select(a => a.Id).ToListAsync(cancel);
            await mine.ExecuteDeleteAsync(cancel);
            uploads.Remove(unposted);
        }
        exports.RemoveOf(erasure.MemberId);
        await new OwnWords(databases, log, uploads).EraseAsync(erasure, cancel);
        await new Unmentioning(databases, log).ReplaceAsync(erasure, cancel);
        await new MailErasing(databases, route as Outbox).EraseAsync(erasure, cancel);
    }

    async Task EndAsync(Erasure erasure, CancellationToken cancel)
    {
        // What was deleted from the index stays in its pieces until they are put together.
        await index.MergeAllAsync(cancel);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await db.OverwriteAsync(cancel);
        await db.Erasures.Where(e => e.MemberId == erasure.MemberId).ExecuteUpdateAsync(
            set => set.SetProperty(e => e.DoneAt, now).SetProperty(e => e.Handles, "").SetProperty(e => e.Name, "").SetProperty(e => e.Email, ""), cancel);
        if (!databases.IsPostgres)
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancel);
        logger.LogInformation("Member {Member} left for good", erasure.MemberId);
    }
}
