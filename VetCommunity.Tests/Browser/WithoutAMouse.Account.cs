using System.Globalization;
using Microsoft.Playwright;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>docs/accessibility.md and the journeys say the same.</summary>
public class CountingTheJourneys
{
    [Fact]
    public void Each_of_the_twelve_that_are_listed_is_walked_and_no_other()
    {
        var listed = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "accessibility.md")).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 4 && int.TryParse(cells[1], CultureInfo.InvariantCulture, out _)).Select(cells => cells[4].Trim('`')).ToList();

        Assert.Equal(12, listed.Count);
        Assert.Equal(typeof(WithoutAMouse).GetMethods().Select(method => method.Name).Where(name => name.StartsWith("One_", StringComparison.Ordinal)).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }
}

/// <summary>The journeys to an account, around it and out of it, and to a host.</summary>
public partial class WithoutAMouse
{
    const string Password = "Demo-2026-vet!";

    static ILocator Link(IPage page, string name) => page.Locator("main").GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    static async Task LogInAsync(IPage page, string who, string password = Password)
    {
        await page.SkipAsync();
        await page.TypeAsync(page.GetByLabel("Email"), who);
        await page.TypeAsync(page.GetByLabel("Password", new() { Exact = true }), password);
        await page.Keyboard.PressAsync("Enter");
    }

    static async Task LogOutAsync(IPage page)
    {
        await page.PressAsync(page.Locator(".menu-account > summary"));
        await page.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Log out" }));
        await Assertions.Expect(page.Locator(".menu-account > summary")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task One_opens_an_account_and_says_who_one_is()
    {
        const string Email = "keys@new.example";
        const string Own = "a quiet morning in the workshop";
        var page = await chromium.NewPageAsync();
        await page.AddInitScriptAsync(scriptPath: Path.Combine(Running.NpmPackages.Scripts, "looking.js"));
        await page.GotoAsync("/Account/Login");
        await page.SkipAsync();
        await page.PressAsync(Link(page, "Register"));
        await page.ArriveAsync("**/Account/Register");
        await page.SkipAsync();
        await page.TypeAsync(page.GetByLabel("Name"), "Dora Conti");
        await page.TypeAsync(page.GetByLabel("Email"), Email);
        // Refused, it comes again at the field that it is about.
        await page.TypeAsync(page.GetByLabel("Password", new() { Exact = true }), "short");
        await page.PressAsync(Button(page, "Register"));
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByLabel("Email")).ToHaveValueAsync(Email);
        await page.Keyboard.TypeAsync(Own);
        await page.PressAsync(Button(page, "Register"));
        await page.ArriveAsync("**/Account/Register?sent=true");

        await page.GotoAsync((await chromium.Community.MailsToAsync(Email, 1))[0].Link());
        await page.SkipAsync();
        await page.PressAsync(Button(page, "Confirm"));
        await page.ArriveAsync("**/Account/Login?done=confirmed");
        await LogInAsync(page, Email, Own);
        await page.PressAsync(page.Locator(".menu-account > summary"));
        await page.PressAsync(page.Locator(".menu-account").GetByRole(AriaRole.Link, new() { Name = "Edit profile" }));
        await page.ArriveAsync("**/Account/Profile");
        await page.SkipAsync();
        await page.TypeAsync(page.GetByLabel("About"), "I teach joinery");
        await page.TabToAsync(page.GetByLabel("Country"));
        await page.Keyboard.TypeAsync("Ital");
        await page.PressAsync(Button(page, "Save"));
        await page.ArriveAsync("**/people/*");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("I teach joinery");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Italy");
    }

    [Fact]
    public async Task One_sets_up_two_factor_authentication_and_logs_in_with_it()
    {
        const string Who = "policy@demo.example";
        var page = await OpenAsync(Who, "/Account/Security");
        await page.SkipAsync();
        await page.PressAsync(Link(page, "Set it up"));
        await page.ArriveAsync("**/Account/TwoFactor");
        await page.SkipAsync();
        await page.PressAsync(Button(page, "Set it up"));
        // What others scan is there to be typed.
        var key = (await page.Locator(".factor-key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.SkipAsync();
        await page.TypeAsync(page.GetByLabel("Code"), TimeCodes.CodeAt(key, DateTimeOffset.UtcNow));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".recovery-codes li")).ToHaveCountAsync(SecondFactors.RecoveryCodes);
        await page.SkipAsync();
        await page.PressAsync(Link(page, "I have kept them"));
        await page.ArriveAsync("**/");
        await LogOutAsync(page);

        await page.GotoAsync("/Account/Login?ReturnUrl=%2Frooms");
        await LogInAsync(page, Who);
        await page.ArriveAsync("**/Account/SecondStep*");
        await page.SkipAsync();
        await page.TypeAsync(page.GetByLabel("Code"), "no code");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Code")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(page.GetByLabel("Code")).ToBeFocusedAsync();
        // A code opens once: the next one, which counts already for clocks that are ahead.
        await page.TypeAsync(page.GetByLabel("Code"), TimeCodes.CodeAt(key, DateTimeOffset.UtcNow + TimeCodes.Step));
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/rooms");
    }

    [Fact]
    public async Task One_fetches_ones_data_leaves_and_comes_back_in_time()
    {
        const string Who = "cotrainer@demo.example";
        var page = await OpenAsync(Who, "/Account/Security");
        await page.SkipAsync();
        await page.PressAsync(Link(page, "Export of my data"));
        await page.ArriveAsync("**/Account/Export");
        await page.SkipAsync();
        await page.PressAsync(Button(page, "Make the file"));
        // Where one waits, the file is offered.
        await page.TabToAsync(Link(page, "Look again"));
        var fetch = page.Locator("main a[download]");
        await fetch.WaitForAsync();
        await Assertions.Expect(fetch).ToBeFocusedAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.PressAsync(fetch));
        Assert.EndsWith(".zip", file.SuggestedFilename, StringComparison.Ordinal);
        await file.DeleteAsync();

        await page.GotoAsync("/Account/Delete");
        await page.SkipAsync();
        await page.ChooseAsync(page.GetByRole(AriaRole.Radio, new() { Name = "are deleted, too" }));
        await page.PressAsync(Button(page, "Delete my account"));
        await page.ArriveAsync("**/Account/Login?done=leaving");
        await LogInAsync(page, Who);
        await page.ArriveAsync("**/Account/Delete");
        await page.SkipAsync();
        await page.PressAsync(Button(page, "Keep my account"));
        await Assertions.Expect(page.Locator("main").GetByRole(AriaRole.Status)).ToContainTextAsync("Good that you stay.");
    }

