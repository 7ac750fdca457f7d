using System.Net;
using System.Net.Sockets;
using VetCommunity.Core.Demo;
using Xunit;

namespace VetCommunity.Tests.Members;

// What comes back wrong, late, or again and again.
public partial class ComingInByOpenId
{
    [Fact]
    public async Task What_comes_back_wrong_is_a_sentence_at_the_log_in()
    {
        var mine = new CookieContainer();
        var back = await ThroughAsync(mine, "eve");
        // Another browser: a stranger's log-in pushed on somebody.
        using (var victim = new Visitor(Community))
            await AssertFailedAsync(victim, back.PathAndQuery);
        // Without the state of this browser, or without its nonce: each by itself is enough.
        foreach (var name in (string[])["vet-openid-state", "vet-openid-nonce"])
        {
            using var forgetful = new Visitor(Community, cookies: Without(name, mine, back));
            await AssertFailedAsync(forgetful, back.PathAndQuery);
        }
        // A code that was used: the first browser has spent it.
        using (var late = new Visitor(Community, cookies: mine))
            await AssertFailedAsync(late, back.PathAndQuery);
        foreach (var query in (string[])["", "?state=x&code=y", "?error=server_error&state=x", "?code=y"])
        {
            using var visitor = new Visitor(Community);
            await AssertFailedAsync(visitor, Start + "/back" + query);
        }
        var denied = new CookieContainer();
        var state = System.Web.HttpUtility.ParseQueryString((await AskedAsync(denied, Start)).Query)["state"]!;
        using var turned = new Visitor(Community, "it", denied);
        await turned.OpenAsync(Start + "/back?error=access_denied&state=" + Uri.EscapeDataString(state));
        Assert.Equal("/Account/Login?problem=denied", turned.Address);
        Assert.Contains("L’altro servizio non ti ha fatto passare", turned.Says, StringComparison.Ordinal);
        // The answer of another provider under this one's name.
        var mixed = new CookieContainer();
        var other = await ThroughAsync(mixed, "eve");
        using var confused = new Visitor(Community, cookies: mixed);
        await AssertFailedAsync(confused, other.PathAndQuery.Replace("/school/", "/silent/", StringComparison.Ordinal));
    }

    [Promise("FT20")]
    [Fact]
    public async Task A_provider_that_hangs_costs_its_own_visitors_seconds_and_nobody_else_anything()
    {
        using var waiting = new Visitor(Community);
        using var other = new Visitor(Community);

        var hanging = waiting.OpenAsync("/Account/OpenId/silent");
        await other.LogInAsync("member5@demo.example", DemoWorld.Password);

        Assert.Equal("/", other.Address);
        Assert.False(hanging.IsCompleted);
        await hanging.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        Assert.Contains("The other service does not answer at the moment.", waiting.Says, StringComparison.Ordinal);
    }

    [Promise("RL1")]
    [Fact]
    public async Task Who_begins_without_a_pause_is_asked_to_wait_as_with_passwords()
    {
        // Another place: nobody else is to wait for this test.
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (context, cancel) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = Community.Address };
        var last = "";

        for (var time = 0; time < 151 && !last.Contains("problem", StringComparison.Ordinal); time++)
        {
            using var answer = await client.GetAsync(new Uri(Start, UriKind.Relative), TestContext.Current.CancellationToken);
            last = answer.Headers.Location!.OriginalString;
        }

        Assert.Equal("/Account/Login?problem=often", last);
    }

    CookieContainer Without(string name, CookieContainer all, Uri back)
    {
        var some = new CookieContainer();
        some.Add(all.GetCookies(Community.Address));
        some.Add(all.GetCookies(new(Community.Address, back.AbsolutePath)));
        Assert.Single(some.GetAllCookies(), cookie => cookie.Name.StartsWith(name, StringComparison.Ordinal)).Expired = true;
        return some;
    }

    static async Task AssertFailedAsync(Visitor visitor, string address)
    {
        await visitor.OpenAsync(address);
        Assert.Equal("/Account/Login?problem=failed", visitor.Address);
        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains(Failed, visitor.Says, StringComparison.Ordinal);
        Assert.False(await visitor.IsInAsync());
    }
}
