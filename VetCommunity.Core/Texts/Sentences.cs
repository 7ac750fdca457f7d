using System.Globalization;
using System.Resources;

namespace VetCommunity.Core.Texts;

/// <summary>What a member reads when a rule says no.</summary>
public static class Sentences
{
    static readonly ResourceManager Refusals = new("VetCommunity.Core.Texts.Refusals", typeof(Sentences).Assembly);

    /// <summary>The sentence of a refusal in the culture's language.</summary>
    /// <param name="refusal">Which rule.</param>
    /// <param name="arguments">What the sentence speaks of, in the order of its placeholders.</param>
    /// <param name="culture">The reader's.</param>
    public static string For(Refusal refusal, IReadOnlyList<object> arguments, CultureInfo culture)
    {
        var name = refusal.ToString();
        var sentence = (arguments is [1, ..] ? Refusals.GetString(name + "_one", culture) : null)
            ?? Refusals.GetString(name, culture)
            ?? throw new MissingManifestResourceException("Refusals: " + name);
        return string.Format(culture, sentence, [.. arguments]);
    }

    /// <summary>The sentence of a refusal in the culture's language.</summary>
    public static string For(RefusedException refused, CultureInfo culture) => For(refused.Refusal, refused.Arguments, culture);
}