    [Fact]
    public async Task One_waits_at_an_office_hour_and_a_host_takes_the_next()
    {
        var keeper = await chromium.LogInAsync("moderator@demo.example");
        // Open all day; should midnight come meanwhile, tomorrow, too.
        await keeper.GotoAsync("/rooms/board/hours/settings");
        foreach (var day in (int[])[0, 1])
        {
            await keeper.GetByLabel("Day", new() { Exact = true }).FillAsync(TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddDays(day), TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            await keeper.Locator("#day-from").FillAsync("00:00");
            await keeper.Locator("#day-to").FillAsync("00:00");
            await Button(keeper, "Set this day").ClickAsync();
            await Assertions.Expect(keeper.Locator("section[aria-labelledby=days-head] li")).ToHaveCountAsync(day + 1);
        }
        await keeper.GetByLabel("Name a host").FillAsync("johanna-stadlmayr");
        await keeper.GetByLabel("Name a host").PressAsync("Enter");
        await Assertions.Expect(keeper.Locator("#hosts-head ~ ul")).ToContainTextAsync("Johanna Stadlmayr");

        var (page, host) = (await OpenAsync("admin@demo.example", "/rooms/board/hours"), await OpenAsync("coordinator@demo.example", "/rooms/board/hours"));
        foreach (var one in (IPage[])[page, host])
            await Assertions.Expect(one.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await page.SkipAsync();
        await page.TypeAsync(page.GetByLabel("What is it about?"), "How do we report stays?");
        await page.PressAsync(Button(page, "Join the queue"));
        await Assertions.Expect(page.Locator("main[data-living=true] .queued[data-mine]")).ToContainTextAsync("How do we report stays?");

        await host.SkipAsync();
        await host.PressAsync(Button(host, "Take next"));
        await Assertions.Expect(host.Locator(".queued-served")).ToContainTextAsync("How do we report stays?");
        await page.PressAsync(Link(page, "Go to the talk"));
        await Assertions.Expect(page.Message("it is your turn.")).ToBeVisibleAsync();
        await host.SkipAsync();
        await host.PressAsync(host.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Done with" }));
        await Assertions.Expect(host.Locator(".queued-served")).ToHaveCountAsync(0);
    }
}
