using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Learning;

/// <summary>A block of lines that asks a question, or tries to.</summary>
/// <param name="First">Its first line, from 1.</param>
/// <param name="Last">Its last one; the first one where nobody closes it.</param>
/// <param name="Question">The question; null where there is a fault.</param>
/// <param name="Fault">Why it is none.</param>
public sealed record QuestionBlock(int First, int Last, Question? Question, QuestionFault? Fault);

/// <summary>
/// Questions as they stand in markdown, in a fenced block as Pandoc has it:
/// <code>
/// ::: question single
/// id: hook
/// points: 2
///
/// What keeps an apprentice?
///
/// - [x] A person who asks
/// - [ ] A longer contract
///
/// > Read after the answer.
/// :::
/// </code>
/// The answers are the last lines that begin with a hyphen: <c>[x]</c> marks a right one, <c>[2]</c> the right place of a thing in a <c>ranking</c>. A <c>scale</c> has the lines <c>from: 1 not at all</c> and
/// <c>to: 5 entirely</c>, <c>words</c> may have <c>most: 2</c>, <c>ideas</c> also <c>votes: 5</c>, and a question of a form <c>required: yes</c>. Other fenced blocks are left alone, and what stands in a block of code is none of these.
/// </summary>
public static partial class QuestionBlocks
{
    /// <summary>The blocks of a text, in their order. Any text can be read.</summary>
    public static IReadOnlyList<QuestionBlock> In(string markdown, bool ofForm = false) => In(markdown.ReplaceLineEndings("\n").Split('\n'), ofForm);

    /// <summary>The blocks of these lines, in their order.</summary>
    public static IReadOnlyList<QuestionBlock> In(IReadOnlyList<string> lines, bool ofForm = false)
    {
        List<QuestionBlock> blocks = [];
        if (!lines.Any(line => line.Contains(":::", StringComparison.Ordinal)))
            return blocks;
        var code = CodeLines.In(lines);
        for (var begin = 0; begin < code.Length; begin++)
        {
            if (code[begin] || OpeningPattern().Match(lines[begin]) is not { Success: true } opening)
                continue;
            var end = begin + 1;
            while (end < code.Length && (code[end] || !EndsBlock(lines[end])))
                end++;
            if (end == code.Length || !ClosingPattern().IsMatch(lines[end]))
            {
                blocks.Add(new(begin + 1, begin + 1, null, new(begin + 1, QuestionFaultKind.NotClosed)));
                continue;
            }
            try
            {
                blocks.Add(new(begin + 1, end + 1, new Body(lines, code, begin, end, opening.Groups["kind"].Value, ofForm).Question(), null));
            }
            catch (FaultException fault)
            {
                blocks.Add(new(begin + 1, end + 1, null, fault.Fault));
            }
            begin = end;
        }
        return blocks;
    }

