using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace VetCommunity.App.Shell;

/// <summary>On a page without forms that says the same to every visitor who reads the same language.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class SameForVisitorsAttribute : Attribute;

/// <summary>Keeps such pages in memory for a short while: a thousand visitors who follow one link cost one rendering.</summary>
sealed class VisitorPages(TimeProvider clock)
{
    /// <summary>How much later than members a visitor may see what changed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    readonly ConcurrentDictionary<(string Path, string Language, string? Theme), Page> _pages = new();

    public async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsForAll(http))
        {
            await next(http);
            return;
        }
        var key = (http.Request.Path.Value!, CultureInfo.CurrentUICulture.Name, Theme.Of(http));
        // One renews it; who comes meanwhile gets the one that is there.
        if (!_pages.TryGetValue(key, out var page) || (page.Until <= clock.GetUtcNow() && _pages.TryUpdate(key, page with { Until = clock.GetUtcNow() + Kept }, page)))
        {
            var html = await HeldAnswer.OfAsync(http, next);
            if (http.Response.StatusCode != StatusCodes.Status200OK)
            {
                await http.Response.Body.WriteAsync(html, http.RequestAborted);
                return;
            }
            _pages[key] = page = new(html, http.Response.ContentType, new($"\"{Convert.ToHexStringLower(SHA256.HashData(html))[..32]}\""), clock.GetUtcNow() + Kept);
        }
        await SendAsync(http, page);
    }

    // Exactly the page's address: other spellings of it are without number.
    static bool IsForAll(HttpContext http) => HttpMethods.IsGet(http.Request.Method) && !http.Request.QueryString.HasValue
        && http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } endpoint && endpoint.Metadata.GetMetadata<SameForVisitorsAttribute>() is not null
        && http.Request.Path.Value is ['/', .. var path] && path == route.TrimStart('/')
        && http.User.Identity?.IsAuthenticated != true && !http.Request.Cookies.ContainsKey(Members.MembersSetUp.Cookie);

    static async Task SendAsync(HttpContext http, Page page)
    {
        var headers = http.Response.Headers;
        // Blazor sends a form's cookie with every page, and with it forbids to keep the page; there is no form here.
        headers.SetCookie = default;
        headers.Pragma = default;
        // Whoever logs in asks for the same address.
        headers.CacheControl = "private, no-cache";
        headers.Vary = "Cookie, Accept-Language";
        http.Response.GetTypedHeaders().ETag = page.Tag;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(page.Tag, useStrongComparison: false)))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            http.Response.ContentType = null;
            return;
        }
        http.Response.ContentType = page.Type;
        http.Response.ContentLength = page.Html.Length;
        await http.Response.Body.WriteAsync(page.Html, http.RequestAborted);
    }

    sealed record Page(byte[] Html, string? Type, EntityTagHeaderValue Tag, DateTimeOffset Until);
}
