using Microsoft.Extensions.Localization;

namespace VetCommunity.App.Shell;

/// <summary>Sentences with a count: <c>NAME_one</c> for exactly one, <c>NAME_other</c> for all else, zero included.</summary>
static class Plurals
{
    public static LocalizedString Count(this IStringLocalizer texts, string name, long count, params ReadOnlySpan<object> others) =>
        texts[name + (count == 1 ? "_one" : "_other"), [count, .. others]];
}
