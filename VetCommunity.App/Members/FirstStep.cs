using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VetCommunity.App.CommandLine;
using VetCommunity.App.Webhooks;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>On a page: open also to who has to set up the second step before anything else.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class OpenBeforeFactorAttribute : Attribute;

/// <summary>Somebody gave the right password of an account that asks for a code as well, or came from a provider: a cookie of its own, which opens nothing but the page for the code.</summary>
sealed record FirstStep(int MemberId, string Stamp, bool RememberMe)
{
    const string Scheme = "FirstStep";
    const string StampHeld = "vet:stamp";
    const string Remember = "vet:remember";
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public static void Add(IServiceCollection services) => services.AddAuthentication().AddCookie(Scheme, options =>
    {
        options.Cookie.Name = "vet-step";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = Life;
        options.SlidingExpiration = false;
    });

    public static Task TakenAsync(HttpContext http, int memberId, string stamp, bool rememberMe) => http.SignInAsync(Scheme, new(new ClaimsIdentity(
    [
        new(ClaimTypes.NameIdentifier, memberId.ToString(CultureInfo.InvariantCulture)),
        new(StampHeld, stamp),
        new(Remember, rememberMe.ToString()),
    ], Scheme)));

    /// <summary>The first step of this browser; null without one, or when it is too long ago.</summary>
    public static async Task<FirstStep?> OfAsync(HttpContext http) => (await http.AuthenticateAsync(Scheme)).Principal is { } principal
        && int.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new(id, principal.FindFirstValue(StampHeld) ?? "", principal.FindFirstValue(Remember) == bool.TrueString)
            : null;

    public static Task ForgetAsync(HttpContext http) => http.SignOutAsync(Scheme);
}

static class SecondStepSetUp
{
    /// <summary>What keys of authenticator apps are sealed for.</summary>
    internal const string Purpose = "VetCommunity.SecondFactors";

    const string Page = "/Account/TwoFactor";

    public static void AddFirstStep(this IServiceCollection services) => FirstStep.Add(services);

    /// <summary>For the server, and for the verb that takes a lost factor away.</summary>
    public static void AddSecondFactors(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => provider.GetRequiredService<Settings>().Sessions);
        services.TryAddSingleton(provider => provider.GetRequiredService<Settings>().SeedsDemo ? FactorRule.Free : FactorRule.Strict);
        services.TryAddSingleton(provider => new SecondFactors(
            provider.GetRequiredService<CommunityDbFactory>(), provider.GetRequiredService<MailQueue>(), provider.GetRequiredService<Site>(),
            WebhooksSetUp.SealOf(provider.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose)),
            provider.GetRequiredService<Feed>(), provider.GetRequiredService<FactorRule>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<SessionRule>()));
    }

    /// <summary>Leads whose role waits for a second step from every page to the one where it is set up. What is no page knows them as a plain member.</summary>
    public static void UseFactorFirst(this WebApplication app) => app.Use((http, next) =>
    {
        if (!http.User.HasClaim(claim => claim.Type == MemberPrincipals.NeedsFactor)
            || http.GetEndpoint()?.Metadata is not { } page || page.GetMetadata<ComponentTypeMetadata>() is null || page.GetMetadata<OpenBeforeFactorAttribute>() is not null)
            return next(http);
        http.Response.Redirect(Page);
        return Task.CompletedTask;
    });
}
