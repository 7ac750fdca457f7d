using System.Text.Json;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>A question as it was opened, in each language that had it, the original first: that one grades.</summary>
public sealed record QuestionTexts(IReadOnlyList<(string Language, Question Question)> All)
{
    /// <summary>As its slides were written.</summary>
    public Question Original => All[0].Question;

    /// <summary>In a language where there is one, else as it was written.</summary>
    public (Question Question, string Language) In(string language)
    {
        var (found, question) = All.FirstOrDefault(one => one.Language == language, All[0]);
        return (question, found);
    }

    /// <summary>The question of a deck with the same one in its other languages.</summary>
    internal static QuestionTexts Of(DeckQuestion question, IReadOnlyList<(string Language, Deck Deck)> decks) =>
        new([(decks[0].Language, question.Question), .. decks.Skip(1).Select(one => (one.Language, Question: one.Deck.Like(decks[0].Deck, question)!)).Where(one => one.Question is not null)]);

    /// <summary>As they are stored: by language, each as its block of markdown.</summary>
    internal string Stored => JsonSerializer.Serialize(All.Select(one => new[] { one.Language, QuestionBlocks.Print(one.Question) }));

    /// <summary>From what is stored.</summary>
    internal static QuestionTexts Of(string stored) =>
        new([.. JsonSerializer.Deserialize<string[][]>(stored)!.Select(one => (one[0], QuestionBlocks.In(one[1], ofForm: true)[0].Question ?? throw new InvalidOperationException("A stored question cannot be read.")))]);
}

/// <summary>The question on the stage.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Key">Which of the slides'.</param>
/// <param name="IsOpen">Whether it takes answers.</param>
/// <param name="Answered">How many have answered.</param>
/// <param name="Texts">What it asks.</param>
/// <param name="Result">What was answered; null while only those who lead see it.</param>
public sealed record StageQuestion(int Number, string Key, bool IsOpen, int Answered, QuestionTexts Texts, QuestionResult? Result)
{
    /// <summary>Whether what is right is seen, too: nobody is to answer by it.</summary>
    public bool IsRevealed => !IsOpen && Result is not null;
}

/// <summary>What was answered.</summary>
/// <param name="Count">By answer.</param>
/// <param name="Written">The newest texts, at most <see cref="StageQuestions.MostTexts"/>, without names.</param>
public sealed record QuestionResult(QuestionCount Count, IReadOnlyList<string> Written);

/// <summary>What a reader of the stage has answered.</summary>
/// <param name="Number">The question on the stage; 0 for none.</param>
/// <param name="Kept">The answer to it; null for none.</param>
/// <param name="Points">Of all questions whose right answers were shown.</param>
/// <param name="Of">How many there were to get; 0 where there was no quiz yet.</param>
public sealed record MyAnswers(int Number, string? Kept, int Points, int Of);

/// <summary>A question at the desk.</summary>
/// <param name="Key">Which.</param>
/// <param name="Slide">Its slide; null where it stands in the slides no more.</param>
/// <param name="Kind">Which kind.</param>
/// <param name="IsQuiz">Whether it has right answers.</param>
/// <param name="Title">The beginning of what it asks.</param>
/// <param name="State">How far it is.</param>
/// <param name="IsShown">Whether everybody sees what was answered.</param>
/// <param name="Answered">How many have answered.</param>
public sealed record DeskQuestion(string Key, int? Slide, QuestionKind Kind, bool IsQuiz, string Title, DeskQuestionState State, bool IsShown, int Answered);

/// <summary>How far a question is.</summary>
public enum DeskQuestionState
{
    /// <summary>Never opened.</summary>
    Ready = 1,
    /// <summary>Takes answers.</summary>
    Open = 2,
    /// <summary>Closed; may be opened again.</summary>
    Closed = 3,
    /// <summary>Closed for good: everybody has seen what is right.</summary>
    Revealed = 4,
}

/// <summary>Somebody's points.</summary>
public sealed record PointsLine(string Handle, string Name, int Points)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>The questions of a session, as those who lead it see them.</summary>
/// <param name="Questions">Those of the slides in their order, then those that stand there no more.</param>
/// <param name="Newest">The one that was opened last, with what was answered so far; null for none.</param>
/// <param name="Best">Who has most points, at most <see cref="StageQuestions.MostLines"/>.</param>
/// <param name="Of">How many points there were to get so far.</param>
public sealed record DeskQuestions(IReadOnlyList<DeskQuestion> Questions, StageQuestion? Newest, IReadOnlyList<PointsLine> Best, int Of);
