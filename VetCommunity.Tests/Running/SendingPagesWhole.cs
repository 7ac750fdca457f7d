using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VetCommunity.App.Shell;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

public sealed class SendingPagesWhole(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/rooms/welcome", HttpStatusCode.OK)]
    [InlineData("/notices", HttpStatusCode.OK)]
    [InlineData("/rooms/there-is-no-such-room", HttpStatusCode.NotFound)]
    public async Task A_members_page_says_how_long_it_is(string address, HttpStatusCode status)
    {
        using var client = await MemberAsync();
        using var answer = await client.GetAsync(new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancel);
        var said = answer.Content.Headers.ContentLength;
        var page = await answer.Content.ReadAsByteArrayAsync(Cancel);
        var html = Encoding.UTF8.GetString(page);

        Assert.Equal((status, (long?)page.Length), (answer.StatusCode, said));
        AssertIsWhole(html);
    }

    [Fact]
    public async Task Who_asks_for_the_head_hears_the_length_and_gets_nothing_of_it()
    {
        using var client = await MemberAsync();
        using var line = await AskAsync(client, "HEAD", "/rooms", closes: true);
        using var reader = new StreamReader(line.GetStream(), Encoding.UTF8);

        var head = await reader.ReadToEndAsync(Cancel);

        Assert.StartsWith("HTTP/1.1 200", head, StringComparison.Ordinal);
        var said = head.Split("\r\n").Single(header => header.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        Assert.True(int.Parse(said["Content-Length: ".Length..], CultureInfo.InvariantCulture) > 10_000, said);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_longer_than_the_server_keeps_for_a_reader_comes_whole_and_whoever_goes_away_in_the_middle_harms_nobody()
    {
        await using var author = await community.ConnectAsync("member@demo.example");
        for (var number = 0; number < 45; number++)
            await author.PostAsync("welcome", $"long-{number}", string.Concat(Enumerable.Repeat("Όλοι μαζί. ", 900)));
        using var client = await MemberAsync();

        for (var time = 0; time < 5; time++)
        {
            using var gone = await AskAsync(client, "GET", "/rooms/welcome", closes: false);
            Assert.True(await gone.GetStream().ReadAsync(new byte[1000], Cancel) > 0);
            gone.Client.Close(0);
        }
        var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.GetByteArrayAsync(new Uri("/rooms/welcome", UriKind.Relative), Cancel)));

        Assert.All(pages, page =>
        {
            Assert.InRange(page.Length, HeldAnswer.LongPage + 1, 50_000_000);
            AssertIsWhole(Encoding.UTF8.GetString(page));
        });
        Assert.DoesNotContain(community.Said, line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal));
    }

    // After most pages the framework says what islands would go on with.
    static void AssertIsWhole(string html)
    {
        var end = html.LastIndexOf("</html>", StringComparison.Ordinal);
        Assert.True(end > 0, html[^100..]);
        var rest = html[(end + "</html>".Length)..].Trim();
        Assert.True(rest.Length == 0 || (rest.StartsWith("<!--", StringComparison.Ordinal) && rest.EndsWith("-->", StringComparison.Ordinal)), rest);
    }

    async Task<TcpClient> AskAsync(HttpClient member, string method, string address, bool closes)
    {
        var line = new TcpClient();
        await line.ConnectAsync(community.Address.Host, community.Address.Port, Cancel);
        await line.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {address} HTTP/1.1\r\nHost: {community.Address.Authority}\r\nCookie: {member.DefaultRequestHeaders.GetValues("Cookie").Single()}\r\n{(closes ? "Connection: close\r\n" : "")}\r\n"), Cancel);
        return line;
    }

    async Task<HttpClient> MemberAsync()
    {
        using var member = new Visitor(community);
        await member.LogInAsync("member@demo.example", DemoWorld.Password);
        var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = community.Address };
        client.DefaultRequestHeaders.Add("Cookie", member.CookieHeader);
        return client;
    }
}
