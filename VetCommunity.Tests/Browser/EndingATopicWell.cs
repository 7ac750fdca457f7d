using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class EndingATopicWell(Chromium chromium) : IClassFixture<Chromium>
{
    const string Other = "member2@demo.example";
    const string Moderator = "moderator@demo.example";

    static ILocator ListOf(IPage page) => page.GetByRole(AriaRole.Navigation, new() { Name = "Topics" });

    static ILocator HeadOf(IPage page) => page.Locator(".topic-head");

    async Task BeginAsync(string topic, params string[] texts)
    {
        await using var asking = await chromium.Community.ConnectAsync("member@demo.example");
        foreach (var text in texts)
            await asking.PostAsync("welcome", text, topic);
    }

    [Fact]
    public async Task Who_asked_resolves_and_every_open_page_sees_it_sink_and_come_back()
    {
        await BeginAsync("Which visor", "Which visor for a left-handed apprentice?");
        var asker = await chromium.LogInAsync("member@demo.example");
        var other = await chromium.LogInAsync(Other);
        await asker.GotoAsync("/rooms/welcome/which-visor");
        await other.GotoAsync("/rooms/welcome/which-visor");
        await other.LivingAsync();
        await Assertions.Expect(HeadOf(other).GetByRole(AriaRole.Link, new() { Name = "Resolve…" })).ToHaveCountAsync(0);

        await HeadOf(asker).GetByRole(AriaRole.Link, new() { Name = "Resolve…" }).ClickAsync();
        await asker.GetByRole(AriaRole.Radio, new() { Name = "Course gap" }).CheckAsync();
        await asker.GetByRole(AriaRole.Button, new() { Name = "Resolve the topic" }).ClickAsync();
        await Assertions.Expect(asker.GetByRole(AriaRole.Alert)).ToContainTextAsync("Say in one sentence");
        await Assertions.Expect(asker.GetByRole(AriaRole.Radio, new() { Name = "Course gap" })).ToBeCheckedAsync();
        await asker.GetByLabel("In one sentence").FillAsync("No course shows left-handed welding");
        await asker.GetByRole(AriaRole.Button, new() { Name = "Resolve the topic" }).ClickAsync();

        foreach (var page in (IPage[])[asker, other])
        {
            await Assertions.Expect(HeadOf(page)).ToContainTextAsync("No course shows left-handed welding");
            await Assertions.Expect(HeadOf(page)).ToContainTextAsync("Resolved by Elena Corradini");
            await Assertions.Expect(ListOf(page).Locator("details.topics-resolved").GetByRole(AriaRole.Link, new() { Name = "Which visor" })).ToBeVisibleAsync();
        }
        await asker.LivingAsync();
        await other.SayAsync("I have a spare one");
        await Assertions.Expect(HeadOf(asker)).ToContainTextAsync("1 message has been written since");
        await Assertions.Expect(ListOf(asker).Locator("details.topics-resolved")).ToContainTextAsync("Which visor");
        await other.ReloadAsync();
        await Assertions.Expect(HeadOf(other)).ToContainTextAsync("1 message has been written since");
        await other.LivingAsync();

        await asker.GotoAsync("/outcomes?outcome=CourseGap");
        await asker.GetByRole(AriaRole.Link, new() { Name = "Which visor" }).ClickAsync();
        await HeadOf(asker).GetByRole(AriaRole.Button, new() { Name = "Reopen" }).ClickAsync();
        await Assertions.Expect(HeadOf(other).Locator(".topic-end")).ToHaveCountAsync(0);
        // Other topics of the room may stay resolved.
        await Assertions.Expect(ListOf(other).Locator("details.topics-resolved").GetByRole(AriaRole.Link, new() { Name = "Which visor" })).ToHaveCountAsync(0);
        await Assertions.Expect(ListOf(other).GetByRole(AriaRole.Link, new() { Name = "Which visor" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_new_name_and_a_merge_take_open_pages_along_and_old_links_work()
    {
        await BeginAsync("Wire feed", "Which wire?", "And how fast?");
        var reader = await chromium.LogInAsync(Other);
        var moderator = await chromium.LogInAsync(Moderator);
        await reader.GotoAsync("/rooms/welcome/wire-feed");
        await reader.LivingAsync();
        await reader.Composer().FillAsync("Half a sentence");
        await moderator.GotoAsync("/rooms/welcome/wire-feed");

        await HeadOf(moderator).GetByLabel("More for this topic").ClickAsync();
        await HeadOf(moderator).GetByRole(AriaRole.Link, new() { Name = "Rename…" }).ClickAsync();
        await moderator.GetByLabel("Name of the topic").FillAsync("Introductions");
        await moderator.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(moderator.GetByRole(AriaRole.Alert)).ToContainTextAsync("already has a topic ‘Introductions’");
        await moderator.GetByLabel("Name of the topic").FillAsync("Wire and speed");
        await moderator.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await reader.ArriveAsync("**/rooms/welcome/wire-and-speed");
        await Assertions.Expect(HeadOf(reader).GetByRole(AriaRole.Heading)).ToHaveTextAsync("Wire and speed");
        await Assertions.Expect(reader.Message("Which wire?")).ToHaveCountAsync(1);
        await Assertions.Expect(reader.Composer()).ToHaveValueAsync("Half a sentence");
        await reader.LivingAsync();

        await ChooseMoveAsync(moderator, "And how fast?");
        await moderator.GetByRole(AriaRole.Radio, new() { Name = "The whole topic" }).CheckAsync();
        await moderator.GetByLabel("To which topic").FillAsync("Small good news");
        await moderator.GetByRole(AriaRole.Button, new() { Name = "Move", Exact = true }).ClickAsync();
        await reader.ArriveAsync("**/rooms/welcome/small-good-news");
        await Assertions.Expect(reader.Message("Which wire?")).ToHaveCountAsync(1);
        await reader.GotoAsync("/rooms/welcome/wire-feed");
        await Assertions.Expect(reader).ToHaveURLAsync(new Uri(chromium.Community.Address, "/rooms/welcome/small-good-news").ToString());
    }

    [Fact]
    public async Task A_moved_message_leaves_one_page_and_comes_into_another_and_its_link_stays()
    {
        await BeginAsync("Gloves", "Which gloves?", "Where to park?");
        var reader = await chromium.LogInAsync(Other);
        var elsewhere = await chromium.LogInAsync("member3@demo.example");
        var author = await chromium.LogInAsync("member@demo.example");
        await reader.GotoAsync("/rooms/welcome/gloves");
        await elsewhere.GotoAsync("/rooms/welcome/looking-for-offering");
        await reader.LivingAsync();
        await elsewhere.LivingAsync();
        var place = await reader.Message("Where to park?").GetAttributeAsync("data-seq");
        await reader.Message("Where to park?").HoverAsync();
        await reader.Message("Where to park?").Locator("summary").ClickAsync();
        await Assertions.Expect(reader.Message("Where to park?").GetByRole(AriaRole.Link, new() { Name = "Move…" })).ToBeHiddenAsync();

        await author.GotoAsync("/rooms/welcome/gloves");
        await ChooseMoveAsync(author, "Where to park?");
        await author.GetByLabel("To which topic").FillAsync("Looking for, offering");
        await author.GetByRole(AriaRole.Button, new() { Name = "Move", Exact = true }).ClickAsync();

        await Assertions.Expect(reader.Message("Where to park?")).ToHaveCountAsync(0);
        await Assertions.Expect(reader.Message("Which gloves?")).ToHaveCountAsync(1);
        await Assertions.Expect(elsewhere.Message("Where to park?")).ToHaveCountAsync(1);
        await reader.GotoAsync($"/rooms/welcome/messages/{place}");
        await Assertions.Expect(reader.Message("Where to park?").Locator(".message-topic")).ToHaveTextAsync("Looking for, offering");
        Assert.Equal(404, (await reader.GotoAsync($"/rooms/welcome/messages/{place}/move"))!.Status);
    }

    [Fact]
    public async Task Followers_hear_a_word_elsewhere_and_who_muted_nothing()
    {
        await BeginAsync("Noise", "Who has a quiet compressor?");
        var follower = await chromium.LogInAsync("member4@demo.example");
        var silent = await chromium.LogInAsync("member5@demo.example");
        await follower.GotoAsync("/rooms/welcome/noise");
        await HeadOf(follower).GetByRole(AriaRole.Button, new() { Name = "Follow", Exact = true }).ClickAsync();
        await Assertions.Expect(HeadOf(follower).GetByRole(AriaRole.Button, new() { Name = "Following" })).ToBeVisibleAsync();
        await follower.LivingAsync();
        await silent.GotoAsync("/rooms/welcome/noise");
        await HeadOf(silent).GetByLabel("More for this topic").ClickAsync();
        await HeadOf(silent).GetByRole(AriaRole.Button, new() { Name = "Mute" }).ClickAsync();
        await Assertions.Expect(HeadOf(silent).GetByRole(AriaRole.Button, new() { Name = "Muted" })).ToBeVisibleAsync();
        // What is unread from before is read to the end, so that only what comes now counts.
        await using var reads = await chromium.Community.ConnectAsync("member4@demo.example");
        await using var reads5 = await chromium.Community.ConnectAsync("member5@demo.example");
        await Microsoft.AspNetCore.SignalR.Client.HubConnectionExtensions.InvokeAsync(reads, "MarkRead", "welcome", 999_999L, TestContext.Current.CancellationToken);
        await Microsoft.AspNetCore.SignalR.Client.HubConnectionExtensions.InvokeAsync(reads5, "MarkRead", "welcome", 999_999L, TestContext.Current.CancellationToken);
        await follower.GotoAsync("/rooms");
        await silent.GotoAsync("/rooms");

        await BeginAsync("Noise", "Nobody? @aylin-demir perhaps?");
        await Assertions.Expect(follower.Locator(".bell-word")).ToHaveTextAsync("Elena Corradini wrote in a topic you follow, in ‘Welcome’");
        await BeginAsync("Small good news", "@aylin-demir found one");

        var unread = silent.Locator("[data-unread-of=welcome] [aria-hidden]");
        await Assertions.Expect(unread).ToHaveTextAsync("1");
        await Assertions.Expect(silent.Locator(".bell-word")).ToHaveCountAsync(1);
        await Assertions.Expect(silent.Locator(".bell-word")).ToHaveTextAsync("Elena Corradini mentioned you in ‘Welcome’");
    }

    [Fact]
    public async Task Without_script_a_topic_is_followed_moved_resolved_and_taken_along()
    {
        await BeginAsync("Chalk", "Chalk or marker?", "Marker?");
        var page = await chromium.LogInAsync("member@demo.example", script: false);
        await page.GotoAsync("/rooms/welcome/chalk");
        await HeadOf(page).GetByRole(AriaRole.Button, new() { Name = "Following" }).ClickAsync();
        await Assertions.Expect(HeadOf(page).GetByRole(AriaRole.Button, new() { Name = "Follow", Exact = true })).ToBeVisibleAsync();

        await page.OpenMenuWithoutScriptAsync("Marker?");
        await page.Message("Marker?").Last.GetByRole(AriaRole.Link, new() { Name = "Move…" }).ClickAsync();
        await page.GetByLabel("To which topic").FillAsync("Markers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move", Exact = true }).ClickAsync();
        await Assertions.Expect(HeadOf(page).GetByRole(AriaRole.Heading)).ToHaveTextAsync("Markers");

        await HeadOf(page).GetByRole(AriaRole.Link, new() { Name = "Resolve…" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "No outcome" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resolve the topic" }).ClickAsync();
        await Assertions.Expect(HeadOf(page).Locator(".topic-end")).ToContainTextAsync("No outcome");

        await HeadOf(page).GetByLabel("More for this topic").ClickAsync();
        await HeadOf(page).GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "As a document" }).ClickAsync());
        Assert.Equal("welcome-markers.md", file.SuggestedFilename);
        var text = await File.ReadAllTextAsync(await file.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Contains("\n> Marker?\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Chalk", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outsider_finds_neither_topic_nor_outcome_nor_file_of_a_closed_room()
    {
        var keeper = await chromium.LogInAsync(Moderator);
        await keeper.GotoAsync("/rooms/board/two-complaints/resolve");
        await keeper.GetByRole(AriaRole.Radio, new() { Name = "Answered" }).CheckAsync();
        await keeper.GetByLabel("In one sentence").FillAsync("Both were answered in person");
        await keeper.GetByRole(AriaRole.Button, new() { Name = "Resolve the topic" }).ClickAsync();
        await keeper.GotoAsync("/outcomes");
        await Assertions.Expect(keeper.GetByText("Both were answered in person")).ToBeVisibleAsync();

        var outsider = await chromium.LogInAsync(Other);
        await outsider.GotoAsync("/outcomes");
        await Assertions.Expect(outsider.GetByText("Both were answered in person")).ToHaveCountAsync(0);
        await Assertions.Expect(outsider.GetByRole(AriaRole.Combobox, new() { Name = "Room" }).Locator("option", new() { HasText = "Board" })).ToHaveCountAsync(0);
        foreach (var address in (string[])["/rooms/board/two-complaints", "/rooms/board/two-complaints/export", "/rooms/board/export.md", "/rooms/board/topics?topic=two-complaints"])
            Assert.Equal(404, (await outsider.GotoAsync(address))!.Status);
    }

    static async Task ChooseMoveAsync(IPage page, string message)
    {
        await page.LivingAsync();
        await page.Message(message).HoverAsync();
        await page.Message(message).Locator("summary").ClickAsync();
        await page.Message(message).GetByRole(AriaRole.Link, new() { Name = "Move…" }).ClickAsync();
    }
}
