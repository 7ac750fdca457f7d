using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>A participant types what is said in another language; one reads it on a phone, one on the wall of a room, and a countdown runs.</summary>
public class TypingCaptionsInTheBrowser(Chromium chromium) : IClassFixture<Chromium>
{
    const string Session = "/sessions/the-first-hundred-days";

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    [Fact]
    public async Task Lines_reach_readers_in_the_language_they_chose_and_none_is_lost()
    {
        var (trainer, interpreter, reader) = (await chromium.LogInAsync("trainer@demo.example"), await chromium.LogInAsync("member2@demo.example"), await chromium.LogInAsync("member8@demo.example"));
        await trainer.GotoAsync(Session);
        var code = await trainer.Locator(".session-code-signs").InnerTextAsync();
        foreach (var page in (IPage[])[interpreter, reader])
        {
            await page.GotoAsync("/join/" + code);
            await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).ClickAsync();
            await page.ArriveAsync("**/stage");
        }
        Assert.Equal(404, (await interpreter.GotoAsync(Session + "/captions"))!.Status);
        // Named by who leads; a name that is none loses nothing that was typed.
        await trainer.GotoAsync(Session + "/captions");
        await trainer.GetByLabel("Name somebody").FillAsync("@nobody-at-all");
        await PressAsync(trainer, "Let type");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Alert)).ToContainTextAsync("@nobody-at-all");
        await Assertions.Expect(trainer.GetByLabel("Name somebody")).ToHaveValueAsync("@nobody-at-all");
        await interpreter.GotoAsync("/Account/Profile");
        var handle = await interpreter.EvaluateAsync<string>("() => document.querySelector('a[href^=\"/people/\"]').getAttribute('href').split('/').pop()");
        await trainer.GetByLabel("Name somebody").FillAsync(handle);
        await PressAsync(trainer, "Let type");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Region, new() { Name = "Who else types" }).Locator("li")).ToHaveCountAsync(1);

        await trainer.GotoAsync(Session + "/desk");
        await PressAsync(trainer, "Start session");
        await reader.SetViewportSizeAsync(360, 740);
        await reader.GotoAsync(Session + "/stage");
        await Assertions.Expect(reader.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await interpreter.GotoAsync(Session);
        await interpreter.GetByRole(AriaRole.Link, new() { Name = "Type captions" }).ClickAsync();
        await interpreter.GetByRole(AriaRole.Navigation, new() { Name = "Language of the captions" }).GetByText("Italiano").ClickAsync();
        var line = interpreter.GetByLabel("Next line");
        await line.FillAsync("Buongiorno a tutti");
        await line.PressAsync("Enter");
        await Assertions.Expect(line).ToHaveValueAsync("");
        // Nobody types in the reader's own language: what there is, is shown.
        await Assertions.Expect(reader.GetByRole(AriaRole.Region, new() { Name = "Captions" })).ToContainTextAsync("Buongiorno a tutti");
        await trainer.GotoAsync(Session + "/captions?language=en");
        await trainer.GetByLabel("Next line").FillAsync("Good morning, everybody");
        await trainer.GetByLabel("Next line").PressAsync("Enter");
        await Assertions.Expect(reader.Locator(".captions-in[lang=en]")).ToHaveTextAsync("Good morning, everybody");
        await Assertions.Expect(reader.Locator(".captions-in[lang=it]")).ToBeHiddenAsync();
        await reader.GetByLabel("Language of the captions").SelectOptionAsync("it");
        await Assertions.Expect(reader.Locator(".captions-in[lang=it]")).ToHaveTextAsync("Buongiorno a tutti");

        // The line is cut: what was typed stands in the field again, with what is being typed behind it.
        await interpreter.Context.SetOfflineAsync(true);
        await line.FillAsync("Si salda");
        await line.PressAsync("Enter");
        await Assertions.Expect(interpreter.Locator("[data-connection]")).Not.ToBeEmptyAsync();
        await Assertions.Expect(line).ToHaveValueAsync("Si salda");
        await interpreter.Context.SetOfflineAsync(false);
        await line.PressAsync("End");
        await line.PressSequentiallyAsync(" in due");
        await line.PressAsync("Enter");
        await Assertions.Expect(reader.Locator(".captions-in[lang=it] p").Last).ToHaveTextAsync("Si salda in due");
        await Assertions.Expect(interpreter.GetByRole(AriaRole.Log).Locator("p")).ToHaveTextAsync(["Buongiorno a tutti", "Si salda in due"]);
        // A reload keeps the choice; none is a choice too.
        await reader.ReloadAsync();
        await Assertions.Expect(reader.Locator(".captions-in[lang=it]")).ToBeVisibleAsync();
        await reader.GetByLabel("Language of the captions").SelectOptionAsync("off");
        await Assertions.Expect(reader.Locator(".captions-in[lang=it]")).ToBeHiddenAsync();

        // On the wall: nothing but the stage, and whoever leads shows how to come in.
        await trainer.GotoAsync(Session + "/stage?view=projector");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Banner)).ToBeHiddenAsync();
        await Assertions.Expect(trainer.Locator(".session-code-signs")).ToHaveTextAsync(code);
        await reader.GotoAsync(Session + "/stage?view=projector");
        await Assertions.Expect(reader.Locator(".session-code-signs")).ToHaveCountAsync(0);

        // A countdown, on a device whose clock is wrong by hours.
        await using var late = await chromium.Browser.NewContextAsync(new() { BaseURL = chromium.Community.Address.ToString(), StorageState = await reader.Context.StorageStateAsync() });
        var wrong = await late.NewPageAsync();
        await wrong.Clock.InstallAsync(new() { TimeDate = DateTime.UtcNow.AddHours(-7) });
        await wrong.GotoAsync(Session + "/stage");
        await Assertions.Expect(wrong.Locator("main[data-living=true]")).ToBeVisibleAsync();
        var desk = await trainer.Context.NewPageAsync();
        await desk.GotoAsync(Session + "/desk");
        await PressAsync(desk, "1 minute");
        await Assertions.Expect(wrong.GetByRole(AriaRole.Timer)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^1:00$|^0:5\\d$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await wrong.Clock.FastForwardAsync(62_000);
        await Assertions.Expect(wrong.GetByRole(AriaRole.Timer)).ToHaveTextAsync("Time is up");
        await Assertions.Expect(wrong.Locator("[data-aloud]")).ToHaveTextAsync("Time is up");
        await PressAsync(desk, "Take off the stage");
        await Assertions.Expect(wrong.GetByRole(AriaRole.Timer)).ToHaveCountAsync(0);
    }
}
