using Microsoft.Playwright;
using VetCommunity.Tests.Printing;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>A trainer brings a PDF and lays slides out; a phone sees both on the stage.</summary>
public class ShowingPagesOfAPdf
{
    const string Columns = "<!-- layout: two-columns -->\n# Two ways\n\n- One\n\n. . .\n\n+++\n\n- Other\n\n---\n\n<!-- layout: banner -->\n# End";

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    [Fact]
    public async Task The_picture_of_a_page_stands_on_the_stage_with_its_words_as_its_name_and_columns_stand_beside_or_below_each_other()
    {
        Poppler.Demand();
        await using var own = new Chromium();
        await own.InitializeAsync();
        var trainer = await own.LogInAsync("trainer@demo.example");
        await trainer.BringAxeAsync();
        await trainer.GotoAsync("/sessions/the-first-hundred-days/deck?language=en");
        await trainer.GetByLabel("Slides in markdown").FillAsync(Columns);
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.Locator(".deck-faults")).ToContainTextAsync("Line 14: There is no layout ‘banner’.");
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Add the pages of a PDF" }).ClickAsync();
        await trainer.GetByLabel("PDF", new() { Exact = true }).SetInputFilesAsync(new FilePayload { Name = "plan.pdf", MimeType = "application/pdf", Buffer = MadePdfs.Of(960, 540, "Why we measure") });
        Assert.Equal("", await Axe.FindAsync(trainer));
        await PressAsync(trainer, "Add pages");
        await Assertions.Expect(trainer.GetByText("1 page is there, as the last slide.")).ToBeVisibleAsync();
        Assert.Equal("", await Axe.FindAsync(trainer));

        var phone = await own.LogInAsync("member2@demo.example");
        await phone.BringAxeAsync();
        await phone.GotoAsync("/sessions/the-first-hundred-days");
        await PressAsync(phone, "Register");
        await phone.GotoAsync("/sessions/the-first-hundred-days/stage");
        await Assertions.Expect(phone.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await trainer.GotoAsync("/sessions/the-first-hundred-days/desk");
        await PressAsync(trainer, "Start session");

        var columns = phone.Locator(".stage .slide-column");
        await Assertions.Expect(columns).ToHaveCountAsync(2);
        await PressAsync(trainer, "Next slide");
        await Assertions.Expect(columns.Nth(1)).ToContainTextAsync("Other");
        Assert.True(await BesideAsync(), "beside each other on a wide screen");
        await phone.SetViewportSizeAsync(360, 740);
        Assert.False(await BesideAsync(), "below each other on a phone");
        Assert.Equal(0, await phone.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));

        await PressAsync(trainer, "Next slide");
        await PressAsync(trainer, "Next slide");
        var picture = phone.Locator(".stage").GetByRole(AriaRole.Img, new() { Name = "Why we measure" });
        await Assertions.Expect(picture).ToBeVisibleAsync();
        await phone.WaitForFunctionAsync("() => { const one = document.querySelector('.stage img'); return one.complete && one.naturalWidth === 1600; }");
        Assert.Equal(0, await phone.EvaluateAsync<int>("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Equal("", await Axe.FindAsync(phone));
        await Assertions.Expect(trainer.GetByRole(AriaRole.Region, new() { Name = "Speaker notes" })).ToContainTextAsync("Why we measure");

        Task<bool> BesideAsync() => phone.EvaluateAsync<bool>("() => { const [one, other] = document.querySelectorAll('.stage .slide-column'); return Math.abs(one.getBoundingClientRect().top - other.getBoundingClientRect().top) < 2; }");
    }
}
