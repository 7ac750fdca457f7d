using System.Net.WebSockets;
using System.Text;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>What comes over a line that no client of ours would send: it costs at most the line it came on.</summary>
[Promise("IN6")]
public sealed class SendingBrokenFrames(FastCommunity community) : IClassFixture<FastCommunity>
{
    const char End = '\u001e';
    const int Frames = 10_000;

    const string HandShake = """{"protocol":"json","version":1}""";

    static readonly string[] Whole =
    [
        """{"type":1,"invocationId":"1","target":"Open","arguments":["welcome",null,"json"]}""",
        """{"type":1,"invocationId":"2","target":"Post","arguments":[{"conversation":"welcome","clientKey":"frame","topic":null,"markdown":"x","replyToSeq":null,"attachments":null}]}""",
        """{"type":1,"invocationId":"3","target":"React","arguments":[{"conversation":"welcome","seq":1,"emoji":"👍","on":true}]}""",
        """{"type":1,"target":"Typing","arguments":["welcome"]}""",
        """{"type":1,"invocationId":"4","target":"Older","arguments":["welcome",50,"html:it"]}""",
        """{"type":1,"invocationId":"5","target":"Changes","arguments":["welcome",0,"json"]}""",
        """{"type":4,"invocationId":"6","target":"Open","arguments":["welcome",null,"json"],"streamIds":["s"]}""",
        """{"type":5,"invocationId":"6"}""",
        """{"type":2,"invocationId":"6","item":1}""",
        """{"type":3,"invocationId":"6","result":1}""",
        """{"type":6}""",
        """{"type":8,"sequenceId":1}""",
    ];

    static readonly string[] Pieces = ["null", "-1", "1e999", "\"", "{", "}", "[", "]", "\\u0000", "\ud83d\udc4d", "9223372036854775808", "\u001e", "true", "\"type\":99", ",", ":", "\u0000", "\\ud800", "[[[[[[[[", "\"__proto__\":{}"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_broken_frames_harm_neither_the_server_nor_a_neighbour()
    {
        var random = new Random(20261127);
        var token = await community.One.TokenAsync("member3@demo.example");
        await using var neighbour = await community.One.ConnectAsync("member@demo.example");
        var before = (await neighbour.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64();
        for (var sent = 0; sent < Frames;)
        {
            using var line = await LineAsync(token);
            try
            {
                for (var n = 0; n < 200 && sent < Frames && line.State == WebSocketState.Open; n++, sent++)
                    await line.SendAsync(Encoding.UTF8.GetBytes(Broken(random)), random.Next(10) == 0 ? WebSocketMessageType.Binary : WebSocketMessageType.Text, endOfMessage: random.Next(50) != 0, Cancel);
            }
            catch (WebSocketException)
            {
                // It was closed, as it should be.
                sent++;
            }
        }

        Assert.True(await neighbour.PostAsync("welcome", "neighbour", "Nothing of it reached me") > before);
        await using var newcomer = await community.One.ConnectAsync("member2@demo.example");
        Assert.True((await newcomer.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64() > before);
        Assert.DoesNotContain(community.One.Said, line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1_100_000, 1)]
    [InlineData(33_000, 1_000)]
    [InlineData(10_000, 100_000)]
    public async Task Too_long_or_too_deep_a_frame_closes_its_own_line_at_most(int length, int depth)
    {
        await using var neighbour = await community.One.ConnectAsync("member@demo.example");
        using var line = await LineAsync(await community.One.TokenAsync("member3@demo.example"));
        var nested = string.Concat(Enumerable.Repeat("[", depth)) + $"\"{new string('x', length)}\"" + string.Concat(Enumerable.Repeat("]", depth));
        try
        {
            await line.SendAsync(Encoding.UTF8.GetBytes($$"""{"type":1,"target":"Typing","arguments":[{{nested}}]}{{End}}"""), WebSocketMessageType.Text, endOfMessage: true, Cancel);
        }
        catch (WebSocketException)
        {
            // Closed while it was sent.
        }

        Assert.True(await neighbour.PostAsync("welcome", $"deep-{length}", "Still here") > 0);
        Assert.DoesNotContain(community.One.Said, said => said.StartsWith("crit:", StringComparison.Ordinal));
    }

    static string Broken(Random random)
    {
        var frame = new StringBuilder(Whole[random.Next(Whole.Length)]);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(frame.Length);
            switch (random.Next(4))
            {
                case 0:
                    frame.Remove(at, Math.Min(random.Next(1, 9), frame.Length - at));
                    break;
                case 1:
                    frame.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    frame[at] = (char)random.Next(1, 0x250);
                    break;
                default:
                    frame.Append(frame.ToString(at, Math.Min(20, frame.Length - at)));
                    break;
            }
            if (frame.Length == 0)
                frame.Append('x');
        }
        return frame.Append(End).ToString();
    }

    async Task<ClientWebSocket> LineAsync(string token)
    {
        var line = new ClientWebSocket();
        line.Options.SetRequestHeader("Authorization", "Bearer " + token);
        await line.ConnectAsync(new UriBuilder(community.One.Address) { Scheme = "ws", Path = "/hubs/conversations" }.Uri, Cancel);
        await line.SendAsync(Encoding.UTF8.GetBytes(HandShake + End), WebSocketMessageType.Text, endOfMessage: true, Cancel);
        return line;
    }
}

/// <summary>A running community without limits of rate: they would hide what a call does.</summary>
public sealed class FastCommunity : IAsyncLifetime
{
    public RunningCommunity One { get; } = new();

    public ValueTask InitializeAsync()
    {
        One.Settings["RateLimits__Enabled"] = "false";
        return One.InitializeAsync();
    }

    public ValueTask DisposeAsync() => One.DisposeAsync();
}
