using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>The session's room beside its stage: what is said there and what is said here are one conversation.</summary>
public class ChattingBesideTheStage(Chromium chromium) : IClassFixture<Chromium>
{
    const string Stage = "/sessions/the-first-hundred-days/stage";

    static async Task<IPage> AtStageAsync(IPage page)
    {
        await page.GotoAsync(Stage);
        await Assertions.Expect(page.Locator("main[data-living=true]")).ToBeVisibleAsync();
        return page;
    }

    static async Task SayAsync(IPage page, string text)
    {
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true }).FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    static ILocator Said(IPage page, string text) => page.GetByRole(AriaRole.Log, new() { Name = "Messages" }).GetByRole(AriaRole.Article).Filter(new() { HasText = text });

    [Fact]
    public async Task What_is_said_beside_the_stage_is_said_in_the_room_and_a_slow_room_is_slow_there_too()
    {
        var trainer = await chromium.LogInAsync("trainer@demo.example");
        var (phone, wide, plain) = (await chromium.LogInAsync("member2@demo.example"), await chromium.LogInAsync("member8@demo.example"), await chromium.LogInAsync("member3@demo.example", script: false));
        await phone.BringAxeAsync();
        await phone.SetViewportSizeAsync(360, 740);
        foreach (var page in (IPage[])[phone, wide, plain])
        {
            await page.GotoAsync("/sessions/the-first-hundred-days");
            await page.GetByRole(AriaRole.Button, new() { Name = "Register", Exact = true }).ClickAsync();
        }
        await trainer.GotoAsync(Stage);
        var room = (await trainer.GetByRole(AriaRole.Link, new() { Name = "Talk in the room" }).First.GetAttributeAsync("href"))!;
        await trainer.GotoAsync(room);
        await SayAsync(trainer, "Write what does **not** work.");
        await Assertions.Expect(Said(trainer, "Write what does not work.")).ToBeVisibleAsync();
        await trainer.Message("Write what does not work.").OpenMenuAsync();
        await trainer.Message("Write what does not work.").Locator(".menu-list").GetByText("Pin", new() { Exact = true }).ClickAsync();
        await Assertions.Expect(trainer.Locator(".pins")).ToContainTextAsync("Write what does not work.");

        await AtStageAsync(phone);
        await AtStageAsync(wide);
        // The chat pulls nobody away from the stage; beside it where there is room, below it elsewhere.
        Assert.Equal(0, await phone.EvaluateAsync<int>("() => scrollY"));
        Assert.True(await wide.EvaluateAsync<bool>("() => document.querySelector('.stage-chat').getBoundingClientRect().left >= document.querySelector('.stage').getBoundingClientRect().right"));
        Assert.True(await phone.EvaluateAsync<bool>("() => document.querySelector('.stage-chat').getBoundingClientRect().top >= document.querySelector('.stage').getBoundingClientRect().bottom"));
        Assert.Equal(0, await phone.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        await Assertions.Expect(wide.Locator(".stage-chat .pins")).ToContainTextAsync("Write what does not work.");
        Assert.Equal("", await Axe.FindAsync(phone));

        await SayAsync(wide, "The chisel slips");
        await Assertions.Expect(Said(wide, "The chisel slips")).ToBeVisibleAsync();
        await Assertions.Expect(Said(trainer, "The chisel slips")).ToBeVisibleAsync();
        await Assertions.Expect(Said(phone, "The chisel slips")).ToHaveCountAsync(1);
        // Folded it is out of the way, and what comes meanwhile is there when it is opened.
        await phone.GetByRole(AriaRole.Heading, new() { Name = "Chat", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.Locator(".stage-chat .log")).ToBeHiddenAsync();
        await SayAsync(trainer, "Hold it lower");
        await phone.GetByRole(AriaRole.Heading, new() { Name = "Chat", Exact = true }).ClickAsync();
        await Assertions.Expect(Said(phone, "Hold it lower")).ToBeVisibleAsync();

        // Slow: who wrote waits, reads how long, and keeps the text; who leads does not wait.
        await trainer.GotoAsync(room + "/settings");
        await trainer.GetByLabel("Slow mode").SelectOptionAsync("60");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Save" }).First.ClickAsync();
        await SayAsync(wide, "One more thing");
        await Assertions.Expect(wide.Locator(".stage-chat")).ToContainTextAsync("This room is slow: you can write again in");
        await Assertions.Expect(wide.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true })).ToHaveValueAsync("One more thing");
        await trainer.GotoAsync(room);
        await SayAsync(trainer, "First");
        await SayAsync(trainer, "Second");
        await Assertions.Expect(Said(wide, "Second")).ToBeVisibleAsync();

        // Without scripts the same form leads into the room, with all that it says there: whoever has just come waits a moment in a slow room, too.
        await plain.GotoAsync(Stage);
        await plain.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true }).FillAsync("From a plain page");
        await plain.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        Assert.EndsWith(room, new Uri(plain.Url).AbsolutePath, StringComparison.Ordinal);
        await Assertions.Expect(plain.GetByRole(AriaRole.Alert)).ToContainTextAsync("This room is slow: you can write again in");
        await Assertions.Expect(plain.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true })).ToHaveValueAsync("From a plain page");
        await trainer.GotoAsync(room + "/settings");
        await trainer.GetByLabel("Slow mode").SelectOptionAsync("0");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Save" }).First.ClickAsync();
        await plain.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Assertions.Expect(Said(plain, "From a plain page")).ToBeVisibleAsync();
        await Assertions.Expect(Said(wide, "From a plain page")).ToBeVisibleAsync();
    }
}
