using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>A provider has let somebody through: a cookie of ten minutes, which opens nothing but the page that says how to go on.</summary>
static class ArrivalStep
{
    public const string Scheme = "Arrival";
    /// <summary>How long somebody may take on the way there and back, and then here.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    const string Provider = "vet:provider";
    const string Email = "email";
    const string IsVerified = "email_verified";

    public static void Add(IServiceCollection services) => services.AddAuthentication().AddCookie(Scheme, options =>
    {
        options.Cookie.Name = "vet-openid";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.IsEssential = true;
        options.Cookie.Path = "/Account";
        options.ExpireTimeSpan = Life;
        options.SlidingExpiration = false;
    });

    /// <summary>Keeps of what the provider says what we want to know, and which provider it was.</summary>
    public static void Mark(ClaimsPrincipal principal, OpenIdProvider provider)
    {
        var identity = (ClaimsIdentity)principal.Identity!;
        foreach (var claim in identity.Claims.Where(claim => claim.Type is not ("sub" or "name" or Email or IsVerified)).ToList())
            identity.RemoveClaim(claim);
        identity.AddClaim(new(Provider, provider.Authority));
    }

    /// <summary>Who came; null without, or when it is too long ago.</summary>
    public static async Task<Arrival?> OfAsync(HttpContext http)
    {
        if ((await http.AuthenticateAsync(Scheme)).Principal is not { } principal
            || principal.FindFirstValue(Provider) is not { } provider || principal.FindFirstValue("sub") is not { Length: > 0 } subject)
            return null;
        var email = bool.TryParse(principal.FindFirstValue(IsVerified), out var isVerified) && isVerified ? principal.FindFirstValue(Email) : null;
        return new(provider, subject, email, principal.FindFirstValue("name") ?? "");
    }

    public static Task ForgetAsync(HttpContext http) => http.SignOutAsync(Scheme);
}
