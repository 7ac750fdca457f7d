using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>
/// Makes a deck of a text that was written to be read: a lesson in markdown, such as the episodes of the Carpentries (https://carpentries.github.io/sandpaper-docs/episodes.html), or plain paragraphs. It is a beginning
/// that the trainer shortens: no word of the text is lost, and none but the labels of its parts is added.
/// </summary>
/// <remarks>
/// Headings begin slides, and so does what no longer fits on one. Blocks <c>::: NAME</c> become slides of their own; <c>solution</c>, <c>hint</c> and <c>spoiler</c> come with the next step, <c>instructor</c> goes to
/// the speaker notes. Pictures and pages beside the text are not there: of them their words stay.
/// </remarks>
public sealed partial class LessonSlides
{
    /// <summary>Words of a slide, where the text has a place to divide it.</summary>
    public const int Words = 70;

    readonly int _language;
    readonly List<SlideText> _slides = [];
    // What of the chapter that was read last stands above each of its slides.
    string _chapter = "";
    // The blocks that are open, and how many of each.
    readonly Stack<Where> _open = new();
    readonly int[] _openOf = new int[Enum.GetValues<Where>().Length];

    LessonSlides(string language) => _language = Math.Max(0, Languages.All.ToList().IndexOf(language));

    /// <summary>The slides of a text, as a deck writes them; empty where there are no words.</summary>
    /// <param name="text">Markdown with or without a front matter, in which a title may stand.</param>
    /// <param name="language">In which the labels of its parts are said, one of the interface's.</param>
    /// <exception cref="RefusedException">More than <see cref="FrontMatter.MostOfDocument"/> characters.</exception>
    public static string Of(string text, string language)
    {
        var slides = new LessonSlides(language);
        var front = FrontMatter.Of(text.ReplaceLineEndings("\n"));
        if (front["title"] is FieldText { Text: { } title } && PlainText.Line(title) is { Length: > 0 } named)
            slides._slides.Add(new(slides._chapter = named) { IsTitle = true });
        slides.Read(front.Fault is null && front.Fields.Count > 0 ? front.Body : front.Document);
        return string.Join("\n\n---\n\n", slides._slides.Where(one => one.IsSaid || one.IsTitle || one.HasWords).Select(one => one.Written()));
    }

