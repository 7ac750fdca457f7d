using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>The closed room board gets opening hours: the coordinator hosts, the administrator and the moderator wait, and a member knows nothing of it.</summary>
public class WaitingForAHost(Chromium chromium) : IClassFixture<Chromium>
{
    static async Task LivingAsync(IPage page)
    {
        await page.GotoAsync("/rooms/board/hours");
        await Assertions.Expect(page.Locator("main[data-living=true]")).ToBeVisibleAsync();
    }

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    static async Task JoinAsync(IPage page, string line)
    {
        await page.GetByLabel("What is it about?").FillAsync(line);
        await PressAsync(page, "Join the queue");
        await Assertions.Expect(page.Locator("main[data-living=true] .queued[data-mine]")).ToContainTextAsync(line);
    }

    [Fact]
    public async Task Two_wait_a_host_takes_them_and_what_is_left_at_the_end_is_asked_for_later()
    {
        var keeper = await chromium.LogInAsync("moderator@demo.example");
        await keeper.GotoAsync("/rooms/board/hours/settings");
        foreach (var day in CultureInfo.InvariantCulture.DateTimeFormat.DayNames)
        {
            await keeper.GetByLabel("Day of the week").SelectOptionAsync(day);
            await keeper.GetByLabel("From").First.FillAsync("00:00");
            await keeper.GetByLabel("To", new() { Exact = true }).First.FillAsync("00:00");
            await PressAsync(keeper, "Add hours");
            await Assertions.Expect(keeper.GetByText("00:00–24:00")).Not.ToHaveCountAsync(0);
            await Assertions.Expect(keeper.GetByRole(AriaRole.Button, new() { Name = $"Remove {day}, 00:00–24:00" })).ToBeVisibleAsync();
        }
        await keeper.GetByLabel("Name a host").FillAsync("johanna-stadlmayr");
        await keeper.GetByLabel("Name a host").PressAsync("Enter");
        await Assertions.Expect(keeper.Locator("#hosts-head ~ ul")).ToContainTextAsync("Johanna Stadlmayr");

        var (host, first, outsider) = (await chromium.LogInAsync("coordinator@demo.example"), await chromium.LogInAsync("admin@demo.example"), await chromium.LogInAsync("member@demo.example"));
        Assert.Equal(404, (await outsider.GotoAsync("/rooms/board/hours"))!.Status);
        await LivingAsync(host);
        await LivingAsync(first);
        await LivingAsync(keeper);
        var watcher = await chromium.LogInAsync("coordinator@demo.example");
        await watcher.GotoAsync("/rooms/board");
        await watcher.LivingAsync();

        await JoinAsync(first, "How do we report stays?");
        await JoinAsync(keeper, "Who signs the plan?");
        foreach (var page in (IPage[])[host, first, keeper])
        {
            await Assertions.Expect(page.Locator("ol.queue .queued")).ToHaveCountAsync(2);
            await Assertions.Expect(page.Locator("ol.queue .queued").First).ToContainTextAsync("How do we report stays?");
        }
        await Assertions.Expect(watcher.Locator(".hours-strip")).ToContainTextAsync("2 people waiting");
        await Assertions.Expect(keeper.GetByText("Your place: 2")).ToBeVisibleAsync();
        await Assertions.Expect(keeper.GetByText("Your place: 1")).ToBeHiddenAsync();
        await Assertions.Expect(keeper.GetByRole(AriaRole.Button, new() { Name = "Take next" })).ToBeHiddenAsync();
        await Assertions.Expect(keeper.GetByLabel("What is it about?")).ToBeHiddenAsync();

        await PressAsync(host, "Take next");
        await Assertions.Expect(first.Locator(".bell-word")).ToContainTextAsync("It is your turn in");
        foreach (var page in (IPage[])[host, first, keeper])
            await Assertions.Expect(page.Locator(".queued-served")).ToContainTextAsync("with Johanna Stadlmayr");
        await Assertions.Expect(keeper.GetByText("Your place: 1")).ToBeVisibleAsync();
        await first.GetByRole(AriaRole.Link, new() { Name = "Go to the talk" }).ClickAsync();
        await Assertions.Expect(first.Message("it is your turn.")).ToBeVisibleAsync();

        await host.GetByRole(AriaRole.Button, new() { Name = "Done with" }).ClickAsync();
        await Assertions.Expect(keeper.Locator(".queued-served")).ToHaveCountAsync(0);

        // Closed in the middle: today, and should midnight come meanwhile, tomorrow.
        var settings = await chromium.LogInAsync("moderator@demo.example");
        foreach (var day in (int[])[0, 1])
        {
            await settings.GotoAsync("/rooms/board/hours/settings");
            await settings.GetByLabel("Day", new() { Exact = true }).FillAsync(TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddDays(day), TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            await PressAsync(settings, "Set this day");
            await Assertions.Expect(settings.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        }
        await Assertions.Expect(host.Locator("ol.queue")).ToHaveCountAsync(0);
        await keeper.ReloadAsync();
        await Assertions.Expect(keeper.GetByText("The room closed before it was your turn")).ToBeVisibleAsync();
        await Assertions.Expect(keeper.GetByLabel("Your question in one sentence")).ToHaveValueAsync("Who signs the plan?");
        await PressAsync(keeper, "Ask");
        await Assertions.Expect(keeper.GetByText("Your enquiry is in the room.")).ToBeVisibleAsync();
        await Assertions.Expect(watcher.Locator(".hours-strip")).ToContainTextAsync("1 open enquiry");
        await Assertions.Expect(host.Locator(".bell-word")).ToContainTextAsync("asked for later in");

        await host.ReloadAsync();
        await host.GetByRole(AriaRole.Button, new() { Name = "Mark as answered: Who signs the plan?" }).ClickAsync();
        await Assertions.Expect(host.GetByText("All enquiries are answered.")).ToBeVisibleAsync();
        await Assertions.Expect(watcher.Locator(".hours-strip")).Not.ToContainTextAsync("open enquiry");
    }
}
