using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.Watching;

/// <summary>What an administrator may know of the machine without logging in to it.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Database">SQLite or PostgreSQL.</param>
/// <param name="DatabaseBytes">How large it is.</param>
/// <param name="FreeBytes">Of the disk on which the data folder lies.</param>
/// <param name="DiskBytes">How large that disk is.</param>
/// <param name="LastBackup">When the server made its last backup; null where there is none.</param>
/// <param name="MakesBackups">Whether it makes any by itself.</param>
public sealed record InstallationFacts(string Version, string Database, long DatabaseBytes, long FreeBytes, long DiskBytes, DateTimeOffset? LastBackup, bool MakesBackups);

/// <summary>Looks at the installation for its administrators.</summary>
public sealed class Installation(CommunityDbFactory databases, DataFolder folder, BackupRules backups)
{
    /// <summary>Looks.</summary>
    /// <param name="actor">Who administers.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">The actor may not administer.</exception>
    public async Task<InstallationFacts> LookAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("figures");
        var drive = new DriveInfo(folder.Path);
        return new(
            BackupManifest.Version.Split('+')[0], databases.IsPostgres ? "PostgreSQL" : "SQLite", await BytesAsync(cancel), drive.AvailableFreeSpace, drive.TotalSize,
            KeptBackup.In(folder.Backups).Select(one => (DateTimeOffset?)one.At).Max(), backups.Every > TimeSpan.Zero);
    }

    /// <summary>How many mails wait to be sent.</summary>
    /// <param name="actor">Who administers, or the program itself.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">The actor may not administer.</exception>
    public async Task<int> MailsAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("figures");
        await using var db = databases.CreateDbContext();
        return await db.Mails.CountAsync(cancel);
    }

    async Task<long> BytesAsync(CancellationToken cancel)
    {
        if (databases.File is { } file)
            return Size(file) + Size(file + "-wal");
        await using var db = databases.CreateDbContext();
        return await db.Database.SqlQueryRaw<long>("""SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync(cancel);
    }

    static long Size(string file) => new FileInfo(file) is { Exists: true } there ? there.Length : 0;
}