    void Read(string text)
    {
        var source = LessonText.Of(text);
        var (lines, code) = (source.Lines, source.Code);
        List<string> block = [];
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at];
            if (code[at])
            {
                if (at == 0 || !code[at - 1])
                    Take();
                block.Add(line);
                if (at + 1 == lines.Length || !code[at + 1])
                    Take(isCode: true);
                continue;
            }
            if (FencePattern().Match(line) is { Success: true } fence)
            {
                Take();
                var (name, title) = NamedBy(fence.Groups["rest"].Value);
                // A question is one already.
                if (name == "question")
                    at = Question(lines, code, at);
                else if (fence.Groups["rest"].Length > 0)
                    Open(name, title);
                else
                    Close();
            }
            else if (block.Count == 1 && UnderlinePattern().IsMatch(line) && !ItemPattern().IsMatch(block[0]) && block[0][0] is not (' ' or '|' or '>'))
            {
                // The line below makes a heading of it.
                var head = source.Plain(block[0]);
                block.Clear();
                Head(head);
            }
            else if (RulePattern().IsMatch(line))
            {
                Take();
                Divide();
            }
            else if (HeadingPattern().Match(line) is { Success: true } heading)
            {
                Take();
                Head(source.Plain(heading.Groups["text"].Value));
            }
            else if (line.Trim().Length == 0)
            {
                Take();
            }
            else
            {
                // A list that goes on, with or without an empty line between, may be divided between two of its items.
                if (block.Count > 0 && ItemPattern().IsMatch(line))
                    Take();
                block.Add(line);
            }
        }
        Take();

        void Take(bool isCode = false)
        {
            var written = string.Join('\n', block);
            if ((isCode ? written : source.Plain(written)) is { } plain && plain.Trim().Length > 0)
                Add(plain, isCode);
            block.Clear();
        }
    }

    int Question(string[] lines, bool[] code, int at)
    {
        var end = at + 1;
        while (end < lines.Length && (code[end] || !(FencePattern().IsMatch(lines[end]) || Divides(lines[end]))))
            end++;
        // What nobody closes has a fault, which the editor says.
        if (end == lines.Length || FencePattern().Match(lines[end]) is not { Success: true } close || close.Groups["rest"].Length > 0)
            end--;
        var question = string.Join('\n', lines[at..(end + 1)]);
        if (IsIn(Where.Notes))
            Here.Notes.Add(question);
        else
            Here.Blocks.Add(new(question));
        return end;
    }

    void Open(string name, string title)
    {
        var where = Place(name);
        _open.Push(where);
        _openOf[(int)where]++;
        if (where == Where.Slide && !IsIn(Where.Notes))
            _slides.Add(new(title.Length > 0 ? title : LabelOf(name)) { IsLabel = true, IsSaid = title.Length > 0 });
        else if (where == Where.Step && !IsIn(Where.Notes) && Here.HasWords)
            Here.Blocks.Add(new(Step));
        if (title.Length > 0 && (where != Where.Slide || IsIn(Where.Notes)))
            Add($"**{title}**", isCode: false);
    }

    void Close()
    {
        if (!_open.TryPop(out var where))
            return;
        _openOf[(int)where]--;
        // What follows belongs to the chapter again.
        if (where == Where.Slide && !IsIn(Where.Notes))
            _slides.Add(new(_chapter));
    }

    // A rule of the text is the end of a slide; in notes and behind a step there is nothing to divide.
    void Divide()
    {
        if (!IsIn(Where.Notes) && !IsIn(Where.Step) && Here.HasWords)
            _slides.Add(new(Here.Heading) { IsLabel = Here.IsLabel });
    }

    void Head(string text)
    {
        if (text.Trim().Length == 0)
        {
            Divide();
            return;
        }
        if (IsIn(Where.Notes))
        {
            Here.Notes.Add($"**{text}**");
            return;
        }
        if (IsIn(Where.Step))
        {
            Here.Blocks.Add(new($"**{text}**"));
            return;
        }
        // The first heading in a block says what it is better than its label.
        if (_slides is [.., { IsLabel: true, IsSaid: false, HasWords: false } label])
        {
            (label.Heading, label.IsSaid) = (text, true);
            return;
        }
        _slides.Add(new(text) { IsLabel = _open.Count > 0, IsSaid = true });
        if (_open.Count == 0)
            _chapter = text;
    }

    void Add(string text, bool isCode)
    {
        if (IsIn(Where.Notes))
            Here.Notes.Add(isCode ? text : Escaped(text));
        else if (isCode)
            Put(text);
        else if (WordsOf(text) <= Words || text[0] is ' ' or '>' || text.Contains('|', StringComparison.Ordinal) || ItemPattern().IsMatch(text))
            Put(Escaped(text));
        else
            foreach (var part in Sentences(text))
                Put(part);
    }

    void Put(string text)
    {
        // The second paragraph of an item, or an item of an item, is nothing without what stands before it.
        if (text.StartsWith(' ') && Here is { IsTitle: false, Blocks: [.., { Text: not Step }] })
        {
            Here.Blocks.Add(new(text, IsMore: true));
            Here.Count += WordsOf(text);
            return;
        }
        text = text.TrimStart(' ');
        if (Here.IsTitle || (Here.HasWords && Here.Count + WordsOf(text) > Words && !IsIn(Where.Step)))
            _slides.Add(new(Here.Heading) { IsLabel = Here.IsLabel });
        Here.Blocks.Add(new(text));
        Here.Count += WordsOf(text);
    }

    SlideText Here
    {
        get
        {
            if (_slides.Count == 0)
                _slides.Add(new(""));
            return _slides[^1];
        }
    }

    // As many sentences together as fit.
    static IEnumerable<string> Sentences(string text)
    {
        StringBuilder part = new();
        foreach (var sentence in SentencePattern().Split(text.Replace('\n', ' ')))
        {
            if (part.Length > 0 && WordsOf(part.ToString()) + WordsOf(sentence) > Words)
            {
                yield return Escaped(part.ToString());
                part.Clear();
            }
            part.Append(part.Length > 0 ? " " : "").Append(sentence);
        }
        yield return Escaped(part.ToString());
    }

    // What would divide slides is meant as it is written.
    static string Escaped(string text) => string.Join('\n', text.Split('\n').Select(line => Divides(line) ? "\\" + line.Trim() : line));

    static bool Divides(string line) => line.Trim() is "---" or "???" or Step;

    static int WordsOf(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length;

    enum Where
    {
        Text,
        Slide,
        Step,
        Notes,
    }

    static Where Place(string name) => name switch
    {
        "instructor" => Where.Notes,
        "solution" or "hint" or "spoiler" => Where.Step,
        _ => Labels.ContainsKey(name) ? Where.Slide : Where.Text,
    };

    bool IsIn(Where where) => _openOf[(int)where] > 0;

    string LabelOf(string name) => Labels.GetValueOrDefault(name, Note)[_language];

    // "callout My title", "{.callout title="My title"}" or "{#id .callout}".
    static (string Name, string Title) NamedBy(string rest)
    {
        if (!rest.StartsWith('{'))
        {
            var words = rest.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return words.Length == 0 ? ("", "") : (words[0].TrimStart('.').Split('{')[0].ToLowerInvariant(), words.Length > 1 && !words[1].StartsWith('{') ? words[1] : "");
        }
        List<string> names = [.. ClassPattern().Matches(QuotedPattern().Replace(rest, "")).Select(one => one.Groups["name"].Value.ToLowerInvariant())];
        return (names.Find(name => Place(name) == Where.Notes) ?? names.Find(name => Place(name) != Where.Text) ?? "", TitlePattern().Match(rest).Groups["title"].Value);
    }

    // In the order of Languages.All.
    static readonly string[] Note = ["Note", "Nota", "Hinweis", "Nota", "Nota", "Σημείωση"];
    static readonly string[] Exercise = ["Exercise", "Esercizio", "Übung", "Ejercicio", "Exercici", "Άσκηση"];
    static readonly string[] Before = ["Before the beginning", "Prima di iniziare", "Vor dem Beginn", "Antes de empezar", "Abans de començar", "Πριν την έναρξη"];
    static readonly Dictionary<string, string[]> Labels = new(StringComparer.Ordinal)
    {
        ["objectives"] = ["Objectives", "Obiettivi", "Ziele", "Objetivos", "Objectius", "Στόχοι"],
        ["questions"] = ["Questions", "Domande", "Fragen", "Preguntas", "Preguntes", "Ερωτήσεις"],
        ["keypoints"] = ["Key points", "In breve", "Das Wichtigste", "Lo esencial", "Els punts clau", "Τα κύρια σημεία"],
        ["discussion"] = ["Discussion", "Discussione", "Diskussion", "Debate", "Debat", "Συζήτηση"],
        ["challenge"] = Exercise,
        ["exercise"] = Exercise,
        ["checklist"] = Before,
        ["prereq"] = Before,
        ["callout"] = Note,
        ["caution"] = Note,
        ["testimonial"] = Note,
    };

    const string Step = ". . .";

    // More of the one before, or the next.
    sealed record Block(string Text, bool IsMore = false);

    sealed class SlideText(string heading)
    {
        public string Heading { get; set; } = heading;
        public bool IsTitle { get; init; }
        // Of a block, not of the chapter.
        public bool IsLabel { get; init; }
        // The text says the heading, here: it stays, also with nothing below it.
        public bool IsSaid { get; set; }
        public List<Block> Blocks { get; } = [];
        public List<string> Notes { get; } = [];
        public int Count { get; set; }
        public bool HasWords => Blocks.Count > 0 || Notes.Count > 0;

        public string Written()
        {
            var text = new StringBuilder();
            if (IsTitle)
                text.Append("<!-- layout: title -->\n");
            if (Heading.Length > 0)
                text.Append(IsTitle ? "# " : "## ").Append(Heading);
            foreach (var (index, (block, isMore)) in Blocks.Index())
            {
                // Items of one list stay one list.
                var isNext = index > 0 && ItemPattern().IsMatch(block) && (isMore || ItemPattern().IsMatch(Blocks[index - 1].Text) || Blocks[index - 1].IsMore);
                text.Append(isNext ? "\n" : "\n\n").Append(block);
            }
            if (Notes.Count > 0)
                text.Append("\n\n???\n\n").AppendJoin("\n\n", Notes);
            return text.ToString().Trim('\n');
        }
    }

    const RegexOptions Safe = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"^ {0,3}:{3,}[ \t]*(?<rest>([^:\s].*?)?)[ \t]*:*[ \t]*$", Safe)]
    private static partial Regex FencePattern();

    [GeneratedRegex(@"[{ \t]\.(?<name>[A-Za-z][A-Za-z-]*)", Safe)]
    private static partial Regex ClassPattern();

    [GeneratedRegex(@"""[^""]*""|'[^']*'", Safe)]
    private static partial Regex QuotedPattern();

    [GeneratedRegex(@"title=(""(?<title>[^""]*)""|'(?<title>[^']*)')", Safe)]
    private static partial Regex TitlePattern();

    [GeneratedRegex(@"^ {0,3}#{1,6}[ \t]+(?<text>.*?)[ \t]*#*[ \t]*$", Safe)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"^ {0,3}(-[ \t]*){3,}$|^ {0,3}(\*[ \t]*){3,}$|^ {0,3}(_[ \t]*){3,}$", Safe)]
    private static partial Regex RulePattern();

    [GeneratedRegex(@"^ {0,3}(-+|=+)[ \t]*$", Safe)]
    private static partial Regex UnderlinePattern();

    [GeneratedRegex(@"^ {0,3}([-*+]|[0-9]{1,9}[.)])[ \t]+", Safe)]
    private static partial Regex ItemPattern();

    [GeneratedRegex(@"(?<=[.!?])\s+(?=\p{Lu})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SentencePattern();
}
