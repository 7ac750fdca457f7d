using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;
using static VetCommunity.Tests.Api.Answers;

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

    static int Seq(JsonElement message) => message.GetProperty("seq").GetInt32();
}
