using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace VetCommunity.App.Shell;

/// <summary>On a page without forms that says the same to every visitor who reads the same language.</summary>
/// <param name="parameters">What its address may say behind the question mark: with anything else it is not kept.</param>
[AttributeUsage(AttributeTargets.Class)]
sealed class SameForVisitorsAttribute(params string[] parameters) : Attribute
{
    public IReadOnlyList<string> Parameters => parameters;

    /// <summary>It is another from the moment when a practice or a lesson is published or changes otherwise.</summary>
    public bool ShowsPublished { get; set; }
}

/// <summary>Keeps such pages in memory for a short while: a thousand visitors who follow one link cost one rendering.</summary>
/// <param name="clock">For how long.</param>
/// <param name="publishedAsync">How often what is published has changed.</param>
sealed class VisitorPages(TimeProvider clock, Func<CancellationToken, Task<long>> publishedAsync)
{
    /// <summary>How much later than members a visitor may see what changed.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);
    /// <summary>Pages that are kept, and bytes of all of them; with one more it begins anew.</summary>
    public const int Most = 1_000, MostBytes = 32_000_000;
    // On a page of which a part may be gone at any moment.
    static readonly object NotKept = new();
    // Who narrows down more has a page of their own.
    const int LongestQuery = 300;

    readonly ConcurrentDictionary<(string Address, string Language, string? Theme), Page> _pages = new();
    long _bytes;

    public async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        if (AddressOf(http, out var showsPublished) is not { } address)
        {
            await HeldAnswer.InOnePieceAsync(http, next);
            return;
        }
        // Asked before it is rendered: a page that was begun before a change is none of after it.
        var version = showsPublished ? await publishedAsync(http.RequestAborted) : 0;
        var key = (address, CultureInfo.CurrentUICulture.Name, Theme.Of(http));
        // One renews it; who comes meanwhile gets the one that is there.
        if (!_pages.TryGetValue(key, out var page) || page.Version != version || (page.Until <= clock.GetUtcNow() && _pages.TryUpdate(key, page with { Until = clock.GetUtcNow() + Kept }, page)))
        {
            var html = await HeldAnswer.OfAsync(http, next);
            if (http.Response.StatusCode != StatusCodes.Status200OK)
            {
                await http.Response.Body.WriteAsync(html, http.RequestAborted);
                return;
            }
            page = new(html, http.Response.ContentType, new($"\"{Convert.ToHexStringLower(SHA256.HashData(html))[..32]}\""), clock.GetUtcNow() + Kept, version);
            if (!http.Items.ContainsKey(NotKept))
                Keep(key, page);
        }
        await SendAsync(http, page);
    }

    /// <summary>The page that is being made is not kept for others: it says what may be taken back at any moment, without a change that is counted.</summary>
    public static void KeepNot(HttpContext http) => http.Items[NotKept] = true;

    void Keep((string Address, string Language, string? Theme) key, Page page)
    {
        // Addresses are made of what visitors choose, so there is no end of them. What is asked for often is soon there again.
        if (_pages.Count >= Most || Interlocked.Read(ref _bytes) + page.Html.Length > MostBytes)
        {
            _pages.Clear();
            Interlocked.Exchange(ref _bytes, 0);
        }
        var former = _pages.GetValueOrDefault(key)?.Html.Length ?? 0;
        _pages[key] = page;
        Interlocked.Add(ref _bytes, page.Html.Length - former);
    }

    // Exactly the page's address, and what it knows in one order: other spellings of it are without number.
    static string? AddressOf(HttpContext http, out bool showsPublished)
    {
        showsPublished = false;
        if (!HttpMethods.IsGet(http.Request.Method) || http.User.Identity?.IsAuthenticated == true || http.Request.Cookies.ContainsKey(Members.MembersSetUp.Cookie)
            || http.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } route } endpoint || endpoint.Metadata.GetMetadata<SameForVisitorsAttribute>() is not { } same
            || http.Request.Path.Value is not ['/', .. var path])
            return null;
        foreach (var part in endpoint.RoutePattern.Parameters)
            route = route.Replace($"{{{part.Name}}}", http.Request.RouteValues[part.Name] as string, StringComparison.Ordinal);
        var query = http.Request.Query;
        if (path != route.TrimStart('/') || (http.Request.QueryString.Value?.Length ?? 0) > LongestQuery || query.Keys.Any(name => !same.Parameters.Contains(name, StringComparer.Ordinal)))
            return null;
        showsPublished = same.ShowsPublished;
        return query.Count == 0 ? path : QueryHelpers.AddQueryString(path, same.Parameters.SelectMany(name => query[name].Select(value => KeyValuePair.Create(name, value))));
    }

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

    sealed record Page(byte[] Html, string? Type, EntityTagHeaderValue Tag, DateTimeOffset Until, long Version);
}
