using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.Conversations;

/// <summary>The writer's own connection and its prepared commands, each prepared once. The same SQL serves both databases.</summary>
abstract class LogConnection : IAsyncDisposable
{
    public static async Task<LogConnection> OpenAsync(CommunityDbFactory db)
    {
        if (db.IsPostgres)
        {
            var postgres = new NpgsqlConnection(db.ConnectionString);
            await postgres.OpenAsync();
            return new PostgresLog(postgres);
        }
        var sqlite = new SqliteConnection(db.ConnectionString);
        await sqlite.OpenAsync();
        SqlitePragmas.Tell(sqlite, SqlitePragmas.Sql + SqlitePragmas.Writer);
        return new SqliteLog(sqlite);
    }

    /// <summary>SQLite: BEGIN IMMEDIATE, so that what is read is what is written upon.</summary>
    public abstract Task BeginAsync();

    /// <summary>What was written since <see cref="BeginAsync"/> is on the disk. A connection that is disposed without it takes all of it back.</summary>
    public abstract Task CommitAsync();

    /// <summary>Runs a command without rows.</summary>
    public abstract Task DoAsync(string sql, params ReadOnlySpan<Value> values);

    /// <summary>The first row, or null.</summary>
    public abstract Task<object?[]?> RowAsync(string sql, params ReadOnlySpan<Value> values);

    /// <summary>All rows; only for questions with few answers.</summary>
    public abstract Task<List<object?[]>> RowsAsync(string sql, params ReadOnlySpan<Value> values);

    /// <summary>How this database tells its index what a message holds.</summary>
    public abstract IndexDialect Dialect { get; }

