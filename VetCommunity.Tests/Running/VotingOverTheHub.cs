using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace VetCommunity.Tests.Running;

public class VotingOverTheHub(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    static object Question(string room, string key, object? poll) => new
    {
        conversation = room,
        clientKey = key,
        topic = (string?)null,
        markdown = "Which day?",
        replyToSeq = (long?)null,
        attachments = (string[]?)null,
        poll,
    };

    static object Poll(string[] options, string? results = null, DateTimeOffset? endsAt = null) => new { options, several = false, secret = false, results, endsAt };

    static async Task<long> AskAsync(HubConnection who, string room, string key) =>
        (await who.InvokeAsync<JsonElement>("Post", Question(room, key, Poll(["Monday", "Friday"])))).GetProperty("seq").GetInt64();

    [Fact]
    public async Task Programs_ask_vote_and_hear_the_result_in_order()
    {
        await using var anna = await community.ConnectAsync("member@demo.example");
        await using var bruno = await community.ConnectAsync("member2@demo.example");
        var heard = Channel.CreateUnbounded<JsonElement>();
        bruno.On<JsonElement>("PollChanged", told => heard.Writer.TryWrite(told));
        await bruno.InvokeAsync<JsonElement>("Open", "welcome", null, "json");
        var seq = await AskAsync(anna, "welcome", "hub-poll");
        Assert.Equal(seq, await AskAsync(anna, "welcome", "hub-poll"));

        var mine = await anna.InvokeAsync<JsonElement>("Vote", new { conversation = "welcome", seq, choices = new[] { 2 } });
        Assert.Equal([2], mine.GetProperty("chosen").EnumerateArray().Select(one => one.GetInt32()));
        var told = await heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        Assert.Equal((seq, 1, 1), (told.GetProperty("seq").GetInt64(), told.GetProperty("poll").GetProperty("voters").GetInt32(),
            told.GetProperty("poll").GetProperty("options")[1].GetProperty("votes").GetInt32()));
        Assert.Equal("elena-corradini", told.GetProperty("poll").GetProperty("options")[1].GetProperty("handles")[0].GetString());

        await anna.InvokeAsync("Withdraw", new { conversation = "welcome", seq });
        await anna.InvokeAsync("EndPoll", new { conversation = "welcome", seq });
        var refused = await Assert.ThrowsAsync<HubException>(() => bruno.InvokeAsync("Vote", new { conversation = "welcome", seq, choices = new[] { 1 } }));
        Assert.Contains("This poll has ended", refused.Message, StringComparison.Ordinal);
        var changes = await bruno.InvokeAsync<JsonElement>("Changes", "welcome", told.GetProperty("version").GetInt64() - 1, "json");
        Assert.Equal(["PollChanged", "PollChanged", "PollChanged"], changes.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("type").GetString()));
        Assert.Equal(JsonValueKind.String, changes.GetProperty("events")[2].GetProperty("poll").GetProperty("endedAt").ValueKind);
    }

    [Fact]
    public async Task A_forged_vote_and_a_poll_that_is_none_get_a_sentence_and_the_connection_survives()
    {
        await using var anna = await community.ConnectAsync("member@demo.example");
        var seq = await AskAsync(anna, "welcome", "forged-poll");
        foreach (var choices in (object?[])[null, Array.Empty<int>(), new[] { 3 }, new[] { 1, 2 }, new[] { -1 }, Enumerable.Range(1, 5000).ToArray(), new[] { "Monday" }])
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => anna.InvokeAsync("Vote", new { conversation = "welcome", seq, choices }));
            Assert.DoesNotContain("Exception: System", refused.Message, StringComparison.Ordinal);
        }
        foreach (var poll in (object[])[
            Poll([]), Poll([.. Enumerable.Range(1, 11).Select(i => $"Day {i}")]), Poll(["Same", "Same"]), Poll(["One", new string('x', 201)]), Poll(["One", "Two"], "never"),
            Poll(["One", "Two"], "7"), Poll(["One", "Two"], endsAt: DateTimeOffset.UtcNow.AddSeconds(-1)), new { }, new { options = "none" }])
            await Assert.ThrowsAsync<HubException>(() => anna.InvokeAsync("Post", Question("welcome", Guid.NewGuid().ToString("N"), poll)));

        var mine = await anna.InvokeAsync<JsonElement>("MyPoll", "welcome", seq);
        Assert.Equal((0, 0), (mine.GetProperty("poll").GetProperty("voters").GetInt32(), mine.GetProperty("chosen").GetArrayLength()));
        Assert.Equal(HubConnectionState.Connected, anna.State);
    }

    [Fact]
    public async Task A_poll_of_a_closed_room_is_as_absent_as_the_room()
    {
        await using var keeper = await community.ConnectAsync("coordinator@demo.example");
        await using var outsider = await community.ConnectAsync("member3@demo.example");
        var seq = await AskAsync(keeper, "board", "closed-poll");
        foreach (var call in (Func<string, Task>[])[
            room => outsider.InvokeAsync("Vote", new { conversation = room, seq, choices = new[] { 1 } }),
            room => outsider.InvokeAsync("Withdraw", new { conversation = room, seq }),
            room => outsider.InvokeAsync("EndPoll", new { conversation = room, seq }),
            room => outsider.InvokeAsync<JsonElement>("MyPoll", room, seq)])
        {
            var closed = await Assert.ThrowsAsync<HubException>(() => call("board"));
            var absent = await Assert.ThrowsAsync<HubException>(() => call("there-is-no-such-room"));
            Assert.Equal(absent.Message, closed.Message);
        }
    }
}
