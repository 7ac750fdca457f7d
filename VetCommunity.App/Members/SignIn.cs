using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using VetCommunity.App.Shell;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>What a member's cookie holds.</summary>
sealed class MemberPrincipals : IUserClaimsPrincipalFactory<Member>
{
    public const string Stamp = "AspNet.Identity.SecurityStamp";
    public const string NeedsFactor = "vet:needs-factor";

    public Task<ClaimsPrincipal> CreateAsync(Member user) => Task.FromResult(Of(new(Accounts.ActorOf(user), user.SecurityStamp ?? "")));

    public static ClaimsPrincipal Of(SignedIn signedIn)
    {
        var identity = CurrentActor.IdentityOf(signedIn.Actor, IdentityConstants.ApplicationScheme);
        identity.AddClaim(new(Stamp, signedIn.SecurityStamp));
        if (signedIn.NeedsFactor)
            identity.AddClaim(new(NeedsFactor, ""));
        return new(identity);
    }
}

/// <summary>Asks at every request whether the cookie's member may still come in, and under which name and roles.</summary>
sealed class MemberCookieEvents(Accounts accounts) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        // Style sheets are the same for everybody: a page's ten files cost no query.
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
            return;
        var stamp = context.Principal?.FindFirstValue(MemberPrincipals.Stamp);
        var signedIn = int.TryParse(context.Principal?.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? await accounts.SignedInAsync(id, context.HttpContext.RequestAborted)
            : null;
        if (signedIn is null || stamp is null || signedIn.SecurityStamp != stamp)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }
        context.ReplacePrincipal(MemberPrincipals.Of(signedIn));
        context.ShouldRenew = false;
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        // A script that is sent to a login page takes the page for its answer.
        if (!Addresses.IsForScripts(context.Request.Path))
            return base.RedirectToLogin(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
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
