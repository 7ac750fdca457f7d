using System.Buffers.Binary;
using Microsoft.AspNetCore.Http.Features;
using VetCommunity.App.Limiting;

namespace VetCommunity.App.Conversations;

/// <summary>
/// A watcher's upgraded connection, on which a frame that is the same for everybody is written beside SignalR's own. A frame from a
/// server carries no mask, so its bytes are made once: a thousand watchers cost a thousand sends and no more pipes, copies and threads.
/// </summary>
sealed class OpenLine(Stream inner, Action cut, ConfiguredLimits limits) : Stream
{
    // Ten seconds of a lively room; who is further behind comes back and catches up.
    readonly long _mostBytes = limits.KilobytesBehind * 1024L;
    readonly Lock _lock = new();
    readonly Queue<ReadOnlyMemory<byte>> _waiting = new();
    long _waitingBytes;
    // The first thing that a client is to hear is the answer to its handshake.
    bool _isGreeted;
    bool _inMessage;
    bool _blocked;

    /// <summary>Lets every WebSocket of this path be such a line.</summary>
    public static void Offer(IApplicationBuilder app, PathString path, ConfiguredLimits limits) => app.Use((http, next) =>
    {
        if (http.Request.Path == path && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            http.Features.Set<IHttpUpgradeFeature>(new Upgrade(http, upgrade, limits));
        return next(http);
    });

    /// <summary>A whole text message as a frame of its own.</summary>
    public static ReadOnlyMemory<byte> Frame(ReadOnlyMemory<byte> text)
    {
        var head = text.Length switch { < 126 => 2, <= ushort.MaxValue => 4, _ => 10 };
        var frame = new byte[head + text.Length];
        frame[0] = 0x81;
        frame[1] = head switch { 2 => (byte)text.Length, 4 => 126, _ => 127 };
        if (head == 4)
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)text.Length);
        else if (head == 10)
            BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), text.Length);
        text.CopyTo(frame.AsMemory(head));
        return frame;
    }

    /// <summary>Sends a frame, or keeps it until the connection takes more. Never waits and never throws.</summary>
    public void Send(ReadOnlyMemory<byte> frame)
    {
        lock (_lock)
        {
            // One long frame alone is nobody's fault.
            if (_waiting.Count < limits.FramesBehind && _waitingBytes <= _mostBytes)
            {
                _waiting.Enqueue(frame);
                _waitingBytes += frame.Length;
                SendWaiting();
                return;
            }
            _waiting.Clear();
            _waitingBytes = 0;
        }
        cut();
    }

    // SignalR's WebSocket writes each frame in one call; between the parts of one message no other may stand.
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var writing = inner.WriteAsync(buffer, cancellationToken);
            var (isLast, isControl) = ((buffer.Span[0] & 0x80) != 0, (buffer.Span[0] & 0x08) != 0);
            _inMessage = isControl ? _inMessage : !isLast;
            _isGreeted |= isLast && !isControl;
            SendWaiting();
            return writing;
        }
    }

    void SendWaiting()
    {
        while (_isGreeted && !_inMessage && !_blocked && _waiting.TryDequeue(out var frame))
        {
            _waitingBytes -= frame.Length;
            var writing = WriteAsync(frame);
            if (writing.IsCompleted)
                continue;
            _blocked = true;
            _ = WaitAsync(writing);
        }
    }

    // The connection may end at any moment; that is told elsewhere.
    async Task WriteAsync(ReadOnlyMemory<byte> frame)
    {
        try
        {
            await inner.WriteAsync(frame);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Nobody is there to read it.
        }
    }

    async Task WaitAsync(Task writing)
    {
        await writing;
        lock (_lock)
        {
            _blocked = false;
            SendWaiting();
        }
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override void Flush() => inner.Flush();
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    sealed class Upgrade(HttpContext http, IHttpUpgradeFeature upgrade, ConfiguredLimits limits) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => upgrade.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync()
        {
            var line = new OpenLine(await upgrade.UpgradeAsync(), http.Abort, limits);
            http.Features.Set(line);
            return line;
        }
    }
}
