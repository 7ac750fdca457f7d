using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

[Promise("PR3")]
public partial class EveryPageForEveryone
{
    [Fact]
    public async Task No_page_asks_another_server_or_stores_a_cookie_that_the_page_about_them_does_not_name()
    {
        List<string> elsewhere = [];
        foreach (var who in Pages.Select(page => page.Who).Distinct(StringComparer.Ordinal))
        {
            var page = await seen.PageAsync(who);
            await page.GotoAsync("/");
            var origin = new Uri(page.Url).GetLeftPart(UriPartial.Authority);
            void Look(object? sender, IRequest request)
            {
                if (!request.Url.StartsWith(origin + "/", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                    elsewhere.Add($"{page.Url} asks {request.Url}");
            }
            page.Request += Look;
            foreach (var (_, address, _) in Pages.Where(one => one.Who == who))
            {
                var answer = await page.GotoAsync(seen.Fill(address));
                elsewhere.AddRange((await answer!.AllHeadersAsync()).Where(header => WithoutPackages(header.Value).Contains("://", StringComparison.Ordinal) && !header.Value.Contains(origin, StringComparison.Ordinal))
                    .Select(header => $"{address} says {header.Key}: {header.Value}"));
                elsewhere.AddRange(await page.EvaluateAsync<string[]>(
                    """
                    async () => {
                      const own = value => new URL(value, location.href).origin === location.origin || /^(data|blob):/.test(value);
                      const found = [...document.querySelectorAll("[src], link[href], form[action], object[data], use[href], [poster]")]
                        .flatMap(e => ["src", "action", "data", "poster", ...(e.matches("a") ? [] : ["href"])].map(name => e.getAttribute(name))).filter(value => value && !own(value));
                      for (const sheet of document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], script[src]")) {
                        const text = await (await fetch(sheet.href || sheet.src)).text();
                        if (sheet.matches("link[rel=stylesheet]"))
                          found.push(...[...text.matchAll(/(?:url\(\s*|@import\s+)["']?([^"')\s]+)/g)].map(match => match[1]).filter(value => !own(value)));
                      }
                      return found.map(value => `${location.pathname} names ${value}`);
                    }
                    """));
            }
            page.Request -= Look;
            var named = App.Privacy.StoredInBrowsers.Cookies.Select(cookie => cookie.Name);
            elsewhere.AddRange((await page.Context.CookiesAsync()).Select(cookie => cookie.Name).Except(named, StringComparer.Ordinal).Select(name => $"the cookie {name}"));
        }

        Assert.Empty(elsewhere.Distinct(StringComparer.Ordinal));
    }

    // Frames of people's packages come from the second origin, which is this server, too.
    [GeneratedRegex(@"frame-src https?://[^;\s]+", RegexOptions.NonBacktracking)]
    private static partial Regex FramesPattern();

    static string WithoutPackages(string policy) => FramesPattern().Replace(policy, "");
}
