using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>A trainer asks; one answers on a phone, one in Greek, and one without scripts.</summary>
public class AskingOnTheStage(Chromium chromium) : IClassFixture<Chromium>
{
    const string Slides = """
        # Planes

        ---

        <!-- id: iron -->
        ## The iron

        ::: question single
        id: iron
        points: 2

        Which side is flat?

        - [x] The back
        - [ ] The front

        > The **back** has no bevel.
        :::

        ::: question text
        id: why

        Why does it tear?
        :::

        ::: question ranking
        id: order

        In which order?

        - [2] Hone
        - [1] Grind
        :::

        ::: question single
        Broken
        - one
        :::
        """;

    const string Greek = "# Πλάνες\n\n---\n\n<!-- id: iron -->\n## Το σίδερο\n\n::: question single\nid: iron\n\nΠοια πλευρά είναι επίπεδη;\n\n- Η πίσω\n- Η μπροστινή\n:::\n";

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    static ILocator Region(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    static async Task WriteAsync(IPage trainer, string text)
    {
        await trainer.GetByLabel("Slides in markdown").FillAsync(text);
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByText("The slides are saved.")).ToBeVisibleAsync();
    }

    static async Task LivingAsync(IPage page)
    {
        await page.GotoAsync("/sessions/the-first-hundred-days/stage");
        await Assertions.Expect(page.Locator("main[data-living=true]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task What_is_asked_is_answered_in_each_language_kept_through_others_moves_and_shown_when_the_trainer_wants_it()
    {
        var trainer = await chromium.LogInAsync("trainer@demo.example");
        await trainer.BringAxeAsync();
        await trainer.GotoAsync("/sessions/the-first-hundred-days/deck?language=en");
        await WriteAsync(trainer, Slides);
        // What is no question says where and why.
        await Assertions.Expect(trainer.Locator(".deck-faults")).ToContainTextAsync("Line 35: A question of this kind needs at least two answers");
        await trainer.GetByLabel("Another language").SelectOptionAsync("el");
        await PressAsync(trainer, "Add");
        await trainer.ArriveAsync("**/deck?language=el");
        await WriteAsync(trainer, Greek);

        var (phone, greek, plain) = (await chromium.LogInAsync("member2@demo.example"), await chromium.LogInAsync("member8@demo.example"), await chromium.LogInAsync("member3@demo.example", script: false));
        await phone.BringAxeAsync();
        await phone.SetViewportSizeAsync(360, 740);
        foreach (var page in (IPage[])[phone, greek, plain])
        {
            await page.GotoAsync("/sessions/the-first-hundred-days");
            await PressAsync(page, "Register");
        }
        await greek.GotoAsync("/language/el?return=%2Fsessions");
        await LivingAsync(phone);
        await LivingAsync(greek);
        await trainer.GotoAsync("/sessions/the-first-hundred-days/desk");
        await PressAsync(trainer, "Start session");

        // Ready to fire before its slide is there, by key.
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Open question: Which side is flat?" }).FocusAsync();
        await trainer.Keyboard.PressAsync("Enter");
        await Assertions.Expect(phone.GetByRole(AriaRole.Group, new() { Name = "Choose one answer" })).ToBeVisibleAsync();
        await Assertions.Expect(Region(greek, "Ερώτηση")).ToContainTextAsync("Ποια πλευρά είναι επίπεδη;");
        Assert.Equal(0, await phone.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Equal("", await Axe.FindAsync(phone));

        // Chosen and not sent yet: another one's answer and the next slide take nothing away.
        await phone.GetByLabel("The front").CheckAsync();
        await greek.GetByLabel("Η πίσω").CheckAsync();
        await PressAsync(greek, "Αποστολή απάντησης");
        await Assertions.Expect(greek.Locator(".question-kept")).ToContainTextAsync("αποθηκεύτηκε");
        await Assertions.Expect(phone.Locator(".question-count")).ToHaveTextAsync("1 person has answered");
        await PressAsync(trainer, "Next slide");
        await Assertions.Expect(Region(phone, "Stage")).ToContainTextAsync("The iron");
        await Assertions.Expect(phone.GetByLabel("The front")).ToBeCheckedAsync();
        await Assertions.Expect(phone.Locator(".question-kept")).ToBeHiddenAsync();
        await PressAsync(phone, "Send answer");
        await Assertions.Expect(phone.GetByText("Your answer is kept; you may change it until the question is closed.").First).ToBeVisibleAsync();
        // Without scripts the same form is sent, refused and sent again.
        await plain.GotoAsync("/sessions/the-first-hundred-days/stage");
        await PressAsync(plain, "Send answer");
        await Assertions.Expect(plain.GetByRole(AriaRole.Alert)).ToContainTextAsync("Please choose or write an answer first.");
        await plain.GetByLabel("The back").CheckAsync();
        await PressAsync(plain, "Send answer");
        await Assertions.Expect(plain.Locator(".question-kept")).ToBeVisibleAsync();
        await Assertions.Expect(plain.GetByLabel("The back")).ToBeCheckedAsync();
        await Assertions.Expect(trainer.Locator(".desk-question-list > li").First).ToContainTextAsync("answered: 3 of 3");
        await Assertions.Expect(trainer.Locator(".desk-answers")).ToContainTextAsync("67%");
        await Assertions.Expect(Region(phone, "Results")).ToHaveCountAsync(0);

        await trainer.GetByRole(AriaRole.Button, new() { Name = "Close question: Which side is flat?" }).ClickAsync();
        await Assertions.Expect(phone.Locator(".question-ask")).ToHaveCountAsync(0);
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Show results: Which side is flat?" }).ClickAsync();
        var right = phone.GetByRole(AriaRole.Row).Filter(new() { HasText = "The back" });
        await Assertions.Expect(right).ToContainTextAsync("67%");
        await Assertions.Expect(right.GetByText("Right", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(right.GetByText("Your answer")).ToBeHiddenAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Row).Filter(new() { HasText = "The front" }).GetByText("Your answer")).ToBeVisibleAsync();
        await Assertions.Expect(Region(phone, "Results")).ToContainTextAsync("has no bevel");
        await Assertions.Expect(Region(greek, "Αποτελέσματα")).ToContainTextAsync("Η πίσω");
        await Assertions.Expect(greek.Locator(".stage-points")).ToHaveTextAsync("Οι βαθμοί σας: 2 από 2");
        await Assertions.Expect(phone.Locator(".stage-points")).ToHaveTextAsync("Your points: 0 of 2");
        await Assertions.Expect(Region(trainer, "Points")).ToContainTextAsync("2 of 2");
        Assert.Equal("", await Axe.FindAsync(phone));
        Assert.Equal("", await Axe.FindAsync(trainer));

        // A text that is being written outlives the close of its question and a reload.
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Open question: Why does it tear?" }).ClickAsync();
        await phone.GetByLabel("Your answer").FillAsync("Against the gr");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Close question: Why does it tear?" }).ClickAsync();
        await Assertions.Expect(phone.Locator(".question-ask")).ToHaveCountAsync(0);
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Open question: Why does it tear?" }).ClickAsync();
        await Assertions.Expect(phone.GetByLabel("Your answer")).ToHaveValueAsync("Against the gr");
        await LivingAsync(phone);
        await phone.GetByLabel("Your answer").FillAsync("Against the grain <b>");
        await PressAsync(phone, "Send answer");
        await Assertions.Expect(trainer.Locator(".desk-answers")).ToContainTextAsync("Against the grain <b>");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Close question: Why does it tear?" }).ClickAsync();

        // What is written on while an answer is on its way stays, and is not taken for sent.
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Open question: Why does it tear?" }).ClickAsync();
        var (sending, late) = (new TaskCompletionSource(), new TaskCompletionSource());
        await phone.RouteAsync("**/sessions/the-first-hundred-days/stage", async route =>
        {
            sending.TrySetResult();
            await late.Task;
            await route.ContinueAsync();
        });
        await phone.GetByLabel("Your answer").FillAsync("Against the grain");
        await PressAsync(phone, "Send answer");
        await sending.Task;
        await phone.GetByLabel("Your answer").FillAsync("Against the grain, uphill");
        late.SetResult();
        await Assertions.Expect(trainer.Locator(".desk-answers")).Not.ToContainTextAsync("Against the grain <b>");
        await Assertions.Expect(phone.GetByLabel("Your answer")).ToHaveValueAsync("Against the grain, uphill");
        await phone.UnrouteAsync("**/sessions/the-first-hundred-days/stage");
        await PressAsync(phone, "Send answer");
        await Assertions.Expect(trainer.Locator(".desk-answers")).ToContainTextAsync("Against the grain, uphill");
        await Assertions.Expect(phone.GetByText("Your answer is kept; you may change it until the question is closed.").First).ToBeVisibleAsync();
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Close question: Why does it tear?" }).ClickAsync();

        // An order is given by keys.
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Open question: In which order?" }).ClickAsync();
        await phone.GetByLabel("Hone").FocusAsync();
        await phone.Keyboard.PressAsync("2");
        await phone.Keyboard.PressAsync("Tab");
        await phone.Keyboard.PressAsync("1");
        await phone.Keyboard.PressAsync("Tab");
        await phone.Keyboard.PressAsync("Enter");
        await Assertions.Expect(phone.Locator(".question-kept")).ToBeVisibleAsync();
        await Assertions.Expect(trainer.Locator(".desk-answers")).ToContainTextAsync("Grind");
    }
}
