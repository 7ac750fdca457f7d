using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using SkiaSharp;
using VetCommunity.Tests.Browser;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Running;
using Xunit;

[assembly: AssemblyFixture(typeof(PreparedPages))]

namespace VetCommunity.Tests.Browser;

/// <summary>A data folder with what the pages need to show something: made once a run, and copied for each class that looks at pages.</summary>
public sealed class PreparedPages : IAsyncDisposable
{
    static readonly Lazy<Task<PagesInTheMaking>> Made = new(PagesInTheMaking.MakeAsync);

    /// <summary>Makes the folder a copy; answers with what stands in the addresses for what was made.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> CopyToAsync(string folder)
    {
        var made = await Made.Value;
        FilledFolder.Copy(made.Community.DataFolder, folder);
        return made.Made;
    }

    public async ValueTask DisposeAsync()
    {
        if (Made is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await Made.Value).DisposeAsync();
    }
}

/// <summary>Does with a browser what has to be done before every page has something to show.</summary>
sealed class PagesInTheMaking : IAsyncDisposable
{
    readonly Chromium _chromium = new() { KeepsPages = true };
    readonly Dictionary<string, string> _made = new(StringComparer.Ordinal);
    readonly Dictionary<string, IPage> _pages = new(StringComparer.Ordinal);

    public RunningCommunity Community => _chromium.Community;

    public IReadOnlyDictionary<string, string> Made => _made;

