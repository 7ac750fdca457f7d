using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>A section of the source, and what stands for it in the translation.</summary>
/// <param name="State">Current, stale or missing. A missing one with an own section has one of the same heading, and nobody has said that it is the translation.</param>
/// <param name="Source">The section of the source.</param>
/// <param name="Own">That of the translation; null for none.</param>
public sealed record SectionPair(SectionState State, Section Source, Section? Own);

/// <summary>What a person wrote in one section of a translation.</summary>
/// <param name="SourceKey">The section of the source.</param>
/// <param name="OwnKey">The section of the translation that the person had before them, or chose for it; null for none.</param>
/// <param name="Text">Its text; null leaves it as it is.</param>
/// <param name="IsConfirmed">The person says that it says what the source says. Of a text that was changed this is understood.</param>
public sealed record WrittenSection(string SourceKey, string? OwnKey, string? Text, bool IsConfirmed);

/// <summary>What a person wrote in a translation.</summary>
/// <param name="Base">The revision of the translation that they had before them; 0 for none.</param>
/// <param name="SourceNumber">The revision of the source beside it.</param>
/// <param name="Title">The title of the front matter; null leaves it.</param>
/// <param name="Summary">Its summary; null leaves it.</param>
/// <param name="Sections">The sections.</param>
public sealed record WrittenTranslation(int Base, int SourceNumber, string? Title, string? Summary, IReadOnlyList<WrittenSection> Sections);

/// <summary>A translation put together section by section: in the order of its source, with each section that nobody touched character by character as it was.</summary>
sealed class TranslationText
{
    readonly HashSet<string> _confirmed = new(StringComparer.Ordinal);
    readonly List<string> _conflicts = [];
    readonly Dictionary<string, string> _changes = new(StringComparer.Ordinal);

    /// <summary>Sections of the source whose translation somebody else changed meanwhile: where there are any, nothing is to be stored.</summary>
    public IReadOnlyList<string> Conflicts => _conflicts;
    /// <summary>The document; null where it stays as it is.</summary>
    public string? Text { get; private set; }
    /// <summary>Sections of the source, and which of the document translates them.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; private set; } = new Dictionary<string, string>();
    /// <summary>Sections of the source of which the person says that they are translated.</summary>
    public IReadOnlySet<string> Confirmed => _confirmed;
    /// <summary>Sections of the source of which somebody said before which section translates them: that one may have another key now.</summary>
    public IReadOnlySet<string> Known { get; private set; } = new HashSet<string>();

