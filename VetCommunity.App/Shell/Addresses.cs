using Microsoft.AspNetCore.Http.HttpResults;

namespace VetCommunity.App.Shell;

/// <summary>Addresses that came from outside.</summary>
static class Addresses
{
    static readonly Uri Here = new("http://here/");

    /// <summary>The address where it stays on this site, otherwise the first page.</summary>
    public static string Local(string? address) =>
        IsLocal(address) ? Encoded(address!) : "/";

    /// <summary>Whether it stays on this site wherever it is followed, also once a browser has taken the dots out of it.</summary>
    public static bool IsLocal(string? address) => address is ['/', ..] && RedirectHttpResult.IsLocalUrl(address)
        && Uri.TryCreate(Here, address, out var there) && there.Authority == Here.Authority && !there.AbsolutePath.StartsWith("//", StringComparison.Ordinal);

    // A header carries ASCII alone; what is encoded already stays.
    static string Encoded(string address) => string.Concat(address.EnumerateRunes()
        .Select(rune => rune.IsAscii && rune.Value is > 0x20 and < 0x7F ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));

    /// <summary>Addresses that programs call: they want a status, neither a page nor a way to the login.</summary>
    public static bool IsForScripts(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal) || path.StartsWithSegments("/hubs", StringComparison.Ordinal)
        || path.StartsWithSegments("/_blazor", StringComparison.Ordinal);
}

/// <summary>Light, dark, or as the device.</summary>
static class Theme
{
    public const string Cookie = "theme";

    public static string? Of(HttpContext? http) => http?.Request.Cookies[Cookie] is "light" or "dark" ? http.Request.Cookies[Cookie] : null;
}
