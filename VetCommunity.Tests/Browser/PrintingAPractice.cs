using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class PrintingAPractice(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Where_the_server_makes_no_pdf_the_browser_prints()
    {
        var page = await chromium.NewPageAsync();
        await page.AddInitScriptAsync("window.print = () => { document.title = 'Printed'; }");
        await page.GotoAsync("/practices/the-tenth-day-call");

        await page.GetByRole(AriaRole.Button, new() { Name = "Print or save as PDF" }).ClickAsync();

        await Assertions.Expect(page).ToHaveTitleAsync("Printed");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Print or save as PDF" })).ToBeHiddenAsync();
    }
}
