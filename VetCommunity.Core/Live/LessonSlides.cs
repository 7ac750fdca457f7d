using System.Text;
using System.Text.RegularExpressions;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Markdown;
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

    readonly string _language;
    readonly List<SlideText> _slides = [];
    // What is open, with how many colons, and where what follows it goes.
    readonly Stack<string> _open = new();
    // Slides are read one by one: addresses that stand at the end of the text come to where they are meant.
    readonly Dictionary<string, string> _addresses = new(StringComparer.OrdinalIgnoreCase);

    LessonSlides(string language) => _language = language;

    /// <summary>The slides of a text, as a deck writes them; empty where there are no words.</summary>
    /// <param name="text">Markdown with or without a front matter, in which a title may stand.</param>
    /// <param name="language">In which the labels of its parts are said, one of the interface's.</param>
    /// <exception cref="RefusedException">More than <see cref="FrontMatter.MostOfDocument"/> characters.</exception>
    public static string Of(string text, string language)
    {
        var slides = new LessonSlides(language);
        var front = FrontMatter.Of(text.ReplaceLineEndings("\n"));
        if (front["title"] is FieldText { Text: { } title } && PlainText.Line(title) is { Length: > 0 } named)
            slides._slides.Add(new(named) { IsTitle = true });
        slides.Read(front.Fault is null && front.Fields.Count > 0 ? front.Body : front.Document);
        return string.Join("\n\n---\n\n", slides._slides.Where(one => one.IsTitle || one.HasWords).Select(one => one.Written()));
    }

    void Read(string text)
    {
        // What authors note for themselves is for nobody else; inside of code it is the code's.
        var lines = text.Split('\n');
        var code = CodeLines.In(lines);
        lines = Uncommented(lines, code);
        foreach (var (index, line) in lines.Index().Where(one => !code[one.Index]))
        {
            if (DefinitionPattern().Match(line) is not { Success: true } definition)
                continue;
            _addresses.TryAdd(definition.Groups["name"].Value, definition.Groups["address"].Value);
            lines[index] = "";
        }
        List<string> block = [];
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at];
            if (code[at])
            {
                block.Add(line);
                if (at + 1 == lines.Length || !code[at + 1])
                    Take();
                continue;
            }
            if (FencePattern().Match(line) is { Success: true } fence)
            {
                Take();
                // A question is one already.
                if (fence.Groups["name"].Value == "question")
                    at = Question(lines, code, at);
                else if (fence.Groups["name"].Length > 0)
                    Open(fence.Groups["name"].Value);
                else
                    Close();
            }
            else if (HeadingPattern().Match(line) is { Success: true } heading)
            {
                Take();
                Head(Plain(heading.Groups["text"].Value));
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

        void Take()
        {
            var (text, isCode) = (string.Join('\n', block), CodeLines.In(block) is [true, ..]);
            if ((isCode ? text : Plain(text)) is { } plain && plain.Trim().Length > 0)
                Add(plain, isCode);
            block.Clear();
        }
    }

    int Question(string[] lines, bool[] code, int at)
    {
        var end = at + 1;
        while (end < lines.Length && (code[end] || !FencePattern().IsMatch(lines[end])))
            end++;
        // What nobody closes has a fault, which the editor says.
        if (end == lines.Length || FencePattern().Match(lines[end]).Groups["name"].Length > 0)
            end--;
        Here.Blocks.Add(string.Join('\n', lines[at..(end + 1)]));
        return end;
    }

    void Open(string name)
    {
        _open.Push(name);
        if (Place(name) == Where.Slide)
            _slides.Add(new(LabelOf(name)) { IsLabel = true });
        else if (Place(name) == Where.Step && Here.HasWords)
            Here.Blocks.Add(". . .");
    }

    void Close()
    {
        if (!_open.TryPop(out var name) || Place(name) != Where.Slide)
            return;
        // What follows belongs to the chapter again.
        var chapter = _slides.FindLast(one => !one.IsLabel);
        _slides.Add(new(chapter?.Heading ?? ""));
    }

    void Head(string text)
    {
        if (IsIn(Where.Notes))
        {
            Here.Notes.Add($"**{text}**");
            return;
        }
        // The first heading in a block says what it is better than its label.
        if (_slides is [.., { IsLabel: true, HasWords: false } label])
            label.Heading = text;
        else if (IsIn(Where.Step))
            Here.Blocks.Add($"**{text}**");
        else
            _slides.Add(new(text) { IsLabel = _open.Count > 0 });
    }

    void Add(string text, bool isCode)
    {
        if (IsIn(Where.Notes))
        {
            Here.Notes.Add(text);
            return;
        }
        if (isCode)
        {
            Put(text);
            return;
        }
        foreach (var part in WordsOf(text) > Words && !text.StartsWith(' ') && !ItemPattern().IsMatch(text) && text[0] is not ('|' or '>') ? Sentences(text) : [Escaped(text)])
            Put(part);
    }

    void Put(string text)
    {
        // The second paragraph of an item, or an item of an item, is nothing without what stands before it.
        if (text.StartsWith(' ') && Here is { IsTitle: false, Blocks: [.., not ". . ."] blocks })
        {
            blocks[^1] += (ItemPattern().IsMatch(text) ? "\n" : "\n\n") + text;
            Here.Count += WordsOf(text);
            return;
        }
        text = text.TrimStart(' ');
        if (Here is { IsTitle: true } or { HasWords: true } && (Here.IsTitle || Here.Count + WordsOf(text) > Words) && !IsIn(Where.Step))
            _slides.Add(new(Here.Heading) { IsLabel = Here.IsLabel });
        Here.Blocks.Add(text);
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
    static string Escaped(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim() is "---" or "???" or ". . ." ? "\\" + line.Trim() : line));

    static int WordsOf(string text) => text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length;

    static string[] Uncommented(string[] lines, bool[] code)
    {
        var isOpen = false;
        return [.. lines.Select((line, index) =>
        {
            if (code[index])
                return line;
            var kept = new StringBuilder();
            for (var at = 0; at < line.Length;)
            {
                var end = line.IndexOf(isOpen ? "-->" : "<!--", at, StringComparison.Ordinal);
                if (!isOpen)
                    kept.Append(line[at..(end < 0 ? line.Length : end)]);
                if (end < 0)
                    break;
                at = end + (isOpen ? 3 : 4);
                isOpen = !isOpen;
            }
            return kept.ToString();
        })];
    }

    // Of what is not there, pictures beside the text and pages of its own site, the words stay.
    string Plain(string text)
    {
        text = PicturePattern().Replace(text, picture => (picture.Groups["alt"].Length > 0 ? picture.Groups["alt"] : picture.Groups["words"]).Value.Replace("\\\"", "\"", StringComparison.Ordinal) is { Length: > 0 } words
            ? $"*{words.Replace('*', ' ').Trim()}*" : "");
        text = NamedLinkPattern().Replace(text, link => _addresses.TryGetValue(link.Groups["name"] is { Length: > 0 } name ? name.Value : link.Groups["words"].Value, out var address) ? $"[{link.Groups["words"]}]({address})" : link.Value);
        text = LinkPattern().Replace(text, link => link.Groups["address"].Value.Contains(':', StringComparison.Ordinal) ? link.Value : link.Groups["words"].Value);
        return AttributesPattern().Replace(text, "");
    }

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

    bool IsIn(Where where) => _open.Any(name => Place(name) == where);

    string LabelOf(string name) => Labels.GetValueOrDefault(name, Note)[Math.Max(0, Languages.All.ToList().IndexOf(_language))];

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

    sealed class SlideText(string heading)
    {
        public string Heading { get; set; } = heading;
        public bool IsTitle { get; init; }
        // Of a block, not of the chapter.
        public bool IsLabel { get; init; }
        public List<string> Blocks { get; } = [];
        public List<string> Notes { get; } = [];
        public int Count { get; set; }
        public bool HasWords => Blocks.Count > 0 || Notes.Count > 0;

        public string Written()
        {
            var text = new StringBuilder();
            if (IsTitle)
                text.Append("<!-- layout: title -->\n");
            if (Heading.Length > 0)
                text.Append(IsTitle ? "# " : "## ").Append(Heading).Append("\n\n");
            for (var index = 0; index < Blocks.Count; index++)
                // Items of one list stay one list.
                text.Append(Blocks[index]).Append(index + 1 < Blocks.Count && ItemPattern().IsMatch(Blocks[index]) && ItemPattern().IsMatch(Blocks[index + 1]) ? "\n" : "\n\n");
            if (Notes.Count > 0)
                text.Append("???\n\n").AppendJoin("\n\n", Notes);
            return text.ToString().Trim('\n');
        }
    }

    const RegexOptions Safe = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"^ {0,3}:{3,}[ \t]*\{?[ \t]*\.?(?<name>[a-z-]*)[^:]*:*[ \t]*$", Safe)]
    private static partial Regex FencePattern();

    [GeneratedRegex(@"^ {0,3}#{1,6}[ \t]+(?<text>.*?)[ \t]*#*[ \t]*$", Safe)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"^ {0,3}([-*+]|[0-9]{1,9}[.)])[ \t]+", Safe)]
    private static partial Regex ItemPattern();

    [GeneratedRegex(@"(?<=[.!?])\s+(?=\p{Lu})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SentencePattern();

    [GeneratedRegex(@"^ {0,3}\[(?<name>[^\]]+)\]:[ \t]+<?(?<address>[^ \t>]+)>?([ \t]+.*)?$", Safe)]
    private static partial Regex DefinitionPattern();

    [GeneratedRegex(@"!\[(?<words>([^\[\]]|\[[^\[\]]*\])*)\]\([^)]*\)(\{(([^}""']|""[^""]*""|'[^']*')*?alt=(""(?<alt>([^""\\]|\\.)*)""|'(?<alt>([^'\\]|\\.)*)'))?[^}]*\})?", Safe)]
    private static partial Regex PicturePattern();

    [GeneratedRegex(@"\[(?<words>[^\[\]]+)\]\[(?<name>[^\[\]]*)\]", Safe)]
    private static partial Regex NamedLinkPattern();

    [GeneratedRegex(@"\[(?<words>[^\[\]]*)\]\((?<address>[^)]*)\)", Safe)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"[ \t]*\{[#.][^}\n]*\}[ \t]*$", Safe | RegexOptions.Multiline)]
    private static partial Regex AttributesPattern();
}
