using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VetCommunity.App.Api;
using VetCommunity.Core;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;
using static VetCommunity.Tests.Api.Answers;

namespace VetCommunity.Tests.Api;

public class RefusingOverHttp(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Theory]
    [InlineData("GET", "/api/v1/rooms/board")]
    [InlineData("GET", "/api/v1/rooms/board/topics")]
    [InlineData("GET", "/api/v1/rooms/board/messages")]
    [InlineData("GET", "/api/v1/rooms/board/messages/1")]
    [InlineData("POST", "/api/v1/rooms/board/messages")]
    [InlineData("PATCH", "/api/v1/rooms/board/messages/1")]
    [InlineData("DELETE", "/api/v1/rooms/board/messages/1")]
    [InlineData("PUT", "/api/v1/rooms/board/messages/1/reactions/%F0%9F%91%8D")]
    [InlineData("DELETE", "/api/v1/rooms/board/messages/1/reactions/%F0%9F%91%8D")]
    [InlineData("POST", "/api/v1/rooms/board/read")]
    [InlineData("GET", "/api/v1/rooms/there-is-none/messages")]
    [InlineData("GET", "/api/v1/rooms/welcome/messages/999999999")]
    [InlineData("GET", "/api/v1/rooms/welcome/messages/one")]
    [InlineData("GET", "/api/v1/rooms/welcome/messages?topic=there-is-none")]
    [InlineData("GET", "/api/v1/rooms/welcome/hours")]
    [InlineData("GET", "/api/v1/rooms/welcome/hours/enquiries")]
    [InlineData("POST", "/api/v1/rooms/welcome/hours/queue")]
    [InlineData("DELETE", "/api/v1/rooms/welcome/hours/queue")]
    [InlineData("POST", "/api/v1/rooms/welcome/hours/enquiries")]
    [InlineData("POST", "/api/v1/rooms/prior-learning/hours/queue/next")]
    [InlineData("PATCH", "/api/v1/rooms/prior-learning/hours/queue/1")]
    [InlineData("DELETE", "/api/v1/rooms/prior-learning/hours/queue/1")]
    [InlineData("PUT", "/api/v1/rooms/prior-learning/hours/enquiries/999999999/answered")]
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v1/hooks/vch_there-is-none")]
    public async Task Not_allowed_looks_like_not_there_with_a_sentence_in_the_readers_language(string method, string address)
    {
        using var member = await community.ScriptAsync("member3@demo.example");
        using var language = await member.GetAsync("/language/de");
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        if (method is "POST" or "PATCH")
            request.Content = JsonContent.Create(new { markdown = "x", seq = 1, line = "x", state = "done" });
        using var answer = await member.SendAsync(request);

        await AssertProblemAsync(answer, 404, "Hier ist nichts");
    }

    [Fact]
    public void What_fits_itself_is_not_now_and_no_fault_of_the_call() =>
        Assert.Equal(409, Assert.IsAssignableFrom<IStatusCodeHttpResult>(ApiRefusals.Answer(new DefaultHttpContext(), new(Refusal.TalkFits))).StatusCode);

    [Theory]
    [InlineData("GET", "/api/v1/rooms/welcome/messages?cursor=forged", null, 400)]
    [InlineData("GET", "/api/v1/rooms/welcome/messages?cursor=cjE", null, 400)]
    [InlineData("GET", "/api/v1/rooms/welcome/messages?after=one", null, 400)]
    [InlineData("GET", "/api/v1/rooms/welcome/messages?limit=many", null, 400)]
    [InlineData("GET", "/api/v1/rooms?mine=perhaps", null, 400)]
    [InlineData("GET", "/api/v1/rooms?cursor=YTE", null, 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", "no json", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", "", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", "null", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", "[]", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", "{}", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", """{"markdown":7}""", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", """{"markdown":"x","replyToSeq":"1"}""", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", """{"markdown":"x","replyToSeq":999999999}""", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", """{"markdown":"\ud800"}""", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", """{"markdown":"x","clientKey":""}""", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/messages", """{"markdown":"x","attachments":["one"]}""", 400)]
    [InlineData("POST", "/api/v1/rooms/welcome/read", "{}", 400)]
    [InlineData("PATCH", "/api/v1/rooms/welcome/messages/1", """{"markdown":7}""", 400)]
    [InlineData("PATCH", "/api/v1/rooms/welcome/messages/1", """{"markdown":null}""", 403)]
    [InlineData("PUT", "/api/v1/rooms/welcome/messages/1/reactions/x", null, 400)]
    [InlineData("POST", "/api/v1/rooms/prior-learning/hours/queue", "{}", 400)]
    [InlineData("POST", "/api/v1/rooms/prior-learning/hours/enquiries", """{"line":"?!"}""", 400)]
    [InlineData("PATCH", "/api/v1/rooms/prior-learning/hours/queue/1", """{"state":"lapsed"}""", 400)]
    [InlineData("GET", "/api/v1/rooms/prior-learning/hours/enquiries?cursor=cjE", null, 400)]
    [InlineData("POST", "/api/v1/rooms/welcome", "{}", 405)]
    [InlineData("DELETE", "/api/v1/rooms/welcome/messages", null, 405)]
    public async Task A_call_that_makes_no_sense_gets_a_sentence(string method, string address, string? body, int status)
    {
        using var member = await community.ScriptAsync("member4@demo.example");
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await member.SendAsync(request);

        await AssertProblemAsync(answer, status, "");
    }

    [Fact]
    public async Task Too_long_a_text_other_formats_and_rooms_that_one_has_not_joined_get_a_sentence()
    {
        using var member = await community.ScriptAsync("member5@demo.example");
        using var tooLong = await member.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { markdown = new string('x', 10_001) });
        await AssertProblemAsync(tooLong, 400, "10001");
        using var xml = new StringContent("<markdown/>", Encoding.UTF8, "application/xml");
        using var notJson = await member.PostAsync("/api/v1/rooms/welcome/messages", xml);
        await AssertProblemAsync(notJson, 415, "application/json");
        using var outsider = await community.ScriptAsync("policy@demo.example");
        var room = (await PagesAsync(outsider, "/api/v1/rooms", "rooms")).FirstOrDefault(one => !one.GetProperty("member").GetBoolean());
        Assert.Equal(JsonValueKind.Object, room.ValueKind);
        using var notIn = await outsider.PostAsJsonAsync($"/api/v1/rooms/{room.GetProperty("conversation").GetString()}/messages", new { markdown = "x" });
        await AssertProblemAsync(notIn, 403, "Join");
    }

    [Fact]
    public async Task Who_is_not_logged_in_reads_how_to_be()
    {
        using var stranger = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = community.Address };
        foreach (var address in (string[])["/api/v1/rooms", "/api/v1/rooms/welcome/messages", "/api/v1/search?q=a", "/api/v1/uploads/1"])
        {
            using var answer = await stranger.GetAsync(address);
            await AssertProblemAsync(answer, 401, "Log in");
        }
        using var forged = new HttpRequestMessage(HttpMethod.Get, "/api/v1/rooms");
        forged.Headers.Authorization = new("Bearer", "vct_forged");
        using var refused = await stranger.SendAsync(forged);
        await AssertProblemAsync(refused, 401, "Log in");
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_page_of_ours_calls_with_the_cookie_and_the_forms_token_and_no_other_page_can()
    {
        var cookies = new CookieContainer();
        using var visitor = await new Visitor(community, cookies: cookies).LogInAsync("member6@demo.example", "Demo-2026-vet!");
        await visitor.OpenAsync("/rooms/welcome");
        var token = visitor.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = community.Address };

        using var read = await browser.GetAsync("/api/v1/rooms/welcome/messages");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        using var without = await browser.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { markdown = "Forged" });
        await AssertProblemAsync(without, 400, "RequestVerificationToken");
        browser.DefaultRequestHeaders.Add("RequestVerificationToken", token);
        using var with = await browser.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { markdown = "Meant" });
        Assert.Equal(HttpStatusCode.Created, with.StatusCode);
    }

    [Promise("RL1")]
    [Fact]
    public async Task Who_calls_without_a_pause_is_asked_to_wait()
    {
        using var hasty = await community.ScriptAsync("member7@demo.example");
        HttpResponseMessage last;
        do
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => hasty.GetAsync("/api/v1/rooms/welcome")));
            last = answers.FirstOrDefault(answer => answer.StatusCode != HttpStatusCode.OK) ?? answers[0];
        }
        while (last.StatusCode == HttpStatusCode.OK);

        await AssertProblemAsync(last, 429, "");
        Assert.NotNull(last.Headers.RetryAfter);
    }
}
