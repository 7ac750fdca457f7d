using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Operation;

/// <summary>
/// Puts a backup where there is no community yet. Everything is taken out and checked beside its place before anything is put there, the database at last: who is killed in between
/// leaves a folder without a community, and restores again.
/// </summary>
public sealed class Restoring(CommunityDbFactory databases, DataFolder folder, ErasureRegister register)
{
    const string Staging = "restoring";

    /// <summary>Restores a backup.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="path">The backup.</param>
    /// <param name="cancel">Gives up; nothing has changed then.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="OperationFailedException">A server works here, there is a community already, or the backup is damaged, foreign, of another database or of a newer version.</exception>
    public async Task<Restored> RestoreAsync(Actor actor, string path, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("backups");
        var file = Path.GetFullPath(path);
        await using var backup = await BackupReader.OpenAsync(file, cancel);
        RequireReadable(file, backup.Manifest);
        folder.Create();
        folder.LockForServer();
        using var migrating = await folder.LockForMigrationAsync(cancel);
        await RequireNothingThereAsync(cancel);
        var staging = Path.Combine(folder.Path, Staging);
        Remove(staging);
        RequireRoom(backup.Manifest);
        try
        {
            DataFolder.CreatePrivate(staging);
            await backup.ExtractAsync(staging, cancel);
            if (databases.File is { } database)
            {
                var restored = Path.Combine(staging, BackupNames.SqliteFile);
                await RestoredSqlite.CheckAsync(restored, cancel);
                Place(staging);
                RestoredSqlite.Place(restored, database);
            }
            else
            {
                await new RestoredPostgres(databases, backup.Manifest, staging).WriteAsync(() => Place(staging), cancel);
            }
        }
        finally
        {
            Remove(staging);
        }
        return new(
            backup.Manifest.MadeAt, backup.Manifest.RowsOf("Members"), backup.Manifest.RowsOf("Messages"), backup.Manifest.Entries.Count(IsUpload), backup.Manifest.Lost,
            await BackAgainAsync(cancel), register.Exists);
    }

    void RequireReadable(string file, BackupManifest manifest)
    {
        var kind = BackupManifest.KindOf(databases.IsPostgres);
        if (manifest.Database != kind)
            throw new OperationFailedException($"{file} is the backup of a {manifest.Database} database, and Database:Provider is {kind}. Set it to the other one.");
        using var db = databases.CreateDbContext();
        if (!db.Database.GetMigrations().Contains(manifest.Migration, StringComparer.Ordinal))
            throw new OperationFailedException($"{file} was made by a newer version of VetCommunity (it knows the step {manifest.Migration}). Restore it with that version.");
    }

    async Task RequireNothingThereAsync(CancellationToken cancel)
    {
        if (await (databases.File is { } database ? RestoredSqlite.HasTablesAsync(database, cancel) : RestoredPostgres.HasTablesAsync(databases.ConnectionString, cancel)))
        {
            throw new OperationFailedException(databases.File is { } file
                ? $"There is a database already: {file}. A backup replaces nothing: move it away together with its files -wal and -shm, or set Data:Folder to another folder."
                : "The PostgreSQL database has tables already. A backup replaces nothing: make an empty database and name it in ConnectionStrings:Community.");
        }
    }

    void RequireRoom(BackupManifest manifest)
    {
        var needed = manifest.Entries.Sum(entry => Math.Min(entry.Bytes, long.MaxValue / (manifest.Entries.Count + 1)));
        var free = new DriveInfo(folder.Path).AvailableFreeSpace;
        if (free < needed)
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"The backup needs {Backups.Megabytes(needed)} MB, and the disk of {folder.Path} has {Backups.Megabytes(free)} MB free. Make room."));
    }

    void Place(string staging)
    {
        foreach (var (name, place) in (IEnumerable<(string, string)>)[(BackupNames.Uploads, folder.Uploads), (BackupNames.Keys, folder.Keys)])
        {
            var from = new DirectoryInfo(Path.Combine(staging, name));
            foreach (var file in from.Exists ? from.GetFiles() : [])
                file.MoveTo(Path.Combine(place, file.Name), overwrite: true);
        }
        register.Merge(Path.Combine(staging, BackupNames.Erased));
        // It belongs to the log that was there before: the next start notes where the restored one stands.
        File.Delete(folder.AuditFile);
    }

    // The server deletes them again when it starts. The columns are those of the first version.
    async Task<IReadOnlyList<string>> BackAgainAsync(CancellationToken cancel)
    {
        List<string> back = [];
        await using var db = databases.CreateDbContext();
        foreach (var one in register.Read())
        {
            var joined = one.JoinedAt.ToUnixTimeMilliseconds();
            back.AddRange(await db.Database.SqlQuery<string>($"""SELECT "Email" AS "Value" FROM "Members" WHERE "Id" = {one.MemberId} AND "JoinedAt" = {joined} AND "Email" IS NOT NULL""").ToListAsync(cancel));
        }
        return back;
    }

    static bool IsUpload(BackupEntry entry) => entry.Name.StartsWith(BackupNames.Uploads, StringComparison.Ordinal) && !entry.Name.EndsWith(Files.UploadFolder.Thumbnail, StringComparison.Ordinal);

    static void Remove(string staging)
    {
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
    }
}

/// <summary>A backup that was restored.</summary>
/// <param name="MadeAt">The moment that it shows.</param>
/// <param name="Members">How many members are in it.</param>
/// <param name="Messages">How many messages.</param>
/// <param name="Files">How many of their files.</param>
/// <param name="Lost">Files that were missing already when it was made.</param>
/// <param name="BackAgain">Addresses of members who left after it was made, and whom the server deletes again when it starts.</param>
/// <param name="KnowsWhoLeft">Whether the data folder has a list of who left at all.</param>
public sealed record Restored(DateTimeOffset MadeAt, long Members, long Messages, int Files, IReadOnlyList<string> Lost, IReadOnlyList<string> BackAgain, bool KnowsWhoLeft);
