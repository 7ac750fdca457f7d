using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Live;

/// <summary>
/// On a page, an endpoint or a hub method: a guest of the session that its address names is asked for there, too. Nothing else of the site knows guests: whatever does not say so, whoever wrote it, has a visitor before it.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
sealed class GuestsTooAttribute : Attribute
{
    /// <summary>Also when the session is over, to say so.</summary>
    public bool WhenOver { get; init; }

    /// <summary>Where the address names no session: what it gives knows itself whose it is.</summary>
    public bool NamesNoSession { get; init; }
}

/// <summary>The cookie of a guest: a scheme of its own, which is looked at where <see cref="GuestsTooAttribute"/> stands and the browser has no member's cookie.</summary>
static class GuestCookie
{
    public const string Scheme = "Guest";
    public const string Name = "vet-guest";

    const string Number = "vet:guest";
    const string Session = "vet:guest-session";
    const string Slug = "vet:guest-slug";
    const string Handle = "vet:guest-handle";
    const string DisplayName = "vet:guest-name";
    const string Language = "vet:guest-language";
    const string TimeZone = "vet:guest-timezone";
    const string Over = "vet:guest-over";

    /// <summary>Whether a request is a guest's to begin with.</summary>
    public static bool IsFor(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<GuestsTooAttribute>() is not null && http.Request.Cookies.ContainsKey(Name) && !http.Request.Cookies.ContainsKey(MembersSetUp.Cookie);

    public static ClaimsPrincipal PrincipalOf(GuestSeen guest)
    {
        var number = guest.Actor.MemberId.ToString(CultureInfo.InvariantCulture);
        // "sub" is what the tokens of forms hang on. None of the names by which a member is read is among them.
        var identity = new ClaimsIdentity(
        [
            new("sub", "guest-" + number),
            new(Number, number),
            new(Session, guest.Actor.GuestOf!.Value.ToString(CultureInfo.InvariantCulture)),
            new(Slug, guest.Slug),
            new(Handle, guest.Actor.Handle),
            new(DisplayName, guest.Actor.Name),
            new(Language, guest.Actor.Language),
            new(TimeZone, guest.Actor.TimeZone),
        ], Scheme);
        if (guest.IsOver)
            identity.AddClaim(new(Over, ""));
        return new(identity);
    }

    public static int? NumberOf(ClaimsPrincipal? principal) =>
        int.TryParse(principal?.FindFirstValue(Number), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The guest whose cookie it is; null for everybody else.</summary>
    public static GuestSeen? Of(ClaimsPrincipal principal)
    {
        if (NumberOf(principal) is not { } number || !int.TryParse(principal.FindFirstValue(Session), NumberStyles.None, CultureInfo.InvariantCulture, out var session))
            return null;
        string Said(string what, string without) => principal.FindFirstValue(what) ?? without;
        var actor = new Actor(number, Said(Handle, ""), Said(DisplayName, ""), Roles.None, Languages.OrEnglish(principal.FindFirstValue(Language)), Said(TimeZone, "UTC")) { GuestOf = session };
        return new(actor, Said(Slug, ""), principal.HasClaim(claim => claim.Type == Over));
    }

    /// <summary>The guest at an address of their own session that takes guests; null for everybody else and everywhere else.</summary>
    public static Actor? At(HttpContext http) => Of(http.User) is { } guest && MayBeAt(http, guest)
        && (http.GetRouteValue("slug") is not null || http.GetEndpoint()?.Metadata.GetMetadata<GuestsTooAttribute>() is { NamesNoSession: true }) ? guest.Actor : null;

    /// <summary>Whether this address is one of the guest's own session that takes guests now, or the line over which its stage is heard.</summary>
    public static bool MayBeAt(HttpContext http, GuestSeen guest) => http.GetEndpoint()?.Metadata.GetMetadata<GuestsTooAttribute>() is { } takes && (takes.WhenOver || !guest.IsOver)
        && http.GetRouteValue("slug") is var slug && (slug is null || string.Equals(slug as string, guest.Slug, StringComparison.Ordinal));

    public static Task GiveAsync(HttpContext http, GuestSeen guest) => http.SignInAsync(Scheme, PrincipalOf(guest));
}

/// <summary>Asks at every request whether the guest is still in the session.</summary>
sealed class GuestCookieEvents(Guests guests) : CookieAuthenticationEvents
{
    static readonly object Former = new();

    /// <summary>The guest that this browser was, in the session or not any more; null for none.</summary>
    public static async Task<int?> FormerAsync(HttpContext http)
    {
        var known = await http.AuthenticateAsync(GuestCookie.Scheme);
        return GuestCookie.NumberOf(known.Principal) ?? http.Items[Former] as int?;
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (GuestCookie.NumberOf(context.Principal) is { } number)
        {
            context.HttpContext.Items[Former] = number;
            // At every other address, and at another session's, it is as if there were none.
            if (await guests.FindAsync(Actor.Operator, number, context.HttpContext.RequestAborted) is { } seen && GuestCookie.MayBeAt(context.HttpContext, seen))
            {
                context.ReplacePrincipal(GuestCookie.PrincipalOf(seen));
                context.ShouldRenew = false;
                return;
            }
        }
        context.RejectPrincipal();
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) => LogInAddress.RedirectAsync(context, base.RedirectToLogin);
}

/// <summary>On the page where a join code leads.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class GuestDoorAttribute : Attribute;

/// <summary>Where somebody without an account is sent who asks for what needs one.</summary>
static class LogInAddress
{
    public static Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context, Func<RedirectContext<CookieAuthenticationOptions>, Task> redirect)
    {
        // A script that is sent to a login page takes the page for its answer.
        if (!Addresses.IsForScripts(context.Request.Path))
            return redirect(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}

/// <summary>At a join code: guests are asked for their name where the session takes them; whatever else it is looks like any address that needs an account.</summary>
sealed class GuestDoors(Guests guests, VisitorCalls calls)
{
    public static string AddressOf(string code) => $"/join/{Uri.EscapeDataString(code)}/guest";

    /// <summary>Whether a code leads guests in. Who asks too often hears no, whatever the code is.</summary>
    public async Task<bool> IsOpenAsync(HttpContext http, string code)
    {
        try
        {
            calls.Count(http);
            await guests.OfCodeAsync(Actor.Visitor, code, http.RequestAborted);
            return true;
        }
        catch (Exception error) when (error is NotFoundException or RefusedException)
        {
            return false;
        }
    }
}
