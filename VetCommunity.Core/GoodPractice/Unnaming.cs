using System.Text.RegularExpressions;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Takes the names of people out of a text who did not agree to stand in it. It knows handles and names as the community has them, no nicknames.</summary>
/// <param name="people">Handle and name of everybody who may be named in the draft's texts or wrote one of its quotes.</param>
/// <param name="nobody">What stands instead of a name.</param>
sealed partial class Unnaming(IReadOnlyList<KnownPerson> people, string nobody)
{
    // A name of one or two letters would take half of the text with it.
    const int ShortestPart = 3;

    /// <summary>The text with nobody in it but those who agreed.</summary>
    /// <param name="text">Markdown.</param>
    /// <param name="besides">Also this person, whose words they are.</param>
    public string In(string text, int? besides = null)
    {
        foreach (var person in people.Where(one => !one.Agreed || one.Id == besides))
        {
            // Most of many people stand in none of many texts, and a pattern is dear.
            if (!Blank().Split(person.Name).Append(person.Handle).Any(part => part.Length > 0 && text.Contains(part, StringComparison.OrdinalIgnoreCase)))
                continue;
            text = Without(text, "/people/" + Regex.Escape(person.Handle) + @"(?![\p{L}\p{N}-])", "/people");
            text = Without(text, "@" + Regex.Escape(person.Handle) + @"(?![\p{L}\p{N}-])", nobody);
            text = Without(text, Whole(Words(person.Name)), nobody);
            // Whose words these are is not told by half of a name either.
            if (person.IsQuoted)
            {
                foreach (var part in Blank().Split(person.Name).Append(person.Handle).Where(part => part.Length >= ShortestPart).OrderByDescending(part => part.Length))
                    text = Without(text, Whole(Regex.Escape(part)), nobody);
            }
        }
        return text;
    }

    // However many blanks or line ends are between them.
    static string Words(string name) => string.Join(@"[\s\u00a0]+", Blank().Split(name.Trim()).Where(part => part.Length > 0).Select(Regex.Escape));

    static string Whole(string pattern) => pattern.Length == 0 ? "(?!)" : $@"(?<![\p{{L}}\p{{N}}]){pattern}(?![\p{{L}}\p{{N}}])";

    static string Without(string text, string pattern, string instead) =>
        Regex.Replace(text, pattern, instead.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));

    /// <summary>The handles that a text may name, however they are written.</summary>
    public static IEnumerable<string> HandlesIn(string text) => Handles().Matches(text).Select(match => match.Groups["handle"].Value.ToLowerInvariant());

    [GeneratedRegex(@"(@|/people/)(?<handle>[A-Za-z][A-Za-z0-9-]{2,29})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Handles();

    [GeneratedRegex(@"\s+", RegexOptions.None, 5000)]
    private static partial Regex Blank();
}

/// <summary>Somebody of whom a draft could speak.</summary>
/// <param name="Id">The member's id.</param>
/// <param name="Handle">The short name.</param>
/// <param name="Name">The name others see.</param>
/// <param name="IsQuoted">Wrote one of the draft's quotes.</param>
/// <param name="Agreed">To stand in it under the own name.</param>
sealed record KnownPerson(int Id, string Handle, string Name, bool IsQuoted, bool Agreed);
