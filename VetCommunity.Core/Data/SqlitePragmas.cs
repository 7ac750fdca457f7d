using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VetCommunity.Core.Data;

/// <summary>What every connection to the SQLite file is told when it opens.</summary>
sealed class SqlitePragmas : DbConnectionInterceptor
{
    // FULL: an acknowledged commit is on the disk, not only in the page cache.
    internal const string Sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Tell(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Tell(connection);
        return Task.CompletedTask;
    }

    internal static void Tell(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql;
        command.ExecuteNonQuery();
    }
}
