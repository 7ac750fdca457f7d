using VetCommunity.App.CommandLine;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.SecondOrigin;

/// <summary>The second origin: what comes there is answered there, before anything of the site is asked.</summary>
static class SecondOriginSetUp
{
    const string Nothing = "There is nothing here.";

    public static void AddSecondOrigin(this WebApplicationBuilder builder) => builder.Services.AddSingleton(provider => provider.GetRequiredService<Settings>().Content);

    /// <summary>Comes first: no log-in, no cookie, no page, no hub and no file of the site is there.</summary>
    public static void UseSecondOrigin(this WebApplication app)
    {
        var origin = app.Services.GetRequiredService<ContentOrigin>();
        if (origin.Listens is { } listens)
        {
            // Once one address is named here, the settings' own count no more.
            foreach (var url in ContentOrigin.Urls(app.Configuration).Append(listens))
                app.Urls.Add(url);
        }
        var site = app.Services.GetRequiredService<Site>();
        app.Use((http, next) => origin.IsAskedBy(http) ? AnswerAsync(http, new Uri(site.Address("/")).GetLeftPart(UriPartial.Authority)) : next(http));
    }

    static Task AnswerAsync(HttpContext http, string site)
    {
        Restrict(http.Response.Headers, site);
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.WriteAsync(Nothing, http.RequestAborted);
    }

    // A sandboxed page has no origin, not even this one: so files of its own come to it from elsewhere.
    static void Restrict(IHeaderDictionary headers, string site)
    {
        headers.ContentSecurityPolicy = $"sandbox allow-scripts allow-forms; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {site}";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()";
        headers.CacheControl = "no-store";
    }
}
