using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>What a screen reader would say of itself while one is on a page: every text that comes into a live region.</summary>
public class HearingARoom(Chromium chromium) : IClassFixture<Chromium>
{
    const string Reader = "member@demo.example";
    const string Other = "member2@demo.example";

    async Task<IPage> ListenAsync(string address)
    {
        var page = await chromium.LogInAsync(Reader);
        await page.AddInitScriptAsync("""
            globalThis.heard = [];
            const politeness = { log: "polite", status: "polite", alert: "assertive" };
            const regionOf = node => {
              for (let one = node; one instanceof Element; one = one.parentElement) {
                const live = one.getAttribute("aria-live") ?? politeness[one.getAttribute("role")];
                if (live) return live === "off" ? null : one;
              }
              return null;
            };
            new MutationObserver(changes => {
              for (const { type, target, addedNodes } of changes)
                for (const node of type === "childList" ? addedNodes : [target])
                  if (regionOf(type === "childList" ? target : target.parentElement) && node.textContent.trim()) heard.push((node.innerText ?? node.textContent).trim());
            }).observe(document, { subtree: true, childList: true, characterData: true });
            """);
        await page.GotoAsync(address);
        return page;
    }

    static async Task<int> HeardAsync(IPage page, string words) => (await page.EvaluateAsync<string[]>("heard")).Count(one => one.Contains(words, StringComparison.Ordinal));

    // What was there before is let in quietly, and for a fifth of a second everything else with it.
    static Task LoudAsync(IPage page) => Assertions.Expect(page.Log()).Not.ToHaveAttributeAsync("aria-live", "off");

    [Promise("AX2")]
    [Fact]
    public async Task A_new_message_is_announced_once_and_nothing_else_is()
    {
        await using var other = await chromium.Community.ConnectAsync(Other);
        for (var said = 1; said <= 30; said++)
            await other.PostAsync("welcome", $"Long ago {said}");
        var page = await ListenAsync("/rooms/welcome");
        await page.LivingAsync();
        await page.EvaluateAsync("() => { heard.length = 0; }");

        var seq = await other.PostAsync("welcome", "Fresh from the workshop, @elena-corradini");
        await Assertions.Expect(page.Message("Fresh from the workshop")).ToHaveCountAsync(1);
        await page.SayAsync("Heard you");
        await other.InvokeAsync("Edit", new { conversation = "welcome", seq, markdown = "Fresh from the workshop, and better" });
        await other.InvokeAsync("React", new { conversation = "welcome", seq, emoji = "👍", on = true });
        await Assertions.Expect(page.Message("and better").Locator(".reaction")).ToHaveCountAsync(1);
        Assert.Equal(1, await HeardAsync(page, "Fresh from the workshop"));
        Assert.Equal(0, await HeardAsync(page, "Heard you"));

        await page.Log().GetByRole(AriaRole.Link, new() { Name = "Earlier messages" }).ClickAsync();
        await Assertions.Expect(page.Message("Welcome to the network")).Not.ToHaveCountAsync(0);
        await page.BreakTheLineAsync();
        await LoudAsync(page);
        await other.PostAsync("welcome", "While the line was cut");
        await Assertions.Expect(page.Message("While the line was cut")).ToHaveCountAsync(1);
        await page.BreakTheLineAsync();
        await LoudAsync(page);
        await other.PostAsync("welcome", "When it was back");
        await Assertions.Expect(page.Message("When it was back")).ToHaveCountAsync(1);

        Assert.Equal(1, await HeardAsync(page, "While the line was cut"));
        Assert.Equal(1, await HeardAsync(page, "When it was back"));
        Assert.Equal(1, await HeardAsync(page, "Fresh from the workshop"));
        Assert.Equal(0, await HeardAsync(page, "Long ago"));
        Assert.Equal(0, await HeardAsync(page, "Welcome to the network"));
    }

    [Promise("AX2")]
    [Fact]
    public async Task Somebody_elses_message_is_announced_also_while_ones_own_comes_in()
    {
        await using var other = await chromium.Community.ConnectAsync(Other);
        var page = await ListenAsync("/rooms/welcome");
        await page.LivingAsync();
        await LoudAsync(page);
        // The clock of the page stands: the log stays as quiet as it becomes for one's own.
        await page.Clock.PauseAtAsync(DateTime.UtcNow.AddMinutes(1));
        await page.SayAsync("Mine came first");
        await Assertions.Expect(page.Log()).ToHaveAttributeAsync("aria-live", "off");
        await other.PostAsync("welcome", "Right behind it, **at once**");
        await Assertions.Expect(page.Message("Right behind it")).ToHaveCountAsync(1);
        Assert.Equal(["Stefan Grubmüller: Right behind it, at once"], await page.EvaluateAsync<string[]>("heard.filter(one => one.includes('Right behind'))"));
        await page.Clock.RunForAsync(10_000);
        await LoudAsync(page);
        // It was said; who reads the page finds it in the log alone.
        await Assertions.Expect(page.Locator(".log-heard")).ToBeEmptyAsync();

        // Two that come as one frame, the other's first.
        var room = page.Locator("live-conversation");
        await room.EvaluateAsync("room => { room.held = []; }");
        await other.PostAsync("welcome", "Together with mine");
        await page.WaitForFunctionAsync("() => document.querySelector('live-conversation').held.length === 1");
        await page.Composer().FillAsync("Mine with theirs");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync("() => document.querySelector('live-conversation').held.length === 2");
        await room.EvaluateAsync("room => { const both = room.held; room.held = null; room.apply(both); }");
        await Assertions.Expect(page.Message("Mine with theirs")).ToHaveCountAsync(1);
        Assert.Equal(1, await HeardAsync(page, "Together with mine"));
        await page.Clock.RunForAsync(10_000);
        await other.PostAsync("welcome", "When all is quiet");
        await Assertions.Expect(page.Message("When all is quiet")).ToHaveCountAsync(1);

        Assert.Equal(1, await HeardAsync(page, "When all is quiet"));
        Assert.Equal(1, await HeardAsync(page, "Right behind it"));
        Assert.Equal(1, await HeardAsync(page, "Together with mine"));
        Assert.Equal(0, await HeardAsync(page, "Mine"));
    }

    [Fact]
    public async Task A_call_from_elsewhere_is_announced_once_on_any_page()
    {
        await using var other = await chromium.Community.ConnectAsync(Other);
        var page = await ListenAsync("/organisations");
        await page.WaitForFunctionAsync("() => document.querySelector('community-bell:defined') !== null");
        await page.EvaluateAsync("() => { heard.length = 0; }");
        await other.PostAsync("welcome", "Would you look at this, @elena-corradini?");
        await Assertions.Expect(page.Locator(".bell-word")).ToHaveCountAsync(1);

        Assert.Single(await page.EvaluateAsync<string[]>("heard"));
    }
}
