using System.Globalization;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;

namespace VetCommunity.App.Api;

/// <summary>
/// What nobody else answered under <c>/api</c> with more than a status gets its <c>application/problem+json</c> here (RFC 9457): no login, no such address,
/// a body that is no JSON, a value of the wrong type, a bug.
/// </summary>
static class ApiProblems
{
    static readonly HashSet<int> Told = [400, 401, 404, 405, 406, 413, 415];

    public static void UseApiProblems(this WebApplication app) => app.UseWhen(http => http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), branch => branch.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = bad.StatusCode;
        }
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            app.Logger.LogError(error, "{Method} {Path} failed", http.Request.Method, PathOf(http));
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null or 0, ContentType: null })
            await Problem(http.RequestServices.GetRequiredService<IStringLocalizer<WebhookTexts>>(), http.Response.StatusCode).ExecuteAsync(http);
    }));

    /// <summary>The sentence of a status.</summary>
    public static IResult Problem(IStringLocalizer<WebhookTexts> text, int status) =>
        Results.Problem(text["Call_" + (Told.Contains(status) ? status : 500).ToString(CultureInfo.InvariantCulture)], statusCode: status);

    /// <summary>The sentence of a rule, and the rule's name for programs.</summary>
    public static IResult Problem(string refusal, int status, string sentence) =>
        Results.Problem(sentence, statusCode: status, extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["refusal"] = refusal });

    // The secret part of a webhook's address belongs into no log.
    static string PathOf(HttpContext http) => http.GetEndpoint() is RouteEndpoint endpoint ? endpoint.RoutePattern.RawText ?? "" : Addresses.IsForScripts(http.Request.Path) ? "/api" : "";
}
