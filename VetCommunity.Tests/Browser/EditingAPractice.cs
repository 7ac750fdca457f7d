using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>What stands beside the text area of a practice: its outline, what it can link to, and the whole window.</summary>
public class EditingAPractice(Chromium chromium) : IClassFixture<Chromium>
{
    const string Head = "---\ntitle: Beside the text\n---\n\n";
    const string Sections = "## Context\n\nSaid.\n\n```md\n## no heading\n```\n\n<!--\n## none either\n-->\n\n### By *whom* ##\n\nSaid.\n";

    [Fact]
    public async Task The_outline_follows_the_typing_and_leads_to_each_heading()
    {
        var page = await BeginAsync("member7@demo.example", "Beside the text");
        var end = string.Concat(Enumerable.Repeat("A line that is long enough to be broken into two where the window is narrow, and that has umlauts: äöü.\n\n", 60)) + "## Far below\n\nSaid.";
        await Text(page).FillAsync(Head + Sections + end);
        await Assertions.Expect(Headings(page)).ToHaveTextAsync(["Context", "By whom", "Far below"]);
        var calls = 0;
        page.Request += (_, _) => calls++;
        await Text(page).PressAsync("Control+End");
        await page.Keyboard.InsertTextAsync("\n\n## Typed now");
        await Assertions.Expect(Headings(page)).ToHaveTextAsync(["Context", "By whom", "Far below", "Typed now"]);
        Assert.InRange(calls, 0, 1);
        await Assertions.Expect(Heading(page, "Typed now")).ToHaveAttributeAsync("aria-current", "true");

        await Heading(page, "Far below").ClickAsync();
        Assert.Equal("## Far below", await LineAsync(page));
        await Assertions.Expect(Text(page)).ToBeFocusedAsync();
        await Assertions.Expect(Heading(page, "Far below")).ToHaveAttributeAsync("aria-current", "true");
        Assert.True(await Text(page).EvaluateAsync<bool>("text => text.scrollTop > 0 && text.scrollTop < text.scrollHeight - text.clientHeight / 2"));
        await Heading(page, "By whom").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("### By *whom* ##", await LineAsync(page));
        Assert.True(await Text(page).EvaluateAsync<bool>("text => text.scrollTop < text.clientHeight"));
        await page.Keyboard.InsertTextAsync("Here. ");
        await Assertions.Expect(Headings(page)).ToHaveTextAsync(["Context", "Far below", "Typed now"]);
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Saved at");

        await Text(page).FillAsync(Head + "Nothing yet.");
        await Assertions.Expect(Outline(page)).ToContainTextAsync("No headings yet");

        // On a phone it is folded until somebody wants it.
        await Text(page).FillAsync(Head + Sections + end);
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Saved at");
        await page.ResizeAsync(360, 640);
        await page.ReloadAsync();
        await Assertions.Expect(Outline(page)).ToBeVisibleAsync();
        await Assertions.Expect(Headings(page).First).ToBeHiddenAsync();
        await Outline(page).GetByText("Outline").ClickAsync();
        await Heading(page, "Far below").ClickAsync();
        Assert.Equal("## Far below", await LineAsync(page));
        Assert.True(await Text(page).EvaluateAsync<bool>("text => text.scrollTop > 0"));
        Assert.Equal(0, await SidewaysAsync(page));
    }

    [Fact]
    public async Task Practices_rooms_and_people_are_found_and_linked_with_the_keys_alone()
    {
        var page = await BeginAsync("member8@demo.example", "Linked");
        await Text(page).FillAsync(Head + "## Context\n\nCalled on the tenth [day].");
        await Text(page).EvaluateAsync("text => text.setSelectionRange(text.value.indexOf('tenth'), text.value.length - 1)");
        var before = await Text(page).InputValueAsync();

        await Text(page).PressAsync("Control+K");
        await Assertions.Expect(Dialog(page)).ToBeVisibleAsync();
        await Assertions.Expect(Words(page)).ToBeFocusedAsync();
        await Assertions.Expect(Words(page)).ToHaveValueAsync("tenth [day]");
        await Assertions.Expect(Options(page).First).ToContainTextAsync("tenth-day call");
        await Assertions.Expect(Options(page).First).ToHaveAttributeAsync("aria-selected", "true");
        Assert.Equal("", await Axe.FindAsync(page));
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Dialog(page)).ToBeHiddenAsync();
        await Assertions.Expect(Text(page)).ToBeFocusedAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(before);

