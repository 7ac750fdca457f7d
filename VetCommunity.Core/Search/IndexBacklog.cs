using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Search;

/// <summary>
/// Stored messages on their way into the index, in the groups in which they were written. Many are indexed together at a fraction of what each
/// costs alone; whoever searches has them indexed first. The writer of the log alone adds and takes. What is lost with the process has left its span
/// in the database, where <see cref="IndexFilling"/> finds it.
/// </summary>
sealed class IndexBacklog
{
    /// <summary>About as many at once: more would hold up who posts meanwhile.</summary>
    public const int Batch = 500;

    readonly Queue<UnindexedMessage[]> _groups = new();
    int _count;

    long _done;

    /// <summary>How many messages wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many have been taken away.</summary>
    public long Done => Volatile.Read(ref _done);

    public void Add(UnindexedMessage[] group)
    {
        _groups.Enqueue(group);
        Volatile.Write(ref _count, _count + group.Length);
    }

    public List<UnindexedMessage[]> First()
    {
        List<UnindexedMessage[]> first = [];
        var count = 0;
        foreach (var group in _groups)
        {
            first.Add(group);
            if ((count += group.Length) >= Batch)
                break;
        }
        return first;
    }

    /// <summary>Takes these away, as far as nobody did before.</summary>
    public void Remove(IReadOnlyCollection<UnindexedMessage[]> done)
    {
        while (_groups.TryPeek(out var next) && done.Contains(next))
        {
            Volatile.Write(ref _done, _done + next.Length);
            Volatile.Write(ref _count, _count - _groups.Dequeue().Length);
        }
    }
}

/// <summary>What the index is to hold of a message that was just stored.</summary>
sealed record UnindexedMessage(long SearchId, long Version, MessagePlace Place, int TopicId, int? AuthorId, IndexedText Text);

/// <summary>Brings the next ones of the backlog into the index.</summary>
sealed class IndexEntry(IndexBacklog backlog) : LogEntry<bool>
{
    List<UnindexedMessage[]> _taken = [];

    protected override async Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        _taken = backlog.First();
        foreach (var group in _taken)
        {
            if (await connection.TakeSpanAsync(group[0].SearchId))
                await connection.IndexGroupAsync(group);
        }
        return true;
    }

    public override void Succeed()
    {
        backlog.Remove(_taken);
        base.Succeed();
    }

    // Not tried for ever beside what members post: IndexFilling comes back to them. Who searches finds what is indexed.
    public override void Fail(Exception error) => Succeed();
}
