using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VetCommunity.Bench;

/// <summary>
/// One WebSocket that speaks the SignalR JSON protocol by hand, on a bare socket: a thousand of them must leave most of the machine
/// to the server. It offers permessage-deflate as browsers do, and refuses to measure where the server takes the offer.
/// </summary>
sealed class HubClient : IDisposable
{
    const byte End = 0x1e;
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly ConcurrentDictionary<string, TaskCompletionSource<JsonElement>> _calls = new(StringComparer.Ordinal);
    readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly SemaphoreSlim _sending = new(1);
    byte[] _buffer = new byte[8 * 1024];
    int _filled;
    byte[] _message = [];
    int _messageLength;
    int _next;

    readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the connection is gone.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Hears every invocation of the server, as its JSON.</summary>
    public Heard? OnHeard { get; set; }

    public delegate void Heard(ReadOnlySpan<byte> json);

    public static async Task<HubClient> ConnectAsync(Uri hub, string? token)
    {
        var client = new HubClient();
        await client._socket.ConnectAsync("127.0.0.1", hub.Port);
        var request = $"""
            GET {hub.AbsolutePath} HTTP/1.1
            Host: {hub.Authority}
            Origin: http://{hub.Authority}
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: {Convert.ToBase64String(RandomNumberGenerator.GetBytes(16))}
            Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits{(token is null ? "" : "\nAuthorization: Bearer " + token)}


            """;
        await client._socket.SendAsync(Encoding.ASCII.GetBytes(request.ReplaceLineEndings("\r\n")));
        await client.ReadUpgradeAsync();
        _ = client.ReadAsync();
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await client._greeted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return client;
    }

    /// <summary>Calls a method of the hub; the answer is its result.</summary>
    public async Task<JsonElement> CallAsync(string target, string argumentsJson)
    {
        var id = Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);
        var answer = _calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync($$"""{"type":1,"invocationId":"{{id}}","target":"{{target}}","arguments":[{{argumentsJson}}]}""");
        return await answer.Task;
    }

    public Task PingAsync() => SendAsync("""{"type":6}""");

    public void Dispose() => _socket.Dispose();

    async Task ReadUpgradeAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled));
            if (read == 0)
                throw new IOException("The server closed the connection during the upgrade.");
            _filled += read;
        }
        var head = Encoding.ASCII.GetString(_buffer, 0, end);
        if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
            throw new IOException("The server did not upgrade: " + head.Split('\r')[0]);
        if (head.Contains("permessage-deflate", StringComparison.OrdinalIgnoreCase))
            throw new IOException("The server compresses its hub; this client does not inflate.");
        _buffer.AsSpan(end + 4, _filled - end - 4).CopyTo(_buffer);
        _filled -= end + 4;
    }

    async Task SendAsync(string json)
    {
        var payload = Encoding.UTF8.GetBytes(json + (char)End);
        var head = payload.Length < 126 ? 2 : 4;
        var frame = new byte[head + 4 + payload.Length];
        frame[0] = 0x81;
        if (head == 2)
            frame[1] = (byte)(0x80 | payload.Length);
        else
        {
            frame[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)payload.Length));
        }
        // A mask of zeros is a mask, and costs nothing.
        payload.CopyTo(frame, head + 4);
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(frame);
        }
        finally
        {
            _sending.Release();
        }
    }

    async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                TakeFrames();
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled));
                if (read == 0)
                    break;
                _filled += read;
            }
            Fail(new IOException("The server closed the connection."));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException or JsonException)
        {
            Fail(error);
        }
    }

    void Fail(Exception error)
    {
        _greeted.TrySetException(error);
        foreach (var call in _calls.Values)
            call.TrySetException(error);
        _closed.TrySetResult();
    }

    void TakeFrames()
    {
        var start = 0;
        while (TryFrame(_buffer.AsSpan(start, _filled - start), out var opcode, out var head, out var length))
        {
            var payload = _buffer.AsSpan(start + head, length);
            if (opcode == 8)
                throw new IOException("The server closed the WebSocket.");
            if (opcode <= 2)
                TakeText(payload);
            start += head + length;
        }
        if (start > 0)
            _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
        if (_filled == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
    }

    static bool TryFrame(ReadOnlySpan<byte> bytes, out int opcode, out int head, out int length)
    {
        (opcode, head, length) = (0, 2, 0);
        if (bytes.Length < 2)
            return false;
        opcode = bytes[0] & 0x0f;
        length = bytes[1] & 0x7f;
        if (length == 126)
            head = 4;
        else if (length == 127)
            head = 10;
        if (bytes.Length < head)
            return false;
        if (head == 4)
            length = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        else if (head == 10)
            length = checked((int)BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]));
        return bytes.Length >= head + length;
    }

    // Messages end with a record separator; a frame may hold several, or a part of one.
    void TakeText(ReadOnlySpan<byte> text)
    {
        for (int end; (end = text.IndexOf(End)) >= 0; text = text[(end + 1)..])
        {
            if (_messageLength == 0)
            {
                TakeMessage(text[..end]);
                continue;
            }
            Keep(text[..end]);
            TakeMessage(_message.AsSpan(0, _messageLength));
            _messageLength = 0;
        }
        if (text.Length > 0)
            Keep(text);
    }

    void Keep(ReadOnlySpan<byte> part)
    {
        if (_message.Length < _messageLength + part.Length)
            Array.Resize(ref _message, Math.Max(_message.Length * 2, _messageLength + part.Length));
        part.CopyTo(_message.AsSpan(_messageLength));
        _messageLength += part.Length;
    }

    void TakeMessage(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("{\"type\":1,"u8))
            OnHeard?.Invoke(json);
        else if (json.StartsWith("{\"type\":3,"u8))
            TakeAnswer(JsonElement.Parse(json));
        else if (json.StartsWith("{\"type\":7"u8))
            throw new IOException("The server ended the connection: " + Encoding.UTF8.GetString(json));
        else if (!json.StartsWith("{\"type\":6"u8))
            Greeted(json);
    }

    void Greeted(ReadOnlySpan<byte> json)
    {
        if (json.SequenceEqual("{}"u8))
            _greeted.TrySetResult();
        else
            _greeted.TrySetException(new IOException("Unexpected: " + Encoding.UTF8.GetString(json)));
    }

    void TakeAnswer(JsonElement answer)
    {
        if (!_calls.TryRemove(answer.GetProperty("invocationId").GetString()!, out var call))
            return;
        if (answer.TryGetProperty("error", out var error))
            call.TrySetException(new InvalidOperationException(error.GetString()));
        else
            call.TrySetResult(answer.TryGetProperty("result", out var result) ? result : default);
    }
}
