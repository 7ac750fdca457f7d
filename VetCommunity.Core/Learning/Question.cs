using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Learning;

/// <summary>The kinds of questions there are. Each is a record below; wherever a question is asked, on a stage or in a lesson, it is one of these.</summary>
public enum QuestionKind
{
    /// <summary>One of several answers.</summary>
    [SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The word that authors write.")]
    Single = 1,
    /// <summary>Any of several answers.</summary>
    Multiple = 2,
    /// <summary>A number between two ends.</summary>
    Scale = 3,
    /// <summary>Things in an order.</summary>
    Ranking = 4,
    /// <summary>A few single words.</summary>
    Words = 5,
    /// <summary>A text of one's own.</summary>
    Text = 6,
    /// <summary>Ideas of all, and votes for them.</summary>
    Ideas = 7,
}

/// <summary>What somebody answers: numbers of answers, a number of a scale, a place for each thing; or words, or a text; or ideas, a line each, and votes for ideas.</summary>
public sealed record Answer(IReadOnlyList<int> Numbers, string? Text)
{
    /// <summary>The ideas that get a vote, see <see cref="IdeasQuestion.KeyOf"/>; null where nothing is said of votes.</summary>
    public IReadOnlyList<string>? Votes { get; init; }

    /// <summary>Of numbers.</summary>
    public static Answer Of(params IEnumerable<int> numbers) => new([.. numbers], null);

    /// <summary>Of words or a text.</summary>
    public static Answer Written(string? text) => new([], text);
}

/// <summary>
/// A question. With right answers it is one of a quiz and gives points, without it is a poll. An answer that was checked is kept as a short text, <see cref="Keep"/>, of which the same question knows what it is
/// worth: nothing here knows who asks, where and when.
/// </summary>
/// <param name="Name">What it is called in every language; null for nothing.</param>
/// <param name="Points">What a right answer is worth; 0 where none is right.</param>
/// <param name="Text">What is asked, in markdown.</param>
/// <param name="Explanation">What is read afterwards, in markdown; empty for nothing.</param>
public abstract record Question(string? Name, int Points, string Text, string Explanation)
{
    /// <summary>Characters of what is asked, and of what is read afterwards.</summary>
    public const int TextLength = 2000;

    /// <summary>Answers to choose from.</summary>
    public const int MostChoices = 10;

    /// <summary>Characters of one.</summary>
    public const int ChoiceLength = 200;

    /// <summary>Points of a question.</summary>
    public const int MostPoints = 100;

    /// <summary>Characters of an answer as it is kept.</summary>
    public const int AnswerLength = 600;

    /// <summary>Which it is.</summary>
    public abstract QuestionKind Kind { get; }

    /// <summary>What there is to choose from or to put in order, by number from 1.</summary>
    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>Whether a form is not sent without an answer to it; only forms ask for that.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether there are right answers.</summary>
    public bool IsQuiz => Points > 0;

    /// <summary>Checks an answer. The same answer, however it was given, is the same text of at most <see cref="AnswerLength"/> characters.</summary>
    /// <exception cref="RefusedException">It is none to this question.</exception>
    public abstract string Keep(Answer answer);

    /// <summary>What was answered, from what was kept.</summary>
    public virtual Answer Read(string kept) => Answer.Of(NumbersOf(kept));

    /// <summary>An answer that takes the place of one that was kept: what it says nothing of stays.</summary>
    public virtual Answer Onto(string kept, Answer answer) => answer;

    /// <summary>Whole points, from 0 to <see cref="Points"/>.</summary>
    public virtual int Grade(string kept) => 0;

    /// <summary>What all answered.</summary>
    /// <param name="answers">What was kept, and how often.</param>
    public abstract QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers);

    /// <summary>Whether an answer to this one can be given to the other one: they differ in words alone, as in another language.</summary>
    public virtual bool IsLike(Question other) => Kind == other.Kind && Choices.Count == other.Choices.Count;

