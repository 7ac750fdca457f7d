using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>What pages of other sites, and one member with many connections, get from the hub and the forms.</summary>
public class ConnectingFromElsewhere(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Promise("HD3")]
    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("http://127.0.0.1:5001", false)]
    [InlineData("null", false)]
    [InlineData("", true)]
    [InlineData(null, true)]
    public async Task Only_our_own_pages_open_the_hub_with_a_members_cookie(string? origin, bool isTaken)
    {
        var cookies = new CookieContainer();
        using var member = new Visitor(community, cookies: cookies);
        await member.LogInAsync("member2@demo.example", Core.Demo.DemoWorld.Password);
        using var socket = new ClientWebSocket();
        socket.Options.Cookies = cookies;
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin.Length == 0 ? community.Address.ToString().TrimEnd('/') : origin);

        var opening = socket.ConnectAsync(new UriBuilder(community.Address) { Scheme = "ws", Path = "/hubs/conversations" }.Uri, Cancel);

        if (isTaken)
            await opening;
        else
            await Assert.ThrowsAsync<WebSocketException>(() => opening);
        Assert.Equal(isTaken ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_member_has_at_most_fifty_connections_and_a_closed_one_makes_room()
    {
        var token = await community.TokenAsync("member3@demo.example");
        List<HubConnection> open = [];
        try
        {
            for (var number = 0; number < 50; number++)
                open.Add(await BeginAsync());
            var refused = await Assert.ThrowsAnyAsync<Exception>(BeginAsync);
            Assert.Contains("429", refused.ToString(), StringComparison.Ordinal);
            await using (await community.ConnectAsync("member4@demo.example"))
                await open[0].DisposeAsync();
            for (var isThere = false; !isThere;)
            {
                try
                {
                    open.Add(await BeginAsync());
                    isThere = true;
                }
                catch (Exception full) when (full.ToString().Contains("429", StringComparison.Ordinal))
                {
                    Cancel.ThrowIfCancellationRequested();
                }
            }
        }
        finally
        {
            foreach (var connection in open)
                await connection.DisposeAsync();
        }

        async Task<HubConnection> BeginAsync()
        {
            var connection = new HubConnectionBuilder().WithUrl(new Uri(community.Address, "/hubs/conversations"), HttpTransportType.WebSockets, options =>
            {
                options.AccessTokenProvider = () => Task.FromResult<string?>(token);
                options.SkipNegotiation = true;
            }).Build();
            await connection.StartAsync(Cancel);
            return connection;
        }
    }

    [Promise("RL1")]
    [Fact]
    public async Task Posting_by_the_plain_form_is_no_way_around_the_hubs_limit()
    {
        using var form = new Visitor(community);
        await form.LogInAsync("member@demo.example", Core.Demo.DemoWorld.Password);
        await using var hub = await community.ConnectAsync("member@demo.example");
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var flood = FloodAsync(hub, enough.Token);
        var isRefused = false;
        for (var number = 0; number < 100 && !isRefused; number++)
        {
            await form.OpenAsync("/rooms/welcome");
            await form.SendAsync("post", ("markdown", $"Words number {number}"));
            isRefused = form.Says.Contains("a lot in a short time", StringComparison.Ordinal)
                && form.Page.QuerySelector("textarea[name=markdown]")!.TextContent == $"Words number {number}";
        }
        await enough.CancelAsync();
        await flood;
        Assert.True(isRefused);
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_a_bad_request_and_no_error_of_ours()
    {
        using var stranger = new HttpClient { BaseAddress = community.Address };
        using var many = new FormUrlEncodedContent(Enumerable.Range(0, 3000).Select(number => KeyValuePair.Create($"f{number}", "x")));
        using var broken = new StringContent("--x\r\nnonsense", Encoding.UTF8);
        broken.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "x") } };
        using var cutOff = new StringContent("xx", Encoding.UTF8);
        cutOff.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "abc") } };
        foreach (var content in (HttpContent[])[many, broken, cutOff])
        {
            foreach (var address in (string[])["/Account/Login", "/Account/Logout", "/rooms/welcome"])
            {
                using var answer = await stranger.PostAsync(new Uri(address, UriKind.Relative), content, Cancel);
                Assert.Equal((address, HttpStatusCode.BadRequest), (address, answer.StatusCode));
                Assert.Contains("<main", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            }
        }
        Assert.DoesNotContain(community.Said, line => line.StartsWith("fail:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_with_letters_for_a_number_is_no_page_and_no_error_of_ours()
    {
        using var member = new Visitor(community);
        await member.OpenAsync("/Account/Register?sent=abc");
        Assert.Equal(HttpStatusCode.NotFound, member.Status);
        await member.LogInAsync("member5@demo.example", Core.Demo.DemoWorld.Password);
        foreach (var address in (string[])["/people?page=abc", "/rooms?mine=zz", "/rooms/welcome?before=99999999999999999999"])
        {
            await member.OpenAsync(address);
            Assert.Equal((address, HttpStatusCode.NotFound), (address, member.Status));
        }
        Assert.DoesNotContain(community.Said, line => line.StartsWith("fail:", StringComparison.Ordinal));
    }

    static async Task FloodAsync(HubConnection hub, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            try
            {
                await hub.InvokeAsync("Typing", "welcome", CancellationToken.None);
            }
            catch (Microsoft.AspNetCore.SignalR.HubException)
            {
                // Too fast: that is meant.
            }
        }
    }
}
