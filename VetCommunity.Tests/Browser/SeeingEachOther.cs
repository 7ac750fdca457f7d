using Microsoft.Playwright;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Sound and picture between real browsers whose camera and microphone are Chromium's own made-up ones.</summary>
public class SeeingEachOther(Chromium chromium) : IClassFixture<Chromium>
{
    const string Slug = "the-first-hundred-days";
    const string Trainer = "trainer@demo.example";
    static readonly string[] Participants = ["member2@demo.example", "member3@demo.example"];
    internal static readonly string[] Devices = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

    // Frames are decoded and differ from each other: not a picture that stands still.
    const string Moves =
        """
        name => {
          const tile = [...document.querySelectorAll(".media-tile")].find(one => one.querySelector("[data-name]").textContent === name), video = tile?.querySelector("video");
          if (!video || video.hidden || video.videoWidth === 0 || tile.querySelector("[data-state=connecting]").hidden === false) return false;
          // What is out of sight a browser does not draw.
          video.scrollIntoView({ block: "center" });
          const canvas = document.createElement("canvas"), looks = ((window.looks ??= {})[`${name} ${tile.dataset.peer}`] ??= new Set());
          [canvas.width, canvas.height] = [64, 36];
          const paper = canvas.getContext("2d");
          paper.drawImage(video, 0, 0, 64, 36);
          looks.add([...paper.getImageData(0, 0, 64, 36).data].reduce((sum, one, at) => (sum * 31 + one * at) % 1000003, 7));
          return looks.size > 4 && video.getVideoPlaybackQuality().totalVideoFrames > 10;
        }
        """;

    internal static async Task SeesAsync(IPage page, string name) => await page.WaitForFunctionAsync(Moves, name);

    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    static ILocator Tile(IPage page, string name) => page.Locator(".media-tile", new() { Has = page.Locator("[data-name]").GetByText(name, new() { Exact = true }) });

    static ILocator Line(IPage page) => page.Locator("[data-media] [data-line]");

    static async Task<IPage> InAsync(Chromium own, IBrowser browser, string email)
    {
        var page = await own.LogInAsync(email, browser: browser);
        await page.GotoAsync($"/sessions/{Slug}/stage");
        await JoinAsync(page, "Join with sound and picture", "Switch on camera and microphone", "Leave sound and picture", Slug);
        return page;
    }

