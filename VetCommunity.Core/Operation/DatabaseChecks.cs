using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Operation;

/// <summary>What the doctor asks the database.</summary>
public sealed class DatabaseChecks(CommunityDbFactory databases, UploadFolder uploads, TimeProvider time)
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    // A large file is read from its beginning to its end.
    static readonly TimeSpan Patient = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    string Place => databases.File ?? "the PostgreSQL server";

    string Remedy => databases.IsPostgres
        ? "Start the database server, or set ConnectionStrings:Community right."
        : "Look at the disk and the permissions of the data folder; where the file is damaged, move it away and restore a backup.";

    /// <summary>In their order.</summary>
    public IReadOnlyList<Check> All =>
    [
        new("database", Soon, Remedy, ReachAsync),
        new("migrated", Soon, Remedy, MigratedAsync),
        new("integrity", Patient, Remedy, WholeAsync),
        new("files", Patient, Remedy, FilesAsync),
        new("clock", Soon, Remedy, ClockAsync),
    ];

    async Task<string> ReachAsync(CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        if (databases.IsPostgres)
            return "PostgreSQL " + await db.Database.SqlQueryRaw<string>("""SELECT current_setting('server_version') AS "Value" """).SingleAsync(cancel);
        var size = new FileInfo(databases.File!).Length;
        return string.Create(CultureInfo.InvariantCulture, $"SQLite, {databases.File}, {Backups.Megabytes(size)} MB");
    }

    async Task<string> MigratedAsync(CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancel)).ToList();
        var known = db.Database.GetMigrations().ToList();
        if (applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } newer)
            throw new OperationFailedException($"The database was made by a newer version of VetCommunity or by another program (it knows the step {newer}). Start that version.");
        var missing = known.Except(applied, StringComparer.Ordinal).Count();
        if (missing > 0)
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"{missing} of {known.Count} steps are missing. Make a backup and start the server: it takes them."));
        return string.Create(CultureInfo.InvariantCulture, $"all {known.Count} steps, the last is {known[^1]}");
    }

    async Task<string> WholeAsync(CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        if (databases.IsPostgres)
        {
            // What a server interrupted while it built it.
            foreach (var broken in await db.Database.SqlQueryRaw<string>("""
                SELECT indexrelid::regclass::text AS "Value" FROM pg_index WHERE NOT indisvalid AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)
                UNION ALL SELECT conname FROM pg_constraint WHERE NOT convalidated AND connamespace = current_schema()::regnamespace
                """).ToListAsync(cancel))
                throw new OperationFailedException($"{broken} is not valid. Build it again with REINDEX, or restore a backup.");
        }
        else
        {
            foreach (var wrong in (await db.Database.SqlQueryRaw<string>("""SELECT integrity_check AS "Value" FROM pragma_integrity_check LIMIT 1""").ToListAsync(cancel)).Where(line => line != "ok"))
                throw new OperationFailedException($"{Place} is damaged ({wrong.Trim()}). Stop the server, move the file away and restore a backup.");
            foreach (var table in await db.Database.SqlQueryRaw<string>("""SELECT DISTINCT "table" AS "Value" FROM pragma_foreign_key_check""").ToListAsync(cancel))
                throw new OperationFailedException($"In {Place} rows of {table} point to nothing. Stop the server, move the file away and restore a backup.");
        }
        // Messages are counted from 1 without a gap: one that is missing was acknowledged and lost.
        var gaps = await db.Conversations.Where(c => c.LastSeq != db.Messages.LongCount(m => m.ConversationId == c.Id)).OrderBy(c => c.Id).Select(c => c.Id).Take(5).ToListAsync(cancel);
        if (gaps.Count > 0)
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"Messages are missing in the conversations {string.Join(", ", gaps)}. Restore a backup from before that."));
        var all = await db.Messages.LongCountAsync(cancel);
        return string.Create(CultureInfo.InvariantCulture, $"no damage found in {all} messages");
    }

    async Task<string> FilesAsync(CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        var all = 0;
        List<string> missing = [];
        await foreach (var id in db.Attachments.Select(a => a.Id).AsAsyncEnumerable().WithCancellation(cancel))
        {
            all++;
            if (!uploads.Has(id))
                missing.Add(id);
        }
        // A file goes after its row does.
        var lost = await db.Attachments.Where(a => missing.Contains(a.Id)).OrderBy(a => a.Id).Select(a => a.Id).ToListAsync(cancel);
        return lost.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"all {all} files of messages are in uploads")
            : throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"{lost.Count} of {all} files of messages are not in uploads, the first is {lost[0]}. Take them from a backup: it is a zip archive and holds them under the same names."));
    }

    async Task<string> ClockAsync(CancellationToken cancel)
    {
        await using var db = await OpenAsync(cancel);
        var now = time.GetUtcNow();
        if (databases.IsPostgres)
        {
            var theirs = DateTimeOffset.FromUnixTimeMilliseconds(await db.Database.SqlQueryRaw<long>("""SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS "Value" """).SingleAsync(cancel));
            // It looked at its own between our two looks; a slow answer is no wrong clock.
            var after = time.GetUtcNow();
            var apart = theirs < now ? now - theirs : theirs > after ? theirs - after : TimeSpan.Zero;
            if (apart > Tolerance)
                throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"This machine's clock and the database server's are {apart.TotalSeconds:0} seconds apart. Let both follow a time server."));
        }
        if (await db.Messages.MaxAsync(m => (DateTimeOffset?)m.SentAt, cancel) is { } last && last > now + Tolerance)
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"It is {now:u} here, and the newest message is of {last:u}. Let the clock follow a time server."));
        return string.Create(CultureInfo.InvariantCulture, $"{now:u}");
    }

    async Task<CommunityDb> OpenAsync(CancellationToken cancel)
    {
        if (databases.File is { } there)
            DataFolder.RequireReadable(Path.GetDirectoryName(there)!);
        if (databases.File is { } file && !File.Exists(file))
            throw new OperationFailedException($"There is no database {file}. Start the server once, restore a backup, or set Data:Folder to the folder of the community.");
        var db = databases.CreateDbContext();
        await db.Database.OpenConnectionAsync(cancel);
        return db;
    }
}
