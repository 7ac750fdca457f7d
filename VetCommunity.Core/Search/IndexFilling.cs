using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Search;

/// <summary>
/// Brings messages into the index that are older than it, that were stored past the log, or that a killed process left. Each batch is a transaction of
/// the log's writer; a message without a number and a span are what is still to come: whoever is killed in between goes on where it stopped.
/// </summary>
public sealed class IndexFilling(CommunityDbFactory db, MessageLog log)
{
    /// <summary>Indexes what is missing. Answers how many messages that were older than the index.</summary>
    /// <exception cref="NotFoundException">Only the operator does this.</exception>
    public async Task<long> FillAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("index");
        await log.IndexedAsync(cancel);
        long all = 0;
        if (!await IsAnyMissingAsync(cancel))
            return all;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var count = await log.WriteAsync(new FillEntry(), cancel);
            all += count;
            if (count == 0)
                break;
        }
        while (await log.WriteAsync(new LeftSpanEntry(), cancel))
            cancel.ThrowIfCancellationRequested();
        return all;
    }

    // Asked beside the writer, which nobody should wait for because of a look.
    async Task<bool> IsAnyMissingAsync(CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        return await context.Messages.AnyAsync(m => m.SearchId == null, cancel)
            || (await context.Database.SqlQueryRaw<long>("""SELECT "First" AS "Value" FROM "UnindexedSpans" LIMIT 1""").ToListAsync(cancel)).Count > 0;
    }

    // Few enough that who posts meanwhile does not notice.
    const int Batch = 100;

    sealed class FillEntry : LogEntry<int>
    {
        protected override Task<int> WriteAsync(LogConnection connection, DateTimeOffset now) => connection.IndexUnnumberedAsync(Batch);
    }

    sealed class LeftSpanEntry : LogEntry<bool>
    {
        protected override Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now) => connection.IndexLeftSpanAsync(Batch);
    }
}
