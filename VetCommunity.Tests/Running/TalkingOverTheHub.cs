using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace VetCommunity.Tests.Running;

public class TalkingOverTheHub(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_posted_message_reaches_the_other_member_once()
    {
        await using var anna = await community.ConnectAsync("member@demo.example");
        await using var bruno = await community.ConnectAsync("member2@demo.example");
        var heard = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        bruno.On<JsonElement>("MessagePosted", message => heard.TrySetResult(message));
        var opened = await bruno.InvokeAsync<JsonElement>("Open", "welcome", null, "json");

        var receipt = await anna.InvokeAsync<JsonElement>("Post", Calling.Message("welcome", "hub-1", "Hello **all**"));
        var again = await anna.InvokeAsync<JsonElement>("Post", Calling.Message("welcome", "hub-1", "Hello **all**"));

        var message = await heard.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        Assert.Equal(receipt.GetProperty("seq").GetInt64(), message.GetProperty("seq").GetInt64());
        Assert.True(message.GetProperty("seq").GetInt64() > opened.GetProperty("lastSeq").GetInt64());
        Assert.Contains("<strong>all</strong>", message.GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.False(receipt.GetProperty("duplicate").GetBoolean());
        Assert.True(again.GetProperty("duplicate").GetBoolean());
        Assert.Equal(receipt.GetProperty("seq").GetInt64(), again.GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task An_outsider_of_a_closed_room_gets_the_same_answer_as_for_a_room_that_is_not_there()
    {
        await using var outsider = await community.ConnectAsync("member3@demo.example");
        foreach (var call in (Func<string, Task>[])[
            room => outsider.InvokeAsync<JsonElement>("Open", room, null, "json"),
            room => outsider.InvokeAsync<JsonElement>("Older", room, 5L, "json"),
            room => outsider.InvokeAsync<JsonElement>("Changes", room, 0L, "json"),
            room => outsider.InvokeAsync<JsonElement>("Post", Calling.Message(room, "x", "x")),
            room => outsider.InvokeAsync("Edit", new { conversation = room, seq = 1L, markdown = "x" }),
            room => outsider.InvokeAsync("Delete", new { conversation = room, seq = 1L }),
            room => outsider.InvokeAsync("React", new { conversation = room, seq = 1L, emoji = "👍", on = true }),
            room => outsider.InvokeAsync("Typing", room),
            room => outsider.InvokeAsync("MarkRead", room, 1L),
            room => outsider.InvokeAsync("Draft", room, "x", null, null),
            room => outsider.InvokeAsync("Leave", room)])
        {
            var closed = await Assert.ThrowsAsync<HubException>(() => call("board"));
            var absent = await Assert.ThrowsAsync<HubException>(() => call("there-is-no-such-room"));
            Assert.Equal(absent.Message, closed.Message);
        }
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task A_page_gets_every_fragment_once_and_in_order_whatever_carries_it(HttpTransportType transport)
    {
        await using var anna = await community.ConnectAsync("member@demo.example");
        await using var bruno = await community.ConnectAsync("member2@demo.example", transport);
        var heard = Channel.CreateUnbounded<JsonElement>();
        bruno.On<JsonElement[]>("Fragments", fragments => Array.ForEach(fragments, fragment => heard.Writer.TryWrite(fragment)));
        await bruno.InvokeAsync<JsonElement>("Open", "welcome", null, "html:it", TestContext.Current.CancellationToken);

        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            anna.InvokeAsync<JsonElement>("Post", Calling.Message("welcome", $"fragment-{transport}-{n}", $"Number **{n}** {new string('x', 2000)}"))));

        var first = receipts.Min(receipt => receipt.GetProperty("seq").GetInt64());
        for (var seq = first; seq < first + 20; seq++)
        {
            var fragment = await heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
            Assert.Equal(seq, fragment.GetProperty("seq").GetInt64());
            Assert.Contains("<strong>", fragment.GetProperty("html").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_another_process_writes_reaches_open_connections()
    {
        await using var reader = await community.ConnectAsync("member@demo.example");
        var heard = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"at":"2026-01-31T09:00:00Z","author":"Somebody","text":"first line"}""" + "\n", TestContext.Current.CancellationToken);
        await community.VerbAsync("import", "room", "imported", file);
        await reader.InvokeAsync<JsonElement>("Open", "imported", null, "json", TestContext.Current.CancellationToken);
        reader.On<JsonElement>("MessagePosted", message => heard.TrySetResult(message));

        await File.AppendAllTextAsync(file, """{"at":"2026-01-31T09:01:00Z","author":"Somebody","text":"second line"}""" + "\n", TestContext.Current.CancellationToken);
        await community.VerbAsync("import", "room", "imported", file);

        var message = await heard.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        Assert.Equal("second line", message.GetProperty("markdown").GetString());
        Assert.Equal(2, message.GetProperty("seq").GetInt64());

        // More than is told one by one: the last one comes all the same, and its version shows the gap.
        var later = Channel.CreateUnbounded<long>();
        reader.On<JsonElement>("MessagePosted", posted => later.Writer.TryWrite(posted.GetProperty("seq").GetInt64()));
        await File.AppendAllLinesAsync(file, Enumerable.Range(0, 2000).Select(n => $$"""{"at":"2026-01-31T10:00:00Z","author":"Somebody","text":"line {{n}}"}"""), TestContext.Current.CancellationToken);
        await community.VerbAsync("import", "room", "imported", file);
        File.Delete(file);
        while (await later.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Enough, TestContext.Current.CancellationToken) < 2002)
        {
        }
    }

    [Fact]
    public async Task What_is_unread_in_a_room_that_nobody_has_opened_is_told_by_the_rooms_address()
    {
        await using var fresh = new RunningCommunity();
        await fresh.InitializeAsync();
        await using var anna = await fresh.ConnectAsync("member@demo.example");
        await using var bruno = await fresh.ConnectAsync("member2@demo.example");
        var told = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        bruno.On<JsonElement>("UnreadChanged", unread => told.TrySetResult(unread));

        await anna.PostAsync("welcome", "unopened", "Is anybody there?");

        var unread = await told.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        Assert.Equal("welcome", unread.GetProperty("conversation").GetString());
        Assert.True(unread.GetProperty("unread").GetInt64() > 0);
    }

    [Fact]
    public async Task Without_an_account_the_hub_does_not_answer()
    {
        await using var stranger = new HubConnectionBuilder().WithUrl(new Uri(community.Address, "/hubs/conversations")).Build();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => stranger.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }
}
