using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>Lines that die without a word, readers that do not read, clients that are slow: what becomes of them, and of the others.</summary>
public sealed class FallingSilent(ImpatientCommunity community) : IClassFixture<ImpatientCommunity>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Promise("FT13")]
    [Fact]
    public async Task Of_a_line_that_died_without_a_word_both_ends_notice()
    {
        await using var wire = new Wire(community.One.Address.Port);
        await using var lost = await ConnectAsync("member@demo.example", wire);
        var noticed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lost.Closed += _ =>
        {
            noticed.TrySetResult();
            return Task.CompletedTask;
        };
        await lost.OpenAsync("welcome");
        await using var other = await ConnectAsync("member2@demo.example");
        var (together, alone) = (Presence(other, 2), Presence(other, 1));
        await other.OpenAsync("welcome");
        await together.WaitAsync(Patience.Enough, Cancel);

        wire.Sever();

        await noticed.Task.WaitAsync(Patience.Enough, Cancel);
        await alone.WaitAsync(Patience.Enough, Cancel);
        await using var again = await ConnectAsync("member@demo.example", wire);
        Assert.True(await again.PostAsync("welcome", "again", "Here again") > 0);
    }

    [Promise("FT14")]
    [Fact]
    public async Task Over_a_line_of_two_kilobytes_a_second_and_half_a_second_of_delay_one_reads_and_writes()
    {
        await using var wire = new Wire(community.One.Address.Port) { BytesPerSecond = 2048, Latency = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)) };
        await using var neighbour = await ConnectAsync("member2@demo.example");
        var last = await neighbour.PostAsync("welcome", "slow-before", "Before");
        await using var slow = await ConnectAsync("member@demo.example", wire);
        var heard = new BlockingCollection<long>();
        slow.On<JsonElement>("MessagePosted", posted => heard.Add(posted.GetProperty("seq").GetInt64(), CancellationToken.None));

        var opened = await slow.InvokeAsync<JsonElement>("Open", "welcome", last - 1, "json", Cancel);
        Assert.Equal(last, opened.GetProperty("messages").EnumerateArray().Single().GetProperty("seq").GetInt64());
        var own = await slow.PostAsync("welcome", "slow-own", "From far away");
        var theirs = await neighbour.PostAsync("welcome", "slow-theirs", "And back");

        Assert.Equal([own, theirs], await Task.Run(() => heard.GetConsumingEnumerable(Cancel).Take(2).ToList(), Cancel).WaitAsync(Patience.Enough, Cancel));
    }

    [Promise("FT14")]
    [Theory]
    [InlineData("json")]
    [InlineData("html:en")]
    public async Task A_reader_that_reads_nothing_is_given_up_harms_no_neighbour_and_comes_back_to_all_of_it(string view)
    {
        await using var wire = new Wire(community.One.Address.Port);
        await using var stuck = await ConnectAsync("member@demo.example", wire);
        // The server must tire of it first.
        stuck.ServerTimeout = TimeSpan.FromMinutes(10);
        await using var neighbour = await ConnectAsync("member2@demo.example");
        await using var author = await ConnectAsync("member3@demo.example");
        var heard = new BlockingCollection<long>();
        neighbour.On<JsonElement>("MessagePosted", posted => heard.Add(posted.GetProperty("seq").GetInt64(), CancellationToken.None));
        await neighbour.OpenAsync("welcome");
        await stuck.InvokeAsync<JsonElement>("Open", "welcome", null, view, Cancel);
        wire.StopReading();

        List<long> posted = [];
        var text = string.Concat(Enumerable.Repeat("Words without end. ", 500));
        for (var givenUp = wire.GivenUpAsync(); !givenUp.IsCompleted;)
            posted.Add(await author.PostAsync("welcome", $"stuck-{view}-{posted.Count}", text));

        Assert.Equal(posted, await Task.Run(() => heard.GetConsumingEnumerable(Cancel).Take(posted.Count).ToList(), Cancel).WaitAsync(Patience.Enough, Cancel));
        await using var again = await ConnectAsync("member@demo.example", wire);
        List<long> missed = [posted[0] - 1];
        while (missed[^1] < posted[^1])
        {
            var page = await again.InvokeAsync<JsonElement>("Open", "welcome", missed[^1], "json", Cancel);
            missed.AddRange(page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("seq").GetInt64()));
        }
        Assert.Equal(posted, missed.Skip(1));
        Assert.DoesNotContain(community.One.Said, line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: local")]
    [InlineData("POST /Account/Login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nx=")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task Who_begins_and_says_no_more_is_hung_up_on(string beginning)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("localhost", community.One.Address.Port, Cancel);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning), Cancel);

        using var ended = new MemoryStream();
        await client.GetStream().CopyToAsync(ended, Cancel).WaitAsync(Patience.Enough, Cancel);

        var answer = Encoding.ASCII.GetString(ended.ToArray());
        Assert.Contains(beginning.Contains("live", StringComparison.Ordinal) ? "200 OK" : "408", answer.Split("\r\n")[0], StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = community.One.Address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", Cancel)).StatusCode);
    }

    static Task Presence(HubConnection who, int count)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        who.On<JsonElement>("PresenceChanged", told =>
        {
            if (told.GetProperty("conversation").GetString() == "welcome" && told.GetProperty("count").GetInt32() == count)
                seen.TrySetResult();
        });
        return seen.Task;
    }

    async Task<HubConnection> ConnectAsync(string email, Wire? wire = null)
    {
        var token = await community.One.TokenAsync(email);
        var connection = new HubConnectionBuilder().WithUrl(new Uri(wire?.Address ?? community.One.Address, "/hubs/conversations"), HttpTransportType.WebSockets, options =>
        {
            options.AccessTokenProvider = () => Task.FromResult<string?>(token);
            options.SkipNegotiation = true;
        }).Build();
        connection.KeepAliveInterval = TimeSpan.FromMilliseconds(500);
        connection.ServerTimeout = TimeSpan.FromSeconds(5);
        await connection.StartAsync(Cancel);
        return connection;
    }
}

/// <summary>A running community that waits for nobody long.</summary>
public sealed class ImpatientCommunity : IAsyncLifetime
{
    public RunningCommunity One { get; } = new();

    public ValueTask InitializeAsync()
    {
        One.Settings["RateLimits__Enabled"] = "false";
        One.Settings["Limits__PingSeconds"] = "1";
        One.Settings["Limits__SilenceSeconds"] = "4";
        One.Settings["Limits__SendSeconds"] = "2";
        One.Settings["Limits__HeadSeconds"] = "1";
        One.Settings["Limits__IdleSeconds"] = "1";
        One.Settings["Limits__SlowSeconds"] = "2";
        One.Settings["Limits__FramesBehind"] = "16";
        return One.InitializeAsync();
    }

    public ValueTask DisposeAsync() => One.DisposeAsync();
}
