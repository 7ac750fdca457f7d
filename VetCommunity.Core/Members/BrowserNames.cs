namespace VetCommunity.Core.Members;

/// <summary>What a browser says of itself, as coarse as its owner would say it: enough to know it again, too little to tell two people apart.</summary>
static class BrowserNames
{
    // Each also names those below it, to be let in where they are.
    static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Chromium/", "Chrome"), ("Safari/", "Safari"),
    ];

    static readonly (string Mark, string Name)[] Devices =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Linux", "Linux"),
    ];

    public static (string Browser, string Device) Of(string? userAgent) => (NameOf(Browsers, userAgent), NameOf(Devices, userAgent));

    static string NameOf((string Mark, string Name)[] names, string? userAgent) =>
        userAgent is null ? "" : names.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name ?? "";
}
