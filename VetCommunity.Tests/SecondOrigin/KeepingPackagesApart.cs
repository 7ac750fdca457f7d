using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Configuration;
using VetCommunity.App.SecondOrigin;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.SecondOrigin;

/// <summary>The origin of people's packages has nothing of the site, whoever asks.</summary>
public sealed class KeepingPackagesApart(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Promise("HD2")]
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_the_site_is_there_by_its_port_or_by_its_name_not_even_for_who_is_logged_in(bool byName)
    {
        using var member = new Visitor(community);
        await member.LogInAsync("member@demo.example", DemoWorld.Password);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        client.DefaultRequestHeaders.Add("Cookie", member.CookieHeader);
        foreach (var path in (string[])["/", "/rooms/welcome", "/Account/Login", "/Account/Logout", "/api/v1/rooms", "/openapi/v1.json", "/hubs/conversations", "/hubs/conversations/negotiate?negotiateVersion=1",
            "/_blazor", "/_blazor/negotiate?negotiateVersion=1", "/_framework/blazor.web.js", "/health/live", "/health/ready", "/css/base.css", "/js/live.js", "/mud-theme.css", "/files/x/y.png", "/theme/dark", "/status"])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head, HttpMethod.Post, HttpMethod.Options])
            {
                using var request = new HttpRequestMessage(method, new Uri(byName ? community.Address : community.SecondOrigin, path));
                if (byName)
                    request.Headers.Host = community.SecondOrigin.Authority;

                using var answer = await client.SendAsync(request, Cancel);

                Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
                Assert.False(answer.Headers.Contains("Set-Cookie"), path);
                var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
                Assert.StartsWith("sandbox allow-scripts allow-forms;", policy, StringComparison.Ordinal);
                Assert.DoesNotContain("allow-same-origin", policy, StringComparison.Ordinal);
                Assert.EndsWith("frame-ancestors " + community.Address.GetLeftPart(UriPartial.Authority), policy, StringComparison.Ordinal);
                Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
                Assert.Equal(method == HttpMethod.Head ? "" : "There is nothing here.", await answer.Content.ReadAsStringAsync(Cancel));
            }
        }
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Cookie", member.CookieHeader);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(community.SecondOrigin) { Scheme = "ws", Path = "/hubs/conversations" }.Uri, Cancel));
        Assert.Equal(HttpStatusCode.NotFound, socket.HttpStatusCode);
    }

    [Promise("HD2")]
    [Fact]
    public async Task The_site_shows_frames_of_it_and_of_nobody_else()
    {
        using var client = new HttpClient { BaseAddress = community.Address };
        foreach (var path in (string[])["/", "/Account/Login", "/there-is-no-such-page"])
        {
            using var answer = await client.GetAsync(path, Cancel);
            var frames = answer.Headers.GetValues("Content-Security-Policy").Single().Split(';', StringSplitOptions.TrimEntries).Single(part => part.StartsWith("frame-src", StringComparison.Ordinal));
            Assert.Equal("frame-src " + community.SecondOrigin.GetLeftPart(UriPartial.Authority), frames);
        }
        Assert.Equal("VetCommunity listens on " + community.Address.GetLeftPart(UriPartial.Authority), await community.HearAsync("listens on"));
    }

    [Fact]
    public async Task The_doctor_asks_it_and_sees_when_something_else_answers()
    {
        Assert.Contains($"ok    origin    people's packages come from {community.SecondOrigin.GetLeftPart(UriPartial.Authority)}, and it leads here", (await community.RunAsync("doctor")).Output, StringComparison.Ordinal);
        community.Settings["Content__Origin"] = community.Address.ToString().Replace("localhost", "127.0.0.1", StringComparison.Ordinal);

        var ill = await community.RunAsync("doctor");

        community.Settings.Remove("Content__Origin");
        Assert.Contains("FAIL  origin    What answers at http://127.0.0.1:", ill.Output, StringComparison.Ordinal);
        Assert.Equal(1, ill.ExitCode);
    }

    [Fact]
    public async Task A_taken_port_of_it_is_named_and_so_is_an_origin_that_is_the_sites_own()
    {
        await using var other = new RunningCommunity();
        using var taken = new TcpListener(IPAddress.Loopback, other.SecondOrigin.Port);
        taken.Start();
        (await other.RunAsync()).AssertRefused($":{other.SecondOrigin.Port}: address already in use. Stop what holds the address, or set Urls to another one; the port after it is for people's packages.");

        other.Settings["Content__Origin"] = other.Address.ToString();
        (await other.RunAsync()).AssertRefused("people's packages need an origin of their own");
    }

    [Theory]
    [InlineData("http://localhost:5000", null, "http://127.0.0.1:5001", "http://localhost:5001")]
    [InlineData("http://localhost:5000;https://localhost:5001", null, "http://127.0.0.1:5002", "http://localhost:5002")]
    [InlineData("http://*:8080", "https://content.vet.example/", "https://content.vet.example", "http://*:8081")]
    [InlineData("https://[::1]:8443", null, "https://127.0.0.1:8444", "https://[::1]:8444")]
    [InlineData("http://127.0.0.1:0", null, "http://127.0.0.1:5001", null)]
    [InlineData("http://unix:/run/vet.sock", "https://content.vet.example:444", "https://content.vet.example:444", null)]
    public void It_listens_on_the_port_after_the_first_one_and_has_the_name_that_is_set(string urls, string? set, string address, string? listens)
    {
        var origin = Of(("urls", urls), ("Content:Origin", set));

        Assert.Equal((address, listens), (origin.Address, origin.Listens));
    }

    [Fact]
    public void Ports_alone_are_understood_and_kestrels_own_endpoints_are_left_as_they_are()
    {
        var ports = Of(("http_ports", "8080;8081"));
        var endpoints = Of(("urls", "http://localhost:5000"), ("Kestrel:Endpoints:Http:Url", "http://localhost:6000"));

        Assert.Equal(("http://127.0.0.1:8082", "http://*:8082"), (ports.Address, ports.Listens));
        Assert.Equal(("http://127.0.0.1:5001", null), (endpoints.Address, endpoints.Listens));
    }

    [Theory]
    [InlineData("http://localhost:5000", "banana", null)]
    [InlineData("http://localhost:5000", "ftp://content.vet.example", null)]
    [InlineData("http://localhost:5000", "https://content.vet.example/packages", null)]
    [InlineData("http://localhost:5000", "https://you:me@content.vet.example", null)]
    [InlineData("http://localhost:5000", "http://LOCALHOST:5000", null)]
    [InlineData("http://localhost:5000", "https://vet.example:443", "https://vet.example")]
    [InlineData("http://localhost:5000", null, "http://127.0.0.1:5001")]
    public void What_is_no_origin_or_the_sites_own_is_refused(string urls, string? set, string? site) =>
        Assert.Throws<OperationFailedException>(() => Of(("urls", urls), ("Content:Origin", set), ("Site:Origin", site)));

    static ContentOrigin Of(params (string Key, string? Value)[] settings) =>
        ContentOrigin.Of(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, one.Value))).Build());
}
