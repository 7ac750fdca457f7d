using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class LosingTheWay(Chromium chromium) : IClassFixture<Chromium>
{
    [Promise("FT12")]
    [Fact]
    public async Task A_laptop_that_wakes_on_a_dead_line_catches_up_at_once()
    {
        await using var wire = new Wire(chromium.Community.Address.Port);
        var page = await chromium.LogInAsync("member@demo.example", address: wire.Address);
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        await using var other = await chromium.Community.ConnectAsync("member2@demo.example");
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await other.PostAsync("welcome", "Before the sleep");
        await Assertions.Expect(page.Message("Before the sleep")).ToHaveCountAsync(1);

        wire.Sever();
        await page.Composer().FillAsync("half a word");
        await NetworkAsync(offline: true);
        var edited = await other.PostAsync("welcome", "In the sleep");
        await other.PostAsync("welcome", "And once more");
        await Assertions.Expect(page.Message("In the sleep")).ToHaveCountAsync(0);
        await other.InvokeCoreAsync("Edit", typeof(object), [new { conversation = "welcome", seq = edited, markdown = "While it slept" }], TestContext.Current.CancellationToken);
        await NetworkAsync(offline: false);

        await Assertions.Expect(page.Message("And once more")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Message("While it slept")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Message("Before the sleep")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Status()).ToHaveTextAsync("");
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("half a word");

        Task NetworkAsync(bool offline) => devtools.SendAsync("Network.emulateNetworkConditions",
            new() { ["offline"] = offline, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = -1 });
    }

    [Promise("FT12")]
    [Fact]
    public async Task What_was_typed_or_sent_without_a_server_is_what_the_next_page_shows()
    {
        await using var other = new Chromium();
        await other.InitializeAsync();
        var page = await other.LogInAsync("member@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        await page.Composer().FillAsync("The beginning");
        await page.WaitForFunctionAsync("() => Object.keys(localStorage).every(key => !key.endsWith(':draft'))");

        await other.Community.KillAsync();
        await page.Composer().FillAsync("The beginning and the long rest");
        await other.Community.StartAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("The beginning and the long rest");

        await page.LivingAsync();
        await other.Community.KillAsync();
        await page.Composer().PressAsync("Enter");
        await other.Community.StartAsync();
        await Assertions.Expect(page.Message("The beginning and the long rest")).ToHaveCountAsync(1);
        await page.WaitForFunctionAsync("() => Object.keys(localStorage).every(key => !key.endsWith(':draft'))");
        await page.ReloadAsync();
        await Assertions.Expect(page.Message("The beginning and the long rest")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Who_is_no_longer_in_a_closed_room_keeps_only_the_own_words()
    {
        var page = await chromium.LogInAsync("coordinator@demo.example");
        await page.GotoAsync("/rooms/board");
        await page.LivingAsync();
        await page.Composer().FillAsync("What I wanted to say");
        var elsewhere = await page.Context.NewPageAsync();
        await elsewhere.GotoAsync("/rooms/board");
        await elsewhere.Locator("summary[aria-label='Room menu']").ClickAsync();
        await elsewhere.GetByRole(AriaRole.Button, new() { Name = "Leave the room" }).ClickAsync();

        await Assertions.Expect(page.Status()).ToHaveTextAsync("You can no longer read this conversation. What you typed is still below, and you can copy it.");
        await Assertions.Expect(page.Log().Locator("article")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("What I wanted to say");
        await Assertions.Expect(page.Composer()).Not.ToBeEditableAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Send" })).ToBeDisabledAsync();
    }

    [Fact]
    public async Task Who_is_logged_out_is_told_so_once_and_not_connected_for_ever()
    {
        var page = await chromium.LogInAsync("member3@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        await page.Composer().FillAsync("Kept words");
        var tries = 0;
        page.WebSocket += (_, _) => tries++;
        await page.Context.ClearCookiesAsync();
        await page.EvaluateAsync("() => dispatchEvent(new Event('online'))");

        await Assertions.Expect(page.Status()).ToContainTextAsync("You are no longer logged in on this page.");
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("Kept words");
        Assert.Equal(1, tries);
        await page.EvaluateAsync("() => dispatchEvent(new Event('online'))");
        Assert.Equal(1, tries);
        await page.GetByRole(AriaRole.Link, new() { Name = "Log in again" }).ClickAsync();
        await page.GetByLabel("Email").FillAsync("member3@demo.example");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("Demo-2026-vet!");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("Kept words");
    }

    [Fact]
    public async Task Another_member_who_logs_in_beside_does_not_speak_from_this_page()
    {
        var page = await chromium.LogInAsync("member4@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        var beside = await page.Context.NewPageAsync();
        await beside.Context.ClearCookiesAsync();
        await beside.GotoAsync("/Account/Login");
        await beside.GetByLabel("Email").FillAsync("member5@demo.example");
        await beside.GetByLabel("Password", new() { Exact = true }).FillAsync("Demo-2026-vet!");
        await beside.Keyboard.PressAsync("Enter");
        await Assertions.Expect(beside.Locator("community-bell")).ToHaveCountAsync(1);

        await Assertions.Expect(page.Status()).ToContainTextAsync("You are no longer logged in on this page.");
    }

    [Fact]
    public async Task A_message_with_an_expired_form_comes_back_and_can_be_sent_again()
    {
        var page = await chromium.LogInAsync("member6@demo.example", script: false);
        await page.GotoAsync("/rooms/welcome");
        await page.Composer().FillAsync("A long and careful answer");
        await page.Context.ClearCookiesAsync(new() { Name = "vet-form" });

        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("please send it once more");
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("A long and careful answer");
        await Assertions.Expect(page.Message("A long and careful answer")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.Message("A long and careful answer")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_edit_and_a_new_room_with_an_expired_form_come_back_too()
    {
        await using var hub = await chromium.Community.ConnectAsync("admin@demo.example");
        var seq = await hub.PostAsync("welcome", "The first wording");
        var page = await chromium.LogInAsync("admin@demo.example", script: false);
        await page.GotoAsync($"/rooms/welcome?edit={seq}");
        await page.Composer().FillAsync("The second wording");
        await page.Context.ClearCookiesAsync(new() { Name = "vet-form" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("please send it once more");
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("The second wording");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Message("The second wording")).ToHaveCountAsync(1);

        await page.GotoAsync("/rooms/new");
        await page.GetByLabel("Title").FillAsync("Room of the expired form");
        await page.GetByLabel("What it is for").FillAsync("Seeing that it comes back");
        await page.GetByLabel("Closed").CheckAsync();
        await page.Context.ClearCookiesAsync(new() { Name = "vet-form" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the room" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("please send it once more");
        await Assertions.Expect(page.GetByLabel("Title")).ToHaveValueAsync("Room of the expired form");
        await Assertions.Expect(page.GetByLabel("Closed")).ToBeCheckedAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the room" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(chromium.Community.Address, "/rooms/room-of-the-expired-form").ToString());
    }

    [Fact]
    public async Task Whoever_sends_a_form_after_the_login_ended_gets_the_text_to_copy()
    {
        var page = await chromium.LogInAsync("member7@demo.example", script: false);
        await page.GotoAsync("/rooms/welcome");
        await page.Composer().FillAsync("Words of an hour");
        await page.Context.ClearCookiesAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are no longer logged in" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("What you wrote")).ToHaveValueAsync("Words of an hour");
    }

    [Fact]
    public async Task An_address_is_kept_as_well_where_its_form_is_too_old()
    {
        var page = await chromium.LogInAsync("member8@demo.example", script: false);
        await page.GotoAsync("/Account/Email");
        await page.GetByLabel("New address").FillAsync("dimitra@new.example");
        await page.Context.ClearCookiesAsync(new() { Name = "vet-form" });

        await page.Locator("main form button").ClickAsync();

        await Assertions.Expect(page.GetByLabel("What you wrote")).ToHaveValueAsync("dimitra@new.example");
    }

    [Promise("FT13")]
    [Fact]
    public async Task A_page_finds_a_dead_line_within_thirty_five_seconds_of_its_own_clock_says_so_and_comes_back()
    {
        await using var wire = new Wire(chromium.Community.Address.Port);
        var page = await chromium.LogInAsync("member5@demo.example", address: wire.Address);
        await page.Clock.InstallAsync();
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        await using var other = await chromium.Community.ConnectAsync("member2@demo.example");

        wire.Sever();
        wire.IsDown = true;
        await page.EvaluateAsync("""
            () => {
                const severed = Date.now();
                const status = document.querySelector(".connection");
                new MutationObserver(() => status.dataset.silence ??= Date.now() - severed).observe(status, { childList: true, characterData: true, subtree: true });
            }
            """);
        await other.PostAsync("welcome", "Said into a dead line");
        await page.Clock.RunForAsync(35_000);

        await Assertions.Expect(page.Status()).ToContainTextAsync("Connection lost.");
        Assert.InRange(int.Parse((await page.Status().GetAttributeAsync("data-silence"))!, System.Globalization.CultureInfo.InvariantCulture), 0, 35_000);
        wire.IsDown = false;
        // A try that waits for its time does not wait long.
        await page.Clock.RunForAsync(10_000);
        await Assertions.Expect(page.Message("Said into a dead line")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Status()).ToHaveTextAsync("");
    }

    [Promise("RL1")]
    [Fact]
    public async Task With_as_many_rooms_open_as_one_may_the_next_says_so_works_and_comes_in_when_one_is_closed()
    {
        List<HubConnection> open = [];
        for (var number = 0; number < 50; number++)
            open.Add(await chromium.Community.ConnectAsync("member6@demo.example", HttpTransportType.WebSockets));
        var page = await chromium.LogInAsync("member6@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await Assertions.Expect(page.Status()).ToContainTextAsync("as one member may have: 50.");
        await page.Composer().FillAsync("Sent by the form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        foreach (var connection in open)
            await connection.DisposeAsync();

        await page.LivingAsync();
        await Assertions.Expect(page.Message("Sent by the form")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Status()).ToHaveTextAsync("");
    }
}
