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
        // On a slow line one types before the page's script is there.
        var slow = new TaskCompletionSource();
        await member.RouteAsync("**/js/notes*.js", async route =>
        {
            await slow.Task;
            await route.ContinueAsync();
        });
        await PressAsync(member, "Save");
        await Assertions.Expect(member.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing is saved yet");
        await Assertions.Expect(member.GetByLabel("What stands there now")).ToHaveValueAsync("# Agreed\n\nGloves for all\n\nMasks, said she\n\nThe day before");
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves for all\n\nMasks, said he\n\nThe day before");
        await his.FillAsync("# Agreed\n\nGloves for all\n\nMasks, said both\n\nThe day before");
        slow.SetResult();
        await Assertions.Expect(member.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await member.UnrouteAllAsync(new() { Behavior = UnrouteBehavior.Wait });
        await PressAsync(member, "Save");
        await Assertions.Expect(seen).ToContainTextAsync("Masks, said both");
        await member.ReloadAsync();
        await Assertions.Expect(his).ToHaveValueAsync("# Agreed\n\nGloves for all\n\nMasks, said both\n\nThe day before");

        // What is typed between the press and its answer waits there, written on what was saved.
        const string Said = "# Agreed\n\nGloves for all\n\nMasks, said both\n\nThe day before";
        await his.FillAsync(Said + "\n\nSent");
        await his.EvaluateAsync("field => { field.form.requestSubmit(field.form.querySelector('[value=save]')); field.value += ' and typed'; field.dispatchEvent(new Event('input', { bubbles: true })); }");
        await Assertions.Expect(member.GetByText("The notes are saved.")).ToBeVisibleAsync();
        await Assertions.Expect(his).ToHaveValueAsync(Said + "\n\nSent and typed");
        await PressAsync(member, "Save");
        await Assertions.Expect(seen).ToContainTextAsync("Sent and typed");
        await Assertions.Expect(hers).ToHaveValueAsync(Said + "\n\nSent and typed");

        // It is held and over: the notes become minutes, which who took part approve.
        await trainer.GotoAsync(Session + "/desk");
        await PressAsync(trainer, "Start session");
        await PressAsync(trainer, "End session");
        await PressAsync(trainer, "Yes, end it now");
        // Gone with the end only: the question whether to end takes the place of the other button at once.
        await Assertions.Expect(trainer.GetByRole(AriaRole.Button, new() { Name = "Next slide", Exact = true })).ToHaveCountAsync(0);
        await member.GotoAsync(Session + "/minutes");
        await Assertions.Expect(member.GetByRole(AriaRole.Heading, new() { Name = "No minutes yet" })).ToBeVisibleAsync();
        await member.GotoAsync(Session + "/notes");
        await Assertions.Expect(member.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await his.FillAsync("Written too late");
        await trainer.GotoAsync(Session);
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Minutes", Exact = true }).ClickAsync();
        await PressAsync(trainer, "Make the minutes");
        // Whoever is writing in the notes is told, and keeps what they wrote, also through a reload.
        await Assertions.Expect(member.GetByText("Nobody writes here any more.")).ToBeVisibleAsync();
        await Assertions.Expect(member.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true })).ToBeDisabledAsync();
        await Assertions.Expect(his).Not.ToBeEditableAsync();
        await Assertions.Expect(his).ToHaveValueAsync("Written too late");
        await member.ReloadAsync();
        await Assertions.Expect(his).ToHaveValueAsync("Written too late");
        await Assertions.Expect(his).Not.ToBeEditableAsync();
        await Assertions.Expect(member.GetByText("What you had typed is not saved.")).ToBeVisibleAsync();
        var text = trainer.GetByRole(AriaRole.Textbox, new() { Name = "Text of the minutes" });
        await Assertions.Expect(text).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^\\*\\*[^*]+\\*\\*\n[\\s\\S]*Masks, said both", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await trainer.GetByLabel("Last day").FillAsync("2020-01-01");
        await PressAsync(trainer, "Send");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose a last day from tomorrow on");
        await trainer.GetByLabel("Last day").FillAsync(DateTime.UtcNow.AddDays(14).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await PressAsync(trainer, "Send");
        await Assertions.Expect(trainer.GetByText("The minutes are sent.")).ToBeVisibleAsync();
        await member.GotoAsync("/notices");
        await member.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link).Filter(new() { HasText = "The minutes of a session wait for your approval" }).First.ClickAsync();
        await member.ArriveAsync("**/minutes");
        await member.GetByLabel("Your objection").FillAsync("Helmets are missing");
        await PressAsync(member, "Object");
        await Assertions.Expect(member.GetByText("Your objection is noted.")).ToBeVisibleAsync();
        await trainer.ReloadAsync();
        await Assertions.Expect(trainer.GetByText("Helmets are missing")).ToBeVisibleAsync();
        await PressAsync(member, "Approve");
        await Assertions.Expect(member.GetByText("You have approved the minutes.")).ToBeVisibleAsync();
        await member.GotoAsync(Session + "/notes");
        await Assertions.Expect(member.GetByText("Nobody writes here any more.")).ToBeVisibleAsync();
        await member.GotoAsync(Session + "/replay");
        await member.GetByRole(AriaRole.Link, new() { Name = "Minutes", Exact = true }).ClickAsync();
        await member.ArriveAsync("**/minutes");
    }
}
