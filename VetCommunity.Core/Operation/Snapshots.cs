using System.Data;
using System.Globalization;
using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Npgsql;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Operation;

/// <summary>The database as it is at one moment, while others go on writing.</summary>
abstract class Snapshot : IAsyncDisposable
{
    /// <param name="databases">Which database.</param>
    /// <param name="beside">A file name beside which a copy may be made for the time being.</param>
    /// <param name="cancel">Gives up.</param>
    public static Task<Snapshot> TakeAsync(CommunityDbFactory databases, string beside, CancellationToken cancel) =>
        databases.IsPostgres ? PostgresSnapshot.TakeAsync(databases.ConnectionString, cancel) : SqliteSnapshot.TakeAsync(databases.ConnectionString, beside + ".db", cancel);

    /// <summary>The steps that the database has taken; none where it is not ours or empty.</summary>
    public abstract Task<IReadOnlyList<string>> MigrationsAsync(CancellationToken cancel);

    /// <summary>The uploads that it names.</summary>
    public abstract Task<IReadOnlyList<string>> UploadsAsync(CancellationToken cancel);

    /// <summary>Adds the tables, without the rows of uploads that went while the backup was made.</summary>
    public abstract Task<(IReadOnlyList<BackupTable> Tables, IReadOnlyDictionary<string, long> Sequences)> WriteAsync(BackupWriter writer, IReadOnlyList<string> gone, CancellationToken cancel);

    public abstract ValueTask DisposeAsync();

    protected static string Quoted(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}

/// <summary>SQLite copies itself in one reading transaction, which holds up nobody, and leaves out the gaps in which deleted texts lie on.</summary>
sealed class SqliteSnapshot : Snapshot
{
    readonly string _file;
    readonly SqliteConnection _copy;

    SqliteSnapshot(string file, SqliteConnection copy) => (_file, _copy) = (file, copy);

    public static async Task<Snapshot> TakeAsync(string source, string copy, CancellationToken cancel)
    {
        // Of one that was killed: it would be played back into this copy.
        File.Delete(copy + "-journal");
        // It would be readable to all otherwise; SQLite fills an empty file as well.
        await PrivateFile.Create(copy).DisposeAsync();
        try
        {
            await using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder(source) { Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 0 }.ToString()))
            {
                await connection.OpenAsync(cancel);
                await using var command = connection.CreateCommand();
                command.CommandText = "VACUUM INTO $copy";
                command.Parameters.AddWithValue("$copy", copy);
                // SQLite knows no asynchronous work, and a server has others to serve; one that stops waits for nothing.
                await using var stopping = cancel.Register(() => SQLitePCL.raw.sqlite3_interrupt(connection.Handle));
                await Task.Run(command.ExecuteNonQuery, cancel);
            }
            var opened = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 0 }.ToString());
            await opened.OpenAsync(cancel);
            return new SqliteSnapshot(copy, opened);
        }
        catch (Exception error)
        {
            File.Delete(copy);
            if (error is SqliteException)
                cancel.ThrowIfCancellationRequested();
            throw;
        }
    }

    public override async Task<IReadOnlyList<string>> MigrationsAsync(CancellationToken cancel) =>
        await HasAsync("__EFMigrationsHistory", cancel) ? await ListAsync("""SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1""", cancel) : [];

    public override async Task<IReadOnlyList<string>> UploadsAsync(CancellationToken cancel) =>
        await HasAsync("Attachments", cancel) ? await ListAsync("""SELECT "Id" FROM "Attachments" ORDER BY 1""", cancel) : [];

    public override async Task<(IReadOnlyList<BackupTable> Tables, IReadOnlyDictionary<string, long> Sequences)> WriteAsync(BackupWriter writer, IReadOnlyList<string> gone, CancellationToken cancel)
    {
        await using (var command = _copy.CreateCommand())
        {
            command.CommandText = """DELETE FROM "Attachments" WHERE "Id" = $id""";
            var id = command.Parameters.Add("$id", SqliteType.Text);
            foreach (var one in gone)
            {
                id.Value = one;
                await command.ExecuteNonQueryAsync(cancel);
            }
        }
        List<BackupTable> tables = [];
        // The index keeps tables of its own, which say nothing to anybody.
        foreach (var table in await ListAsync("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'MessageIndex%' ORDER BY 1", cancel))
        {
            await using var command = _copy.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM {Quoted(table)}";
            tables.Add(new(table, [], (long)(await command.ExecuteScalarAsync(cancel))!));
        }
        await _copy.CloseAsync();
        await using var file = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await writer.AddAsync(BackupNames.SqliteFile, file, CompressionLevel.Fastest);
        return (tables, new Dictionary<string, long>(StringComparer.Ordinal));
    }

    public override async ValueTask DisposeAsync()
    {
        await _copy.DisposeAsync();
        File.Delete(_file);
        File.Delete(_file + "-journal");
    }

    async Task<bool> HasAsync(string table, CancellationToken cancel) =>
        (await ListAsync("SELECT name FROM sqlite_master WHERE type = 'table'", cancel)).Contains(table, StringComparer.Ordinal);

    async Task<IReadOnlyList<string>> ListAsync(string sql, CancellationToken cancel)
    {
        await using var command = _copy.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string> found = [];
        while (await reader.ReadAsync(cancel))
            found.Add(reader.GetString(0));
        return found;
    }
}

