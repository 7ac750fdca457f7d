using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class SearchingForAMessage(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task From_any_page_one_finds_what_somebody_said_and_reads_it_where_it_was_said()
    {
        await using var other = await chromium.Community.ConnectAsync("member3@demo.example");
        await other.PostAsync("welcome", "The Löwenzahnkurs begins in May");
        var page = await chromium.LogInAsync("member@demo.example");
        await page.GotoAsync("/people");
        await page.Locator("body").PressAsync("/");
        await page.ArriveAsync("**/search");

        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("lowenzahn");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator("mark")).ToHaveTextAsync("Löwenzahnkurs");
        Assert.EndsWith("/search?q=lowenzahn", page.Url, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Newest first" }).ClickAsync();
        await Assertions.Expect(page.Locator("mark")).ToHaveTextAsync("Löwenzahnkurs");
        await page.Locator(".search-results a").First.ClickAsync();
        await Assertions.Expect(page.Message("The Löwenzahnkurs begins in May")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_room_leads_to_its_own_search_and_help_is_pressed_and_not_typed()
    {
        var page = await chromium.LogInAsync("member2@demo.example", script: false);
        await page.GotoAsync("/rooms/welcome");
        await page.GetByRole(AriaRole.Link, new() { Name = "Search in this room" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Search", new() { Exact = true })).ToHaveValueAsync("room:welcome ");

        await page.GetByText("How to search more precisely").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "has:link" }).ClickAsync();

        await Assertions.Expect(page.GetByLabel("Search", new() { Exact = true })).ToHaveValueAsync("room:welcome has:link");
    }

    [Fact]
    public async Task A_slash_that_somebody_writes_stays_a_slash()
    {
        var page = await chromium.LogInAsync("member4@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await page.Composer().ClickAsync();
        await page.Keyboard.PressAsync("/");

        await Assertions.Expect(page.Composer()).ToHaveValueAsync("/");
    }
}
