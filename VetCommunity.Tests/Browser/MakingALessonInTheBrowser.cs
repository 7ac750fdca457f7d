using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>On a phone the trainer makes a lesson of a replay, and a visitor reads it.</summary>
public class MakingALessonInTheBrowser(Chromium chromium) : IClassFixture<Chromium>
{
    const string Session = "/sessions/a-quarter-of-an-hour-on-friday";

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    static Task FollowAsync(IPage page, string name) => page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();

    [Fact]
    public async Task A_replay_becomes_a_lesson_that_a_visitor_reads_until_it_is_withdrawn()
    {
        var (trainer, visitor, member) = (await chromium.LogInAsync("trainer@demo.example"), await chromium.NewPageAsync(), await chromium.LogInAsync("member@demo.example"));
        foreach (var page in (IPage[])[trainer, visitor])
        {
            await page.SetViewportSizeAsync(360, 740);
            await page.BringAxeAsync();
        }
        await trainer.GotoAsync(Session + "/replay");
        await FollowAsync(trainer, "Make a lesson of it");
        var text = trainer.GetByLabel("Markdown", new() { Exact = true });
        var made = await text.InputValueAsync();
        Assert.Contains("(/sessions/a-quarter-of-an-hour-on-friday/replay)", made, StringComparison.Ordinal);
        Assert.Contains("\n## ", made, StringComparison.Ordinal);
        Assert.Equal("", await Axe.FindAsync(trainer));

        // What is refused stays as it was typed, with the sentence.
        await text.FillAsync("---\ntitle: [\n---\n");
        await PressAsync(trainer, "Save draft");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Alert).First).ToContainTextAsync("line");
        await Assertions.Expect(text).ToHaveValueAsync("---\ntitle: [\n---\n");
        await text.FillAsync(made + "\n## What I add\n\n::: question single\n\nHow long does it take?\n\n- [x] A quarter of an hour\n- [ ] A day\n\n> Every Friday.\n:::\n");
        await trainer.GetByLabel("Title").FillAsync("Fifteen minutes");
        await PressAsync(trainer, "Save draft");
        await trainer.ArriveAsync("**/lessons/fifteen-minutes/edit?*");
        await Assertions.Expect(trainer.GetByText("The draft is saved.")).ToBeVisibleAsync();
        Assert.Equal("", await Axe.FindAsync(trainer));
        Assert.Equal(404, (await visitor.GotoAsync("/lessons/fifteen-minutes"))!.Status);
        await PressAsync(trainer, "Publish");
        await Assertions.Expect(trainer.GetByText("Published: everybody reads it now.")).ToBeVisibleAsync();

        await visitor.GotoAsync("/lessons");
        Assert.Equal("", await Axe.FindAsync(visitor));
        await FollowAsync(visitor, "Fifteen minutes");
        await Assertions.Expect(visitor.GetByRole(AriaRole.Heading, new() { Name = "What I add" })).ToBeVisibleAsync();
        var question = visitor.GetByRole(AriaRole.Group, new() { Name = "Question" }).Last;
        await Assertions.Expect(question.GetByText("Every Friday.")).ToBeHiddenAsync();
        await question.GetByText("Solution").ClickAsync();
        await Assertions.Expect(question.GetByText("Every Friday.")).ToBeVisibleAsync();
        Assert.Equal("", await Axe.FindAsync(visitor));
        Assert.True(await visitor.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        Assert.Equal(404, (await member.GotoAsync("/lessons/fifteen-minutes/edit"))!.Status);
        await member.GotoAsync(Session);
        await FollowAsync(member, "A lesson was made of this session");
        await member.ArriveAsync("**/lessons/fifteen-minutes");

        await trainer.GetByText("Withdraw from readers").ClickAsync();
        await PressAsync(trainer, "Yes, withdraw it");
        await Assertions.Expect(trainer.GetByText("Readers do not see it any more.")).ToBeVisibleAsync();
        Assert.Equal(404, (await visitor.GotoAsync("/lessons/fifteen-minutes"))!.Status);
    }
}
