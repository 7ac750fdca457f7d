using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using VetCommunity.App.Live;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>What a member's cookie holds, and what a request learns from it.</summary>
static class MemberPrincipals
{
    public const string NeedsFactor = "vet:needs-factor";
    const string SessionId = "vet:session";
    const string Key = "vet:key";
    const string Proven = "vet:proven";
    const string Passkey = "vet:passkey";

    public static ClaimsPrincipal Of(InSession there)
    {
        var identity = CurrentActor.IdentityOf(there.SignedIn.Actor, IdentityConstants.ApplicationScheme);
        identity.AddClaim(new(SessionId, there.Session.Id.ToString("N")));
        identity.AddClaim(new(Key, there.Session.Key.ToString("N")));
        identity.AddClaim(new(Proven, there.Session.ProvenAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        if (there.Session.ByPasskey)
            identity.AddClaim(new(Passkey, ""));
        if (there.SignedIn.NeedsFactor)
            identity.AddClaim(new(NeedsFactor, ""));
        return new(identity);
    }

    /// <summary>In which session somebody is; null for visitors and for access tokens.</summary>
    public static Guid? SessionOf(ClaimsPrincipal principal) => GuidOf(principal, SessionId);

    public static Guid? KeyOf(ClaimsPrincipal principal) => GuidOf(principal, Key);

    /// <summary>Whether the member has shown a passkey in this session.</summary>
    public static bool IsByPasskey(ClaimsPrincipal principal) => principal.HasClaim(claim => claim.Type == Passkey);

    /// <summary>When the member last proved who they are in this session.</summary>
    public static DateTimeOffset? ProvenAt(ClaimsPrincipal principal) =>
        long.TryParse(principal.FindFirstValue(Proven), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    static Guid? GuidOf(ClaimsPrincipal principal, string claim) => Guid.TryParseExact(principal.FindFirstValue(claim), "N", out var value) ? value : null;
}

/// <summary>Asks at every request whether the cookie's session goes on, and under which name and roles its member comes in.</summary>
sealed class MemberCookieEvents(Sessions sessions, SeenSessions seen, GuestDoors doors) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        // Style sheets are the same for everybody: a page's ten files cost no query.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            return;
        var there = MemberPrincipals.SessionOf(context.Principal!) is { } id ? await sessions.FindAsync(id, context.HttpContext.RequestAborted) : null;
        if (there is null)
        {
            context.RejectPrincipal();
            // A second click, or what a page's script has under way, may be answered after another session has begun: it must not take that one's cookie away.
            if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers["Sec-Fetch-Mode"] == "navigate")
                await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }
        // What was on its way while the key changed must not take the new cookie away.
        if (MemberPrincipals.KeyOf(context.Principal!) != there.Session.Key)
        {
            context.RejectPrincipal();
            return;
        }
        var principal = MemberPrincipals.Of(there);
        seen.Note(principal);
        context.ReplacePrincipal(principal);
        context.ShouldRenew = false;
    }

    public override async Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<GuestDoorAttribute>() is not null
            && context.HttpContext.GetRouteValue("Code") is string code && await doors.IsOpenAsync(context.HttpContext, code))
            context.Response.Redirect(GuestDoors.AddressOf(code));
        else
            await LogInAddress.RedirectAsync(context, base.RedirectToLogin);
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

/// <summary><c>Authorization: Bearer vct_...</c>: a script that acts with its owner's rights.</summary>
sealed class TokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Token";
    const string Prefix = "Bearer ";

    public static bool Speaks(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Speaks(Request))
            return AuthenticateResult.NoResult();
        var actor = await tokens.OwnerAsync(Request.Headers.Authorization.ToString()[Prefix.Length..].Trim(), Context.RequestAborted);
        return actor is null
            ? AuthenticateResult.Fail("unknown token")
            : AuthenticateResult.Success(new(new(CurrentActor.IdentityOf(actor, Name)), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return base.HandleChallengeAsync(properties);
    }
}
