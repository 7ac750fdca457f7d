using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Localization;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Log-in by OpenID Connect: code flow with PKCE, nonce and state. Nothing is asked of a provider before somebody wants to log in with it.</summary>
static class OpenIdSetUp
{
    /// <summary>Where somebody goes on whom a provider has let through.</summary>
    public const string Page = "/Account/OpenId";

    const string Afresh = "vet:afresh";
    static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public static void AddOpenId(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<Providers>();
        services.AddSingleton<OpenIdProviders>();
        ArrivalStep.Add(services);
        foreach (var key in OpenIdProviders.KeysIn(builder.Configuration))
        {
            var scheme = OpenIdProvider.SchemeOf(key);
            services.AddAuthentication().AddOpenIdConnect(scheme, _ => { });
            services.AddOptions<OpenIdConnectOptions>(scheme).Configure<OpenIdProviders, Site>((options, providers, site) => SetUp(options, providers.Find(key)!, site));
        }
    }

    public static void MapOpenId(this WebApplication app) => app.MapGet(Page + "/{key}", StartAsync);

    /// <summary>Why a log-in by a provider came back.</summary>
    public static string? SentenceOf(string? problem, IStringLocalizer texts) => problem is "denied" or "failed" or "away" or "often" ? texts["Problem_" + problem].Value : null;

    static void SetUp(OpenIdConnectOptions options, OpenIdProvider provider, Site site)
    {
        (options.Authority, options.ClientId, options.ClientSecret) = (provider.Authority, provider.ClientId, provider.ClientSecret);
        options.RequireHttpsMetadata = provider.IsSecure;
        options.CallbackPath = provider.Back;
        options.SignInScheme = ArrivalStep.Scheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // A form that another site sends would come without our cookies.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.BackchannelTimeout = Wait;
        (options.RemoteAuthenticationTimeout, options.ProtocolValidator.NonceLifetime) = (ArrivalStep.Life, ArrivalStep.Life);
        // Nobody else ends sessions here.
        (options.RemoteSignOutPath, options.SignedOutCallbackPath) = (PathString.Empty, PathString.Empty);
        options.Scope.Clear();
        foreach (var scope in (string[])["openid", "email", "profile"])
            options.Scope.Add(scope);
        options.ClaimActions.MapUniqueJsonKey("email_verified", "email_verified");
        (options.CorrelationCookie.Name, options.NonceCookie.Name) = ("vet-openid-state.", "vet-openid-nonce.");
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
            (cookie.SameSite, cookie.SecurePolicy, cookie.HttpOnly) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest, true);
        options.Events.OnRedirectToIdentityProvider = context =>
        {
            // Never by the name that the caller uses, and right behind a proxy, too.
            context.ProtocolMessage.RedirectUri = site.Address(provider.Back);
            return Task.CompletedTask;
        };
        options.Events.OnTokenValidated = context =>
        {
            if (context.Properties?.Items.ContainsKey(Afresh) == true && !IsFresh(context.SecurityToken?.Claims.FirstOrDefault(claim => claim.Type == "auth_time")?.Value, context.Options.TimeProvider ?? TimeProvider.System))
                context.Fail("not logged in afresh");
            return Task.CompletedTask;
        };
        options.Events.OnTicketReceived = context =>
        {
            // The page needs to know which of them it was, by an address that the settings and not the answer name.
            ArrivalStep.Mark(context.Principal!, provider);
            return Task.CompletedTask;
        };
        options.Events.OnAccessDenied = context => FailAsync(context, "denied");
        options.Events.OnRemoteFailure = context =>
        {
            Log(context.HttpContext).LogWarning("A log-in by the provider {Provider} failed: {Kind}", provider.Key, context.Failure?.GetType().Name);
            return FailAsync(context, "failed");
        };
    }

    static Task FailAsync<T>(HandleRequestContext<T> context, string problem)
        where T : AuthenticationSchemeOptions
    {
        context.HandleResponse();
        context.Response.Redirect("/Account/Login?problem=" + problem);
        return Task.CompletedTask;
    }

    static async Task<IResult> StartAsync(string key, string? returnUrl, HttpContext http, OpenIdProviders providers, AccountLimits limits)
    {
        if (providers.Find(key) is not { } provider)
            return Results.NotFound();
        try
        {
            limits.Place(http);
            var properties = new OpenIdConnectChallengeProperties { RedirectUri = Page + "?returnUrl=" + Uri.EscapeDataString(Addresses.Local(returnUrl)) };
            // Who is in already comes to prove who they are: an open session over there is no proof.
            if (MemberPrincipals.SessionOf(http.User) is not null)
            {
                (properties.Prompt, properties.MaxAge) = (OpenIdConnectPrompt.Login, TimeSpan.Zero);
                properties.Items[Afresh] = "";
            }
            await http.ChallengeAsync(provider.Scheme, properties);
            return Results.Empty;
        }
        catch (RefusedException)
        {
            return Results.LocalRedirect("/Account/Login?problem=often");
        }
        catch (Exception error) when (error is InvalidOperationException or HttpRequestException or IOException or OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
        {
            Log(http).LogWarning("The provider {Provider} does not answer: {Kind}", provider.Key, error.GetType().Name);
            return Results.LocalRedirect("/Account/Login?problem=away");
        }
    }

    static bool IsFresh(string? at, TimeProvider clock) => long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds) < Fresh;

    static ILogger Log(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdSetUp));
}