    /// <summary>The question as a block, which read again is the same question.</summary>
    public static string Print(Question question)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"::: question {question.Kind.ToString().ToLowerInvariant()}\n");
        if (question.Name is { } name)
            text.Append(CultureInfo.InvariantCulture, $"id: {name}\n");
        if (question.IsRequired)
            text.Append("required: yes\n");
        if (question.IsQuiz)
            text.Append(CultureInfo.InvariantCulture, $"points: {question.Points}\n");
        if (question is ScaleQuestion scale)
            text.Append(FormattableString.Invariant($"from: {scale.From} {scale.FromLabel}").TrimEnd()).Append('\n').Append(FormattableString.Invariant($"to: {scale.To} {scale.ToLabel}").TrimEnd()).Append('\n');
        if (question is WordsQuestion words)
            text.Append(CultureInfo.InvariantCulture, $"most: {words.Most}\n");
        if (question is IdeasQuestion ideas)
            text.Append(CultureInfo.InvariantCulture, $"most: {ideas.Most}\nvotes: {ideas.Votes}\n");
        text.Append('\n').Append(question.Text).Append('\n');
        if (question.Choices.Count > 0)
            text.Append('\n');
        foreach (var (index, choice) in question.Choices.Index())
            text.Append(CultureInfo.InvariantCulture, $"- [{MarkOf(question, index)}] {choice}\n");
        if (question.Explanation.Length > 0)
        {
            text.Append('\n');
            foreach (var line in question.Explanation.Split('\n'))
                text.Append(line.Length == 0 ? ">" : "> " + line).Append('\n');
        }
        return text.Append(":::\n").ToString();
    }

    static string MarkOf(Question question, int index) => question switch
    {
        SingleQuestion single when single.Right == index + 1 => "x",
        MultipleQuestion multiple when multiple.Right.Contains(index + 1) => "x",
        RankingQuestion { Places.Count: > 0 } ranking => ranking.Places[index].ToString(CultureInfo.InvariantCulture),
        _ => " ",
    };

    // What begins something else, a slide or a step among it, is not taken in.
    static bool EndsBlock(string line) => FencePattern().IsMatch(line) || line.TrimEnd() == "---" || line.Trim() is "???" or ". . .";

    sealed class FaultException(QuestionFault fault) : Exception
    {
        public QuestionFault Fault => fault;
    }

    sealed class Body(IReadOnlyList<string> lines, bool[] code, int begin, int end, string kindName, bool ofForm)
    {
        readonly Dictionary<string, (int Line, string Value)> _fields = new(StringComparer.Ordinal);

        public Question Question()
        {
            var question = Read();
            if (!_fields.TryGetValue("required", out var field))
                return question;
            return field.Value == "yes" ? question with { IsRequired = true } : throw Fault(field.Line, QuestionFaultKind.UnknownField, "required: " + field.Value);
        }

        Question Read()
        {
            if (!Enum.TryParse<QuestionKind>(kindName, ignoreCase: true, out var kind) || !kindName.All(char.IsAsciiLetter))
                throw Fault(begin, QuestionFaultKind.UnknownKind, kindName);
            var (first, last) = (Fields(kind), end);
            var explanation = Explanation(ref last);
            var hasChoices = kind is QuestionKind.Single or QuestionKind.Multiple or QuestionKind.Ranking;
            var choices = hasChoices ? Choices(ref last, first) : [];
            var text = string.Join('\n', lines.Skip(first).Take(last - first)).Trim();
            if (text.Length == 0)
                throw Fault(begin, QuestionFaultKind.NoText);
            if (text.Length > Learning.Question.TextLength || explanation.Length > Learning.Question.TextLength)
                throw Fault(begin, QuestionFaultKind.TextTooLong, Learning.Question.TextLength);
            if (hasChoices && choices.Count < 2)
                throw Fault(begin, QuestionFaultKind.TooFewChoices);
            if (choices.Count > Learning.Question.MostChoices)
                throw Fault(choices[Learning.Question.MostChoices].Line, QuestionFaultKind.TooManyChoices, Learning.Question.MostChoices);
            HashSet<string> known = new(StringComparer.Ordinal);
            foreach (var (line, mark, choice) in choices)
            {
                if (choice.Length == 0)
                    throw Fault(line, QuestionFaultKind.EmptyChoice);
                if (choice.Length > Learning.Question.ChoiceLength)
                    throw Fault(line, QuestionFaultKind.ChoiceTooLong, Learning.Question.ChoiceLength);
                if (!known.Add(choice))
                    throw Fault(line, QuestionFaultKind.ChoiceTwice, choice);
                if (mark.Length > 0 && (mark == "x") == (kind == QuestionKind.Ranking))
                    throw Fault(line, QuestionFaultKind.BadMark, mark);
            }
            string[] names = [.. choices.Select(one => one.Text)];
            int[] right = [.. choices.Index().Where(one => one.Item.Mark == "x").Select(one => one.Index + 1)];
            var name = Name();
            if (!hasChoices)
                _ = Points(isQuiz: false);
            switch (kind)
            {
                case QuestionKind.Single:
                    if (right.Length > 1)
                        throw Fault(choices[right[1] - 1].Line, QuestionFaultKind.TwoRight);
                    return new SingleQuestion(name, Points(right.Length > 0), text, explanation, names, right.Length > 0 ? right[0] : null);
                case QuestionKind.Multiple:
                    return new MultipleQuestion(name, Points(right.Length > 0), text, explanation, names, right);
                case QuestionKind.Ranking:
                    int[] places = [.. choices.Where(one => one.Mark.Length > 0).Select(one => int.Parse(one.Mark, CultureInfo.InvariantCulture))];
                    if (places.Length > 0 && !places.Order().SequenceEqual(Enumerable.Range(1, names.Length)))
                        throw Fault(choices[0].Line, QuestionFaultKind.BadPlaces);
                    return new RankingQuestion(name, Points(places.Length > 0), text, explanation, names, places);
                case QuestionKind.Scale:
                    var (from, fromLabel) = End("from", 1);
                    var (to, toLabel) = End("to", from + 4);
                    if (to <= from || to - from > ScaleQuestion.MostSteps)
                        throw Fault(_fields.TryGetValue("to", out var field) ? field.Line : begin, QuestionFaultKind.BadScale);
                    return new ScaleQuestion(name, text, explanation, from, fromLabel, to, toLabel);
                case QuestionKind.Words:
                    return new WordsQuestion(name, text, explanation, Number("most", WordsQuestion.MostWords, WordsQuestion.MostWords, QuestionFaultKind.BadMost));
                case QuestionKind.Ideas:
                    return new IdeasQuestion(name, text, explanation, Number("most", IdeasQuestion.MostIdeas, IdeasQuestion.MostIdeas, QuestionFaultKind.BadIdeas),
                        Number("votes", IdeasQuestion.UsualVotes, IdeasQuestion.MostVotes, QuestionFaultKind.BadVotes));
                default:
                    return new TextQuestion(name, text, explanation);
            }
        }

        // Where the text begins.
        int Fields(QuestionKind kind)
        {
            var at = begin + 1;
            for (; at < end && !code[at]; at++)
            {
                if (lines[at].Trim().Length == 0 && _fields.Count == 0)
                    return at;
                if (FieldPattern().Match(lines[at]) is not { Success: true } field)
                    break;
                var name = field.Groups["name"].Value;
                if (name is not ("id" or "points") && !(ofForm && name == "required") && !(kind == QuestionKind.Scale && name is "from" or "to") && !(kind is QuestionKind.Words or QuestionKind.Ideas && name == "most")
                    && !(kind == QuestionKind.Ideas && name == "votes"))
                    throw Fault(at, QuestionFaultKind.UnknownField, name);
                _fields[name] = (at, field.Groups["value"].Value.Trim());
            }
            return at;
        }

        string Explanation(ref int last)
        {
            var from = SkipBlank(last);
            var first = from;
            while (first > begin + 1 && !code[first - 1] && lines[first - 1].StartsWith('>'))
                first--;
            if (first == from)
                return "";
            last = first;
            return string.Join('\n', lines.Skip(first).Take(from - first).Select(line => line[1..] is [' ', .. var rest] ? rest : line[1..])).Trim('\n').TrimEnd();
        }

        List<(int Line, string Mark, string Text)> Choices(ref int last, int from)
        {
            var (at, first) = (last, last);
            while (at > from && !code[at - 1] && (lines[at - 1].StartsWith("- ", StringComparison.Ordinal) || lines[at - 1].TrimEnd() is "" or "-" || lines[at - 1].StartsWith("  ", StringComparison.Ordinal)))
            {
                at--;
                if (lines[at].StartsWith('-'))
                    first = at;
            }
            List<(int Line, string Mark, string Text)> choices = [];
            for (var line = first; line < last; line++)
            {
                if (!lines[line].StartsWith('-'))
                {
                    // The answer goes on.
                    if (lines[line].Trim().Length > 0)
                        choices[^1] = choices[^1] with { Text = (choices[^1].Text + " " + lines[line].Trim()).Trim() };
                    continue;
                }
                var rest = lines[line][1..].Trim();
                var marked = MarkPattern().Match(rest);
                choices.Add(marked.Success ? (line, marked.Groups["mark"].Value.Trim().ToLowerInvariant(), marked.Groups["text"].Value.Trim()) : (line, "", rest));
            }
            last = first;
            return choices;
        }

        string? Name()
        {
            if (!_fields.TryGetValue("id", out var field))
                return null;
            return NamePattern().IsMatch(field.Value) ? field.Value : throw Fault(field.Line, QuestionFaultKind.BadName);
        }

        int Points(bool isQuiz)
        {
            var points = Number("points", 1, Learning.Question.MostPoints, QuestionFaultKind.BadPoints);
            if (!isQuiz && _fields.TryGetValue("points", out var field))
                throw Fault(field.Line, QuestionFaultKind.PointsForNothing);
            return isQuiz ? points : 0;
        }

        int Number(string name, int otherwise, int most, QuestionFaultKind fault)
        {
            if (!_fields.TryGetValue(name, out var field))
                return otherwise;
            return int.TryParse(field.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : throw Fault(field.Line, fault, most);
        }

        (int Value, string Label) End(string name, int otherwise)
        {
            if (!_fields.TryGetValue(name, out var field))
                return (otherwise, "");
            return EndPattern().Match(field.Value) is { Success: true } match && match.Groups["label"].Value.Trim() is { Length: <= ScaleQuestion.LabelLength } label
                ? (int.Parse(match.Groups["value"].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), label) : throw Fault(field.Line, QuestionFaultKind.BadScale);
        }

        int SkipBlank(int last)
        {
            while (last > begin + 1 && !code[last - 1] && lines[last - 1].Trim().Length == 0)
                last--;
            return last;
        }

        static FaultException Fault(int line, QuestionFaultKind kind, object? detail = null) => new(new(line + 1, kind, Convert.ToString(detail, CultureInfo.InvariantCulture) ?? ""));
    }

    const RegexOptions Plain = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"^ {0,3}:{3,}[ \t]*question(?:[ \t]+(?<kind>[^\s:]*))?[ \t]*:*[ \t]*$", Plain)]
    private static partial Regex OpeningPattern();

    [GeneratedRegex("^ {0,3}:{3,}", Plain)]
    private static partial Regex FencePattern();

    [GeneratedRegex(@"^ {0,3}:{3,}\s*$", Plain)]
    private static partial Regex ClosingPattern();

    [GeneratedRegex(@"^(?<name>[a-z]{1,20}):(?:[ \t]+(?<value>.*))?$", Plain)]
    private static partial Regex FieldPattern();

    [GeneratedRegex(@"^\[(?<mark>[ xX]|[0-9]{1,2})\](?:\s+(?<text>.*))?$", Plain)]
    private static partial Regex MarkPattern();

    [GeneratedRegex(@"^(?<value>-?[0-9]{1,3})(?:\s+(?<label>.+))?$", Plain)]
    private static partial Regex EndPattern();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,60}$", Plain)]
    private static partial Regex NamePattern();
}
