using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Xunit;

namespace VetCommunity.Tests.Authorisation;

/// <summary>Answers that no row of the table stands for: files, errors, calls that make no sense, and calls under another host's name.</summary>
public sealed class AnsweringStrangely(ServerWithEverybody server) : IClassFixture<ServerWithEverybody>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Where browsers would be led that believe the name.</summary>
    static readonly string[] Elsewhere =
    [
        "https://evil.example/", "http://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example",
        "/\n/evil.example", "/\r\nLocation: https://evil.example", "\t//evil.example", " //evil.example", "https:evil.example", "https:/evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
        "data:text/html,x", "vbscript:x", "//evil.example\\@localhost", "/%09/evil.example", "/%5cevil.example", "%2f%2fevil.example", "/.evil.example", "//evil。example", "/\u0000/evil.example",
        "~//evil.example", "~/\\evil.example", "?@evil.example", "#@evil.example", "@evil.example", "evil.example", "/..//evil.example", "http://127.0.0.1:1/", "file:///etc/passwd", "",
    ];

    [Promise("HD1")]
    [Promise("HD4")]
    [Theory]
    [InlineData("GET", "/there-is-no-such-page", 404)]
    [InlineData("GET", "/css/tokens.css", 200)]
    [InlineData("GET", "/css/there-is-none.css", 404)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/api/v1/there-is-none", 404)]
    [InlineData("GET", "/api/v1/rooms?limit=none", 400)]
    [InlineData("POST", "/rooms/welcome", 400)]
    [InlineData("POST", "/Account/Login", 400)]
    [InlineData("DELETE", "/rooms", 405)]
    [InlineData("TRACE", "/", 405)]
    [InlineData("HEAD", "/", 200)]
    [InlineData("HEAD", "/rooms/welcome", 200)]
    [InlineData("HEAD", "/health/ready", 200)]
    [InlineData("HEAD", "/css/tokens.css", 200)]
    [InlineData("HEAD", "/there-is-no-such-page", 404)]
    [InlineData("OPTIONS", "/rooms", 405)]
    [InlineData("GET", "/people?page=abc", 404)]
    [InlineData("GET", "/practice-links?q=call", 200)]
    [InlineData("GET", "/practice-links?q=call&language=xx", 400)]
    [InlineData("GET", "/_blazor", 400)]
    [InlineData("GET", "/appsettings.json", 404)]
    [InlineData("GET", "/.git/config", 404)]
    [InlineData("GET", "/metrics", 404)]
    public async Task Files_and_errors_have_the_same_headers_as_pages(string method, string address, int status)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        request.Headers.Add("Cookie", server.As("member").Cookie);
        if (method == "POST")
            request.Content = new StringContent("nonsense", Encoding.UTF8, "application/x-www-form-urlencoded");

        using var answer = await client.SendAsync(request, Cancel);

        Assert.Equal(status, (int)answer.StatusCode);
        StrictHeaders.AssertOn(answer);
        var said = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(method != "HEAD" || said.Length == 0);
        Assert.DoesNotContain("   at VetCommunity", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", said, StringComparison.Ordinal);
    }

    [Promise("IN5")]
    [Fact]
    public async Task The_name_by_which_a_caller_calls_us_stands_in_no_answer()
    {
        foreach (var row in AuthorisationTable.Read().Where(row => row.Example.StartsWith('/') && !row.Example.Contains('{') && row.What.Split(' ')[0] is "page" or "GET"))
        {
            foreach (var caller in (string[])["visitor", "administrator"])
            {
                using var answer = await server.As(caller).SendAsync(HttpMethod.Get, row.Example, host: "evil.example");
                var said = $"{answer.Headers}{answer.Content.Headers}{await answer.Content.ReadAsStringAsync(Cancel)}";
                Assert.False(said.Contains("evil.example", StringComparison.OrdinalIgnoreCase), $"{caller} is told of the host at {row.Example}: {answer.Headers.Location}");
            }
        }
    }

    [Promise("IN5")]
    [Theory]
    [InlineData("/language/it?return=")]
    [InlineData("/theme/dark?return=")]
    [InlineData("/Account/Login?ReturnUrl=")]
    public async Task No_address_in_an_address_leads_away(string address)
    {
        foreach (var there in Elsewhere)
        {
            using var answer = await server.As("member").SendAsync(HttpMethod.Get, address + Uri.EscapeDataString(there));
            Assert.Equal((there, HttpStatusCode.Redirect), (there, answer.StatusCode));
            StrictHeaders.AssertOn(answer);
            Assert.Equal(server.Address.Authority, new Uri(server.Address, answer.Headers.Location!).Authority);
        }
    }

    [Promise("IN5")]
    [Fact]
    public async Task No_log_in_leads_away()
    {
        foreach (var there in Elsewhere)
        {
            using var answer = await server.As("visitor").SendAsync(HttpMethod.Post, "/Account/Login?ReturnUrl=" + Uri.EscapeDataString(there), new()
            {
                ["_handler"] = "login",
                ["Input.Email"] = "member4@demo.example",
                ["Input.Password"] = Core.Demo.DemoWorld.Password,
            });
            Assert.Equal((there, HttpStatusCode.Redirect), (there, answer.StatusCode));
            Assert.Equal(server.Address.Authority, new Uri(server.Address, answer.Headers.Location!).Authority);
        }
    }

    [Promise("HD3")]
    [Theory]
    [InlineData("/hubs/conversations")]
    [InlineData("/_blazor")]
    public async Task Pages_of_other_sites_open_no_line(string hub)
    {
        foreach (var origin in (string[])["http://evil.example", "https://localhost.evil.example", "null", $"http://{server.Address.Host}:1", "file://"])
        {
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("Cookie", server.As("member").Cookie);
            socket.Options.SetRequestHeader("Origin", origin);
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = hub }.Uri, Cancel));
            Assert.Equal((origin, HttpStatusCode.Forbidden), (origin, socket.HttpStatusCode));
        }
    }

    [Promise("IN7")]
    [Fact]
    public async Task No_address_leads_out_of_the_folders_that_are_served()
    {
        string[] folders = ["/css/", "/js/", "/images/", "/_content/MudBlazor/", "/_framework/", "/files/", "/people/", "/api/v1/uploads/", "/api/v1/files/", "/rooms/welcome/files/", "/"];
        string[] ups = ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..\\", "..%5c", "....//", "..;/", "%252e%252e%252f", "..%c0%af", "..%00/", "./../"];
        string[] there = ["community.db", "data/community.db", "keys/", "appsettings.json", "etc/passwd"];
        foreach (var address in folders.SelectMany(folder => ups.SelectMany(up => there.Select(file => folder + string.Concat(Enumerable.Repeat(up, 8)) + file))))
        {
            var answer = await RawAsync(address);
            Assert.True(answer.StartsWith("HTTP/1.1 404", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 302", StringComparison.Ordinal),
                $"{address}: {answer.Split('\r')[0]}");
            Assert.DoesNotContain("SQLite format", answer, StringComparison.Ordinal);
        }
    }

    // A client of the framework would tidy the address up first.
    async Task<string> RawAsync(string address)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, Cancel);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {address} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nCookie: {server.As("member").Cookie}\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancel);
    }
}
