using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>An author and a reviewer talk about one section of a practice, each in a browser of their own.</summary>
public class TalkingAboutASection(Chromium chromium) : IClassFixture<Chromium>
{
    const string Practice = "/practices/peer-visits-between-assessors";

    [Fact]
    public async Task Author_and_reviewer_talk_live_beside_the_section_and_nobody_else_finds_it()
    {
        var (author, reviewer) = (await chromium.LogInAsync("member8@demo.example"), await chromium.LogInAsync("reviewer@demo.example"));
        await reviewer.BringAxeAsync();
        await reviewer.SetViewportSizeAsync(360, 740);
        await author.GotoAsync(Practice + "/review");
        await author.GetByRole(AriaRole.Link, new() { Name = "Talk about this section (Transferability)" }).ClickAsync();
        await Assertions.Expect(author.GetByRole(AriaRole.Heading, new() { Name = "Transferability" })).ToBeVisibleAsync();
        await reviewer.GotoAsync(Practice + "/review");
        Assert.Equal("", await Axe.FindAsync(reviewer));
        await reviewer.GetByRole(AriaRole.Link, new() { Name = "Talk about this section (Transferability)" }).ClickAsync();
        await reviewer.ArriveAsync("**/talk?language=en&topic=transferability");
        Assert.Equal(0, await reviewer.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        // Beside the text where there is room, below it on a phone.
        Assert.True(await author.EvaluateAsync<bool>("() => document.querySelector('.stage-chat').getBoundingClientRect().left >= document.querySelector('.practice-text').getBoundingClientRect().right"));
        Assert.True(await reviewer.EvaluateAsync<bool>("() => document.querySelector('.stage-chat').getBoundingClientRect().top >= document.querySelector('.practice-text').getBoundingClientRect().bottom"));

        await author.SayAsync("Four on each side is a guess");
        await Assertions.Expect(reviewer.Message("Four on each side is a guess")).ToHaveCountAsync(1);
        await reviewer.SayAsync("Then say so");
        // Where one writes nothing new lies below any more, and no sign of it lies over a message.
        await Assertions.Expect(reviewer.Locator(".log-jump")).ToBeHiddenAsync();
        Assert.Equal("", await Axe.FindAsync(reviewer));
        await Assertions.Expect(author.Message("Then say so")).ToHaveCountAsync(1);
        // What is said about another section does not come in between.
        var other = await author.Context.NewPageAsync();
        await other.GotoAsync(Practice + "/talk?section=context");
        await other.SayAsync("Nine assessors, not ten");
        await author.SayAsync("I will");
        await Assertions.Expect(reviewer.Message("I will")).ToHaveCountAsync(1);
        await Assertions.Expect(reviewer.Message("Nine assessors")).ToHaveCountAsync(0);

        // The heading gets another name: the talk is the same one, and open pages go along.
        await other.GotoAsync(Practice + "/edit");
        // The way to each talk stands where one writes, too.
        await other.Locator(".writing-talk > summary").ClickAsync();
        await other.Locator(".writing-talk").GetByRole(AriaRole.Link, new() { Name = "Transferability" }).ClickAsync();
        await Assertions.Expect(other.Message("Then say so")).ToHaveCountAsync(1);
        await other.GotoAsync(Practice + "/edit");
        await other.GetByLabel("Markdown").FillAsync((await other.GetByLabel("Markdown").InputValueAsync()).Replace("## Transferability", "## Where it works", StringComparison.Ordinal));
        await other.GetByRole(AriaRole.Button, new() { Name = "Submit for review" }).ClickAsync();
        await Assertions.Expect(other.Locator(".notice")).ToContainTextAsync("Submitted by");
        await other.GotoAsync(Practice + "/review");
        await other.GetByRole(AriaRole.Link, new() { Name = "Talk about this section (Where it works)" }).ClickAsync();
        await Assertions.Expect(other.Message("Then say so")).ToHaveCountAsync(1);
        await Assertions.Expect(reviewer.GetByRole(AriaRole.Heading, new() { Name = "Where it works" })).ToBeVisibleAsync();
        await reviewer.SayAsync("Better");
        await Assertions.Expect(other.Message("Better")).ToHaveCountAsync(1);

        var outsider = await chromium.LogInAsync("member3@demo.example");
        Assert.Equal(404, (await outsider.GotoAsync(Practice + "/talk?topic=transferability"))!.Status);
        Assert.Equal(404, (await outsider.GotoAsync(Practice + "/talk"))!.Status);
    }
}
