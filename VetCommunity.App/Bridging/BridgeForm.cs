using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Bridging;

namespace VetCommunity.App.Bridging;

/// <summary>What the pages of translations and of the glossary share.</summary>
public abstract class BridgeForm(ILogger log) : PlainForm(log)
{
    [Inject] protected IStringLocalizer<BridgeTexts> Text { get; set; } = null!;
    [Inject] protected IStringLocalizer<MemberTexts> MemberText { get; set; } = null!;

    protected override string FormExpired => Text["FormExpired"];

    /// <summary>Where the translations of a message stand.</summary>
    protected static string AddressOf(string room, long seq) => string.Create(CultureInfo.InvariantCulture, $"/rooms/{Uri.EscapeDataString(room)}/messages/{seq}/translations");

    protected string LanguageName(string code) => MemberText.NameOf("Language_", code);

    protected string PairName(string from, string to) => MemberText.PairName(from, to);

    /// <summary>The language of a text, where it is not the page's own.</summary>
    protected static string? Lang(string code) => code == CultureInfo.CurrentUICulture.TwoLetterISOLanguageName ? null : code;
}

/// <summary>Pairs of languages in words and in forms.</summary>
static class PairWords
{
    public static string PairName(this IStringLocalizer<MemberTexts> texts, string from, string to) => $"{texts.NameOf("Language_", from)} → {texts.NameOf("Language_", to)}";

    /// <summary>As it stands in a form.</summary>
    public static string Code(LanguagePair pair) => $"{pair.From}-{pair.To}";

    /// <summary>What was chosen in a form; null for nothing that could be a pair.</summary>
    public static LanguagePair? Parse(string? code) => code?.Split('-') is [var from, var to] ? new(from, to) : null;
}
