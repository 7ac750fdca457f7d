using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using SkiaSharp;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Whole journeys by keyboard alone, the focus seen at every step. Each has a row in docs/accessibility.md.</summary>
[Promise("AX2")]
public partial class WithoutAMouse(Chromium chromium) : IClassFixture<Chromium>
{
    static ILocator Button(IPage page, string name) => page.Locator("main").GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    async Task<IPage> OpenAsync(string who, string address)
    {
        var page = await chromium.LogInAsync(who);
        await page.AddInitScriptAsync(scriptPath: Path.Combine(Running.NpmPackages.Scripts, "looking.js"));
        await page.GotoAsync(address);
        return page;
    }

    async Task<IPage> OpenRoomAsync(string who)
    {
        var page = await OpenAsync(who, "/rooms/welcome");
        await page.LivingAsync();
        return page;
    }

    [Fact]
    public async Task One_writes_answers_reacts_changes_and_deletes()
    {
        var page = await OpenRoomAsync("member5@demo.example");
        var menu = page.Locator("article:last-of-type summary");
        ILocator InMenu(string item) => page.Locator("article:last-of-type " + item);
        // Past two hundred links and menus.
        await page.PressAsync(page.Locator("a.skip-link[href='#message']"));
        await Assertions.Expect(page.Composer()).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Said without a mouse");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Message("Said without a mouse")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Composer()).ToBeFocusedAsync();

        await page.PressAsync(menu, back: true);
        await page.PressAsync(InMenu("[data-act=reply]"));
        await Assertions.Expect(page.Composer()).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Answered without one");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Message("Answered without one").Locator(".message-quote")).ToContainTextAsync("Said without a mouse");

        await page.PressAsync(menu, back: true);
        await page.PressAsync(InMenu(".message-reacts button"));
        await Assertions.Expect(page.Message("Answered without one").Locator(".reaction[aria-pressed=true]")).ToHaveTextAsync("👍 1");
        await Assertions.Expect(menu).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("details.menu[open]")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Enter");
        await page.PressAsync(InMenu("a.for-mine"));
        await page.ArriveAsync("**/rooms/welcome?edit=*");
        await Assertions.Expect(page.Composer()).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+End");
        await page.Keyboard.TypeAsync(" at all");
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/rooms/welcome#m-*");
        await Assertions.Expect(page.Message("Answered without one at all")).ToHaveCountAsync(1);
        await page.LivingAsync();

        await page.PressAsync(menu);
        await page.PressAsync(InMenu("button.for-mine"));
        await Assertions.Expect(InMenu("button.for-mine")).ToHaveTextAsync("Delete it for everybody?");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Message("Answered without one at all")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Log()).ToBeFocusedAsync();
    }

    [Fact]
    public async Task One_logs_in_chooses_language_and_colours_and_logs_out()
    {
        var page = await chromium.NewPageAsync();
        await page.AddInitScriptAsync(scriptPath: Path.Combine(Running.NpmPackages.Scripts, "looking.js"));
        await page.GotoAsync("/");
        await page.PressAsync(page.Locator("header").GetByRole(AriaRole.Link, new() { Name = "Log in" }));
        await page.ArriveAsync("**/Account/Login*");
        await page.SkipAsync();
        await page.TypeAsync(page.GetByLabel("Email"), "member9@demo.example");
        await page.TypeAsync(page.GetByLabel("Password", new() { Exact = true }), "Demo-2026-vet!");
        await page.Keyboard.PressAsync("Enter");
        var account = page.Locator(".menu-account > summary");
        await account.WaitForAsync();

        await page.PressAsync(page.Locator("summary", new() { HasText = "Language:" }));
        await page.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Italiano" }));
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "it");
        await page.PressAsync(page.Locator("summary", new() { HasText = "Lingua:" }), "Space");
        await page.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "English" }));
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");

        await page.PressAsync(page.Locator("summary[aria-label^='Appearance']"));
        await page.PressAsync(page.GetByRole(AriaRole.Link, new() { Name = "Dark" }));
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        await page.PressAsync(account);
        await page.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Log out" }));
        await Assertions.Expect(account).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task One_finds_a_message_and_goes_there()
    {
        var page = await OpenAsync("member@demo.example", "/rooms");
        await page.Keyboard.PressAsync("/");
        await page.ArriveAsync("**/search");
        await Assertions.Expect(page.GetByLabel("Search", new() { Exact = true })).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("room:welcome network");
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/search?q=*");
        await page.SkipAsync();
        await page.PressAsync(page.Locator(".search-results a.cover").First);
        await page.ArriveAsync("**/rooms/welcome**#m-*");
    }

    [Fact]
    public async Task One_attaches_a_picture_and_describes_it()
    {
        var page = await OpenRoomAsync("member2@demo.example");
        await page.PressAsync(page.Locator("a.skip-link[href='#message']"));
        await Assertions.Expect(page.Composer()).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Drawn by hand");
        // The browser begins to listen for the chooser while the keys are on their way: one key alone could be there before it.
        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Attach files" })));
        await chooser.SetFilesAsync(new FilePayload { Name = "plan.png", MimeType = "image/png", Buffer = MadeFiles.Picture(80, 60, SKEncodedImageFormat.Png) });
        await Assertions.Expect(page.Locator(".attached[data-state='here']")).ToHaveCountAsync(1);
        var description = page.GetByLabel("Description for people who do not see it", new() { Exact = true });
        await page.TabToAsync(description, back: true);
        await page.Keyboard.TypeAsync("A plan of the workshop");
        await page.PressAsync(page.GetByRole(AriaRole.Button, new() { Name = "Send" }));

        await Assertions.Expect(page.Message("Drawn by hand").GetByRole(AriaRole.Img, new() { Name = "A plan of the workshop" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task One_votes_and_changes_the_vote()
    {
        await using var asking = await chromium.Community.ConnectAsync("member5@demo.example");
        await asking.InvokeAsync<JsonElement>("Post", new
        {
            conversation = "welcome",
            clientKey = "by-keyboard",
            topic = (string?)null,
            markdown = "Which day by keyboard?",
            replyToSeq = (long?)null,
            attachments = (string[]?)null,
            poll = new { options = new[] { "Monday", "Tuesday", "Friday" }, several = false, secret = false, results = "atOnce", endsAt = (DateTimeOffset?)null },
        });
        var page = await OpenRoomAsync("member3@demo.example");
        var poll = page.Message("Which day by keyboard?").Locator(".poll");
        await page.PressAsync(page.Locator("a.skip-link[href='#message']"));
        await page.PressAsync(poll.GetByRole(AriaRole.Radio), "Space", back: true);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(poll.GetByRole(AriaRole.Button, new() { Name = "Change my vote" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("body")).Not.ToBeFocusedAsync();
        var tuesday = poll.GetByLabel("Tuesday", new() { Exact = true });
        for (var pressed = 0; pressed < 3 && !await tuesday.IsCheckedAsync(); pressed++)
            await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(poll.Locator(".poll-number").Nth(1)).ToContainTextAsync("1 vote");
        await Assertions.Expect(tuesday).ToBeCheckedAsync();
        await Assertions.Expect(page.Locator("body")).Not.ToBeFocusedAsync();
    }

    [Fact]
    public async Task One_says_of_what_one_wants_to_hear()
    {
        var page = await OpenAsync("member4@demo.example", "/notices/settings");
        await page.SkipAsync();
        await page.PressAsync(page.Locator("input[name='bell']").First, "Space");
        var wanted = await page.Locator("input[name='bell']").First.IsCheckedAsync();
        await page.ChooseAsync(page.GetByRole(AriaRole.Radio).Last);
        await page.PressAsync(Button(page, "Save"));

        await Assertions.Expect(page.Locator("main").GetByRole(AriaRole.Status)).ToHaveTextAsync("Your settings have been saved.");
        Assert.Equal(wanted, await page.Locator("input[name='bell']").First.IsCheckedAsync());
        await Assertions.Expect(page.GetByRole(AriaRole.Radio).Last).ToBeCheckedAsync();
    }

    [Fact]
    public async Task One_reports_a_message_and_a_moderator_decides()
    {
        await using var saying = await chromium.Community.ConnectAsync("member6@demo.example");
        var seq = await saying.PostAsync("welcome", "Beginners are donkeys");
        var page = await OpenRoomAsync("member7@demo.example");
        await page.PressAsync(page.Locator("a.skip-link[href='#message']"));
        var menu = page.Message("Beginners are donkeys").Locator("summary");
        await page.PressAsync(menu, back: true);
        await page.PressAsync(page.Message("Beginners are donkeys").Locator(".menu-list a[href$='/report']"));
        await page.ArriveAsync("**/report");
        await page.SkipAsync();
        await page.TabToAsync(page.GetByLabel("What is wrong with it?"));
        await page.Keyboard.TypeAsync("Insults");
        await page.TypeAsync(page.GetByLabel("In a sentence"), "It makes fun of beginners");
        await page.PressAsync(Button(page, "Report"));
        await Assertions.Expect(page.Locator("main").GetByRole(AriaRole.Status)).ToContainTextAsync("Thank you");

        var moderator = await OpenAsync("moderator@demo.example", $"/moderation/welcome/{seq}");
        await moderator.SkipAsync();
        await moderator.ChooseAsync(moderator.GetByRole(AriaRole.Radio, new() { Name = "Hide it" }));
        await moderator.TabToAsync(moderator.GetByLabel("On what it rests"));
        await moderator.Keyboard.TypeAsync("Insults");
        await moderator.TypeAsync(moderator.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }), "We do not make fun of anybody here");
        await moderator.PressAsync(Button(moderator, "Decide"));
        await moderator.ArriveAsync("**/decisions/*");
        await Assertions.Expect(page.Message("Beginners are donkeys")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task One_ends_a_topic_with_what_came_out_of_it()
    {
        await using var asking = await chromium.Community.ConnectAsync("member8@demo.example");
        await asking.PostAsync("welcome", "Who lends a lathe?", "A lathe by keyboard");
        var page = await OpenAsync("member8@demo.example", "/rooms/welcome/a-lathe-by-keyboard");
        await page.LivingAsync();
        await page.SkipAsync();
        await page.PressAsync(page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Resolve…" }));
        await page.ArriveAsync("**/resolve");
        await page.SkipAsync();
        await page.ChooseAsync(page.GetByRole(AriaRole.Radio, new() { Name = "Answered" }));
        await page.TypeAsync(page.GetByLabel("In one sentence"), "The school in Linz lends one");
        await page.PressAsync(page.Locator("form.sheet button.button").First);

        await page.ArriveAsync("**/rooms/welcome/a-lathe-by-keyboard");
        await Assertions.Expect(page.Locator(".topic-end")).ToContainTextAsync("The school in Linz lends one");
    }

    [Fact]
    public async Task A_lost_connection_does_not_take_the_focus_away()
    {
        var page = await OpenRoomAsync("member5@demo.example");
        await using var other = await chromium.Community.ConnectAsync("member6@demo.example");
        await other.PostAsync("welcome", "Under the fingers");
        var menu = page.Message("Under the fingers").Locator("summary");
        await page.PressAsync(page.Locator("a.skip-link[href='#message']"));
        await page.TabToAsync(menu, back: true);
        await page.BreakTheLineAsync();
        await other.PostAsync("welcome", "Meanwhile");
        await Assertions.Expect(page.Message("Meanwhile")).ToHaveCountAsync(1);

        await Assertions.Expect(menu).ToBeFocusedAsync();
        Assert.Equal("", await page.EvaluateAsync<string>("() => looking.focusUnseen()"));
    }
}