        await page.Keyboard.PressAsync("Control+K");
        await Assertions.Expect(Options(page).First).ToContainTextAsync("tenth-day call");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Head + "## Context\n\nCalled on the [tenth \\[day\\]](/practices/the-tenth-day-call).");
        await page.Keyboard.PressAsync("Control+Z");
        await Assertions.Expect(Text(page)).ToHaveValueAsync(before);
        await page.Keyboard.PressAsync("Control+Shift+Z");

        await page.Keyboard.PressAsync("Control+End");
        await FindAsync(page, "welcome");
        await Assertions.Expect(Dialog(page).GetByRole(AriaRole.Group, new() { Name = "Rooms" }).GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await ChooseAsync(page, "Rooms");
        await Assertions.Expect(Text(page)).ToHaveValueAsync(new Regex(@"\.\[[^\]]+\]\(/rooms/welcome\)$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await FindAsync(page, "giulia ferr");
        await ChooseAsync(page, "People");
        await Assertions.Expect(Text(page)).ToHaveValueAsync(new Regex(@"\[Giulia Ferrante\]\(/people/giulia-ferrante\)$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await FindAsync(page, "https://example.org/a(b)");
        await ChooseAsync(page, "Web address");
        var preview = page.GetByRole(AriaRole.Region, new() { Name = "Preview" });
        await Assertions.Expect(preview.GetByRole(AriaRole.Link, new() { Name = "Giulia Ferrante" })).ToHaveAttributeAsync("href", new Regex("/people/giulia-ferrante$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(preview.GetByRole(AriaRole.Link, new() { Name = "tenth [day]" })).ToHaveAttributeAsync("href", new Regex("/practices/the-tenth-day-call$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(preview.Locator("a[href='https://example.org/a%28b%29']")).ToHaveCountAsync(1);

        var linked = await Text(page).InputValueAsync();
        await FindAsync(page, "board");
        await Assertions.Expect(Dialog(page).GetByRole(AriaRole.Status)).ToHaveTextAsync(new Regex("Found|Nothing", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(Dialog(page).GetByText("/rooms/board")).ToHaveCountAsync(0);
        await Words(page).FillAsync("zzqxzz");
        await Assertions.Expect(Dialog(page).GetByRole(AriaRole.Status)).ToContainTextAsync("Nothing was found that you may read.");
        await page.Context.SetOfflineAsync(true);
        await Words(page).FillAsync("welcome");
        await Assertions.Expect(Dialog(page).GetByRole(AriaRole.Status)).ToContainTextAsync("The search does not answer.");
        await page.Context.SetOfflineAsync(false);
        await Words(page).FillAsync("welcome ");
        await Assertions.Expect(Options(page).First).ToBeVisibleAsync();
        await Dialog(page).GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(linked);
        // Nobody means the details at the beginning of the text.
        await page.ReloadAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Link to a practice, a room or a person" }).ClickAsync();
        await Words(page).FillAsync("giulia ferr");
        await Dialog(page).GetByRole(AriaRole.Option, new() { Name = "Giulia Ferrante" }).ClickAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(linked + "\n\n[Giulia Ferrante](/people/giulia-ferrante)\n");
    }

    [Fact]
    public async Task The_whole_window_is_for_the_text_and_its_preview_until_one_leaves()
    {
        var page = await BeginAsync("member9@demo.example", "In full");
        await page.ResizeAsync(1280, 800);
        await Text(page).FillAsync(Head + Sections);
        var full = page.GetByRole(AriaRole.Button, new() { Name = "Full screen" });
        await Assertions.Expect(full).ToHaveAttributeAsync("aria-pressed", "false");

        await Text(page).PressAsync("Control+Shift+Enter");
        await Assertions.Expect(full).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(page.Locator("header.site-header")).ToHaveAttributeAsync("inert", "");
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.InsertTextAsync("Typed *there*.");
        await Assertions.Expect(page.Locator("[data-state]")).ToContainTextAsync("Saved at");
        await Assertions.Expect(page.Locator("[data-preview] em").Last).ToHaveTextAsync("there");
        var (text, preview) = (await BoxAsync(Text(page)), await BoxAsync(page.Locator("[data-preview]")));
        Assert.True(text.Right <= preview.Left && text.Top < 200 && preview.Bottom <= 800 && text.Bottom <= 800, FormattableString.Invariant($"{text} {preview}"));
        Assert.Equal("", await Axe.FindAsync(page));
        await page.Keyboard.PressAsync("Control+K");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Dialog(page)).ToBeHiddenAsync();
        await Assertions.Expect(full).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(full).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Null(await page.Locator("header.site-header").GetAttributeAsync("inert"));
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Head + Sections + "Typed *there*.");

        await page.ResizeAsync(360, 640);
        await full.ClickAsync();
        Assert.Equal(0, await SidewaysAsync(page));
        Assert.Equal(0, await page.Locator("form.writing").EvaluateAsync<int>("form => form.scrollWidth - form.clientWidth"));
        var narrow = await BoxAsync(Text(page));
        Assert.True(narrow.Left >= 0 && narrow.Right <= 360 && narrow.Top < 400, narrow.ToString());
        Assert.Equal("", await Axe.FindAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your draft is saved.")).ToBeVisibleAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Head + Sections + "Typed *there*.");
    }

    async Task<IPage> BeginAsync(string email, string title)
    {
        var page = await chromium.LogInAsync(email);
        await page.BringAxeAsync();
        await page.GotoAsync("/practices/new");
        await page.GetByLabel("Title").FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the text" }).ClickAsync();
        await Assertions.Expect(page.Locator(".writing-tools")).ToBeVisibleAsync();
        return page;
    }

    static async Task FindAsync(IPage page, string words)
    {
        await page.Keyboard.PressAsync("Control+K");
        await Assertions.Expect(Words(page)).ToBeFocusedAsync();
        await Words(page).FillAsync(words);
    }

    // Down to the first one of its kind.
    static async Task ChooseAsync(IPage page, string kind)
    {
        var wanted = Dialog(page).GetByRole(AriaRole.Group, new() { Name = kind }).GetByRole(AriaRole.Option).First;
        await Assertions.Expect(wanted).ToBeVisibleAsync();
        for (var step = 0; step < 20 && await wanted.GetAttributeAsync("aria-selected") != "true"; step++)
            await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal(await wanted.GetAttributeAsync("id"), await Words(page).GetAttributeAsync("aria-activedescendant"));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Dialog(page)).ToBeHiddenAsync();
    }

    static async Task<Box> BoxAsync(ILocator one) => (await one.BoundingBoxAsync())! is var box ? new(box.X, box.Y, box.X + box.Width, box.Y + box.Height) : default!;

    static Task<int> SidewaysAsync(IPage page) => page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    static Task<string> LineAsync(IPage page) => Text(page).EvaluateAsync<string>("text => text.value.slice(text.selectionStart).split('\\n')[0]");

    static ILocator Text(IPage page) => page.GetByRole(AriaRole.Textbox, new() { Name = "Markdown", Exact = true });

    static ILocator Outline(IPage page) => page.GetByRole(AriaRole.Navigation, new() { Name = "Outline" });

    static ILocator Headings(IPage page) => Outline(page).Locator("li > button");

    static ILocator Heading(IPage page, string words) => Outline(page).GetByRole(AriaRole.Button, new() { Name = words });

    static ILocator Dialog(IPage page) => page.GetByRole(AriaRole.Dialog, new() { Name = "Link to a practice, a room or a person" });

    static ILocator Words(IPage page) => Dialog(page).GetByRole(AriaRole.Combobox, new() { Name = "Title or name" });

    static ILocator Options(IPage page) => Dialog(page).GetByRole(AriaRole.Option);

    sealed record Box(float Left, float Top, float Right, float Bottom);
}
