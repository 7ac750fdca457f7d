using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class BridgingInARoom(Chromium chromium) : IClassFixture<Chromium>
{
    const string Spanish = "Esta formación profesional es muy buena para nuestra escuela";

    [Fact]
    public async Task A_message_is_asked_for_translated_accepted_and_seen_by_all_who_read_it_and_by_nobody_else()
    {
        var asker = await chromium.LogInAsync("coordinator@demo.example");
        var bridger = await chromium.LogInAsync("moderator@demo.example");
        var author = await chromium.LogInAsync("admin@demo.example");
        var outsider = await chromium.LogInAsync("member@demo.example");
        await bridger.GotoAsync("/Account/Profile");
        await bridger.GetByText("From: Spanish").ClickAsync();
        await bridger.GetByRole(AriaRole.Checkbox, new() { Name = "Spanish → Catalan" }).CheckAsync();
        await bridger.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await bridger.ArriveAsync("**/people/*");
        await Assertions.Expect(bridger.Locator("main")).ToContainTextAsync("Spanish → Catalan");
        var name = await bridger.GetByRole(AriaRole.Heading, new() { Level = 1 }).EvaluateAsync<string>("heading => heading.firstChild.textContent.trim()");

        await using var hub = await chromium.Community.ConnectAsync("admin@demo.example");
        var heard = Channel.CreateUnbounded<JsonElement>();
        hub.On<JsonElement>("MessageEdited", told => heard.Writer.TryWrite(told));
        await hub.InvokeAsync<JsonElement>("Open", "board", null, "json");
        var seq = await hub.PostAsync("board", Spanish);
        await author.GotoAsync("/rooms/board");
        await author.LivingAsync();
        await bridger.GotoAsync("/rooms/board");
        await bridger.LivingAsync();

        await asker.GotoAsync("/rooms/board");
        await asker.LivingAsync();
        await asker.Message(Spanish).HoverAsync();
        await asker.Message(Spanish).Locator("details.menu summary").ClickAsync();
        await asker.Message(Spanish).GetByRole(AriaRole.Link, new() { Name = "Bridge this" }).ClickAsync();
        await asker.GetByLabel("Into which language?").SelectOptionAsync("ca");
        await asker.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Assertions.Expect(asker.GetByText("You asked for it")).ToBeVisibleAsync();

        await Assertions.Expect(bridger.Locator(".bell-word")).ToContainTextAsync("asks for a translation");
        await bridger.Locator(".bell-word a").ClickAsync();
        await bridger.ArriveAsync($"**/rooms/board/messages/{seq}/translations");
        await bridger.GotoAsync("/bridging");
        await bridger.GetByRole(AriaRole.Link, new() { Name = "Translate the message by Katharina Edlbauer" }).ClickAsync();
        await bridger.GetByText("Add a word to the glossary").ClickAsync();
        await bridger.GetByLabel("Translation (Catalan)").FillAsync("Aquesta formació");
        await bridger.GetByLabel("Word (Spanish)").FillAsync("escuela");
        await bridger.GetByLabel("Word (Catalan)").FillAsync("escola");
        await bridger.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(bridger.GetByText("The word is in the glossary.")).ToBeVisibleAsync();
        await Assertions.Expect(bridger.Locator(".hits")).ToContainTextAsync("escola");
        await Assertions.Expect(bridger.GetByLabel("Translation (Catalan)")).ToHaveValueAsync("Aquesta formació");
        await bridger.GetByLabel("Translation (Catalan)").FillAsync("Aquesta **formació** és molt bona <b>aquí</b>");
        await bridger.GetByRole(AriaRole.Button, new() { Name = "Hand in" }).ClickAsync();
        await Assertions.Expect(bridger.GetByText("Waits to be accepted", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(author.Locator(".translation")).ToHaveCountAsync(0);

        await Assertions.Expect(asker.Locator(".bell-word")).ToContainTextAsync("has translated what you asked for");
        await asker.Locator(".bell-word a").ClickAsync();
        await asker.GetByRole(AriaRole.Button, new() { Name = $"Accept the translation by {name}" }).ClickAsync();
        await Assertions.Expect(asker.GetByText("Stands under the message", new() { Exact = true })).ToBeVisibleAsync();

        var under = author.Message(Spanish).Locator("details.translation");
        await Assertions.Expect(under.Locator("summary")).ToContainTextAsync($"In Catalan, by {name}");
        await Assertions.Expect(under.Locator(".translation-body")).ToBeHiddenAsync();
        await under.Locator("summary").ClickAsync();
        await Assertions.Expect(under.Locator("[lang=ca] strong")).ToHaveTextAsync("formació");
        await Assertions.Expect(under.Locator("b")).ToHaveCountAsync(0);
        // Another change of the message leaves it open.
        await hub.InvokeAsync("React", new { conversation = "board", seq, emoji = "👍", on = true });
        await Assertions.Expect(author.Message(Spanish).Locator(".reaction")).ToHaveCountAsync(1);
        await Assertions.Expect(under.Locator(".translation-body")).ToBeVisibleAsync();
        await Assertions.Expect(author.Message(Spanish).Locator("details.menu")).Not.ToHaveAttributeAsync("open", "");

        var told = await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough);
        var translation = told.GetProperty("translations").EnumerateArray().Single();
        Assert.Equal(("ca", name, false, seq), (translation.GetProperty("language").GetString(), translation.GetProperty("author").GetProperty("name").GetString(),
            translation.GetProperty("outdated").GetBoolean(), told.GetProperty("seq").GetInt64()));

        foreach (var page in (string[])["", "/ca"])
            Assert.Equal(404, (await outsider.GotoAsync($"/rooms/board/messages/{seq}/translations{page}"))!.Status);
        await outsider.GotoAsync("/bridging");
        await Assertions.Expect(outsider.Locator("main")).Not.ToContainTextAsync("escuela");

        await author.GotoAsync($"/rooms/board/messages/{seq}/translations");
        await asker.GotoAsync("/rooms/board");
        await asker.LivingAsync();
        await Assertions.Expect(asker.Message(Spanish).Locator(".translation")).ToHaveCountAsync(1);
        await author.GetByRole(AriaRole.Button, new() { Name = "Take away" }).ClickAsync();
        await Assertions.Expect(asker.Message(Spanish).Locator(".translation")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_in_the_language_of_a_translation_shows_it_open_and_one_without_script_shows_it_too()
    {
        var member = await chromium.LogInAsync("member2@demo.example");
        await member.GotoAsync("/Account/Profile");
        await member.GetByText("From: Spanish").ClickAsync();
        await member.GetByRole(AriaRole.Checkbox, new() { Name = "Spanish → Italian" }).CheckAsync();
        await member.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await member.ArriveAsync("**/people/*");
        await using var hub = await chromium.Community.ConnectAsync("member2@demo.example");
        var seq = await hub.PostAsync("welcome", "Nuestra escuela tiene una formación profesional muy buena");
        await member.GotoAsync($"/rooms/welcome/messages/{seq}/translations/it");
        await member.GetByLabel("Translation (Italian)").FillAsync("La nostra scuola");
        await member.GetByRole(AriaRole.Button, new() { Name = "Hand in" }).ClickAsync();
        await Assertions.Expect(member.GetByText("Stands under the message", new() { Exact = true })).ToBeVisibleAsync();

        await member.GotoAsync("/language/it?return=/rooms/welcome");
        await Assertions.Expect(member.Locator($"#m-{seq} .translation-body")).ToBeVisibleAsync();
        await member.GotoAsync("/language/en?return=/rooms/welcome");
        await Assertions.Expect(member.Locator($"#m-{seq} .translation-body")).ToBeHiddenAsync();
    }
}
