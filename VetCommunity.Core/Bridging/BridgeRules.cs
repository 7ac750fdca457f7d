using System.Security.Cryptography;
using System.Text;

namespace VetCommunity.Core.Bridging;

/// <summary>What is true of translations wherever they are looked at.</summary>
public static class BridgeRules
{
    /// <summary>How many of those who translate a pair hear of one request: more would disturb many for the work of one.</summary>
    public const int MostAsked = 5;

    /// <summary>How many requests of one member wait at most.</summary>
    public const int MostWaiting = 30;

    /// <summary>After this time a request that was taken back and is made again makes bells ring once more.</summary>
    public static readonly TimeSpan RingsAgainAfter = TimeSpan.FromDays(1);

    // Of ten words of a machine's text eight are still there.
    const double Alike = 0.8;

    /// <summary>In which language a message is: its own where that is known, otherwise the room's.</summary>
    public static string LanguageOf(string? message, string room) => message ?? room;

    /// <summary>Tells a text from every other one, so that a translation knows what it is of.</summary>
    public static string StampOf(string markdown) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(markdown)))[..16];

    /// <summary>Whether a text is still the machine's, unchanged or lightly changed.</summary>
    public static bool IsMachines(string text, string suggestion)
    {
        var (mine, its) = (Words(text), Words(suggestion));
        if (mine.Count == 0 || its.Count == 0)
            return mine.Count == its.Count;
        var left = its.CountBy(word => word, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var common = 0;
        foreach (var word in mine)
        {
            if (left.GetValueOrDefault(word) is not > 0)
                continue;
            left[word]--;
            common++;
        }
        return common >= Alike * Math.Max(mine.Count, its.Count);
    }

    internal static (string From, string To) CheckedPair(string? from, string? to) =>
        Conversations.Limits.CheckedLanguage(from) is var one && Conversations.Limits.CheckedLanguage(to) is var other && one != other
            ? (one, other) : throw new RefusedException(Refusal.BadChoice);

    static List<string> Words(string text) => [.. Folding.Fold(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
