using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>One asks on a phone, one votes in Greek, one does both without scripts, and the trainer answers.</summary>
public class AskingFromTheAudience(Chromium chromium) : IClassFixture<Chromium>
{
    static ILocator Line(IPage page, string text) => page.Locator(".audience-line").Filter(new() { HasText = text });

    [Fact]
    public async Task A_question_is_asked_voted_for_taken_up_and_answered_for_all_to_see()
    {
        var trainer = await chromium.LogInAsync("trainer@demo.example");
        await trainer.BringAxeAsync();
        var (phone, greek, plain) = (await chromium.LogInAsync("member2@demo.example"), await chromium.LogInAsync("member8@demo.example"), await chromium.LogInAsync("member3@demo.example", script: false));
        await phone.BringAxeAsync();
        await phone.SetViewportSizeAsync(360, 740);
        foreach (var page in (IPage[])[phone, greek, plain])
        {
            await page.GotoAsync("/sessions/the-first-hundred-days");
            await page.GetByRole(AriaRole.Button, new() { Name = "Register", Exact = true }).ClickAsync();
        }
        await greek.GotoAsync("/language/el?return=%2Fsessions");
        foreach (var page in (IPage[])[phone, greek])
        {
            await page.GotoAsync("/sessions/the-first-hundred-days/stage");
            await Assertions.Expect(page.Locator("main[data-living=true]")).ToBeVisibleAsync();
        }
        await trainer.GotoAsync("/sessions/the-first-hundred-days/desk");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Start session", Exact = true }).ClickAsync();

        // Shown without a word: one head each, however often it is pressed, and the trainer sees it.
        var applause = phone.GetByRole(AriaRole.Button, new() { Name = "Applause" });
        await Assertions.Expect(applause).ToBeEnabledAsync();
        await applause.ClickAsync();
        await applause.ClickAsync();
        await greek.GetByRole(AriaRole.Button, new() { Name = "Χειροκρότημα" }).ClickAsync();
        await Assertions.Expect(trainer.Locator(".desk-reactions")).ToContainTextAsync("Applause 2");
        await Assertions.Expect(greek.Locator("[data-reaction=Applause] .reaction-heads")).ToHaveTextAsync("2");
        // They pass by themselves.
        await Assertions.Expect(trainer.Locator(".desk-reactions")).Not.ToContainTextAsync("Applause");
        await Assertions.Expect(phone.Locator("[data-reaction=Applause] .reaction-heads")).ToHaveTextAsync("");
        await Assertions.Expect(trainer.Locator(".desk-quiet")).ToContainTextAsync("Stefan Grubmüller");

        // Half a question outlives a reload.
        await phone.GetByLabel("Your question").FillAsync("Who pays for the");
        await phone.ReloadAsync();
        await Assertions.Expect(phone.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByLabel("Your question")).ToHaveValueAsync("Who pays for the");
        await phone.GetByLabel("Your question").FillAsync("Who pays for the <b>tools</b>?");
        await Assertions.Expect(phone.GetByLabel("Ask without my name")).ToBeHiddenAsync();
        await phone.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.GetByLabel("Your question")).ToHaveValueAsync("");
        await Assertions.Expect(Line(phone, "Who pays for the <b>tools</b>?")).ToContainTextAsync("your question");
        await Assertions.Expect(Line(phone, "Who pays").Locator(".audience-vote")).ToBeDisabledAsync();
        Assert.Equal(0, await phone.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Equal("", await Axe.FindAsync(phone));

        // Without a name as soon as the trainer allows it, and nowhere is it said who asks.
        await trainer.GetByLabel("Questions without a name are allowed").CheckAsync();
        await greek.GetByLabel("Η ερώτησή σας").FillAsync("Τι γίνεται μετά;");
        await greek.GetByLabel("Ερώτηση χωρίς το όνομά μου").CheckAsync();
        await greek.GetByRole(AriaRole.Button, new() { Name = "Υποβολή ερώτησης" }).ClickAsync();
        await Assertions.Expect(Line(greek, "Τι γίνεται μετά;")).ToContainTextAsync("η ερώτησή σας");
        await Assertions.Expect(Line(phone, "Τι γίνεται μετά;")).ToContainTextAsync("Without a name");
        var name = await phone.EvaluateAsync<string>("() => document.querySelector('.audience-line').innerText");
        Assert.DoesNotContain("Without a name", name, StringComparison.Ordinal);
        await Assertions.Expect(trainer.Locator(".desk-audience")).ToContainTextAsync("Without a name");

        // A vote moves it up for everybody, is marked for whoever voted alone, and is taken back by the same press.
        var vote = Line(phone, "Τι γίνεται μετά;").Locator(".audience-vote");
        await vote.FocusAsync();
        await phone.Keyboard.PressAsync("Enter");
        await Assertions.Expect(vote).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(vote).ToContainTextAsync("1");
        await Assertions.Expect(phone.Locator(".audience-line").First).ToContainTextAsync("Τι γίνεται μετά;");
        await Assertions.Expect(vote).ToBeFocusedAsync();
        await Assertions.Expect(greek.Locator(".audience-line").First.Locator(".audience-vote")).ToHaveAttributeAsync("aria-pressed", "false");
        await phone.Keyboard.PressAsync("Enter");
        await Assertions.Expect(vote).ToHaveAttributeAsync("aria-pressed", "false");
        await Assertions.Expect(phone.Locator(".audience-line").First).ToContainTextAsync("Who pays");

        // Without scripts the same forms do the same.
        await plain.GotoAsync("/sessions/the-first-hundred-days/stage");
        await Line(plain, "Who pays").Locator(".audience-vote").ClickAsync();
        await Assertions.Expect(Line(plain, "Who pays").Locator(".audience-vote")).ToHaveAttributeAsync("aria-pressed", "true");
        await plain.GetByLabel("Your question").FillAsync("And who comes along?");
        await plain.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Line(plain, "And who comes along?").GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await Assertions.Expect(Line(plain, "Who pays")).ToBeVisibleAsync();
        await Assertions.Expect(Line(plain, "And who comes along?")).ToHaveCountAsync(0);

        // Taken up it stands first and is said aloud; answered it is folded.
        await Assertions.Expect(trainer.Locator(".desk-audience li").First).ToContainTextAsync("1 vote");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Take up: Τι γίνεται μετά;" }).ClickAsync();
        await Assertions.Expect(phone.Locator(".audience-line").First).ToContainTextAsync("Being answered");
        await Assertions.Expect(phone.Locator("[data-audience-aloud]")).ToHaveTextAsync("Question being answered: Τι γίνεται μετά;");
        Assert.Equal("", await Axe.FindAsync(trainer));
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Mark answered: Τι γίνεται μετά;" }).ClickAsync();
        await phone.GetByText("1 answered question").ClickAsync();
        await Assertions.Expect(Line(phone, "Τι γίνεται μετά;")).ToBeVisibleAsync();
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Hide: Who pays for the <b>tools</b>?" }).ClickAsync();
        await Assertions.Expect(Line(greek, "Who pays")).ToHaveCountAsync(0);
        // The fold stays as its reader left it, and whoever asked can read what became of the question.
        await Assertions.Expect(Line(phone, "Τι γίνεται μετά;")).ToBeVisibleAsync();
        await phone.GotoAsync("/sessions/the-first-hundred-days/questions");
        await Assertions.Expect(phone.Locator(".audience-hidden")).ToContainTextAsync("Who pays for the <b>tools</b>?");
        Assert.Equal("", await Axe.FindAsync(phone));

        await trainer.GetByRole(AriaRole.Button, new() { Name = "End session", Exact = true }).ClickAsync();
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Yes, end it now", Exact = true }).ClickAsync();
        await Assertions.Expect(greek.Locator("#audience-ask")).ToBeHiddenAsync();
        await phone.GotoAsync("/sessions/the-first-hundred-days");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Questions from the audience" }).ClickAsync();
        await Assertions.Expect(Line(phone, "Τι γίνεται μετά;")).ToBeVisibleAsync();
        await Assertions.Expect(phone.Locator(".audience-vote")).ToHaveCountAsync(0);
    }
}
