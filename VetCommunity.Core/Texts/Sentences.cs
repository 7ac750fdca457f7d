using System.Globalization;

namespace VetCommunity.Core.Texts;

/// <summary>The sentences of refusals.</summary>
public static class Sentences
{
    /// <summary>The sentence of a refusal in a language.</summary>
    public static string For(Refusal refusal, IReadOnlyList<object> arguments, CultureInfo culture) => refusal.ToString();
}
