namespace VetCommunity.Core.Learning;

/// <summary>Why a block of markdown is no question. Its sentence is for whoever writes it.</summary>
public enum QuestionFaultKind
{
    /// <summary>It says no kind, or one that there is not: {0}.</summary>
    UnknownKind = 1,
    /// <summary>Nobody closes it before the slide, the step or the text ends, or another block begins.</summary>
    NotClosed,
    /// <summary>It begins with a line {0}: which this kind does not know.</summary>
    UnknownField,
    /// <summary>A name of other signs than letters, digits, - and _.</summary>
    BadName,
    /// <summary>Points that are no number from 1 to {0}.</summary>
    BadPoints,
    /// <summary>Points without a right answer.</summary>
    PointsForNothing,
    /// <summary>Nothing is asked.</summary>
    NoText,
    /// <summary>What is asked or read afterwards is longer than {0} characters.</summary>
    TextTooLong,
    /// <summary>Fewer than two answers.</summary>
    TooFewChoices,
    /// <summary>More than {0} answers.</summary>
    TooManyChoices,
    /// <summary>An answer without words.</summary>
    EmptyChoice,
    /// <summary>An answer of more than {0} characters.</summary>
    ChoiceTooLong,
    /// <summary>The same answer twice: {0}.</summary>
    ChoiceTwice,
    /// <summary>A mark [{0}] that this kind does not know.</summary>
    BadMark,
    /// <summary>Two right answers where there can be one.</summary>
    TwoRight,
    /// <summary>Places that are not each once.</summary>
    BadPlaces,
    /// <summary>Ends of a scale that are none.</summary>
    BadScale,
    /// <summary>A number of words that is none from 1 to {0}.</summary>
    BadMost,
    /// <summary>A number of ideas that is none from 1 to {0}.</summary>
    BadIdeas,
    /// <summary>A number of votes that is none from 1 to {0}.</summary>
    BadVotes,
    /// <summary>A kind that is asked in sessions alone, in a form.</summary>
    OnlyOnStage,
    /// <summary>Two questions of one text are called {0}.</summary>
    NameTwice,
    /// <summary>More than {0} questions in one text.</summary>
    TooManyQuestions,
}

/// <summary>Why a block is no question.</summary>
/// <param name="Line">Where, from 1.</param>
/// <param name="Kind">Why.</param>
/// <param name="Detail">What the sentence speaks of.</param>
public sealed record QuestionFault(int Line, QuestionFaultKind Kind, string Detail = "");
