using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Every page in one language after the other, in the pseudo-language, and through the HTML checker.</summary>
public sealed partial class EveryPageInEveryLanguage(SeenPages seen) : IClassFixture<SeenPages>
{
    static IEnumerable<(string Who, IEnumerable<string> Addresses)> Walks => EveryPageForEveryone.Pages.GroupBy(page => page.Who, page => page.Address, StringComparer.Ordinal).Select(group => (group.Key, group.AsEnumerable()));

    // Each page in one language after the other is a quarter of an hour. Every run looks at each page in one of them, and where the promises are asked for, in all.
    static IEnumerable<(string Who, IEnumerable<string> Addresses)> WalksIn(string language) => Environment.GetEnvironmentVariable("VET_EVERY_LANGUAGE") == "1" ? Walks
        : EveryPageForEveryone.Pages.Index().Where(page => Others[page.Index % Others.Length] == language).GroupBy(page => page.Item.Who, page => page.Item.Address, StringComparer.Ordinal).Select(group => (group.Key, group.AsEnumerable()));

    static readonly string[] Others = [.. Languages.All.Where(language => language != "en")];

    [Promise("AX1")]
    [Theory]
    [InlineData("it")]
    [InlineData("de")]
    [InlineData("es")]
    [InlineData("ca")]
    [InlineData("el")]
    public async Task In_another_language_too(string language)
    {
        List<string> found = [];
        foreach (var (who, addresses) in WalksIn(language))
        {
            var page = await seen.PageAsync(who);
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            await page.GotoAsync($"/language/{language}");
            await page.ResizeAsync(360, 800);
            foreach (var address in addresses)
            {
                await page.ShowAsync(seen.Fill(address));
                Assert.Equal(language, await page.EvaluateAsync<string>("document.documentElement.lang"));
                var axe = await Axe.FindAsync(page, Axe.OfWords);
                var looked = await page.LookAsync("clipped", "overlapping", "sideways", "small");
                found.AddRange(((string[])[axe, .. looked]).Where(one => one.Length > 0).Select(one => $"{address}: {one}"));
            }
            await page.GotoAsync("/language/en");
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [Fact]
    public async Task In_pseudo_language_every_text_is_one_of_the_resources_and_has_room()
    {
        var pseudo = await seen.PseudoAsync();
        var written = await DemoTexts.ReadAsync(seen.DatabaseFile, CultureInfo.GetCultureInfo("ca"));
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach (var (who, addresses) in Walks)
        {
            var page = await seen.PageAsync(who);
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light, ReducedMotion = ReducedMotion.Reduce });
            await page.GotoAsync(new Uri(pseudo, "/language/ca").ToString());
            foreach (var address in addresses)
            {
                await page.ResizeAsync(1280, 900);
                await page.ShowAsync(new Uri(pseudo, seen.Fill(address)).ToString());
                await Assertions.Expect(page.Locator("a.skip-link").First).ToContainTextAsync("⟦");
                var outside = (await page.WordsAsync()).Select(word => (word.Where, Left: written.Without(Revealed(word.Text)))).Where(word => WordPattern().IsMatch(word.Left));
                found.UnionWith(outside.Select(word => $"not from the resources: {word.Where}: {word.Left}"));
                foreach (var width in (int[])[1280, 360])
                {
                    await page.ResizeAsync(width, 900);
                    found.UnionWith((await page.LookAsync("clipped", "overlapping", "sideways")).Select(one => $"{address}, {width} px: {one}"));
                }
            }
            await page.GotoAsync(new Uri(pseudo, "/language/en").ToString());
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    // One sentence may stand within another.
    static string Revealed(string text)
    {
        for (var before = ""; before != text;)
            (before, text) = (text, DisguisedPattern().Replace(text, " "));
        return text;
    }

    [Promise("AX1")]
    [Fact]
    public async Task The_html_checker_finds_nothing()
    {
        await using var checker = await HtmlChecker.StartAsync();
        List<Task<string[]>> found = [];
        foreach (var (who, addresses) in Walks)
        {
            var page = await seen.PageAsync(who);
            foreach (var language in Languages.All.Reverse())
            {
                await page.APIRequest.GetAsync($"/language/{language}");
                foreach (var address in addresses)
                {
                    var answer = await page.APIRequest.GetAsync(seen.Fill(address));
                    var html = await answer.TextAsync();
                    found.Add(CheckAsync($"{address} ({language})", html));
                    // What the page's own scripts, islands among them, have made of it.
                    if (language == "en" && ScriptedPattern().IsMatch(html))
                    {
                        await page.ShowAsync(seen.Fill(address));
                        found.Add(CheckAsync($"{address} in the browser", await page.DocumentAsync()));
                    }
                }
            }
        }
        found.Add(CheckAsync("a room after changes", await seen.ChangedRoomAsync()));

        var wrong = (await Task.WhenAll(found)).SelectMany(one => one).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        async Task<string[]> CheckAsync(string what, string html) => [.. (await checker.CheckAsync(html)).Select(one => $"{what}: {one}")];
    }

    [GeneratedRegex("[⟦][^⟦⟧]*[⟧]", RegexOptions.NonBacktracking)]
    private static partial Regex DisguisedPattern();

    [GeneratedRegex(@"\p{L}{2}", RegexOptions.NonBacktracking)]
    private static partial Regex WordPattern();

    [GeneratedRegex("<live-conversation|blazor.web|data-hours", RegexOptions.NonBacktracking)]
    private static partial Regex ScriptedPattern();
}
