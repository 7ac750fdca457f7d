using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;

namespace VetCommunity.Tests.Browser;

/// <summary>The words for what one does on a room's page.</summary>
static class RoomPage
{
    public static ILocator Composer(this IPage page) => page.GetByRole(AriaRole.Textbox, new() { Name = "Message", Exact = true });

    public static ILocator Log(this IPage page) => page.GetByRole(AriaRole.Log, new() { Name = "Messages" });

    /// <summary>The message with this in its own text, not in what it quotes.</summary>
    public static ILocator Message(this IPage page, string text) => page.Log().Locator("article[data-seq]", new()
    {
        Has = page.Locator(".message-body, .message-gone", new() { HasText = text }),
    });

    public static ILocator Status(this IPage page) => page.Locator(".connection");

    public static async Task SayAsync(this IPage page, string text)
    {
        // Before the page's script is there, Enter is a line break.
        await Assertions.Expect(page.Locator("html")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete");
        await page.Composer().FillAsync(text);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Message(text)).ToHaveCountAsync(1);
    }

    /// <summary>Waits until the page has this address, in which <c>*</c> stands for a part and <c>**</c> for anything.</summary>
    public static Task ArriveAsync(this IPage page, string address)
    {
        var parts = Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal);
        // Whoever waits for the event of the load begins too late where it has just come; the next step waits for what it needs anyway.
        return Assertions.Expect(page).ToHaveURLAsync(new Regex($"^{parts}$", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    /// <summary>Chooses from the menu of a message.</summary>
    public static async Task ChooseAsync(this IPage page, string message, string action)
    {
        var article = page.Message(message);
        await article.OpenMenuAsync();
        await article.Locator(".menu-list").GetByRole(action is "Reply" or "Edit" ? AriaRole.Link : AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
    }

    /// <summary>Opens the menu of this message and waits until it is there: script makes it then.</summary>
    public static async Task OpenMenuAsync(this ILocator message)
    {
        await message.HoverAsync();
        await message.Locator(".message-actions > summary").ClickAsync();
        await Assertions.Expect(message.Locator(".message-reacts")).ToBeVisibleAsync();
    }

    /// <summary>Without script the menu of a message is a page: the room, with it open.</summary>
    public static async Task OpenMenuWithoutScriptAsync(this IPage page, string message)
    {
        await page.Message(message).Last.Locator(".message-actions > summary").ClickAsync();
        await page.Message(message).Last.Locator(".menu-list").GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.Message(message).Last.Locator(".message-reacts")).ToBeVisibleAsync();
    }

    /// <summary>The page hears of changes from now on.</summary>
    public static Task LivingAsync(this IPage page) => Assertions.Expect(page.Locator(".presence")).Not.ToBeEmptyAsync();

    /// <summary>Cuts the page's line; it opens another one at once.</summary>
    public static Task BreakTheLineAsync(this IPage page) => page.EvaluateAsync("() => { dispatchEvent(new Event('online')); }");

    public static async Task<long> PostAsync(this HubConnection hub, string conversation, string markdown, string? topic = null) => (await hub.InvokeAsync<JsonElement>("Post", new
    {
        conversation,
        clientKey = Guid.NewGuid().ToString("N"),
        topic,
        markdown,
        replyToSeq = (long?)null,
        attachments = (string[]?)null,
    })).GetProperty("seq").GetInt64();
}
