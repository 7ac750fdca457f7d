using System.Globalization;
using System.Resources;

namespace VetCommunity.Core.Privacy;

/// <summary>What is left of a member who deleted the account: words without a name. The name is written in the reader's language where it is shown.</summary>
public static class FormerMember
{
    /// <summary>What stands in the database instead of a name. Its blank is one that no member can type into a name.</summary>
    public const string Name = "Former\u00a0member";

    // No member's handle begins like this, and none can.
    const char HandleSign = '~';
    static readonly ResourceManager Texts = new("VetCommunity.Core.Texts.PrivacyTexts", typeof(FormerMember).Assembly);

    /// <summary>A handle that nobody can type, link or mention.</summary>
    internal static string NewHandle() => HandleSign + Guid.NewGuid().ToString("N")[..20];

    /// <summary>The handle, or nothing where there is nobody behind it any more.</summary>
    public static string HandleOf(string handle) => handle is [HandleSign, ..] ? "" : handle;

    /// <summary>The name as the reader of this page, in the language of this thread, is to see it.</summary>
    public static string Shown(string name) => string.Equals(name, Name, StringComparison.Ordinal) ? Say("FormerMember", CultureInfo.CurrentUICulture) : name;

    /// <summary>What stands in a text in which the member was mentioned.</summary>
    /// <param name="language">The text's language.</param>
    internal static string InText(string language) => Say("FormerMemberInText", CultureInfo.GetCultureInfo(Languages.OrEnglish(language)));

    static string Say(string name, CultureInfo culture) => Texts.GetString(name, culture) ?? throw new MissingManifestResourceException("PrivacyTexts: " + name);
}
