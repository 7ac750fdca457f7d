using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class ReadingARoom(Chromium chromium) : IClassFixture<Chromium>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Earlier_messages_come_above_without_moving_what_one_reads()
    {
        await ImportAsync("long-talk", 130);
        var page = await chromium.LogInAsync("member@demo.example");
        await page.GotoAsync("/rooms/long-talk");
        await page.LivingAsync();
        await page.Log().EvaluateAsync("log => log.scrollTop = 0");
        var top = page.Log().Locator("article[data-seq]").First;
        var seen = await top.GetAttributeAsync("id");
        var before = (await top.BoundingBoxAsync())!.Y;

        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier messages" }).ClickAsync();
        await Assertions.Expect(page.Log().Locator("article[data-seq]")).ToHaveCountAsync(100);

        Assert.InRange((await page.Locator("#" + seen).BoundingBoxAsync())!.Y, before - 2, before + 2);
        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier messages" }).ClickAsync();
        await Assertions.Expect(page.Log().Locator("article[data-seq]")).ToHaveCountAsync(130);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Earlier messages" })).ToHaveCountAsync(0);
        Assert.Equal(Enumerable.Range(1, 130).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            await page.Log().Locator("article[data-seq]").EvaluateAllAsync<string[]>("all => all.map(a => a.dataset.seq)"));
        Assert.EndsWith("/rooms/long-talk", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happens_to_an_earlier_message_while_it_is_on_its_way_is_seen_in_it()
    {
        await ImportAsync("moving-talk", 60);
        var page = await chromium.LogInAsync("member@demo.example");
        await page.GotoAsync("/rooms/moving-talk");
        await page.GetByRole(AriaRole.Button, new() { Name = "Join the room" }).ClickAsync();
        await Assertions.Expect(page.Composer()).ToBeVisibleAsync();
        await page.LivingAsync();
        await using var beside = await chromium.Community.ConnectAsync("member@demo.example");
        var (read, late) = (new TaskCompletionSource(), new TaskCompletionSource());
        await page.RouteAsync("**/rooms/moving-talk?*", async route =>
        {
            var answer = await route.FetchAsync();
            read.SetResult();
            await late.Task;
            await route.FulfillAsync(new() { Response = answer });
        });

        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier messages" }).ClickAsync();
        await read.Task;
        await beside.InvokeAsync("React", new { conversation = "moving-talk", seq = 7, emoji = "👍", on = true }, Cancel);
        // What comes after it has arrived, so it has too.
        await beside.PostAsync("moving-talk", "After that");
        await Assertions.Expect(page.Message("After that")).ToHaveCountAsync(1);
        late.SetResult();

        await Assertions.Expect(page.Message("This is number 1.")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Message("This is number 7.").Locator(".reaction")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Without_script_the_earlier_messages_are_a_page()
    {
        await ImportAsync("plain-talk", 60);
        var page = await chromium.LogInAsync("member@demo.example", script: false);
        await page.GotoAsync("/rooms/plain-talk");

        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier messages" }).ClickAsync();

        await Assertions.Expect(page.Message("This is number 10.")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Message("This is number 11.")).ToHaveCountAsync(0);
        // What one can do with one of them is there too, for whoever belongs to the room.
        await ReactAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Join");
        await page.GetByRole(AriaRole.Link, new() { Name = "Newest messages" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Join the room" }).ClickAsync();
        await Assertions.Expect(page.Composer()).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Earlier messages" }).ClickAsync();
        await ReactAsync();
        await Assertions.Expect(page.Message("This is number 7.").Locator(".reaction")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Newest messages" }).ClickAsync();
        await Assertions.Expect(page.Message("This is number 60.")).ToHaveCountAsync(1);

        async Task ReactAsync()
        {
            await page.OpenMenuWithoutScriptAsync("This is number 7.");
            await page.Message("This is number 7.").Locator(".message-reacts button").First.ClickAsync();
        }
    }

    [Fact]
    public async Task Who_reads_above_is_not_pulled_down_but_told_how_many_came()
    {
        var page = await chromium.LogInAsync("member2@demo.example");
        await using var other = await chromium.Community.ConnectAsync("member3@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        await page.Log().EvaluateAsync("log => log.scrollTop = 0");
        var jump = page.GetByRole(AriaRole.Button, new() { Name = "new message" });
        await Assertions.Expect(jump).ToHaveCountAsync(0);

        await other.PostAsync("welcome", "The first below");
        await Assertions.Expect(jump).ToHaveTextAsync("1 new message");
        await other.PostAsync("welcome", "The second below");
        await Assertions.Expect(jump).ToHaveTextAsync("2 new messages");

        Assert.Equal(0, await page.Log().EvaluateAsync<int>("log => log.scrollTop"));
        await jump.ClickAsync();
        await Assertions.Expect(page.Message("The first below")).ToBeInViewportAsync();
        await Assertions.Expect(jump).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_room_opens_at_the_first_unread_message_and_what_was_seen_counts_as_read()
    {
        // Nobody else's page of this test run is this member's.
        var page = await chromium.LogInAsync("member8@demo.example");
        await page.GotoAsync("/rooms");
        var second = await page.Context.NewPageAsync();
        await second.GotoAsync("/rooms/welcome");
        await second.LivingAsync();
        await second.Log().EvaluateAsync("log => log.scrollTop = log.scrollHeight");
        var count = page.Locator("[data-unread-of=welcome]");
        await Assertions.Expect(count).ToBeHiddenAsync();
        await second.GotoAsync("/people");
        await using var other = await chromium.Community.ConnectAsync("member3@demo.example");
        for (var n = 1; n <= 70; n++)
            await other.PostAsync("welcome", $"While you were away, {n} of them, and this one is long enough to fill a line or two of the log on a screen of this width.");
        await Assertions.Expect(count).ToHaveTextAsync("7070 unread");

        await second.GotoAsync("/rooms/welcome");

        await Assertions.Expect(second.GetByText("New since your last visit")).ToBeInViewportAsync();
        await Assertions.Expect(second.Message("While you were away, 1 of them")).ToBeInViewportAsync();
        await Assertions.Expect(second.Message("While you were away, 70 of them")).Not.ToBeInViewportAsync();
        await Assertions.Expect(count).Not.ToHaveTextAsync("7070 unread");
        await Assertions.Expect(second.Locator("[data-unread-topic]:visible")).ToHaveCountAsync(1);
        await Assertions.Expect(count).ToBeVisibleAsync();
        await second.Log().EvaluateAsync("log => log.scrollTop = log.scrollHeight");
        await Assertions.Expect(count).ToBeHiddenAsync();
        await Assertions.Expect(second.Locator("[data-unread-topic]:visible")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_new_elsewhere_shows_on_every_page_without_a_reload()
    {
        var page = await chromium.LogInAsync("member5@demo.example");
        await page.GotoAsync("/");
        var me = await page.Locator("community-bell").GetAttributeAsync("data-me");
        await using var other = await chromium.Community.ConnectAsync("member3@demo.example");

        var seq = await other.PostAsync("welcome", $"What does @{me} think?");

        var notice = page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Link);
        await Assertions.Expect(notice).ToContainTextAsync("mentioned you in ‘Welcome’");
        await Assertions.Expect(page.Locator("[data-unread-of=welcome]")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).Locator(".count")).ToBeVisibleAsync();
        await notice.ClickAsync();
        await Assertions.Expect(page.Locator($"#m-{seq}")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Those_who_type_are_named_until_they_have_sent_it()
    {
        var page = await chromium.LogInAsync("member2@demo.example");
        var anna = await chromium.LogInAsync("member3@demo.example");
        var bruno = await chromium.LogInAsync("member4@demo.example");
        foreach (var each in (IPage[])[page, anna, bruno])
        {
            await each.GotoAsync("/rooms/welcome");
            await each.LivingAsync();
        }
        await anna.SayAsync("Here I am");
        await bruno.SayAsync("Me too");
        var (first, second) = (await NameAsync(anna), await NameAsync(bruno));

        using var seen = new CancellationTokenSource();
        var typing = GoOnTypingAsync(anna.Composer(), seen.Token);
        await Assertions.Expect(page.Locator(".typing")).ToHaveTextAsync($"{first} is writing");
        await bruno.Composer().PressSequentiallyAsync("I think");
        await Assertions.Expect(page.Locator(".typing")).ToHaveTextAsync($"{first} and {second} are writing");
        await Assertions.Expect(bruno.Locator(".typing")).ToHaveTextAsync($"{first} is writing");
        await bruno.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator(".typing")).ToHaveTextAsync($"{first} is writing");
        await seen.CancelAsync();
        await typing;

        static async Task GoOnTypingAsync(ILocator composer, CancellationToken end)
        {
            while (!end.IsCancellationRequested)
                await composer.PressSequentiallyAsync("words ", new() { Delay = 200 });
        }
    }

    [Fact]
    public async Task Going_from_room_to_room_never_shows_a_message_in_the_wrong_one()
    {
        await ImportAsync("one-side", 3);
        await ImportAsync("other-side", 3);
        // Pages that come back from the browser's memory are part of it.
        await using var browser = await chromium.LaunchAsync("--disable-back-forward-cache");
        var page = await chromium.LogInAsync("member@demo.example", browser: browser);
        await using var other = await chromium.Community.ConnectAsync("member2@demo.example");
        foreach (var room in (string[])["one-side", "other-side"])
        {
            await page.GotoAsync("/rooms/" + room);
            await page.GetByRole(AriaRole.Button, new() { Name = "Join the room" }).ClickAsync();
            await Assertions.Expect(page.Composer()).ToBeVisibleAsync();
        }
        var member = await chromium.LogInAsync("member2@demo.example");
        foreach (var room in (string[])["one-side", "other-side"])
        {
            await member.GotoAsync("/rooms/" + room);
            await member.GetByRole(AriaRole.Button, new() { Name = "Join the room" }).ClickAsync();
            await Assertions.Expect(member.Composer()).ToBeVisibleAsync();
        }
        await page.GotoAsync("/rooms/one-side");
        await page.LivingAsync();
        await page.Composer().FillAsync("half a word for one side");
        await page.GotoAsync("/rooms/other-side");
        await page.LivingAsync();
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("");
        await other.PostAsync("one-side", "Said on one side");
        await other.PostAsync("other-side", "Said on the other side");
        await Assertions.Expect(page.Message("Said on the other side")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Message("Said on one side")).ToHaveCountAsync(0);

        await page.GoBackAsync();
        await Assertions.Expect(page.Message("Said on one side")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Message("Said on the other side")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("half a word for one side");
        await other.PostAsync("other-side", "More on the other side");
        await page.SayAsync("My word on one side");
        await page.GoForwardAsync();

        await Assertions.Expect(page.Message("More on the other side")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Message("one side")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Composer()).ToHaveValueAsync("");
    }

    static async Task<string> NameAsync(IPage page) => await page.Log().Locator("article[data-mine] .message-author").Last.InnerTextAsync();

    async Task ImportAsync(string room, int messages)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, messages).Select(n =>
            $$"""{"at":"2026-01-{{1 + (n / 60):00}}T09:{{n % 60:00}}:00Z","author":"Somebody","text":"This is number {{n}}.\n\nIt has a second paragraph."}"""), Cancel);
        await chromium.Community.VerbAsync("import", "room", room, file);
        File.Delete(file);
    }
}
