using System.Net.WebSockets;
using Microsoft.Playwright;
using VetCommunity.Tests.Browser;
using Xunit;

namespace VetCommunity.Tests.Administration;

public sealed class AdministeringInTheBrowser(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task An_administrator_suspends_a_member_by_keyboard_alone_and_the_members_connection_ends()
    {
        var page = await chromium.LogInAsync("admin@demo.example");
        var complaints = Complaints(page);
        await using var hub = await chromium.Community.ConnectAsync("member8@demo.example");
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        await page.GotoAsync("/admin");
        var search = page.GetByLabel("Name, handle or e-mail address");
        await TabToAsync(page, search);
        await page.Keyboard.TypeAsync("lagoudaki");
        var row = page.GetByRole(AriaRole.Button, new() { Name = "Dimitra Lagoudaki" });
        await Assertions.Expect(page.Locator(".admin-open")).ToHaveCountAsync(1);
        await TabToAsync(page, row);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dimitra Lagoudaki" })).ToBeFocusedAsync();
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Suspend", Exact = true }));
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Suspend Dimitra Lagoudaki" });
        await Assertions.Expect(dialog.GetByLabel("Reason")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Adverts in every room");
        await TabToAsync(page, dialog.GetByLabel("Without an end"));
        await page.Keyboard.PressAsync("Space");
        await TabToAsync(page, dialog.GetByRole(AriaRole.Button, new() { Name = "Suspend", Exact = true }));
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.GetByText("Dimitra Lagoudaki is suspended.")).ToBeVisibleAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("main").GetByText("Adverts in every room")).ToBeVisibleAsync();
        await cut.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        Assert.True(complaints.Count == 0, string.Join('\n', [.. complaints, .. chromium.Community.Said]));
    }

    [Fact]
    public async Task With_as_many_tools_open_as_one_may_the_next_says_so_and_comes_when_one_is_closed()
    {
        var page = await chromium.LogInAsync("moderator@demo.example");
        var cookies = string.Join("; ", (await page.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}"));
        List<ClientWebSocket> open = [];
        for (var number = 0; number < 10; number++)
        {
            open.Add(new());
            open[^1].Options.SetRequestHeader("Cookie", cookies);
            await open[^1].ConnectAsync(new UriBuilder(chromium.Community.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, TestContext.Current.CancellationToken);
            // Without these words the server hangs up soon.
            await open[^1].SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        }
        using var pings = new Timer(_ => open.ForEach(Ping), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        await page.GotoAsync("/admin");
        await Assertions.Expect(page.Locator(".island-waiting")).ToContainTextAsync("as one member may have: 10.");
        await Assertions.Expect(page.Locator("main .tabs").GetByRole(AriaRole.Link, new() { Name = "Invitations" })).ToBeVisibleAsync();

        await pings.DisposeAsync();
        open[0].Dispose();

        await Assertions.Expect(page.Locator(".admin-open").First).ToBeVisibleAsync();
        foreach (var circuit in open)
            circuit.Dispose();

        static void Ping(ClientWebSocket circuit) => _ = circuit.SendAsync(new byte[] { 2, 0x91, 6 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }

    public static TheoryData<int, ColorScheme> Looks()
    {
        var looks = new TheoryData<int, ColorScheme>();
        foreach (var width in (int[])[360, 768, 1280])
        {
            looks.Add(width, ColorScheme.Light);
            looks.Add(width, ColorScheme.Dark);
        }
        return looks;
    }

    [Theory]
    [MemberData(nameof(Looks))]
    public async Task Axe_finds_nothing_and_nothing_is_wider_than_the_screen(int width, ColorScheme scheme)
    {
        var page = await chromium.LogInAsync("admin@demo.example");
        var complaints = Complaints(page);
        await page.BringAxeAsync();
        await page.SetViewportSizeAsync(width, 900);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync("/admin");
        await Assertions.Expect(page.Locator(".admin-open").First).ToBeVisibleAsync();
        await FindNothingAsync(page, width);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Role" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = "Trainer" })).ToBeVisibleAsync();
        await FindNothingAsync(page, width);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Option, new() { Name = "Trainer" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Nikos Tsamouris" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nikos Tsamouris" })).ToBeVisibleAsync();
        await FindNothingAsync(page, width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Suspend", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Suspend Nikos Tsamouris" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Suspend", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("Write something first.")).ToBeVisibleAsync();
        await FindNothingAsync(page, width);
        await page.GotoAsync("/admin/log");
        await FindNothingAsync(page, width);
        Assert.True(complaints.Count == 0, string.Join('\n', [.. complaints, .. chromium.Community.Said]));
    }

    [Fact]
    public async Task Without_script_the_page_says_what_it_needs()
    {
        var page = await chromium.LogInAsync("admin@demo.example", script: false);

        await page.GotoAsync("/admin");

        await Assertions.Expect(page.GetByText("This page needs JavaScript")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("One moment")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Only_pages_with_islands_load_the_islands_script()
    {
        var page = await chromium.LogInAsync("admin@demo.example");
        foreach (var (address, count) in new[] { ("/admin", 1), ("/admin/log", 0), ("/people", 0), ("/rooms/welcome", 0) })
        {
            await page.GotoAsync(address);
            Assert.Equal(count, await page.Locator("script[src*='blazor.web']").CountAsync());
        }
    }

    [Fact]
    public async Task A_page_whose_server_was_restarted_comes_back_by_itself()
    {
        await using var other = new Chromium();
        await other.InitializeAsync();
        var page = await other.LogInAsync("admin@demo.example");
        await page.GotoAsync("/admin");
        await Assertions.Expect(page.Locator(".admin-open").First).ToBeVisibleAsync();

        await other.Community.KillAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "The connection is interrupted" })).ToBeVisibleAsync();
        await other.Community.StartAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Nikos Tsamouris" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Nikos Tsamouris" })).ToBeVisibleAsync();
    }

    static List<string> Complaints(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, line) =>
        {
            if (line.Type is "error" or "warning")
                complaints.Add(line.Text);
        };
        page.PageError += (_, error) => complaints.Add(error);
        return complaints;
    }

    static async Task FindNothingAsync(IPage page, int width)
    {
        var found = await Axe.FindAsync(page);
        Assert.True(found.Length == 0, found);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width, "wider than the screen");
    }

    static async Task TabToAsync(IPage page, ILocator wanted)
    {
        await Assertions.Expect(wanted).ToBeVisibleAsync();
        for (var steps = 0; steps < 60; steps++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
                return;
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail("The keyboard does not come to " + wanted);
    }
}
