using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public sealed class SearchingOnThePage(RunningCommunity community) : IClassFixture<RunningCommunity>, IDisposable
{
    readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = community.Address };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_looked_for_is_marked_in_the_language_in_which_it_stands()
    {
        var page = await PageAsync("/practices?q=zehnten+arbeitst");
        var row = Assert.Single(page.QuerySelectorAll(".practice-row"));
        var title = row.QuerySelector("h2 a")!;

        Assert.Equal(("de", "/practices/the-tenth-day-call?language=de"), (title.GetAttribute("lang"), title.GetAttribute("href")));
        Assert.Equal("zehnten Arbeitstag", row.QuerySelector("p[lang=de] mark")!.TextContent);
        Assert.Contains("Found in: German", row.TextContent, StringComparison.Ordinal);
        Assert.Equal("/practices/the-tenth-day-call", Assert.Single((await PageAsync("/practices?q=zehnten+arbeitst", "de")).QuerySelectorAll(".practice-row h2 a")).GetAttribute("href"));
    }

    [Fact]
    public async Task The_order_is_chosen_by_a_link_and_stays_where_one_narrows_down()
    {
        var best = await PageAsync("/practices?q=apprentices&theme=small-firms");
        Assert.Equal("Best first", best.QuerySelector(".tabs a[aria-current=page]")!.TextContent);
        var newest = await PageAsync(best.QuerySelector(".tabs a:not([aria-current])")!.GetAttribute("href")!);

        Assert.Equal("Newest first", newest.QuerySelector(".tabs a[aria-current=page]")!.TextContent);
        Assert.Equal(Titles(best).Order(StringComparer.Ordinal), Titles(newest).Order(StringComparer.Ordinal));
        Assert.NotEqual(Titles(best), Titles(newest));
        Assert.All(newest.QuerySelectorAll(".facets a"), link => Assert.Contains("order=newest", link.GetAttribute("href"), StringComparison.Ordinal));
        Assert.Equal("newest", newest.QuerySelector("form[role=search] input[name=order]")!.GetAttribute("value"));
        Assert.Null((await PageAsync("/practices?theme=small-firms")).QuerySelector(".tabs"));

        static List<string> Titles(IHtmlDocument page) => [.. page.QuerySelectorAll(".practice-row h2").Select(title => title.TextContent)];
    }

    [Fact]
    public async Task Where_nothing_is_found_the_page_says_how_to_go_on()
    {
        var page = await PageAsync("/practices?q=qzxnothing&theme=digital");
        Assert.Contains("Try fewer words", page.QuerySelector(".empty")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["/practices?q=qzxnothing"], page.QuerySelectorAll(".empty a").Select(link => link.GetAttribute("href")));

        using var member = new Visitor(community);
        await member.LogInAsync("member@demo.example", DemoWorld.Password);
        await member.OpenAsync("/practices?q=qzxnothing");
        Assert.Equal(["/search?q=qzxnothing"], member.Page.QuerySelectorAll(".empty a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public async Task A_search_that_is_too_long_gets_a_sentence_and_keeps_what_was_typed()
    {
        var typed = new string('a', 501);
        var page = await PageAsync("/practices?q=" + typed);

        Assert.Contains("500", page.QuerySelector("#q-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(typed, page.QuerySelector("#q")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Who_searches_the_rooms_hears_how_many_practices_have_the_words()
    {
        using var member = new Visitor(community);
        await member.LogInAsync("member@demo.example", DemoWorld.Password);
        await member.OpenAsync("/search?q=tenth-day");
        var link = Assert.Single(member.Page.QuerySelectorAll("main a[href^='/practices']"));
        Assert.Equal("/practices?q=tenth-day", link.GetAttribute("href"));
        Assert.EndsWith(" good practices have these words too", link.TextContent, StringComparison.Ordinal);

        await member.OpenAsync("/search?q=qzxnothing");
        Assert.Empty(member.Page.QuerySelectorAll("main a[href^='/practices']"));
    }

    async Task<IHtmlDocument> PageAsync(string address, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "Accept-Language", language } } };
        using var answer = await _client.SendAsync(request, Cancel);
        answer.EnsureSuccessStatusCode();
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Cancel));
    }

    public void Dispose() => _client.Dispose();
}
