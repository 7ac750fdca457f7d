using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>Each limit by itself, set small: who goes beyond it is told so and for how long, and somebody else beside it does the same without harm.</summary>
[Promise("RL1")]
public sealed class AskingTooMuch(NarrowCommunity narrow) : IClassFixture<NarrowCommunity>
{
    const string Wrong = "not-the-password";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrong_passwords_for_one_account()
    {
        using var guesser = Visitor(1);
        for (var number = 0; number < 5; number++)
            await guesser.LogInAsync("member@demo.example", Wrong);

        await guesser.LogInAsync("member@demo.example", DemoWorld.Password);

        AssertAskedToWait(guesser, "There were too many wrong attempts.");
        await AssertLogsInAsync(2);
    }

    [Fact]
    public async Task One_wrong_password_for_each_of_many_accounts()
    {
        using var sprayer = Visitor(3);
        for (var number = 0; number < 8; number++)
        {
            await sprayer.LogInAsync($"nobody{number}@demo.example", Wrong);
            Assert.Equal(HttpStatusCode.OK, sprayer.Status);
        }

        await sprayer.LogInAsync("nobody8@demo.example", Wrong);

        AssertAskedToWait(sprayer, "This was tried often in a short time.");
        await AssertLogsInAsync(4);
    }

    [Fact]
    public async Task Registrations_from_one_place_and_mails_to_one_address()
    {
        using var many = Visitor(5);
        for (var number = 0; number < 4; number++)
        {
            await many.RegisterAsync($"new{number}@example.org", "a-long-enough-passphrase");
            Assert.Contains("sent=", many.Address, StringComparison.OrdinalIgnoreCase);
        }
        await many.RegisterAsync("new4@example.org", "a-long-enough-passphrase");
        AssertAskedToWait(many, "This was tried often in a short time.");

        using var first = Visitor(6);
        await first.RegisterAsync("victim@example.org", "a-long-enough-passphrase");
        using var second = Visitor(7);
        await second.RegisterAsync("victim@example.org", "a-long-enough-passphrase");
        using var third = Visitor(8);
        await third.RegisterAsync("Victim@example.org", "a-long-enough-passphrase");
        AssertAskedToWait(third, "This was tried often in a short time.");
        await third.RegisterAsync("another@example.org", "a-long-enough-passphrase");
        Assert.Contains("sent=", third.Address, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Posts_by_the_hub_and_by_the_api()
    {
        await using var hasty = await narrow.One.ConnectAsync("member2@demo.example");
        await using var calm = await narrow.One.ConnectAsync("member3@demo.example");
        var refusals = new List<string>();
        for (var number = 0; number < 100 && refusals.Count == 0; number++)
        {
            try
            {
                await hasty.PostAsync("welcome", $"hasty-{number}", "And one more");
            }
            catch (HubException refused)
            {
                refusals.Add(refused.Message);
            }
        }
        Assert.Contains("That was a lot in a short time.", Assert.Single(refusals), StringComparison.Ordinal);
        Assert.True(await calm.PostAsync("welcome", "calm", "Good morning") > 0);

        using var program = await narrow.One.ScriptAsync("member4@demo.example");
        await AssertAskedToWaitAsync(() => program.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { markdown = "And one more" }, Cancel), HttpStatusCode.Created);
        Assert.True(await calm.PostAsync("welcome", "calm-2", "Good evening") > 0);
    }

    [Fact]
    public async Task Searches_and_uploads()
    {
        using var hasty = await narrow.One.ScriptAsync("member5@demo.example");
        using var calm = await narrow.One.ScriptAsync("member6@demo.example");

        await AssertAskedToWaitAsync(() => hasty.GetAsync("/api/v1/search?q=the", Cancel), HttpStatusCode.OK);
        await AssertAskedToWaitAsync(() => hasty.UploadAsync("a.pdf", MadeFiles.Pdf()), HttpStatusCode.Created);

        Assert.Equal(HttpStatusCode.OK, (await calm.GetAsync("/api/v1/search?q=the", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await calm.UploadAsync("a.pdf", MadeFiles.Pdf())).StatusCode);
    }

    [Fact]
    public async Task Calls_of_visitors_from_one_place()
    {
        using var hasty = VisitorFrom("203.0.113.81");
        using var calm = VisitorFrom("203.0.113.82");

        await AssertAskedToWaitAsync(() => hasty.GetAsync("/api/v1/practices?limit=1", Cancel), HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.OK, (await calm.GetAsync("/api/v1/practices?limit=1", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Who_asks_again_at_once_is_answered_later()
    {
        using var hasty = VisitorFrom("203.0.113.83");
        await AssertAskedToWaitAsync(() => hasty.GetAsync("/api/v1/practices?limit=1", Cancel), HttpStatusCode.OK);

        var begun = Stopwatch.GetTimestamp();
        var refused = 0;
        for (var number = 0; number < 20; number++)
        {
            using var answer = await hasty.GetAsync("/api/v1/practices?limit=1", Cancel);
            refused += answer.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromMilliseconds(90) * refused, TimeSpan.MaxValue);
        Assert.InRange(refused, 10, 20);
    }

    [Fact]
    public async Task Connections_of_one_member()
    {
        List<HubConnection> open = [];
        for (var number = 0; number < 6; number++)
            open.Add(await narrow.One.ConnectAsync("member7@demo.example", HttpTransportType.WebSockets));

        using var program = await narrow.One.ScriptAsync("member7@demo.example");
        using var refused = await program.PostAsync("/hubs/conversations/negotiate?negotiateVersion=1", null, Cancel);

        await AssertTellsOfConnectionsAsync(refused, 6);
        await using (var neighbour = await narrow.One.ConnectAsync("member8@demo.example"))
            Assert.True(await neighbour.PostAsync("welcome", "neighbour", "Beside it") > 0);
        foreach (var connection in open)
            Assert.True((await connection.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64() > 0);
        await open[0].DisposeAsync();
        for (var isThere = false; !isThere;)
        {
            using var answer = await program.PostAsync("/hubs/conversations/negotiate?negotiateVersion=1", null, Cancel);
            isThere = answer.IsSuccessStatusCode;
        }
        foreach (var connection in open)
            await connection.DisposeAsync();
    }

    [Fact]
    public async Task Connections_of_one_member_that_ask_nothing_at_the_moment()
    {
        using var program = await narrow.One.ScriptAsync("coordinator@demo.example");
        for (var number = 0; number < 6; number++)
        {
            using var negotiated = await program.PostAsync("/hubs/conversations/negotiate?negotiateVersion=1", null, Cancel);
            var line = "/hubs/conversations?id=" + (await negotiated.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("connectionToken").GetString();
            (await program.GetAsync(line, Cancel)).Dispose();
            using var greeting = new StringContent("{\"protocol\":\"json\",\"version\":1}\u001e");
            (await program.PostAsync(line, greeting, Cancel)).Dispose();
            Assert.StartsWith("{}", await program.GetStringAsync(line, Cancel), StringComparison.Ordinal);
        }

        HttpResponseMessage answer;
        do
            answer = await program.PostAsync("/hubs/conversations/negotiate?negotiateVersion=1", null, Cancel);
        while (answer.IsSuccessStatusCode);

        await AssertTellsOfConnectionsAsync(answer, 6);
    }

    [Fact]
    public async Task Questions_for_a_connection_of_which_none_comes()
    {
        using var program = await narrow.One.ScriptAsync("editor@demo.example");
        await AssertAskedToWaitAsync(() => program.PostAsync("/hubs/conversations/negotiate?negotiateVersion=1", null, Cancel), HttpStatusCode.OK);
    }

    [Fact]
    public async Task Circuits_of_one_member()
    {
        using var member = Visitor(9);
        await member.LogInAsync("member9@demo.example", DemoWorld.Password);
        List<CircuitLine> open = [await CircuitLine.OpenAsync(member, Cancel), await CircuitLine.OpenAsync(member, Cancel), await CircuitLine.OpenAsync(member, Cancel)];

        await Assert.ThrowsAsync<WebSocketException>(() => CircuitLine.OpenAsync(member, Cancel));

        using var asking = new HttpClient { BaseAddress = narrow.One.Address };
        asking.DefaultRequestHeaders.Add("Cookie", member.CookieHeader);
        asking.DefaultRequestHeaders.Add("Accept-Language", "en");
        using var refused = await asking.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Cancel);
        await AssertTellsOfConnectionsAsync(refused, 3);
        Assert.All(open, circuit => Assert.True(circuit.IsOpen));
        // What shows rooms has a number of its own.
        await using (await narrow.One.ConnectAsync("member9@demo.example", HttpTransportType.WebSockets))
            Assert.Equal(HttpStatusCode.OK, (await asking.GetAsync("/rooms/welcome", Cancel)).StatusCode);
        foreach (var circuit in open)
            circuit.Dispose();
    }

    [Fact]
    public async Task Circuits_of_one_member_whose_lines_were_lost()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Patience.Enough);
        using var member = Visitor(12);
        await member.LogInAsync("policy@demo.example", DemoWorld.Password);
        List<string> kept = [];
        for (var number = 0; number < 3; number++)
        {
            // Without a goodbye: the server keeps the circuit.
            using var lost = await CircuitLine.OpenAsync(member, Cancel);
            kept.Add(Assert.IsType<string>(await lost.StartAsync(Cancel)));
        }
        using var asking = new HttpClient { BaseAddress = narrow.One.Address };
        asking.DefaultRequestHeaders.Add("Cookie", member.CookieHeader);
        asking.DefaultRequestHeaders.Add("Accept-Language", "en");

        // Who looks for a circuit that is kept may, once the lines are gone; who begins may not.
        while (await RefusalAsync("") is not null)
            patience.Token.ThrowIfCancellationRequested();
        string? refusal;
        do
            refusal = await RefusalAsync("&new");
        while (refusal?.Contains("a lot in a short time", StringComparison.Ordinal) == true);
        Assert.Contains("may have: 3.", refusal, StringComparison.Ordinal);
        List<CircuitLine> lines = [];
        while (lines.Count < 3)
        {
            try
            {
                lines.Add(await CircuitLine.OpenAsync(member, patience.Token));
            }
            catch (WebSocketException)
            {
                // Of another lost line the server has not heard yet.
            }
        }
        foreach (var line in lines)
            Assert.Null(await line.StartAsync(Cancel));
        Assert.True(await lines[0].ReturnAsync(kept[0], Cancel));
        Assert.Null(await lines[1].StartAsync(Cancel));

        // A page that is closed says so, with or without a line.
        using var goodbye = new FormUrlEncodedContent([KeyValuePair.Create("circuitId", kept[1])]);
        (await asking.PostAsync("/_blazor/disconnect/", goodbye, Cancel)).EnsureSuccessStatusCode();
        string? begun;
        do
            begun = await lines[1].StartAsync(patience.Token);
        while (begun is null);

        Assert.Null(await lines[2].StartAsync(Cancel));
        Assert.False(await lines[2].ReturnAsync(kept[1], Cancel));
        foreach (var line in lines)
            line.Dispose();

        async Task<string?> RefusalAsync(string more)
        {
            using var answer = await asking.PostAsync("/_blazor/negotiate?negotiateVersion=1" + more, null, Cancel);
            return answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("detail").GetString();
        }
    }

    [Fact]
    public async Task Requests_under_way_from_one_place()
    {
        List<TcpClient> held = [];
        using var same = Visitor(10);
        using var other = Visitor(11);

        // The last of those that are held may still be on its way; and the server soon gives up one that sends nothing more, so that on a slow day others are held.
        using var patience = new CancellationTokenSource(Patience.Enough);
        while (!patience.IsCancellationRequested && same.Status != HttpStatusCode.TooManyRequests)
        {
            await HoldAsync(5);
            for (var asked = 0; asked < 3 && same.Status != HttpStatusCode.TooManyRequests; asked++)
                await same.OpenAsync("/Account/Login?ReturnUrl=%2Frooms%2F%CE%BB%25");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, same.Status);
        Assert.NotNull(same.RetryAfter);
        Assert.Contains("Too much at once", same.Says, StringComparison.Ordinal);
        Assert.Equal("/Account/Login?ReturnUrl=%2Frooms%2F%CE%BB%25", same.Page.QuerySelectorAll("main a").Single(link => link.TextContent == "Try again").GetAttribute("href"));
        await other.OpenAsync("/Account/Login");
        Assert.Equal(HttpStatusCode.OK, other.Status);
        foreach (var client in held)
            client.Dispose();
        do
            await same.OpenAsync("/Account/Login");
        while (same.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.OK, same.Status);

        async Task HoldAsync(int count)
        {
            for (var number = 0; number < count; number++)
            {
                var client = new TcpClient();
                held.Add(client);
                await client.ConnectAsync("localhost", narrow.One.Address.Port, Cancel);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /Account/Login HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {Place(10)}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nx="), Cancel);
            }
        }
    }

    static string Place(int number) => FormattableString.Invariant($"203.0.113.{number}");

    HttpClient VisitorFrom(string place)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = narrow.One.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", place);
        return client;
    }

    Visitor Visitor(int place) => new(narrow.One, place: Place(place));

    static void AssertAskedToWait(Visitor who, string sentence)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, who.Status);
        Assert.Contains(sentence, who.Says, StringComparison.Ordinal);
        Assert.InRange(who.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(60));
    }

    async Task AssertLogsInAsync(int place)
    {
        using var honest = Visitor(place);
        await honest.LogInAsync("trainer@demo.example", DemoWorld.Password);
        Assert.True(await honest.IsInAsync());
    }

    static async Task AssertAskedToWaitAsync(Func<Task<HttpResponseMessage>> ask, HttpStatusCode good)
    {
        var answer = await ask();
        for (var asked = 1; asked < 100 && answer.StatusCode == good; asked++)
            answer = await ask();
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("That was a lot in a short time.", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    static async Task AssertTellsOfConnectionsAsync(HttpResponseMessage answer, int most)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains(FormattableString.Invariant($"may have: {most}."), (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
