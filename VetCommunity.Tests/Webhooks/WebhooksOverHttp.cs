using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Http;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Webhooks;

/// <summary>The whole way: forms without script, calls from programs, and calls to them.</summary>
public class WebhooksOverHttp(CommunityWithWebhooks server) : IClassFixture<CommunityWithWebhooks>
{
    readonly RunningCommunity _community = server.Community;

    [Fact]
    public async Task A_moderator_makes_an_address_and_a_program_posts_by_it_until_it_is_ended()
    {
        using var moderator = await LogInAsync("moderator@demo.example");
        await moderator.OpenAsync("/rooms/welcome/webhooks");
        await moderator.SendAsync("in", ("in-name", "Course register"), ("form", "in"));
        var address = Field(moderator, "once-address");
        Assert.StartsWith(_community.Address + "api/v1/hooks/vch_", address, StringComparison.Ordinal);
        Assert.Null(moderator.Page.QuerySelector("#once-secret"));
        using var program = new HttpClient();

        using var posted = await program.PostAsJsonAsync(address, new { text = "A **new** course", topic = "Courses", clientKey = "c-17" });
        using var again = await program.PostAsJsonAsync(address, new { text = "A **new** course", topic = "Courses", clientKey = "c-17" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (posted.StatusCode, again.StatusCode));
        var receipt = await posted.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(receipt.GetProperty("address").GetString(), new Uri(_community.Address, posted.Headers.Location!).ToString());
        var repeated = await again.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((receipt.GetProperty("seq").GetInt64(), true), (repeated.GetProperty("seq").GetInt64(), repeated.GetProperty("duplicate").GetBoolean()));
        await moderator.OpenAsync("/rooms/welcome");
        var article = moderator.Page.QuerySelector($"article[data-seq='{receipt.GetProperty("seq").GetInt64()}']")!;
        Assert.Equal(("Course register", "Program", "A new course"),
            (article.QuerySelector(".message-author")!.TextContent, article.QuerySelector(".badge")!.TextContent, article.QuerySelector(".message-body")!.TextContent.Trim()));
        // Shown once: neither the list nor the same form again shows it.
        await moderator.OpenAsync("/rooms/welcome/webhooks");
        Assert.DoesNotContain("vch_", moderator.Page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        await moderator.SendAsync("in", ("in-name", "Course register"), ("form", "in"));
        Assert.Contains("already is one called “Course register”", moderator.Says, StringComparison.Ordinal);

        await moderator.SendAsync("acts", ("end-in", moderator.Page.QuerySelector("button[name=end-in]")!.GetAttribute("value")!));

        using var late = await program.PostAsJsonAsync(address, new { text = "Late" });
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        Assert.Equal("application/problem+json", late.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("Course register", moderator.Page.QuerySelectorAll(".webhook-name").Select(name => name.TextContent));
    }

    [Fact]
    public async Task Where_a_signature_is_wanted_a_call_without_is_refused_and_a_replay_is_the_same_message()
    {
        using var moderator = await LogInAsync("moderator@demo.example");
        await moderator.OpenAsync("/rooms/welcome/webhooks");
        await moderator.SendAsync("in", ("in-name", "Signed register"), ("sign", "yes"), ("form", "in"));
        var (address, secret) = (Field(moderator, "once-address"), Field(moderator, "once-secret"));
        using var program = new HttpClient();
        program.DefaultRequestHeaders.AcceptLanguage.ParseAdd("it");

        using var without = await program.PostAsJsonAsync(address, new { text = "x" });
        using var wrong = await SendAsync(program, address, "whsec_" + Convert.ToBase64String(new byte[32]), "msg_1", DateTimeOffset.UtcNow, """{"text":"x"}""");
        using var old = await SendAsync(program, address, secret, "msg_1", DateTimeOffset.UtcNow.AddMinutes(-6), """{"text":"x"}""");
        using var right = await SendAsync(program, address, secret, "msg_1", DateTimeOffset.UtcNow, """{"text":"x"}""");
        using var replayed = await SendAsync(program, address, secret, "msg_1", DateTimeOffset.UtcNow, """{"text":"x","clientKey":"other"}""");

        foreach (var refused in (HttpResponseMessage[])[without, wrong, old])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.StartsWith("La firma manca", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (right.StatusCode, replayed.StatusCode));
    }

    [Fact]
    public async Task What_a_program_sends_wrongly_gets_a_sentence()
    {
        using var moderator = await LogInAsync("moderator@demo.example");
        await moderator.OpenAsync("/rooms/welcome/webhooks");
        await moderator.SendAsync("in", ("in-name", "Clumsy program"), ("form", "in"));
        var address = Field(moderator, "once-address");
        using var program = new HttpClient();
        foreach (var (body, status) in ((string, int)[])[
            ("", 400), ("no json", 400), ("[]", 400), ("null", 400), ("{}", 400), ("""{"text":7}""", 400), ("""{"text":""}""", 400), ("""{"text":"\ud800"}""", 400),
            (JsonSerializer.Serialize(new { text = new string('x', 10_001) }), 400), (JsonSerializer.Serialize(new { text = "x", topic = new string('x', 81) }), 400),
            (JsonSerializer.Serialize(new { text = "x", clientKey = new string('x', 65) }), 400), (new string(' ', 200_000), 413)])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await program.PostAsync(address, content);
            Assert.True(status == (int)answer.StatusCode, $"{body[..Math.Min(40, body.Length)]}: {answer.StatusCode}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.NotEmpty((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!);
        }
        HttpResponseMessage last;
        do
            last = await program.PostAsJsonAsync(address, new { text = "x", clientKey = "same" });
        while (last.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.TooManyRequests, last.StatusCode);
        Assert.NotNull(last.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_target_hears_at_once_in_order_and_nothing_after_the_end()
    {
        await using var receiver = await Receiver.OpenAsync();
        using var moderator = await LogInAsync("moderator@demo.example");
        var (secret, page) = await ConnectAsync(moderator, "In order", receiver);
        await using var hub = await _community.ConnectAsync("member@demo.example");

        var one = await hub.PostAsync("welcome", "o-1", "One");
        var two = await hub.PostAsync("welcome", "o-2", "Two");

        foreach (var seq in (long[])[one, two])
        {
            var call = await receiver.HearAsync();
            Assert.True(call.IsSignedWith(secret));
            Assert.Equal(("message.posted", seq), (call.Type, call.Data.GetProperty("seq").GetInt64()));
        }
        await moderator.OpenAsync(page);
        await moderator.SendAsync("acts", ("test", "yes"));
        Assert.Equal("test", (await receiver.HearAsync()).Type);
        // The page after it shows how it went.
        var row = moderator.Page.QuerySelector("tbody tr")!;
        Assert.Contains("A test", row.TextContent, StringComparison.Ordinal);
        Assert.Contains("Delivered", row.TextContent, StringComparison.Ordinal);
        await moderator.SendAsync("acts", ("again", row.QuerySelector("button[name=again]")!.GetAttribute("value")!));
        Assert.Equal("test", (await receiver.HearAsync()).Type);

        await moderator.SendAsync("acts", ("end", "1"));
        await hub.PostAsync("welcome", "o-3", "Three");

        await moderator.OpenAsync(page);
        Assert.Equal(HttpStatusCode.NotFound, moderator.Status);
        Assert.True(receiver.HeardAll);
    }

    [Fact]
    public async Task A_target_that_fails_and_recovers_hears_the_same_call_again()
    {
        var failing = 1;
        await using var receiver = await Receiver.OpenAsync(async http =>
        {
            if (Interlocked.Exchange(ref failing, 0) == 0)
                return;
            http.Response.StatusCode = 500;
            await http.Response.WriteAsync("Down for a moment");
        });
        using var moderator = await LogInAsync("moderator@demo.example");
        var (_, page) = await ConnectAsync(moderator, "Recovers", receiver);
        await using var hub = await _community.ConnectAsync("member@demo.example");
        await hub.PostAsync("welcome", "r-1", "One");
        var first = await receiver.HearAsync();
        await moderator.OpenAsync(page);

        var second = await receiver.HearAsync();

        Assert.Equal((first.Id, first.Body), (second.Id, second.Body));
    }

    [Fact]
    public async Task A_server_that_is_killed_while_it_calls_calls_again_after_the_next_start()
    {
        await using var own = new RunningCommunity { Settings = { ["Webhooks__AllowedPrivateHosts"] = "127.0.0.1" } };
        await own.InitializeAsync();
        var hung = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.OpenAsync(http => hung.Task);
        using var moderator = await new Visitor(own).LogInAsync("moderator@demo.example", "Demo-2026-vet!");
        await ConnectAsync(moderator, "Killed", receiver);
        var hub = await own.ConnectAsync("member@demo.example");
        await hub.PostAsync("welcome", "k-1", "One");
        var before = await receiver.HearAsync();
        await hub.PostAsync("welcome", "k-2", "Two");

        await own.KillAsync();
        await hub.DisposeAsync();
        hung.SetResult();
        await own.StartAsync();

        var (after, next) = (await receiver.HearAsync(), await receiver.HearAsync());
        Assert.Equal((before.Id, "One"), (after.Id, after.Data.GetProperty("markdown").GetString()));
        Assert.Equal("Two", next.Data.GetProperty("markdown").GetString());
    }

    [Fact]
    public async Task A_target_inside_is_refused_by_name_and_by_where_the_name_leads()
    {
        using var moderator = await LogInAsync("moderator@demo.example");
        await moderator.OpenAsync("/rooms/welcome/webhooks");
        foreach (var (target, says) in ((string, string)[])[("https://10.0.0.1/", "lies in a private network"), ("http://example.org/", "begins with https://"), ("nonsense", "begins with https://")])
        {
            await moderator.SendAsync("out", ("out-name", "Inside"), ("target", target), ("event", "MessagePosted"), ("form", "out"));
            Assert.Contains(says, moderator.Says, StringComparison.Ordinal);
            // What was typed stays.
            Assert.Equal(target, moderator.Page.QuerySelector("#target")!.GetAttribute("value"));
        }
        // A name that leads to this machine, and is not the one that the operator allowed.
        await moderator.SendAsync("out", ("out-name", "Inside"), ("target", "https://localhost:9/"), ("event", "MessagePosted"), ("form", "out"));
        await moderator.OpenAsync(moderator.Page.QuerySelector("a.webhook-name")!.GetAttribute("href")!);
        await moderator.SendAsync("acts", ("test", "yes"));
        Assert.Contains("private network", moderator.Page.QuerySelector("tbody tr")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_sees_the_page()
    {
        foreach (var email in (string[])["member@demo.example", "trainer@demo.example"])
        {
            using var other = await LogInAsync(email);
            await other.OpenAsync("/rooms/welcome/webhooks");
            Assert.Equal(HttpStatusCode.NotFound, other.Status);
            await other.OpenAsync("/rooms/welcome");
            Assert.Null(other.Page.QuerySelector("a[href$='/webhooks']"));
        }
    }

    async Task<Visitor> LogInAsync(string email) => await new Visitor(_community).LogInAsync(email, "Demo-2026-vet!");

    static async Task<(string Secret, string Page)> ConnectAsync(Visitor moderator, string name, Receiver receiver)
    {
        await moderator.OpenAsync("/rooms/welcome/webhooks");
        await moderator.SendAsync("out", ("out-name", name), ("target", receiver.Address.ToString()), ("event", "MessagePosted"), ("form", "out"));
        return (Field(moderator, "once-secret"), moderator.Page.QuerySelectorAll("a.webhook-name").Single(link => link.TextContent == name).GetAttribute("href")!);
    }

    static string Field(Visitor visitor, string id) => ((IHtmlTextAreaElement)visitor.Page.GetElementById(id)!).Value.Trim();

    static async Task<HttpResponseMessage> SendAsync(HttpClient program, string address, string secret, string id, DateTimeOffset at, string body)
    {
        var seconds = at.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", FormattableString.Invariant($"{seconds}"));
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes(FormattableString.Invariant($"{id}.{seconds}.{body}")))));
        return await program.SendAsync(request);
    }
}

/// <summary>A running community that may call this machine, as an operator allows it for a host of the own house.</summary>
public sealed class CommunityWithWebhooks : IAsyncLifetime
{
    public RunningCommunity Community { get; } = new() { Settings = { ["Webhooks__AllowedPrivateHosts"] = "crm.internal, 127.0.0.1" } };

    public async ValueTask InitializeAsync() => await Community.InitializeAsync();

    public ValueTask DisposeAsync() => Community.DisposeAsync();
}
