using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Ideas of three people on a board: one on a phone, one in Greek, and one without scripts.</summary>
public class VotingForIdeas(Chromium chromium) : IClassFixture<Chromium>
{
    const string Slides = "# Planes\n\n::: question ideas\nid: board\nmost: 2\nvotes: 2\n\nWhat would you change?\n:::\n";

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    static ILocator Idea(IPage page, string name) => page.GetByRole(AriaRole.Checkbox, new() { Name = name, Exact = true });

    static async Task LivingAsync(IPage page)
    {
        await page.GotoAsync("/sessions/the-first-hundred-days/stage");
        await Assertions.Expect(page.Locator("main[data-living=true]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Ideas_of_others_arrive_around_what_is_typed_and_ticked_and_stand_by_their_votes_in_the_end()
    {
        var trainer = await chromium.LogInAsync("trainer@demo.example");
        await trainer.BringAxeAsync();
        await trainer.GotoAsync("/sessions/the-first-hundred-days/deck?language=en");
        await trainer.GetByLabel("Slides in markdown").FillAsync(Slides);
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByText("The slides are saved.")).ToBeVisibleAsync();
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
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Open question: What would you change?" }).ClickAsync();

        // Collected: nobody but the desk sees them.
        await phone.GetByLabel("Idea 1").FillAsync("A longer bench");
        await PressAsync(phone, "Send answer");
        await Assertions.Expect(phone.Locator(".question-kept")).ToBeVisibleAsync();
        await plain.GotoAsync("/sessions/the-first-hundred-days/stage");
        await plain.GetByLabel("Idea 1").FillAsync("a longer  BENCH");
        await plain.GetByLabel("Idea 2").FillAsync("More <b>light</b>");
        await PressAsync(plain, "Send answer");
        await Assertions.Expect(plain.GetByLabel("Idea 2")).ToHaveValueAsync("More <b>light</b>");
        await Assertions.Expect(trainer.Locator(".desk-answers tbody tr")).ToHaveCountAsync(2);
        await Assertions.Expect(phone.Locator("[name=vote]")).ToHaveCountAsync(0);

        // Seen by all, in their own language, while one is typing.
        await phone.GetByLabel("Idea 2").FillAsync("A second w");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Show results: What would you change?" }).ClickAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Group, new() { Name = "Vote for ideas" })).ToBeVisibleAsync();
        await Assertions.Expect(Idea(greek, "More <b>light</b> 0 ψήφοι")).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByLabel("Idea 2")).ToHaveValueAsync("A second w");
        Assert.Equal(0, await phone.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Equal("", await Axe.FindAsync(phone));

        // Ticked by key and not sent yet: an idea of another one and votes change what is counted, and neither ticks, words nor places.
        await Idea(phone, "More <b>light</b> 0 votes").FocusAsync();
        await phone.Keyboard.PressAsync("Space");
        await greek.GetByLabel("Ιδέα 1").FillAsync("Ένα παράθυρο");
        await Idea(greek, "More <b>light</b> 0 ψήφοι").CheckAsync();
        await PressAsync(greek, "Αποστολή απάντησης");
        await Assertions.Expect(Idea(phone, "Ένα παράθυρο 0 votes")).ToBeVisibleAsync();
        await Assertions.Expect(Idea(phone, "More <b>light</b> 1 vote")).ToBeCheckedAsync();
        await Assertions.Expect(Idea(phone, "More <b>light</b> 1 vote")).ToBeFocusedAsync();
        await Assertions.Expect(phone.GetByLabel("Idea 2")).ToHaveValueAsync("A second w");
        Assert.Equal(["A longer bench", "More <b>light</b>", "Ένα παράθυρο"], await phone.Locator(".idea-lines [dir=auto]").AllInnerTextsAsync());
        // A reload takes nothing of it away, and brings the order by votes.
        await LivingAsync(phone);
        await Assertions.Expect(phone.Locator(".idea-lines [dir=auto]")).ToHaveTextAsync(["More <b>light</b>", "A longer bench", "Ένα παράθυρο"]);
        await Assertions.Expect(Idea(phone, "More <b>light</b> 1 vote")).ToBeCheckedAsync();
        await Assertions.Expect(phone.GetByLabel("Idea 2")).ToHaveValueAsync("A second w");

        // More votes than there are: refused, and everything stands as it was ticked.
        await Idea(phone, "A longer bench 0 votes").CheckAsync();
        await Idea(phone, "Ένα παράθυρο 0 votes").CheckAsync();
        await PressAsync(phone, "Send answer");
        await Assertions.Expect(phone.Locator("[data-connection]")).ToContainTextAsync("The most votes one person has here is 2.");
        await Assertions.Expect(phone.Locator(".idea-lines :checked")).ToHaveCountAsync(3);
        await Idea(phone, "Ένα παράθυρο 0 votes").UncheckAsync();
        await PressAsync(phone, "Send answer");
        await Assertions.Expect(phone.Locator(".question-kept")).ToBeVisibleAsync();
        // The same without scripts.
        await plain.GotoAsync("/sessions/the-first-hundred-days/stage");
        foreach (var name in (string[])["More <b>light</b> 2 votes", "A longer bench 1 vote", "A second w 0 votes"])
            await Idea(plain, name).CheckAsync();
        await PressAsync(plain, "Send answer");
        await Assertions.Expect(plain.GetByRole(AriaRole.Alert)).ToContainTextAsync("The most votes one person has here is 2.");
        await Assertions.Expect(plain.Locator(".idea-lines :checked")).ToHaveCountAsync(3);
        await Idea(plain, "A longer bench 1 vote").UncheckAsync();
        await PressAsync(plain, "Send answer");
        await Assertions.Expect(Idea(plain, "More <b>light</b> 3 votes")).ToBeCheckedAsync();
        await Assertions.Expect(plain.GetByLabel("Idea 2")).ToHaveValueAsync("More <b>light</b>");

        // What does not belong there is removed by whoever leads, and everybody sees it go.
        await Assertions.Expect(trainer.Locator(".desk-answers tbody th").First).ToContainTextAsync("More <b>light</b>");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Remove: Ένα παράθυρο" }).ClickAsync();
        Assert.Equal("", await Axe.FindAsync(trainer));
        await PressAsync(trainer, "Remove for good");
        await Assertions.Expect(phone.Locator(".idea-lines > label")).ToHaveCountAsync(3);
        await Assertions.Expect(trainer.Locator(".desk-answers tbody tr")).ToHaveCountAsync(3);
        await PressAsync(greek, "Αποστολή απάντησης");
        await Assertions.Expect(greek.Locator("[data-connection]")).ToContainTextAsync("αφαίρεσαν την ιδέα «Ένα παράθυρο»");
        await Assertions.Expect(greek.GetByLabel("Ιδέα 1")).ToHaveValueAsync("Ένα παράθυρο");

        await trainer.GetByRole(AriaRole.Button, new() { Name = "Close question: What would you change?" }).ClickAsync();
        await Assertions.Expect(phone.Locator(".question-results tbody th [dir=auto]")).ToHaveTextAsync(["More <b>light</b>", "A longer bench", "A second w"]);
        await Assertions.Expect(phone.GetByRole(AriaRole.Row).Filter(new() { HasText = "A longer bench" }).GetByText("Your vote")).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByRole(AriaRole.Row).Filter(new() { HasText = "A second w" }).GetByText("Your vote")).ToBeHiddenAsync();
        Assert.Equal("", await Axe.FindAsync(phone));
    }
}
