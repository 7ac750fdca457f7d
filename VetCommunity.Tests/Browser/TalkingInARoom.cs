using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class TalkingInARoom(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task What_one_sends_the_other_reads_and_answers()
    {
        var anna = await chromium.LogInAsync("member@demo.example");
        var bruno = await chromium.LogInAsync("member2@demo.example");
        await anna.GotoAsync("/rooms/welcome");
        await bruno.GotoAsync("/rooms/welcome");

        await anna.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true }).FillAsync("Good morning from the **workshop**");
        await anna.Keyboard.PressAsync("Enter");
        var heard = bruno.GetByRole(AriaRole.Log, new() { Name = "Messages" }).Locator("article[data-seq]", new() { HasText = "Good morning from the workshop" });
        await Assertions.Expect(heard).ToHaveCountAsync(1);
        await Assertions.Expect(heard.Locator("strong")).ToHaveTextAsync("workshop");

        await bruno.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true }).FillAsync("Good morning to you");
        await bruno.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(anna.GetByRole(AriaRole.Log).Locator("article[data-seq]", new() { HasText = "Good morning to you" })).ToHaveCountAsync(1);
        await Assertions.Expect(anna.Locator("[data-pending]")).ToHaveCountAsync(0);
    }

    [Promise("FT12")]
    [Fact]
    public async Task A_killed_server_costs_no_word()
    {
        await using var other = new Chromium();
        await other.InitializeAsync();
        var anna = await other.LogInAsync("member@demo.example");
        var bruno = await other.LogInAsync("member2@demo.example");
        await anna.GotoAsync("/rooms/welcome");
        await bruno.GotoAsync("/rooms/welcome");
        await Assertions.Expect(anna.Locator(".presence")).ToContainTextAsync("is here now");
        await using var hub = await other.Community.ConnectAsync("member3@demo.example");
        var changed = await hub.PostAsync("welcome", "Said before the end");
        await Assertions.Expect(anna.Message("Said before the end")).ToHaveCountAsync(1);
        var text = anna.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true });

        await text.FillAsync("Half a sentence");
        await other.Community.KillAsync();
        await Assertions.Expect(anna.Locator(".connection")).ToHaveAttributeAsync("data-state", "reconnecting");
        var answer = bruno.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true });
        await answer.FillAsync("Sent while nobody listened");
        await bruno.Keyboard.PressAsync("Enter");
        await other.Community.StartAsync();
        await using var again = await other.Community.ConnectAsync("member3@demo.example");
        await again.PostAsync("welcome", "Said after it");
        await again.InvokeAsync("Edit", new { conversation = "welcome", seq = changed, markdown = "Changed after it" });

        await Assertions.Expect(anna.Message("Sent while nobody listened")).ToHaveCountAsync(1);
        await Assertions.Expect(anna.Message("Said after it")).ToHaveCountAsync(1);
        await Assertions.Expect(anna.Message("Changed after it")).ToHaveCountAsync(1);
        await Assertions.Expect(anna.Message("Said before the end")).ToHaveCountAsync(0);
        var order = await anna.Log().Locator("article[data-seq]").EvaluateAllAsync<long[]>("all => all.map(one => Number(one.dataset.seq))");
        Assert.Equal(order.Order(), order);
        Assert.Equal(order.Length, order.Distinct().Count());
        await Assertions.Expect(text).ToHaveValueAsync("Half a sentence");
        await Assertions.Expect(anna.Locator(".connection")).ToHaveTextAsync("");
    }

    [Fact]
    public async Task A_deleted_text_is_gone_from_the_answers_of_open_pages_too()
    {
        var anna = await chromium.LogInAsync("member5@demo.example");
        var bruno = await chromium.LogInAsync("member6@demo.example");
        await anna.GotoAsync("/rooms/welcome");
        await bruno.GotoAsync("/rooms/welcome");
        var text = new PageGetByRoleOptions { Name = "Message", Exact = true };
        await anna.GetByRole(AriaRole.Textbox, text).FillAsync("Regretted words");
        await anna.Keyboard.PressAsync("Enter");
        var said = bruno.Locator("article[data-seq]", new() { HasText = "Regretted words" });
        await said.HoverAsync();
        await said.Locator("summary").ClickAsync();
        await said.GetByRole(AriaRole.Link, new() { Name = "Reply" }).ClickAsync();
        await bruno.GetByRole(AriaRole.Textbox, text).FillAsync("My answer");
        await bruno.Keyboard.PressAsync("Enter");
        var quote = bruno.Locator(".message-quote", new() { HasText = "Regretted words" });
        await Assertions.Expect(quote).ToHaveCountAsync(1);

        var own = anna.Locator("article[data-mine][data-seq]", new() { HasText = "Regretted words" }).First;
        await own.HoverAsync();
        await own.Locator("summary").ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Delete it for everybody?" }).ClickAsync();

        await Assertions.Expect(bruno.GetByText("Regretted words")).ToHaveCountAsync(0);
        await Assertions.Expect(bruno.Locator("article[data-deleted]", new() { HasText = "This message was deleted." }).Last).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Two_members_talk_alone_and_a_third_one_finds_nothing()
    {
        var anna = await chromium.LogInAsync("member4@demo.example");
        await anna.GotoAsync("/people/nikos-tsamouris");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Write to Nikos Tsamouris" }).ClickAsync();
        await Assertions.Expect(anna).ToHaveTitleAsync("Nikos Tsamouris · VetCommunity");
        await anna.SayAsync("Only for you");

        var third = await chromium.LogInAsync("admin@demo.example");
        var answer = await third.GotoAsync(anna.Url);

        Assert.Equal(404, answer!.Status);
        await Assertions.Expect(third.GetByText("Only for you")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Without_script_one_reads_and_writes_all_the_same()
    {
        var page = await chromium.LogInAsync("member3@demo.example", script: false);
        await page.GotoAsync("/rooms/welcome");

        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true }).FillAsync("Posted by a plain form");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Log).Locator("article", new() { HasText = "Posted by a plain form" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_menu_opened_before_the_script_is_there_has_its_items_when_it_comes()
    {
        var page = await chromium.LogInAsync("member8@demo.example");
        var script = new TaskCompletionSource();
        await page.RouteAsync("**/live*.js", async route =>
        {
            await script.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync("/rooms/welcome", new() { WaitUntil = WaitUntilState.Commit });
        var last = page.Log().Locator("article[data-seq]").Last;
        await last.HoverAsync();
        await last.Locator(".message-actions > summary").ClickAsync();
        await Assertions.Expect(last.Locator(".menu-list").GetByRole(AriaRole.Link)).ToHaveCountAsync(1);

        script.SetResult();

        await Assertions.Expect(last.Locator(".message-reacts")).ToBeVisibleAsync();
    }
}
