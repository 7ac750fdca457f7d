using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Live;

/// <summary>What of a session that is over goes into its lesson. There is nothing in it of what those who took part wrote or answered; captions may quote them.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Title">What it was called.</param>
/// <param name="On">The day on which it was held.</param>
/// <param name="Language">That of the lesson, one of the interface's.</param>
/// <param name="Decks">Its slides in each language as they were at its end, the original first.</param>
/// <param name="Shown">What stood on the stage, and from when on, in its order.</param>
/// <param name="Captions">What was typed in the language of the lesson, in its order.</param>
/// <param name="Asked">The questions that were opened, by <see cref="DeckQuestion.Key"/>, as they were asked.</param>
public sealed record LessonSource(
    string Slug, string Title, DateOnly On, string Language, IReadOnlyList<(string Language, Deck Deck)> Decks, IReadOnlyList<(DateTimeOffset At, int Slide, int Step)> Shown,
    IReadOnlyList<(DateTimeOffset At, string Text)> Captions, IReadOnlyList<(string Key, QuestionTexts Texts)> Asked);

/// <summary>
/// Makes a lesson of the log of a session: each slide that was shown once, in the order in which it came, as far as it was shown; what was said over it, as it was typed; and the questions as blocks, as
/// <see cref="QuestionBlocks"/> reads them. It is a beginning that the trainer writes on. What others said, asked, wrote or answered is nowhere in it.
/// </summary>
public static partial class ReplayLesson
{
    // Of one paragraph of what was said; it ends with the line that goes beyond it.
    const int Paragraph = 500;

    // In the order of Languages.All.
    static readonly string[] Questions = ["Questions", "Domande", "Fragen", "Preguntas", "Preguntes", "Ερωτήσεις"];
    static readonly string[] Replay = ["The replay of the session", "Il replay della sessione", "Die Wiedergabe der Sitzung", "La repetición de la sesión", "La repetició de la sessió", "Η επανάληψη της συνεδρίας"];

    /// <summary>The text, with a front matter.</summary>
    public static string Of(LessonSource source)
    {
        var language = Math.Max(0, Languages.All.ToList().IndexOf(source.Language));
        var text = new StringBuilder();
        // Which slide each line was said over; what was said before the first one belongs to it.
        List<(int Slide, int Step)> order = [];
        Dictionary<int, List<string>> said = [];
        var caption = 0;
        for (var move = 0; move < source.Shown.Count; move++)
        {
            var (_, slide, step) = source.Shown[move];
            var known = order.FindIndex(one => one.Slide == slide);
            if (known < 0)
                order.Add((slide, step));
            else
                order[known] = (slide, Math.Max(step, order[known].Step));
            for (; caption < source.Captions.Count && (move + 1 == source.Shown.Count || source.Captions[caption].At < source.Shown[move + 1].At); caption++)
            {
                if (!said.TryGetValue(slide, out var lines))
                    said[slide] = lines = [];
                lines.Add(source.Captions[caption].Text);
            }
        }
        HashSet<string> printed = new(StringComparer.Ordinal);
        HashSet<int> done = [];
        foreach (var (place, step) in order)
        {
            var spoken = said.GetValueOrDefault(place, []);
            // A place that the slides have no more is nearest to the last one, which is there once.
            var found = Deck.SlideIn(source.Decks, place, source.Language);
            if (found is { } shown && done.Add(source.Decks[0].Deck.At(place)!.Place))
                AddSlide(text, source, source.Decks[0].Deck.At(place)!, shown.Slide, step, printed);
            AddSaid(text, spoken);
        }
        var left = source.Asked.Where(one => !printed.Contains(one.Key)).ToList();
        if (left.Count > 0)
            text.Append("## ").Append(Questions[language]).Append("\n\n");
        foreach (var (_, texts) in left)
            text.Append(QuestionBlocks.Print(Lowered(texts.In(source.Language).Question))).Append('\n');
        var link = $"[{Replay[language]}](/sessions/{source.Slug}/replay)\n";
        return HeadOf(source) + link + "\n" + text.ToString().TrimEnd('\n') + (text.Length > 0 ? "\n" : "");
    }

