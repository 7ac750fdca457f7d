using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Search;

/// <summary>
/// Brings messages into the index that are older than it, that were stored past the log, or that a killed process left. Each batch is a transaction of
/// the log's writer; a message without a number and a span are what is still to come: whoever is killed in between goes on where it stopped.
/// </summary>
public sealed class IndexFilling(MessageLog log)
{
    /// <summary>Indexes what is missing. Answers how many messages that were older than the index.</summary>
    /// <exception cref="NotFoundException">Only the operator does this.</exception>
    public async Task<long> FillAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("index");
        await log.IndexedAsync(cancel);
        long all = 0;
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
