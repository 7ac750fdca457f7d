using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>
/// The slides of a session, read from markdown: a line <c>---</c> between two of them, a line <c>. . .</c> before what comes with the next step (as Pandoc has it), and speaker notes from a line <c>???</c> to the
/// end of the slide (as remark has it). What stands in a code block is none of these. A comment <c>&lt;!-- id: NAME --&gt;</c> names a slide, so that it is the same one in another language wherever it stands there,
/// and <c>&lt;!-- layout: NAME --&gt;</c> says how it is laid out, see <see cref="SlideLayout"/>.
/// Questions stand in blocks of their own, see <see cref="QuestionBlocks"/>: the slide shows what they ask, and nothing else of them.
/// </summary>
public sealed partial class Deck
{
    /// <summary>Slides of a deck.</summary>
    public const int Most = 1000;

    /// <summary>Steps of a slide.</summary>
    public const int MostSteps = 50;

    /// <summary>Questions of a deck.</summary>
    public const int MostQuestions = 200;

    Deck(IReadOnlyList<Slide> slides, bool isCut = false)
    {
        (Slides, IsCut) = (slides, isCut);
        List<DeckQuestion> questions = [];
        List<QuestionFault> faults = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (var slide in slides)
        {
            faults.AddRange(slide.Faults);
            foreach (var (index, (line, question)) in slide.Questions.Index())
            {
                if (question.Name is { } name && keys.Contains(name))
                    faults.Add(new(line, QuestionFaultKind.NameTwice, name));
                else if (questions.Count == MostQuestions)
                    faults.Add(new(line, QuestionFaultKind.TooManyQuestions, FormattableString.Invariant($"{MostQuestions}")));
                else
                    questions.Add(new(KeyOf(question), slide.Place, index, question));
            }
        }
        (Questions, Faults) = (questions, [.. faults.OrderBy(fault => fault.Line)]);
        LayoutFaults = [.. slides.SelectMany(slide => slide.LayoutFaults)];

        // A question without a name is known by its words: with other words it is another one.
        string KeyOf(Question question)
        {
            var words = question.Name ?? "." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(QuestionBlocks.Print(question))))[..16];
            var key = words;
            for (var again = 2; !keys.Add(key); again++)
                key = FormattableString.Invariant($"{words}.{again}");
            return key;
        }
    }

    /// <summary>A deck without slides.</summary>
    public static Deck Empty { get; } = new([]);

    /// <summary>In their order.</summary>
    public IReadOnlyList<Slide> Slides { get; }

    /// <summary>The questions of all slides, in their order.</summary>
    public IReadOnlyList<DeckQuestion> Questions { get; }

    /// <summary>Blocks that are to be questions and are none, by their line in the whole text.</summary>
    public IReadOnlyList<QuestionFault> Faults { get; }

    /// <summary>Layouts that there are not, by their line in the whole text.</summary>
    public IReadOnlyList<LayoutFault> LayoutFaults { get; }

    /// <summary>Whether the text holds more slides than a deck may.</summary>
    public bool IsCut { get; }

    /// <summary>Reads any text. What is no slide any more behind the thousandth is left out.</summary>
    public static Deck Of(string markdown)
    {
        var front = FrontMatter.Of(markdown);
        // A deck may begin with the line that divides: a front matter has fields.
        string[] all = (front.Fault is null && front.Fields.Count > 0 ? front.Body : markdown).ReplaceLineEndings("\n").Split('\n');
        var before = markdown.ReplaceLineEndings("\n").Split('\n').Length - all.Length;
        var code = CodeLines.In(all);
        List<Slide> slides = [];
        List<(string Line, bool IsCode, int Number)> lines = [];
        var isCut = false;
        var isNotes = false;
        foreach (var (index, line) in all.Index())
        {
            // Below a line of a paragraph the three dashes make a heading of it; notes have none.
            if (!code[index] && line.TrimEnd() == "---" && (isNotes || lines.Count == 0 || lines[^1].IsCode || !IsParagraph(lines[^1].Line)))
            {
                Take();
                continue;
            }
            isNotes |= !code[index] && line.Trim() == "???";
            lines.Add((line, code[index], before + index + 1));
        }
        Take();
        return slides.Count == 0 ? Empty : new(slides, isCut);

        void Take()
        {
            if (lines.Exists(one => one.Line.Trim().Length > 0))
            {
                if (slides.Count < Most)
                    slides.Add(SlideOf(slides.Count + 1, lines));
                else
                    isCut = true;
            }
            lines.Clear();
            isNotes = false;
        }
    }

    // What begins a block of its own is no paragraph, and so no heading either.
    static bool IsParagraph(string line) => line.Trim() is { Length: > 0 } text && text is not ("???" or ". . .") && text[0] is not ('#' or '>' or '|' or '-' or '*' or '+' or '<' or '`' or '~')
        && !text.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').StartsWith(". ", StringComparison.Ordinal);

    /// <summary>The slide of this place, or the nearest there is; null where there is none.</summary>
    public Slide? At(int place) => Slides.Count == 0 ? null : Slides[Math.Clamp(place, 1, Slides.Count) - 1];

    /// <summary>The slide of a place of the first deck, in a language where there is one, else as it was written; null where there is none.</summary>
    /// <param name="decks">One in each language, the original first.</param>
    /// <param name="place">From 1.</param>
    /// <param name="language">In which one reads.</param>
    public static (Slide Slide, string Language)? SlideIn(IReadOnlyList<(string Language, Deck Deck)> decks, int place, string language)
    {
        if (decks.Count == 0 || decks[0].Deck.At(place) is not { } original)
            return null;
        foreach (var (other, deck) in decks.Skip(1))
        {
            if (other == language && deck.Like(original) is { } same)
                return (same, other);
        }
        return (original, decks[0].Language);
    }

    /// <summary>The slide that is the same as one of another language: by its name, else by its place; null where there is none.</summary>
    public Slide? Like(Slide other) => Slides.FirstOrDefault(one => one.Name is not null && one.Name == other.Name)
        ?? (other.Place <= Slides.Count && Slides[other.Place - 1] is { } same && (same.Name is null || other.Name is null) ? same : null);

    /// <summary>The question that is the same as one of another language: by its name, else by its order on the same slide; null where there is none, or where it has other answers.</summary>
    public Question? Like(Deck original, DeckQuestion other) => (other.Question.Name is { } name
        ? Questions.FirstOrDefault(one => one.Question.Name == name)?.Question
        : Like(original.Slides[other.Slide - 1])?.Questions.ElementAtOrDefault(other.Order) is { Question: { Name: null } same } ? same : null) is { } found && found.IsLike(other.Question) ? found : null;

    /// <summary>The place and step behind these, or before; the same where there is none.</summary>
    public (int Slide, int Step) Next(int slide, int step, bool back)
    {
        if (At(slide) is not { } here)
            return (1, 0);
        step = Math.Clamp(step, 0, here.Steps);
        if (back)
            return step > 0 ? (here.Place, step - 1) : here.Place > 1 ? (here.Place - 1, Slides[here.Place - 2].Steps) : (here.Place, 0);
        return step < here.Steps ? (here.Place, step + 1) : here.Place < Slides.Count ? (here.Place + 1, 0) : (here.Place, step);
    }

    static Slide SlideOf(int place, List<(string Line, bool IsCode, int Number)> lines)
    {
        List<List<(string Line, int Number)>> parts = [[]];
        StringBuilder? notes = null;
        string? name = null;
        List<LayoutFault> layoutFaults = [];
        var layout = LayoutOf(lines, layoutFaults);
        // In which part, and before which of its lines, the second column begins.
        (int Part, int Line)? column = null;
        foreach (var (line, isCode, number) in lines)
        {
            if (!isCode && notes is null)
            {
                if (line.Trim() == "???")
                {
                    notes = new();
                    continue;
                }
                if (line.Trim() == ". . ." && parts.Count <= MostSteps)
                {
                    parts.Add([]);
                    continue;
                }
                if (NamePattern().Match(line) is { Success: true } named)
                {
                    name ??= named.Groups["name"].Value;
                    continue;
                }
                if (LayoutPattern().IsMatch(line))
                    continue;
                if (layout is SlideLayout.TwoColumns && line.Trim() == SlideLayouts.Divider)
                {
                    if (column is null)
                    {
                        column = (parts.Count - 1, parts[^1].Count);
                        continue;
                    }
                    layoutFaults.Add(new(number, LayoutFaultKind.ThirdColumn));
                }
            }
            if (notes is null)
                parts[^1].Add((line, number));
            else
                notes.Append(line).Append('\n');
        }
        List<(int Line, Question Question)> questions = [];
        List<QuestionFault> faults = [];
        var isOnlyQuestions = true;
        SlideColumns? columns = null;
        List<string> texts = [], written = [];
        foreach (var (index, part) in parts.Index())
        {
            written.Add(string.Join('\n', part.Select(one => one.Line)).Trim('\n'));
            if (index != column?.Part)
            {
                texts.Add(PartOf(part));
                continue;
            }
            columns = new(index, PartOf(part[..column.Value.Line]), PartOf(part[column.Value.Line..]));
            texts.Add($"{columns.Before}\n\n{columns.After}".Trim('\n'));
        }
        return new(place, name, texts, notes?.ToString().Trim('\n') ?? "")
        {
            Questions = questions,
            Faults = faults,
            IsOnlyQuestions = isOnlyQuestions && questions.Count > 0,
            Layout = layout,
            Columns = columns,
            LayoutFaults = layoutFaults,
            // Only where it is another text: most slides ask nothing.
            Written = questions.Count > 0 ? written : texts,
        };

        string PartOf(List<(string Line, int Number)> part)
        {
            List<string> shown = [];
            var at = 0;
            foreach (var block in QuestionBlocks.In([.. part.Select(one => one.Line)]))
            {
                // What is no question is shown as it was written.
                if (block.Question is not { } question)
                {
                    faults.Add(block.Fault! with { Line = part[block.Fault!.Line - 1].Number });
                    continue;
                }
                questions.Add((part[block.First - 1].Number, question));
                Keep(part.Take(block.First - 1).Skip(at));
                shown.AddRange(["", question.Text, ""]);
                at = block.Last;
            }
            Keep(part.Skip(at));
            return string.Join('\n', shown).Trim('\n');

            void Keep(IEnumerable<(string Line, int Number)> lines)
            {
                foreach (var (line, _) in lines)
                {
                    isOnlyQuestions &= line.Trim().Length == 0;
                    shown.Add(line);
                }
            }
        }
    }

    // Before the rest is read: the line may stand below what it lays out.
    static SlideLayout LayoutOf(List<(string Line, bool IsCode, int Number)> lines, List<LayoutFault> faults)
    {
        SlideLayout? layout = null;
        foreach (var (line, isCode, number) in lines)
        {
            if (isCode)
                continue;
            if (line.Trim() == "???")
                break;
            if (LayoutPattern().Match(line) is not { Success: true } said)
                continue;
            if (SlideLayouts.Of(said.Groups["name"].Value) is not { } known)
                faults.Add(new(number, LayoutFaultKind.UnknownLayout, PlainText.Beginning(said.Groups["name"].Value, 60)));
            else if (layout is not null)
                faults.Add(new(number, LayoutFaultKind.LayoutTwice));
            else
                layout = known;
        }
        return layout ?? SlideLayout.Plain;
    }

    [GeneratedRegex(@"^\s*<!--\s*layout:\s*(?<name>.*?)\s*-->\s*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LayoutPattern();

    [GeneratedRegex(@"^\s*<!--\s*id:\s*(?<name>[A-Za-z0-9_-]{1,60})\s*-->\s*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}

/// <summary>One slide.</summary>
/// <param name="Place">From 1.</param>
/// <param name="Name">What it is called in every language of the deck; null for nothing.</param>
/// <param name="Parts">Its markdown: the beginning, and what comes with each step.</param>
/// <param name="Notes">What only trainers see, in markdown.</param>
public sealed record Slide(int Place, string? Name, IReadOnlyList<string> Parts, string Notes)
{
    /// <summary>Its questions, by the line of the deck.</summary>
    public IReadOnlyList<(int Line, Question Question)> Questions { get; init; } = [];

    /// <summary>Blocks of it that are to be questions and are none.</summary>
    public IReadOnlyList<QuestionFault> Faults { get; init; } = [];

    /// <summary>Its parts with the blocks of its questions as they were written.</summary>
    public IReadOnlyList<string> Written { get; init; } = [];

    /// <summary>Whether there is nothing on it but questions.</summary>
    public bool IsOnlyQuestions { get; init; }

    /// <summary>How it is laid out.</summary>
    public SlideLayout Layout { get; init; }

    /// <summary>Where it is divided into two columns; null for nowhere.</summary>
    public SlideColumns? Columns { get; init; }

    /// <summary>What of its layout cannot be meant.</summary>
    public IReadOnlyList<LayoutFault> LayoutFaults { get; init; } = [];

    readonly Lazy<IReadOnlyList<string>> _parts = new(() => [.. Parts.Select(Html)]);
    SlideHalves? _halves;
    string? _title;
    readonly Lazy<string> _notes = new(() => Html(Notes));

    /// <summary>Steps behind its beginning.</summary>
    public int Steps => Parts.Count - 1;

    /// <summary>Its first heading, or its first words; at most 80 characters.</summary>
    public string Title => _title ??= PlainText.Beginning(PersonsMarkdown.Excerpt(Parts[0].Split('\n').FirstOrDefault(line => line.StartsWith('#')) ?? Parts[0], 80).Trim(), 80);

    /// <summary>What of it is shown at a step, sanitised.</summary>
    public string At(int step)
    {
        step = Math.Clamp(step, 0, Steps);
        if (Columns is not { } columns)
            return string.Concat(_parts.Value.Take(step + 1));
        var halves = _halves ??= Halves(columns);
        // Both columns are there from the beginning, so that nothing jumps with a step.
        return $"{halves.Head}<div class=\"slide-column\">{string.Concat(halves.Left.Take(step + 1))}</div><div class=\"slide-column\">{string.Concat(halves.Right.Take(step + 1))}</div>";
    }

    /// <summary>The notes, sanitised.</summary>
    public string NotesHtml => _notes.Value;

    SlideHalves Halves(SlideColumns columns)
    {
        List<string> left = [], right = [];
        var head = "";
        for (var part = 0; part < Parts.Count; part++)
        {
            var (before, after) = part < columns.Part ? (Parts[part], "") : part > columns.Part ? ("", Parts[part]) : (columns.Before, columns.After);
            if (part == 0 && before.StartsWith('#') && before.TrimStart('#').StartsWith(' '))
            {
                var end = before.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var found ? found : before.Length;
                (head, before) = (Html(before[..end]), before[end..]);
            }
            left.Add(Html(before));
            right.Add(Html(after));
        }
        return new(head, left, right);
    }

    // Rendered apart, so that no text of one reaches into the other.
    sealed record SlideHalves(string Head, IReadOnlyList<string> Left, IReadOnlyList<string> Right);

    // One slide that nobody could follow must not take the stage from all.
    static string Html(string markdown)
    {
        try
        {
            return PersonsMarkdown.PartToHtml(markdown);
        }
        catch (RefusedException)
        {
            return "";
        }
    }
}

/// <summary>Where a slide is divided.</summary>
/// <param name="Part">The part in which the second column begins, from 0; those behind it are in that column.</param>
/// <param name="Before">What of this part is in the first column.</param>
/// <param name="After">What of it is in the second one.</param>
public sealed record SlideColumns(int Part, string Before, string After);

/// <summary>A question of a deck.</summary>
/// <param name="Key">What it is known by in its session: its name, or a sign made of its words.</param>
/// <param name="Slide">The slide on which it stands.</param>
/// <param name="Order">Which of that slide's, from 0.</param>
/// <param name="Question">What it is.</param>
public sealed record DeckQuestion(string Key, int Slide, int Order, Question Question);
