using CsCheck;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public sealed class MergingDocuments
{
    const string Origin = "---\ntitle: Welding\nsummary: Short # to be longer\ntheme: [a]\n---\n## A\n\na\n";

    static string With(string document, string name, string? value) => FrontMatter.Of(document).With(name, value is null ? null : FieldValue.Of(value)).Document;

    [Fact]
    public void Neighbouring_fields_and_the_body_are_merged()
    {
        var mine = With(With(Origin, "title", "Welding in pairs"), "licence", "CC BY 4.0").Replace("\na\n", "\nb\n", StringComparison.Ordinal);
        var theirs = With(Origin, "summary", "Longer").ReplaceLineEndings("\r\n") + "## B\r\n";

        var merged = DocumentMerge.Of(Origin, mine, theirs);

        Assert.Equal(1, merged.Body.Count(part => part.IsConflict));
        Assert.Empty(merged.Fields);
        Assert.Equal("---\ntitle: Welding in pairs\nsummary: Longer # to be longer\ntheme: [a]\nlicence: CC BY 4.0\n---\n", merged.Head.ReplaceLineEndings("\n"));
        Assert.Equal("---\ntitle: Welding in pairs\nsummary: Longer # to be longer\ntheme: [a]\n---\n## A\n\na\n",
            DocumentMerge.Of(Origin, With(Origin, "title", "Welding in pairs"), With(Origin, "summary", "Longer")).Text);
    }

    [Fact]
    public void The_same_field_is_a_conflict_and_a_deleted_one_against_a_changed_one_too()
    {
        var merged = DocumentMerge.Of(Origin, With(Origin, "title", "Mine"), With(Origin, "title", "Theirs"));
        Assert.Equal(new("title", "title: Welding\n", "title: Mine\n", "title: Theirs\n"), Assert.Single(merged.Fields));
        Assert.Null(merged.Text);
        Assert.Equal(new("title", "title: Welding\n", null, "title: Theirs\n"), Assert.Single(DocumentMerge.Of(Origin, With(Origin, "title", null), With(Origin, "title", "Theirs")).Fields));
        Assert.Equal("title", Assert.Single(DocumentMerge.Of(Origin, "## A\n\na\n", With(Origin, "title", "Theirs")).Fields).Name);
    }

    [Fact]
    public void Remarks_of_both_stay_or_somebody_is_asked()
    {
        var mine = Origin.Replace("title: Welding\n", "# mine\ntitle: My welding\n", StringComparison.Ordinal);
        var theirs = Origin.Replace("title: Welding\n", "title: Welding\n# theirs\n", StringComparison.Ordinal).Replace("Short", "Long", StringComparison.Ordinal);
        var merged = DocumentMerge.Of(Origin, mine, theirs);
        Assert.True(merged.Fields.Count == 1 || (merged.Head.Contains("# mine", StringComparison.Ordinal) && merged.Head.Contains("# theirs", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_cannot_be_read_is_merged_by_lines()
    {
        const string Broken = "---\na: [\nb: c\nd: e\n---\nBody\n";
        Assert.Equal("---\na: [\nb: c\nd: f\n---\nText\n", DocumentMerge.Of(Broken, Broken.Replace("e\n", "f\n", StringComparison.Ordinal), Broken.Replace("Body", "Text", StringComparison.Ordinal)).Text);
        Assert.Equal("", Assert.Single(DocumentMerge.Of(Broken, Broken.Replace("e\n", "f\n", StringComparison.Ordinal), Broken.Replace("e\n", "g\n", StringComparison.Ordinal)).Fields).Name);
    }

    static readonly Gen<string> Documents = Gen.Select(Gen.Int[0, 3].Array[4], Gen.Int[0, 2].Array[3], (fields, lines) =>
    {
        var document = string.Concat(lines.Select((line, at) => line == 0 ? "" : $"## {at}\n\nversion {line}\n\n"));
        foreach (var (at, field) in fields.Index().Where(one => one.Item != 0))
            document = With(document, "field" + at, "value " + field);
        return document;
    });

    [Fact]
    public void Whatever_two_do_the_merge_says_what_both_wanted_or_that_it_cannot() => Gen.Select(Documents, Documents, Documents).Hold((origin, mine, theirs) =>
    {
        Assert.Equal(mine, DocumentMerge.Of(origin, mine, origin).Text);
        Assert.Equal(theirs, DocumentMerge.Of(origin, origin, theirs).Text);
        Assert.Equal(mine, DocumentMerge.Of(origin, mine, mine).Text);
        var (merged, other) = (DocumentMerge.Of(origin, mine, theirs), DocumentMerge.Of(origin, theirs, mine));
        Assert.Equal(merged.IsClean, other.IsClean);
        Assert.Equal(merged.Fields.Select(field => field.Name).Order(StringComparer.Ordinal), other.Fields.Select(field => field.Name).Order(StringComparer.Ordinal));
        if (merged.Fields.Count > 0)
            return;
        var (b, m, t, read) = (FrontMatter.Of(origin), FrontMatter.Of(mine), FrontMatter.Of(theirs), FrontMatter.Of(merged.Head));
        Assert.All(Enumerable.Range(0, 4).Select(at => "field" + at), name => Assert.Equal(Equals(m[name], b[name]) ? t[name] : m[name], read[name]));
    }, 150);
}
