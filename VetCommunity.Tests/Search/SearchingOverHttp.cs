using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Search;

public class SearchingOverHttp(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_program_gets_what_its_owner_may_read()
    {
        using var client = await ClientAsync("member3@demo.example");
        await using var hub = await community.ConnectAsync("member3@demo.example");
        var seq = await hub.PostAsync("welcome", "api-1", "Zwiebelfisch is a word that nobody else writes, see https://example.org");

        var answer = await JsonAsync(await client.GetAsync("/api/v1/search?q=zwiebelfi"));

        var result = Assert.Single(answer.GetProperty("results").EnumerateArray());
        Assert.Equal("welcome", result.GetProperty("conversation").GetString());
        Assert.Equal(seq, result.GetProperty("seq").GetInt64());
        Assert.Equal($"/rooms/welcome/messages/{seq}", result.GetProperty("address").GetString());
        Assert.NotEmpty(result.GetProperty("author").GetProperty("handle").GetString()!);
        Assert.NotEmpty(result.GetProperty("author").GetProperty("name").GetString()!);
        Assert.NotEmpty(result.GetProperty("topic").GetString()!);
        Assert.True(result.GetProperty("sentAt").TryGetDateTimeOffset(out _));
        var first = result.GetProperty("snippet")[0];
        Assert.Equal(("Zwiebelfisch", true), (first.GetProperty("text").GetString(), first.GetProperty("hit").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Pages_follow_each_other_in_both_orders()
    {
        using var client = await ClientAsync("member4@demo.example");
        // What becomes searchable between two pages would move the second.
        await community.HearAsync("messages can be searched now");
        foreach (var order in (string[])["best", "newest"])
        {
            HashSet<string> seen = [];
            string? next = "";
            while (next is not null)
            {
                var answer = await JsonAsync(await client.GetAsync($"/api/v1/search?q=room:welcome&order={order}&cursor={next}"));
                foreach (var result in answer.GetProperty("results").EnumerateArray())
                    Assert.True(seen.Add(result.GetProperty("address").GetString()!));
                next = answer.GetProperty("next").GetString();
            }
            Assert.True(seen.Count > 20);
        }
    }

    [Fact]
    public async Task A_refusal_is_a_problem_with_a_sentence_in_the_members_language()
    {
        using var client = await ClientAsync("member@demo.example");
        foreach (var (query, refusal, status) in ((string, string?, HttpStatusCode)[])[
            ("q=before:yesterday", "SearchDateWrong", HttpStatusCode.BadRequest), ("", "NothingToSearch", HttpStatusCode.BadRequest), ("q=%22", "NothingToSearch", HttpStatusCode.BadRequest),
            ("q=room:board", "SearchRoomUnknown", HttpStatusCode.BadRequest), ("q=a&order=oldest", "BadChoice", HttpStatusCode.BadRequest), ("q=" + new string('a', 5000), "SearchTooLong", HttpStatusCode.BadRequest),
            ("q=a&cursor=forged", null, HttpStatusCode.NotFound)])
        {
            using var answer = await client.GetAsync("/api/v1/search?" + query);

            Assert.Equal(status, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
            var problem = await JsonAsync(answer, mustSucceed: false);
            Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
            Assert.Equal(refusal, problem.TryGetProperty("refusal", out var name) ? name.GetString() : null);
        }
        using var stranger = new HttpClient { BaseAddress = community.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/api/v1/search?q=a")).StatusCode);
    }

    [Promise("RL1")]
    [Fact]
    public async Task Who_searches_without_a_pause_is_asked_to_wait_and_nobody_else_is()
    {
        using var hasty = await ClientAsync("member5@demo.example");
        using var other = await ClientAsync("member6@demo.example");
        HttpResponseMessage answer;
        do
            answer = await hasty.GetAsync("/api/v1/search?q=the");
        while (answer.StatusCode == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/v1/search?q=the")).StatusCode);
    }

    [Fact]
    public async Task The_description_for_programs_lists_it()
    {
        using var stranger = new HttpClient { BaseAddress = community.Address };

        var paths = (await JsonAsync(await stranger.GetAsync("/openapi/v1.json"))).GetProperty("paths").EnumerateObject().ToList();

        Assert.All(paths, path => Assert.StartsWith("/api/v1/", path.Name, StringComparison.Ordinal));
        var search = paths.Single(path => path.Name == "/api/v1/search").Value.GetProperty("get");
        Assert.Equal(["q", "order", "cursor"], search.GetProperty("parameters").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.True(search.GetProperty("responses").TryGetProperty("429", out _));
    }

    [Promise("IN2")]
    [Theory]
    [InlineData("", "How to search more precisely")]
    [InlineData("?q=%22", "There is no word to look for")]
    [InlineData("?q=...", "There is no word to look for")]
    [InlineData("?q=zzzzqqqq", "Nothing found")]
    [InlineData("?q=from:nobody-at-all", "There is no member nobody-at-all")]
    public async Task Whatever_is_typed_the_page_answers(string query, string says)
    {
        using var visitor = await new Visitor(community).LogInAsync("admin@demo.example", "Demo-2026-vet!");
        await visitor.OpenAsync("/search" + query);

        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains(says, visitor.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("λ")]
    [InlineData("漢")]
    public async Task A_whole_text_pasted_into_the_field_gets_a_sentence(string letter)
    {
        using var visitor = await new Visitor(community).LogInAsync("admin@demo.example", "Demo-2026-vet!");
        await visitor.OpenAsync("/search?q=" + Uri.EscapeDataString(string.Concat(Enumerable.Repeat(letter, 10_000))));

        Assert.Equal(HttpStatusCode.OK, visitor.Status);
        Assert.Contains("at most 500 characters", visitor.Says, StringComparison.Ordinal);
    }

    async Task<HttpClient> ClientAsync(string email)
    {
        var client = new HttpClient { BaseAddress = community.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await community.TokenAsync(email));
        return client;
    }

    static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, bool mustSucceed = true)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(!mustSucceed || answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