    /// <summary>Each section of the source with its translation: the one that somebody said it is, else one of the same heading.</summary>
    public static (IReadOnlyList<SectionPair> Pairs, IReadOnlyList<Section> Extra) Pairs(string source, string own, IReadOnlyCollection<TranslatedSection> marks)
    {
        var owns = Said(own).ToDictionary(section => section.Key, StringComparer.Ordinal);
        var sources = Said(source);
        // One section translates one: a former section of the source has no claim any more.
        var asked = sources.Select(section => section.Key).ToHashSet(StringComparer.Ordinal);
        var known = marks.Where(mark => asked.Contains(mark.SourceKey) && owns.ContainsKey(mark.Key)).DistinctBy(mark => mark.Key, StringComparer.Ordinal).ToDictionary(mark => mark.SourceKey, StringComparer.Ordinal);
        var free = owns.Keys.Except(known.Values.Select(mark => mark.Key), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        List<SectionPair> pairs = [];
        foreach (var section in sources)
        {
            if (known.TryGetValue(section.Key, out var mark))
                pairs.Add(new(mark.SourceHash == section.Hash ? SectionState.Current : SectionState.Stale, section, owns[mark.Key]));
            else
                pairs.Add(new(SectionState.Missing, section, free.Contains(section.Key) ? owns[section.Key] : null));
        }
        var met = pairs.Select(pair => pair.Own?.Key).ToHashSet(StringComparer.Ordinal);
        return (pairs, [.. owns.Values.Where(section => !met.Contains(section.Key))]);

        static List<Section> Said(string text) => [.. Sections.Of(text).Where(section => section.SaysSomething)];
    }

    /// <summary>Puts what was written into what stands there now.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="source">The source that was beside it.</param>
    /// <param name="before">The translation that it was written in.</param>
    /// <param name="now">The translation as it stands now.</param>
    /// <param name="marks">What translates what.</param>
    /// <exception cref="NotFoundException">A section that the source or the translation does not have.</exception>
    /// <exception cref="RefusedException">A section without a heading, or with a block that it does not close; too long a document.</exception>
    public static TranslationText Of(WrittenTranslation written, string source, string before, string now, IReadOnlyCollection<TranslatedSection> marks)
    {
        var made = new TranslationText();
        var there = Sections.Of(now);
        var pairs = Pairs(source, now, WithChosen(written, there, marks)).Pairs.ToDictionary(pair => pair.Source.Key, StringComparer.Ordinal);
        made.Known = marks.Where(mark => pairs.GetValueOrDefault(mark.SourceKey)?.Own?.Key == mark.Key).Select(mark => mark.SourceKey).ToHashSet(StringComparer.Ordinal);
        var former = Sections.Of(before).ToDictionary(section => section.Key, StringComparer.Ordinal);
        foreach (var one in written.Sections.Where(one => one.SourceKey != Sections.FrontMatterKey))
            made.Take(one, pairs.GetValueOrDefault(one.SourceKey) ?? throw new NotFoundException("section"), one.OwnKey is null ? "" : former.GetValueOrDefault(one.OwnKey)?.Text ?? throw new NotFoundException("section"));
        var fields = made.TakeFront(written, FrontMatter.Of(before), FrontMatter.Of(now));
        if (made._conflicts.Count > 0)
            return made;
        if (made._changes.Count == 0 && fields.Count == 0)
        {
            made.Keys = pairs.Values.Where(pair => pair.Own is not null).ToDictionary(pair => pair.Source.Key, pair => pair.Own!.Key, StringComparer.Ordinal);
            return made;
        }
        made.Assemble(there, pairs, Lines.EndIn(now), fields);
        return made;
    }

    /// <summary>Whether two texts are the same but for their line ends: a form sends others.</summary>
    public static bool Same(string one, string other) => Plain(one) == Plain(other);

    static string Plain(string text) => text.TrimStart('\uFEFF').ReplaceLineEndings("\n");

    // What the person had beside the source counts, as long as it is there.
    static List<TranslatedSection> WithChosen(WrittenTranslation written, IReadOnlyList<Section> there, IReadOnlyCollection<TranslatedSection> marks)
    {
        var keys = there.Select(section => section.Key).ToHashSet(StringComparer.Ordinal);
        var chosen = written.Sections.Where(one => one.OwnKey is not null && keys.Contains(one.OwnKey)).ToDictionary(one => one.SourceKey, one => one.OwnKey!, StringComparer.Ordinal);
        return [.. chosen.Select(one => new TranslatedSection(one.Key, "", one.Value)), .. marks.Where(mark => !chosen.ContainsKey(mark.SourceKey))];
    }

    void Take(WrittenSection one, SectionPair pair, string was)
    {
        var (mine, there) = (one.Text ?? was, pair.Own?.Text ?? "");
        var isChanged = !Same(mine, was);
        if (!isChanged && !one.IsConfirmed)
            return;
        var next = !isChanged ? was : string.IsNullOrWhiteSpace(mine) ? "" : Whole(mine, pair.Source);
        if (!Same(there, was) && !(isChanged && Same(there, next)))
        {
            _conflicts.Add(one.SourceKey);
            return;
        }
        if (isChanged && !Same(there, next))
            _changes[one.SourceKey] = next;
        if (!string.IsNullOrWhiteSpace(mine))
            _confirmed.Add(one.SourceKey);
    }

    // Without its own heading it would be a part of the section before it, and with an open block it would take in the one after it.
    static string Whole(string text, Section source)
    {
        var lines = text.ReplaceLineEndings("\n");
        var whole = (source.Key == Sections.BeginningKey ? lines.TrimEnd() : lines.Trim()) + "\n\n";
        var parts = Sections.Of(whole + "## end\n");
        if (parts[^1].Heading != "end" || (source.Key != Sections.BeginningKey && parts[0].Key is Sections.BeginningKey or Sections.FrontMatterKey))
            throw new RefusedException(Refusal.BadSection, source.Heading);
        return whole;
    }

    List<(string Name, string Value)> TakeFront(WrittenTranslation written, FrontMatter before, FrontMatter now)
    {
        List<(string Name, string Value)> changes = [];
        var isConfirmed = written.Sections.Any(one => one.SourceKey == Sections.FrontMatterKey && one.IsConfirmed);
        var isConflict = false;
        foreach (var (name, text) in new[] { ("title", written.Title), (now["summary"] is null && now["description"] is not null ? "description" : "summary", written.Summary) })
        {
            if (text is null || now[name] is not (null or FieldText))
                continue;
            var (mine, was, there) = (PlainText.Line(text), PlainText.Line(before[name]?.AsText), PlainText.Line(now[name]?.AsText));
            isConflict |= (mine != was || isConfirmed) && there != was && there != mine;
            if (mine == was)
                continue;
            isConfirmed = true;
            if (mine != there)
                changes.Add((name, mine));
        }
        if (isConflict)
            _conflicts.Add(Sections.FrontMatterKey);
        else if (isConfirmed)
            _confirmed.Add(Sections.FrontMatterKey);
        return changes;
    }

    void Assemble(IReadOnlyList<Section> there, Dictionary<string, SectionPair> pairs, string end, List<(string Name, string Value)> fields)
    {
        var sources = pairs.Values.Where(pair => pair.Own is not null).ToDictionary(pair => pair.Own!.Key, pair => pair.Source.Key, StringComparer.Ordinal);
        List<Part> parts = [.. there.Select(section => new Part(sources.GetValueOrDefault(section.Key), section.Text, section.Key is Sections.FrontMatterKey or Sections.BeginningKey))];
        if (_changes.Count > 0)
            parts = Arranged(parts, pairs.Keys, end);
        var body = new StringBuilder(there.Count == 0 && fields.Count > 0 ? end : "");
        Dictionary<int, string> begun = [];
        foreach (var part in parts)
        {
            // The last line of a text may be without an end.
            if (body.Length > 0 && body[^1] is not ('\n' or '\r'))
                body.Append(end).Append(end);
            if (part.Source is not null)
                begun[body.Length] = part.Source;
            body.Append(part.Text);
        }
        var front = FrontMatter.Of(body.ToString());
        foreach (var (name, value) in fields)
            front = front.With(name, value.Length > 0 ? FieldValue.Of(value) : null);
        Text = front.Document;
        // Only the front matter has another length now: from the end on each section is where it was.
        var (keys, at) = (new Dictionary<string, string>(StringComparer.Ordinal), body.Length - Text.Length);
        foreach (var section in Sections.Of(Text))
        {
            if (section.Key == Sections.FrontMatterKey)
                keys[Sections.FrontMatterKey] = Sections.FrontMatterKey;
            else if (begun.TryGetValue(at, out var key))
                keys[key] = section.Key;
            at += section.Text.Length;
        }
        Keys = keys;
    }

    // What the source does not have stays behind what it stood behind, and what stands before the first heading stays there.
    List<Part> Arranged(List<Part> parts, IEnumerable<string> order, string end)
    {
        List<Part> first = [];
        Dictionary<string, List<Part>> groups = new(StringComparer.Ordinal);
        var present = first;
        foreach (var part in parts)
        {
            if (part is { Source: not null, IsBeforeHeadings: false })
                groups[part.Source] = present = [];
            present.Add(part);
        }
        foreach (var (key, text) in _changes)
        {
            var part = new Part(key, text.ReplaceLineEndings(end));
            var group = groups.GetValueOrDefault(key) ?? first;
            if (group.FindIndex(one => one.Source == key) is >= 0 and var at)
                group[at] = part;
            else if (key == Sections.BeginningKey)
                first.Insert(first.FindLastIndex(one => one.IsBeforeHeadings) + 1, part);
            else
                groups[key] = [part];
        }
        return [.. first.Concat(order.SelectMany(key => groups.GetValueOrDefault(key) ?? [])).Where(part => part.Text.Length > 0)];
    }

    sealed record Part(string? Source, string Text, bool IsBeforeHeadings = false);
}
