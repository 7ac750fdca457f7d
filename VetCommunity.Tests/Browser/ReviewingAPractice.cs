using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class ReviewingAPractice(Chromium chromium) : IClassFixture<Chromium>
{
    // The author's organisation, and two others.
    const string Author = "member2@demo.example";
    const string First = "editor@demo.example";
    const string Second = "reviewer@demo.example";
    const string Text = "---\ntitle: Sharpening on Fridays\nsummary: Blunt irons. Now they are sharp.\n---\n\n## Context\n\nWe are **nine** people.\n\n## Approach\n\nOn Fridays everybody sharpens one iron. It costs nothing.\n";

    [Fact]
    public async Task Two_reviewers_remark_suggest_and_approve_and_readers_see_how_ripe_it_is()
    {
        var author = await chromium.LogInAsync(Author);
        await author.BringAxeAsync();
        await BeginAsync(author, "Sharpening on Fridays", Text);
        var first = await chromium.LogInAsync(First);
        await first.GotoAsync("/practices/sharpening-on-fridays/review");

        // What one selects stands in the form, with its section.
        await first.Locator("article.practice-text p", new() { HasText = "It costs nothing." }).EvaluateAsync(
            "p => { const range = document.createRange(); const text = p.firstChild, at = text.data.indexOf('It costs'); range.setStart(text, at); range.setEnd(text, text.data.length); getSelection().removeAllRanges(); getSelection().addRange(range); }");
        await Assertions.Expect(first.GetByLabel("These words")).ToHaveValueAsync("It costs nothing.");
        await Assertions.Expect(first.GetByLabel("Section", new() { Exact = true })).ToHaveValueAsync("approach");
        await first.GetByLabel("Your remark").FillAsync("The stones cost something.");
        await first.GetByLabel("Write this instead").FillAsync("It costs 40 euro a year for stones.");
        await first.GetByRole(AriaRole.Button, new() { Name = "Leave the remark" }).ClickAsync();
        await Assertions.Expect(first.GetByRole(AriaRole.Article, new() { Name = "Remark of Marco Zanolli" })).ToContainTextAsync("The stones cost something.");
        await Assertions.Expect(first.GetByRole(AriaRole.Button, new() { Name = "Put it into the text" })).ToHaveCountAsync(0);

        // Words that stand nowhere are told, and nothing typed is lost.
        var second = await chromium.LogInAsync(Second, script: false);
        await second.GotoAsync("/practices/sharpening-on-fridays/review");
        await second.GetByLabel("These words").FillAsync("on Mondays");
        await second.GetByLabel("Your remark").FillAsync("Which day?");
        await second.GetByRole(AriaRole.Button, new() { Name = "Leave the remark" }).ClickAsync();
        await Assertions.Expect(second.GetByRole(AriaRole.Alert)).ToContainTextAsync("do not stand in this section");
        await Assertions.Expect(second.GetByLabel("Your remark")).ToHaveValueAsync("Which day?");
        await second.GetByLabel("These words").FillAsync("nine people");
        await second.GetByLabel("Section", new() { Exact = true }).SelectOptionAsync("context");
        await second.GetByRole(AriaRole.Button, new() { Name = "Leave the remark" }).ClickAsync();
        await Assertions.Expect(second.GetByRole(AriaRole.Article, new() { Name = "Remark of Montse Rovirola" })).ToContainTextAsync("**nine** people");

        // The author changes something else, then puts the suggestion in with one click.
        await author.GotoAsync("/practices/sharpening-on-fridays/edit");
        await author.GetByLabel("Markdown").FillAsync(Text.Replace("We are", "In our joinery we are", StringComparison.Ordinal));
        await author.GetByRole(AriaRole.Button, new() { Name = "Submit for review" }).ClickAsync();
        await author.ArriveAsync("**/practices/sharpening-on-fridays/edit?language=en");
        await author.GotoAsync("/practices/sharpening-on-fridays/review");
        Assert.Equal("", await Axe.FindAsync(author));
        await author.GetByRole(AriaRole.Button, new() { Name = "Put it into the text" }).ClickAsync();
        await Assertions.Expect(author.Locator("article.practice-text")).ToContainTextAsync("40 euro a year for stones");
        await Assertions.Expect(author.Locator("article.practice-text")).ToContainTextAsync("In our joinery we are nine people");
        var remark = author.GetByRole(AriaRole.Article, new() { Name = "Remark of Montse Rovirola" });
        await remark.Locator("summary").ClickAsync();
        await remark.GetByLabel("Your answer to").FillAsync("Every Friday.");
        await remark.GetByRole(AriaRole.Button, new() { Name = "Send the answer" }).ClickAsync();
        await Assertions.Expect(remark).ToContainTextAsync("Every Friday.");
        await remark.GetByRole(AriaRole.Button, new() { Name = "This is settled" }).ClickAsync();
        await Assertions.Expect(author.GetByRole(AriaRole.Button, new() { Name = "This is settled" })).ToHaveCountAsync(0);

        foreach (var reviewer in (IPage[])[first, second])
        {
            await reviewer.GotoAsync("/practices/sharpening-on-fridays/review");
            await reviewer.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
            await Assertions.Expect(reviewer.GetByText("You approved this revision.")).ToBeVisibleAsync();
        }
        await author.ReloadAsync();
        await Assertions.Expect(author.Locator(".needs li[data-met]", new() { HasText = "two other organisations" })).ToHaveCountAsync(1);
        await first.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await first.ArriveAsync("**/practices/sharpening-on-fridays?language=en");

        var reader = await chromium.NewPageAsync(script: false);
        await reader.GotoAsync("/practices?maturity=Structured&q=sharpening");
        await reader.GetByRole(AriaRole.Link, new() { Name = "Sharpening on Fridays" }).ClickAsync();
        await Assertions.Expect(reader.GetByRole(AriaRole.Complementary)).ToContainTextAsync("Not yet tried elsewhere");
    }

    [Fact]
    public async Task Nobody_reviews_what_their_own_organisation_wrote()
    {
        var author = await chromium.LogInAsync("member@demo.example");
        await BeginAsync(author, "Our own affair", "## Context\n\nSaid.\n");
        var colleague = await chromium.LogInAsync(First);

        await colleague.GotoAsync("/practices/our-own-affair/review");

        await Assertions.Expect(colleague.GetByText("own organisation’s, so others review it")).ToBeVisibleAsync();
        await Assertions.Expect(colleague.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_did_it_elsewhere_tells_what_came_out_and_nothing_typed_is_lost()
    {
        var page = await chromium.LogInAsync("member3@demo.example", script: false);
        await page.GotoAsync("/practices/kitchen-without-grades");
        await page.GetByRole(AriaRole.Link, new() { Name = "Read, or tell of yours" }).ClickAsync();
        await page.GetByLabel("What came out").FillAsync("Eleven of twelve could say why.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("in which country");
        await Assertions.Expect(page.GetByLabel("What came out")).ToHaveValueAsync("Eleven of twelve could say why.");

        await page.GetByLabel("Country").SelectOptionAsync("ES");
        await page.GetByLabel("It worked in part").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Assertions.Expect(page.Locator(".adoption")).ToContainTextAsync("Eleven of twelve could say why.");
        var visitor = await chromium.NewPageAsync(script: false);
        await visitor.GotoAsync("/practices/kitchen-without-grades/adoptions");
        await Assertions.Expect(visitor.Locator(".adoption")).ToContainTextAsync("Eleven of twelve could say why.");
        await Assertions.Expect(visitor.GetByText("Núria Casals")).ToHaveCountAsync(0);
        await Assertions.Expect(visitor.GetByRole(AriaRole.Button, new() { Name = "Save" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove what Núria Casals told" }).ClickAsync();
        await Assertions.Expect(page.Locator(".adoption")).ToHaveCountAsync(0);
    }

    static async Task BeginAsync(IPage page, string title, string text)
    {
        await page.GotoAsync("/practices/new");
        await page.GetByLabel("Title").FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the text" }).ClickAsync();
        await page.GetByLabel("Markdown").FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit for review" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Submitted by");
    }
}
