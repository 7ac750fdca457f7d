using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using VetCommunity.Tests.Bridging;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>A machine's text in the form of a translation, as it is seen and used by keyboard.</summary>
public sealed class SuggestingASection
{
    [Fact]
    public async Task It_is_told_apart_from_a_persons_and_Enter_asks_no_machine()
    {
        await using var service = await LibreService.StartAsync(asked => Results.Json(new { translatedText = asked.GetProperty("q").GetString() }));
        var chromium = new Chromium();
        await using var _ = chromium;
        chromium.Community.Settings["Translation__Service"] = "LibreTranslate";
        chromium.Community.Settings["Translation__Url"] = service.Address.ToString().TrimEnd('/');
        await chromium.InitializeAsync();
        var page = await chromium.LogInAsync("editor@demo.example");
        await page.BringAxeAsync();
        await page.AddInitScriptAsync(scriptPath: Path.Combine(NpmPackages.Scripts, "looking.js"));
        await page.GotoAsync("/practices/machines-lent-to-schools/review");
        await page.GetByLabel("Add a language").SelectOptionAsync("ca");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin the translation" }).ClickAsync();
        await page.ArriveAsync("**/practices/machines-lent-to-schools/translate?language=ca");

        // The first button of the form is not the machine's.
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Màquines per a escoles");
        await page.GetByLabel("Title", new() { Exact = true }).PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Your translation is saved")).ToBeVisibleAsync();
        Assert.Empty(service.Asked);

        var context = page.GetByRole(AriaRole.Region, new() { Name = "Context", Exact = true });
        await page.GetByLabel("Translation of ‘Context’").FillAsync("## Context\n\nMeu.");
        var ask = context.GetByRole(AriaRole.Button, new() { Name = "Suggest by machine" });
        await ask.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(context.GetByText("Machine-made, not accepted yet")).ToBeInViewportAsync();
        await Assertions.Expect(page.GetByLabel("Translation of ‘Context’")).ToHaveAccessibleDescriptionAsync("This text was made by LibreTranslate. Check every word. It is stored once you tick that you have checked it, or change it.");
        await context.GetByText("What stood here before").First.ClickAsync();
        await Assertions.Expect(context.GetByRole(AriaRole.Textbox, new() { Name = "What stood here before" })).ToHaveValueAsync("## Context\n\nMeu.");
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            foreach (var width in (int[])[360, 1280])
            {
                await page.ResizeAsync(width, 900, dark: scheme == ColorScheme.Dark);
                Assert.Equal("", string.Join('\n', [await Axe.FindAsync(page), .. await page.LookAsync("clipped", "overlapping", "sideways", "small")]).Trim());
            }
        }

        await context.GetByRole(AriaRole.Checkbox, new() { Name = "I have checked this machine text and accept it" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your translation is saved")).ToBeVisibleAsync();
        await Assertions.Expect(context.GetByText("Says what the original says", new() { Exact = true })).ToHaveCountAsync(1);
        Assert.Single(service.Asked);
    }
}
