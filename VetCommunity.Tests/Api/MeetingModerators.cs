using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using VetCommunity.Core;
using VetCommunity.Core.Moderation;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;
using static VetCommunity.Tests.Api.Answers;

namespace VetCommunity.Tests.Api;

/// <summary>What moderators decide, as a program hears of it.</summary>
public class MeetingModerators(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Messages = "/api/v1/rooms/welcome/messages", Hours = "/api/v1/rooms/board/hours", HoursSettings = "/rooms/board/hours/settings";

    [Fact]
    public async Task A_hidden_message_and_who_may_only_read_are_403_with_the_rules_name()
    {
        using var moderator = await new Visitor(community).LogInAsync("moderator@demo.example", "Demo-2026-vet!");
        using var member = await community.ScriptAsync("member2@demo.example");
        var hidden = await PostAsync(member, "Hidden soon");
        await DecideAsync(moderator, hidden, MessageMeasure.Hidden, MemberMeasure.None);

        using var edited = await member.PatchAsJsonAsync($"{Messages}/{hidden}", new { markdown = "Louder" });
        await AssertAsync(edited, 403, Refusal.MessageHidden);
        Assert.Null(edited.Headers.RetryAfter);

        await DecideAsync(moderator, await PostAsync(member, "Loud"), MessageMeasure.Left, MemberMeasure.Muted);
        using var muted = await member.PostAsJsonAsync(Messages, new { markdown = "Still loud" });
        await AssertAsync(muted, 403, Refusal.Muted);
    }

    [Fact]
    public async Task Where_only_speakers_write_others_get_403_and_in_a_slow_room_429_with_the_time_to_wait()
    {
        using var moderator = await new Visitor(community).LogInAsync("moderator@demo.example", "Demo-2026-vet!");
        using var member = await community.ScriptAsync("member3@demo.example");
        await SetAsync(moderator, slow: 0, onlySpeakers: true);
        using var listener = await member.PostAsJsonAsync(Messages, new { markdown = "May I?" });
        await AssertAsync(listener, 403, Refusal.OnlySpeakers);

        await SetAsync(moderator, slow: 3600, onlySpeakers: false);
        using var first = await member.PostAsJsonAsync(Messages, new { markdown = "Now" });
        Assert.Equal(201, (int)first.StatusCode);
        using var slow = await member.PostAsJsonAsync(Messages, new { markdown = "And now?" });
        await AssertAsync(slow, 429, Refusal.SlowMode);
        Assert.InRange(slow.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        await SetAsync(moderator, slow: 0, onlySpeakers: false);
        using var taken = await member.PostAsJsonAsync(Messages, new { markdown = "At last" });
        Assert.Equal(201, (int)taken.StatusCode);
    }

    [Fact]
    public async Task Inside_the_hours_that_moderators_set_a_program_waits_is_taken_and_goes_and_outside_it_asks_for_later()
    {
        using var moderator = await new Visitor(community).LogInAsync("moderator@demo.example", "Demo-2026-vet!");
        foreach (var day in Enum.GetNames<DayOfWeek>())
            await (await moderator.OpenAsync(HoursSettings)).SendAsync("weekly", ("weekday", day), ("from", "00:00"), ("to", "00:00"));
        await (await moderator.OpenAsync(HoursSettings)).SendAsync("host", ("handle", "johanna-stadlmayr"));
        using var host = await community.ScriptAsync("coordinator@demo.example");
        using var asker = await community.ScriptAsync("admin@demo.example");
        using var keeper = await community.ScriptAsync("moderator@demo.example");

        var empty = await JsonAsync(await asker.GetAsync(Hours));
        Assert.Equal((true, true, false, false), (Is(empty, "open"), Is(empty, "mayPost"), Is(empty, "host"), empty.GetProperty("closesAt").ValueKind == JsonValueKind.Null));
        Assert.Equal((7, "monday 00:00 24:00"), (empty.GetProperty("weekly").GetArrayLength(), string.Join(' ', empty.GetProperty("weekly")[0].EnumerateObject().Select(part => part.Value.GetString()))));
        using var nobody = await host.PostAsync(Hours + "/queue/next", null);
        await AssertAsync(nobody, 409, Refusal.NobodyWaits);

        foreach (var (who, line, number) in ((HttpClient, string, int)[])[(asker, "How do we report stays?", 1), (keeper, "Who signs?", 2), (asker, "Something else", 1)])
        {
            using var joined = await who.PostAsJsonAsync(Hours + "/queue", new { line });
            Assert.Equal(number, (await JsonAsync(joined)).GetProperty("mine").GetProperty("number").GetInt32());
        }
        var taken = await JsonAsync(await host.PostAsync(Hours + "/queue/next", null));
        var again = await JsonAsync(await host.PostAsync(Hours + "/queue/next", null));
        Assert.Equal(taken.GetProperty("served").ToString(), again.GetProperty("served").ToString());
        var served = taken.GetProperty("served").EnumerateArray().Single();
        Assert.Equal(("How do we report stays?", JsonValueKind.Null, "johanna-stadlmayr", true), (served.GetProperty("line").GetString(), served.GetProperty("number").ValueKind,
            served.GetProperty("host").GetProperty("handle").GetString(), Is(taken, "host")));
        Assert.Equal(served.ToString(), (await JsonAsync(await asker.GetAsync(Hours))).GetProperty("mine").ToString());
        var talk = await JsonAsync(await asker.GetAsync($"/api/v1/rooms/board/messages/{served.GetProperty("seq")}"));
        Assert.Equal("How do we report stays?", talk.GetProperty("topic").GetString());

        var place = $"{Hours}/queue/{served.GetProperty("place")}";
        var back = await JsonAsync(await host.PatchAsJsonAsync(place, new { state = "waiting" }));
        Assert.Equal([1, 2], back.GetProperty("waiting").EnumerateArray().Select(one => one.GetProperty("number").GetInt32()));
        using var notServed = await keeper.DeleteAsync(place);
        Assert.Equal(204, (int)notServed.StatusCode);
        Assert.Equal(JsonValueKind.Null, (await JsonAsync(await asker.GetAsync(Hours))).GetProperty("mine").ValueKind);
        var next = await JsonAsync(await host.PostAsync(Hours + "/queue/next", null));
        var last = next.GetProperty("served").EnumerateArray().Single();
        var done = await JsonAsync(await host.PatchAsJsonAsync($"{Hours}/queue/{last.GetProperty("place")}", new { state = "done" }));
        Assert.Equal((0, 0), (done.GetProperty("waiting").GetArrayLength(), done.GetProperty("served").GetArrayLength()));
        using var waits = await asker.PostAsJsonAsync(Hours + "/queue", new { line = "After all" });
        using var left = await asker.DeleteAsync(Hours + "/queue");
        Assert.Equal((200, 204, 0), ((int)waits.StatusCode, (int)left.StatusCode, (await JsonAsync(await asker.GetAsync(Hours))).GetProperty("waiting").GetArrayLength()));

        // Who still waits when the room closes finds the line again and asks it for later; here it closes because its days are closed ones.
        using var waiting = await asker.PostAsJsonAsync(Hours + "/queue", new { line = "Too late" });
        foreach (var day in (int[])[0, 1])
            await (await moderator.OpenAsync(HoursSettings)).SendAsync("single", ("day", DateTime.UtcNow.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        var closed = await JsonAsync(await asker.GetAsync(Hours));
        Assert.Equal((false, 0, 0), (Is(closed, "open"), closed.GetProperty("days")[0].GetProperty("spans").GetArrayLength(), closed.GetProperty("waiting").GetArrayLength()));
        Assert.True(closed.GetProperty("opensAt").GetDateTimeOffset() > closed.GetProperty("at").GetDateTimeOffset());
        using var refused = await asker.PostAsJsonAsync(Hours + "/queue", new { line = "Still?" });
        await AssertAsync(refused, 409, Refusal.HoursClosed);
        var lapsed = closed.GetProperty("lapsed");
        foreach (var status in (int[])[201, 200])
        {
            using var asked = await asker.PostAsJsonAsync(Hours + "/enquiries", new { line = lapsed.GetProperty("line").GetString(), text = "By *when*?", clientKey = "later", lapsed = lapsed.GetProperty("place").GetInt32() });
            Assert.Equal(status, (int)asked.StatusCode);
        }
        Assert.Equal(JsonValueKind.Null, (await JsonAsync(await asker.GetAsync(Hours))).GetProperty("lapsed").ValueKind);
        using var second = await asker.PostAsJsonAsync(Hours + "/enquiries", new { line = "Another one" });
        Assert.Equal("Another one", (await JsonAsync(await asker.GetAsync(second.Headers.Location))).GetProperty("markdown").GetString());
        var open = await PagesAsync(host, Hours + "/enquiries?limit=1", "enquiries");
        Assert.Equal(["Too late", "Another one"], open.Select(one => one.GetProperty("topic").GetString()));
        using var marked = await host.PutAsync($"{Hours}/enquiries/{open[0].GetProperty("seq")}/answered", null);
        Assert.Equal(204, (int)marked.StatusCode);
        Assert.Equal(["Another one"], (await PagesAsync(asker, Hours + "/enquiries", "enquiries")).Select(one => one.GetProperty("topic").GetString()));
    }

    static bool Is(JsonElement answer, string what) => answer.GetProperty(what).GetBoolean();

    static async Task SetAsync(Visitor moderator, int slow, bool onlySpeakers)
    {
        await moderator.OpenAsync("/rooms/welcome/settings");
        await moderator.SendAsync("settings", ("title", "Welcome"), ("purpose", ""), ("slow", slow.ToString(CultureInfo.InvariantCulture)), ("speakers", onlySpeakers ? "yes" : "no"));
        Assert.EndsWith("saved=true", moderator.Address, StringComparison.Ordinal);
    }

    static async Task DecideAsync(Visitor moderator, long seq, MessageMeasure message, MemberMeasure member)
    {
        await moderator.OpenAsync(FormattableString.Invariant($"/moderation/welcome/{seq}"));
        await moderator.SendAsync("decide", ("message", message.ToString()), ("member", member.ToString()), ("days", "1"), ("ground", nameof(Ground.Other)), ("reason", "For a test."));
        Assert.StartsWith("/decisions/", moderator.Address, StringComparison.Ordinal);
    }

    static async Task<long> PostAsync(HttpClient who, string text)
    {
        using var posted = await who.PostAsJsonAsync(Messages, new { markdown = text });
        return (await posted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("seq").GetInt64();
    }
}
