using System.Data.Common;
using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Data;
using VetCommunity.Core.Search;
using VetCommunity.Core.Watching;

namespace VetCommunity.Core.Conversations;

/// <summary>
/// The one writer of messages. Whatever waits is written in one durable transaction (group commit) with prepared commands; only then
/// is each author answered and are readers told. Rights are judged inside that transaction.
/// </summary>
/// <remarks>EF would cost as much CPU a message as 75 deliveries of it; this is the one place that writes without it.</remarks>
public sealed class MessageLog(CommunityDbFactory db, Feed feed, TimeProvider clock, ILogger<MessageLog> log) : IAsyncDisposable
{
    const int GroupSize = 256;
    const int Tries = 5;
    static readonly TimeSpan UntilIndexed = TimeSpan.FromSeconds(1);
    readonly IndexBacklog _backlog = new();
    readonly CancellationTokenSource _stopping = new();
    volatile bool _isIndexDue;
    readonly Channel<LogEntry> _waiting = Channel.CreateBounded<LogEntry>(new BoundedChannelOptions(10_000) { SingleReader = true });
    readonly Lock _starting = new();
    Task? _writing;
    LogConnection? _connection;

    internal async Task<TResult> WriteAsync<TResult>(LogEntry<TResult> entry, CancellationToken cancel)
    {
        lock (_starting)
            _writing ??= Task.Run(WriteWaitingAsync, CancellationToken.None);
        await _waiting.Writer.WriteAsync(entry, cancel);
        // From here on it will be written; who stops waiting for the answer repeats it with the same client key.
        return await entry.Answer.WaitAsync(cancel);
    }

    /// <summary>How many messages have been brought into the search index since the program started.</summary>
    internal long Indexed => _backlog.Done;

    /// <summary>Everything that was acknowledged before can be searched after.</summary>
    internal async Task IndexedAsync(CancellationToken cancel)
    {
        for (var waiting = _backlog.Count; waiting > 0; waiting -= IndexBacklog.Batch)
            await WriteAsync(new IndexEntry(_backlog), cancel);
    }

    /// <summary>Lets the writer's connection go, with the pages of the file that it keeps at hand. The next change opens another.</summary>
    public Task RestAsync(CancellationToken cancel)
    {
        var rest = new RestEntry();
        // Full or closed it does not rest.
        return _connection is not null && _waiting.Writer.TryWrite(rest) ? rest.Answer.WaitAsync(cancel) : Task.CompletedTask;
    }

