using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class AskingTheRoomInTheBrowser(Chromium chromium) : IClassFixture<Chromium>
{
    const string Asker = "member@demo.example";
    const string Other = "member2@demo.example";
    const string Third = "member3@demo.example";

    static ILocator PollOf(IPage page, string question) => page.Message(question).Locator(".poll");

    // With Enter, as with the button below it.
    static async Task EnterAsync(IPage page, string question, string option)
    {
        await PollOf(page, question).GetByLabel(option, new() { Exact = true }).CheckAsync();
        await PollOf(page, question).GetByLabel(option, new() { Exact = true }).PressAsync("Enter");
        await Assertions.Expect(PollOf(page, question).GetByRole(AriaRole.Button, new() { Name = "Change my vote" })).ToBeVisibleAsync();
    }

    static async Task VoteAsync(IPage page, string question, string option)
    {
        await PollOf(page, question).GetByLabel(option, new() { Exact = true }).CheckAsync();
        await PollOf(page, question).GetByRole(AriaRole.Button, new() { Name = "Vote", Exact = true }).ClickAsync();
        await Assertions.Expect(PollOf(page, question).GetByRole(AriaRole.Button, new() { Name = "Change my vote" })).ToBeVisibleAsync();
    }

    async Task<long> AskAsync(string question, bool secret = false, string results = "atOnce", string[]? options = null)
    {
        await using var asking = await chromium.Community.ConnectAsync(Asker);
        var asked = await asking.InvokeAsync<JsonElement>("Post", new
        {
            conversation = "welcome",
            clientKey = question,
            topic = (string?)null,
            markdown = question,
            replyToSeq = (long?)null,
            attachments = (string[]?)null,
            poll = new { options = options ?? ["Monday", "Friday"], several = false, secret, results, endsAt = (DateTimeOffset?)null },
        });
        return asked.GetProperty("seq").GetInt64();
    }

    async Task<IPage> WatchAsync(string who)
    {
        var page = await chromium.LogInAsync(who);
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        return page;
    }

    [Fact]
    public async Task A_poll_is_made_with_what_was_typed_and_both_voters_see_the_result_at_once()
    {
        var asker = await WatchAsync(Asker);
        var other = await WatchAsync(Other);
        await asker.Composer().FillAsync("Which evening for the weld test?");
        await asker.GetByLabel("More ways to write").ClickAsync();
        await asker.GetByRole(AriaRole.Button, new() { Name = "Poll…" }).ClickAsync();
        await Assertions.Expect(asker.GetByLabel("Question")).ToHaveValueAsync("Which evening for the weld test?");
        await Assertions.Expect(asker.GetByLabel("Option 3")).ToBeHiddenAsync();
        await asker.GetByLabel("Option 1").First.FillAsync("Monday");
        await asker.GetByLabel("Option 2").FillAsync("monday");
        await asker.GetByLabel("Option 3").FillAsync("Friday");
        await asker.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await Assertions.Expect(asker.GetByRole(AriaRole.Alert)).ToContainTextAsync("‘monday’ is there twice");
        await Assertions.Expect(asker.GetByLabel("Option 3")).ToHaveValueAsync("Friday");
        await asker.GetByLabel("Option 2").FillAsync("Tuesday");
        await asker.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();
        await asker.LivingAsync();
        await Assertions.Expect(asker.Composer()).ToHaveValueAsync("");

        const string Question = "Which evening for the weld test?";
        await VoteAsync(asker, Question, "Friday");
        await EnterAsync(other, Question, "Friday");
        foreach (var page in (IPage[])[asker, other])
        {
            await Assertions.Expect(PollOf(page, Question)).ToContainTextAsync("2 people have voted");
            await Assertions.Expect(PollOf(page, Question).Locator(".poll-option", new() { HasText = "Friday" })).ToContainTextAsync("2 votes · 100%");
            await Assertions.Expect(PollOf(page, Question).Locator(".poll-option", new() { HasText = "Friday" })).ToContainTextAsync("Elena Corradini, Stefan Grubmüller");
            await Assertions.Expect(page.Locator(".poll-heard")).ToHaveTextAsync("Your vote is counted");
        }
        await other.ReloadAsync();
        await Assertions.Expect(PollOf(other, Question).GetByLabel("Friday", new() { Exact = true })).ToBeCheckedAsync();
        await other.LivingAsync();
        await PollOf(other, Question).GetByRole(AriaRole.Button, new() { Name = "Take my vote back" }).ClickAsync();
        await Assertions.Expect(PollOf(asker, Question)).ToContainTextAsync("1 person has voted");
        await Assertions.Expect(PollOf(other, Question).GetByLabel("Friday", new() { Exact = true })).Not.ToBeCheckedAsync();

        await asker.ChooseAsync(Question, "End the poll");
        await asker.GetByRole(AriaRole.Button, new() { Name = "End it for everybody?" }).ClickAsync();
        foreach (var page in (IPage[])[asker, other])
        {
            await Assertions.Expect(PollOf(page, Question).GetByRole(AriaRole.List, new() { Name = "Result" })).ToBeVisibleAsync();
            await Assertions.Expect(PollOf(page, Question).GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        }
        await Assertions.Expect(PollOf(asker, Question).GetByText("Your choice")).ToHaveCountAsync(3);
        await Assertions.Expect(PollOf(asker, Question).Locator(".poll-mine:visible")).ToHaveCountAsync(1);
        await Assertions.Expect(PollOf(other, Question).Locator(".poll-mine:visible")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_is_choosing_keeps_the_choice_and_the_place_while_others_vote()
    {
        const string Question = "Who chooses slowly?";
        await AskAsync(Question);
        var slow = await WatchAsync(Other);
        await PollOf(slow, Question).GetByLabel("Friday", new() { Exact = true }).CheckAsync();
        await slow.EvaluateAsync("question => { window.held = document.activeElement }", Question);
        await using var quick = await chromium.Community.ConnectAsync(Third);
        var seq = long.Parse((await PollOf(slow, Question).GetAttributeAsync("data-poll"))!, System.Globalization.CultureInfo.InvariantCulture);
        await quick.InvokeAsync("Vote", new { conversation = "welcome", seq, choices = new[] { 1 } });
        await Assertions.Expect(PollOf(slow, Question)).ToContainTextAsync("1 person has voted");
        await Assertions.Expect(PollOf(slow, Question).GetByLabel("Friday", new() { Exact = true })).ToBeCheckedAsync();
        Assert.True(await slow.EvaluateAsync<bool>("() => document.activeElement === window.held && window.held.isConnected && window.held.value === '2'"));
    }

    [Fact]
    public async Task A_secret_vote_stands_in_nobodys_page_and_in_no_answer_of_the_hub()
    {
        const string Question = "Is the canteen any good?";
        var seq = await AskAsync(Question, secret: true);
        await using var program = await chromium.Community.ConnectAsync(Third);
        List<string> heard = [];
        program.On<JsonElement>("PollChanged", told => heard.Add(told.GetRawText()));
        await program.InvokeAsync<JsonElement>("Open", "welcome", null, "json");
        var voter = await WatchAsync(Other);
        var watcher = await WatchAsync("member4@demo.example");
        await VoteAsync(voter, Question, "Friday");
        await Assertions.Expect(PollOf(watcher, Question)).ToContainTextAsync("1 vote · 100%");

        var changed = await program.InvokeAsync<JsonElement>("Changes", "welcome", 0L, "json");
        var opened = await program.InvokeAsync<JsonElement>("Open", "welcome", seq - 1, "json");
        var mine = await program.InvokeAsync<JsonElement>("MyPoll", "welcome", seq);
        var poll = opened.GetProperty("messages")[0].GetProperty("poll");
        Assert.Equal(1, poll.GetProperty("options")[1].GetProperty("votes").GetInt32());
        var pages = await Task.WhenAll(watcher.Message(Question).EvaluateAsync<string>("message => message.outerHTML"), SourceAsync(watcher, seq), SourceAsync(await WatchAsync("admin@demo.example"), seq));
        foreach (var told in (string[])[poll.GetRawText(), mine.GetRawText(), .. pages, .. heard,
            .. changed.GetProperty("events").EnumerateArray().Where(one => one.GetProperty("seq").GetInt64() == seq).Select(one => one.GetRawText())])
        {
            Assert.DoesNotContain("stefan-grubmueller", told, StringComparison.Ordinal);
            Assert.DoesNotContain("Grubmüller", told, StringComparison.Ordinal);
            Assert.DoesNotContain("data-chosen", told, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_result_for_voters_comes_to_voters_alone_until_the_end()
    {
        const string Question = "How many really finish?";
        await AskAsync(Question, results: "afterVote");
        var voter = await WatchAsync(Other);
        var watcher = await WatchAsync(Third);
        await VoteAsync(voter, Question, "Monday");
        await Assertions.Expect(PollOf(voter, Question)).ToContainTextAsync("1 vote · 100%");
        await Assertions.Expect(PollOf(watcher, Question)).ToContainTextAsync("1 person has voted");
        await Assertions.Expect(PollOf(watcher, Question)).ToContainTextAsync("The result is shown when you have voted");
        Assert.DoesNotContain("Grubmüller", await PollOf(watcher, Question).InnerHTMLAsync(), StringComparison.Ordinal);

        await VoteAsync(watcher, Question, "Friday");
        await Assertions.Expect(PollOf(watcher, Question)).ToContainTextAsync("Stefan Grubmüller");
        await Assertions.Expect(PollOf(voter, Question)).ToContainTextAsync("2 people have voted");
        await Assertions.Expect(PollOf(voter, Question)).ToContainTextAsync("1 vote · 100%");
        await PollOf(voter, Question).GetByRole(AriaRole.Link, new() { Name = "Current result" }).ClickAsync();
        await Assertions.Expect(PollOf(voter, Question).Locator(".poll-option", new() { HasText = "Friday" })).ToContainTextAsync("1 vote · 50%");
        await voter.ReloadAsync();
        await Assertions.Expect(PollOf(voter, Question).Locator(".poll-option", new() { HasText = "Friday" })).ToContainTextAsync("1 vote · 50%");
    }

    [Fact]
    public async Task Without_script_one_asks_votes_and_is_led_back_to_the_message()
    {
        const string Question = "Chalk or marker?";
        var page = await chromium.LogInAsync(Other, script: false);
        await page.GotoAsync("/rooms/welcome/introductions");
        await page.Composer().FillAsync(Question);
        await page.GetByLabel("More ways to write").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Poll…" }).ClickAsync();
        await Assertions.Expect(page.Locator("form #topic")).ToHaveValueAsync("Introductions");
        await Assertions.Expect(page.GetByLabel("Question")).ToHaveValueAsync(Question);
        await page.GetByLabel("Option 1").First.FillAsync("Chalk");
        await page.GetByLabel("Option 2").FillAsync("Marker");
        await page.GetByRole(AriaRole.Radio, new() { Name = "After one’s own vote" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask" }).ClickAsync();

        await PollOf(page, Question).GetByRole(AriaRole.Button, new() { Name = "Vote", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Please choose an option");
        await PollOf(page, Question).GetByLabel("Marker", new() { Exact = true }).CheckAsync();
        // Enter in a choice must not press some other button of the page: it does nothing, and the choice is made once more.
        await PollOf(page, Question).GetByLabel("Marker", new() { Exact = true }).PressAsync("Enter");
        await Assertions.Expect(PollOf(page, Question)).ToContainTextAsync("Nobody has voted yet");
        await Assertions.Expect(PollOf(page, Question).GetByLabel("Marker", new() { Exact = true })).Not.ToBeCheckedAsync();
        await PollOf(page, Question).GetByLabel("Marker", new() { Exact = true }).CheckAsync();
        await PollOf(page, Question).GetByRole(AriaRole.Button, new() { Name = "Vote", Exact = true }).ClickAsync();
        await page.ArriveAsync("**/rooms/welcome#m-*");
        await Assertions.Expect(PollOf(page, Question)).ToContainTextAsync("1 vote · 100%");
        await Assertions.Expect(PollOf(page, Question).GetByLabel("Marker", new() { Exact = true })).ToBeCheckedAsync();
        await PollOf(page, Question).GetByRole(AriaRole.Link, new() { Name = "Who chose what" }).ClickAsync();
        await Assertions.Expect(page.Locator(".poll-voters")).ToContainTextAsync("Stefan Grubmüller");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take my vote back" }).ClickAsync();
        await Assertions.Expect(page.Locator(".poll")).ToContainTextAsync("The result is shown when you have voted");
    }

    static Task<string> SourceAsync(IPage page, long seq) => page.EvaluateAsync<string>(
        "async seq => (await (await fetch('/rooms/welcome/polls/' + seq)).text()).match(/<main[^]*<\\/main>/)[0] + new DOMParser().parseFromString(await (await fetch('/rooms/welcome')).text(), 'text/html').getElementById('m-' + seq).outerHTML", seq);
}