    /// <summary>Answers of these numbers, each once.</summary>
    protected static List<int> Checked(Answer answer, int from, int to)
    {
        if (answer.Numbers.Count == 0)
            throw new RefusedException(Refusal.AnswerMissing);
        if (answer.Numbers.Any(number => number < from || number > to))
            throw new RefusedException(Refusal.AnswerUnknown);
        return [.. answer.Numbers.Distinct()];
    }

    /// <summary>As it is kept.</summary>
    protected static string Joined(IEnumerable<int> numbers) => string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));

    /// <summary>From what is kept.</summary>
    protected static List<int> NumbersOf(string kept) =>
        [.. kept.Split(',').Select(part => int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0)];

    /// <summary>How often each number was chosen.</summary>
    protected static QuestionCount CountOf(IReadOnlyCollection<(string Kept, int Times)> answers, int from, int to)
    {
        var all = answers.Sum(one => one.Times);
        var chosen = answers.SelectMany(one => NumbersOf(one.Kept).Select(number => (number, one.Times))).ToLookup(one => one.number, one => one.Times);
        return new(all, [.. Enumerable.Range(from, to - from + 1).Select(number => new QuestionLine(number, "", chosen[number].Sum(), all == 0 ? 0 : (double)chosen[number].Sum() / all, 0))], 0);
    }
}

/// <summary>What all answered to a question.</summary>
/// <param name="Answered">How many did.</param>
/// <param name="Lines">By answer, value, thing or word.</param>
/// <param name="Mean">Of a scale; 0 elsewhere.</param>
public sealed record QuestionCount(int Answered, IReadOnlyList<QuestionLine> Lines, double Mean)
{
    /// <summary>How many ideas there are, of which the lines are those in front; 0 elsewhere.</summary>
    public int Ideas { get; init; }
}

/// <summary>A line of it.</summary>
/// <param name="Number">Of the answer or thing, or the value.</param>
/// <param name="Word">The word or the idea, where it is one.</param>
/// <param name="Count">How many chose it, voted for it or put it first.</param>
/// <param name="Share">From 0 to 1: of those who answered; of words and ideas, of the one in front; in an order, how far in front.</param>
/// <param name="Place">Of a thing in an order: its mean place.</param>
public sealed record QuestionLine(int Number, string Word, int Count, double Share, double Place);

/// <summary>One of several answers.</summary>
public sealed record SingleQuestion(string? Name, int Points, string Text, string Explanation, IReadOnlyList<string> Choices, int? Right) : Question(Name, Points, Text, Explanation)
{
    /// <inheritdoc/>
    public override QuestionKind Kind => QuestionKind.Single;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Choices { get; } = Choices;

    /// <inheritdoc/>
    public override string Keep(Answer answer) => Checked(answer, 1, Choices.Count) is [var one] ? Joined([one]) : throw new RefusedException(Refusal.PollOneChoice);

    /// <inheritdoc/>
    public override int Grade(string kept) => Right is { } right && NumbersOf(kept) is [var one] && one == right ? Points : 0;

    /// <inheritdoc/>
    public override QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers) => CountOf(answers, 1, Choices.Count);
}

/// <summary>Any of several answers. What is wrong takes away what one right answer gives.</summary>
public sealed record MultipleQuestion(string? Name, int Points, string Text, string Explanation, IReadOnlyList<string> Choices, IReadOnlyList<int> Right) : Question(Name, Points, Text, Explanation)
{
    /// <inheritdoc/>
    public override QuestionKind Kind => QuestionKind.Multiple;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Choices { get; } = Choices;

    /// <inheritdoc/>
    public override string Keep(Answer answer) => Joined(Checked(answer, 1, Choices.Count).Order());

    /// <inheritdoc/>
    public override int Grade(string kept)
    {
        if (Right.Count == 0)
            return 0;
        var right = NumbersOf(kept).Sum(number => Right.Contains(number) ? 1 : -1);
        return Points * Math.Max(0, right) / Right.Count;
    }

    /// <inheritdoc/>
    public override QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers) => CountOf(answers, 1, Choices.Count);
}

