using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>What somebody without a mouse does: Tab, keys, and a look at where the focus is.</summary>
static class AtTheKeyboard
{
    /// <summary>Tab, as often as it takes; at each stop the focus must be seen.</summary>
    public static async Task TabToAsync(this IPage page, ILocator target, bool back = false)
    {
        // Nobody presses a key on a page that is half there.
        await page.WaitForFunctionAsync("() => document.readyState === 'complete'");
        await target.First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        for (var pressed = 0; pressed < 120; pressed++)
        {
            if (await target.EvaluateAllAsync<bool>("all => all.includes(document.activeElement)"))
                return;
            await page.Keyboard.PressAsync(back ? "Shift+Tab" : "Tab");
            Assert.Equal("", await page.EvaluateAsync<string>("() => looking.focusUnseen()"));
        }
        Assert.Fail($"The keyboard does not reach {target}.");
    }

    /// <summary>Tab to it, and this key.</summary>
    public static async Task PressAsync(this IPage page, ILocator target, string key = "Enter", bool back = false)
    {
        await page.TabToAsync(target, back);
        await page.Keyboard.PressAsync(key);
    }

    /// <summary>Tab to the field, and these words instead of what stood in it.</summary>
    public static async Task TypeAsync(this IPage page, ILocator field, string words)
    {
        await page.TabToAsync(field);
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync(words);
    }

    /// <summary>Past the menus: the first stop of every page.</summary>
    public static async Task SkipAsync(this IPage page)
    {
        await page.PressAsync(page.Locator("a.skip-link[href='#main']"));
        await Assertions.Expect(page.Locator("#main")).ToBeFocusedAsync();
    }

    /// <summary>The first choice of a group, and arrows to this one.</summary>
    public static async Task ChooseAsync(this IPage page, ILocator choice)
    {
        var name = await choice.GetAttributeAsync("name");
        for (var pressed = 0; pressed < 60 && !await page.EvaluateAsync<bool>("name => document.activeElement.name === name", name); pressed++)
            await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        for (var pressed = 0; pressed < 20 && !await choice.IsCheckedAsync(); pressed++)
            await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(choice).ToBeCheckedAsync();
        Assert.Equal("", await page.EvaluateAsync<string>("() => looking.focusUnseen()"));
    }
}
