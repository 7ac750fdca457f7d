using System.Text.Json;
using VetCommunity.Tests.Running;
using Xunit;
using static VetCommunity.Tests.Api.Answers;

namespace VetCommunity.Tests.Api;

public sealed class ReadingPracticesOverHttp(RunningCommunity community) : IClassFixture<RunningCommunity>, IDisposable
{
    readonly HttpClient _visitor = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = community.Address };

    [Fact]
    public async Task A_visitor_finds_all_practices_page_by_page_and_narrows_them_down_by_what_is_counted()
    {
        using var answer = await _visitor.GetAsync("/api/v1/practices?limit=100");
        var all = await JsonAsync(answer);
        var slugs = all.GetProperty("practices").EnumerateArray().Select(one => one.GetProperty("slug").GetString()).ToList();
        Assert.Equal(all.GetProperty("total").GetInt32(), slugs.Count);
        Assert.True(slugs.Count > 10);

        Assert.Equal(slugs, (await PagesAsync(_visitor, "/api/v1/practices?limit=3", "practices")).Select(one => one.GetProperty("slug").GetString()));
        foreach (var facet in all.GetProperty("facets").EnumerateObject())
        {
            foreach (var value in facet.Value.EnumerateArray().Take(3))
            {
                using var narrowed = await _visitor.GetAsync($"/api/v1/practices?{facet.Name}={value.GetProperty("value").GetString()}&limit=1");
                Assert.Equal(value.GetProperty("count").GetInt32(), (await JsonAsync(narrowed)).GetProperty("total").GetInt32());
            }
        }
        using var italian = await _visitor.GetAsync("/api/v1/practices?language=it");
        Assert.All((await JsonAsync(italian)).GetProperty("practices").EnumerateArray(), one => Assert.Equal("it", one.GetProperty("language").GetString()));
        foreach (var (words, shown) in new[] { ("tenth", "en"), ("zehnten%20Arbeitstag", "de") })
        {
            using var found = await _visitor.GetAsync($"/api/v1/practices?q={words}&in=de");
            var first = (await JsonAsync(found)).GetProperty("practices")[0];
            Assert.Equal(("the-tenth-day-call", shown), (first.GetProperty("slug").GetString(), first.GetProperty("language").GetString()));
        }
    }

    [Fact]
    public async Task Words_find_in_the_whole_text_the_best_first_page_by_page_and_facets_count_them()
    {
        var best = await PagesAsync(_visitor, "/api/v1/practices?q=the%20apprentices&limit=2&in=en", "practices");
        using var answer = await _visitor.GetAsync("/api/v1/practices?q=the%20apprentices&limit=100&in=en");
        var all = await JsonAsync(answer);
        var slugs = all.GetProperty("practices").EnumerateArray().Select(SlugOf).ToList();
        Assert.True(slugs.Count > 3);
        Assert.Equal(slugs, best.Select(SlugOf));
        Assert.Equal(slugs.Count, all.GetProperty("total").GetInt32());

        var newest = (await PagesAsync(_visitor, "/api/v1/practices?q=the%20apprentices&order=newest&limit=2&in=en", "practices")).ToList();
        Assert.Equal(slugs.Order(StringComparer.Ordinal), newest.Select(SlugOf).Order(StringComparer.Ordinal));
        Assert.Equal(newest.Select(one => one.GetProperty("publishedAt").GetDateTimeOffset()).OrderDescending(), newest.Select(one => one.GetProperty("publishedAt").GetDateTimeOffset()));

        foreach (var facet in (string[])["evidence", "maturity"])
        {
            var counts = all.GetProperty("facets").GetProperty(facet).EnumerateArray().ToList();
            Assert.Equal(slugs.Count, counts.Sum(one => one.GetProperty("count").GetInt32()));
            using var narrowed = await _visitor.GetAsync($"/api/v1/practices?q=the%20apprentices&{facet}={counts[0].GetProperty("value").GetString()}");
            Assert.Equal(counts[0].GetProperty("count").GetInt32(), (await JsonAsync(narrowed)).GetProperty("total").GetInt32());
        }

        static string? SlugOf(JsonElement one) => one.GetProperty("slug").GetString();
    }

    [Fact]
    public async Task A_question_that_is_too_long_gets_a_sentence()
    {
        using var answer = await _visitor.GetAsync("/api/v1/practices?q=" + new string('a', 501));

        await AssertProblemAsync(answer, 400, "500");
    }

    [Fact]
    public async Task A_visitor_reads_what_the_page_shows_and_a_member_whom_to_ask_as_well()
    {
        using var member = await community.ScriptAsync("member@demo.example");
        using var seen = await _visitor.GetAsync("/api/v1/practices/the-tenth-day-call?language=de");
        using var told = await member.GetAsync("/api/v1/practices/the-tenth-day-call?language=de");
        var (visitors, members) = (await JsonAsync(seen), await JsonAsync(told));

        Assert.Equal(("de", "en", 1, "CC-BY-4.0"), (visitors.GetProperty("language").GetString(), visitors.GetProperty("original").GetString(), visitors.GetProperty("revision").GetInt32(), visitors.GetProperty("licence").GetString()));
        Assert.Equal("https://creativecommons.org/licenses/by/4.0/", visitors.GetProperty("licenceAddress").GetString());
        Assert.Contains("<h2 id=", visitors.GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.Contains("\n## ", visitors.GetProperty("markdown").GetString(), StringComparison.Ordinal);
        Assert.Equal(["en", "de"], visitors.GetProperty("languages").EnumerateArray().Select(one => one.GetProperty("language").GetString()));
        var contact = members.GetProperty("contact").GetString();
        Assert.False(string.IsNullOrEmpty(contact));
        Assert.Null(visitors.GetProperty("contact").GetString());
        Assert.DoesNotContain(contact, await seen.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/practices/there-is-none", 404, "nothing here")]
    [InlineData("/api/v1/practices?cursor=forged", 400, "")]
    [InlineData("/api/v1/practices?cursor=cjE", 400, "")]
    [InlineData("/api/v1/practices?limit=many", 400, "")]
    [InlineData("/api/v1/practices?q=lathe&order=worst", 400, "")]
    [InlineData("/api/v1/practices?cursor=YjIw", 400, "")]
    [InlineData("/api/v1/practices?q=lathe&cursor=YjIwMDAwMDA", 400, "")]
    public async Task A_call_that_makes_no_sense_gets_a_sentence(string address, int status, string says)
    {
        using var answer = await _visitor.GetAsync(address);

        await AssertProblemAsync(answer, status, says);
    }

    public void Dispose() => _visitor.Dispose();
}
