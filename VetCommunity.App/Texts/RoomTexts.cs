using Microsoft.Extensions.Localization;

namespace VetCommunity.App.Texts;

/// <summary>Texts of rooms and conversations.</summary>
sealed class RoomTexts;

/// <summary>Sentences with a number in them.</summary>
static class Plural
{
    /// <summary>The text of <c>key_one</c> or <c>key_other</c>. All six languages need only these two for whole numbers below a million.</summary>
    public static string Count(this IStringLocalizer text, string key, long count) => text[key + (count == 1 ? "_one" : "_other"), count];
}
