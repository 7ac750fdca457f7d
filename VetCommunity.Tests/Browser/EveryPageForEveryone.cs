using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using SkiaSharp;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Axe on every page, light and dark, on a phone, a tablet and a desk. A new page fails until it has a row in <see cref="Pages"/>.</summary>
public partial class EveryPageForEveryone(SeenPages seen) : IClassFixture<SeenPages>
{
    const string Visitor = "";
    const string Admin = "admin@demo.example";
    const string Member = "member@demo.example";
    static readonly int[] Widths = [360, 768, 1280];

    /// <summary>Route of the page, an address of it ({direct} and {edited} are made before), and who looks.</summary>
    static readonly (string Route, string Address, string Who)[] Pages =
    [
        ("/", "/", Visitor),
        ("/", "/", Member),
        ("/Account/Login", "/Account/Login", Visitor),
        ("/Account/Register", "/Account/Register", Visitor),
        ("/Account/Confirm", "/Account/Confirm", Visitor),
        ("/Account/Resend", "/Account/Resend", Visitor),
        ("/Account/ForgotPassword", "/Account/ForgotPassword", Visitor),
        ("/Account/ResetPassword", "/Account/ResetPassword", Visitor),
        ("/Account/Join/{Code}", "/Account/Join/there-is-none", Visitor),
        ("/Account/SetUp", "/Account/SetUp?code=there-is-none", Visitor),
        ("/Account/Security", "/Account/Security", Member),
        ("/Account/TwoFactor", "/Account/TwoFactor", Member),
        ("/Account/SecondStep", "/Account/SecondStep", Visitor),
        ("/Account/Profile", "/Account/Profile", Member),
        ("/Account/Delete", "/Account/Delete", Member),
        ("/Account/Export", "/Account/Export", Member),
        ("/privacy", "/privacy", Visitor),
        ("/privacy", "/privacy", Member),
        ("/status", "/there/is/no/such/page", Visitor),
        ("/status", "/there/is/no/such/page", Member),
        ("/people", "/people", Member),
        ("/people/{handle}", "/people/nikos-tsamouris", Member),
        ("/organisations", "/organisations", Visitor),
        ("/organisations/{slug}", "/organisations/{organisation}", Visitor),
        ("/organisations/new", "/organisations/new", Admin),
        ("/organisations/{slug}/edit", "/organisations/{organisation}/edit", Admin),
        ("/invitations", "/invitations", Admin),
        ("/admin", "/admin", Admin),
        ("/admin/members/{Handle}", "/admin/members/nikos-tsamouris", Admin),
        ("/admin/members/{Handle}/delete", "/admin/members/nikos-tsamouris/delete", Admin),
        ("/admin/log", "/admin/log", Admin),
        ("/rooms", "/rooms", Member),
        ("/rooms/new", "/rooms/new", Admin),
        ("/rooms/{Room}", "/rooms/welcome", Member),
        ("/rooms/{Room}", "/rooms/welcome?before=20", Member),
        ("/rooms/{Room}", "/rooms/welcome?reply={edited}", Admin),
        ("/rooms/{Room}", "/rooms/welcome?edit={edited}", Admin),
        ("/rooms/{Room}", "/rooms/there-is-none", Member),
        ("/rooms/{Room}/{TopicSlug}", "/rooms/welcome/introductions", Member),
        ("/rooms/{Room}/{TopicSlug}", "/rooms/micro-credentials/who-signs-who-answers-for-it", Admin),
        ("/rooms/{Room}/{TopicSlug}/resolve", "/rooms/welcome/introductions/resolve", Admin),
        ("/rooms/{Room}/{TopicSlug}/rename", "/rooms/welcome/introductions/rename", Admin),
        ("/rooms/{Room}/export", "/rooms/welcome/export", Member),
        ("/rooms/{Room}/{TopicSlug}/export", "/rooms/welcome/introductions/export", Member),
        ("/rooms/{Room}/messages/{Seq:long}/move", "/rooms/welcome/messages/{edited}/move", Admin),
        ("/rooms/{Room}/hours", "/rooms/prior-learning/hours", Member),
        ("/rooms/{Room}/hours", "/rooms/prior-learning/hours", Admin),
        ("/rooms/{Room}/hours/settings", "/rooms/prior-learning/hours/settings", Admin),
        ("/rooms/{Room}/settings", "/rooms/welcome/settings", Admin),
        ("/rooms/{Room}/retention", "/rooms/welcome/retention", Admin),
        ("/rooms/{Conversation}/messages/{Seq:long}/report", "/rooms/welcome/messages/{edited}/report", Member),
        ("/conversations/{Conversation}/messages/{Seq:long}/report", "/conversations/{direct}/messages/{said}/report", Admin),
        ("/moderation", "/moderation", Admin),
        ("/moderation", "/moderation?decided=true", Admin),
        ("/moderation/appeals", "/moderation/appeals", Admin),
        ("/moderation/{Conversation}/{Seq:long}", "/moderation/welcome/{rude}", Admin),
        ("/moderation/{Conversation}/{Seq:long}", "/moderation/welcome/{hidden}", Admin),
        ("/decisions", "/decisions", "member4@demo.example"),
        ("/decisions", "/decisions", Member),
        ("/decisions/{Id:int}", "/decisions/{statement}", "member4@demo.example"),
        ("/decisions/{Id:int}", "/decisions/1", Admin),
        ("/outcomes", "/outcomes", Member),
        ("/outcomes", "/outcomes?outcome=None&from=2020-01-01&to=2020-01-02", Member),
        ("/rooms/{Room}/practice", "/rooms/apprentices-stay/practice?topic=abschlussgesprach-welche-fragen", Admin),
        ("/rooms/{Room}/{TopicSlug}/resolutions", "/rooms/apprentices-stay/abschlussgesprach-welche-fragen/resolutions", Member),
        ("/practice-drafts", "/practice-drafts", Admin),
        ("/practice-drafts", "/practice-drafts", Member),
        ("/practice-drafts/{Id:int}", "/practice-drafts/1", "coordinator@demo.example"),
        ("/practice-drafts/{Id:int}", "/practice-drafts/1", "editor@demo.example"),
        ("/practice-drafts/{Id:int}/edit", "/practice-drafts/1/edit", "editor@demo.example"),
        ("/quotes", "/quotes", "counsellor@demo.example"),
        ("/quotes", "/quotes", Member),
        ("/rooms/{Room}/messages/{Seq:long}/translations", "/rooms/welcome/messages/{bridged}/translations", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/translations", "/rooms/welcome/messages/{bridged}/translations", Member),
        ("/rooms/{Room}/messages/{Seq:long}/translations/{To}", "/rooms/welcome/messages/{bridged}/translations/es", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/translations/{To}", "/rooms/welcome/messages/{bridged}/translations/el", Member),
        ("/bridging", "/bridging", Admin),
        ("/bridging", "/bridging?list=Asked", Member),
        ("/bridging", "/bridging?list=Done", Admin),
        ("/glossary", "/glossary", Admin),
        ("/glossary", "/glossary?q=nothingthatanybodysaid", Member),
        ("/glossary/{Id:int}", "/glossary/{term}", Admin),
        ("/glossary/{Id:int}", "/glossary/{term}", Member),
        ("/rooms/{Room}/webhooks", "/rooms/welcome/webhooks", Admin),
        ("/rooms/{Room}/webhooks/{Id:int}", "/rooms/welcome/webhooks/{webhook}", Admin),
        ("/rooms/{Room}/members", "/rooms/welcome/members", Admin),
        ("/rooms/{Room}/polls/new", "/rooms/welcome/polls/new?topic=Introductions", Member),
        ("/rooms/{Room}/polls/{Seq:long}", "/rooms/welcome/polls/{poll}", Member),
        ("/rooms/{Room}/polls/{Seq:long}", "/rooms/welcome/polls/{ended}", Admin),
        ("/scheduled", "/scheduled", Member),
        ("/scheduled", "/scheduled", Admin),
        ("/scheduled/new", "/scheduled/new?to=welcome", Member),
        ("/scheduled/{Id:int}", "/scheduled/{scheduled}", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/history", "/rooms/welcome/messages/{edited}/history", Admin),
        ("/rooms/{Room}/messages/{Seq:long}/language", "/rooms/welcome/messages/{edited}/language", Admin),
        ("/conversations/{Room}/messages/{Seq:long}/language", "/conversations/{direct}/messages/{said}/language", Admin),
        ("/notices", "/notices", Member),
        ("/notices", "/notices?before=1-1", Member),
        ("/notices/settings", "/notices/settings", Member),
        ("/notices/stop", "{stop}", Visitor),
        ("/search", "/search", Member),
        ("/search", "/search?q=the", Member),
        ("/search", "/search?q=nothingthatanybodysaid", Member),
        ("/search", "/search?q=before:yesterday", Member),
        ("/conversations/{Direct:int}", "/conversations/{direct}", Admin),
        ("/conversations/{Room}/messages/{Seq:long}/history", "/conversations/{direct}/messages/{said}/history", Admin),
    ];

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var (_, address, who) in Pages)
            rows.Add(address, who);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Axe_finds_nothing(string address, string who)
    {
        var page = await seen.PageAsync(who);
        await page.GotoAsync(seen.Fill(address));
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                // The answer may come before the page has its new width; half of each is no page at all.
                await page.WaitForFunctionAsync("look => innerWidth === look.width && matchMedia('(prefers-color-scheme: dark)').matches === look.dark",
                    new { width, dark = scheme == ColorScheme.Dark });
                var found = await Axe.FindAsync(page);

                Assert.True(found.Length == 0, $"{address} as {(who.Length == 0 ? "visitor" : who)}, {scheme}, {width} px:\n{found}");
            }
        }
    }

