using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace VetCommunity.Tests.Running;

/// <summary>A line that goes through here: it can fall silent without a word, be slow, or have a reader that reads nothing.</summary>
sealed class Wire : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentBag<Call> _calls = [];
    readonly CancellationTokenSource _end = new();
    readonly int _to;
    readonly Task _accepting;

    public Wire(int to)
    {
        _to = to;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>So much comes from the server in a second; 0 is without a limit.</summary>
    public int BytesPerSecond { get; init; }

    /// <summary>How long each piece is on its way, in both directions: from the first to the second.</summary>
    public (TimeSpan Least, TimeSpan Most) Latency { get; init; }

    /// <summary>New calls are hung up on.</summary>
    public bool IsDown { get; set; }

    /// <summary>What is connected stays connected and hears nothing any more; new calls go through.</summary>
    public void Sever()
    {
        foreach (var call in _calls)
            call.Dead = true;
    }

    /// <summary>What is connected takes nothing more from the server, and goes on saying what it says; new calls read.</summary>
    public void StopReading()
    {
        foreach (var call in _calls)
            call.Full = true;
    }

    /// <summary>The server has given up one that reads nothing: what is said to it comes back as an error.</summary>
    public Task GivenUpAsync() => Task.WhenAny(_calls.Where(call => call.Full).Select(call => call.GivenUp.Task));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                if (IsDown)
                {
                    near.Close();
                    continue;
                }
                // A small pocket, so that the server soon feels that nobody reads.
                var far = new TcpClient { ReceiveBufferSize = 8 * 1024, NoDelay = true };
                near.NoDelay = true;
                await far.ConnectAsync("localhost", _to, _end.Token);
                var call = new Call();
                _calls.Add(call);
                _ = CarryAsync(near, far, call, fromServer: false);
                _ = CarryAsync(far, near, call, fromServer: true);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    async Task CarryAsync(TcpClient from, TcpClient to, Call call, bool fromServer)
    {
        var buffer = new byte[fromServer && BytesPerSecond > 0 ? 512 : 16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is > 0 and var read)
            {
                if (Latency.Most > TimeSpan.Zero)
                    await Task.Delay(Latency.Least + (Random.Shared.NextDouble() * (Latency.Most - Latency.Least)), _end.Token);
                if (fromServer && BytesPerSecond > 0)
                    await Task.Delay(TimeSpan.FromSeconds((double)read / BytesPerSecond), _end.Token);
                while (fromServer && call.Full)
                    await Task.Delay(Timeout.Infinite, _end.Token);
                if (!call.Dead)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read), _end.Token);
            }
            if (!call.Dead)
                to.Close();
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side hung up.
            if (!fromServer && over is IOException)
                call.GivenUp.TrySetResult();
        }
    }

    sealed class Call
    {
        public volatile bool Dead;
        public volatile bool Full;
        public TaskCompletionSource GivenUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