/// <summary>A number between two ends.</summary>
public sealed record ScaleQuestion(string? Name, string Text, string Explanation, int From, string FromLabel, int To, string ToLabel) : Question(Name, 0, Text, Explanation)
{
    /// <summary>Steps from end to end.</summary>
    public const int MostSteps = 10;

    /// <summary>Characters of what an end is called.</summary>
    public const int LabelLength = 60;

    /// <inheritdoc/>
    public override QuestionKind Kind => QuestionKind.Scale;

    /// <inheritdoc/>
    public override string Keep(Answer answer) => Checked(answer, From, To) is [var one] ? Joined([one]) : throw new RefusedException(Refusal.PollOneChoice);

    /// <inheritdoc/>
    public override QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers)
    {
        var count = CountOf(answers, From, To);
        return count with { Mean = count.Answered == 0 ? 0 : count.Lines.Sum(line => (double)line.Number * line.Count) / count.Answered };
    }

    /// <inheritdoc/>
    public override bool IsLike(Question other) => other is ScaleQuestion scale && (scale.From, scale.To) == (From, To);
}

/// <summary>Things in an order. An answer is the place of each.</summary>
/// <param name="Name">What it is called in every language.</param>
/// <param name="Points">What the right order is worth.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Explanation">What is read afterwards.</param>
/// <param name="Choices">The things.</param>
/// <param name="Places">The right place of each; none where no order is right.</param>
public sealed record RankingQuestion(string? Name, int Points, string Text, string Explanation, IReadOnlyList<string> Choices, IReadOnlyList<int> Places) : Question(Name, Points, Text, Explanation)
{
    /// <inheritdoc/>
    public override QuestionKind Kind => QuestionKind.Ranking;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Choices { get; } = Choices;

    /// <inheritdoc/>
    public override string Keep(Answer answer)
    {
        var places = Checked(answer, 1, Choices.Count);
        return places.Count == Choices.Count && answer.Numbers.Count == places.Count ? Joined(places) : throw new RefusedException(Refusal.AnswerPlaces);
    }

    /// <inheritdoc/>
    public override int Grade(string kept) => Places.Count == 0 ? 0 : Points * NumbersOf(kept).Zip(Places).Count(pair => pair.First == pair.Second) / Places.Count;

    /// <inheritdoc/>
    public override QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers)
    {
        var (all, places) = (answers.Sum(one => one.Times), answers.Select(one => (Numbers: NumbersOf(one.Kept), one.Times)).Where(one => one.Numbers.Count == Choices.Count).ToList());
        return new(all, [.. Enumerable.Range(1, Choices.Count).Select(number =>
        {
            var mean = all == 0 ? 0 : places.Sum(one => (double)one.Numbers[number - 1] * one.Times) / all;
            return new QuestionLine(number, "", places.Where(one => one.Numbers[number - 1] == 1).Sum(one => one.Times), all == 0 ? 0 : (Choices.Count - mean) / (Choices.Count - 1), mean);
        }).OrderBy(line => line.Place)], 0);
    }
}

/// <summary>A few single words of each: those that many write are large.</summary>
public sealed record WordsQuestion(string? Name, string Text, string Explanation, int Most) : Question(Name, 0, Text, Explanation)
{
    /// <summary>Words of one person.</summary>
    public const int MostWords = 3;

    /// <summary>Characters of a word.</summary>
    public const int WordLength = 40;

    /// <summary>Different words of a result.</summary>
    public const int MostShown = 50;

    /// <inheritdoc/>
    public override QuestionKind Kind => QuestionKind.Words;

