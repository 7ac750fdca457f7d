using System.Globalization;
using System.Net;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public sealed class LookingAgainOnThePage(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task Readers_see_the_dates_the_author_confirms_and_the_day_is_set_among_the_details()
    {
        using var visitor = new Visitor(community);
        await visitor.OpenAsync("/practices/wednesday-workpieces");
        Assert.Contains("Checked on", visitor.Says, StringComparison.Ordinal);
        Assert.Contains("To be reviewed by", visitor.Says, StringComparison.Ordinal);
        Assert.DoesNotContain("Look at it again", visitor.Says, StringComparison.Ordinal);

        using var author = new Visitor(community);
        await author.LogInAsync("member3@demo.example", DemoWorld.Password);
        await author.OpenAsync("/practices/wednesday-workpieces");
        await author.OpenAsync(Assert.Single(author.Page.QuerySelectorAll("main a"), link => link.TextContent == "Look at it again").GetAttribute("href")!);
        await author.SendAsync("acts", ("confirm", "yes"));
        Assert.Equal("/practices/wednesday-workpieces/check?done=true", author.Address);
        Assert.Contains("Thank you. It is to be looked at again by", author.Page.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Núria Casals", author.Says, StringComparison.Ordinal);
        await author.OpenAsync("/practices/desk?list=Due");
        Assert.Contains("Nothing is to be looked at again soon.", author.Says, StringComparison.Ordinal);

        using var other = new Visitor(community);
        await other.LogInAsync("member2@demo.example", DemoWorld.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await other.OpenAsync("/practices/wednesday-workpieces/check")).Status);

        await author.OpenAsync("/practices/wednesday-workpieces/details");
        await author.SendAsync("details", ("review-by", "2031-02-30"));
        Assert.Contains("There is no such day.", author.Page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        var day = DateTime.UtcNow.AddYears(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await author.OpenAsync("/practices/wednesday-workpieces/details");
        await author.SendAsync("details", ("review-by", day));
        Assert.StartsWith("/practices/wednesday-workpieces/edit", author.Address, StringComparison.Ordinal);
        await author.OpenAsync("/practices/wednesday-workpieces/details");
        Assert.Equal(day, author.Page.QuerySelector("#review-by")!.GetAttribute("value"));
    }
}
