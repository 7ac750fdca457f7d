using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class ChangingWhatWasSaid(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Replies_reactions_edits_and_deletions_reach_the_other_at_once()
    {
        var anna = await chromium.LogInAsync("member@demo.example");
        var bruno = await chromium.LogInAsync("member2@demo.example");
        await anna.GotoAsync("/rooms/welcome");
        await bruno.GotoAsync("/rooms/welcome");
        await bruno.LivingAsync();
        await anna.SayAsync("Is a trial week long enough");

        await bruno.ChooseAsync("Is a trial week long enough", "Reply");
        await bruno.SayAsync("Two weeks are better");
        await Assertions.Expect(anna.Message("Two weeks are better").Locator(".message-quote")).ToContainTextAsync("Is a trial week long enough");

        await bruno.ChooseAsync("Is a trial week long enough", "Good idea");
        var given = anna.Message("Is a trial week long enough").GetByRole(AriaRole.Group, new() { Name = "Reactions" }).GetByRole(AriaRole.Button);
        await Assertions.Expect(given).ToHaveTextAsync("💡 1");
        await Assertions.Expect(given).ToHaveAttributeAsync("aria-pressed", "false");
        await given.ClickAsync();
        await Assertions.Expect(given).ToHaveTextAsync("💡 2");
        await Assertions.Expect(given).ToHaveAttributeAsync("aria-pressed", "true");

        await bruno.ChooseAsync("Two weeks are better", "Edit");
        await bruno.Composer().FillAsync("Three weeks are better");
        await bruno.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(anna.Message("Three weeks are better").Locator(".message-edited")).ToHaveTextAsync("edited");
        await Assertions.Expect(anna.Message("Two weeks are better")).ToHaveCountAsync(0);

        var place = await anna.Message("Three weeks are better").GetAttributeAsync("id");
        await bruno.ChooseAsync("Three weeks are better", "Delete");
        await bruno.Message("Three weeks are better").GetByRole(AriaRole.Button, new() { Name = "Delete it for everybody?" }).ClickAsync();
        await Assertions.Expect(anna.Message("Three weeks are better")).ToHaveCountAsync(0);
        await Assertions.Expect(anna.Locator($"#{place}")).ToHaveTextAsync("This message was deleted.");
    }

    [Promise("IN1")]
    [Fact]
    public async Task Hostile_texts_do_nothing_and_cover_nothing()
    {
        string[] texts =
        [
            "<script>window.__pwned = 1</script> one",
            "<img src=x onerror=\"window.__pwned = 1\"> two",
            "<svg onload=\"window.__pwned = 1\"></svg> three",
            "[four](javascript:window.__pwned=1) <a href=\"javascript:window.__pwned=1\">four</a>",
            "[five](data:text/html,<script>window.__pwned=1</script>)",
            "<div style=\"position:fixed;inset:0;z-index:99999;background:red\">six</div>",
            "<form action=\"https://elsewhere.example/\"><input name=password><button>seven</button></form>",
            "<style>main { display: none }</style><link rel=stylesheet href=https://elsewhere.example/x.css> eight",
            "![nine](https://elsewhere.example/seen.png) <img src=\"//elsewhere.example/seen.png\">",
            "<iframe src=\"https://elsewhere.example/\"></iframe><object data=\"//elsewhere.example\"></object><meta http-equiv=refresh content=\"0;url=//elsewhere.example\"> ten",
            "<button form=acts name=leave value=yes>eleven</button><base href=\"//elsewhere.example\">",
            "<live-conversation data-conversation=board></live-conversation><p id=message class=connection>twelve</p>",
            "<details open class=menu><summary>thirteen</summary></details><template><img src=x onerror=alert(1)></template>",
        ];
        var page = await chromium.LogInAsync("member6@demo.example");
        var outside = new List<string>();
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: not ("data" or "blob") } address && address.Host != "localhost")
                outside.Add(request.Url);
        };
        page.Dialog += (_, dialog) =>
        {
            outside.Add("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        await using var hostile = await chromium.Community.ConnectAsync("member7@demo.example");
        foreach (var text in texts)
            await hostile.PostAsync("welcome", text);
        await hostile.PostAsync("welcome", "The end of it");
        await Assertions.Expect(page.Message("The end of it")).ToHaveCountAsync(1);

        await HarmlessAsync(page);
        await page.ReloadAsync();
        await page.LivingAsync();
        await HarmlessAsync(page);
        foreach (var link in await page.Log().Locator(".message-body a").AllAsync())
            Assert.DoesNotContain("javascript:", await link.GetAttributeAsync("href") ?? "", StringComparison.OrdinalIgnoreCase);
        Assert.Empty(outside);

        static async Task HarmlessAsync(IPage page)
        {
            Assert.True(await page.EvaluateAsync<bool>("() => window.__pwned === undefined"));
            await Assertions.Expect(page.Log().Locator(".message-body :is(script, style, form, iframe, object, svg, link, meta, base, input:not([type=checkbox]), [style], [onerror], [onload], live-conversation, #message)")).ToHaveCountAsync(0);
            // What stands in the middle of the composer, of the header and of the log is still theirs.
            Assert.True(await page.EvaluateAsync<bool>("""
                () => ["#message", ".site-header", ".room-head h1", "button[name=send]"].every(selector => {
                  const own = document.querySelector(selector), box = own.getBoundingClientRect();
                  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                  return own === top || own.contains(top);
                })
                """));
        }
    }
}
