namespace VetCommunity.Core.Members;

/// <summary>The time zone a newcomer begins with. It is a guess, and the profile changes it.</summary>
static class HomeZones
{
    // The countries whose browsers say de-AT or en-IE; the capital's zone.
    static readonly Dictionary<string, string> ByCountry = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AD"] = "Europe/Andorra",
        ["AL"] = "Europe/Tirane",
        ["AT"] = "Europe/Vienna",
        ["BA"] = "Europe/Sarajevo",
        ["BE"] = "Europe/Brussels",
        ["BG"] = "Europe/Sofia",
        ["CH"] = "Europe/Zurich",
        ["CY"] = "Asia/Nicosia",
        ["CZ"] = "Europe/Prague",
        ["DE"] = "Europe/Berlin",
        ["DK"] = "Europe/Copenhagen",
        ["EE"] = "Europe/Tallinn",
        ["ES"] = "Europe/Madrid",
        ["FI"] = "Europe/Helsinki",
        ["FR"] = "Europe/Paris",
        ["GB"] = "Europe/London",
        ["GR"] = "Europe/Athens",
        ["HR"] = "Europe/Zagreb",
        ["HU"] = "Europe/Budapest",
        ["IE"] = "Europe/Dublin",
        ["IS"] = "Atlantic/Reykjavik",
        ["IT"] = "Europe/Rome",
        ["LI"] = "Europe/Vaduz",
        ["LT"] = "Europe/Vilnius",
        ["LU"] = "Europe/Luxembourg",
        ["LV"] = "Europe/Riga",
        ["ME"] = "Europe/Podgorica",
        ["MK"] = "Europe/Skopje",
        ["MT"] = "Europe/Malta",
        ["NL"] = "Europe/Amsterdam",
        ["NO"] = "Europe/Oslo",
        ["PL"] = "Europe/Warsaw",
        ["PT"] = "Europe/Lisbon",
        ["RO"] = "Europe/Bucharest",
        ["RS"] = "Europe/Belgrade",
        ["SE"] = "Europe/Stockholm",
        ["SI"] = "Europe/Ljubljana",
        ["SK"] = "Europe/Bratislava",
        ["SM"] = "Europe/San_Marino",
        ["TR"] = "Europe/Istanbul",
        ["UA"] = "Europe/Kyiv",
    };

    public static string Of(string language, string? country) =>
        country is not null && ByCountry.TryGetValue(country, out var zone) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : language switch
        {
            "de" => "Europe/Berlin",
            "es" or "ca" => "Europe/Madrid",
            "el" => "Europe/Athens",
            "it" => "Europe/Rome",
            // English is everybody's second language here: Brussels is right for most.
            _ => "Europe/Brussels",
        };
}