    /// <inheritdoc/>
    public override string Keep(Answer answer)
    {
        List<string> words = [.. PlainText.Line(answer.Text).Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Trim('.', '!', '?', ':', '"', '«', '»', '„', '“', '”'))
            .Where(word => word.Length > 0).DistinctBy(Folded)];
        if (words.Count == 0)
            throw new RefusedException(Refusal.AnswerMissing);
        return words.Count <= Most && words.TrueForAll(word => word.Length <= WordLength) ? string.Join(' ', words) : throw new RefusedException(Refusal.AnswerWords, Most, WordLength);
    }

    /// <inheritdoc/>
    public override Answer Read(string kept) => Answer.Written(kept);

    /// <inheritdoc/>
    public override QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers)
    {
        var words = answers.SelectMany(one => one.Kept.Split(' ').Select(word => (Word: word, one.Times))).GroupBy(one => Folded(one.Word), StringComparer.Ordinal)
            .Select(same => (Word: same.MaxBy(one => one.Times).Word, Count: same.Sum(one => one.Times))).OrderByDescending(one => one.Count).ThenBy(one => one.Word, StringComparer.Ordinal).Take(MostShown).ToList();
        return new(answers.Sum(one => one.Times), [.. words.Select(one => new QuestionLine(0, one.Word, one.Count, (double)one.Count / words[0].Count, 0))], 0);
    }

    /// <inheritdoc/>
    public override bool IsLike(Question other) => other is WordsQuestion words && words.Most == Most;

    static string Folded(string word) => word.ToLowerInvariant();
}

/// <summary>A text of one's own.</summary>
public sealed record TextQuestion(string? Name, string Text, string Explanation) : Question(Name, 0, Text, Explanation)
{
    /// <summary>Characters of it.</summary>
    public const int Longest = 500;

    /// <inheritdoc/>
    public override QuestionKind Kind => QuestionKind.Text;

    /// <inheritdoc/>
    public override string Keep(Answer answer) => PlainText.Lines(PlainText.Whole(answer.Text ?? "")) is { Length: > 0 } text ? PlainText.Within(text, Longest) : throw new RefusedException(Refusal.AnswerMissing);

    /// <inheritdoc/>
    public override Answer Read(string kept) => Answer.Written(kept);

    /// <inheritdoc/>
    public override QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers) => new(answers.Sum(one => one.Times), [], 0);
}

/// <summary>
/// Ideas of all, and votes for them: each person has some of both, and may vote for the own ones too. The same idea of several people is one. What is kept are the votes in the first line, by <see cref="KeyOf"/>, and an
/// idea in each further one; votes for what nobody has any more are not counted.
/// </summary>
/// <param name="Name">What it is called in every language.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Explanation">What is read afterwards.</param>
/// <param name="Most">Ideas of one person.</param>
/// <param name="Votes">Votes of one person.</param>
public sealed record IdeasQuestion(string? Name, string Text, string Explanation, int Most, int Votes) : Question(Name, 0, Text, Explanation)
{
    /// <summary>Ideas of one person.</summary>
    public const int MostIdeas = 3;

    /// <summary>Votes of one person.</summary>
    public const int MostVotes = 5;

    /// <summary>Votes of one person where nothing is said of them.</summary>
    public const int UsualVotes = 3;

    /// <summary>Characters of an idea.</summary>
    public const int IdeaLength = 120;

    /// <summary>Ideas of a result.</summary>
    public const int MostShown = 50;

    /// <summary>What is kept where all ideas and votes of somebody were removed.</summary>
    public const string Emptied = "\n";

    /// <summary>Characters of <see cref="KeyOf"/>.</summary>
    public const int KeyLength = 12;

    /// <inheritdoc/>
    public override QuestionKind Kind => QuestionKind.Ideas;

