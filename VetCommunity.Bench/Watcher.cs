using System.Diagnostics;

namespace VetCommunity.Bench;

/// <summary>One who watches a room and notes when each message came. A gap, a double or (where the server numbers) a wrong order is not a delivery.</summary>
sealed class Watcher(IDisposable connection, bool inOrder, Func<Task> ping) : IDisposable
{
    long[] _at = [];
    long _first;
    long _last;
    int _count;

    public IDisposable Connection => connection;
    public int Count => Volatile.Read(ref _count);
    public bool IsBroken { get; private set; }

    public void Begin(long first, int count)
    {
        _at = new long[count];
        (_first, _last, _count, IsBroken) = (first, first - 1, 0, false);
    }

    public void Heard(long number)
    {
        var index = number - _first;
        if (index < 0 || index >= _at.Length || _at[index] != 0 || (inOrder && number != _last + 1))
        {
            IsBroken = _at.Length > 0;
            return;
        }
        _last = number;
        _at[index] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _count);
    }

    /// <summary>When the message came; 0 when it did not.</summary>
    public long At(long number) => _at[number - _first];

    public Task PingAsync() => ping();

    public void Dispose() => connection.Dispose();
}
