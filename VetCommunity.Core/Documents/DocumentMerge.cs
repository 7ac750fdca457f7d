namespace VetCommunity.Core.Documents;

/// <summary>A field of the front matter of which two made different things.</summary>
/// <param name="Name">The field's name; empty where the front matter as a whole cannot be merged.</param>
/// <param name="Base">Its lines before; null where it was not there.</param>
/// <param name="Mine">Its lines as the one left them; null where it was taken out.</param>
/// <param name="Theirs">The same of the other.</param>
public sealed record FieldConflict(string Name, string? Base, string? Mine, string? Theirs);

/// <summary>What two made of the same document, put together.</summary>
/// <param name="Head">The front matter; with what is mine where there is a conflict.</param>
/// <param name="Fields">The conflicts in it.</param>
/// <param name="Body">The parts of what comes after it.</param>
public sealed record MergedDocument(string Head, IReadOnlyList<FieldConflict> Fields, IReadOnlyList<MergePart> Body)
{
    /// <summary>Nobody has to decide anything.</summary>
    public bool IsClean => Fields.Count == 0 && !Body.Any(part => part.IsConflict);

    /// <summary>The merged document; null where there is a conflict.</summary>
    public string? Text => IsClean ? Head + ThreeWayMerge.TextOf(Body) : null;
}

/// <summary>Merges what two made of the same document: its front matter field by field, the rest by lines. Neighbouring fields are no conflict, and the same field is one.</summary>
public static class DocumentMerge
{
    /// <summary>Puts both together.</summary>
    /// <exception cref="RefusedException">A document is too long.</exception>
    public static MergedDocument Of(string origin, string mine, string theirs)
    {
        var (b, m, t) = (FrontMatter.Of(origin), FrontMatter.Of(mine), FrontMatter.Of(theirs));
        var (head, fields) = HeadOf(b, m, t);
        return new(head, fields, ThreeWayMerge.Of(b.Body, m.Body, t.Body));
    }

    static (string Head, IReadOnlyList<FieldConflict> Fields) HeadOf(FrontMatter b, FrontMatter m, FrontMatter t)
    {
        if (t.Head == b.Head || m.Head == t.Head)
            return (m.Head, []);
        if (m.Head == b.Head)
            return (t.Head, []);
        var byLines = ThreeWayMerge.TextOf(ThreeWayMerge.Of(b.Head, m.Head, t.Head));
        if (b.Fault is not null || m.Fault is not null || t.Fault is not null)
            return byLines is not null ? (byLines, []) : (m.Head, [Whole(b, m, t)]);
        List<FieldConflict> conflicts = [];
        List<(Field? Mine, Field? Theirs)> taken = [];
        foreach (var name in b.Fields.Concat(m.Fields).Concat(t.Fields).Select(field => field.Name).Distinct(StringComparer.Ordinal))
        {
            var (was, my, their) = (b.Find(name), m.Find(name), t.Find(name));
            if (Equals(their?.Value, was?.Value) || Equals(my?.Value, their?.Value))
                continue;
            if (Equals(my?.Value, was?.Value))
                taken.Add((my, their));
            else
                conflicts.Add(new(name, Text(b, was), Text(m, my), Text(t, their)));
        }
        if (conflicts.Count > 0)
            return (m.Head, conflicts);
        var expected = ValuesOf(m);
        foreach (var (my, their) in taken)
        {
            expected.Remove((my ?? their!).Name);
            if (their is not null)
                expected.Add(their.Name, their.Value);
        }
        // By lines it keeps what both wrote between the fields; fields side by side are too close for that.
        foreach (var head in (string?[])[byLines, Together(m, t, taken)])
        {
            if (head is not null && FrontMatter.Of(head) is { Fault: null } merged && merged.Head == head && Says(merged, expected) && HasWordsOf(head, b, m, t))
                return (head, []);
        }
        return (m.Head, [Whole(b, m, t)]);
    }

    // Their lines of what they changed, put into mine.
    static string Together(FrontMatter mine, FrontMatter theirs, List<(Field? Mine, Field? Theirs)> taken)
    {
        var end = Lines.EndIn(mine.Document);
        var head = mine.Head;
        foreach (var (my, their) in taken)
        {
            var present = FrontMatter.Of(head);
            var name = (my ?? their!).Name;
            var lines = their is null ? null : theirs.LinesOf(their).ReplaceLineEndings(end);
            head = present.WithLines(present.Find(name), their is null ? null : Before(present, theirs, their), lines);
        }
        return head;
    }

    // The field after which a new one stands in theirs, as far as it is here too.
    static Field? Before(FrontMatter present, FrontMatter theirs, Field field) =>
        theirs.Fields.TakeWhile(one => one != field).Reverse().Select(one => present.Find(one.Name)).FirstOrDefault(one => one is not null);

    static Dictionary<string, FieldValue> ValuesOf(FrontMatter one) => one.Fields.ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);

    static bool Says(FrontMatter merged, Dictionary<string, FieldValue> expected) =>
        merged.Fields.Count == expected.Count && merged.Fields.All(field => Equals(expected.GetValueOrDefault(field.Name), field.Value));

    // Remarks are nobody's field, and what the one or the other wrote anew has to stay.
    static bool HasWordsOf(string head, FrontMatter b, params ReadOnlySpan<FrontMatter> sides)
    {
        var (all, before) = (RemarksIn(head), RemarksIn(b.Head));
        foreach (var side in sides)
        {
            if (RemarksIn(side.Head).Except(before, StringComparer.Ordinal).Except(all, StringComparer.Ordinal).Any())
                return false;
        }
        return true;
    }

    static List<string> RemarksIn(string head) => [.. Lines.Of(head).Select(line => line.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? line[at..].TrimEnd() : "").Where(remark => remark.Length > 0)];

    static string? Text(FrontMatter of, Field? field) => field is null ? null : of.LinesOf(field);

    static FieldConflict Whole(FrontMatter b, FrontMatter m, FrontMatter t) => new("", b.Head, m.Head, t.Head);
}
