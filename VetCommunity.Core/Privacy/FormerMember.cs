using System.Globalization;
using System.Resources;
using System.Security.Cryptography;
using System.Text;

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
    public static string Shown(string name) => string.Equals(name, Name, StringComparison.Ordinal) ? Say("FormerMember", CultureInfo.CurrentUICulture)
        : name.EndsWith(GuestMark, StringComparison.Ordinal) ? Say("GuestName", CultureInfo.CurrentUICulture).Replace("{0}", name[..^GuestMark.Length], StringComparison.Ordinal) : name;

    // Its blank is one that no member can type into a name: wherever it is read raw it still says who that is.
    const string GuestMark = "\u00a0(guest)";

    /// <summary>The name of a guest as it stands in the database: nobody can look like a member.</summary>
    internal static string GuestName(string name) => name + GuestMark;

    /// <summary>The handle of a guest, which nobody can type, link or mention either.</summary>
    /// <param name="session">The guest's session.</param>
    /// <param name="formKey">What the form chose by which the guest came in: sent twice, it is one guest.</param>
    internal static string GuestHandle(int session, string formKey) =>
        HandleSign + "guest-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{session}:{formKey}"))))[..16];

    /// <summary>What stands in a text in which the member was mentioned.</summary>
    /// <param name="language">The text's language.</param>
    internal static string InText(string language) => Say("FormerMemberInText", CultureInfo.GetCultureInfo(Languages.OrEnglish(language)));

    static string Say(string name, CultureInfo culture) => Texts.GetString(name, culture) ?? throw new MissingManifestResourceException("PrivacyTexts: " + name);
}
