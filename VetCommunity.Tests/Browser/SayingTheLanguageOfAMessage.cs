using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

public class SayingTheLanguageOfAMessage(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task The_language_is_told_beside_the_message_and_corrected_from_its_menu_on_every_open_page()
    {
        var anna = await chromium.LogInAsync("member@demo.example");
        var bruno = await chromium.LogInAsync("member2@demo.example");
        await anna.GotoAsync("/rooms/welcome");
        await bruno.GotoAsync("/rooms/welcome");
        await bruno.LivingAsync();
        const string Said = "Domani mattina montiamo la nuova fresatrice nel laboratorio della scuola";
        await anna.SayAsync(Said);

        var seen = bruno.Message(Said);
        await Assertions.Expect(seen.Locator(".message-language")).ToHaveTextAsync("Italiano");
        await Assertions.Expect(seen.Locator(".message-body")).ToHaveAttributeAsync("lang", "it");
        // Only its author and moderators correct it.
        await seen.OpenMenuAsync();
        await Assertions.Expect(seen.Locator("a[href$='/language']")).ToBeHiddenAsync();

        var mine = anna.Message(Said);
        await mine.OpenMenuAsync();
        await mine.GetByRole(AriaRole.Link, new() { Name = "Language", Exact = true }).ClickAsync();
        await anna.GetByLabel("Language of the message").SelectOptionAsync("ca");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

        await Assertions.Expect(seen.Locator(".message-language")).ToHaveTextAsync("Català");
        await Assertions.Expect(seen.Locator(".message-body")).ToHaveAttributeAsync("lang", "ca");
        await Assertions.Expect(anna.Message(Said).Locator(".message-language")).ToHaveTextAsync("Català");

        await mine.OpenMenuAsync();
        await mine.Locator("a[href$='/language']").ClickAsync();
        await anna.GetByLabel("Language of the message").SelectOptionAsync("en");
        await anna.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        // The room's own needs no word.
        await Assertions.Expect(seen.Locator(".message-language")).ToHaveCountAsync(0);
    }
}
