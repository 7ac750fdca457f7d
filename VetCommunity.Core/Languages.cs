using System.Globalization;

namespace VetCommunity.Core;

/// <summary>The languages of the interface and of the mails.</summary>
public static class Languages
{
    /// <summary>ISO 639-1 codes, the first is the fallback.</summary>
    public static readonly IReadOnlyList<string> All = ["en", "it", "de", "es", "ca", "el"];

    // "8:12 μ.μ." ends every sentence with two full stops, and the scripts of the pages write 20:12.
    static readonly CultureInfo Greek = With24Hours("el");

    /// <summary>The culture in which days and times of a language are written: Europe's English puts the day before the month, and Greek counts 24 hours.</summary>
    /// <param name="code">ISO 639-1; what is no language of the interface is English.</param>
    public static CultureInfo CultureOf(string? code) => OrEnglish(code) switch
    {
        "en" => CultureInfo.GetCultureInfo("en-GB"),
        "el" => Greek,
        var known => CultureInfo.GetCultureInfo(known),
    };

    /// <summary>The language's own name for itself.</summary>
    public static string NameOf(string code) => code switch
    {
        "en" => "English",
        "it" => "Italiano",
        "de" => "Deutsch",
        "es" => "Español",
        "ca" => "Català",
        "el" => "Ελληνικά",
        _ => code,
    };

    /// <summary>The code itself where it is a language of the interface, otherwise English.</summary>
    public static string OrEnglish(string? code) => code is not null && All.Contains(code, StringComparer.Ordinal) ? code : "en";

    static CultureInfo With24Hours(string code)
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo(code).Clone();
        (culture.DateTimeFormat.ShortTimePattern, culture.DateTimeFormat.LongTimePattern) = ("HH:mm", "HH:mm:ss");
        return CultureInfo.ReadOnly(culture);
    }
}
