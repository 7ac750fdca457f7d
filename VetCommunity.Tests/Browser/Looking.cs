using Microsoft.Playwright;

namespace VetCommunity.Tests.Browser;

/// <summary>What <c>JavaScript/looking.js</c> sees in a page.</summary>
static class Looking
{
    /// <summary>Opens the address and waits until an island on it lives.</summary>
    public static async Task<IResponse> ShowAsync(this IPage page, string address)
    {
        var answer = await page.GotoAsync(address);
        if (await page.Locator("script[src*='blazor.web']").CountAsync() > 0)
            await page.Locator(".island").First.WaitForAsync();
        return answer!;
    }

    /// <summary>Gives the page another window. The answer of the browser may come before the page has its new width; half of each is no page at all.</summary>
    public static async Task ResizeAsync(this IPage page, int width, int height, bool dark = false)
    {
        await page.SetViewportSizeAsync(width, height);
        await page.WaitForFunctionAsync("look => innerWidth === look.width && matchMedia('(prefers-color-scheme: dark)').matches === look.dark", new { width, dark });
    }

    /// <summary>The page as it is now, for the HTML checker.</summary>
    public static async Task<string> DocumentAsync(this IPage page) => "<!DOCTYPE html>" + await page.EvaluateAsync<string>("document.documentElement.outerHTML");

    /// <summary>A line for each thing that is wrong.</summary>
    public static async Task<string[]> LookAsync(this IPage page, params string[] at) => [.. (await page.EvaluateAsync<string[]>("at => at.flatMap(one => looking[one]())", at)).Distinct(StringComparer.Ordinal)];

    /// <summary>The texts and names that are not what people wrote in messages.</summary>
    public static Task<Word[]> WordsAsync(this IPage page) => page.EvaluateAsync<Word[]>("() => looking.words()");

    public sealed class Word
    {
        public string Where { get; set; } = "";
        public string Text { get; set; } = "";
    }
}
