namespace VetCommunity.Core;

/// <summary>The languages of the interface and of the mails.</summary>
public static class Languages
{
    /// <summary>ISO 639-1 codes, the first is the fallback.</summary>
    public static readonly IReadOnlyList<string> All = ["en", "it", "de", "es", "ca", "el"];

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
}
