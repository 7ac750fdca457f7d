using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace VetCommunity.App.Operation;

/// <summary>The web server's buffers: kept for their next use, and let go when it is quiet.</summary>
// The framework's own lets a hundredth of them go every ten seconds, and holds them where the collector cannot bring together what is left. See docs/decisions/052-memory-given-back.md.
sealed class ServerBuffers : IMemoryPoolFactory<byte>
{
    // The server fills pages of this size, and asks for no more at a time.
    const int Size = 4096;
    readonly ConcurrentBag<Kept> _all = [];

    /// <summary>How many nobody uses.</summary>
    public int Unused => _all.Sum(kept => kept.Unused);

    /// <summary>One for each of the server's queues, as it asks for: they do not wait for each other.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null)
    {
        var kept = new Kept();
        _all.Add(kept);
        return kept;
    }

    /// <summary>Lets go of those that nobody uses.</summary>
    public void LetGo()
    {
        foreach (var kept in _all)
            kept.LetGo();
    }

    sealed class Kept : MemoryPool<byte>
    {
        readonly ConcurrentQueue<Buffer> _unused = new();

        public override int MaxBufferSize => Size;

        public int Unused => _unused.Count;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, Size);
            return _unused.TryDequeue(out var buffer) ? buffer : new Buffer(_unused);
        }

        public void LetGo() => _unused.Clear();

        protected override void Dispose(bool disposing) => LetGo();
    }

    sealed class Buffer(ConcurrentQueue<Buffer> home) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(Size);

        public void Dispose() => home.Enqueue(this);
    }
}
