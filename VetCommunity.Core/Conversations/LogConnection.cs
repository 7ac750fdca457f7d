using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Conversations;

/// <summary>The writer's own connection and its prepared commands, each prepared once. The same SQL serves both databases.</summary>
sealed class LogConnection : IAsyncDisposable
{
    readonly DbConnection _connection;
    readonly Dictionary<string, DbCommand> _prepared = new(StringComparer.Ordinal);
    DbTransaction? _transaction;

    LogConnection(DbConnection connection) => _connection = connection;

    public static async Task<LogConnection> OpenAsync(CommunityDbFactory db)
    {
        DbConnection connection = db.IsPostgres ? new NpgsqlConnection(db.ConnectionString) : new SqliteConnection(db.ConnectionString);
        await connection.OpenAsync();
        if (!db.IsPostgres)
            SqlitePragmas.Tell(connection);
        return new(connection);
    }

    /// <summary>SQLite: BEGIN IMMEDIATE, so that what is read is what is written upon.</summary>
    public async Task<DbTransaction> BeginAsync() => _transaction = await _connection.BeginTransactionAsync();

    /// <summary>Runs a command without rows.</summary>
    public async Task<int> DoAsync(string sql, params Value[] values) => await Prepare(sql, values).ExecuteNonQueryAsync();

    /// <summary>The first row, or null.</summary>
    public async Task<object?[]?> RowAsync(string sql, params Value[] values)
    {
        await using var reader = await Prepare(sql, values).ExecuteReaderAsync();
        return await reader.ReadAsync() ? Row(reader) : null;
    }

    /// <summary>All rows; only for questions with few answers.</summary>
    public async Task<List<object?[]>> RowsAsync(string sql, params Value[] values)
    {
        await using var reader = await Prepare(sql, values).ExecuteReaderAsync();
        List<object?[]> rows = [];
        while (await reader.ReadAsync())
            rows.Add(Row(reader));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in _prepared.Values)
            await command.DisposeAsync();
        await _connection.DisposeAsync();
    }

    DbCommand Prepare(string sql, Value[] values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, type, _) in values)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.DbType = type;
                command.Parameters.Add(parameter);
            }
            command.Transaction = _transaction;
            foreach (var (index, value) in values.Index())
                command.Parameters[index].Value = value.Content ?? DBNull.Value;
            command.Prepare();
            _prepared[sql] = command;
        }
        command.Transaction = _transaction;
        foreach (var (index, value) in values.Index())
            command.Parameters[index].Value = value.Content ?? DBNull.Value;
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
