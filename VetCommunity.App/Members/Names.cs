using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Names of countries, languages and roles. The runtime's own names of countries stay in the language that asked first.</summary>
static class RoleNames
{
    /// <summary>The roles worth naming: that of a member says nothing beside a member's name.</summary>
    public static IReadOnlyList<Roles> Of(Roles roles) =>
        [.. Enum.GetValues<Roles>().Where(role => role is not (Roles.None or Roles.Member) && roles.HasFlag(role))];

    /// <summary>The name of a code such as <c>Country_</c>AT, the code itself where it has none.</summary>
    public static string NameOf(this IStringLocalizer texts, string kind, string? code) =>
        string.IsNullOrEmpty(code) ? "" : texts[kind + code] is { ResourceNotFound: false } name ? name.Value : code;

    /// <summary>Several languages, in the order in which they were given.</summary>
    public static string LanguagesOf(this IStringLocalizer<MemberTexts> texts, IEnumerable<string> codes) =>
        string.Join(", ", codes.Select(code => texts.NameOf("Language_", code)));

    /// <summary>Several sectors.</summary>
    public static string SectorsOf(this IStringLocalizer<MemberTexts> texts, IEnumerable<string> codes) =>
        string.Join("; ", codes.Select(code => texts.NameOf("Sector_", code)));
}
