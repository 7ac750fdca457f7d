using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>A trainer, a co-trainer and three participants through a session, two of them with a camera: one on a phone and in Italian, one in English, and one in Greek without. The server is killed in the middle.</summary>
public class HoldingALiveSession(Chromium chromium) : IClassFixture<Chromium>
{
    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    static ILocator Stage(IPage page, string name = "Stage") => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    static async Task LivingAsync(IPage page, string slug)
    {
        await page.GotoAsync($"/sessions/{slug}/stage");
        await Assertions.Expect(page.Locator("main[data-living=true]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task From_the_plan_over_all_that_happens_and_a_killed_server_to_certificates_and_replay()
    {
        await using var own = new Chromium();
        await own.InitializeAsync();
        await using var devices = await own.LaunchAsync(SeeingEachOther.Devices, []);
        var trainer = await own.LogInAsync("trainer@demo.example");
        // Planned, with slides in two languages and somebody who leads too.
        await trainer.GotoAsync("/sessions/new");
        await trainer.GetByLabel("Title").FillAsync("Planes that cut");
        foreach (var (field, value) in ((string, string)[])[("#day", Day(1)), ("#time", "10:00"), ("#until-day", Day(1)), ("#until-time", "09:00")])
            await trainer.Locator(field).FillAsync(value);
        await PressAsync(trainer, "Plan a session");
        // What was typed stands there, with the sentence that says why not.
        await Assertions.Expect(trainer.GetByRole(AriaRole.Alert)).ToContainTextAsync("has to end after it begins");
        await Assertions.Expect(trainer.GetByLabel("Title")).ToHaveValueAsync("Planes that cut");
        await trainer.Locator("#until-time").FillAsync("11:00");
        await trainer.Locator("#certificate-answers").FillAsync("60");
        await PressAsync(trainer, "Plan a session");
        await trainer.ArriveAsync("**/sessions/planes-that-cut");
        var code = await trainer.Locator(".session-code-signs").InnerTextAsync();
        await trainer.GetByLabel("Name a co-trainer").FillAsync("@lukas-reitbauer");
        await PressAsync(trainer, "Add");
        await Assertions.Expect(trainer.GetByRole(AriaRole.List, new() { Name = "Led by" })).ToContainTextAsync("Lukas Reitbauer");
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Write the slides" }).ClickAsync();
        await trainer.GetByLabel("Slides in markdown").FillAsync("# Planes that cut\n\n???\n\nShow the iron\n\n---\n\n<!-- id: burr -->\n## The burr\n\nFeel it\n\n. . .\n\nTake it off\n\n::: question single\nid: side\n\nWhich side has none?\n\n- [ ] The front\n- [x] The back\n:::\n\n---\n\n## The end");
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByText("The slides are saved.")).ToBeVisibleAsync();
        await trainer.GetByLabel("Another language").SelectOptionAsync("it");
        await PressAsync(trainer, "Add");
        await trainer.ArriveAsync("**/deck?language=it");
        await trainer.GetByLabel("Slides in markdown").FillAsync("# Pialle che tagliano\n\n---\n\n<!-- id: burr -->\n## La bava\n\nSentila\n\n. . .\n\nToglila");
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByText("The slides are saved.")).ToBeVisibleAsync();

        await trainer.GotoAsync("/sessions/planes-that-cut");
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Sound and picture" }).ClickAsync();
        await trainer.GetByRole(AriaRole.Radio, new() { Name = "Here, for up to 6 people" }).CheckAsync();
        await PressAsync(trainer, "Save");

        // A phone in Italian and a third come by the list, a Greek by the code, and who is in nothing finds no stage.
        var (phone, nuria) = (await own.LogInAsync("member2@demo.example", browser: devices), await own.LogInAsync("member3@demo.example", browser: devices));
        var (greek, outsider, cotrainer) = (await own.LogInAsync("member8@demo.example"), await own.LogInAsync("member9@demo.example"), await own.LogInAsync("cotrainer@demo.example"));
        await nuria.GotoAsync("/sessions/planes-that-cut");
        await PressAsync(nuria, "Register");
        await phone.SetViewportSizeAsync(360, 740);
        await phone.GotoAsync("/language/it?return=%2Fsessions%2Fplanes-that-cut");
        await PressAsync(phone, "Iscriviti");
        await greek.GotoAsync("/sessions");
        await greek.GetByLabel("Join code").FillAsync("nosuchco");
        await PressAsync(greek, "Join");
        await Assertions.Expect(greek.GetByRole(AriaRole.Alert)).ToContainTextAsync("No session has this code");
        await greek.GetByLabel("Join code").FillAsync(code.ToLowerInvariant());
        await PressAsync(greek, "Join");
        await greek.ArriveAsync("**/sessions/planes-that-cut/stage");
        await greek.GotoAsync("/language/el?return=%2Fsessions%2Fplanes-that-cut%2Fstage");
        Assert.Equal(404, (await outsider.GotoAsync("/sessions/planes-that-cut/stage"))!.Status);
        // Tried out beforehand, of which those who registered know nothing.
        await trainer.GotoAsync("/sessions/planes-that-cut");
        await PressAsync(trainer, "Rehearse");
        await trainer.ArriveAsync("**/sessions/rehearsal-*");
        Assert.Equal(404, (await phone.GotoAsync(new Uri(trainer.Url).AbsolutePath))!.Status);
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Trainer’s desk" }).ClickAsync();
        await PressAsync(trainer, "Start session");
        await PressAsync(trainer, "Next slide");
        await Assertions.Expect(trainer.GetByText("This is a rehearsal.")).ToBeVisibleAsync();
        await LivingAsync(phone, "planes-that-cut");
        await LivingAsync(greek, "planes-that-cut");
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Alza la mano" })).ToBeDisabledAsync();

        await trainer.GotoAsync("/sessions/planes-that-cut/desk");
        await cotrainer.GotoAsync("/sessions/planes-that-cut/desk");
        await PressAsync(trainer, "Start session");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Pialle che tagliano");
        await Assertions.Expect(Stage(greek, "Σκηνή")).ToContainTextAsync("Planes that cut");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Region, new() { Name = "Speaker notes" })).ToContainTextAsync("Show the iron");
        await Assertions.Expect(phone.Locator("main")).Not.ToContainTextAsync("Show the iron");
        // By button, by key, and the last press shows the step.
        await PressAsync(trainer, "Next slide");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Sentila");
        await Assertions.Expect(Stage(phone, "Scena")).Not.ToContainTextAsync("Toglila");
        await trainer.Keyboard.PressAsync("PageDown");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Toglila");
        await Assertions.Expect(Stage(greek, "Σκηνή")).ToContainTextAsync("Take it off");
        await Assertions.Expect(phone.Locator("[data-aloud]")).ToHaveTextAsync("Diapositiva 2 di 3: La bava (2/2)");

