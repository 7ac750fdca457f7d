namespace VetCommunity.Core.Documents;

/// <summary>
/// The front matter of a markdown document: YAML between two lines of three hyphens at its very beginning. The text is the truth: a form changes one field of it and leaves every other
/// character as it was, unknown fields, comments, quotation marks and line ends included.
/// </summary>
public sealed class FrontMatter
{
    /// <summary>Characters of a document with its front matter.</summary>
    public const int MostOfDocument = 500_000;
    /// <summary>Characters of a front matter.</summary>
    public const int Most = 50_000;
    /// <summary>How deeply lists and maps may be nested.</summary>
    public const int Depth = 10;

    readonly int _yaml;
    readonly int _yamlEnd;

    FrontMatter(string document, (int Yaml, int YamlEnd, int Body) place)
    {
        Document = document;
        (_yaml, _yamlEnd, Body) = (place.Yaml, place.YamlEnd, document[place.Body..]);
        Head = document[..place.Body];
        if (_yamlEnd - _yaml > Most)
            Fault = YamlReader.At(document, _yaml + Most, FaultKind.TooLong);
        else
            (Fields, Fault) = YamlReader.Read(document, _yaml, _yamlEnd);
    }

    /// <summary>The whole document, as it was given.</summary>
    public string Document { get; }
    /// <summary>The front matter with the lines around it; empty in a document without one.</summary>
    public string Head { get; }
    /// <summary>What comes after it.</summary>
    public string Body { get; }
    /// <summary>The fields in their order; none where there is a fault.</summary>
    public IReadOnlyList<Field> Fields { get; } = [];
    /// <summary>Why and where it cannot be read; null where it can.</summary>
    public FrontMatterFault? Fault { get; }

    /// <summary>The value of a field; null without it.</summary>
    public FieldValue? this[string name] => Find(name)?.Value;

    /// <summary>Reads the front matter of a document. What cannot be read is a fault and no exception.</summary>
    /// <exception cref="RefusedException">More than <see cref="MostOfDocument"/> characters.</exception>
    public static FrontMatter Of(string document) => document.Length <= MostOfDocument
        ? new(document, Place(document))
        : throw new RefusedException(Refusal.TextTooLong, document.Length, MostOfDocument);

    /// <summary>The document with another value of one field; null takes the field out. A new field comes last.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">What it is to say.</param>
    /// <exception cref="InvalidOperationException">There is a fault: the text is to be mended first.</exception>
    /// <exception cref="RefusedException">The document gets too long, or its text is such that this field cannot be changed alone: it is to be changed by hand.</exception>
    public FrontMatter With(string name, FieldValue? value)
    {
        if (Fault is not null)
            throw new InvalidOperationException("A front matter that cannot be read cannot be changed.");
        ArgumentException.ThrowIfNullOrEmpty(name);
        var field = Find(name);
        if (Equals(field?.Value, value))
            return this;
        // The plain way to write it is read again, and where its surroundings give it another meaning the safe way is taken.
        return Candidates(field, name, value).Select(text => Of(text)).FirstOrDefault(changed => changed.Fault is null && Equals(changed[name], value) && changed.Body == (Head.Length == 0 && Body.StartsWith('\uFEFF') ? Body[1..] : Body) && HasOthersOf(changed, name))
            ?? throw new RefusedException(Refusal.BadFrontMatter, field?.Line ?? 1, 1);
    }

    internal Field? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);

    /// <summary>The lines of a field, to be taken over into another front matter as they are.</summary>
    internal string LinesOf(Field field) => Document[field.From..EndOf(field)];

    /// <summary>The document with these lines instead of a field's, or after another one; null instead of lines takes the field out.</summary>
    internal string WithLines(Field? field, Field? after, string? lines)
    {
        if (field is not null)
            return Document[..field.From] + lines + Document[EndOf(field)..];
        var at = after is null ? _yamlEnd : EndOf(after);
        return Head.Length > 0 && _yaml > 0 ? Document[..at] + lines + Document[at..] : Begun(lines ?? "");
    }

    internal static int BodyStart(string document) => Place(document).Body;

    IEnumerable<string> Candidates(Field? field, string name, FieldValue? value)
    {
        if (value is null)
        {
            yield return WithLines(field, null, null);
            yield break;
        }
        var end = Lines.EndIn(Document);
        var indent = new string(' ', Fields.Count == 0 ? 0 : Fields[0].Indent);
        foreach (var safely in (bool[])[false, true])
        {
            if (field is null)
            {
                yield return WithLines(null, null, $"{indent}{YamlWriter.Name(name)}: {YamlWriter.Write(value, null, safely, canBeRows: true, end, indent)}{end}");
                continue;
            }
            var rest = Document.AsSpan(field.ValueEnd, Lines.EndOf(Document, field.ValueEnd) - field.ValueEnd);
            var text = YamlWriter.Write(value, field, safely, canBeRows: rest.IsWhiteSpace(), end, RowsIndent(field, indent));
            // Right after the colon, or at the beginning of a line, where only the rows of a list may begin.
            var isAtStart = field.ValueFrom > 0 && Document[field.ValueFrom - 1] is '\r' or '\n';
            yield return Document[..field.ValueFrom] + (Document[field.ValueFrom - 1] == ':' ? " " : isAtStart && text[0] != '-' ? indent + "  " : "") + text + Document[field.ValueEnd..];
        }
    }

    string RowsIndent(Field field, string indent)
    {
        if (!field.IsRows)
            return indent;
        var start = Document.LastIndexOfAny(['\r', '\n'], field.ValueFrom - 1) + 1;
        return new string(' ', field.ValueFrom - start);
    }

    string Begun(string lines)
    {
        var mark = Document.StartsWith('\uFEFF') ? 1 : 0;
        var end = Lines.EndIn(Document);
        return $"{Document[..mark]}---{end}{lines}---{end}{Document[mark..]}";
    }

    bool HasOthersOf(FrontMatter changed, string name) =>
        Fields.Where(field => field.Name != name).Select(field => (field.Name, field.Value)).SequenceEqual(changed.Fields.Where(field => field.Name != name).Select(field => (field.Name, field.Value)));

    // With the comment that stands behind it.
    int EndOf(Field field) => Math.Min(Lines.EndOf(Document, field.ValueEnd), _yamlEnd);

    static (int Yaml, int YamlEnd, int Body) Place(string document)
    {
        var first = document.StartsWith('\uFEFF') ? 1 : 0;
        var yaml = Lines.EndOf(document, first);
        if (!IsFence(document.AsSpan(first, yaml - first), "---") || yaml == document.Length)
            return default;
        for (var from = yaml; from < document.Length;)
        {
            var to = Lines.EndOf(document, from);
            var line = document.AsSpan(from, to - from);
            if (IsFence(line, "---") || IsFence(line, "..."))
                return (yaml, from, to);
            from = to;
        }
        return default;
    }

    static bool IsFence(ReadOnlySpan<char> line, string fence) => line.StartsWith(fence) && line[fence.Length..].IsWhiteSpace();
}
