using System.Net;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public sealed class ChangingTheTemplateOnThePage(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task An_administrator_changes_it_loses_nothing_to_another_one_and_puts_the_original_back()
    {
        using var admin = new Visitor(community);
        await admin.LogInAsync("admin@demo.example", DemoWorld.Password);
        await admin.OpenAsync("/practices/desk");
        Assert.NotNull(admin.Page.QuerySelector("a[href='/practices/template']"));
        await admin.OpenAsync("/practices/template");
        Assert.StartsWith("## Context\n", TextOf(admin), StringComparison.Ordinal);
        Assert.Contains("Summary, Theme, For whom, Country, Licence", admin.Says, StringComparison.OrdinalIgnoreCase);
        using var other = admin.Copy();
        await other.OpenAsync("/practices/template");

        const string Broken = "---\nlicence: [CC\n---\n\n## Problem";
        await admin.SendAsync("template", ("markdown", Broken), ("language", "it"));
        Assert.Contains("cannot be read from line", Alert(admin), StringComparison.Ordinal);
        Assert.Equal(Broken, TextOf(admin));
        Assert.Equal("it", admin.Page.QuerySelector("#language option[selected]")!.GetAttribute("value"));

        await admin.SendAsync("template", ("markdown", "---\r\nlicence: CC-BY-4.0\r\n---\r\n\r\n## Problem\r\n\r\n## Result"), ("language", "en"));
        Assert.Equal("/practices/template?saved=true", admin.Address);
        Assert.Contains("New practices begin with this template", admin.Page.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);

        // The second one has both texts before them, and the next attempt goes through.
        await other.SendAsync("template", ("markdown", "## Mine"), ("language", "en"));
        Assert.Contains("somebody else changed the template", Alert(other), StringComparison.Ordinal);
        Assert.Equal("## Mine", TextOf(other));
        Assert.Contains("## Result", other.Page.QuerySelector("#theirs")!.TextContent, StringComparison.Ordinal);
        await other.SendAsync("template", ("markdown", "## Mine\n\n## Result"), ("language", "en"));
        Assert.Equal("/practices/template?saved=true", other.Address);
        Assert.Contains("licence: CC-BY-4.0", other.Page.QuerySelector("#former + ul")!.TextContent, StringComparison.Ordinal);

        using var member = new Visitor(community);
        await member.LogInAsync("member2@demo.example", DemoWorld.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await member.OpenAsync("/practices/template")).Status);
        await member.OpenAsync("/practices/new");
        await member.SendAsync("new", ("title", "Template"), ("language", "en"));
        Assert.StartsWith("/practices/document/", member.Address, StringComparison.Ordinal);
        await member.OpenAsync("/practices/document/edit?language=en");
        Assert.EndsWith("---\n## Mine\n\n## Result\n", TextOf(member), StringComparison.Ordinal);

        await other.SendAsync("restore");
        Assert.StartsWith("## Context\n", TextOf(other), StringComparison.Ordinal);
        Assert.Null(other.Page.QuerySelector("main details form"));
        await admin.OpenAsync("/admin/log");
        Assert.Contains("Original template of practices put back", admin.Says, StringComparison.Ordinal);
    }

    static string TextOf(Visitor visitor) => visitor.Page.QuerySelector("#markdown")!.TextContent;

    static string Alert(Visitor visitor) => visitor.Page.QuerySelector("main [role=alert]")!.TextContent;
}
