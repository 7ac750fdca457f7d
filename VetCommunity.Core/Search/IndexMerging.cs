using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Search;

/// <summary>
/// Puts the pieces of SQLite's index together. Each batch that is indexed is a piece of its own, and a search looks up each of its words in each piece: merged,
/// a search among a million messages costs what it costs among ten thousand. PostgreSQL has one piece.
/// </summary>
public sealed class IndexMerging(CommunityDbFactory db, MessageLog log, TimeProvider clock)
{
    // Some milliseconds of the writer each, with room between for who posts.
    const int Pages = 200;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // To merge is to write all of the index anew: worth it when a tenth of it is new, so that each message is written ten times in its life at most.
    const int Share = 10;
    const int Least = 5_000;

    long? _indexedBefore;

    /// <summary>Merges if enough has come since the last time, or since the program started. Answers whether it did.</summary>
    /// <exception cref="NotFoundException">Only the operator does this.</exception>
    public async Task<bool> MergeIfWorthItAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("index");
        if (db.IsPostgres)
            return false;
        await using var context = db.CreateDbContext();
        var indexed = log.Indexed;
        if (_indexedBefore is { } before && indexed - before < Math.Max(Least, await context.Conversations.SumAsync(c => c.LastSeq, cancel) / Share))
            return false;
        await MergeAsync(cancel);
        _indexedBefore = indexed;
        return true;
    }

    /// <summary>Merges whatever has come: what was deleted is in none of the pieces any more.</summary>
    internal Task MergeAllAsync(CancellationToken cancel) => db.IsPostgres ? Task.CompletedTask : MergeAsync(cancel);

    async Task MergeAsync(CancellationToken cancel)
    {
        // The sign begins it: all pieces into one.
        for (var pages = -Pages; await log.WriteAsync(new MergeEntry(pages), cancel); pages = Pages)
            await Task.Delay(Pause, clock, cancel);
    }

    sealed class MergeEntry(int pages) : LogEntry<bool>
    {
        protected override async Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            await connection.OverwriteAsync(true);
            var before = await ChangesAsync(connection);
            await connection.DoAsync("""INSERT INTO "MessageIndex" ("MessageIndex", rank) VALUES ('merge', @pages)""", Int("pages", pages));
            await connection.OverwriteAsync(false);
            // The command itself counts as one change.
            return await ChangesAsync(connection) - before > 1;
        }

        static async Task<long> ChangesAsync(LogConnection connection) => (await connection.RowAsync("SELECT total_changes()"))![0].Long();
    }
}