    /// <summary>Writes what waits and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete())
            return;
        await _stopping.CancelAsync();
        if (_writing is not null)
            await _writing;
        _stopping.Dispose();
        await LetGoAsync();
    }

    async Task LetGoAsync()
    {
        var connection = _connection;
        _connection = null;
        try
        {
            if (connection is not null)
                await connection.DisposeAsync();
        }
        catch (DbException error)
        {
            // What was to be written with it has been answered for; the next one is another.
            log.LogWarning(error, "A connection of the writer could not be closed");
        }
    }

    async Task WriteWaitingAsync()
    {
        // Begun by whoever came first, and working for all.
        if (Activity.Current is not null)
            Activity.Current = null;
        var group = new List<LogEntry>(GroupSize);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (group.Count < GroupSize && _waiting.Reader.TryRead(out var entry))
                group.Add(entry);
            List<RestEntry> rests = group.Exists(entry => entry is RestEntry) ? [.. group.OfType<RestEntry>()] : [];
            if (rests.Count > 0)
                group.RemoveAll(entry => entry is RestEntry);
            if (_backlog.Count >= IndexBacklog.Batch)
                group.Add(new IndexEntry(_backlog));
            if (group.Count > 0 && !await TryWriteAsync(group))
            {
                // One bad entry must not take its neighbours along: each alone, once more.
                foreach (var entry in group.ToArray())
                    await TryWriteAsync([entry]);
            }
            group.Clear();
            if (rests.Count > 0)
                await LetGoAsync();
            rests.ForEach(rest => rest.Succeed());
            if (_backlog.Count > 0 && !_isIndexDue)
            {
                _isIndexDue = true;
                _ = IndexSoonAsync();
            }
        }
        while (_backlog.Count > 0)
            await TryWriteAsync([new IndexEntry(_backlog)]);
    }

    async Task IndexSoonAsync()
    {
        try
        {
            await Task.Delay(UntilIndexed, clock, _stopping.Token);
            _isIndexDue = false;
            await WriteAsync(new IndexEntry(_backlog), CancellationToken.None);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException or RefusedException)
        {
            // The log closes and indexes what waits itself, or it has said already why it could not.
        }
    }

    async Task<bool> TryWriteAsync(List<LogEntry> group, int tries = 1)
    {
        UnindexedMessage[] unindexed = [];
        using var commit = Traces.Commit(group);
        try
        {
            _connection ??= await LogConnection.OpenAsync(db);
            await _connection.BeginAsync();
            _connection.Notes.Clear();
            foreach (var entry in group)
                await entry.ApplyAsync(_connection, Now());
            unindexed = [.. group.Select(entry => entry.ToIndex).OfType<UnindexedMessage>()];
            if (unindexed is [var first, ..])
                await _connection.LeaveSpanAsync(first.SearchId, unindexed[^1].SearchId);
            await _connection.ChainAsync(db.AuditKey, _connection.Notes);
            await _connection.CommitAsync();
            commit?.Stop();
        }
        catch (Exception error)
        {
            commit?.SetStatus(ActivityStatusCode.Error);
            commit?.Stop();
            await LetGoAsync();
            if (tries < Tries && IsInTheWayOfAnother(error))
                return await TryWriteAsync(group, tries + 1);
            if (group.Count > 1 && !error.MeetsEverybody())
                return false;
            log.LogError(error, "{Count} changes could not be stored", group.Count);
            foreach (var entry in group)
                entry.Fail(error is DbException ? new RefusedException(Refusal.StorageUnavailable) : error);
            return true;
        }
        // Before anybody is answered: who searches right after it finds it.
        if (unindexed.Length > 0)
            _backlog.Add(unindexed);
        foreach (var entry in group)
            entry.Succeed();
        Measures.Stored(group);
        foreach (var one in group.Where(entry => entry.Changes.Count > 0).GroupBy(entry => entry.ConversationId))
            await PublishAsync(one.Key, [.. one.SelectMany(entry => entry.Changes)], commit?.Context ?? default);
        return true;
    }

    // PostgreSQL takes one of two writers back who wait for each other, such as this one and a verb of the command line: the other one is done by now.
    static bool IsInTheWayOfAnother(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    // As precise as the databases keep it: an answer and a later reading show the same instant.
    DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    // Stored is stored: whatever goes wrong in telling, readers catch up from the database.
    async Task PublishAsync(int conversationId, List<UntoldChange> untold, ActivityContext from)
    {
        try
        {
            Dictionary<long, PostedMessage> read = [];
            var unread = untold.Where(change => change.Message is null).Select(change => change.Seq).Distinct().ToList();
            if (unread.Count > 0)
            {
                await using var context = db.CreateDbContext();
                foreach (var message in await MessageReading.OfAsync(context, conversationId, unread, CancellationToken.None))
                    read[message.Seq] = message;
            }
            feed.Publish(new ConversationChanged(conversationId,
                [.. untold.Select(change => new Change(change.Version, change.Kind, change.Message ?? read[change.Seq], change.Mentioned))])
            { From = from });
        }
        catch (Exception error)
        {
            log.LogError(error, "Readers could not be told of a stored change");
        }
    }
}

/// <summary>A change that was stored and not yet told. Without a message it is read again after the commit.</summary>
sealed record UntoldChange(long Version, ChangeKind Kind, long Seq, PostedMessage? Message = null, IReadOnlyList<int>? Mentioned = null);

/// <summary>One thing to write. It refuses before its first write, so that a group needs no savepoints.</summary>
abstract class LogEntry
{
    public int ConversationId { get; protected set; }
    public List<UntoldChange> Changes { get; } = [];
    public UnindexedMessage? ToIndex { get; protected set; }

    /// <summary>When it was handed over.</summary>
    public long Began { get; } = Stopwatch.GetTimestamp();

    /// <summary>In which span, where somebody listens.</summary>
    public Activity? Span { get; } = Traces.Current;

    public abstract Task ApplyAsync(LogConnection connection, DateTimeOffset now);
    public abstract void Succeed();
    public abstract void Fail(Exception error);
}

abstract class LogEntry<TResult> : LogEntry
{
    readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    TResult? _result;
    Exception? _refusal;

    public Task<TResult> Answer => _answer.Task;

    protected abstract Task<TResult> WriteAsync(LogConnection connection, DateTimeOffset now);

    public override async Task ApplyAsync(LogConnection connection, DateTimeOffset now)
    {
        Changes.Clear();
        ToIndex = null;
        _refusal = null;
        try
        {
            _result = await WriteAsync(connection, now);
        }
        catch (Exception refusal) when (refusal is RefusedException or NotFoundException)
        {
            _refusal = refusal;
        }
    }

    public override void Succeed()
    {
        if (_refusal is not null)
            _answer.TrySetException(_refusal);
        else
            _answer.TrySetResult(_result!);
    }

    public override void Fail(Exception error) => _answer.TrySetException(error);
}

// Nothing is written for it: it waits its turn, so that nobody's transaction is cut.
sealed class RestEntry : LogEntry<bool>
{
    protected override Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now) => Task.FromResult(true);
}
