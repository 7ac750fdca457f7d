using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using VetCommunity.App.Members;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Shell;

/// <summary>On a page: a form whose token is no longer valid comes again with what was typed, and the page says so.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class KeepsExpiredFormAttribute : Attribute;

/// <summary>
/// Forms that were sent with a token of another key, another member or none, after the login ended, or after their page no longer showed them: nothing of them is done, and
/// nothing that was typed is lost.
/// </summary>
static class ExpiredForms
{
    // Somebody without an account makes us read no more than what a person types.
    const long MostRead = 1024 * 1024;
    static readonly object Mark = new();

    /// <summary>Whether this request was such a form; its fields are still there to be read.</summary>
    public static bool Came(HttpContext? http) => http?.Items.ContainsKey(Mark) == true;

    // What opens an account, by the last word of its field's name. A passphrase is a sentence as well, and a screen may be seen by others.
    static readonly string[] Secret = ["Password", "Current", "Code"];

    /// <summary>The texts and addresses in it that somebody may want to copy: neither tokens nor what opens an account nor numbers of things.</summary>
    public static IReadOnlyList<string> Texts(HttpContext? http) => http?.Items[Mark] is true && http.Request.HasFormContentType
        ? [.. http.Request.Form.Where(field => !field.Key.StartsWith('_') && !Secret.Any(word => field.Key.EndsWith(word, StringComparison.OrdinalIgnoreCase)))
            .Select(field => field.Value.ToString()).Where(value => value.AsSpan().Trim().IndexOfAny(' ', '@') >= 0)]
        : [];

    /// <summary>Before the authorisation: a form of somebody who is logged out must not go to the login page and lose its text.</summary>
    public static void UseFormsOfLoggedOut(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType && http.User.Identity?.IsAuthenticated != true
            && http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null && !Addresses.IsForScripts(http.Request.Path))
        {
            var isShort = http.Request.ContentLength <= MostRead;
            if (isShort)
                await http.Request.ReadFormAsync(http.RequestAborted);
            http.Items[Mark] = isShort;
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        await next(http);
    });

    /// <summary>After the antiforgery check.</summary>
    public static void UseExpiredForms(this WebApplication app) => app.Use((http, next) =>
    {
        if (HttpMethods.IsGet(http.Request.Method) || http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: false })
            return next(http);
        http.Items[Mark] = true;
        // The verdict is taken; while it stands, nobody may read the fields, not even to give them back.
        http.Features.Set<IAntiforgeryValidationFeature>(null);
        http.Response.StatusCode = StatusCodes.Status400BadRequest;
        if (http.GetEndpoint()?.Metadata.GetMetadata<KeepsExpiredFormAttribute>() is null)
            return Task.CompletedTask;
        // Shown, not done.
        http.Request.Method = HttpMethods.Get;
        return next(http);
    });

    /// <summary>
    /// After the form was read: it may have come so slowly that its sender's session ended, or their roles changed, before its last letter was here. Where the session has another key
    /// by now, its member has proved who they are, and only the cookie that came of it stands for them: this one may be a copy.
    /// </summary>
    public static void UseSessionsThatEndedMeanwhile(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType && MemberPrincipals.SessionOf(http.User) is { } session
            && http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            if (await http.RequestServices.GetRequiredService<Sessions>().FindAsync(session, http.RequestAborted) is not { } there
                || there.Session.Key != MemberPrincipals.KeyOf(http.User))
            {
                http.User = new();
                http.Items[Mark] = true;
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }
            http.User = MemberPrincipals.Of(there);
        }
        await next(http);
    });

    /// <summary>
    /// Forms that their page no longer shows, because somebody else or a first click was quicker: Blazor answers with a line for developers, or with nothing, and the typed text would be gone.
    /// </summary>
    public static void UseGoneForms(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (!HttpMethods.IsPost(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
        {
            await next(http);
            return;
        }
        if (await HeldAnswer.IfAsync(http, next, isEmpty => http.Response.StatusCode != StatusCodes.Status400BadRequest
            || (!isEmpty && http.Response.ContentType?.StartsWith("text/plain", StringComparison.Ordinal) != true)))
            return;
        http.Items[Mark] = true;
        http.Response.ContentType = null;
    });
}
