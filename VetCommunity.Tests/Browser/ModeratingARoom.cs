using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class ModeratingARoom(Chromium chromium) : IClassFixture<Chromium>
{
    const string Reporter = "member@demo.example";
    const string Author = "member2@demo.example";
    const string Other = "member3@demo.example";
    const string Moderator = "moderator@demo.example";

    static ILocator Item(IPage page, string message, string name) => page.Message(message).Locator(".menu-list").GetByText(name, new() { Exact = true });

    static async Task DecideAsync(IPage page, string measure, string reason)
    {
        await page.GetByRole(AriaRole.Radio, new() { Name = measure }).CheckAsync();
        await page.GetByLabel("On what it rests").SelectOptionAsync("Harassment");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync(reason);
        await page.GetByRole(AriaRole.Button, new() { Name = "Decide", Exact = true }).ClickAsync();
    }

    [Fact]
    public async Task A_reported_message_is_hidden_answered_and_comes_back_on_every_open_page()
    {
        await using var saying = await chromium.Community.ConnectAsync(Author);
        var seq = await saying.PostAsync("welcome", "Whoever forgets the visor is a donkey");
        var reporter = await chromium.LogInAsync(Reporter);
        var author = await chromium.LogInAsync(Author);
        var other = await chromium.LogInAsync(Other);
        var moderator = await chromium.LogInAsync(Moderator);
        foreach (var page in (IPage[])[reporter, author, other])
        {
            await page.GotoAsync("/rooms/welcome");
            await page.LivingAsync();
        }
        await author.Message("a donkey").OpenMenuAsync();
        await Assertions.Expect(Item(author, "a donkey", "Report…")).ToBeHiddenAsync();

        await reporter.Message("a donkey").OpenMenuAsync();
        await Assertions.Expect(Item(reporter, "a donkey", "Hide, remove, decide…")).ToBeHiddenAsync();
        await Item(reporter, "a donkey", "Report…").ClickAsync();
        await reporter.GetByLabel("What is wrong with it?").SelectOptionAsync("Harassment");
        await reporter.GetByLabel("In a sentence").FillAsync("It makes fun of beginners");
        await reporter.GetByRole(AriaRole.Button, new() { Name = "Report", Exact = true }).ClickAsync();
        await Assertions.Expect(reporter.Locator("main").GetByRole(AriaRole.Status)).ToContainTextAsync("Thank you");

        await moderator.GotoAsync("/");
        await moderator.GetByRole(AriaRole.Link, new() { Name = "wait for the moderators" }).ClickAsync();
        await Assertions.Expect(moderator.Locator(".case")).ToContainTextAsync("It makes fun of beginners");
        await moderator.GetByRole(AriaRole.Link, new() { Name = "Decide about a message of Stefan Grubmüller" }).ClickAsync();
        await DecideAsync(moderator, "Hide it", "We do not make fun of beginners here");
        await Assertions.Expect(moderator.GetByRole(AriaRole.Heading, new() { Name = "Statement of reasons" })).ToBeVisibleAsync();

        await Assertions.Expect(other.Locator($"#m-{seq}")).ToHaveTextAsync("The moderators have hidden this message.", new() { UseInnerText = true });
        await Assertions.Expect(other.Message("a donkey")).ToHaveCountAsync(0);
        await Assertions.Expect(other.Locator($"#m-{seq} a:visible")).ToHaveCountAsync(0);

        await author.Locator($"#m-{seq}").GetByRole(AriaRole.Link, new() { Name = "Why, and how to answer" }).ClickAsync();
        await Assertions.Expect(author.Locator("main")).ToContainTextAsync("Whoever forgets the visor is a donkey");
        await Assertions.Expect(author.Locator("main")).ToContainTextAsync("We do not make fun of beginners here");
        await Assertions.Expect(author.Locator("main")).Not.ToContainTextAsync("Giulia");
        await author.GetByLabel("Your appeal").FillAsync("I meant myself");
        await author.GetByRole(AriaRole.Button, new() { Name = "Appeal" }).ClickAsync();
        await Assertions.Expect(author.Locator("main")).ToContainTextAsync("Somebody else than who decided");
        var statement = new Uri(author.Url).AbsolutePath;
        Assert.Equal(404, (await other.Context.APIRequest.GetAsync(new Uri(chromium.Community.Address, statement).ToString())).Status);
        Assert.Equal(404, (await other.Context.APIRequest.GetAsync(new Uri(chromium.Community.Address, "/moderation").ToString())).Status);

        await moderator.GotoAsync(statement);
        await Assertions.Expect(moderator.Locator("main")).ToContainTextAsync("another moderator answers");
        await Assertions.Expect(moderator.GetByRole(AriaRole.Button, new() { Name = "Answer the appeal" })).ToHaveCountAsync(0);
        var second = await chromium.LogInAsync("admin@demo.example");
        await second.GotoAsync("/moderation/appeals");
        await second.GetByRole(AriaRole.Link, new() { Name = "Stefan Grubmüller" }).First.ClickAsync();
        await second.GetByRole(AriaRole.Radio, new() { Name = "Lift the decision" }).CheckAsync();
        await second.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("About himself one may say so");
        await second.GetByRole(AriaRole.Button, new() { Name = "Answer the appeal" }).ClickAsync();

        await Assertions.Expect(other.Message("a donkey")).ToHaveCountAsync(1);
        await author.GotoAsync("/");
        await author.GetByRole(AriaRole.Link, new() { Name = "The moderators decided about a message of yours: read why" }).ClickAsync();
        await author.Locator($"a[href='{statement}']").ClickAsync();
        await Assertions.Expect(author.Locator("main")).ToContainTextAsync("About himself one may say so");
        await reporter.GotoAsync("/decisions");
        await Assertions.Expect(reporter.Locator("main")).ToContainTextAsync("The moderators have hidden the message");
    }

    [Fact]
    public async Task Who_is_banned_loses_the_open_page_at_once_and_comes_back_when_it_is_lifted()
    {
        await using var saying = await chromium.Community.ConnectAsync("member5@demo.example");
        var seq = await saying.PostAsync("welcome", "A very loud word");
        var ended = new TaskCompletionSource<System.Text.Json.JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        saying.On<System.Text.Json.JsonElement>("AccessEnded", ended.SetResult);
        await saying.InvokeAsync<System.Text.Json.JsonElement>("Open", "welcome", null, "json");
        var banned = await chromium.LogInAsync("member5@demo.example");
        await banned.GotoAsync("/rooms/welcome");
        await banned.LivingAsync();
        var moderator = await chromium.LogInAsync(Moderator);
        await moderator.GotoAsync($"/moderation/welcome/{seq}");
        await moderator.GetByRole(AriaRole.Radio, new() { Name = "Ban from the room" }).CheckAsync();
        await DecideAsync(moderator, "Leave it", "Enough for this week");
        await Assertions.Expect(moderator.GetByRole(AriaRole.Heading, new() { Name = "Statement of reasons" })).ToBeVisibleAsync();

        await Assertions.Expect(banned.Locator(".connection[data-state=ended]")).ToBeVisibleAsync();
        Assert.Equal("Banned", (await ended.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken)).GetProperty("reason").GetString());
        await Assert.ThrowsAsync<HubException>(() => saying.InvokeAsync<System.Text.Json.JsonElement>("Open", "welcome", null, "json"));
        Assert.Equal(404, (await banned.GotoAsync("/rooms/welcome"))!.Status);
        await banned.GotoAsync("/decisions");
        await Assertions.Expect(banned.Locator("main")).ToContainTextAsync("Banned from the room until");

        await moderator.GotoAsync($"/moderation/welcome/{seq}");
        await DecideAsync(moderator, "Leave it", "We have talked about it");
        await Assertions.Expect(moderator.GetByRole(AriaRole.Heading, new() { Name = "Statement of reasons" })).ToBeVisibleAsync();
        await saying.InvokeAsync<System.Text.Json.JsonElement>("Open", "welcome", null, "json");
        Assert.Equal(200, (await banned.GotoAsync("/rooms/welcome"))!.Status);
    }

    [Fact]
    public async Task A_pinned_message_is_on_every_page_and_gone_when_it_is_deleted()
    {
        await using var saying = await chromium.Community.ConnectAsync(Moderator);
        var seq = await saying.PostAsync("welcome", "Our one rule: be kind");
        var other = await chromium.LogInAsync(Other);
        var moderator = await chromium.LogInAsync(Moderator);
        foreach (var page in (IPage[])[other, moderator])
        {
            await page.GotoAsync("/rooms/welcome");
            await page.LivingAsync();
        }
        await other.Message("Our one rule").OpenMenuAsync();
        await Assertions.Expect(Item(other, "Our one rule", "Pin")).ToBeHiddenAsync();
        await moderator.Message("Our one rule").OpenMenuAsync();
        await Item(moderator, "Our one rule", "Pin").ClickAsync();

        await Assertions.Expect(other.Locator(".pins > summary")).ToHaveTextAsync("1 pinned message");
        await other.Locator(".pins > summary").ClickAsync();
        await Assertions.Expect(other.Locator(".pins").GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await other.Locator(".pins").GetByRole(AriaRole.Link, new() { Name = "Our one rule: be kind" }).ClickAsync();
        await Assertions.Expect(other).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"#m-{seq}$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await other.LivingAsync();
        await saying.InvokeAsync("Delete", new { conversation = "welcome", seq }, TestContext.Current.CancellationToken);
        await Assertions.Expect(other.Locator(".pins")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Without_script_a_member_reports_and_a_moderator_removes()
    {
        await using var saying = await chromium.Community.ConnectAsync("member6@demo.example");
        await saying.PostAsync("welcome", "Cheap gloves, today only");
        var member = await chromium.LogInAsync("member7@demo.example", script: false);
        await member.GotoAsync("/rooms/welcome");
        await member.OpenMenuWithoutScriptAsync("Cheap gloves");
        await Assertions.Expect(Item(member, "Cheap gloves", "Edit")).ToBeHiddenAsync();
        await Item(member, "Cheap gloves", "Report…").ClickAsync();
        await member.GetByLabel("What is wrong with it?").SelectOptionAsync("Advertising");
        await member.GetByLabel("In a sentence").FillAsync("He sells");
        await member.GetByRole(AriaRole.Button, new() { Name = "Report", Exact = true }).ClickAsync();
        await Assertions.Expect(member.Locator("main").GetByRole(AriaRole.Status)).ToContainTextAsync("Thank you");

        var moderator = await chromium.LogInAsync(Moderator, script: false);
        await moderator.GotoAsync("/rooms/welcome");
        await moderator.OpenMenuWithoutScriptAsync("Cheap gloves");
        await Item(moderator, "Cheap gloves", "Hide, remove, decide…").ClickAsync();
        await DecideAsync(moderator, "Remove it", "This is no market");
        await Assertions.Expect(moderator.Locator("main")).ToContainTextAsync("The message is removed");
        await member.GotoAsync("/rooms/welcome");
        await Assertions.Expect(member.Message("Cheap gloves")).ToHaveCountAsync(0);
        await member.GotoAsync("/decisions");
        await Assertions.Expect(member.Locator("main")).ToContainTextAsync("The moderators have removed the message");
        // One's own are edited without script too.
        await using var own = await chromium.Community.ConnectAsync("member7@demo.example");
        await own.PostAsync("welcome", "Mine to edit");
        await member.GotoAsync("/rooms/welcome");
        await member.OpenMenuWithoutScriptAsync("Mine to edit");
        await Item(member, "Mine to edit", "Edit").ClickAsync();
        await Assertions.Expect(member.Composer()).ToHaveValueAsync("Mine to edit");
    }

    [Fact]
    public async Task A_room_becomes_one_for_announcements_and_the_others_react()
    {
        var moderator = await chromium.LogInAsync(Moderator);
        var second = await chromium.LogInAsync("admin@demo.example");
        await second.GotoAsync("/rooms/micro-credentials/settings");
        await moderator.GotoAsync("/rooms/micro-credentials/settings");
        await moderator.GetByRole(AriaRole.Radio, new() { Name = "Only moderators and named speakers" }).CheckAsync();
        await moderator.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(moderator.Locator("main").GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        await second.GetByLabel("Slow mode").SelectOptionAsync("30");
        await second.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(second.GetByText("Stored now:")).ToContainTextAsync("Only moderators and named speakers");
        await Assertions.Expect(second.GetByLabel("Slow mode")).ToHaveValueAsync("30");
        await second.GetByRole(AriaRole.Radio, new() { Name = "Only moderators and named speakers" }).CheckAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(second.Locator("main").GetByRole(AriaRole.Status)).ToContainTextAsync("Saved");
        await using var saying = await chromium.Community.ConnectAsync(Moderator);
        var seq = await saying.PostAsync("micro-credentials", "New dates in May");

        var other = await chromium.LogInAsync(Other);
        await other.GotoAsync("/rooms/micro-credentials");
        await other.LivingAsync();
        await Assertions.Expect(other.Locator(".composer-closed")).ToContainTextAsync("This room is for announcements");
        await other.Message("New dates in May").OpenMenuAsync();
        await other.Locator($"#m-{seq} .message-reacts button").First.ClickAsync();
        await Assertions.Expect(other.Locator($"#m-{seq} .reaction")).ToHaveCountAsync(1);
    }
}
