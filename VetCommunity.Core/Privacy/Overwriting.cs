using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.Privacy;

/// <summary>SQLite lets deleted text lie in the file until something else comes there; PostgreSQL's vacuum comes by itself.</summary>
static class Overwriting
{
    /// <summary>From here on SQLite overwrites what this context deletes.</summary>
    public static async Task OverwriteAsync(this CommunityDb db, CancellationToken cancel)
    {
        if (db is not SqliteCommunityDb)
            return;
        await db.Database.OpenConnectionAsync(cancel);
        await db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete=ON", cancel);
    }

    /// <summary>Whether SQLite overwrites what this connection deletes.</summary>
    public static Task OverwriteAsync(this LogConnection connection, bool on) =>
        connection.Dialect == IndexDialect.Sqlite ? connection.DoAsync(on ? "PRAGMA secure_delete=ON" : "PRAGMA secure_delete=OFF") : Task.CompletedTask;
}
