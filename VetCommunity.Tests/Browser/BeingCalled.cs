using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using MimeKit;
using Xunit;

namespace VetCommunity.Tests.Browser;

public partial class BeingCalled(Chromium chromium) : IClassFixture<Chromium>
{
    static ILocator Bell(IPage page) => page.Locator(".site-bell [data-notices]");

    static ILocator Rows(IPage page, string text) => page.Locator(".call-row", new() { HasText = text });

    static Task ExpectNumberAsync(IPage page, int number) => number == 0
        ? Assertions.Expect(Bell(page)).ToBeHiddenAsync()
        : Assertions.Expect(Bell(page).Locator("[aria-hidden]")).ToHaveTextAsync(number.ToString(CultureInfo.InvariantCulture));

    async Task<IPage> WithNothingUnreadAsync(string email, bool script = true)
    {
        var page = await chromium.LogInAsync(email, script);
        await page.GotoAsync("/notices");
        var all = page.GetByRole(AriaRole.Button, new() { Name = "Mark all as read" });
        if (await all.IsVisibleAsync())
        {
            await all.ClickAsync();
            await Assertions.Expect(all).ToHaveCountAsync(0);
        }
        return page;
    }

    [Fact]
    public async Task A_mention_rings_on_every_page_and_reading_it_on_one_quiets_the_other()
    {
        var page = await WithNothingUnreadAsync("member2@demo.example");
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/people");
        await ExpectNumberAsync(page, 0);
        await using var anna = await chromium.Community.ConnectAsync("member@demo.example");

        var seq = await anna.PostAsync("welcome", "A clamp for you, @stefan-grubmueller");

        await ExpectNumberAsync(other, 1);
        await Assertions.Expect(other.Locator(".bell-word")).ToHaveTextAsync("Elena Corradini mentioned you in ‘Welcome’");
        await Assertions.Expect(Rows(page, "A clamp for you")).ToHaveCountAsync(1);
        await Rows(page, "A clamp for you").GetByRole(AriaRole.Link, new() { Name = "Elena Corradini mentioned you" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex($"#m-{seq}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        await ExpectNumberAsync(other, 0);
        await other.GotoAsync("/notices");
        await Assertions.Expect(Rows(other, "A clamp for you")).ToHaveCountAsync(1);
        await Assertions.Expect(other.Locator(".call-row[data-unread]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_came_while_a_page_was_away_is_counted_when_it_comes_back()
    {
        var page = await chromium.LogInAsync("member6@demo.example");
        await page.GotoAsync("/rooms");
        await page.WaitForFunctionAsync("() => import('/js/hub.js').then(({ hub }) => hub.open)");
        var count = page.Locator("[data-unread-of=welcome] [aria-hidden]").First;
        var before = int.Parse((await count.TextContentAsync())!, CultureInfo.InvariantCulture);
        // As a phone does that puts a page away and takes it out again.
        await page.EvaluateAsync("() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
        await page.WaitForFunctionAsync("() => import('/js/hub.js').then(({ hub }) => !hub.open)");
        await using var anna = await chromium.Community.ConnectAsync("member@demo.example");
        await anna.PostAsync("welcome", "While you were away");
        Assert.Equal(before, int.Parse((await count.TextContentAsync())!, CultureInfo.InvariantCulture));

        await page.EvaluateAsync("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");

        await Assertions.Expect(count).ToHaveTextAsync((before + 1).ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task An_answer_rings_and_the_rooms_own_menu_silences_it()
    {
        var page = await WithNothingUnreadAsync("member3@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await page.SayAsync("Who has a spare vice?");
        var mine = await page.Message("Who has a spare vice?").GetAttributeAsync("data-seq");
        await page.GotoAsync("/people");
        await using var anna = await chromium.Community.ConnectAsync("member@demo.example");
        await AnswerAsync("I have one");
        await ExpectNumberAsync(page, 1);
        await Assertions.Expect(page.Locator(".bell-word")).ToHaveTextAsync("Elena Corradini answered you in ‘Welcome’");

        await page.GotoAsync("/rooms/welcome");
        await page.GetByLabel("Room menu").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Nothing" }).ClickAsync();
        await page.GetByLabel("Room menu").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Nothing" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GotoAsync("/notices/settings");
        await Assertions.Expect(page.GetByLabel("Welcome", new() { Exact = true })).ToHaveValueAsync("Nothing");
        await page.GotoAsync("/people");
        await AnswerAsync("And another one");
        await WriteAloneAsync("member4@demo.example", "nuria-casals", "Only between us");

        // What was written after it has arrived, and the silenced one has not.
        await Assertions.Expect(page.Locator(".bell-word", new() { HasText = "Davide Lonardi wrote to you" })).ToHaveCountAsync(1);
        await page.GotoAsync("/notices");
        await Assertions.Expect(Rows(page, "Only between us")).ToHaveCountAsync(1);
        await Assertions.Expect(Rows(page, "And another one")).ToHaveCountAsync(0);

        Task AnswerAsync(string text) => Microsoft.AspNetCore.SignalR.Client.HubConnectionExtensions.InvokeAsync(anna, "Post", new
        {
            conversation = "welcome",
            clientKey = Guid.NewGuid().ToString("N"),
            topic = (string?)null,
            markdown = text,
            replyToSeq = long.Parse(mine!, CultureInfo.InvariantCulture),
            attachments = (string[]?)null,
        });
    }

    [Fact]
    public async Task Without_script_the_list_is_read_and_the_settings_are_kept()
    {
        var page = await WithNothingUnreadAsync("member5@demo.example", script: false);
        await using var anna = await chromium.Community.ConnectAsync("member@demo.example");
        await anna.PostAsync("welcome", "A drill for you, @aylin-demir");
        await anna.PostAsync("welcome", "And a bit, @aylin-demir");
        await ReloadUntilAsync(page, Rows(page, "And a bit"));

        await Rows(page, "A drill for you").GetByRole(AriaRole.Button, new() { Name = "Mark as read" }).ClickAsync();
        await ExpectNumberAsync(page, 1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await page.GetByLabel("Mentions: by e-mail").UncheckAsync();
        await page.GetByLabel("Every message: by e-mail").CheckAsync();
        await page.GetByLabel("At most once an hour").CheckAsync();
        await page.GetByLabel("From").FillAsync("21:30");
        await page.GetByLabel("To", new() { Exact = true }).FillAsync("06:15");
        await page.GetByLabel("Welcome", new() { Exact = true }).SelectOptionAsync("All");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Your settings have been saved" })).ToBeVisibleAsync();
        await page.ReloadAsync();

        await Assertions.Expect(page.GetByLabel("Mentions: by e-mail")).Not.ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("Every message: by e-mail")).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("At most once an hour")).ToBeCheckedAsync();
        await Assertions.Expect(page.GetByLabel("From")).ToHaveValueAsync("21:30");
        await Assertions.Expect(page.GetByLabel("Welcome", new() { Exact = true })).ToHaveValueAsync("All");
    }

    [Fact]
    public async Task A_digest_leads_to_its_messages_and_its_link_stops_the_next_one_with_and_without_a_page()
    {
        await using var anna = await chromium.Community.ConnectAsync("member@demo.example");
        var seq = await anna.PostAsync("welcome", "A plane for you, @iker-olabarri");
        await anna.PostAsync("welcome", "A saw for you, @nikos-tsamouris");
        var reader = await chromium.LogInAsync("member6@demo.example");
        await reader.GotoAsync("/notices");
        await ReloadUntilAsync(reader, Rows(reader, "A plane for you"));
        DigestsAreDueNow();
        var mail = await MailAsync("member6@demo.example");
        var theirs = await MailAsync("member7@demo.example");

        Assert.Contains("A plane for you", mail.TextBody, StringComparison.Ordinal);
        var link = LinkPattern().Matches(mail.HtmlBody!).Select(match => WebUtility.HtmlDecode(match.Groups["address"].Value)).Single(address => address.EndsWith($"/messages/{seq}", StringComparison.Ordinal));
        await reader.GotoAsync(link);
        await Assertions.Expect(reader.Message("A plane for you")).ToHaveCountAsync(1);

        // A mail program: no cookie, no token, one click.
        Assert.Equal("List-Unsubscribe=One-Click", mail.Headers["List-Unsubscribe-Post"]);
        var address = mail.Headers["List-Unsubscribe"]!.Trim('<', '>');
        using var program = new HttpClient();
        var cancel = TestContext.Current.CancellationToken;
        (await program.GetAsync(new Uri(address), cancel)).EnsureSuccessStatusCode();
        await reader.GotoAsync("/notices/settings");
        await Assertions.Expect(reader.GetByText("The e-mails have been stopped")).ToHaveCountAsync(0);
        using var click = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        (await program.PostAsync(new Uri(address), click, cancel)).EnsureSuccessStatusCode();
        await reader.ReloadAsync();
        await Assertions.Expect(reader.GetByText("The e-mails have been stopped")).ToHaveCountAsync(1);

        // A person without a login, in whatever browser.
        var visitor = await chromium.NewPageAsync(script: false);
        await visitor.GotoAsync(theirs.Headers["List-Unsubscribe"]!.Trim('<', '>'));
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Stop the digests" }).ClickAsync();
        await Assertions.Expect(visitor.GetByRole(AriaRole.Heading, new() { Name = "The digests are stopped" })).ToBeVisibleAsync();
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Let them come again" }).ClickAsync();
        await Assertions.Expect(visitor.GetByRole(AriaRole.Button, new() { Name = "Stop the digests" })).ToBeVisibleAsync();
        Assert.Equal(404, (await visitor.GotoAsync("/notices/stop?code=forged"))!.Status);
    }

    async Task WriteAloneAsync(string who, string to, string text)
    {
        var page = await chromium.LogInAsync(who);
        await page.GotoAsync("/people/" + to);
        await page.Locator("form[action$='/talk'] button").ClickAsync();
        await page.ArriveAsync("**/conversations/*");
        await page.SayAsync(text);
    }

    static async Task ReloadUntilAsync(IPage page, ILocator there)
    {
        using var patience = new CancellationTokenSource(Patience.Enough);
        while (await there.CountAsync() == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            await page.ReloadAsync();
        }
    }

    void DigestsAreDueNow()
    {
        using var connection = new SqliteConnection($"Data Source={chromium.Community.DatabaseFile};Default Timeout=30;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        // Hourly ones are due at each full hour, and so at the last one too.
        command.CommandText = """UPDATE "NoticeSettings" SET "Rhythm" = 2, "DigestedAt" = 0, "NextDigestAt" = (CAST(strftime('%s', 'now') AS INTEGER) / 3600) * 3600000""";
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    async Task<MimeMessage> MailAsync(string to)
    {
        using var patience = new CancellationTokenSource(Patience.Enough);
        while (true)
        {
            var outbox = Path.Combine(chromium.Community.DataFolder, "outbox");
            foreach (var file in Directory.Exists(outbox) ? Directory.GetFiles(outbox, "*.eml") : [])
            {
                var mail = await MimeMessage.LoadAsync(file, patience.Token);
                if (mail.To.Mailboxes.Any(one => one.Address == to))
                    return mail;
            }
            await Task.Delay(100, patience.Token);
        }
    }

    [GeneratedRegex("href=\"(?<address>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkPattern();
}
