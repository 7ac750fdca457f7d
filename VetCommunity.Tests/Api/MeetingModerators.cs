using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using VetCommunity.Core;
using VetCommunity.Core.Moderation;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Api;

/// <summary>What moderators decide, as a program hears of it.</summary>
public class MeetingModerators(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Messages = "/api/v1/rooms/welcome/messages";

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

    static async Task AssertAsync(HttpResponseMessage answer, int status, Refusal refusal)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((refusal.ToString(), true), (problem.GetProperty("refusal").GetString(), problem.GetProperty("detail").GetString()!.EndsWith('.')));
    }
}
