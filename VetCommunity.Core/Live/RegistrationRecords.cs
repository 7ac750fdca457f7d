using System.Globalization;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>What trainers wrote, in one language, to be asked of whoever registers.</summary>
public sealed class RegistrationText
{
    /// <summary>Number; the lowest of a session is the original.</summary>
    public int Id { get; set; }
    /// <summary>For which session.</summary>
    public int SessionId { get; set; }
    /// <summary>In which language.</summary>
    public required string Language { get; set; }
    /// <summary>Blocks as <see cref="QuestionBlocks"/> reads them.</summary>
    public required string Markdown { get; set; }
    /// <summary>One more with each change: two who write at once do not overwrite each other.</summary>
    public int Version { get; set; }
}

/// <summary>A question of a registration form, as it was asked: with other words it is another one.</summary>
public sealed class RegistrationQuestion
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>For which session.</summary>
    public int SessionId { get; set; }
    /// <summary>The how manieth it is, from 1; 0 where it is asked no more, and kept for its answers.</summary>
    public int Place { get; set; }
    /// <summary>Its block in each language that has it, the original first, see <see cref="QuestionTexts"/>.</summary>
    public required string Texts { get; set; }
}

/// <summary>What a member answered at registration.</summary>
public sealed class RegistrationAnswer
{
    /// <summary>To which question.</summary>
    public int QuestionId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>As <see cref="Question.Keep"/> has it.</summary>
    public required string Answer { get; set; }
    /// <summary>When it was last changed.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A question of a registration form.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Place">The how manieth, from 1; 0 where it is asked no more.</param>
/// <param name="Texts">What it asks.</param>
/// <param name="Mine">What the reader answered, as it is kept; null for nothing.</param>
public sealed record AskedAtRegistration(int Number, int Place, QuestionTexts Texts, string? Mine);

/// <summary>A text of a form, and what its writer saw.</summary>
/// <param name="Markdown">The text; empty where there is none.</param>
/// <param name="Version">Of it; 0 where there is none.</param>
/// <param name="Languages">In which there is a text, the original first.</param>
/// <param name="Answered">How many have answered.</param>
public sealed record RegistrationDraft(string Markdown, int Version, IReadOnlyList<string> Languages, int Answered);

/// <summary>Somebody who registered, with what they answered.</summary>
/// <param name="Handle">Who.</param>
/// <param name="Name">What they are called.</param>
/// <param name="Organisation">For whom they work; null for nobody.</param>
/// <param name="Country">Where, ISO 3166; empty where that is not said.</param>
/// <param name="State">Why they have no place; null for who has one.</param>
/// <param name="At">Since when.</param>
/// <param name="Answers">By number of the question, as they are read.</param>
public sealed record RegistrationLine(string Handle, string Name, string? Organisation, string Country, RequestState? State, DateTimeOffset At, IReadOnlyDictionary<int, string> Answers)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>What was answered at registration.</summary>
/// <param name="Questions">Those that are asked, then those that are asked no more and were answered.</param>
/// <param name="Lines">Whoever registered, by name.</param>
/// <param name="HasMore">Whether there is another page.</param>
public sealed record RegistrationSheet(IReadOnlyList<AskedAtRegistration> Questions, IReadOnlyList<RegistrationLine> Lines, bool HasMore)
{
    /// <summary>An answer in words: what was chosen, not its number.</summary>
    public static string Shown(Question question, string kept) => question switch
    {
        RankingQuestion => string.Join("; ", question.Read(kept).Numbers.Zip(question.Choices).OrderBy(one => one.First).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.First}. {PersonsText(one.Second)}"))),
        SingleQuestion or MultipleQuestion => string.Join("; ", question.Read(kept).Numbers.Where(number => number >= 1 && number <= question.Choices.Count).Select(number => PersonsText(question.Choices[number - 1]))),
        _ => kept,
    };

    static string PersonsText(string markdown) => Core.Markdown.PersonsMarkdown.Plain(markdown);
}
