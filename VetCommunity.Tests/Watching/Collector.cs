using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VetCommunity.Tests.Watching;

/// <summary>A program of the operator's that takes what OpenTelemetry sends (OTLP over http, protobuf).</summary>
sealed class Collector : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly Task _taking;
    readonly ConcurrentQueue<string> _texts = new();
    readonly ConcurrentQueue<Span> _spans = new();
    readonly SemaphoreSlim _more = new(0);

    public Collector()
    {
        // A free port may be taken by another before it is listened to: then the next one.
        while (!TryListen(out var address))
            Address = address;
        _taking = TakeAsync();
    }

    public string Address { get; private set; } = "";

    /// <summary>All that has come, as text: strings in protobuf are UTF-8.</summary>
    public string Text => string.Concat(_texts);

    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <summary>Waits until what came says so.</summary>
    public async Task UntilAsync(Func<bool> enough)
    {
        using var limit = new CancellationTokenSource(Patience.Enough);
        while (!enough())
            await _more.WaitAsync(limit.Token);
    }

    bool TryListen(out string address)
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            address = FormattableString.Invariant($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Clear();
        _listener.Prefixes.Add(address);
        try
        {
            _listener.Start();
            Address = address;
            return true;
        }
        catch (HttpListenerException)
        {
            return false;
        }
    }

    async Task TakeAsync()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            foreach (var span in call.Request.Url!.AbsolutePath == "/v1/traces" ? Span.In(body.ToArray()) : [])
                _spans.Enqueue(span);
            _texts.Enqueue(Encoding.UTF8.GetString(body.ToArray()));
            call.Response.ContentType = "application/x-protobuf";
            call.Response.Close();
            _more.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _taking;
        _listener.Close();
        _more.Dispose();
    }
}

/// <summary>A span, with what it goes on with and what it is linked to.</summary>
sealed record Span(string Trace, string Id, string Parent, string Name, IReadOnlyList<string> Links)
{
    // ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans.
    public static IEnumerable<Span> In(byte[] request) => Fields(request, 1).SelectMany(one => Fields(one, 2)).SelectMany(one => Fields(one, 2)).Select(one => new Span(
        Hex(Fields(one, 1)), Hex(Fields(one, 2)), Hex(Fields(one, 4)), Encoding.UTF8.GetString(Fields(one, 5).First()), [.. Fields(one, 13).Select(link => Hex(Fields(link, 2)))]));

    static string Hex(IEnumerable<byte[]> some) => some.FirstOrDefault() is { } bytes ? Convert.ToHexStringLower(bytes) : "";

    // All fields of this number that have a length.
    static List<byte[]> Fields(byte[] message, int number)
    {
        List<byte[]> found = [];
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    if (tag >> 3 == (ulong)number)
                        found.Add(message[at..(at + length)]);
                    at += length;
                    break;
            }
        }
        return found;
    }

    static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
