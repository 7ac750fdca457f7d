using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VetCommunity.Core.Data;

/// <summary>What every connection to the SQLite file is told when it opens.</summary>
sealed class SqlitePragmas : DbConnectionInterceptor
{
    // FULL: an acknowledged commit is on the disk, not only in the page cache. The write-ahead log is copied back every 32 MB: every 4, as SQLite would, is a
    // twentieth of a second's pause for all who post, several times a second.
    internal const string Sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=8192;";

    // The log's own connection writes into many places of the file and keeps 32 MB of them at hand.
    internal const string Writer = "PRAGMA cache_size=-32768;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Tell(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Tell(connection);
        return Task.CompletedTask;
    }

    internal static void Tell(DbConnection connection, string pragmas = Sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragmas;
        command.ExecuteNonQuery();
    }
}
