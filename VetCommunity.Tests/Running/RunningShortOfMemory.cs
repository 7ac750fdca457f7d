using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>A server that may not take more memory, and people who ask for more than it has.</summary>
public sealed class RunningShortOfMemory : IAsyncLifetime
{
    const int Readers = 150;
    const int PagesEach = 3;
    const byte End = 0x1e;
    readonly RunningCommunity _community = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _community.Settings["RateLimits__Enabled"] = "false";
        // 100 MB, in the notation of the runtime.
        _community.Settings["DOTNET_GCHeapHardLimit"] = "6400000";
        return _community.InitializeAsync();
    }

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    [Promise("FT19")]
    [Fact]
    public async Task However_many_read_the_longest_texts_at_once_it_refuses_some_and_goes_on()
    {
        await using var author = await _community.ConnectAsync("member@demo.example");
        var text = string.Join(' ', Enumerable.Range(1000, 900).Select(n => string.Create(CultureInfo.InvariantCulture, $"**w{n}**")));
        var last = 0L;
        for (var n = 0; n < 50; n++)
            last = await author.PostAsync("welcome", string.Create(CultureInfo.InvariantCulture, $"long-{n}"), text);
        var token = await _community.TokenAsync("member2@demo.example");
        using var http = new HttpClient { BaseAddress = _community.Address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };

        var reading = Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => ReadAsync(token, last + 1)));
        var asking = Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => http.GetAsync("/api/v1/rooms/welcome/messages?limit=50", Cancel)));
        var looking = Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => http.GetAsync("/css/parts.css", Cancel)));
        var answers = (await reading.WaitAsync(Patience.Enough, Cancel)).SelectMany(one => one).ToList();
        var statuses = (await asking.WaitAsync(Patience.Enough, Cancel)).Select(one => (one.StatusCode, Wait: one.Headers.RetryAfter?.Delta)).Distinct().ToList();

        Assert.Equal(Readers * PagesEach, answers.Count);
        Assert.All(answers.Where(answer => !answer.Contains("\"result\"", StringComparison.Ordinal)), refused => Assert.Contains("too much to do at the moment", refused, StringComparison.Ordinal));
        Assert.All(statuses, one => Assert.True(one is (HttpStatusCode.OK, null) or (HttpStatusCode.ServiceUnavailable, not null), one.ToString()));
        // The page that says so has its looks.
        Assert.All(await looking.WaitAsync(Patience.Enough, Cancel), one => Assert.Equal(HttpStatusCode.OK, one.StatusCode));
        // Whoever comes now is served as ever.
        Assert.True(await author.PostAsync("welcome", "afterwards", "Still here") > last);
        Assert.DoesNotContain(_community.Said, line => line.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal));
    }

    // The beginnings of the answers: a test that kept all of them would itself run short.
    async Task<List<string>> ReadAsync(string token, long before)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", "Bearer " + token);
        await socket.ConnectAsync(new UriBuilder(new Uri(_community.Address, "/hubs/conversations")) { Scheme = "ws" }.Uri, Cancel);
        await SayAsync("""{"protocol":"json","version":1}""");
        for (var n = 0; n < PagesEach; n++)
            await SayAsync(string.Create(CultureInfo.InvariantCulture, $$"""{"type":1,"invocationId":"{{n}}","target":"Older","arguments":["welcome",{{before}},"html:en"]}"""));
        List<string> beginnings = [];
        var buffer = new byte[16 * 1024];
        var record = new List<byte>();
        while (beginnings.Count < PagesEach)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), Cancel);
            Assert.False(got.MessageType == WebSocketMessageType.Close, $"{socket.CloseStatus} {socket.CloseStatusDescription}");
            for (var i = 0; i < got.Count; i++)
            {
                if (buffer[i] != End)
                {
                    if (record.Count < 300)
                        record.Add(buffer[i]);
                    continue;
                }
                if (Encoding.UTF8.GetString([.. record]) is var beginning && beginning.StartsWith("{\"type\":3", StringComparison.Ordinal))
                    beginnings.Add(beginning);
                record.Clear();
                // Who hears something says that they are there, as every client does: waiting for one's turn is no silence.
                await SayAsync("""{"type":6}""");
            }
        }
        return beginnings;

        ValueTask SayAsync(string json) => socket.SendAsync(Encoding.UTF8.GetBytes(json + (char)End).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, Cancel);
    }
}
