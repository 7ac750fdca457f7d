using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Operation;

/// <summary>A restored SQLite file.</summary>
static class RestoredSqlite
{
    /// <summary>Whether anything is in the file already.</summary>
    public static async Task<bool> HasTablesAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
            return false;
        try
        {
            await using var connection = await OpenAsync(file, SqliteOpenMode.ReadOnly, cancel);
            return await AskAsync(connection, "SELECT COUNT(*) FROM sqlite_master", cancel) is not [["0"]];
        }
        catch (SqliteException)
        {
            // Whatever it is, it is not nothing.
            return true;
        }
    }

    /// <summary>The hashes say that it is what was backed up; this says that what was backed up was whole.</summary>
    public static async Task CheckAsync(string file, CancellationToken cancel)
    {
        try
        {
            await using var connection = await OpenAsync(file, SqliteOpenMode.ReadWrite, cancel);
            if (await AskAsync(connection, "PRAGMA integrity_check(1)", cancel) is [["ok"]] && await AskAsync(connection, "PRAGMA foreign_key_check", cancel) is [])
            {
                // As the program opens it: who only reads could not switch to it.
                await AskAsync(connection, "PRAGMA journal_mode=WAL", cancel);
                return;
            }
        }
        catch (SqliteException error)
        {
            throw Broken(error);
        }
        throw Broken(null);
    }

    /// <summary>Puts it in its place, where there is nothing but an empty file.</summary>
    public static void Place(string restored, string file)
    {
        // A write-ahead log of another database would be taken for its own.
        foreach (var end in (string[])["-wal", "-shm", "-journal"])
            File.Delete(file + end);
        File.Move(restored, file, overwrite: true);
    }

    static OperationFailedException Broken(Exception? cause) => new("The database in the backup was damaged already when the backup was made. Nothing was restored; take an earlier one.", cause);

    static async Task<SqliteConnection> OpenAsync(string file, SqliteOpenMode mode, CancellationToken cancel)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 0 }.ToString());
        await connection.OpenAsync(cancel);
        return connection;
    }

    static async Task<List<string[]>> AskAsync(SqliteConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string[]> rows = [];
        while (await reader.ReadAsync(cancel))
            rows.Add([reader.IsDBNull(0) ? "" : reader.GetString(0)]);
        return rows;
    }
}

/// <summary>A restored PostgreSQL database: tables, rows, counters, indexes and keys in one transaction.</summary>
sealed partial class RestoredPostgres(CommunityDbFactory databases, BackupManifest manifest, string staging)
{
    public static async Task<bool> HasTablesAsync(string server, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(PostgresTables.Patient(server));
        await connection.OpenAsync(cancel);
        return await connection.ListAsync("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LIMIT 1", cancel) is not [];
    }

    /// <param name="place">Puts the files in their places, when all else is done and can still be undone.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="OperationFailedException">The rows contradict each other, or the server refuses them.</exception>
    public async Task WriteAsync(Action place, CancellationToken cancel)
    {
        try
        {
            await WriteAllAsync(place, cancel);
        }
        catch (PostgresException error)
        {
            throw new OperationFailedException($"PostgreSQL refused what is in the backup: {error.MessageText}. Nothing was restored.", error);
        }
    }

    async Task WriteAllAsync(Action place, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(PostgresTables.Patient(databases.ConnectionString));
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.TellAsync("SET LOCAL statement_timeout = 0", cancel);
        await using (var db = databases.CreateDbContext())
            await connection.TellAsync(db.GetService<IMigrator>().GenerateScript(Migration.InitialDatabase, manifest.Migration, MigrationsSqlGenerationOptions.NoTransactions), cancel);
        // Rows come in the order of the tables' names, and into indexes all at once is sooner than one by one.
        var keys = await connection.ListAsync("""
            SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1
            """, cancel);
        foreach (var drop in await connection.ListAsync("""
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
            """, cancel))
            await connection.TellAsync(drop, cancel);
        const string Loose = """
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
            WHERE c.relnamespace = current_schema()::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1
            """;
        var indexes = await connection.ListAsync("SELECT pg_get_indexdef(i.indexrelid) " + Loose, cancel);
        foreach (var drop in await connection.ListAsync("SELECT format('DROP INDEX %s', i.indexrelid::regclass) " + Loose, cancel))
            await connection.TellAsync(drop, cancel);
        await FillAsync(connection, cancel);
        foreach (var (sequence, value) in manifest.Sequences)
        {
            if ((await connection.ListAsync("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = $1", cancel, sequence)) is [])
                throw Strange(sequence);
            await connection.TellAsync(FormattableString.Invariant($"SELECT setval('{Quoted(sequence)}'::regclass, {value})"), cancel);
        }
        foreach (var make in (IEnumerable<string>)[.. indexes, .. keys, "ANALYZE"])
            await connection.TellAsync(make, cancel);
        place();
        await transaction.CommitAsync(cancel);
    }

    async Task FillAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        var names = await PostgresTables.NamesAsync(connection, cancel);
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(manifest.Tables.Select(table => table.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal))
            throw Strange("other tables");
        foreach (var table in manifest.Tables)
        {
            var columns = await PostgresTables.ColumnsAsync(connection, table.Name, cancel);
            if (!columns.Order(StringComparer.Ordinal).SequenceEqual(table.Columns.Order(StringComparer.Ordinal), StringComparer.Ordinal))
                throw Strange("other columns in " + table.Name);
            await connection.TellAsync($"DELETE FROM {Quoted(table.Name)}", cancel);
            var file = Path.Combine(staging, BackupNames.Table(table.Name));
            if (!File.Exists(file))
                throw Strange("no rows of " + table.Name);
            await using (var text = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan))
            await using (var rows = await connection.BeginTextImportAsync($"COPY {Quoted(table.Name)} ({string.Join(", ", table.Columns.Select(Quoted))}) FROM STDIN", cancel))
                await text.CopyToAsync(rows.BaseStream, cancel);
            if (await connection.ListAsync($"SELECT COUNT(*)::text FROM {Quoted(table.Name)}", cancel) is not [var count] || count != FormattableString.Invariant($"{table.Rows}"))
                throw Strange("another number of rows in " + table.Name);
        }
    }

    static OperationFailedException Strange(string what) => new($"The backup does not fit its own version: it holds {what}. Nothing was restored.");

    // Both come from the catalogue of the database, or were found in it.
    static string Quoted(string name) => Plain().IsMatch(name) ? $"\"{name}\"" : throw Strange("a strange name");

    [GeneratedRegex(@"\A[A-Za-z0-9_~]{1,63}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Plain();
}
