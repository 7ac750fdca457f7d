using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using MudBlazor.Services;
using VetCommunity.App.Members;

namespace VetCommunity.App.Shell;

/// <summary>A page with this has interactive islands: it loads Blazor's script and MudBlazor's styles, and no other page does.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class IslandsAttribute : Attribute;

/// <summary>People's tools that run in a circuit: how they are set up.</summary>
static class Islands
{
    public const string Circuits = "/_blazor";

    /// <summary>Without prerendering: the page waits with a sentence instead of showing what cannot be used yet.</summary>
    public static readonly IComponentRenderMode Mode = new InteractiveServerRenderMode(prerender: false);

    public static void AddIslands(this IServiceCollection services)
    {
        services.AddMudServices();
        services.AddSingleton<MudTheme>();
        services.AddScoped<CircuitActor>();
    }

    public static void MapIslands(this WebApplication app, RazorComponentsEndpointConventionBuilder pages)
    {
        pages.AddInteractiveServerRenderMode(options =>
        {
            // Compression costs 220 KiB a circuit; frame-ancestors stands in our own policy.
            options.DisableWebSocketCompression = true;
            options.ContentSecurityFrameAncestorsPolicy = null;
        });
        pages.Add(endpoint =>
        {
            if (endpoint is RouteEndpointBuilder route && ("/" + route.RoutePattern.RawText?.TrimStart('/')).StartsWith(Circuits, StringComparison.Ordinal))
                route.Metadata.Add(new AuthorizeAttribute());
        });
        app.MapGet(MudTheme.Path, async (MudTheme theme, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Text(await theme.CssAsync(), "text/css");
        });
    }
}

/// <summary>MudBlazor writes its theme into the page as a style element, which our policy forbids: it is rendered once and served as a file.</summary>
sealed partial class MudTheme(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    public const string Path = "/mud-theme.css";
    readonly Lazy<Task<string>> _css = new(() => RenderAsync(scopes, logs));

    public Task<string> CssAsync() => _css.Value;

    /// <summary>Changes with the theme.</summary>
    public async Task<string> AddressAsync() => $"{Path}?v={Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(await CssAsync())))[..10]}";

    static async Task<string> RenderAsync(IServiceScopeFactory scopes, ILoggerFactory logs)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<MudThemeProvider>()).ToHtmlString());
        return string.Join('\n', StylePattern().Matches(html).Select(style => style.Groups["css"].Value));
    }

    [GeneratedRegex("<style[^>]*>(?<css>.*?)</style>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StylePattern();
}
