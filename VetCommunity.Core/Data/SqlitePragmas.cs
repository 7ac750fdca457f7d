using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace VetCommunity.Core.Data;

/// <summary>What every connection to the SQLite file is told when it opens.</summary>
sealed class SqlitePragmas : DbConnectionInterceptor
{
    // FULL: an acknowledged commit is on the disk, not only in the page cache. The write-ahead log is copied back every 32 MB: every 4, as SQLite would, is a
    // twentieth of a second's pause for all who post, several times a second.
    internal const string Sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=8192;";

    // The log's own connection writes into many places of the file and keeps 8 MB of them at hand: more would be a tenth of what the whole program is to need.
    internal const string Writer = "PRAGMA cache_size=-8192;";

    // What a cut of the power takes away then are the last commits, never a part of one.
    internal const string Hurry = "PRAGMA synchronous=NORMAL;";

    // Of those that the pool hands out again: being told anew costs as much as a small question.
    readonly ConditionalWeakTable<sqlite3, object> _told = [];

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (connection is SqliteConnection { Handle: { } handle } && !_told.TryGetValue(handle, out _))
        {
            Tell(connection);
            _told.AddOrUpdate(handle, this);
        }
    }

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    internal static void Tell(DbConnection connection, string pragmas = Sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }
}
