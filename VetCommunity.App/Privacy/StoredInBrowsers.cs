using Microsoft.AspNetCore.Localization;
using VetCommunity.App.Live;
using VetCommunity.App.Shell;

namespace VetCommunity.App.Privacy;

/// <summary>What this site stores in a browser. The page about it reads this list, and a test compares it with what browsers really have.</summary>
static class StoredInBrowsers
{
    /// <summary>Each cookie with the names of the texts that say what for and how long.</summary>
    public static readonly IReadOnlyList<(string Name, string What, string Long)> Cookies =
    [
        ("vet", "Cookie_vet", "Long_vet"),
        ("vet-step", "Cookie_step", "Long_minutes"),
        ("vet-passkey", "Cookie_passkey", "Long_passkey"),
        ("vet-openid", "Cookie_openid", "Long_minutes"),
        ("vet-openid-state.*", "Cookie_openid", "Long_minutes"),
        ("vet-openid-nonce.*", "Cookie_openid", "Long_minutes"),
        (GuestCookie.Name, "Cookie_guest", "Long_browser"),
        ("vet-form", "Cookie_form", "Long_browser"),
        (CookieRequestCultureProvider.DefaultCookieName, "Cookie_language", "Long_year"),
        (Theme.Cookie, "Cookie_theme", "Long_year"),
    ];
}