/// <summary>PostgreSQL shows one transaction the same moment to its end; its tables come as text, which every later version reads.</summary>
sealed class PostgresSnapshot : Snapshot
{
    readonly NpgsqlConnection _connection;
    readonly NpgsqlTransaction _transaction;

    PostgresSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static async Task<Snapshot> TakeAsync(string server, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection(PostgresTables.Patient(server));
        try
        {
            await connection.OpenAsync(cancel);
            var snapshot = new PostgresSnapshot(connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel));
            // The moment is that of the first question.
            await connection.TellAsync("SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT 1", cancel);
            return snapshot;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<IReadOnlyList<string>> MigrationsAsync(CancellationToken cancel) => await HasAsync("__EFMigrationsHistory", cancel)
        ? await _connection.ListAsync("""SELECT "MigrationId" FROM "__EFMigrationsHistory" ORDER BY 1""", cancel) : [];

    public override async Task<IReadOnlyList<string>> UploadsAsync(CancellationToken cancel) => await HasAsync("Attachments", cancel)
        ? await _connection.ListAsync("""SELECT "Id" FROM "Attachments" ORDER BY 1""", cancel) : [];

    public override async Task<(IReadOnlyList<BackupTable> Tables, IReadOnlyDictionary<string, long> Sequences)> WriteAsync(BackupWriter writer, IReadOnlyList<string> gone, CancellationToken cancel)
    {
        List<BackupTable> tables = [];
        foreach (var table in await PostgresTables.NamesAsync(_connection, cancel))
        {
            var columns = await PostgresTables.ColumnsAsync(_connection, table, cancel);
            var list = string.Join(", ", columns.Select(Quoted));
            // The names of uploads are hexadecimal digits.
            var where = table == "Attachments" && gone.Count > 0 ? $" WHERE \"Id\" NOT IN ({string.Join(", ", gone.Select(id => $"'{id}'"))})" : "";
            await using var text = await _connection.BeginTextExportAsync($"COPY (SELECT {list} FROM {Quoted(table)}{where}) TO STDOUT", cancel);
            tables.Add(new(table, columns, await writer.AddAsync(BackupNames.Table(table), text.BaseStream, CompressionLevel.Fastest)));
        }
        // Sequences stand outside of transactions: they may be further than the tables, never less.
        Dictionary<string, long> sequences = new(StringComparer.Ordinal);
        foreach (var row in await _connection.ListAsync("SELECT sequencename || ' ' || last_value FROM pg_sequences WHERE schemaname = current_schema() AND last_value IS NOT NULL ORDER BY 1", cancel))
        {
            var end = row.LastIndexOf(' ');
            sequences.Add(row[..end], long.Parse(row[(end + 1)..], CultureInfo.InvariantCulture));
        }
        return (tables, sequences);
    }

    public override async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    async Task<bool> HasAsync(string table, CancellationToken cancel) =>
        (await _connection.ListAsync("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()", cancel)).Contains(table, StringComparer.Ordinal);
}

/// <summary>What both ways need to know of tables in PostgreSQL.</summary>
static class PostgresTables
{
    /// <summary>A connection of its own that waits as long as it takes.</summary>
    public static string Patient(string server) => new NpgsqlConnectionStringBuilder(server) { CommandTimeout = 0, Pooling = false }.ToString();

    /// <summary>All tables but the one of the steps taken, which is made with them.</summary>
    public static Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        connection.ListAsync("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> '__EFMigrationsHistory' ORDER BY 1", cancel);

    public static Task<IReadOnlyList<string>> ColumnsAsync(NpgsqlConnection connection, string table, CancellationToken cancel) =>
        connection.ListAsync("SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position", cancel, table);

    public static async Task TellAsync(this NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<IReadOnlyList<string>> ListAsync(this NpgsqlConnection connection, string sql, CancellationToken cancel, params string[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<string> found = [];
        while (await reader.ReadAsync(cancel))
            found.Add(reader.GetString(0));
        return found;
    }
}
