using System.Net;
using System.Net.Sockets;
using System.Text;
using VetCommunity.App.Webhooks;
using VetCommunity.Core.Webhooks;
using Xunit;

namespace VetCommunity.Tests.Webhooks;

public class CallingTargets
{
    static readonly string Secret = Signatures.NewSecret();
    static readonly Seal Plain = new(secret => secret, stored => stored);

    [Fact]
    public async Task A_receiver_can_check_the_signature_and_reads_a_message_as_the_hub_gives_it()
    {
        await using var receiver = await Receiver.OpenAsync();

        var result = await CallAsync(receiver.Address);

        Assert.Equal((CallFailure.None, 204), (result.Failure, result.Status));
        var call = await receiver.HearAsync();
        Assert.True(call.IsSignedWith(Secret));
        Assert.Equal("msg_1", call.Id);
        Assert.InRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(call.Timestamp, System.Globalization.CultureInfo.InvariantCulture), -1, 60);
        Assert.Equal("message.posted", call.Type);
        Assert.Equal(At, call.Json.GetProperty("timestamp").GetDateTimeOffset());
        Assert.Equal(("welding", 7L, "Which **gas**?", "anna", "2026-03-02T08:00:00+00:00"),
            (call.Data.GetProperty("conversation").GetString(), call.Data.GetProperty("seq").GetInt64(), call.Data.GetProperty("markdown").GetString(),
            call.Data.GetProperty("author").GetProperty("handle").GetString(), call.Data.GetProperty("sentAt").GetString()));
    }

    [Promise("IN4")]
    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var inside = await Receiver.OpenAsync();
        foreach (var status in (int[])[301, 302, 307, 308])
        {
            await using var receiver = await Receiver.OpenAsync(http =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = $"http://127.0.0.1:{inside.Port}/admin";
                return Task.CompletedTask;
            });

            var result = await CallAsync(receiver.Address);

            Assert.Equal((CallFailure.SentOn, status), (result.Failure, result.Status));
        }
        Assert.True(inside.HeardAll);
    }

    [Promise("IN4")]
    [Theory]
    [InlineData(200, CallFailure.None)]
    [InlineData(500, CallFailure.Answer)]
    public async Task An_answer_without_an_end_is_read_only_a_little(int status, CallFailure failure)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var block = new byte[64 * 1024];
            _ = await client.GetStream().ReadAsync(block);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Here it comes\r\nContent-Length: 10000000000\r\n\r\n"));
            Array.Fill(block, (byte)'x');
            for (var sent = 0L; ; sent += block.Length)
            {
                try
                {
                    await client.GetStream().WriteAsync(block);
                }
                catch (IOException)
                {
                    return sent;
                }
            }
        });

        var result = await CallAsync(new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        Assert.Equal((failure, status), (result.Failure, result.Status));
        Assert.True((result.Error?.Length ?? 0) <= 16 * 1024);
        // What lies in the buffers of both ends, and no more.
        Assert.InRange(await answering.WaitAsync(Patience.Enough), 0, 64 * 1024 * 1024);
    }

    [Promise("FT20")]
    [Fact]
    public async Task Who_does_not_answer_is_waited_for_ten_seconds_and_no_longer()
    {
        var hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.OpenAsync(http => hung.Task);

        var result = await CallAsync(receiver.Address);

        Assert.Equal((CallFailure.TooSlow, (int?)null), (result.Failure, result.Status));
        Assert.True(result.Took > TimeSpan.FromSeconds(9));
        hung.SetResult();
    }

    [Fact]
    public async Task The_caller_itself_can_break_off()
    {
        var hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.OpenAsync(http => hung.Task);
        using var stop = new CancellationTokenSource();
        using var calls = new TargetCalls(new(["127.0.0.1"]), Plain, TimeProvider.System);
        var calling = calls.CallAsync(Due(receiver.Address.ToString()), stop.Token);
        await receiver.HearAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        hung.SetResult();
    }

    [Theory]
    [InlineData("", CallFailure.BrokenOff, null)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", CallFailure.BrokenOff, null)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", CallFailure.BrokenOff, null)]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 1000\r\n\r\nhalf of it", CallFailure.Answer, "half of it")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it", CallFailure.None, null)]
    [InlineData("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", CallFailure.Gone, null)]
    [InlineData("HTTP/1.1 429 Slow down\r\nContent-Length: 3\r\n\r\nhey", CallFailure.Answer, "hey")]
    public async Task Who_closes_early_or_speaks_something_else_is_a_failed_attempt_at_most(string says, CallFailure failure, string? error)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var buffer = new byte[16 * 1024];
            _ = await client.GetStream().ReadAsync(buffer);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(says));
            client.Client.Shutdown(SocketShutdown.Send);
        });

        var result = await CallAsync(new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        Assert.Equal((failure, error), (result.Failure, result.Error));
        await answering.WaitAsync(Patience.Enough);
    }

    [Promise("IN4")]
    [Theory]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    public async Task A_name_or_number_that_leads_inside_is_not_called(string target)
    {
        await using var inside = await Receiver.OpenAsync();

        // Another host is allowed, this one is not.
        var result = await CallAsync(new(string.Format(System.Globalization.CultureInfo.InvariantCulture, target, inside.Port)), "crm.internal");

        Assert.Equal(CallFailure.NotCalled, result.Failure);
        Assert.True(inside.HeardAll);
    }

    [Fact]
    public async Task Nobody_there_and_no_encryption_are_told_apart()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Assert.Equal(CallFailure.Unreachable, (await CallAsync(new($"http://127.0.0.1:{port}/"))).Failure);
        Assert.Equal(CallFailure.NoSuchHost, (await CallAsync(new("https://there-is-none.invalid/"))).Failure);
        await using var plain = await Receiver.OpenAsync();
        Assert.Equal(CallFailure.NotSecure, (await CallAsync(new($"https://127.0.0.1:{plain.Port}/"))).Failure);
    }

    [Fact]
    public async Task With_a_lost_secret_nobody_is_called()
    {
        await using var receiver = await Receiver.OpenAsync();
        using var calls = new TargetCalls(new(["127.0.0.1"]), new(secret => secret, _ => null), TimeProvider.System);

        Assert.Equal(CallFailure.SecretLost, (await calls.CallAsync(Due(receiver.Address.ToString()), default)).Failure);
        Assert.True(receiver.HeardAll);
    }

    static readonly DateTimeOffset At = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    static async Task<CallResult> CallAsync(Uri target, string allowed = "127.0.0.1")
    {
        using var calls = new TargetCalls(new([allowed]), Plain, TimeProvider.System);
        return await calls.CallAsync(Due(target.ToString()), TestContext.Current.CancellationToken);
    }

    static DueDelivery Due(string target) => new(1, target, Secret, "msg_1", WebhookEvents.MessagePosted, At, "welding", 9,
        new(1, "welding", 7, 9, "key", "Gas", "gas", new("anna", "Anna Rossi", null), "Which **gas**?", "<p>Which <strong>gas</strong>?</p>", At, null, null, null, null, [], []), null);
}
