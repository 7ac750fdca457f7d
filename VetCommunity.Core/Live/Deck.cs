using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>
/// The slides of a session, read from markdown: a line <c>---</c> between two of them, a line <c>. . .</c> before what comes with the next step (as Pandoc has it), and speaker notes from a line <c>???</c> to the
/// end of the slide (as remark has it). What stands in a code block is none of these. A comment <c>&lt;!-- id: NAME --&gt;</c> names a slide, so that it is the same one in another language wherever it stands there.
/// </summary>
public sealed partial class Deck
{
    /// <summary>Slides of a deck.</summary>
    public const int Most = 1000;

    /// <summary>Steps of a slide.</summary>
    public const int MostSteps = 50;

    Deck(IReadOnlyList<Slide> slides, bool isCut = false) => (Slides, IsCut) = (slides, isCut);

    /// <summary>A deck without slides.</summary>
    public static Deck Empty { get; } = new([]);

    /// <summary>In their order.</summary>
    public IReadOnlyList<Slide> Slides { get; }

    /// <summary>Whether the text holds more slides than a deck may.</summary>
    public bool IsCut { get; }

    /// <summary>Reads any text. What is no slide any more behind the thousandth is left out.</summary>
    public static Deck Of(string markdown)
    {
        var front = FrontMatter.Of(markdown);
        // A deck may begin with the line that divides: a front matter has fields.
        string[] all = (front.Fault is null && front.Fields.Count > 0 ? front.Body : markdown).ReplaceLineEndings("\n").Split('\n');
        var code = CodeIn(all);
        List<Slide> slides = [];
        List<(string Line, bool IsCode)> lines = [];
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
            lines.Add((line, code[index]));
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

    // Which lines belong to a block of code. A block that nobody closes is none: it would take all that follows in, and speaker notes with it.
    static bool[] CodeIn(string[] lines)
    {
        var code = new bool[lines.Length];
        // From this length on no block of this sign is closed any more.
        Dictionary<char, int> open = new() { ['`'] = int.MaxValue, ['~'] = int.MaxValue };
        for (var begin = 0; begin < lines.Length; begin++)
        {
            var (sign, length, rest) = FenceOf(lines[begin]);
            if (length < 3 || length >= open[sign] || (sign == '`' && rest.Contains('`', StringComparison.Ordinal)))
                continue;
            var end = Array.FindIndex(lines, begin + 1, line => FenceOf(line) is var (other, signs, after) && other == sign && signs >= length && after.Trim().Length == 0);
            if (end < 0)
            {
                open[sign] = length;
                continue;
            }
            Array.Fill(code, true, begin, end - begin + 1);
            begin = end;
        }
        return code;
    }

    static (char Sign, int Length, string After) FenceOf(string line)
    {
        var text = line.TrimStart(' ');
        if (line.Length - text.Length > 3 || text.Length < 3 || text[0] is not ('`' or '~'))
            return ('`', 0, "");
        var length = text.Length - text.TrimStart(text[0]).Length;
        return (text[0], length, text[length..]);
    }

    /// <summary>The slide of this place, or the nearest there is; null where there is none.</summary>
    public Slide? At(int place) => Slides.Count == 0 ? null : Slides[Math.Clamp(place, 1, Slides.Count) - 1];

    /// <summary>The slide that is the same as one of another language: by its name, else by its place; null where there is none.</summary>
    public Slide? Like(Slide other) => Slides.FirstOrDefault(one => one.Name is not null && one.Name == other.Name)
        ?? (other.Place <= Slides.Count && Slides[other.Place - 1] is { } same && (same.Name is null || other.Name is null) ? same : null);

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

    static Slide SlideOf(int place, List<(string Line, bool IsCode)> lines)
    {
        List<StringBuilder> parts = [new()];
        StringBuilder? notes = null;
        string? name = null;
        foreach (var (line, isCode) in lines)
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
                    parts.Add(new());
                    continue;
                }
                if (NamePattern().Match(line) is { Success: true } named)
                {
                    name ??= named.Groups["name"].Value;
                    continue;
                }
            }
            (notes ?? parts[^1]).Append(line).Append('\n');
        }
        return new(place, name, [.. parts.Select(part => part.ToString().Trim('\n'))], notes?.ToString().Trim('\n') ?? "");
    }

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
    readonly Lazy<IReadOnlyList<string>> _parts = new(() => [.. Parts.Select(Html)]);
    string? _title;
    readonly Lazy<string> _notes = new(() => Html(Notes));

    /// <summary>Steps behind its beginning.</summary>
    public int Steps => Parts.Count - 1;

    /// <summary>Its first heading, or its first words; at most 80 characters.</summary>
    public string Title => _title ??= PlainText.Beginning(PersonsMarkdown.Excerpt(Parts[0].Split('\n').FirstOrDefault(line => line.StartsWith('#')) ?? Parts[0], 80).Trim(), 80);

    /// <summary>What of it is shown at a step, sanitised.</summary>
    public string At(int step) => string.Concat(_parts.Value.Take(Math.Clamp(step, 0, Steps) + 1));

    /// <summary>The notes, sanitised.</summary>
    public string NotesHtml => _notes.Value;

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
