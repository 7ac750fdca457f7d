using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class MakingAPractice(Chromium chromium) : IClassFixture<Chromium>
{
    const string Topic = "Left-handed welding";

    [Fact]
    public async Task Who_is_quoted_hears_of_it_decides_and_only_that_is_taken_along()
    {
        await SayAsync("member@demo.example", Topic, "Mine: begin with the visor");
        await SayAsync("member2@demo.example", Topic, "Agreed words", "Refused words");
        await SayAsync("member3@demo.example", Topic, "Nameless words by @nuria-casals");
        var maker = await chromium.LogInAsync("member@demo.example");
        var first = await chromium.LogInAsync("member2@demo.example");
        var second = await chromium.LogInAsync("member3@demo.example");
        var outsider = await chromium.LogInAsync("member4@demo.example");
        foreach (var page in (IPage[])[first, second])
        {
            await page.GotoAsync("/rooms/welcome");
            await page.LivingAsync();
        }

        await maker.GotoAsync("/rooms/welcome/left-handed-welding");
        await maker.Locator(".topic-head").GetByLabel("More for this topic").ClickAsync();
        await maker.Locator(".topic-head").GetByRole(AriaRole.Link, new() { Name = "Make a practice" }).ClickAsync();
        await maker.GetByRole(AriaRole.Button, new() { Name = "Begin the draft" }).ClickAsync();
        await Assertions.Expect(maker.GetByRole(AriaRole.Alert)).ToContainTextAsync("between 1 and 30");
        foreach (var text in (string[])["Mine: begin", "Agreed words", "Refused words", "Nameless words"])
            await maker.Locator("label", new() { HasText = text }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await maker.GetByRole(AriaRole.Button, new() { Name = "Begin the draft" }).ClickAsync();
        await maker.ArriveAsync("**/practice-drafts/*");
        var draft = new Uri(maker.Url).AbsolutePath;
        Assert.DoesNotContain("words", await TakenAsync(maker, draft), StringComparison.Ordinal);

        await Assertions.Expect(first.Locator(".bell-word")).ToContainTextAsync("Elena Corradini would like to quote you in a practice");
        await first.Locator(".bell-word a").ClickAsync();
        await AnswerAsync(first, "Agreed words", "Agree");
        await AnswerAsync(first, "Refused words", "No");
        await Assertions.Expect(second.Locator(".bell-word")).ToContainTextAsync("would like to quote you");
        await second.Locator(".bell-word a").ClickAsync();
        await AnswerAsync(second, "Nameless words", "Without my name");

        var taken = await TakenAsync(maker, draft);
        Assert.Contains("> Mine: begin with the visor", taken, StringComparison.Ordinal);
        Assert.Contains("> Agreed words\n>\n> — Stefan", taken, StringComparison.Ordinal);
        Assert.Contains("> Nameless words by a member\n>\n> — a member\n", taken, StringComparison.Ordinal);
        Assert.DoesNotContain("Refused words", taken, StringComparison.Ordinal);
        Assert.DoesNotContain("Casals", taken, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(404, (await outsider.GotoAsync(draft))!.Status);
        Assert.Equal(404, (await outsider.GotoAsync(draft + "/edit"))!.Status);

        await AnswerAsync(first, "Agreed words", "No");
        Assert.DoesNotContain("Agreed words", await TakenAsync(maker, draft), StringComparison.Ordinal);
        await maker.GotoAsync("/rooms/welcome/left-handed-welding");
        await Assertions.Expect(maker.Locator(".topic-draft")).ToContainTextAsync("Left-handed welding");
        await first.GotoAsync("/rooms/welcome/left-handed-welding");
        await Assertions.Expect(first.Locator(".topic-draft")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Two_who_write_at_once_see_both_texts_and_nothing_is_lost()
    {
        await SayAsync("member@demo.example", "Two pens", "To begin with");
        var maker = await chromium.LogInAsync("member@demo.example");
        var editor = await chromium.LogInAsync("editor@demo.example");
        await maker.GotoAsync("/rooms/welcome/practice?topic=two-pens");
        await maker.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await maker.GetByRole(AriaRole.Button, new() { Name = "Begin the draft" }).ClickAsync();
        await maker.ArriveAsync("**/practice-drafts/*");
        var draft = new Uri(maker.Url).AbsolutePath;
        await maker.GotoAsync(draft + "/edit");
        await editor.GotoAsync(draft + "/edit");

        await editor.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true }).FillAsync("What the editor wrote");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await editor.ArriveAsync("**" + draft + "#text");
        await maker.GetByRole(AriaRole.Textbox, new() { Name = "Text", Exact = true }).FillAsync("What the maker wrote");
        await maker.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(maker.GetByLabel("Your text")).ToHaveValueAsync("What the maker wrote");
        await Assertions.Expect(maker.GetByLabel("What stands there now")).ToHaveValueAsync("Two pens\n\nWhat the editor wrote");
        await maker.GetByLabel("Your text").FillAsync("What both wrote");
        await maker.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await maker.ArriveAsync("**" + draft + "#text");
        await Assertions.Expect(maker.Locator("main")).ToContainTextAsync("What both wrote");
    }

    [Fact]
    public async Task A_draft_becomes_a_practice_that_shows_a_quote_as_long_as_its_author_agrees()
    {
        await SayAsync("member@demo.example", "Paired benches", "Mine: two at one bench");
        await SayAsync("member2@demo.example", "Paired benches", "Agreed: the older one explains");
        var maker = await chromium.LogInAsync("member@demo.example");
        var quoted = await chromium.LogInAsync("member2@demo.example");
        var editor = await chromium.LogInAsync("editor@demo.example");
        await maker.GotoAsync("/rooms/welcome/practice?topic=paired-benches");
        foreach (var text in (string[])["Mine: two", "Agreed: the older"])
            await maker.Locator("label", new() { HasText = text }).GetByRole(AriaRole.Checkbox).CheckAsync();
        await maker.GetByRole(AriaRole.Button, new() { Name = "Begin the draft" }).ClickAsync();
        await maker.ArriveAsync("**/practice-drafts/*");
        var draft = new Uri(maker.Url).AbsolutePath;
        await quoted.GotoAsync("/quotes");
        await AnswerAsync(quoted, "Agreed: the older", "Agree");

        await maker.GotoAsync(draft);
        await maker.GetByRole(AriaRole.Button, new() { Name = "Turn into a practice" }).ClickAsync();
        await maker.ArriveAsync("**/practices/paired-benches/edit");
        await Assertions.Expect(maker.GetByRole(AriaRole.Region, new() { Name = "Preview" })).ToContainTextAsync("Agreed: the older one explains");
        await Assertions.Expect(maker.GetByLabel("Markdown")).Not.ToHaveValueAsync(new Regex("Agreed", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await maker.GetByRole(AriaRole.Button, new() { Name = "Submit for review" }).ClickAsync();
        await Assertions.Expect(maker.GetByRole(AriaRole.Button, new() { Name = "Take back" })).ToBeVisibleAsync();
        await maker.GotoAsync(draft + "/edit");
        await maker.ArriveAsync("**" + draft);
        await Assertions.Expect(maker.GetByRole(AriaRole.Link, new() { Name = "Open the practice" })).ToHaveAttributeAsync("href", "/practices/paired-benches");
        await editor.GotoAsync("/practices/paired-benches/review");
        await Assertions.Expect(editor.GetByRole(AriaRole.Article)).ToContainTextAsync("Agreed: the older one explains");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await editor.ArriveAsync("**/practices/paired-benches?**");

        var visitor = await chromium.NewPageAsync();
        await visitor.GotoAsync("/practices/paired-benches");
        await Assertions.Expect(visitor.GetByRole(AriaRole.Article)).ToContainTextAsync("Agreed: the older one explains");
        await Assertions.Expect(visitor.GetByRole(AriaRole.Article).GetByRole(AriaRole.Link)).ToHaveCountAsync(0);
        await Assertions.Expect(visitor.Locator("main")).Not.ToContainTextAsync("Grew out of");
        await quoted.GotoAsync("/rooms/welcome/paired-benches");
        await quoted.Locator(".topic-draft a").ClickAsync();
        await quoted.ArriveAsync("**/practices/paired-benches");
        await Assertions.Expect(quoted.GetByRole(AriaRole.Link, new() { Name = "Grew out of the talk in" })).ToHaveAttributeAsync("href", "/rooms/welcome/paired-benches");
        await quoted.GotoAsync("/quotes");
        await AnswerAsync(quoted, "Agreed: the older", "No");
        await visitor.ReloadAsync();
        await Assertions.Expect(visitor.GetByRole(AriaRole.Article)).ToContainTextAsync("Mine: two at one bench");
        await Assertions.Expect(visitor.GetByRole(AriaRole.Article)).Not.ToContainTextAsync("Agreed");
        Assert.DoesNotContain("Agreed: the older", await (await visitor.APIRequest.GetAsync("/api/v1/practices/paired-benches")).TextAsync(), StringComparison.Ordinal);
    }

    async Task SayAsync(string who, string topic, params string[] texts)
    {
        await using var hub = await chromium.Community.ConnectAsync(who);
        foreach (var text in texts)
            await hub.PostAsync("welcome", text, topic);
    }

    static async Task AnswerAsync(IPage page, string quote, string answer)
    {
        await page.ArriveAsync("**/quotes**");
        var article = page.GetByRole(AriaRole.Article).Filter(new() { HasText = quote });
        await article.GetByRole(AriaRole.Button, new() { Name = answer, Exact = true }).ClickAsync();
        await Assertions.Expect(article.GetByRole(AriaRole.Button, new() { Name = answer, Exact = true })).ToHaveAttributeAsync("aria-pressed", "true");
    }

    static async Task<string> TakenAsync(IPage page, string draft) => await (await page.APIRequest.GetAsync(draft + "/draft.md")).TextAsync();
}
