using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VetCommunity.Core;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>For which name passkeys are made here: that of the settings, never one from a request.</summary>
sealed class PasskeyPlace(Site site)
{
    readonly Uri _here = new(site.Address("/"));

    /// <summary>The name.</summary>
    public string Domain => _here.IdnHost;

    /// <summary>Browsers make passkeys for names alone, not for numbers such as 127.0.0.1.</summary>
    public bool IsPossible => _here.HostNameType == UriHostNameType.Dns;

    /// <summary>Whether a page of ours asked for the passkey, and not within another site's.</summary>
    public bool IsHere(PasskeyOriginValidationContext asked) => !asked.CrossOrigin
        && asked.Origin == $"{_here.Scheme}://{_here.IdnHost}" + (_here.IsDefaultPort ? "" : FormattableString.Invariant($":{_here.Port}"));
}

static class PasskeysSetUp
{
    const string Ask = "/Account/Passkey/";

    public static void AddPasskeys(this IServiceCollection services)
    {
        services.TryAddSingleton<Passkeys>();
        services.AddSingleton<PasskeyPlace>();
        services.TryAddScoped<IPasskeyHandler<Member>, PasskeyHandler<Member>>();
        services.AddScoped<PasskeyCeremony>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<PasskeyPlace>((options, place) =>
        {
            options.ServerDomain = place.Domain;
            options.ValidateOrigin = asked => ValueTask.FromResult(place.IsHere(asked));
            // A finger, a face or a PIN: with the device itself that makes two steps. And found without a name typed first.
            options.UserVerificationRequirement = "required";
            options.ResidentKeyRequirement = "required";
            options.AuthenticatorTimeout = Passkeys.Patience;
        });
    }

    public static void MapPasskeys(this WebApplication app)
    {
        app.MapPost(Ask + "LogIn", (HttpContext http, IAntiforgery antiforgery, AccountLimits limits, PasskeyCeremony ceremony) =>
            AskAsync(http, antiforgery, limits, ceremony, PasskeyUse.LogIn)).DisableAntiforgery();
        app.MapPost(Ask + "Prove", (HttpContext http, IAntiforgery antiforgery, AccountLimits limits, PasskeyCeremony ceremony) =>
            AskAsync(http, antiforgery, limits, ceremony, PasskeyUse.Prove)).DisableAntiforgery().RequireAuthorization();
        app.MapPost(Ask + "Add", (HttpContext http, IAntiforgery antiforgery, AccountLimits limits, PasskeyCeremony ceremony) =>
            AskAsync(http, antiforgery, limits, ceremony, PasskeyUse.Add)).DisableAntiforgery().RequireAuthorization();
    }

    static async Task<IResult> AskAsync(HttpContext http, IAntiforgery antiforgery, AccountLimits limits, PasskeyCeremony ceremony, PasskeyUse use)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        try
        {
            limits.Place(http);
        }
        catch (RefusedException)
        {
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }
        // A member who is logged in asks for nobody else.
        return Results.Text(await ceremony.AskAsync(http, use, use == PasskeyUse.LogIn ? Actor.Visitor : CurrentActor.Of(http.User)), "application/json");
    }
}