        // Two see each other; whoever has no camera misses nothing else.
        await SeeingEachOther.JoinAsync(phone, "Entra con audio e video", "Accendi videocamera e microfono", "Esci da audio e video", "planes-that-cut");
        await LivingAsync(nuria, "planes-that-cut");
        await SeeingEachOther.JoinAsync(nuria, "Join with sound and picture", "Switch on camera and microphone", "Leave sound and picture", "planes-that-cut");
        await SeeingEachOther.SeesAsync(phone, "Núria Casals");
        await Assertions.Expect(Stage(greek, "Σκηνή")).ToContainTextAsync("Take it off");

        // What is said, for whoever reads it in another language; and what one of them asks.
        var typing = await cotrainer.Context.NewPageAsync();
        await typing.GotoAsync("/sessions/planes-that-cut/captions?language=it");
        await typing.GetByLabel("Next line").FillAsync("Togliete la bava");
        await typing.GetByLabel("Next line").PressAsync("Enter");
        await Assertions.Expect(phone.GetByRole(AriaRole.Region, new() { Name = "Sottotitoli" })).ToContainTextAsync("Togliete la bava");
        await greek.GetByLabel("Η ερώτησή σας").FillAsync("Πόσο συχνά;");
        await PressAsync(greek, "Υποβολή ερώτησης");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Take up: Πόσο συχνά;" }).ClickAsync();
        await Assertions.Expect(nuria.Locator(".audience-line").First).ToContainTextAsync("Being answered");
        await trainer.GetByRole(AriaRole.Button, new() { Name = "Mark answered: Πόσο συχνά;" }).ClickAsync();

