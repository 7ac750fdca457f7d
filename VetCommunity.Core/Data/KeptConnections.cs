using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VetCommunity.Core.Data;

/// <summary>
/// Connections to the SQLite file that stay open from one context to the next. Opening one, even out of the driver's pool, tells SQLite all functions anew, which costs as much as a question and throws away what was prepared.
/// </summary>
sealed class KeptConnections : DbConnectionInterceptor
{
    // Each holds up to two megabytes of the file's pages. The one that was used last is used next.
    const int Most = 32;
    readonly ConcurrentStack<SqliteConnection> _idle = new();
    readonly string _connectionString;
    bool _hurries;

    public KeptConnections(string connectionString)
    {
        _connectionString = connectionString;
        var weak = new WeakReference<KeptConnections>(this);
        // The last one that closes copies the write-ahead log back into the file.
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (weak.TryGetTarget(out var kept))
                kept.Close();
        };
    }

    /// <summary>One that nobody else uses until it is given back; open, or opened by the first question.</summary>
    public SqliteConnection Take() => _idle.TryPop(out var connection) ? connection : new SqliteConnection(_connectionString);

    public void GiveBack(SqliteConnection connection)
    {
        if (_idle.Count < Most)
            _idle.Push(connection);
        else
            connection.Dispose();
    }

    /// <summary>Whether commits of connections that are opened from now on wait for the disk only when the write-ahead log is copied back. None is in use.</summary>
    public void Hurry(bool isOn)
    {
        _hurries = isOn;
        Close();
    }

    /// <summary>Closes those that nobody uses.</summary>
    public void Close()
    {
        while (_idle.TryPop(out var connection))
            connection.Dispose();
        // The driver has only taken them into its own pool, open and with their pages, as it did with whatever else was opened for this file. Those in use are closed when they come back.
        using var any = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(any);
    }

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (_hurries)
            SqlitePragmas.Tell(connection, SqlitePragmas.Hurry);
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    public override InterceptionResult ConnectionClosing(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();

    public override ValueTask<InterceptionResult> ConnectionClosingAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => new(InterceptionResult.Suppress());
}
