using System.Globalization;
using System.Security.Claims;
using VetCommunity.App.Live;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Who asks, in this request.</summary>
sealed class CurrentActor(IHttpContextAccessor http)
{
    const string Handle = "vet:handle";
    const string RolesHeld = "vet:roles";
    const string Language = "vet:language";
    const string TimeZone = "vet:timezone";
    const string Picture = "vet:picture";

    // A guest is somebody at the addresses of their own session that say so, and a visitor everywhere else.
    public Actor Actor => GuestCookie.At(http.HttpContext!) ?? Of(http.HttpContext!.User);

    /// <summary>Whose connection it is, for counting and cutting: a guest has no rights by it.</summary>
    public static Actor Holder(ClaimsPrincipal principal) => GuestCookie.Of(principal)?.Actor ?? Of(principal);

    public static Actor Of(ClaimsPrincipal principal)
    {
        if (!int.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return Actor.Visitor;
        _ = int.TryParse(principal.FindFirstValue(RolesHeld), NumberStyles.None, CultureInfo.InvariantCulture, out var roles);
        return new Actor(
            id,
            principal.FindFirstValue(Handle) ?? "",
            principal.FindFirstValue(ClaimTypes.Name) ?? "",
            (Roles)roles,
            Languages.OrEnglish(principal.FindFirstValue(Language)),
            principal.FindFirstValue(TimeZone) ?? "UTC",
            principal.FindFirstValue(Picture));
    }

    /// <summary>The claims of <paramref name="actor"/>: what <see cref="Of"/> reads.</summary>
    public static ClaimsIdentity IdentityOf(Actor actor, string scheme)
    {
        var identity = new ClaimsIdentity(
        [
            new(ClaimTypes.NameIdentifier, actor.MemberId.ToString(CultureInfo.InvariantCulture)),
            new(ClaimTypes.Name, actor.Name),
            new(Handle, actor.Handle),
            new(RolesHeld, ((int)actor.Roles).ToString(CultureInfo.InvariantCulture)),
            new(Language, actor.Language),
            new(TimeZone, actor.TimeZone),
        ], scheme);
        if (actor.PictureVersion is { } picture)
            identity.AddClaim(new(Picture, picture));
        return identity;
    }
}
