using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Privacy;

/// <summary>Makes the exports that were asked for, one after the other, and takes away those whose time is over. What a restart interrupted begins anew.</summary>
public sealed class Exporting(CommunityDbFactory databases, ExportFolder folder, UploadFolder uploads, PrivacyRules rules, Feed feed, TimeProvider time, ILogger<Exporting> log)
{
    const int MostAttempts = 3;

    /// <summary>Makes what waits.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Stops; what is not whole is made anew later.</param>
    /// <returns>How many were made.</returns>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task<int> GoOnAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("exports");
        await SweepAsync(cancel);
        var made = 0;
        while (await TakeAsync(cancel) is { } export)
        {
            if (await MakeAsync(export, cancel))
                made++;
        }
        return made;
    }

    async Task SweepAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await db.DataExports.Where(e => e.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
        folder.RemoveExcept(await db.DataExports.Select(e => e.File).ToHashSetAsync(StringComparer.Ordinal, cancel));
    }

    async Task<DataExport?> TakeAsync(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        while (await db.DataExports.AsNoTracking().Where(e => e.ReadyAt == null).OrderBy(e => e.Attempts).ThenBy(e => e.AskedAt).FirstOrDefaultAsync(cancel) is { } next)
        {
            var mine = db.DataExports.Where(e => e.MemberId == next.MemberId && e.File == next.File && e.Attempts == next.Attempts);
            if (next.Attempts >= MostAttempts)
            {
                log.LogError("The export of member {Member} could not be made and was given up", next.MemberId);
                await mine.ExecuteDeleteAsync(cancel);
            }
            else if (await mine.ExecuteUpdateAsync(set => set.SetProperty(e => e.Attempts, next.Attempts + 1), cancel) == 1)
            {
                return next;
            }
        }
        return null;
    }

    async Task<bool> MakeAsync(DataExport export, CancellationToken cancel)
    {
        var path = folder.PathOf(export.MemberId, export.File);
        var unfinished = path + ".part";
        long bytes;
        try
        {
            await using var file = PrivateFile.Create(unfinished);
            await new Gathering(databases, uploads, export.MemberId, (done, all) => ProgressAsync(export, done, all)).WriteAsync(file, cancel);
            file.Flush(flushToDisk: true);
            bytes = file.Length;
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(error, "The export of member {Member} failed; it is tried again", export.MemberId);
            return false;
        }
        File.Move(unfinished, path, overwrite: true);
        var now = time.GetUtcNow();
        var notice = new WrittenNotice(export.MemberId, NoticeKind.ExportReady, ConversationId: 0, export.AskedAt.ToUnixTimeMilliseconds(), Conversation: "", In: null, Title: "", ById: null, By: "");
        await using (var db = databases.CreateDbContext())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var (ready, expires) = ((DateTimeOffset?)now, (DateTimeOffset?)now.AddDays(rules.ExportDays));
            // Who left meanwhile has nobody to fetch it.
            if (await db.DataExports.Where(e => e.MemberId == export.MemberId && e.File == export.File && db.Users.Any(m => m.Id == e.MemberId && m.ErasedAt == null))
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.ReadyAt, ready).SetProperty(e => e.ExpiresAt, expires).SetProperty(e => e.Bytes, bytes).SetProperty(e => e.Done, e => e.All), cancel) == 0)
            {
                File.Delete(path);
                return false;
            }
            await db.RingAsync(notice, now, cancel);
            await transaction.CommitAsync(cancel);
        }
        feed.Publish(new MembersNoticed([notice]));
        return true;
    }

    async Task ProgressAsync(DataExport export, long done, long all)
    {
        await using var db = databases.CreateDbContext();
        await db.DataExports.Where(e => e.MemberId == export.MemberId && e.File == export.File).ExecuteUpdateAsync(set => set.SetProperty(e => e.Done, done).SetProperty(e => e.All, all));
    }
}
