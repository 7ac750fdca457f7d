using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class TranslatingAPractice(Chromium chromium) : IClassFixture<Chromium>
{
    const string Editor = "editor@demo.example";
    const string Original = "---\ntitle: Sharpening by hand\nsummary: Nobody could.\ntheme: [trainers]\n---\n\n## Context\n\nMost lose the edge.\n\n## Approach\n\nA stone for the apprenticeship.\n";

    [Fact]
    public async Task From_adding_a_language_to_a_translation_that_its_original_left_behind_without_script()
    {
        var editor = await chromium.LogInAsync(Editor, script: false);
        var reader = await chromium.NewPageAsync(script: false);
        await BeginAsync(editor, "Sharpening by hand", Original);

        await editor.GotoAsync("/practices/sharpening-by-hand/review");
        await editor.GetByLabel("Add a language").SelectOptionAsync("de");
        await editor.GetByRole(AriaRole.Button, new() { Name = "Begin the translation" }).ClickAsync();
        await editor.ArriveAsync("**/practices/sharpening-by-hand/translate?language=de");
        await Assertions.Expect(editor.GetByText("Not translated yet")).ToHaveCountAsync(3);
        // The words of the glossary stand beside the section in which they are.
        await Assertions.Expect(Section(editor, "Approach").Locator(".hits")).ToContainTextAsync("Lehre");
        await Assertions.Expect(Section(editor, "Context").Locator(".hits")).ToHaveCountAsync(0);

        await editor.GetByLabel("Title", new() { Exact = true }).FillAsync("Schärfen von Hand");
        await editor.GetByLabel("Summary", new() { Exact = true }).FillAsync("Niemand konnte es.");
        await Words(editor, "Context").FillAsync("Die Schneide geht verloren.");
        await SaveAsync(editor);
        await Assertions.Expect(editor.GetByRole(AriaRole.Alert)).ToContainTextAsync("The translation of the section ‘Context’ has to begin with its heading");
        await Assertions.Expect(Words(editor, "Context")).ToHaveValueAsync("Die Schneide geht verloren.");
        await Words(editor, "Context").FillAsync("## Ausgangslage\n\nDie Schneide geht verloren.");
        await SaveAsync(editor);
        await SavedAsync(editor);
        await Assertions.Expect(editor.GetByText("Says what the original says", new() { Exact = true })).ToHaveCountAsync(2);

        await PublishAsync(editor, "de");
        await reader.GotoAsync("/practices/sharpening-by-hand?language=de");
        await Assertions.Expect(Behind(reader)).ToHaveCountAsync(1);
        // What the translation does not say itself its original says.
        await Assertions.Expect(reader.GetByRole(AriaRole.Link, new() { Name = "Trainers", Exact = true })).ToHaveCountAsync(1);
        await editor.GotoAsync("/practices/sharpening-by-hand/translate?language=de");
        await Words(editor, "Approach").FillAsync("## Vorgehen\n\nEin Stein zur Lehre.");
        await SaveAsync(editor);
        await SavedAsync(editor);
        await PublishAsync(editor, "de");
        await reader.ReloadAsync();
        await Assertions.Expect(Behind(reader)).ToHaveCountAsync(0);

        await RewriteAsync(editor, Original.Replace("the edge", "the sharp edge", StringComparison.Ordinal));
        await reader.ReloadAsync();
        await Behind(reader).GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(reader.GetByRole(AriaRole.Article)).ToContainTextAsync("the sharp edge");
        await editor.GotoAsync("/practices/translations");
        await Assertions.Expect(editor.GetByText("1 section changed in the original")).ToHaveCountAsync(1);
        await editor.GetByRole(AriaRole.Link, new() { Name = "Schärfen von Hand" }).ClickAsync();
        await Assertions.Expect(Section(editor, "Context").Locator(".badge")).ToHaveTextAsync("The original has changed since");
        await Assertions.Expect(Section(editor, "Context").Locator("ins")).ToContainTextAsync("sharp");

        // An untouched section stays old while another one is saved, and character by character as it is.
        await Words(editor, "Approach").FillAsync("## Vorgehen\n\nEin Stein zu Beginn der Lehre.");
        await SaveAsync(editor);
        await SavedAsync(editor);
        await Assertions.Expect(Section(editor, "Context").Locator(".badge")).ToHaveTextAsync("The original has changed since");
        await Section(editor, "Context").GetByLabel("This section says what the original says now").CheckAsync();
        await SaveAsync(editor);
        await Assertions.Expect(editor.GetByText("Says what the original says", new() { Exact = true })).ToHaveCountAsync(3);
        await editor.GotoAsync("/practices/sharpening-by-hand/edit?language=de");
        await Assertions.Expect(editor.GetByRole(AriaRole.Textbox, new() { Name = "Markdown", Exact = true })).ToHaveValueAsync(
            "---\ntitle: Schärfen von Hand\nsummary: Niemand konnte es.\n---\n\n## Ausgangslage\n\nDie Schneide geht verloren.\n\n## Vorgehen\n\nEin Stein zu Beginn der Lehre.\n\n");
    }

    [Fact]
    public async Task Two_who_translate_the_same_section_see_both_texts_and_lose_nothing()
    {
        var first = await chromium.LogInAsync(Editor, script: false);
        await BeginAsync(first, "Filing in pairs", Original);
        await first.GotoAsync("/practices/filing-in-pairs/review");
        await first.GetByLabel("Add a language").SelectOptionAsync("it");
        await first.GetByRole(AriaRole.Button, new() { Name = "Begin the translation" }).ClickAsync();
        await first.ArriveAsync("**/practices/filing-in-pairs/translate?language=it");
        var second = await first.Context.NewPageAsync();
        await second.GotoAsync("/practices/filing-in-pairs/translate?language=it");
        await first.GetByLabel("Title", new() { Exact = true }).FillAsync("Limare in due");
        await Words(first, "Context").FillAsync("## Contesto\n\nIl primo.");
        await SaveAsync(first);
        await SavedAsync(first);

        await Words(second, "Context").FillAsync("## Contesto\n\nIl secondo.");
        await Words(second, "Approach").FillAsync("## Approccio\n\nUna pietra.");
        await SaveAsync(second);
        await Assertions.Expect(second.GetByRole(AriaRole.Alert)).ToContainTextAsync("somebody else changed the same section");
        await Assertions.Expect(second.GetByLabel("What stands there now")).ToHaveValueAsync(new Regex("Il primo", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Assertions.Expect(Words(second, "Context")).ToHaveValueAsync("## Contesto\n\nIl secondo.");
        await Assertions.Expect(second.GetByLabel("Title", new() { Exact = true })).ToHaveValueAsync("Limare in due");
        await Words(second, "Context").FillAsync("## Contesto\n\nIl primo. Il secondo.");
        await SaveAsync(second);

        await SavedAsync(second);
        await second.GotoAsync("/practices/filing-in-pairs/edit?language=it");
        await Assertions.Expect(second.GetByRole(AriaRole.Textbox, new() { Name = "Markdown", Exact = true })).ToHaveValueAsync(
            "---\ntitle: Limare in due\n---\n\n## Contesto\n\nIl primo. Il secondo.\n\n## Approccio\n\nUna pietra.\n\n");
        var outsider = await chromium.LogInAsync("member2@demo.example", script: false);
        Assert.Equal(404, (await outsider.GotoAsync("/practices/filing-in-pairs/translate?language=it"))!.Status);
        Assert.Equal(404, (await first.GotoAsync("/practices/filing-in-pairs/translate?language=en"))!.Status);
    }

    [Fact]
    public async Task What_was_typed_and_not_saved_stands_in_its_section_again_and_beside_what_others_made_of_it()
    {
        const string Here = "/practices/stropping-by-hand/translate?language=it";
        var page = await chromium.LogInAsync(Editor);
        await BeginAsync(page, "Stropping by hand", Original);
        await page.GotoAsync("/practices/stropping-by-hand/review");
        await page.GetByLabel("Add a language").SelectOptionAsync("it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin the translation" }).ClickAsync();
        await page.ArriveAsync("**" + Here);
        // Whoever closes the tab before the script is there has hardly typed a word.
        await page.WaitForLoadStateAsync(LoadState.Load);
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync("Affilare a mano");
        await Words(page, "Context").FillAsync("## Contesto\n\nSi perde.");

        page = await AgainAsync(page);
        await Assertions.Expect(Found(page)).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByLabel("Title", new() { Exact = true })).ToHaveValueAsync("Affilare a mano");
        await Assertions.Expect(Words(page, "Context")).ToHaveValueAsync("## Contesto\n\nSi perde.");
        await Assertions.Expect(Words(page, "Approach")).ToHaveValueAsync("");
        // Refused, it is still nowhere but here.
        await Words(page, "Approach").FillAsync("Senza titolo.");
        await SaveAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("has to begin with its heading");
        page = await AgainAsync(page);
        await Assertions.Expect(Words(page, "Approach")).ToHaveValueAsync("Senza titolo.");
        await Words(page, "Approach").FillAsync("");
        await SaveAsync(page);
        await SavedAsync(page);
        // The script of the page that says so may only be coming.
        await page.WaitForFunctionAsync("() => !Object.keys(localStorage).some(key => key.includes(':translation:'))");

        await Words(page, "Context").FillAsync("## Contesto\n\nSi perde il filo.");
        await Words(page, "Approach").FillAsync("## Approccio\n\nUna pietra.");
        await page.CloseAsync();
        var other = await chromium.LogInAsync(Editor, script: false);
        await other.GotoAsync(Here);
        await Words(other, "Context").FillAsync("## Contesto\n\nQuasi tutti lo perdono.");
        await SaveAsync(other);
        await SavedAsync(other);

        page = await AgainAsync(page);
        await Assertions.Expect(Found(page)).ToHaveCountAsync(1);
        await Assertions.Expect(Words(page, "Approach")).ToHaveValueAsync("## Approccio\n\nUna pietra.");
        await Assertions.Expect(Words(page, "Context")).ToHaveValueAsync("## Contesto\n\nQuasi tutti lo perdono.\n\n");
        var beside = Section(page, "Context").GetByLabel("You typed this earlier on this device");
        await Assertions.Expect(beside).ToHaveValueAsync("## Contesto\n\nSi perde il filo.");
        // Looked at and left, it waits.
        page = await AgainAsync(page);
        await Assertions.Expect(Section(page, "Context").GetByLabel("You typed this earlier on this device")).ToHaveCountAsync(1);
        await Section(page, "Context").GetByRole(AriaRole.Button, new() { Name = "Put it into the field" }).ClickAsync();
        await Assertions.Expect(Words(page, "Context")).ToHaveValueAsync("## Contesto\n\nSi perde il filo.");
        await SaveAsync(page);
        await SavedAsync(page);
        page = await AgainAsync(page);
        await Assertions.Expect(Found(page)).ToHaveCountAsync(0);
        await Assertions.Expect(Section(page, "Context").GetByLabel("You typed this earlier on this device")).ToHaveCountAsync(0);

        async Task<IPage> AgainAsync(IPage former)
        {
            if (!former.IsClosed)
                await former.CloseAsync();
            var next = await former.Context.NewPageAsync();
            await next.GotoAsync(Here);
            return next;
        }

        static ILocator Found(IPage page) => page.GetByText("This is what you typed last on this device; it had not been saved.");
    }

    static async Task BeginAsync(IPage page, string title, string text)
    {
        await page.GotoAsync("/practices/new");
        await page.GetByLabel("Title").FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the text" }).ClickAsync();
        await WriteAsync(page, text);
    }

    static async Task RewriteAsync(IPage page, string text)
    {
        await page.GotoAsync("/practices/sharpening-by-hand/edit?language=en");
        await WriteAsync(page, text);
    }

    static async Task WriteAsync(IPage page, string text)
    {
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Markdown", Exact = true }).FillAsync(text);
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Article)).ToBeVisibleAsync();
    }

    static async Task PublishAsync(IPage page, string language)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Review" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await page.ArriveAsync($"**/practices/sharpening-by-hand?language={language}");
    }

    static Task SaveAsync(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

    static Task SavedAsync(IPage page) => Assertions.Expect(page.GetByText("Your translation is saved")).ToBeVisibleAsync();

    static ILocator Section(IPage page, string heading) => page.GetByRole(AriaRole.Region, new() { Name = heading, Exact = true });

    static ILocator Words(IPage page, string heading) => page.GetByLabel($"Translation of ‘{heading}’");

    static ILocator Behind(IPage page) => page.Locator(".practice-behind");
}
