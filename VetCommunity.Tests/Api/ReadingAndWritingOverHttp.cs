using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Api;

public class ReadingAndWritingOverHttp(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_program_lists_the_rooms_that_its_owner_may_read_page_by_page()
    {
        using var member = await community.ScriptAsync("member@demo.example");
        using var coordinator = await community.ScriptAsync("coordinator@demo.example");

        var all = await PagesAsync(coordinator, "/api/v1/rooms?limit=2", "rooms");

        Assert.Equal(6, all.Count);
        Assert.Contains(all, room => room.GetProperty("conversation").GetString() == "board");
        Assert.DoesNotContain(await PagesAsync(member, "/api/v1/rooms?limit=1000", "rooms"), room => room.GetProperty("conversation").GetString() == "board");
        Assert.All(await PagesAsync(coordinator, "/api/v1/rooms?mine=true", "rooms"), room => Assert.True(room.GetProperty("member").GetBoolean()));
        var board = await JsonAsync(await coordinator.GetAsync("/api/v1/rooms/board"));
        Assert.Equal((false, true, "/rooms/board"), (board.GetProperty("open").GetBoolean(), board.GetProperty("mayPost").GetBoolean(), board.GetProperty("address").GetString()));
        var topics = await PagesAsync(coordinator, "/api/v1/rooms/board/topics?limit=3", "topics");
        Assert.Contains(topics, topic => topic.GetProperty("slug").GetString() == "what-do-we-count");
        Assert.Equal(topics.Count, topics.Select(topic => topic.GetProperty("slug").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task Messages_are_read_from_the_newest_back_from_a_number_on_and_by_topic()
    {
        using var member = await community.ScriptAsync("member@demo.example");
        var newest = await JsonAsync(await member.GetAsync("/api/v1/rooms/prior-learning/messages?limit=7"));
        var last = newest.GetProperty("lastSeq").GetInt64();
        Assert.Equal(Enumerable.Range(0, 7).Select(i => last - 6 + i), newest.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("seq").GetInt64()));

        var back = await PagesAsync(member, "/api/v1/rooms/prior-learning/messages?limit=7", "messages", newestFirst: true);
        var on = await PagesAsync(member, "/api/v1/rooms/prior-learning/messages?after=0&limit=9", "messages");
        var between = await PagesAsync(member, "/api/v1/rooms/prior-learning/messages?after=3&before=10&limit=2", "messages");
        var topic = on[5].GetProperty("topic").GetString();
        var slug = (await PagesAsync(member, "/api/v1/rooms/prior-learning/topics", "topics")).Single(one => one.GetProperty("name").GetString() == topic).GetProperty("slug").GetString();
        var ofTopic = await PagesAsync(member, $"/api/v1/rooms/prior-learning/messages?topic={slug}&after=0&limit=2", "messages");

        Assert.Equal(Enumerable.Range(1, (int)last), on.Select(Seq));
        Assert.Equal(Enumerable.Range(1, (int)last), back.Select(Seq).Order());
        Assert.Equal(Enumerable.Range(4, 6), between.Select(Seq));
        Assert.Equal(on.Where(m => m.GetProperty("topic").GetString() == topic).Select(Seq), ofTopic.Select(Seq));
        Assert.Equal(100, (await JsonAsync(await member.GetAsync("/api/v1/rooms/prior-learning/messages?limit=100000"))).GetProperty("messages").GetArrayLength() is var length && last < 100 ? 100 : length);
        // What a program reads is what the hub gives.
        await using var hub = await community.ConnectAsync("member@demo.example");
        Assert.Equal((await hub.OpenAsync("prior-learning")).GetProperty("messages").EnumerateArray().Last().GetRawText(),
            (await JsonAsync(await member.GetAsync($"/api/v1/rooms/prior-learning/messages/{last}"))).GetRawText());
    }

    [Fact]
    public async Task A_message_is_posted_once_edited_reacted_to_read_and_deleted()
    {
        using var anna = await community.ScriptAsync("member@demo.example");
        using var bruno = await community.ScriptAsync("member2@demo.example");
        using var posted = await anna.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { markdown = "By a **program**", topic = "Programs", clientKey = "api-1" });
        using var again = await anna.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { markdown = "By a **program**", clientKey = "api-1" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (posted.StatusCode, again.StatusCode));
        var address = posted.Headers.Location!.ToString();
        Assert.Equal((await JsonAsync(posted)).GetProperty("seq").GetInt64(), (await JsonAsync(again)).GetProperty("seq").GetInt64());
        var message = await JsonAsync(await bruno.GetAsync(address));
        Assert.Equal(("Programs", "<p>By a <strong>program</strong></p>"), (message.GetProperty("topic").GetString(), message.GetProperty("html").GetString()!.Trim()));
        Assert.False(message.GetProperty("author").GetProperty("program").GetBoolean());
        foreach (var key in (string[])["header-1", "\"header-1\""])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/rooms/welcome/messages") { Content = JsonContent.Create(new { markdown = "By header" }) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await anna.SendAsync(request);
            Assert.Equal(key[0] == 'h' ? HttpStatusCode.Created : HttpStatusCode.OK, answer.StatusCode);
        }

        using var theirs = await bruno.PatchAsJsonAsync(address, new { markdown = "Mine now" });
        Assert.Equal((HttpStatusCode.Forbidden, "NotYourMessage"), (theirs.StatusCode, (await JsonAsync(theirs, mustSucceed: false)).GetProperty("refusal").GetString()));
        using var edited = await anna.PatchAsJsonAsync(address, new { markdown = "By another program" });
        Assert.Equal("By another program", (await JsonAsync(edited)).GetProperty("markdown").GetString());
        foreach (var put in (bool[])[true, true, false])
        {
            var emoji = address + "/reactions/" + Uri.EscapeDataString("👍");
            using var reacted = put ? await bruno.PutAsync(emoji, null) : await bruno.DeleteAsync(emoji);
            Assert.Equal(HttpStatusCode.NoContent, reacted.StatusCode);
            Assert.Equal(put ? 1 : 0, (await JsonAsync(await bruno.GetAsync(address))).GetProperty("reactions").GetArrayLength());
        }
        using var read = await bruno.PostAsJsonAsync("/api/v1/rooms/welcome/read", new { seq = message.GetProperty("seq").GetInt64() });
        Assert.Equal(HttpStatusCode.NoContent, read.StatusCode);
        Assert.True((await JsonAsync(await bruno.GetAsync("/api/v1/rooms/welcome"))).GetProperty("lastReadSeq").GetInt64() >= message.GetProperty("seq").GetInt64());
        using var notTheirs = await bruno.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.Forbidden, notTheirs.StatusCode);
        using var deleted = await anna.DeleteAsync(address);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("", (await JsonAsync(await bruno.GetAsync(address))).GetProperty("markdown").GetString());
    }

    [Fact]
    public async Task What_did_not_change_is_not_sent_again()
    {
        using var anna = await community.ScriptAsync("member@demo.example");
        using var first = await anna.GetAsync("/api/v1/rooms/borrowed-machines/messages?limit=3");
        Assert.True(first.Headers.CacheControl!.Private);

        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync());
        using var posted = await anna.PostAsJsonAsync("/api/v1/rooms/borrowed-machines/messages", new { markdown = "Something new" });
        Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AgainAsync());

        async Task<HttpStatusCode> AgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/rooms/borrowed-machines/messages?limit=3");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var answer = await anna.SendAsync(request);
            return answer.StatusCode;
        }
    }

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
    [InlineData("GET", "/api/v1/nothing")]
    [InlineData("POST", "/api/v1/hooks/vch_there-is-none")]
    public async Task Not_allowed_looks_like_not_there_with_a_sentence_in_the_readers_language(string method, string address)
    {
        using var member = await community.ScriptAsync("member3@demo.example");
        using var language = await member.GetAsync("/language/de");
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        if (method is "POST" or "PATCH")
            request.Content = JsonContent.Create(new { markdown = "x", seq = 1 });
        using var answer = await member.SendAsync(request);

        await AssertProblemAsync(answer, 404, "Hier ist nichts");
    }

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

    [Fact]
    public async Task A_conversation_of_two_is_no_room()
    {
        using var visitor = await new Visitor(community).LogInAsync("member@demo.example", "Demo-2026-vet!");
        using var member = await community.ScriptAsync("member@demo.example");
        for (var number = 1; number < 12; number++)
        {
            using var answer = await member.GetAsync(FormattableString.Invariant($"/api/v1/rooms/{number}/messages"));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

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

    static int Seq(JsonElement message) => message.GetProperty("seq").GetInt32();

    /// <summary>All pages, by the cursor in the body; the header says the same.</summary>
    static async Task<List<JsonElement>> PagesAsync(HttpClient who, string address, string list, bool newestFirst = false)
    {
        List<JsonElement> all = [];
        for (string? next = address; next is not null;)
        {
            using var answer = await who.GetAsync(next);
            var page = await JsonAsync(answer);
            all.InsertRange(newestFirst ? 0 : all.Count, page.GetProperty(list).EnumerateArray());
            var cursor = page.GetProperty("next").GetString();
            Assert.Equal(cursor is not null, answer.Headers.TryGetValues("Link", out var link));
            next = link?.Single().Split('<', '>')[1];
            Assert.True(next is null || (next.Contains("cursor=" + cursor, StringComparison.Ordinal) && link!.Single().EndsWith("; rel=\"next\"", StringComparison.Ordinal)));
            Assert.True(all.Count < 5000);
        }
        return all;
    }

    static async Task AssertProblemAsync(HttpResponseMessage answer, int status, string says)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await JsonAsync(answer, mustSucceed: false);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.EndsWith(".", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, bool mustSucceed = true)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(!mustSucceed || answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
