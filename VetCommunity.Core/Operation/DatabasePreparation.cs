using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Operation;

/// <summary>Brings the database to the present shape before anybody uses it.</summary>
public sealed class DatabasePreparation(CommunityDbFactory db, DataFolder folder)
{
    static readonly byte[] SqliteHeader = "SQLite format 3\0"u8.ToArray();

    /// <summary>Makes the database where there is none, and applies what is missing where there is one.</summary>
    /// <exception cref="OperationFailedException">It cannot be reached, is not ours, or cannot be written.</exception>
    public async Task PrepareAsync(CancellationToken cancel = default)
    {
        try
        {
            if (!db.IsPostgres)
                RefuseOtherFiles();
            using var migrating = await folder.LockForMigrationAsync(cancel);
            if (!db.IsPostgres)
                await RefuseOtherDatabasesAsync(cancel);
            if (!await PresentShape.HasAsync(db, cancel))
                await MigrateAsync(cancel);
            else if (!db.IsPostgres)
                await CheckWritableAsync(cancel);
            db.AuditKey.Prepare();
            await FormerLines.ChainAsync(db, cancel);
        }
        catch (Exception error) when (error is DbException or IOException or UnauthorizedAccessException)
        {
            var place = db.IsPostgres ? "of the PostgreSQL server" : folder.DatabaseFile;
            throw new OperationFailedException($"The database {place} cannot be used: {error.Message}", error);
        }
    }

    void RefuseOtherFiles()
    {
        if (!File.Exists(folder.DatabaseFile))
            return;
        using var file = new FileStream(folder.DatabaseFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var header = new byte[SqliteHeader.Length];
        var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read > 0 && !header.AsSpan().SequenceEqual(SqliteHeader))
            throw new OperationFailedException($"{folder.DatabaseFile} is not a SQLite database. Move it away, or set Data:Folder to another folder.");
    }

    async Task RefuseOtherDatabasesAsync(CancellationToken cancel)
    {
        await using var connection = db.Connect();
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT SUM(name = '__EFMigrationsHistory'), SUM(name = '__EFMigrationsLock'), COUNT(*)
            FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            """;
        bool hasHistory, hasLock, isEmpty;
        await using (var reader = await command.ExecuteReaderAsync(cancel))
        {
            await reader.ReadAsync(cancel);
            hasHistory = !reader.IsDBNull(0) && reader.GetInt64(0) > 0;
            hasLock = !reader.IsDBNull(1) && reader.GetInt64(1) > 0;
            isEmpty = reader.GetInt64(2) == (hasLock ? 1 : 0);
        }
        if (!hasHistory && !isEmpty)
            throw new OperationFailedException($"{folder.DatabaseFile} is the database of another program. Move it away, or set Data:Folder to another folder.");
        // EF looks at the file through a read-only connection first, which could not switch an empty file to write-ahead logging.
        SqlitePragmas.Tell(connection);
        if (!hasLock)
            return;
        // A killed migration leaves its row behind, and the next one would wait for it for ever. We hold the folder's lock: nobody migrates now.
        command.CommandText = """DELETE FROM "__EFMigrationsLock" """;
        await command.ExecuteNonQueryAsync(cancel);
    }

    async Task MigrateAsync(CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await RefuseNewerAsync(context, cancel);
        await context.Database.MigrateAsync(cancel);
    }

    static async Task RefuseNewerAsync(CommunityDb context, CancellationToken cancel)
    {
        if (!await context.Database.CanConnectAsync(cancel))
            return;
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        foreach (var applied in await context.Database.GetAppliedMigrationsAsync(cancel))
        {
            if (!known.Contains(applied))
                throw new OperationFailedException($"The database was made by a newer version of VetCommunity or by another program (it knows the step {applied}). Start that version.");
        }
    }

    // A read-only file opens without complaint and refuses the first message.
    async Task CheckWritableAsync(CancellationToken cancel)
    {
        await using var connection = db.Connect();
        await connection.OpenAsync(cancel);
        SqlitePragmas.Tell(connection, SqlitePragmas.Sql + """UPDATE "Conversations" SET "Version" = "Version" WHERE 1 = 0""");
    }
}
