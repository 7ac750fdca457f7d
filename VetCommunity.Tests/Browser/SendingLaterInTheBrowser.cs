using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class SendingLaterInTheBrowser(Chromium chromium) : IClassFixture<Chromium>
{
    static async Task FillTimeAsync(IPage page, DateTime at)
    {
        await page.GetByLabel("Day").FillAsync(at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.GetByLabel("Time", new() { Exact = true }).FillAsync(at.ToString("HH:mm", CultureInfo.InvariantCulture));
    }

    static ILocator RowOf(IPage page, string text) => page.Locator(".scheduled", new() { HasText = text });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_typed_is_taken_along_waits_is_changed_and_sent(bool script)
    {
        var text = $"Keys are with the porter, script: {script}";
        var page = await chromium.LogInAsync("member@demo.example", script);
        await page.GotoAsync("/rooms/welcome/introductions");
        if (script)
            await page.LivingAsync();
        await page.Composer().FillAsync(text);
        await page.GetByLabel("More ways to write").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send later…" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Message" })).ToHaveValueAsync(text);
        await Assertions.Expect(page.Locator("form #topic")).ToHaveValueAsync("Introductions");

        await FillTimeAsync(page, DateTime.UtcNow.AddDays(-2));
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That time is over already");
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Message" })).ToHaveValueAsync(text);
        await FillTimeAsync(page, DateTime.UtcNow.AddDays(2));
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        await Assertions.Expect(RowOf(page, text)).ToContainTextAsync("Topic: Introductions");

        await page.GotoAsync("/rooms/welcome/introductions");
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("");
        await page.GotoAsync("/scheduled");
        await RowOf(page, text).GetByRole(AriaRole.Link, new() { Name = "Change" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync(text + ", changed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await RowOf(page, text + ", changed").GetByRole(AriaRole.Button, new() { Name = "Send now" }).ClickAsync();
        await Assertions.Expect(page.Message(text + ", changed")).ToHaveCountAsync(1);
        await page.GotoAsync("/scheduled");
        await Assertions.Expect(RowOf(page, text)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_not_to_be_sent_lies_in_the_composer_again()
    {
        const string Text = "Perhaps better not";
        var page = await chromium.LogInAsync("member3@demo.example");
        await page.GotoAsync("/scheduled/new?to=welcome");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync(Text);
        await FillTimeAsync(page, DateTime.UtcNow.AddDays(3));
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        await RowOf(page, Text).GetByRole(AriaRole.Button, new() { Name = "Do not send" }).ClickAsync();
        await Assertions.Expect(page.Locator("main .notice")).ToContainTextAsync("lies in the composer");
        await Assertions.Expect(RowOf(page, Text)).ToHaveCountAsync(0);
        await page.GotoAsync("/rooms/welcome");
        await Assertions.Expect(page.Composer()).ToHaveValueAsync(Text);
    }
}