    public static async Task<PagesInTheMaking> MakeAsync()
    {
        var making = new PagesInTheMaking();
        // On a busy machine it takes longer than a proof counts.
        making.Community.Settings["Sessions__ProofMinutes"] = "600";
        try
        {
            await making._chromium.InitializeAsync();
            await making.ShowEverythingAsync();
            await making._chromium.CloseAsync();
            await making.Community.StopAsync();
            await FilledFolder.IntoOneFileAsync(making.Community.DatabaseFile);
            return making;
        }
        catch
        {
            await making.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _chromium.DisposeAsync();

    async Task<IPage> PageAsync(string who) => _pages.TryGetValue(who, out var page) ? page : _pages[who] = await _chromium.LogInAsync(who);

    async Task ShowEverythingAsync()
    {
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
        await page.ArriveAsync("**/conversations/*");
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
        await page.ArriveAsync("**/decisions/*");
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
        foreach (var search in (string[])["q=machine&theme=small-firms&country=IT&country=DE", "theme=digital&language=el", "q=" + new string('w', 90)])
        {
            await page.GotoAsync("/practices?" + search);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save this search" }).ClickAsync();
            await page.ArriveAsync("**/practices/saved?saved=true");
        }
        foreach (var title in (string[])["Evenings that pay", new string('w', 90)])
        {
            await page.GotoAsync("/collections/new?practice=the-tenth-day-call");
            await page.GetByLabel("Title").FillAsync(title);
            await page.GetByRole(AriaRole.Button, new() { Name = "Make the collection" }).ClickAsync();
            await page.ArriveAsync("**/collections/*");
        }
        await page.GotoAsync("/scheduled/new?to=welcome");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Message" }).FillAsync("Good morning to all, and " + new string('w', 90));
        await page.GetByLabel("Day").FillAsync(DateTime.Today.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await page.GetByLabel("Time", new() { Exact = true }).FillAsync("12:30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Schedule" }).ClickAsync();
        _made["{scheduled}"] = (await page.GetByRole(AriaRole.Link, new() { Name = "Change" }).GetAttributeAsync("href"))!.Split('/')[^1];
        // With the running program's own keys, as in the link of a mail.
        var keys = DataProtectionProvider.Create(new DirectoryInfo(Core.Operation.DataFolder.KeysIn(_chromium.Community.DataFolder)), builder => builder.SetApplicationName("VetCommunity"));
        _made["{stop}"] = "/notices/stop?code=" + Uri.EscapeDataString(keys.CreateProtector("VetCommunity.Noticing.Stop").Protect("1"));
        var trainer = await PageAsync("trainer@demo.example");
        await trainer.GotoAsync("/sessions/the-first-hundred-days");
        _made["{code}"] = await trainer.Locator(".session-code-signs").InnerTextAsync();
        await HoldASessionAsync(trainer);
        await page.GotoAsync("/organisations");
        _made["{organisation}"] = (await page.Locator("main a[href^='/organisations/']").First.GetAttributeAsync("href"))!.Split('/')[^1];
    }

    // A full session with an agenda, for which somebody asks; and one that is over. Nobody waits here until somebody was there long enough: that is written down.
    async Task HoldASessionAsync(IPage trainer)
    {
        var member = await PageAsync("member@demo.example");
        foreach (var (key, title) in (((string, string)[])[("{full}", "Full, with " + new string('w', 60)), ("{held}", "Held, with " + new string('w', 60))]))
        {
            await trainer.GotoAsync("/sessions/new");
            await trainer.GetByLabel("Title").FillAsync(title);
            foreach (var (number, time) in (((int, string)[])[(0, "10:00"), (1, "11:00")]))
            {
                await trainer.GetByLabel("Day").Nth(number).FillAsync(DateTime.Today.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                await trainer.GetByLabel("Time", new() { Exact = true }).Nth(number).FillAsync(time);
            }
            await trainer.GetByLabel("Minutes there, at least").FillAsync("30");
            await trainer.GetByLabel("Agenda").FillAsync("10 Welcome\n40 " + new string('w', 90));
            if (key == "{full}")
            {
                await trainer.GetByLabel("Registrations are approved").CheckAsync();
                await trainer.GetByLabel("Guests may come by code").CheckAsync();
            }
            await trainer.GetByRole(AriaRole.Button, new() { Name = "Plan a session" }).ClickAsync();
            await trainer.ArriveAsync("**/sessions/*-w*");
            _made[key] = new Uri(trainer.Url).Segments[^1];
            if (key == "{full}")
            {
                _made["{guests}"] = await trainer.Locator(".session-code-signs").InnerTextAsync();
                await trainer.GetByRole(AriaRole.Link, new() { Name = "Questions at registration" }).ClickAsync();
                await trainer.GetByLabel("Questions in Markdown").FillAsync($"::: question single\n\n{new string('w', 70)}?\n\n- Yes\n- No\n:::\n::: question text\nWhy?\n\n> {new string('w', 70)}\n:::");
                await trainer.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
                await trainer.GetByText("The questions are saved").WaitForAsync();
                await member.GotoAsync($"/sessions/{_made[key]}/register");
                await member.GetByLabel("Your answer").FillAsync(new string('w', 70));
                await member.GetByRole(AriaRole.Button, new() { Name = "Ask for a place" }).ClickAsync();
                await member.GetByText("Waits for an answer").First.WaitForAsync();
                continue;
            }
            await member.GotoAsync("/sessions/" + _made[key]);
            await member.GetByRole(AriaRole.Button, new() { Name = "Register" }).ClickAsync();
            await member.GetByText("To the stage").First.WaitForAsync();
        }
        await trainer.GotoAsync("/sessions/new");
        await trainer.GetByLabel("Title").FillAsync("Again, with " + new string('w', 60));
        foreach (var (number, time) in (((int, string)[])[(0, "10:00"), (1, "11:00")]))
        {
            await trainer.GetByLabel("Day").Nth(number).FillAsync(DateTime.Today.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            await trainer.GetByLabel("Time", new() { Exact = true }).Nth(number).FillAsync(time);
        }
        await trainer.GetByLabel("How often").SelectOptionAsync("Weekly");
        await trainer.GetByLabel("Number of sessions").FillAsync("3");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Plan a session" }).ClickAsync();
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Plan these 3 sessions" }).First.ClickAsync();
        await trainer.ArriveAsync("**/sessions/again-*");
        _made["{series}"] = new Uri(trainer.Url).Segments[^1];
        await using (var connection = new SqliteConnection($"Data Source={_chromium.Community.DatabaseFile};Default Timeout=30;Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = """
                UPDATE LiveSessions SET Phase = 3, StartedAt = StartsAt, EndedAt = EndsAt WHERE Slug = $slug;
                INSERT INTO SessionPresences (SessionId, MemberId, "From", "Until") SELECT s.Id, p.MemberId, s.StartsAt, s.EndsAt FROM LiveSessions s JOIN SessionPlaces p ON p.SessionId = s.Id WHERE s.Slug = $slug;
                """;
            command.Parameters.AddWithValue("$slug", _made["{held}"]);
            await command.ExecuteNonQueryAsync();
        }
        // A lesson is made of it, with words and questions of every kind.
        await trainer.GotoAsync($"/sessions/{_made["{held}"]}/lesson");
        await trainer.GetByLabel("Markdown").FillAsync($"## {new string('w', 90)}\n\nText\n\n### Below\n\n::: question single\n\n{new string('w', 70)}?\n\n- [x] {new string('w', 70)}\n- [ ] No\n\n> Because.\n:::\n\n::: question ranking\n\nIn which order?\n\n- [2] Second\n- [1] First\n:::\n\n::: question scale\nfrom: 1 not at all\nto: 5 entirely\n\nHow well?\n:::\n");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await trainer.ArriveAsync("**/lessons/*/edit?*");
        _made["{lesson}"] = new Uri(trainer.Url).Segments[^2].TrimEnd('/');
        // Its minutes are made and sent; the member is asked.
        await trainer.GotoAsync($"/sessions/{_made["{held}"]}/minutes");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Make the minutes" }).ClickAsync();
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await trainer.GetByText("Everybody who took part is told.").First.WaitForAsync();
        await member.GotoAsync($"/sessions/{_made["{held}"]}/certificate");
        _made["{certificate}"] = (await member.Locator(".certificate-code").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
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
        await page.ArriveAsync("**/glossary/*");
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
}