    /// <summary>Words that the table of words is known to have. It goes with the connection, and so with whatever was not committed.</summary>
    public HashSet<string> KnownWords { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether it is PostgreSQL.</summary>
    public bool IsPostgres => Dialect == IndexDialect.Postgres;

    /// <summary>Lines of the audit log that wait for the end of this transaction.</summary>
    public List<AuditEntry> Notes { get; } = [];

    /// <summary>The last number that this connection gave to a message.</summary>
    public long? LastSearchId { get; set; }

    public abstract ValueTask DisposeAsync();

    /// <summary>Speaks to SQLite without ADO.NET, which costs three times what the statements themselves do.</summary>
    sealed class SqliteLog(SqliteConnection connection) : LogConnection
    {
        readonly sqlite3 _db = connection.Handle!;
        readonly Dictionary<string, Prepared> _prepared = new(StatementText.Comparer);

        public override IndexDialect Dialect => IndexDialect.Sqlite;

        public override Task BeginAsync() => DoAsync("BEGIN IMMEDIATE");

        public override Task CommitAsync() => DoAsync("COMMIT");

        public override Task DoAsync(string sql, params ReadOnlySpan<Value> values)
        {
            Ask(sql, values, most: 0);
            return Task.CompletedTask;
        }

        public override Task<object?[]?> RowAsync(string sql, params ReadOnlySpan<Value> values) =>
            Task.FromResult(Ask(sql, values, most: 1) is [var row, ..] ? row : null);

        public override Task<List<object?[]>> RowsAsync(string sql, params ReadOnlySpan<Value> values) =>
            Task.FromResult(Ask(sql, values, most: int.MaxValue));

        public override async ValueTask DisposeAsync()
        {
            foreach (var prepared in _prepared.Values)
                prepared.Statement.Dispose();
            // The pool would hand on a connection in the middle of a transaction.
            if (raw.sqlite3_get_autocommit(_db) == 0)
                raw.sqlite3_exec(_db, "ROLLBACK");
            await connection.DisposeAsync();
        }

        List<object?[]> Ask(string sql, ReadOnlySpan<Value> values, int most)
        {
            if (!_prepared.TryGetValue(sql, out var prepared))
                _prepared[sql] = prepared = Prepare(sql, values);
            var statement = prepared.Statement;
            try
            {
                for (var i = 0; i < values.Length; i++)
                    Check(Bind(statement, prepared.Places[i], values[i].Content));
                List<object?[]> rows = [];
                int result;
                // To the end also where nobody wants more: a changing statement is done only then.
                while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                {
                    if (rows.Count < most)
                        rows.Add(Row(statement));
                }
                if (result != raw.SQLITE_DONE)
                    Check(result);
                return rows;
            }
            finally
            {
                // Its answer repeats the step's.
                _ = raw.sqlite3_reset(statement);
            }
        }

        Prepared Prepare(string sql, ReadOnlySpan<Value> values)
        {
            Check(raw.sqlite3_prepare_v3(_db, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
            var places = new int[values.Length];
            for (var i = 0; i < places.Length; i++)
                places[i] = raw.sqlite3_bind_parameter_index(statement, "@" + values[i].Name);
            return new(statement, places);
        }

        static int Bind(sqlite3_stmt statement, int place, object? content) => content switch
        {
            null => raw.sqlite3_bind_null(statement, place),
            string text => raw.sqlite3_bind_text(statement, place, text),
            _ => raw.sqlite3_bind_int64(statement, place, content.Long()),
        };

        static object?[] Row(sqlite3_stmt statement)
        {
            var row = new object?[raw.sqlite3_column_count(statement)];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = raw.sqlite3_column_type(statement, i) switch
                {
                    raw.SQLITE_NULL => null,
                    raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, i),
                    _ => raw.sqlite3_column_text(statement, i).utf8_to_string(),
                };
            }
            return row;
        }

        void Check(int result) => SqliteException.ThrowExceptionForRC(result, _db);

        sealed record Prepared(sqlite3_stmt Statement, int[] Places);
    }

    sealed class PostgresLog(NpgsqlConnection connection) : LogConnection
    {
        readonly Dictionary<string, DbCommand> _prepared = new(StatementText.Comparer);
        DbTransaction? _transaction;

        public override IndexDialect Dialect => IndexDialect.Postgres;

        public override async Task BeginAsync() => _transaction = await connection.BeginTransactionAsync();

        public override async Task CommitAsync()
        {
            await _transaction!.CommitAsync();
            await _transaction.DisposeAsync();
        }

        public override Task DoAsync(string sql, params ReadOnlySpan<Value> values) => Prepare(sql, values).ExecuteNonQueryAsync();

        public override Task<object?[]?> RowAsync(string sql, params ReadOnlySpan<Value> values) => FirstAsync(Prepare(sql, values));

        public override Task<List<object?[]>> RowsAsync(string sql, params ReadOnlySpan<Value> values) => AllAsync(Prepare(sql, values));

        public override async ValueTask DisposeAsync()
        {
            foreach (var command in _prepared.Values)
                await command.DisposeAsync();
            await connection.DisposeAsync();
        }

        static async Task<object?[]?> FirstAsync(DbCommand command)
        {
            await using var reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? Row(reader) : null;
        }

        static async Task<List<object?[]>> AllAsync(DbCommand command)
        {
            await using var reader = await command.ExecuteReaderAsync();
            List<object?[]> rows = [];
            while (await reader.ReadAsync())
                rows.Add(Row(reader));
            return rows;
        }

        DbCommand Prepare(string sql, ReadOnlySpan<Value> values)
        {
            var isNew = !_prepared.TryGetValue(sql, out var command);
            if (isNew)
            {
                command = connection.CreateCommand();
                command.CommandText = sql;
                foreach (var (name, type, _) in values)
                {
                    var parameter = command.CreateParameter();
                    parameter.ParameterName = name;
                    parameter.DbType = type;
                    command.Parameters.Add(parameter);
                }
            }
            command!.Transaction = _transaction;
            for (var i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i].Content ?? DBNull.Value;
            if (isNew)
            {
                command.Prepare();
                _prepared[sql] = command;
            }
            return command;
        }

        static object?[] Row(DbDataReader reader)
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            return row;
        }
    }
}

/// <summary>
/// Finds a statement by its text without reading all of it: texts are constants, so the same one is the same object, and others mostly differ in length.
/// Ten of some hundred letters a message, hashed letter by letter, were a twelfth of what a message costs.
/// </summary>
sealed class StatementText : IEqualityComparer<string>
{
    public static readonly StatementText Comparer = new();

    public bool Equals(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    public int GetHashCode(string text) => HashCode.Combine(text.Length, text[text.Length / 2], text[^1]);
}

/// <summary>A named value of a command.</summary>
readonly record struct Value(string Name, DbType Type, object? Content)
{
    public static Value Int(string name, int? content) => new(name, DbType.Int32, content);
    public static Value Long(string name, long? content) => new(name, DbType.Int64, content);
    public static Value Text(string name, string? content) => new(name, DbType.String, content);
    public static Value At(string name, DateTimeOffset content) => Long(name, content.ToUnixTimeMilliseconds());
}

/// <summary>Reads numbers that SQLite gives as long and PostgreSQL as int or long.</summary>
static class RowReading
{
    public static int Int(this object? value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);
    public static long Long(this object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
    public static DateTimeOffset At(this object? value) => DateTimeOffset.FromUnixTimeMilliseconds(value.Long());
}