        // Hands, in their order.
        await PressAsync(greek, "Ζητώ τον λόγο");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Region, new() { Name = "Raised hands" })).ToContainTextAsync("Dimitra Lagoudaki");
        await PressAsync(phone, "Alza la mano");
        await Assertions.Expect(cotrainer.Locator(".desk-hands .queued")).ToHaveCountAsync(2);
        await Assertions.Expect(cotrainer.Locator(".desk-hands .queued").First).ToContainTextAsync("Dimitra Lagoudaki");
        await cotrainer.GetByRole(AriaRole.Button, new() { Name = "Give the floor to Dimitra Lagoudaki" }).ClickAsync();
        await Assertions.Expect(greek.GetByRole(AriaRole.Button, new() { Name = "Ζητώ τον λόγο" })).ToBeVisibleAsync();
        await Assertions.Expect(phone.Locator(".stage-floor")).ToHaveTextAsync("Ha la parola: Dimitra Lagoudaki");
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Abbassa la mano" })).ToBeVisibleAsync();

        // The lead goes over openly.
        await PressAsync(cotrainer, "Take the lead");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Button, new() { Name = "Take the lead" })).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByText("Guida: Lukas Reitbauer")).ToBeVisibleAsync();

        // The server is killed in the middle of a poll and comes back: what was answered counts, what was chosen and not sent stays, everybody is where they were, and the stage goes on without a reload.
        await cotrainer.GetByRole(AriaRole.Button, new() { Name = "Open question: Which side has none?" }).ClickAsync();
        await greek.GetByLabel("The back").CheckAsync();
        await PressAsync(greek, "Αποστολή απάντησης");
        await Assertions.Expect(greek.Locator(".question-kept")).ToBeVisibleAsync();
        await phone.GetByLabel("The front").CheckAsync();
        await Assertions.Expect(phone.Locator(".question-count")).ToContainTextAsync("1");
        await phone.EvaluateAsync("() => { window.stays = true; }");
        await own.Community.KillAsync();
        await Assertions.Expect(phone.GetByText("La connessione è interrotta. La scena torna da sola.")).ToBeVisibleAsync();
        await own.Community.BeThereAsync("planes-that-cut", TimeSpan.FromMinutes(10));
        await own.Community.StartAsync();
        await cotrainer.GotoAsync("/sessions/planes-that-cut/desk");
        await Assertions.Expect(phone.GetByText("La connessione è interrotta. La scena torna da sola.")).ToBeHiddenAsync();
        await Assertions.Expect(phone.GetByLabel("The front")).ToBeCheckedAsync();
        await PressAsync(phone, "Invia la risposta");
        await Assertions.Expect(phone.Locator(".question-kept")).ToBeVisibleAsync();
        await Assertions.Expect(cotrainer.Locator(".desk-question-list > li").First).ToContainTextAsync("answered: 2 of");
        await Assertions.Expect(greek.Locator(".question-kept")).ToBeVisibleAsync();
        // Closed and shown, everybody reads what was right, and what it gave them.
        await cotrainer.GetByRole(AriaRole.Button, new() { Name = "Close question: Which side has none?" }).ClickAsync();
        await cotrainer.GetByRole(AriaRole.Button, new() { Name = "Show results: Which side has none?" }).ClickAsync();
        await Assertions.Expect(greek.Locator(".stage-points")).ToHaveTextAsync("Οι βαθμοί σας: 1 από 1");
        await Assertions.Expect(phone.Locator(".stage-points")).ToHaveTextAsync("I tuoi punti: 0 su 1");
        await Assertions.Expect(nuria.GetByRole(AriaRole.Row).Filter(new() { HasText = "The back" })).ToContainTextAsync("50%");
        await PressAsync(cotrainer, "Next slide");
        await Assertions.Expect(Stage(greek, "Σκηνή")).ToContainTextAsync("The end");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("The end");
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Abbassa la mano" })).ToBeVisibleAsync();
        Assert.True(await phone.EvaluateAsync<bool>("() => window.stays"));

        // Around in what was shown, and back.
        await phone.GotoAsync("/sessions/planes-that-cut/stage?slide=1");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Pialle che tagliano");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Torna alla scena" }).ClickAsync();
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("The end");

        await PressAsync(cotrainer, "End session");
        await PressAsync(cotrainer, "Yes, end it now");
        await Assertions.Expect(Stage(greek, "Σκηνή")).ToContainTextAsync("Η συνεδρία έληξε");
        // What was noted becomes the minutes.
        await cotrainer.GotoAsync("/sessions/planes-that-cut/minutes");
        await PressAsync(cotrainer, "Make the minutes");
        await PressAsync(cotrainer, "Send");
        await Assertions.Expect(cotrainer.GetByText("Everybody who took part is told.").First).ToBeVisibleAsync();
        await greek.GotoAsync("/sessions/planes-that-cut/minutes");
        await Assertions.Expect(greek.GetByRole(AriaRole.Main)).ToContainTextAsync("Lukas Reitbauer");
        // Seen again: from the beginning, at once at another slide, and played on from there.
        await phone.GotoAsync("/sessions/planes-that-cut");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Guarda il replay" }).ClickAsync();
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Pialle che tagliano");
        await phone.GetByRole(AriaRole.Navigation, new() { Name = "Diapositive mostrate" }).GetByText("La bava").ClickAsync();
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Sentila");
        await Assertions.Expect(Stage(phone, "Scena")).Not.ToContainTextAsync("Toglila");
        await phone.GetByLabel("Velocità").SelectOptionAsync("16");
        await PressAsync(phone, "Avvia");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Toglila");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("The end");
        // The end is seen even where it comes while an earlier moment is still under way.
        await phone.GetByRole(AriaRole.Navigation, new() { Name = "Diapositive mostrate" }).GetByText("La bava").ClickAsync();
        await Assertions.Expect(Stage(phone, "Scena")).Not.ToContainTextAsync("Toglila");
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("Sentila");
        var (asked, late) = (0, new TaskCompletionSource());
        await phone.RouteAsync("**/replay/at*", async route =>
        {
            if (Interlocked.Increment(ref asked) == 1)
                await late.Task;
            await route.ContinueAsync();
        });
        await PressAsync(phone, "Avvia");
        await Assertions.Expect(phone.GetByRole(AriaRole.Button, new() { Name = "Avvia", Exact = true })).ToBeVisibleAsync();
        late.SetResult();
        await Assertions.Expect(Stage(phone, "Scena")).ToContainTextAsync("The end");
        await phone.UnrouteAsync("**/replay/at*");
        Assert.Equal(404, (await outsider.GotoAsync("/sessions/planes-that-cut/replay"))!.Status);
        // Found by what was said, too.
        await phone.GotoAsync("/sessions/planes-that-cut/replay?q=bava");
        await Assertions.Expect(phone.GetByRole(AriaRole.Main)).ToContainTextAsync("Togliete la bava");
        // Whoever answered has a certificate, which anybody verifies; whoever did not reads why there is none.
        await greek.GotoAsync("/sessions/planes-that-cut");
        await greek.GetByRole(AriaRole.Link, new() { Name = "Η βεβαίωσή μου" }).ClickAsync();
        await Assertions.Expect(greek.Locator(".certificate")).ToContainTextAsync("Dimitra Lagoudaki");
        await Assertions.Expect(greek.Locator(".certificate")).ToContainTextAsync("1 από 1");
        var verification = (await greek.Locator(".certificate-code").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await outsider.GotoAsync("/certificates/" + verification);
        await Assertions.Expect(outsider.GetByRole(AriaRole.Main)).ToContainTextAsync("This certificate is genuine");
        await nuria.GotoAsync("/sessions/planes-that-cut");
        await Assertions.Expect(nuria.GetByText("You answered 0 questions of 1. That is not enough for a certificate.")).ToBeVisibleAsync();
        Assert.Equal(404, (await nuria.GotoAsync("/sessions/planes-that-cut/certificate"))!.Status);
        // Who was there stands in the list, which goes along as a table.
        await trainer.GotoAsync("/sessions/planes-that-cut/attendance");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Row, new() { Name = "Dimitra Lagoudaki" })).ToContainTextAsync("Certificate");
        var table = await (await trainer.APIRequest.GetAsync("/sessions/planes-that-cut/attendance.csv")).TextAsync();
        Assert.Contains("Paolo Bressan,Botteghe dell'Adige,IT,Trainer,", table, StringComparison.Ordinal);
        await trainer.GotoAsync("/sessions?past=true");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Link, new() { Name = "Planes that cut" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_script_one_registers_sees_the_slide_raises_the_hand_and_takes_the_date_along()
    {
        var trainer = await chromium.LogInAsync("trainer@demo.example");
        await trainer.GotoAsync("/sessions/the-first-hundred-days/desk");
        await PressAsync(trainer, "Start session");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Button, new() { Name = "Next slide" })).ToBeVisibleAsync();
        var page = await chromium.LogInAsync("member3@demo.example", script: false);

        await page.GotoAsync("/sessions/the-first-hundred-days");
        await PressAsync(page, "Register");
        await page.GetByRole(AriaRole.Link, new() { Name = "To the stage" }).ClickAsync();
        await Assertions.Expect(Stage(page)).ToContainTextAsync("The first hundred days");
        await PressAsync(page, "Raise hand");
        await Assertions.Expect(page.Locator(".stage-hands")).ToContainTextAsync("Núria Casals");
        await PressAsync(page, "Lower hand");
        await Assertions.Expect(page.Locator(".stage-hands")).ToHaveCountAsync(0);
        var calendar = await (await page.APIRequest.GetAsync("/sessions/the-first-hundred-days/session.ics")).TextAsync();
        Assert.Contains("SUMMARY:The first hundred days of an apprentice", calendar, StringComparison.Ordinal);
        Assert.Matches(@"DTSTART:\d{8}T\d{6}Z", calendar);
        await page.GotoAsync("/sessions/the-first-hundred-days");
        await PressAsync(page, "Give up my place");
        Assert.Equal(404, (await page.GotoAsync("/sessions/the-first-hundred-days/stage"))!.Status);
    }

    static string Day(int later) => TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddDays(later), TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_calendar_follows_by_its_address_alone_and_who_verifies_what_is_no_certificate_is_told_so()
    {
        var member = await chromium.LogInAsync("member4@demo.example");
        await member.GotoAsync("/sessions");
        await PressAsync(member, "Make the address");
        var address = await member.Locator("#once-address").InputValueAsync();
        using var program = new HttpClient();
        program.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        using (var answer = await program.GetAsync(address))
        {
            Assert.Equal(("text/calendar", "no-store, private"), (answer.Content.Headers.ContentType!.MediaType, answer.Headers.CacheControl!.ToString()));
            Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("noindex", Assert.Single(answer.Headers.GetValues("X-Robots-Tag")));
            Assert.DoesNotContain(answer.Headers, header => header.Key == "Set-Cookie");
            Assert.StartsWith("BEGIN:VCALENDAR", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        // It is shown once.
        await member.GotoAsync("/sessions");
        await Assertions.Expect(member.Locator("#once-address")).ToHaveCountAsync(0);
        await PressAsync(member, "End the address");
        await Assertions.Expect(member.GetByRole(AriaRole.Button, new() { Name = "Make the address" })).ToBeVisibleAsync();
        using (var ended = await program.GetAsync(address))
            Assert.Equal(HttpStatusCode.NotFound, ended.StatusCode);

        using var none = await program.GetAsync(new Uri(new Uri(address), "/certificates/ABCD-EFGH"));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("There is no certificate with this code", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
