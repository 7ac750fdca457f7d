using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace VetCommunity.App.Operation;

/// <summary>The web server's buffers: kept for their next use, fewer from look to look where not all are used, and let go when it is quiet.</summary>
// The framework's own lets a hundredth of them go every ten seconds, and holds them where the collector cannot bring together what is left. See docs/decisions/052-memory-given-back.md.
sealed class ServerBuffers : IMemoryPoolFactory<byte>
{
    // The server fills pages of this size, and asks for no more at a time.
    // A usual message as it is pushed fits into one, and a line that only says that it is there needs ten bytes of one. It is also the least that the server takes in at a time.
    const int Size = 2048;
    // Twenty seconds: in less, a thousand lines on which nobody says anything have shown twice, all at the same moment, that they are there.
    const int Looks = 4;
    readonly ConcurrentDictionary<Kept, bool> _all = new();

    /// <summary>How many nobody uses.</summary>
    public int Unused => _all.Keys.Sum(kept => kept.Unused);

    /// <summary>One for each of the server's queues, as it asks for: they do not wait for each other.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        var kept = new Kept(_all);
        _all[kept] = true;
        return kept;
    }

    /// <summary>Lets go of half of those that nobody used in the last <see cref="Looks"/> times.</summary>
    public void Shrink()
    {
        foreach (var kept in _all.Keys)
            kept.Shrink();
    }

    /// <summary>Lets go of all that nobody uses.</summary>
    public void LetGo()
    {
        foreach (var kept in _all.Keys)
            kept.LetGo();
    }

    sealed class Kept(ConcurrentDictionary<Kept, bool> all) : MemoryPool<byte>
    {
        readonly ConcurrentQueue<Buffer> _unused = new();
        // Asked at each turn, and the queue would have to stop all who use it to say it.
        int _count;
        // The fewest that were there from look to look: so many were not needed. Two threads may miss each other's; it is an estimate.
        readonly int[] _fewest = new int[Looks];
        int _look;
        volatile bool _isOver;

        public override int MaxBufferSize => Size;

        public int Unused => Volatile.Read(ref _count);

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, Size);
            if (!_unused.TryDequeue(out var buffer))
            {
                _fewest[_look] = 0;
                return new Buffer(this);
            }
            var look = _look;
            _fewest[look] = Math.Min(_fewest[look], Interlocked.Decrement(ref _count));
            buffer.Lend();
            return buffer;
        }

        public void Return(Buffer buffer)
        {
            if (_isOver)
                return;
            Interlocked.Increment(ref _count);
            _unused.Enqueue(buffer);
        }

        public void Shrink()
        {
            LetGo(_fewest.Min() / 2);
            var next = (_look + 1) % Looks;
            _fewest[next] = Volatile.Read(ref _count);
            _look = next;
        }

        public void LetGo() => LetGo(int.MaxValue);

        protected override void Dispose(bool disposing)
        {
            _isOver = true;
            all.TryRemove(this, out _);
            LetGo();
        }

        void LetGo(int most)
        {
            while (most-- > 0 && _unused.TryDequeue(out _))
                Interlocked.Decrement(ref _count);
        }
    }

    sealed class Buffer(Kept home) : IMemoryOwner<byte>
    {
        int _isLent = 1;

        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(Size);

        public void Lend() => _isLent = 1;

        // Whoever gives it back twice must not make two others write into one page.
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLent, 0) == 1)
                home.Return(this);
        }
    }
}
