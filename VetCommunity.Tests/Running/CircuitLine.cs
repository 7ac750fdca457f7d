using System.Buffers.Binary;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using VetCommunity.Tests.Members;

namespace VetCommunity.Tests.Running;

/// <summary>The line of a tool, as the script of the page speaks on it: SignalR's hub protocol in MessagePack, of which only what begins a circuit is needed.</summary>
sealed class CircuitLine : IDisposable
{
    const byte Invocation = 1;
    const byte Completion = 3;
    const byte Failed = 1;
    const string Yes = "yes";
    readonly ClientWebSocket _socket = new();
    readonly string _page;
    readonly List<byte> _heard = [];
    int _calls;

    CircuitLine(Visitor member)
    {
        _page = member.Community.Address.ToString();
        _socket.Options.SetRequestHeader("Cookie", member.CookieHeader);
    }

    public bool IsOpen => _socket.State == WebSocketState.Open;

    /// <summary>Opens a line with the member's cookies, and hears that the server is there.</summary>
    /// <exception cref="WebSocketException">The server refuses.</exception>
    public static async Task<CircuitLine> OpenAsync(Visitor member, CancellationToken cancel)
    {
        var line = new CircuitLine(member);
        try
        {
            await line._socket.ConnectAsync(new UriBuilder(member.Community.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, cancel);
            // Without these words the server soon hangs up.
            await line._socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancel);
            while (!line._heard.Contains(0x1e))
                await line.HearAsync(cancel);
            line._heard.RemoveRange(0, line._heard.IndexOf(0x1e) + 1);
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    /// <summary>Begins a circuit. Answers with what it is known by; null where the server makes none.</summary>
    public async Task<string?> StartAsync(CancellationToken cancel)
    {
        var circuit = await CallAsync("StartCircuit", cancel, _page, _page, "[]", "");
        // The answer comes before the circuit is whole, and one whose line is lost meanwhile is given up. What is asked of it now is answered afterwards.
        if (circuit is not null)
            await CallAsync("OnLocationChanged", cancel, _page, null, false);
        return circuit;
    }

    /// <summary>Asks for a circuit that lost its line. Answers whether it is there.</summary>
    public async Task<bool> ReturnAsync(string circuit, CancellationToken cancel) => await CallAsync("ConnectCircuit", cancel, circuit) == Yes;

    /// <summary>The line is cut: nothing is said goodbye to.</summary>
    public void Dispose() => _socket.Dispose();

    async Task<string?> CallAsync(string method, CancellationToken cancel, params object?[] arguments)
    {
        var id = (++_calls).ToString(CultureInfo.InvariantCulture);
        // Kind, no headers, number, name, arguments.
        byte[] call = [0x95, Invocation, 0x80, .. Packed(id), .. Packed(method), (byte)(0x90 | arguments.Length), .. arguments.SelectMany(Packed)];
        await _socket.SendAsync(Framed(call), WebSocketMessageType.Binary, endOfMessage: true, cancel);
        while (true)
        {
            while (Next() is { } message)
            {
                // The server calls as well, and pings.
                if (message[1] != Completion)
                    continue;
                // Kind and no headers come before.
                var at = 3;
                if (Unpacked(message, ref at) != id)
                    continue;
                var kind = message[at++];
                var result = at < message.Length ? Unpacked(message, ref at) : null;
                return kind == Failed ? throw new InvalidOperationException(result) : result;
            }
            await HearAsync(cancel);
        }
    }

    async Task HearAsync(CancellationToken cancel)
    {
        var buffer = new byte[4096];
        var heard = await _socket.ReceiveAsync(buffer, cancel);
        if (heard.MessageType == WebSocketMessageType.Close)
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        _heard.AddRange(buffer.AsSpan(0, heard.Count));
    }

    // Each message has its length before it, seven bits a byte.
    byte[]? Next()
    {
        var length = 0;
        for (var i = 0; i < _heard.Count; i++)
        {
            length |= (_heard[i] & 0x7f) << (7 * i);
            if (_heard[i] >= 0x80)
                continue;
            if (_heard.Count < i + 1 + length)
                return null;
            var message = _heard.GetRange(i + 1, length).ToArray();
            _heard.RemoveRange(0, i + 1 + length);
            return message;
        }
        return null;
    }

    static byte[] Framed(byte[] message)
    {
        List<byte> framed = [];
        var length = message.Length;
        for (; length >= 0x80; length >>= 7)
            framed.Add((byte)(length | 0x80));
        return [.. framed, (byte)length, .. message];
    }

    static IEnumerable<byte> Packed(object? value)
    {
        if (value is not string text)
            return [(byte)(value is null ? 0xc0 : value is true ? 0xc3 : 0xc2)];
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < 32 ? [(byte)(0xa0 | bytes.Length), .. bytes] : [0xda, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    static string? Unpacked(byte[] message, ref int at)
    {
        var mark = message[at++];
        int length;
        switch (mark)
        {
            case 0xc0:
                return null;
            case 0xc2 or 0xc3:
                return mark == 0xc3 ? Yes : "no";
            case 0xd9:
                length = message[at++];
                break;
            case 0xda:
                length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at));
                at += 2;
                break;
            case >= 0xa0 and < 0xc0:
                length = mark & 0x1f;
                break;
            default:
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Not understood: {mark:x2}"));
        }
        at += length;
        return Encoding.UTF8.GetString(message, at - length, length);
    }
}