    static string HeadOf(LessonSource source) => FrontMatter.Of("").With("title", FieldValue.Of(source.Title)).With("language", FieldValue.Of(source.Language)).With("session", FieldValue.Of(source.Slug))
        .With("date", FieldValue.Of(source.On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))).Head + "\n";

    static void AddSlide(StringBuilder text, LessonSource source, Slide original, Slide slide, int step, HashSet<string> printed)
    {
        List<string> lines = [.. string.Join("\n\n", slide.Written.Take(step + 1)).Split('\n')];
        var first = lines.FindIndex(line => line.Trim().Length > 0);
        if (first >= 0 && HeadingPattern().Match(lines[first]) is { Success: true } heading && heading.Groups["text"].Value.Trim().Length > 0)
        {
            lines.RemoveRange(0, first + 1);
            text.Append("## ").Append(heading.Groups["text"].Value.Trim()).Append("\n\n");
        }
        var body = Body(source, original, lines, printed).Trim('\n');
        if (body.Length > 0)
            text.Append(body).Append("\n\n");
        // One may be opened without being reached.
        foreach (var asked in source.Decks[0].Deck.Questions.Where(one => one.Slide == original.Place))
        {
            if (source.Asked.FirstOrDefault(one => one.Key == asked.Key) is { Texts: { } texts } && printed.Add(asked.Key))
                text.Append(QuestionBlocks.Print(Lowered(texts.In(source.Language).Question))).Append('\n');
        }
    }

    static string Body(LessonSource source, Slide original, List<string> lines, HashSet<string> printed)
    {
        var text = new StringBuilder();
        var (at, order) = (0, 0);
        foreach (var block in QuestionBlocks.In(lines))
        {
            Text(block.First - 1);
            at = block.Last;
            if (block.Question is not { } question)
            {
                // What is no question is read as it stood on the slide.
                foreach (var line in lines[(block.First - 1)..block.Last])
                    text.Append(line.TrimStart().StartsWith(":::", StringComparison.Ordinal) ? "\\" + line.TrimStart() : Lower(Ended(line))).Append('\n');
                continue;
            }
            // In another language it is the same one by its name, or by its order on the slide.
            var here = source.Decks[0].Deck.Questions.Where(one => one.Slide == original.Place).ToList();
            var same = question.Name is { } name ? here.Find(one => one.Question.Name == name) : here.Find(one => one.Order == order && one.Question.Name is null);
            order++;
            var asked = same is not null && source.Asked.FirstOrDefault(one => one.Key == same.Key) is { Texts: { } texts } ? texts.In(source.Language).Question : null;
            if (same is not null && !printed.Add(same.Key))
                continue;
            if (text.Length > 0 && !EndsBlank())
                text.Append('\n');
            text.Append(QuestionBlocks.Print(Lowered(asked ?? question))).Append('\n');
        }
        Text(lines.Count);
        return text.ToString();

        void Text(int until)
        {
            var part = lines[at..until];
            var code = CodeLines.In(part);
            for (var index = 0; index < part.Count; index++)
            {
                // One empty line is enough, but for code.
                if (!code[index] && part[index].Trim().Length == 0 && (text.Length == 0 || EndsBlank()))
                    continue;
                text.Append(code[index] ? part[index] : Lower(Ended(part[index]))).Append('\n');
            }
        }

        bool EndsBlank() => text is [.., '\n', '\n'];
    }

    // Below the heading of the slide; and what would be a heading of the lesson is none.
    static string Lower(string line) => HighPattern().IsMatch(line) ? "###" + line.TrimStart(' ').TrimStart('#') : line;

    // What nobody closes would take in all that follows: a fence that is no code, a comment, html. On the slide it was words.
    static string Ended(string line) => OpenPattern().IsMatch(line) ? "\\" + line.TrimStart(' ') : line;

    static Question Lowered(Question question)
    {
        var lines = question.Text.Split('\n');
        var code = CodeLines.In(lines);
        var text = string.Join('\n', lines.Select((line, index) => code[index] ? line : Lower(Ended(line))));
        return text.Length > Question.TextLength ? question : question with { Text = text };
    }

    static void AddSaid(StringBuilder text, List<string> lines)
    {
        var length = 0;
        foreach (var line in lines)
        {
            if (length > 0)
                text.Append(length > Paragraph ? "\n\n" : " ");
            length = length > Paragraph ? line.Length : length + line.Length;
            text.Append(Escaped(line));
        }
        if (lines.Count > 0)
            text.Append("\n\n");
    }

    // What was typed is words, whatever signs are in it.
    static string Escaped(string line)
    {
        var text = new StringBuilder(line.Length + 8);
        for (var at = 0; at < line.Length; at++)
        {
            var sign = line[at];
            var isAfterLetter = at > 0 && char.IsLetterOrDigit(line[at - 1]);
            var means = sign switch
            {
                '\\' or '`' or '*' or '[' or ']' or '<' or '>' => true,
                // Within a word, or an address, it is itself.
                '_' or '@' => !isAfterLetter || at + 1 == line.Length || !char.IsLetterOrDigit(line[at + 1]),
                '~' => at + 1 < line.Length && line[at + 1] == '~',
                '&' => line.Contains(';', StringComparison.Ordinal),
                '#' or '-' or '+' or '=' or '?' or '|' => at == 0,
                // An address would become a link, and take signs behind it along.
                ':' => at == 0 || line[(at + 1)..].StartsWith('/') || line[..at].EndsWith("mailto", StringComparison.OrdinalIgnoreCase) || line[..at].EndsWith("tel", StringComparison.OrdinalIgnoreCase),
                // "1." and "1)" begin a list.
                '.' or ')' => line[..at].All(char.IsAsciiDigit) || line[..at].EndsWith("www", StringComparison.OrdinalIgnoreCase),
                _ => false,
            };
            if (means)
                text.Append('\\');
            text.Append(sign);
        }
        return text.ToString();
    }

    [GeneratedRegex(@"^ {0,3}#{1,6}[ \t]+(?<text>.*?)[ \t]*#*[ \t]*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"^ {0,3}#{1,2}([ \t]|$)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HighPattern();

    [GeneratedRegex(@"^ {0,3}(```|~~~|<!--|<(pre|script|style|textarea)([ \t>]|$))", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex OpenPattern();
}