    /// <summary>By which an idea is known, whoever wrote it and however large: it names a vote in few signs.</summary>
    public static string KeyOf(string idea) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlainText.Line(idea).ToLowerInvariant())))[..KeyLength];

    /// <inheritdoc/>
    public override string Keep(Answer answer)
    {
        var (ideas, votes) = (IdeasIn(answer.Text), VotesIn(answer));
        if (ideas.Count + votes.Count == 0)
            throw new RefusedException(Refusal.AnswerMissing);
        if (ideas.Count > Most || ideas.Exists(idea => idea.Length > IdeaLength))
            throw new RefusedException(Refusal.AnswerIdeas, Most, IdeaLength);
        if (votes.Exists(vote => vote.Length != KeyLength || !vote.All(char.IsAsciiHexDigitLower)))
            throw new RefusedException(Refusal.AnswerUnknown);
        if (votes.Count > Votes)
            throw new RefusedException(Refusal.AnswerVotes, Votes);
        return KeptOf(votes, ideas);
    }

    /// <summary>Whether it has neither an idea nor a vote: whoever sends that takes back what was kept.</summary>
    public static bool IsNothing(Answer answer) => IdeasIn(answer.Text).Count + VotesIn(answer).Count == 0;

    /// <inheritdoc/>
    public override Answer Read(string kept)
    {
        var (votes, ideas) = PartsOf(kept);
        return new([], string.Join('\n', ideas)) { Votes = votes };
    }

    /// <inheritdoc/>
    public override Answer Onto(string kept, Answer answer)
    {
        var before = Read(kept);
        return answer with { Text = answer.Text ?? before.Text, Votes = answer.Votes ?? before.Votes };
    }

    /// <summary>What is kept without an idea and the vote for it; an answer it stays, also where nothing is left in it.</summary>
    public static string Without(string kept, string idea)
    {
        var (votes, ideas) = PartsOf(kept);
        return votes.Remove(idea) | ideas.RemoveAll(one => KeyOf(one) == idea) > 0 ? KeptOf(votes, ideas) : kept;
    }

    /// <summary>The first idea in what is kept that is one of these; null for none.</summary>
    public static string? FirstOf(string kept, IReadOnlyCollection<string> keys) => keys.Count == 0 ? null : PartsOf(kept).Ideas.Find(idea => keys.Contains(KeyOf(idea)));

    /// <inheritdoc/>
    public override QuestionCount Count(IReadOnlyCollection<(string Kept, int Times)> answers)
    {
        var parts = answers.Select(one => (Parts: PartsOf(one.Kept), one.Times)).ToList();
        var votes = parts.SelectMany(one => one.Parts.Votes.Select(vote => (vote, one.Times))).ToLookup(one => one.vote, one => one.Times);
        var ideas = parts.SelectMany(one => one.Parts.Ideas.Select(idea => (Idea: idea, one.Times))).GroupBy(one => KeyOf(one.Idea), StringComparer.Ordinal)
            .Select(same => (Idea: Usual(same), Votes: votes[same.Key].Sum(), Had: same.Sum(one => one.Times)))
            .OrderByDescending(one => one.Votes).ThenByDescending(one => one.Had).ThenBy(one => one.Idea, StringComparer.Ordinal).ToList();
        return new(answers.Sum(one => one.Times), [.. ideas.Take(MostShown).Select((one, index) => new QuestionLine(index + 1, one.Idea, one.Votes, ideas[0].Votes == 0 ? 0 : (double)one.Votes / ideas[0].Votes, 0))], 0) { Ideas = ideas.Count };

        // As most have written it.
        static string Usual(IEnumerable<(string Idea, int Times)> same) =>
            same.GroupBy(one => one.Idea, StringComparer.Ordinal).OrderByDescending(written => written.Sum(one => one.Times)).ThenBy(written => written.Key, StringComparer.Ordinal).First().Key;
    }

    /// <inheritdoc/>
    public override bool IsLike(Question other) => other is IdeasQuestion ideas && (ideas.Most, ideas.Votes) == (Most, Votes);

    static List<string> IdeasIn(string? text) => [.. (text ?? "").ReplaceLineEndings("\n").Split('\n').Select(PlainText.Line).Where(idea => idea.Length > 0).DistinctBy(idea => idea.ToLowerInvariant())];

    static List<string> VotesIn(Answer answer) => [.. (answer.Votes ?? []).Where(vote => vote.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    static string KeptOf(IReadOnlyList<string> votes, IReadOnlyList<string> ideas) => string.Join(',', votes) + "\n" + string.Join('\n', ideas);

    static (List<string> Votes, List<string> Ideas) PartsOf(string kept)
    {
        var lines = kept.Split('\n');
        return ([.. lines[0].Split(',', StringSplitOptions.RemoveEmptyEntries)], [.. lines.Skip(1).Where(idea => idea.Length > 0)]);
    }
}