    [Theory]
    [InlineData("de")]
    [InlineData("el")]
    public async Task No_page_is_wider_than_a_phone_in_a_language_of_long_words(string language)
    {
        List<string> wide = [];
        foreach (var (who, pages) in Pages.GroupBy(page => page.Who, page => page.Address, StringComparer.Ordinal).Select(group => (group.Key, group)))
        {
            var page = await seen.PageAsync(who);
            await page.SetViewportSizeAsync(360, 800);
            await page.GotoAsync($"/language/{language}");
            foreach (var address in pages)
            {
                await page.GotoAsync(seen.Fill(address));
                Assert.Equal(language, await page.EvaluateAsync<string>("document.documentElement.lang"));
                var width = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                if (width > 360)
                    wide.Add(string.Create(CultureInfo.InvariantCulture, $"{address}: {width} px"));
            }
            await page.GotoAsync("/language/en");
        }

        Assert.Empty(wide);
    }

    [Fact]
    public void Every_page_of_the_program_has_a_row()
    {
        var routes = typeof(App.Texts.RoomTexts).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template);

        Assert.Equal(routes.Order(StringComparer.Ordinal), Pages.Select(page => page.Route).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }
}

/// <summary>A browser with one page for each who looks, and what the pages need to show something.</summary>
public sealed class SeenPages : IAsyncLifetime
{
    // Whoever begins to wait for the load event when it comes may wait in vain; the next step waits for what it needs anyway.
    static readonly PageWaitForURLOptions Arrived = new() { WaitUntil = WaitUntilState.Commit };
    readonly Chromium _chromium = new();
    readonly Dictionary<string, IPage> _pages = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        await _chromium.InitializeAsync();
        await using var admin = await _chromium.Community.ConnectAsync("admin@demo.example");
        var edited = await admin.PostAsync("welcome", "Once more with feeling");
        await admin.InvokeAsync("Edit", new { conversation = "welcome", seq = edited, markdown = "Once more, **shorter**, with `code`, a [link](https://example.org) and @nikos-tsamouris\n\n| a | b |\n|---|---|\n| 1 | 2 |" });
        await admin.InvokeAsync("React", new { conversation = "welcome", seq = edited, emoji = "👍", on = true });
        var gone = await admin.PostAsync("welcome", "Not to stay");
        await admin.InvokeAsync("Delete", new { conversation = "welcome", seq = gone });
        await _chromium.Community.PostWithFilesAsync("admin@demo.example", "welcome", "", ("bench.png", MadeFiles.Picture(800, 600, SKEncodedImageFormat.Png)), ("plan.pdf", MadeFiles.Pdf()));
        foreach (var (name, several) in ((string, bool)[])[("{poll}", true), ("{ended}", false)])
            _made[name] = await PollAsync(admin, several);
        await admin.InvokeAsync("EndPoll", new { conversation = "welcome", seq = long.Parse(_made["{ended}"], CultureInfo.InvariantCulture) });
        _made["{edited}"] = edited.ToString(CultureInfo.InvariantCulture);
        var page = await PageAsync("admin@demo.example");
        await page.GotoAsync("/people/nikos-tsamouris");
        await page.GetByRole(AriaRole.Button, new() { Name = "Write to Nikos Tsamouris" }).ClickAsync();
        await page.WaitForURLAsync("**/conversations/*", Arrived);
        _made["{direct}"] = new Uri(page.Url).Segments[^1];
        _made["{said}"] = (await admin.PostAsync(_made["{direct}"], "Between us")).ToString(CultureInfo.InvariantCulture);
        await using var member = await _chromium.Community.ConnectAsync("member4@demo.example");
        _made["{rude}"] = (await member.PostAsync("welcome", "You are all fools, see https://example.org/a-very-long-address-that-nobody-can-break")).ToString(CultureInfo.InvariantCulture);
        _made["{hidden}"] = (await member.PostAsync("welcome", "Cheap welders, call me today")).ToString(CultureInfo.InvariantCulture);
        await page.GotoAsync($"/rooms/welcome/messages/{_made["{rude}"]}/report");
        await page.GetByLabel("What is wrong with it?").SelectOptionAsync("Harassment");
        await page.GetByLabel("In a sentence").FillAsync("He calls us fools");
        await page.GetByRole(AriaRole.Button, new() { Name = "Report", Exact = true }).ClickAsync();
        await page.GotoAsync($"/moderation/welcome/{_made["{hidden}"]}");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Hide it" }).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Mute" }).CheckAsync();
        await page.GetByLabel("On what it rests").SelectOptionAsync("Advertising");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Reason" }).FillAsync("This room is not for advertising");
        await page.GetByRole(AriaRole.Button, new() { Name = "Decide", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/decisions/*", Arrived);
        _made["{statement}"] = new Uri(page.Url).Segments[^1];
        await page.GotoAsync("/rooms/welcome/webhooks");
        await page.GetByLabel("Name").First.FillAsync("Course register");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the address" }).ClickAsync();
        await page.GetByLabel("Name").Last.FillAsync("Newsletter");
        await page.GetByLabel("Address that is called").FillAsync("https://there-is-none.invalid/a-rather-long-address/of-some-program/that-hears-of-everything");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Newsletter" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send a test" }).ClickAsync();
        await page.GetByText("There is no server of this name.").WaitForAsync();
        _made["{webhook}"] = new Uri(page.Url).Segments[^1];
        await TranslateAsync(page, admin);
        await page.GotoAsync("/scheduled/new?to=welcome");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync("Good morning to all, and " + new string('w', 90));
        await page.GetByLabel("Day").FillAsync(DateTime.Today.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.GetByLabel("Time", new() { Exact = true }).FillAsync("12:30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        _made["{scheduled}"] = (await page.GetByRole(AriaRole.Link, new() { Name = "Change" }).GetAttributeAsync("href"))!.Split('/')[^1];
        // With the running program's own keys, as in the link of a mail.
        var keys = DataProtectionProvider.Create(new DirectoryInfo(Core.Operation.DataFolder.KeysIn(_chromium.Community.DataFolder)), builder => builder.SetApplicationName("VetCommunity"));
        _made["{stop}"] = "/notices/stop?code=" + Uri.EscapeDataString(keys.CreateProtector("VetCommunity.Noticing.Stop").Protect("1"));
        await page.GotoAsync("/organisations");
        _made["{organisation}"] = (await page.Locator("main a[href^='/organisations/']").First.GetAttributeAsync("href"))!.Split('/')[^1];
    }

    async Task TranslateAsync(IPage page, HubConnection admin)
    {
        await page.GotoAsync("/Account/Profile");
        await page.GetByText("From: English").ClickAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "English → Spanish" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GotoAsync("/glossary");
        await page.GetByLabel("Word", new() { Exact = true }).Last.FillAsync("welding");
        await page.GetByLabel("Its translation").FillAsync("soldadura" + new string('w', 90));
        await page.GetByLabel("Note").FillAsync("As a trade");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/glossary/*");
        _made["{term}"] = new Uri(page.Url).Segments[^1];
        var seq = await admin.PostAsync("welcome", "Nobody should learn welding without a good teacher beside them");
        _made["{bridged}"] = seq.ToString(CultureInfo.InvariantCulture);
        await page.GotoAsync($"/rooms/welcome/messages/{seq}/translations/es");
        await page.GetByLabel("Translation (Spanish)").FillAsync("Nadie debería aprender **soldadura** sin un buen maestro " + new string('w', 90));
        await page.GetByRole(AriaRole.Button, new() { Name = "Hand in" }).ClickAsync();
        await page.GetByText("Stands under the message", new() { Exact = true }).WaitForAsync();
        var member = await PageAsync("member@demo.example");
        await member.GotoAsync($"/rooms/welcome/messages/{seq}/translations");
        await member.GetByLabel("Into which language?").SelectOptionAsync("el");
        await member.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await member.GetByText("You asked for it").WaitForAsync();
    }

    static async Task<string> PollAsync(HubConnection admin, bool several)
    {
        var poll = new { options = new[] { "Monday", new string('x', 120), "Friday" }, several, secret = !several, results = "atOnce", endsAt = DateTimeOffset.UtcNow.AddDays(3) };
        var asked = await admin.InvokeAsync<System.Text.Json.JsonElement>("Post",
            new { conversation = "welcome", clientKey = $"poll-{several}", topic = (string?)null, markdown = "Which **day**?", replyToSeq = (long?)null, attachments = (string[]?)null, poll });
        var seq = asked.GetProperty("seq").GetInt64();
        await admin.InvokeAsync("Vote", new { conversation = "welcome", seq, choices = new[] { 1 } });
        return seq.ToString(CultureInfo.InvariantCulture);
    }

    public string Fill(string address) => _made.Aggregate(address, (filled, made) => filled.Replace(made.Key, made.Value, StringComparison.Ordinal));

    public async Task<IPage> PageAsync(string who)
    {
        if (_pages.TryGetValue(who, out var page))
            return page;
        page = who.Length == 0 ? await _chromium.NewPageAsync() : await _chromium.LogInAsync(who);
        await page.BringAxeAsync();
        return _pages[who] = page;
    }

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();
}
