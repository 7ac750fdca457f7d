using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.WebEncoders;
using VetCommunity.App.GoodPractice;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.Shell;

/// <summary>The frame of every page: languages, headers, assets, health.</summary>
static class ShellSetUp
{
    public static void AddShell(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            // A room's page whole: a reader whose line is slow does not hold up the writing of it, and what it was made of is free again.
            options.Limits.MaxResponseBufferSize = HeldAnswer.LongPage;
        });
        builder.KeepSecretsOutOfLogs();
        var services = builder.Services;
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddIslands();
        services.AddHttpContextAccessor();
        services.AddSingleton<Readiness>();
        services.AddSingleton(all => new VisitorPages(all.GetRequiredService<TimeProvider>(), cancel => all.GetRequiredService<Publications>().VersionAsync(Actor.Visitor, cancel)));
        services.AddSingleton<Sitemap>();
        services.AddSingleton<IStartupFilter, HeadAsGet>();
        services.AddLocalization();
        services.AddSingleton<IStringLocalizerFactory, ReadyTexts>();
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<AntiforgeryOptions>(options =>
        {
            options.Cookie.Name = "vet-form";
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddRequestLocalization(options =>
        {
            var languages = Languages.All.Select(code => CultureInfo.GetCultureInfo(code)).ToList();
            options.DefaultRequestCulture = new("en");
            options.SupportedCultures = languages;
            options.SupportedUICultures = languages;
            options.RequestCultureProviders =
            [
                new CustomRequestCultureProvider(http => Task.FromResult(
                    CurrentActor.Of(http.User) is { IsMember: true } actor ? new ProviderCultureResult(actor.Language) : null)),
                new CookieRequestCultureProvider(),
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
        });
    }

    public static void UseShell(this WebApplication app)
    {
        app.UseAnswerHeaders();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/status",
            CreateScopeForErrors = true,
            AllowStatusCode404Response = true,
            StatusCodeSelector = error => error switch
            {
                NotFoundException => StatusCodes.Status404NotFound,
                RefusedException { Refusal: Refusal.TooBusy } => StatusCodes.Status503ServiceUnavailable,
                _ when IsNoAddress(error) => StatusCodes.Status404NotFound,
                BadHttpRequestException bad => bad.StatusCode,
                _ when IsUnreadable(error) => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status500InternalServerError,
            },
            SuppressDiagnosticsCallback = context => context.Exception is NotFoundException or RefusedException { Refusal: Refusal.TooBusy } or BadHttpRequestException || IsUnreadable(context.Exception) || IsNoAddress(context.Exception),
        });
        app.UseStatusCodePagesWithReExecute("/status", createScopeForStatusCodePages: true);
        app.Use((http, next) =>
        {
            // A script reads the status; only people read a page about it.
            if (Addresses.IsForScripts(http.Request.Path) && http.Features.Get<IStatusCodePagesFeature>() is { } pages)
                pages.Enabled = false;
            // The page about a failed form is read, not sent.
            if (http.Features.Get<IStatusCodeReExecuteFeature>() is not null || http.Features.Get<IExceptionHandlerFeature>() is not null)
                http.Request.Method = HttpMethods.Get;
            // What failed may be the reading itself: the page about it does not try once more.
            if (http.Features.Get<IExceptionHandlerFeature>() is not null)
                http.Request.ContentType = null;
            return next(http);
        });
        app.Use(app.Services.GetRequiredService<MemoryLeft>().KeepAsync);
        app.Use(app.Services.GetRequiredService<Places>().HoldAsync);
        app.UseAuthentication();
        app.UseRequestLocalization();
        app.Use(app.Services.GetRequiredService<ReaderCount>().CountAsync);
        app.Use(app.Services.GetRequiredService<VisitorPages>().AnswerAsync);
    }

    public static void MapShell(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapIslands(app.MapRazorComponents<App>());
        app.MapGet("/language/{code}", async (string code, string? @return, HttpContext http, Accounts accounts) =>
        {
            if (!Languages.All.Contains(code, StringComparer.Ordinal))
                throw new NotFoundException("language");
            http.Response.Cookies.Append(
                CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new(code)), Lasting(http));
            if (CurrentActor.Of(http.User) is { IsMember: true } actor)
                await accounts.ReadInAsync(actor, code, http.RequestAborted);
            return Back(@return);
        });
        app.MapGet("/theme/{name}", (string name, string? @return, HttpContext http) =>
        {
            if (name is "light" or "dark")
                http.Response.Cookies.Append(Theme.Cookie, name, Lasting(http));
            else
                http.Response.Cookies.Delete(Theme.Cookie);
            return Back(@return);
        });
        Sitemap.Map(app);
        app.MapGet("/health/live", () => Results.Text("alive"));
        app.MapGet("/health/ready", async (Readiness readiness, CancellationToken cancel) =>
        {
            return await readiness.IsReadyAsync(cancel) ? Results.Text("ready") : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }).WithMetadata(new SkipStatusCodePagesMetadata());
    }

    // A form with too many fields, or with none that can be told apart: the sender's fault, not ours.
    static bool IsUnreadable(Exception error) => error is InvalidDataException or AntiforgeryValidationException { InnerException: InvalidDataException or IOException } || IsCutOff(error);

    // A part of a form without its end; the reader has no exception of its own for it.
    static bool IsCutOff(Exception error) => error is IOException && error.Message.StartsWith("Unexpected end of Stream", StringComparison.Ordinal);

    // Such as ?page=abc; Blazor has no exception of its own for it.
    static bool IsNoAddress(Exception error) =>
        error is InvalidOperationException && error.Message.StartsWith("Cannot parse the value '", StringComparison.Ordinal);

    static IResult Back(string? address) => Results.LocalRedirect(Addresses.Local(address));

    static CookieOptions Lasting(HttpContext http) => new()
    {
        MaxAge = TimeSpan.FromDays(365),
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/",
    };

    sealed class SkipStatusCodePagesMetadata : Microsoft.AspNetCore.Http.Metadata.ISkipStatusCodePagesMetadata;
}