    /// <summary>From the stage, by the names that the buttons have in the page's language.</summary>
    internal static async Task JoinAsync(IPage page, string join, string start, string leave, string slug)
    {
        await PressAsync(page, join);
        // Who has never looked at their devices in this browser does so first.
        await page.ArriveAsync($"**/sessions/{slug}/devices");
        await PressAsync(page, start);
        await Assertions.Expect(page.Locator("[data-picture]")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = join }).ClickAsync();
        await page.ArriveAsync($"**/sessions/{slug}/stage");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = leave })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Two_see_each_other_a_third_joins_one_leaves_and_returns_and_the_trainer_mutes_one()
    {
        await using var own = new Chromium();
        await own.InitializeAsync();
        await own.Community.HoldSessionAsync(Trainer, Slug, SessionMedia.Mesh, Participants);
        await using var browser = await own.LaunchAsync(Devices, []);
        var bruno = await InAsync(own, browser, Participants[0]);
        var (brunos, nurias, trainers) = (await NameAsync(bruno), "Núria Casals", "Paolo Bressan");
        await SeesAsync(bruno, brunos + " (you)");
        var nuria = await InAsync(own, browser, Participants[1]);
        await SeesAsync(nuria, brunos);
        await SeesAsync(bruno, nurias);

        var trainer = await InAsync(own, browser, Trainer);
        foreach (var (who, whom) in ((IPage, string)[])[(trainer, brunos), (trainer, nurias), (bruno, trainers), (nuria, trainers)])
            await SeesAsync(who, whom);
        Assert.Equal(3, await bruno.Locator(".media-tile").CountAsync());
        // Participants mute nobody.
        await Assertions.Expect(bruno.Locator("[data-lead-act]")).ToHaveCountAsync(0);

        // One leaves and returns; one closes the tab.
        await PressAsync(nuria, "Leave sound and picture");
        await Assertions.Expect(Tile(bruno, nurias)).ToHaveCountAsync(0);
        await Assertions.Expect(Line(bruno)).ToHaveTextAsync("Núria Casals has left.");
        await Assertions.Expect(Tile(nuria, brunos)).ToHaveCountAsync(0);
        await PressAsync(nuria, "Join with sound and picture");
        await SeesAsync(nuria, brunos);
        await SeesAsync(bruno, nurias);
        // A page that is loaded anew comes in again by itself.
        await nuria.ReloadAsync();
        await SeesAsync(nuria, trainers);
        await SeesAsync(bruno, nurias);
        await nuria.CloseAsync();
        await Assertions.Expect(Tile(bruno, nurias)).ToHaveCountAsync(0);

        // Muted by the trainer, and by one's own choice heard again.
        await Assertions.Expect(Tile(trainer, brunos).GetByText("Microphone off")).ToBeHiddenAsync();
        Assert.False(await Tile(trainer, brunos).Locator("audio").EvaluateAsync<bool>("one => one.muted"));
        await PressAsync(trainer, $"Mute {brunos}");
        await Assertions.Expect(Line(bruno)).ToHaveTextAsync("Paolo Bressan has muted your microphone. You can unmute it again.");
        await Assertions.Expect(Tile(trainer, brunos).GetByText("Microphone off")).ToBeVisibleAsync();
        Assert.True(await Tile(trainer, brunos).Locator("audio").EvaluateAsync<bool>("one => one.muted"));
        await Assertions.Expect(trainer.GetByRole(AriaRole.Button, new() { Name = $"Mute {brunos}" })).ToBeHiddenAsync();
        await PressAsync(bruno, "Unmute microphone");
        await Assertions.Expect(Tile(trainer, brunos).GetByText("Microphone off")).ToBeHiddenAsync();

        // The screen in place of the camera, no camera, less of it, and sound only.
        await PressAsync(bruno, "Share screen");
        await Assertions.Expect(Tile(trainer, brunos).GetByText("Shows the screen")).ToBeVisibleAsync();
        await PressAsync(bruno, "Stop sharing");
        await PressAsync(bruno, "Camera off");
        await Assertions.Expect(Tile(trainer, brunos).GetByText("Camera off")).ToBeVisibleAsync();
        await PressAsync(bruno, "Camera on");
        await SeesAsync(trainer, brunos);
        await bruno.GetByLabel("How much").SelectOptionAsync("low");
        await trainer.WaitForFunctionAsync("name => [...document.querySelectorAll('.media-tile')].find(one => one.querySelector('[data-name]').textContent === name).querySelector('video').videoWidth <= 160", brunos);
        await bruno.GetByLabel("How much").SelectOptionAsync("sound");
        await Assertions.Expect(Tile(trainer, brunos).GetByText("Camera off")).ToBeVisibleAsync();
        await Assertions.Expect(Tile(bruno, trainers).Locator("video")).ToBeHiddenAsync();

        // A second window of the same member: one place, and a sentence in the first.
        var second = await bruno.Context.NewPageAsync();
        await second.GotoAsync($"/sessions/{Slug}/stage");
        await PressAsync(second, "Join with sound and picture");
        await Assertions.Expect(Line(bruno)).ToHaveTextAsync("You have joined in another window, so you have left here.");
        await Assertions.Expect(Tile(trainer, brunos)).ToHaveAttributeAsync("data-peer", (await second.Locator(".media-tile[data-mine]").GetAttributeAsync("data-peer"))!);
        await Assertions.Expect(Tile(trainer, brunos)).ToHaveCountAsync(1);
        // Taken out, and told so.
        await PressAsync(trainer, $"Take {brunos} out");
        await Assertions.Expect(Line(second)).ToHaveTextAsync("Who leads the session has taken you out of sound and picture.");
        await PressAsync(second, "Join with sound and picture");
        await Assertions.Expect(Line(second)).ToContainTextAsync("You can come back 10 minutes later.");
        await Assertions.Expect(Tile(trainer, brunos)).ToHaveCountAsync(0);
        // The end of the session is the end of it.
        var desk = await trainer.Context.NewPageAsync();
        await desk.GotoAsync($"/sessions/{Slug}/desk");
        await PressAsync(desk, "End session");
        await PressAsync(desk, "Yes, end it now");
        await Assertions.Expect(trainer.Locator("[data-media]")).ToBeHiddenAsync();
        await Assertions.Expect(trainer.Locator(".media-tile")).ToHaveCountAsync(0);
    }

    static async Task<string> NameAsync(IPage page) => (await page.Locator(".media-tile[data-mine] [data-name]").InnerTextAsync()).Replace(" (you)", "", StringComparison.Ordinal);

    [Fact]
    public async Task A_killed_server_takes_nobodys_picture_away_and_all_join_again_by_themselves()
    {
        await using var own = new Chromium();
        await own.InitializeAsync();
        await own.Community.HoldSessionAsync(Trainer, Slug, SessionMedia.Mesh, Participants);
        await using var browser = await own.LaunchAsync(Devices, []);
        var bruno = await InAsync(own, browser, Participants[0]);
        var trainer = await InAsync(own, browser, Trainer);
        var name = await NameAsync(bruno);
        await SeesAsync(trainer, name);
        var before = await Tile(trainer, name).GetAttributeAsync("data-peer");
        await trainer.EvaluateAsync("() => { window.stays = true; }");

        await own.Community.KillAsync();
        await Assertions.Expect(Line(trainer)).ToContainTextAsync("The connection is lost.");
        await trainer.EvaluateAsync("() => { window.looks = {}; }");
        await SeesAsync(trainer, name);
        await own.Community.StartAsync();

        await Assertions.Expect(Tile(trainer, name)).Not.ToHaveAttributeAsync("data-peer", before!);
        await SeesAsync(trainer, name);
        await SeesAsync(bruno, "Paolo Bressan");
        await Assertions.Expect(trainer.Locator(".media-tile")).ToHaveCountAsync(2);
        Assert.True(await trainer.EvaluateAsync<bool>("() => window.stays"));

        // A line that is cut and comes back costs nobody the connection that they have.
        var held = await Tile(trainer, name).GetAttributeAsync("data-peer");
        await bruno.Context.SetOfflineAsync(true);
        await bruno.EvaluateAsync("() => import('/js/hub.js').then(({ hub }) => hub.dispatchEvent(new Event('close')))");
        await bruno.Context.SetOfflineAsync(false);
        await SeesAsync(trainer, name);
        Assert.Equal(held, await Tile(trainer, name).GetAttributeAsync("data-peer"));
    }

    [Fact]
    public async Task A_camera_that_takes_its_time_is_seen_all_the_same_and_one_is_muted_while_the_browser_asks()
    {
        await using var own = new Chromium();
        await own.InitializeAsync();
        await own.Community.HoldSessionAsync(Trainer, Slug, SessionMedia.Mesh, Participants);
        await using var browser = await own.LaunchAsync(Devices, []);
        var trainer = await InAsync(own, browser, Trainer);
        var bruno = await InAsync(own, browser, Participants[0]);
        var name = await NameAsync(bruno);
        await bruno.AddInitScriptAsync("""
            const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices), allowed = new Promise(allow => { window.allow = allow; });
            navigator.mediaDevices.getUserMedia = async wish => { await allowed; return open(wish); };
            navigator.mediaDevices.getDisplayMedia = () => new Promise(() => { window.asks = true; });
            """);

        // The line is there long before the camera is.
        await bruno.ReloadAsync();
        await Assertions.Expect(bruno.Locator("main[data-living=true]")).ToBeVisibleAsync();
        await Assertions.Expect(Tile(trainer, name)).ToHaveCountAsync(0);
        await bruno.EvaluateAsync("() => window.allow()");
        await SeesAsync(trainer, name);

        await PressAsync(bruno, "Share screen");
        await bruno.WaitForFunctionAsync("() => window.asks");
        await PressAsync(bruno, "Mute microphone");
        await Assertions.Expect(Tile(trainer, name).GetByText("Microphone off")).ToBeVisibleAsync();
        await bruno.GetByLabel("How much").SelectOptionAsync("sound");
        await Assertions.Expect(Tile(trainer, name).GetByText("Camera off")).ToBeVisibleAsync();
    }

    // A browser without a window asks nobody: what it would say is put in the place of its answer. That it finds no devices is its own word.
    [Theory]
    [InlineData("NotAllowedError", "Der Browser gibt dieser Seite nicht frei: Kamera und Mikrofon. Erlauben Sie es neben der Adresse der Seite")]
    [InlineData("NotReadableError", "Ein anderes Programm benutzt gerade: Kamera und Mikrofon.")]
    [InlineData(null, "Nicht gefunden: Kamera und Mikrofon.")]
    public async Task Without_devices_one_is_told_why_and_takes_part_all_the_same(string? error, string sentence)
    {
        await using var own = new Chromium();
        await own.InitializeAsync();
        await own.Community.HoldSessionAsync(Trainer, Slug, SessionMedia.Mesh, Participants);
        await using var browser = await own.LaunchAsync(Devices, []);
        var trainer = await InAsync(own, browser, Trainer);
        var page = await own.LogInAsync(Participants[0]);
        if (error is not null)
            await page.AddInitScriptAsync($"navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '{error}'));");
        await page.GotoAsync($"/language/de?return=%2Fsessions%2F{Slug}%2Fdevices");
        await PressAsync(page, "Kamera und Mikrofon einschalten");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(sentence);
        await page.GetByRole(AriaRole.Link, new() { Name = "Mit Ton und Bild beitreten" }).ClickAsync();

        await Assertions.Expect(Line(page)).ToContainTextAsync(sentence);
        await Assertions.Expect(Line(page)).ToContainTextAsync("Die anderen hören und sehen Sie trotzdem.");
        await SeesAsync(page, "Paolo Bressan");
        await Assertions.Expect(trainer.Locator(".media-tile").Last.GetByText("Microphone off")).ToBeVisibleAsync();
        await Assertions.Expect(trainer.Locator(".media-tile").Last.GetByText("Camera off")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_session_has_none_of_it_until_its_trainers_choose_and_an_outside_link_leads_to_a_new_window()
    {
        var trainer = await chromium.LogInAsync(Trainer);
        List<string> scripts = [];
        trainer.Request += (_, request) => scripts.Add(request.Url);
        await trainer.GotoAsync($"/sessions/{Slug}/stage");
        await Assertions.Expect(trainer.Locator(".stage")).ToBeVisibleAsync();
        await Assertions.Expect(trainer.Locator("[data-media], .media-outside")).ToHaveCountAsync(0);
        Assert.DoesNotContain(scripts, one => one.Contains("/js/sound", StringComparison.Ordinal) || one.Contains("/js/media", StringComparison.Ordinal));

        await trainer.GotoAsync($"/sessions/{Slug}");
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Sound and picture" }).ClickAsync();
        await trainer.GetByRole(AriaRole.Radio, new() { Name = "Outside link" }).CheckAsync();
        await trainer.GetByLabel("Address of the meeting").FillAsync("http://meet.example/room");
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Alert)).ToContainTextAsync("must begin with https://");
        await Assertions.Expect(trainer.GetByLabel("Address of the meeting")).ToHaveValueAsync("http://meet.example/room");
        await trainer.GetByLabel("Address of the meeting").FillAsync("https://meet.example/room");
        await PressAsync(trainer, "Save");
        foreach (var address in (string[])[$"/sessions/{Slug}", $"/sessions/{Slug}/stage"])
        {
            await trainer.GotoAsync(address);
            var link = trainer.GetByRole(AriaRole.Link, new() { Name = "Open the meeting (new window)" });
            Assert.Equal(("https://meet.example/room", "_blank", "noopener noreferrer"), (await link.GetAttributeAsync("href"), await link.GetAttributeAsync("target"), await link.GetAttributeAsync("rel")));
            await Assertions.Expect(trainer.GetByText("meet.example, a site of somebody else")).ToBeVisibleAsync();
        }
        var outsider = await chromium.LogInAsync("member9@demo.example");
        await outsider.GotoAsync($"/sessions/{Slug}");
        await Assertions.Expect(outsider.Locator(".media-outside")).ToHaveCountAsync(0);

        // With sound and picture here, nothing more than a button is loaded before it is pressed.
        await trainer.GotoAsync($"/sessions/{Slug}/media");
        await trainer.GetByRole(AriaRole.Radio, new() { Name = "Here, for up to 6 people" }).CheckAsync();
        await PressAsync(trainer, "Save");
        scripts.Clear();
        await trainer.GotoAsync($"/sessions/{Slug}/stage");
        await Assertions.Expect(trainer.Locator("[data-media] [data-later]")).ToBeVisibleAsync();
        await Assertions.Expect(trainer.GetByRole(AriaRole.Button, new() { Name = "Join with sound and picture" })).ToBeHiddenAsync();
        Assert.DoesNotContain(scripts, one => one.Contains("/js/media", StringComparison.Ordinal) || one.Contains("/js/capture", StringComparison.Ordinal));
        // It begins, and whoever waited there may join.
        var desk = await trainer.Context.NewPageAsync();
        await desk.GotoAsync($"/sessions/{Slug}/desk");
        await PressAsync(desk, "Start session");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Button, new() { Name = "Join with sound and picture" })).ToBeVisibleAsync();
    }
}
