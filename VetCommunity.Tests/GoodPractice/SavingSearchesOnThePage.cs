using System.Net;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public sealed class SavingSearchesOnThePage(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_search_is_saved_by_a_button_listed_in_plain_words_run_again_and_deleted()
    {
        using var member = new Visitor(community);
        await member.LogInAsync("member@demo.example", DemoWorld.Password);
        await member.OpenAsync("/practices");
        Assert.Null(member.Page.QuerySelector("main form[method=post]"));

        await member.OpenAsync("/practices?q=apprentices&theme=small-firms&country=IT&country=DE");
        await member.SendAsync("save");
        Assert.Equal("/practices/saved?saved=true", member.Address);
        var row = Assert.Single(member.Page.QuerySelectorAll(".saved-search"));
        var link = row.QuerySelector("h2 a")!;
        Assert.Equal("apprentices", link.TextContent);
        Assert.Contains("Theme: Small firms · Country: ", row.TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Germany", row.TextContent, StringComparison.Ordinal);

        await member.OpenAsync(link.GetAttribute("href")!);
        Assert.StartsWith("/practices?q=apprentices&theme=small-firms&country=", member.Address, StringComparison.Ordinal);
        Assert.EndsWith("&order=newest", member.Address, StringComparison.Ordinal);

        using var other = new Visitor(community);
        await other.LogInAsync("member2@demo.example", DemoWorld.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync(link.GetAttribute("href")!)).Status);
        await other.OpenAsync("/practices/saved");
        Assert.Empty(other.Page.QuerySelectorAll(".saved-search"));
        var id = row.QuerySelector("button[name=delete]")!.GetAttribute("value")!;
        Assert.Equal(HttpStatusCode.NotFound, (await other.SendAsync("acts", ("delete", id))).Status);

        await member.OpenAsync("/practices/saved");
        await member.SendAsync("acts", ("delete", id));
        Assert.Empty(member.Page.QuerySelectorAll(".saved-search"));
        Assert.Contains("You have saved no search.", member.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_keeps_enough_reads_why_no_more_and_a_visitor_has_no_button()
    {
        using var member = new Visitor(community);
        await member.LogInAsync("member3@demo.example", DemoWorld.Password);
        for (var number = 0; number <= 20; number++)
        {
            await member.OpenAsync($"/practices?q=word{number}");
            await member.SendAsync("save");
        }
        Assert.Contains("You keep 20 searches already.", member.Page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(20, member.Page.QuerySelectorAll(".saved-search").Length);

        using var visitor = new Visitor(community);
        await visitor.OpenAsync("/practices?q=word");
        Assert.Null(visitor.Page.QuerySelector("main form[method=post]"));
        await visitor.OpenAsync("/practices/saved");
        Assert.StartsWith("/Account/Login", visitor.Address, StringComparison.Ordinal);
    }
}
