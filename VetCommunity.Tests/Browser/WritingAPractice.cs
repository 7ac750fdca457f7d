using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class WritingAPractice(Chromium chromium) : IClassFixture<Chromium>
{
    // They work for two organisations.
    const string Author = "member@demo.example";
    const string Editor = "reviewer@demo.example";

    [Fact]
    public async Task From_the_first_word_over_a_lost_connection_and_a_review_to_readers_without_script()
    {
        var author = await chromium.LogInAsync(Author);
        var editor = await chromium.LogInAsync(Editor);
        var reader = await chromium.NewPageAsync(script: false);
        await author.GotoAsync("/practices");
        await author.GetByRole(AriaRole.Link, new() { Name = "Write a practice" }).ClickAsync();
        await author.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await Assertions.Expect(author.GetByRole(AriaRole.Alert)).ToContainTextAsync("100");
        await author.GetByLabel("Title").FillAsync("Planing by ear");
        await author.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await author.ArriveAsync("**/practices/planing-by-ear/details?language=en");
        await author.GetByLabel("Summary").FillAsync("Nobody heard when the iron was blunt. Now they close their eyes.");
        await author.GetByLabel("Apprenticeship").CheckAsync();
        await author.GetByRole(AriaRole.Button, new() { Name = "Save and go on writing" }).ClickAsync();
        await author.ArriveAsync("**/practices/planing-by-ear/edit?language=en");
        foreach (var part in (string[])["title: Planing by ear", "Now they close their eyes.", "apprenticeship", "## Context"])
            await Assertions.Expect(Text(author)).ToHaveValueAsync(Within(part));

        await TypeAsync(author, "\n\nA shavings' worth of **sound**.");
        await Assertions.Expect(Preview(author).Locator("strong")).ToHaveTextAsync("sound");
        await Assertions.Expect(State(author)).ToContainTextAsync("Saved at");
        await Assertions.Expect(Preview(author)).ToContainTextAsync("of sound.");
        Assert.Equal(404, (await reader.GotoAsync("/practices/planing-by-ear"))!.Status);

        // The connection goes: what is typed stays here, over a reload too, and is saved when it is back.
        await author.Context.SetOfflineAsync(true);
        await TypeAsync(author, " Offline words.");
        await Assertions.Expect(State(author)).ToContainTextAsync("Not saved");
        await author.Context.SetOfflineAsync(false);
        await Assertions.Expect(State(author)).ToContainTextAsync("Saved at");
        await author.ReloadAsync();
        await Assertions.Expect(Text(author)).ToHaveValueAsync(Within("Offline words."));

        await author.GetByRole(AriaRole.Button, new() { Name = "Submit for review" }).ClickAsync();
        await Assertions.Expect(author.Locator(".notice")).ToContainTextAsync("Submitted by Elena Corradini");
        await Assertions.Expect(author.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true })).ToHaveCountAsync(0);

        await editor.GotoAsync("/practices/desk?list=Waiting");
        await editor.GetByRole(AriaRole.Link, new() { Name = "Planing by ear" }).ClickAsync();
        await Assertions.Expect(editor.GetByText("Words under ‘Challenge’")).ToBeVisibleAsync();
        await editor.GetByLabel("What is to be changed?").FillAsync("Say how long it takes.");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Give it back to the author" }).ClickAsync();
        await Assertions.Expect(editor.Locator("main")).ToContainTextAsync("Montse Rovirola asks for changes");

        await author.ReloadAsync();
        await Assertions.Expect(author.Locator(".notice")).ToContainTextAsync("Say how long it takes.");
        await TypeAsync(author, " Two mornings.");
        await author.GetByRole(AriaRole.Button, new() { Name = "Submit for review" }).ClickAsync();
        await Assertions.Expect(author.Locator(".notice")).ToContainTextAsync("Submitted by");
        await editor.GotoAsync("/practices/planing-by-ear/history");
        await editor.GetByRole(AriaRole.Link, new() { Name = "What changed in version 2" }).ClickAsync();
        await Assertions.Expect(editor.Locator("#comparison ins", new() { HasText = "mornings" })).ToHaveCountAsync(1);
        await Assertions.Expect(editor.GetByRole(AriaRole.Button, new() { Name = "Restore version 1" })).ToHaveCountAsync(0);
        await author.GotoAsync("/practices/planing-by-ear/history");
        await Assertions.Expect(author.GetByRole(AriaRole.Button, new() { Name = "Restore version 1" })).ToBeVisibleAsync();
        await editor.GotoAsync("/practices/planing-by-ear/review");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await editor.ArriveAsync("**/practices/planing-by-ear?language=en");

        await reader.GotoAsync("/practices?theme=apprenticeship&q=planing");
        await reader.GetByRole(AriaRole.Link, new() { Name = "Planing by ear" }).ClickAsync();
        await Assertions.Expect(reader.GetByRole(AriaRole.Heading, new() { Name = "Planing by ear", Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(reader.GetByRole(AriaRole.Article)).ToContainTextAsync("Offline words. Two mornings.");
    }

    [Fact]
    public async Task Two_windows_of_one_writer_show_each_other_their_text()
    {
        var first = await chromium.LogInAsync("member2@demo.example");
        await BeginAsync(first, "Two windows");
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/practices/two-windows/edit");
        await TypeAsync(first, " From the first.");
        await Assertions.Expect(Preview(first)).ToContainTextAsync("From the first.");

        await TypeAsync(second, " From the second.");
        await Assertions.Expect(State(second)).ToContainTextAsync("another window");
        await second.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Assertions.Expect(second.GetByLabel("What stands there now")).ToHaveValueAsync(Within("From the first."));
        await Assertions.Expect(Text(second)).ToHaveValueAsync(Within("From the second."));
        await TypeAsync(second, " And from the first.");
        await second.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Assertions.Expect(second.GetByText("Your draft is saved.")).ToBeVisibleAsync();
        await first.GotoAsync("/practices/two-windows/edit");
        await Assertions.Expect(Text(first)).ToHaveValueAsync(Within("From the second. And from the first."));
    }

    [Fact]
    public async Task What_two_tabs_kept_without_a_connection_is_found_again_of_both()
    {
        var first = await chromium.LogInAsync("member7@demo.example");
        await BeginAsync(first, "Two tabs");
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/practices/two-tabs/edit");
        await Assertions.Expect(second.Locator(".writing-tools")).ToBeVisibleAsync();
        await first.Context.SetOfflineAsync(true);
        await TypeAsync(first, " From the first.");
        await TypeAsync(second, " From the second.");
        await first.CloseAsync();
        await second.CloseAsync();
        await first.Context.SetOfflineAsync(false);

        var page = await first.Context.NewPageAsync();
        await page.GotoAsync("/practices/two-tabs/edit");
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Within("From the second."));
        await Assertions.Expect(State(page)).ToContainTextAsync("Saved at");
        await page.ReloadAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Within("From the first."));
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("What stands there now")).ToHaveValueAsync(Within("From the second."));
        await TypeAsync(page, " And from the second.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Your draft is saved.")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Within("From the first. And from the second."));
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).filter(key => key.includes(':practice:')).length"));
    }

    [Fact]
    public async Task Without_script_one_writes_saves_and_sees_it_all_the_same()
    {
        var page = await chromium.LogInAsync("member3@demo.example", script: false);
        await BeginAsync(page, "Plain forms");
        var text = await Text(page).InputValueAsync();

        await Text(page).FillAsync(text + "\n\nWritten *plainly*.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save draft" }).ClickAsync();

        await Assertions.Expect(page.GetByText("Your draft is saved.")).ToBeVisibleAsync();
        await Assertions.Expect(Preview(page).Locator("em")).ToHaveTextAsync("plainly");
        await Text(page).FillAsync("---\ntitle: [\n---\n\nKept.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Submit for review" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("cannot be read from line");
        await Assertions.Expect(Text(page)).ToHaveValueAsync("---\ntitle: [\n---\n\nKept.");
    }

    [Fact]
    public async Task A_picture_is_described_inserted_where_one_writes_and_seen_beside()
    {
        var page = await chromium.LogInAsync("member4@demo.example");
        await BeginAsync(page, "With a picture");
        var outsider = await chromium.NewPageAsync();
        await TypeAsync(page, "\n\nSee: ");
        await page.GetByText("Add a picture or a file").ClickAsync();
        await page.GetByLabel("Picture or file").SetInputFilesAsync(Photo());
        await page.GetByRole(AriaRole.Button, new() { Name = "Insert into the text" }).ClickAsync();
        await Assertions.Expect(page.Locator(".writing-file").GetByRole(AriaRole.Alert)).ToContainTextAsync("say what the picture shows");
        await page.GetByLabel("What the picture shows").FillAsync("Two people at one bench");
        await page.GetByLabel("What the picture shows").PressAsync("Enter");
        await Assertions.Expect(Text(page)).ToHaveValueAsync(new Regex(@"See: !\[Two people at one bench\]\(/practice-files/[0-9a-f]{32}/bench\.png\)$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var seen = Preview(page).GetByRole(AriaRole.Img, new() { Name = "Two people at one bench" });
        await Assertions.Expect(seen).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-file-state]")).ToHaveTextAsync("Inserted");
        // Dropped over the text it is chosen, and the browser does not leave for it.
        Assert.False(await Text(page).EvaluateAsync<bool>("text => { const data = new DataTransfer(); data.items.add(new File(['x'], 'dropped.png')); return text.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, cancelable: true, bubbles: true })) || text.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true, bubbles: true })); }"));
        Assert.Equal("dropped.png", await page.GetByLabel("Picture or file").EvaluateAsync<string>("one => one.files[0].name"));
        await page.GetByLabel("Picture or file").SetInputFilesAsync(Array.Empty<FilePayload>());
        Assert.True(await seen.EvaluateAsync<bool>("async one => { await one.decode(); return one.naturalWidth === 40; }"));
        // Somebody who has not put a finger into the text yet does not mean its first line.
        await page.ReloadAsync();
        await page.GetByText("Add a picture or a file").ClickAsync();
        await page.GetByLabel("Picture or file").SetInputFilesAsync(Photo());
        await page.GetByLabel("What the picture shows").FillAsync("At the end");
        await page.GetByRole(AriaRole.Button, new() { Name = "Insert into the text" }).ClickAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(new Regex(@"^---\ntitle: [\s\S]*\n\n!\[At the end\]\([^)]*\)\n$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var address = (await seen.GetAttributeAsync("src"))!;
        Assert.Equal(404, (await outsider.APIRequest.GetAsync(address)).Status);
        await Assertions.Expect(State(page)).ToContainTextAsync("Saved at");
        await page.ReloadAsync();
        await page.GetByText("Add a picture or a file").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove: Two people at one bench" }).ClickAsync();
        await page.ArriveAsync("**saved=true");
        Assert.Equal(404, (await page.APIRequest.GetAsync(address)).Status);
    }

    [Fact]
    public async Task Without_script_a_picture_comes_to_the_end_of_the_text()
    {
        var page = await chromium.LogInAsync("member4@demo.example", script: false);
        await BeginAsync(page, "With a picture, plainly");
        await page.GetByText("Add a picture or a file").ClickAsync();
        await page.GetByLabel("Picture or file").SetInputFilesAsync(Photo());
        await Text(page).FillAsync("Typed before.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Insert into the text" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("say what the picture shows");
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Within("Typed before."));
        await page.GetByLabel("Picture or file").SetInputFilesAsync(Photo());
        await page.GetByLabel("What the picture shows").FillAsync("A bench");
        await page.GetByRole(AriaRole.Button, new() { Name = "Insert into the text" }).ClickAsync();
        await Assertions.Expect(Preview(page).GetByRole(AriaRole.Img, new() { Name = "A bench" })).ToBeVisibleAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync(Within("Typed before."));
    }

    static FilePayload Photo() => new() { Name = "bench.png", MimeType = "image/png", Buffer = Files.MadeFiles.Picture(40, 20, SkiaSharp.SKEncodedImageFormat.Png) };

    [Fact]
    public async Task The_marks_of_the_toolbar_and_the_keys_are_typed_into_the_text()
    {
        var page = await chromium.LogInAsync("member5@demo.example");
        await BeginAsync(page, "Marks");
        await Text(page).FillAsync("one");
        await Text(page).PressAsync("Control+A");

        await page.GetByRole(AriaRole.Button, new() { Name = "Bold" }).ClickAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync("**one**");
        await Text(page).PressAsync("Control+I");
        await Assertions.Expect(Text(page)).ToHaveValueAsync("***one***");
        await page.GetByRole(AriaRole.Button, new() { Name = "Heading" }).ClickAsync();
        await Assertions.Expect(Text(page)).ToHaveValueAsync("## ***one***");
        await Text(page).PressAsync("Control+Z");
        await Assertions.Expect(Text(page)).ToHaveValueAsync("***one***");
    }

    [Fact]
    public async Task Details_change_what_was_changed_and_nothing_else()
    {
        const string Head = "---\ntitle: Details   # a remark\nregion: [ITC4, ITH1]\naudience: [owners, adults]\neqf: [5, 4, \"level 6\"]\nsummary: |\n  Two\n  lines\nmine: kept\n";
        var page = await chromium.LogInAsync("member6@demo.example", script: false);
        await BeginAsync(page, "Details");
        await Text(page).FillAsync(Head + "---\n\n## Context\n");

        await page.GetByRole(AriaRole.Button, new() { Name = "Details", Exact = true }).ClickAsync();
        await page.GetByLabel("Quality", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Adult learners").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save and go on writing" }).ClickAsync();

        var text = await Text(page).InputValueAsync();
        foreach (var line in Head.Replace("[owners, adults]", "[owners]", StringComparison.Ordinal).Split('\n'))
            Assert.Contains(line + "\n", text, StringComparison.Ordinal);
        Assert.Contains("quality", text, StringComparison.Ordinal);
    }

    static async Task BeginAsync(IPage page, string title)
    {
        await page.GotoAsync("/practices/new");
        await page.GetByLabel("Title").FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the text" }).ClickAsync();
        await Assertions.Expect(Text(page)).ToBeVisibleAsync();
    }

    static async Task TypeAsync(IPage page, string words)
    {
        await Assertions.Expect(page.Locator(".writing-tools")).ToBeVisibleAsync();
        await Text(page).PressAsync("Control+End");
        await page.Keyboard.InsertTextAsync(words);
    }

    static ILocator Text(IPage page) => page.GetByRole(AriaRole.Textbox, new() { Name = "Markdown", Exact = true });

    static Regex Within(string part) => new(Regex.Escape(part), RegexOptions.None, TimeSpan.FromSeconds(1));

    static ILocator Preview(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Preview" });

    static ILocator State(IPage page) => page.Locator("[data-state]");
}
