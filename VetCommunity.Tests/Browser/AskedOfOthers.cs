using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace VetCommunity.Tests.Browser;

/// <summary>What a page asks of other servers, or names of them, while one looks at it; and the cookies that it stores although the page about them does not name them.</summary>
sealed partial class AskedOfOthers
{
    // The address of a sheet or a script holds its own hash: what was read once need not be read again.
    static readonly ConcurrentDictionary<string, bool> Read = new(StringComparer.Ordinal);

    readonly IPage _page;
    readonly string _origin;
    readonly ConcurrentQueue<string> _found = new();

    public AskedOfOthers(IPage page, Uri origin)
    {
        _page = page;
        _origin = origin.GetLeftPart(UriPartial.Authority);
        page.Request += Hear;
    }

    /// <summary>Looks through the answer and the page that it became.</summary>
    public async Task LookAsync(IResponse answer)
    {
        foreach (var header in (await answer.AllHeadersAsync()).Where(header => WithoutPackages(header.Value).Contains("://", StringComparison.Ordinal) && !header.Value.Contains(_origin, StringComparison.Ordinal)))
            _found.Enqueue($"{_page.Url} says {header.Key}: {header.Value}");
        var named = await _page.EvaluateAsync<Names>(
            """
            async read => {
              const own = value => new URL(value, location.href).origin === location.origin || /^(data|blob):/.test(value);
              const found = [...document.querySelectorAll("[src], link[href], form[action], object[data], use[href], [poster]")]
                .flatMap(e => ["src", "action", "data", "poster", ...(e.matches("a") ? [] : ["href"])].map(name => e.getAttribute(name))).filter(value => value && !own(value));
              const sheets = [...document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], script[src]")].filter(one => !read.includes(new URL(one.href || one.src).pathname));
              for (const sheet of sheets) {
                const text = await (await fetch(sheet.href || sheet.src)).text();
                if (sheet.matches("link[rel=stylesheet]"))
                  found.push(...[...text.matchAll(/(?:url\(\s*|@import\s+)["']?([^"')\s]+)/g)].map(match => match[1]).filter(value => !own(value)));
              }
              return { found, read: sheets.map(one => new URL(one.href || one.src).pathname) };
            }
            """, Read.Keys.ToArray());
        foreach (var other in named.Found)
            _found.Enqueue($"{_page.Url} names {other}");
        foreach (var read in named.Read)
            Read[read] = true;
    }

    /// <summary>A line for each; from now on it looks no longer.</summary>
    public async Task<IReadOnlyList<string>> FoundAsync()
    {
        _page.Request -= Hear;
        var named = App.Privacy.StoredInBrowsers.Cookies.Select(cookie => cookie.Name);
        return [.. _found.Distinct(StringComparer.Ordinal), .. (await _page.Context.CookiesAsync()).Select(cookie => cookie.Name).Except(named, StringComparer.Ordinal).Select(name => $"the cookie {name}")];
    }

    void Hear(object? sender, IRequest request)
    {
        if (!request.Url.StartsWith(_origin + "/", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            _found.Enqueue($"{_page.Url} asks {request.Url}");
    }

    // Frames of people's packages come from the second origin, which is this server, too.
    [GeneratedRegex(@"frame-src https?://[^;\s]+", RegexOptions.NonBacktracking)]
    private static partial Regex FramesPattern();

    static string WithoutPackages(string policy) => FramesPattern().Replace(policy, "");

    sealed class Names
    {
        public string[] Found { get; set; } = [];
        public string[] Read { get; set; } = [];
    }
}
