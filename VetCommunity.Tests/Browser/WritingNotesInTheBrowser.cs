using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>One writes in the shared notes of a session, the other sees it, and both write at once.</summary>
public class WritingNotesInTheBrowser(Chromium chromium) : IClassFixture<Chromium>
{
    const string Session = "/sessions/the-first-hundred-days";

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    [Fact]
    public async Task What_one_saves_the_other_sees_and_nothing_that_is_typed_is_lost()
    {
        var (trainer, member) = (await chromium.LogInAsync("trainer@demo.example"), await chromium.LogInAsync("member2@demo.example"));
        Assert.Equal(404, (await member.GotoAsync(Session + "/notes"))!.Status);
        await trainer.GotoAsync(Session);
        var code = await trainer.Locator(".session-code-signs").InnerTextAsync();
        await member.GotoAsync("/join/" + code);
        await member.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).ClickAsync();
        await member.ArriveAsync("**/stage");
        await member.GetByRole(AriaRole.Link, new() { Name = "Shared notes" }).ClickAsync();
        await trainer.GotoAsync(Session + "/notes");
        foreach (var page in (IPage[])[trainer, member])
            await Assertions.Expect(page.Locator("main[data-living=true]")).ToBeVisibleAsync();
        var (hers, his) = (trainer.GetByLabel("Text of the notes"), member.GetByLabel("Text of the notes"));
        var (seen, read) = (trainer.Locator(".notes-now"), member.Locator(".notes-now"));

        await hers.FillAsync("# Agreed\n\nGloves\n\nMasks\n\nThe <script>day</script>");
        await PressAsync(trainer, "Preview");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Region, new() { Name = "Preview, not saved yet" }).GetByRole(AriaRole.Heading, new() { Name = "Agreed" })).ToBeVisibleAsync();
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByText("The notes are saved.")).ToBeVisibleAsync();
        // Nobody typed there: the page and its field follow.
        await Assertions.Expect(read.GetByRole(AriaRole.Heading, new() { Name = "Agreed" })).ToBeVisibleAsync();
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves\n\nMasks\n\nThe <script>day</script>");

        // Both write: what the one saves stands beside what the other is typing, and both stand there in the end.
        await his.FillAsync("# Agreed\n\nGloves\n\nMasks\n\nThe day before");
        await Assertions.Expect(trainer.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await hers.FillAsync("# Agreed\n\nGloves for all\n\nMasks\n\nThe <script>day</script>");
        await PressAsync(trainer, "Save");
        await Assertions.Expect(read).ToContainTextAsync("Gloves for all");
        await Assertions.Expect(member.GetByText("Others have saved meanwhile.")).ToBeVisibleAsync();
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves\n\nMasks\n\nThe day before");
        // A reload keeps what was typed.
        await member.ReloadAsync();
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves\n\nMasks\n\nThe day before");
        await PressAsync(member, "Save");
        await Assertions.Expect(member.GetByText("Saved, together with what others wrote meanwhile.")).ToBeVisibleAsync();
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves for all\n\nMasks\n\nThe day before");
        await Assertions.Expect(seen).ToContainTextAsync("The day before");

        // The same line: whoever is second has both texts and decides.
        await his.FillAsync("# Agreed\n\nGloves for all\n\nMasks, said he\n\nThe day before");
        await hers.FillAsync("# Agreed\n\nGloves for all\n\nMasks, said she\n\nThe day before");
        await PressAsync(trainer, "Save");
        await Assertions.Expect(read).ToContainTextAsync("Masks, said she");
        await PressAsync(member, "Save");
        await Assertions.Expect(member.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing is saved yet");
        await Assertions.Expect(member.GetByLabel("What stands there now")).ToHaveValueAsync("# Agreed\n\nGloves for all\n\nMasks, said she\n\nThe day before");
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves for all\n\nMasks, said he\n\nThe day before");
        await his.FillAsync("# Agreed\n\nGloves for all\n\nMasks, said both\n\nThe day before");
        await PressAsync(member, "Save");
        await Assertions.Expect(seen).ToContainTextAsync("Masks, said both");
        await member.ReloadAsync();
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves for all\n\nMasks, said both\n\nThe day before");
    }
}
