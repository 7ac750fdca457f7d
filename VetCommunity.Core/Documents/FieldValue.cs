namespace VetCommunity.Core.Documents;

/// <summary>What a field of the front matter says: a text, a list or a map. Numbers, dates and true are texts too: the reader of a field knows what it is.</summary>
public abstract record FieldValue
{
    /// <summary>A text; empty where nothing stands.</summary>
    public static FieldValue Of(string text) => new FieldText(text);

    /// <summary>A list of texts.</summary>
    public static FieldValue Of(IEnumerable<string> texts) => new FieldList([.. texts.Select(Of)]);

    /// <summary>The text, or that of a list with one; null for anything else.</summary>
    public string? AsText => this switch
    {
        FieldText one => one.Text,
        FieldList { Items: [FieldText one] } => one.Text,
        _ => null,
    };

    /// <summary>The texts of a list, or the one text; what is none is left out.</summary>
    public IReadOnlyList<string> AsTexts => this switch
    {
        FieldText { Text.Length: > 0 } one => [one.Text],
        FieldList list => [.. list.Items.OfType<FieldText>().Select(one => one.Text)],
        _ => [],
    };
}

/// <summary>A text.</summary>
public sealed record FieldText(string Text) : FieldValue;

/// <summary>A list.</summary>
public sealed record FieldList(IReadOnlyList<FieldValue> Items) : FieldValue
{
    /// <inheritdoc/>
    public bool Equals(FieldList? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => Items.Count;
}

/// <summary>A map, in the order in which it is written.</summary>
public sealed record FieldMap(IReadOnlyList<KeyValuePair<string, FieldValue>> Entries) : FieldValue
{
    /// <inheritdoc/>
    public bool Equals(FieldMap? other) => other is not null && Entries.SequenceEqual(other.Entries);

    /// <inheritdoc/>
    public override int GetHashCode() => Entries.Count;
}

/// <summary>A field of the front matter.</summary>
/// <param name="Name">Its name, unique in the document.</param>
/// <param name="Value">What it says.</param>
/// <param name="Line">The line of the document in which it stands, from 1.</param>
public sealed record Field(string Name, FieldValue Value, int Line)
{
    // Places in the document's text. A value of more than one line may begin on the line after its name.
    internal int From { get; init; }
    internal int Indent { get; init; }
    internal int ValueFrom { get; init; }
    internal int ValueEnd { get; init; }
    internal YamlDotNet.Core.ScalarStyle Style { get; init; }
    internal bool IsRows { get; init; }
}

/// <summary>Why a front matter cannot be read.</summary>
public enum FaultKind
{
    /// <summary>It is not YAML.</summary>
    Broken = 1,
    /// <summary>It is YAML, and no list of names with values, each on a line of its own.</summary>
    NoFields = 2,
    /// <summary>A name stands there twice.</summary>
    Twice = 3,
    /// <summary>It points to another place instead of saying it.</summary>
    Alias = 4,
    /// <summary>It is nested more deeply than <see cref="FrontMatter.Depth"/>.</summary>
    TooDeep = 5,
    /// <summary>It has more than <see cref="FrontMatter.Most"/> characters.</summary>
    TooLong = 6,
}

/// <summary>Where a front matter cannot be read any further.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Line">The line of the document, from 1.</param>
/// <param name="Column">The character of that line, from 1.</param>
public sealed record FrontMatterFault(FaultKind Kind, int Line, int Column);
