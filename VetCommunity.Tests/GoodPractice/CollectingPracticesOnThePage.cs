using System.Net;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public sealed class CollectingPracticesOnThePage(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_collection_is_made_from_a_practice_filled_ordered_and_deleted_without_script()
    {
        using var member = new Visitor(community);
        await member.LogInAsync("member3@demo.example", DemoWorld.Password);
        await member.OpenAsync("/practices/the-tenth-day-call");
        await member.OpenAsync(Assert.Single(member.Page.QuerySelectorAll("main a"), link => link.TextContent == "Add to a collection").GetAttribute("href")!);
        Assert.Contains("You have made no collection yet.", member.Says, StringComparison.Ordinal);
        await member.OpenAsync(Assert.Single(member.Page.QuerySelectorAll("main a"), link => link.TextContent == "New collection").GetAttribute("href")!);
        await member.SendAsync("new", ("title", ""), ("text", "Written <b>once</b>."), ("readers", "members"));
        Assert.Contains("Give the collection a title", member.Page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Written <b>once</b>.", member.Page.QuerySelector("#text")!.TextContent);
        await member.SendAsync("new", ("title", "For <i>Monday</i>"), ("text", "Written <b>once</b>."), ("readers", "members"));
        var address = member.Address;
        Assert.Equal("/collections/for-i-monday-i", address);
        Assert.Equal("For <i>Monday</i>", member.Page.QuerySelector("h1")!.TextContent);

        await member.OpenAsync("/practices/wednesday-workpieces/collect");
        await member.SendAsync("acts", ("add", "for-i-monday-i"));
        Assert.Contains("The practice is in it.", member.Says, StringComparison.Ordinal);
        await member.OpenAsync(address + "/edit");
        var second = member.Page.QuerySelectorAll("button[name=up]")[1].GetAttribute("value")!;
        await member.SendAsync("acts", ("up", second));
        await member.OpenAsync(address);
        Assert.Equal(["/practices/wednesday-workpieces", "/practices/the-tenth-day-call"], member.Page.QuerySelectorAll(".practice-row h2 a").Select(link => link.GetAttribute("href")));
        Assert.Contains("Exercises from the book have one right answer", member.Says, StringComparison.Ordinal);

        using var visitor = new Visitor(community);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.OpenAsync(address)).Status);
        await member.OpenAsync(address + "/edit");
        await member.SendAsync("change", ("title", "For Monday"), ("text", ""), ("readers", "all"));
        Assert.Equal("For Monday", (await visitor.OpenAsync(address)).Page.QuerySelector("h1")!.TextContent);
        Assert.Null(visitor.Page.QuerySelector("main form, main button"));
        Assert.Contains("For Monday", (await member.OpenAsync("/collections")).Says, StringComparison.Ordinal);
        using var other = new Visitor(community);
        await other.LogInAsync("member2@demo.example", DemoWorld.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync(address + "/edit")).Status);

        await member.OpenAsync(address + "/edit");
        await member.SendAsync("acts", ("remove", second));
        await member.SendAsync("acts", ("delete", "yes"));
        Assert.Equal("/collections?list=mine", member.Address);
        Assert.Equal(HttpStatusCode.NotFound, (await member.OpenAsync(address)).Status);
    }

    [Fact]
    public async Task The_demo_has_two_and_a_practice_names_those_that_it_is_in()
    {
        using var visitor = new Visitor(community);
        await visitor.OpenAsync("/practices");
        await visitor.OpenAsync(Assert.Single(visitor.Page.QuerySelectorAll("main a"), link => link.TextContent == "Collections").GetAttribute("href")!);
        Assert.Subset(visitor.Page.QuerySelectorAll(".practice-row h2 a").Select(link => link.GetAttribute("href")).ToHashSet(),
            (HashSet<string?>)["/collections/prima-di-aprire-un-corso", "/collections/the-first-hundred-days"]);
        await visitor.OpenAsync("/collections/prima-di-aprire-un-corso");
        Assert.Equal("it", visitor.Page.QuerySelector("h1")!.GetAttribute("lang"));
        Assert.DoesNotContain("Elena Corradini", visitor.Says, StringComparison.Ordinal);
        await visitor.OpenAsync("/practices/a-course-that-failed");
        Assert.Equal("Prima di aprire un corso serale", Assert.Single(visitor.Page.QuerySelectorAll("nav[aria-labelledby=collections] a")).TextContent);
        Assert.DoesNotContain("Add to a collection", visitor.Says, StringComparison.Ordinal);

        using var german = new Visitor(community, "de");
        await german.OpenAsync("/collections/the-first-hundred-days");
        Assert.Contains("Der Anruf am zehnten Tag", german.Says, StringComparison.Ordinal);
        Assert.Contains("Am zehnten Arbeitstag ruft ein Coach", german.Says, StringComparison.Ordinal);
    }
}
