using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

public sealed class ReadingFrontMatter
{
    const string Welding = """
        ---
        # The record
        title: "Welding: in pairs"   # as it is called
        theme:
          - welding
          - 'pairs, of two'
        sectors: [C, "F"]

        summary: |
          Two learn more than one.

          They do.
        contact: {name: Anna, phone: +39 02}
        empty:
        x-own: kept
        ---
        # Body
        """;

    [Fact]
    public void Texts_lists_and_maps_are_read_and_what_nobody_knows_too()
    {
        var read = FrontMatter.Of(Welding);

        Assert.Null(read.Fault);
        Assert.Equal(["title", "theme", "sectors", "summary", "contact", "empty", "x-own"], read.Fields.Select(field => field.Name));
        Assert.Equal("Welding: in pairs", read["title"]?.AsText);
        Assert.Equal(["welding", "pairs, of two"], read["theme"]!.AsTexts);
        Assert.Equal(["C", "F"], read["sectors"]!.AsTexts);
        Assert.Equal("Two learn more than one.\n\nThey do.\n", read["summary"]?.AsText);
        Assert.Equal(new FieldMap([new("name", FieldValue.Of("Anna")), new("phone", FieldValue.Of("+39 02"))]), read["contact"]);
        Assert.Equal("", read["empty"]?.AsText);
        Assert.Null(read["absent"]);
        Assert.Equal((3, 9), (read.Fields[0].Line, read.Fields[3].Line));
        Assert.Equal("# Body", read.Body);
        Assert.Equal(Welding, read.Head + read.Body);
    }

    [Theory]
    [InlineData("C#")]
    [InlineData("R&D")]
    [InlineData("100%")]
    [InlineData("who's \"in\", and why?")]
    public void A_mark_within_a_name_is_a_letter_like_others(string name)
    {
        var read = FrontMatter.Of($"---\n{name}: x\nb: y\n---\nBody");

        Assert.Null(read.Fault);
        Assert.Equal([name, "b"], read.Fields.Select(field => field.Name));
        Assert.Equal($"---\n{name}: z\nb: y\n---\nBody", read.With(name, FieldValue.Of("z")).Head + "Body");
    }

    [Theory]
    [InlineData("title", "Welding", "title: \"Welding: in pairs\"", "title: \"Welding\"")]
    [InlineData("theme", "safety|C# for welders", "  - welding\n  - 'pairs, of two'", "  - safety\n  - C# for welders")]
    [InlineData("theme", "safety", "  - welding\n  - 'pairs, of two'", "  safety")]
    [InlineData("sectors", "C|Q", "[C, \"F\"]", "[C, Q]")]
    [InlineData("summary", "One sentence: the other.", "|\n  Two learn more than one.\n\n  They do.", "\"One sentence: the other.\"")]
    [InlineData("contact", "Bruno", "{name: Anna, phone: +39 02}", "Bruno")]
    [InlineData("empty", "no", "empty:", "empty: \"no\"")]
    [InlineData("x-own", "1.\n2.", "x-own: kept", "x-own: |-\n  1.\n  2.")]
    [InlineData("licence", "CC BY 4.0", "x-own: kept\n", "x-own: kept\nlicence: CC BY 4.0\n")]
    public void Changing_a_field_changes_nothing_else(string name, string value, string before, string after)
    {
        foreach (var text in (string[])[Welding, Welding.ReplaceLineEndings("\r\n"), "\uFEFF" + Welding])
        {
            var end = text.Contains('\r', StringComparison.Ordinal) ? "\r\n" : "\n";
            var wish = value.Contains('|', StringComparison.Ordinal) ? FieldValue.Of(value.Split('|')) : FieldValue.Of(value);
            var changed = FrontMatter.Of(text).With(name, wish);

            Assert.Equal(wish, changed[name]);
            Assert.Equal(text.Replace(before.ReplaceLineEndings(end), after.ReplaceLineEndings(end), StringComparison.Ordinal), changed.Document);
        }
    }

    [Fact]
    public void A_field_goes_with_its_lines_and_comes_into_a_document_that_had_none()
    {
        Assert.Equal(Welding.Replace("summary: |\n  Two learn more than one.\n\n  They do.\n", "", StringComparison.Ordinal), FrontMatter.Of(Welding).With("summary", null).Document);
        Assert.Same(FrontMatter.Of(Welding) is var read ? read : null, read.With("absent", null));
        Assert.Equal("---\r\ntitle: Welding\r\n---\r\n# Body\r\n", FrontMatter.Of("# Body\r\n").With("title", FieldValue.Of("Welding")).Document);
        Assert.Equal("\uFEFF---\ntitle: Welding\n---\n", FrontMatter.Of("\uFEFF").With("title", FieldValue.Of("Welding")).Document);
        Assert.Equal("---\n# nothing yet\ntitle: Welding\n---\n", FrontMatter.Of("---\n# nothing yet\n---\n").With("title", FieldValue.Of("Welding")).Document);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# Only text")]
    [InlineData("---")]
    [InlineData("---\nnever: closed\n")]
    [InlineData(" ---\ntitle: indented\n---\n")]
    [InlineData("\n---\ntitle: late\n---\n")]
    [InlineData("----\ntitle: four\n----\n")]
    public void A_document_without_front_matter_is_fine(string document)
    {
        var read = FrontMatter.Of(document);
        Assert.Equal((0, null, document, ""), (read.Fields.Count, read.Fault, read.Body, read.Head));
    }

    [Theory]
    [InlineData("---\ntitle: a\ntheme: [a, b\nx: y\n---\nBody", FaultKind.Broken, 4)]
    [InlineData("---\r\ntitle: \"a\r\n---\r\nBody", FaultKind.Broken, 2)]
    [InlineData("---\ntitle: a: b\n---\nBody", FaultKind.Broken, 2)]
    [InlineData("---\n\ttitle: a\n---\nBody", FaultKind.Broken, 2)]
    [InlineData("---\njust words\n---\nBody", FaultKind.NoFields, 2)]
    [InlineData("---\n{title: a}\n---\nBody", FaultKind.NoFields, 2)]
    [InlineData("---\n? title\n: a\n---\nBody", FaultKind.NoFields, 2)]
    [InlineData("---\n- title\n---\nBody", FaultKind.NoFields, 2)]
    [InlineData("---\ntitle: a\nx:\n  y: 1\n  y: 2\n---\nBody", FaultKind.Twice, 5)]
    [InlineData("---\ntitle: a\ntitle: b\n---\nBody", FaultKind.Twice, 3)]
    [InlineData("---\na: &a [x, x]\nb: [*a, *a]\n---\nBody", FaultKind.Alias, 2)]
    [InlineData("---\na: x\nb: *a\n---\nBody", FaultKind.Alias, 3)]
    [InlineData("---\na: [[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]\n---\nBody", FaultKind.TooDeep, 2)]
    [InlineData("---\na: \"\\UFFFFFFFF\"\n---\nBody", FaultKind.Broken, 2)]
    [InlineData("---\nx: y\n%atitle\n---\nBody", FaultKind.NoFields, 3)]
    [InlineData("---\nx: y\na]: b\n---\nBody", FaultKind.NoFields, 3)]
    [InlineData("---\n\n\0\t\nx: y\n---\nBody", FaultKind.Broken, 3)]
    public void What_cannot_be_read_is_named_with_its_line_and_the_text_is_kept(string document, FaultKind kind, int line)
    {
        var read = FrontMatter.Of(document);

        Assert.Equal((kind, line), (read.Fault!.Kind, read.Fault.Line));
        Assert.InRange(read.Fault.Column, 1, 40);
        Assert.Empty(read.Fields);
        Assert.Equal(document, read.Head + read.Body);
        Assert.Equal("Body", read.Body);
    }

    [Fact]
    public void The_column_is_that_of_the_file()
    {
        Assert.Equal(new(FaultKind.Twice, 3, 1), FrontMatter.Of("---\ntitle: a\ntitle: b\n---\n").Fault);
        Assert.Equal(new(FaultKind.Alias, 3, 7), FrontMatter.Of("---\r\na: x\r\nbeta: *a\r\n---\r\n").Fault);
    }

    [Fact]
    public void What_is_too_large_is_refused_with_the_limit_and_costs_little()
    {
        var refused = Assert.Throws<RefusedException>(() => FrontMatter.Of("---\ntitle: a\n---\n" + new string('x', 5_000_000)));
        Assert.Equal([5_000_017, FrontMatter.MostOfDocument], refused.Arguments);
        Assert.Equal(FaultKind.TooLong, FrontMatter.Of($"---\n{new string('#', FrontMatter.Most)}\n---\n").Fault!.Kind);
        Assert.Equal(FaultKind.TooDeep, FrontMatter.Of($"---\na: {new string('[', 40_000)}\n---\n").Fault!.Kind);
        Assert.Null(FrontMatter.Of($"---\n{string.Concat(Enumerable.Range(0, 4_000).Select(n => $"f{n}:\n"))}---\n").Fault);
    }

    static readonly string[] Pieces =
    [
        "---\n", "title", ": ", ":", "\n", "\r\n", "  ", "- ", "a", "[", "]", "{", "}", ",", "'", "\"", "|", ">", "|-", "#", " # c", "&a", "*a", "!t", "?", "%", "\t", "\\U", "\\x", "\0", "\uFEFF", "\u2028", "\ud800",
        "---", "...\n", "\n---\n", "x: y\n", "theme:\n- a\n- b\n", "k: |\n  l\n\n  m\n", "ß", "\u0085", "\r",
    ];

    [Fact]
    public void Nothing_that_is_written_there_breaks_the_reader_or_changes_by_being_changed() =>
        Gen.Select(Gen.Int[0, Pieces.Length - 1].Array[0, 14], Gen.Int[0, Pieces.Length - 1].Array[0, 6]).Hold((parts, words) =>
        {
            var document = "---\n" + string.Concat(parts.Select(part => Pieces[part])) + "\n---\nBody";
            var read = FrontMatter.Of(document);
            Assert.Equal(document, read.Head + read.Body);
            if (read.Fault is not null)
                return;
            var value = string.Concat(words.Select(word => Pieces[word]));
            foreach (var name in read.Fields.Select(field => field.Name).Append("new-one").Where(name => name.Length > 0))
            {
                var changed = read.With(name, FieldValue.Of(value));
                Assert.Equal(value, changed[name]?.AsText);
                Assert.Equal(read.Fields.Where(field => field.Name != name).Select(field => field.Value), changed.Fields.Where(field => field.Name != name).Select(field => field.Value));
                var list = read.With(name, FieldValue.Of([value, "b"]));
                Assert.Equal([value, "b"], ((FieldList)list[name]!).Items.Select(item => item.AsText!));
                Assert.Null(read.With(name, null)[name]);
                Assert.Equal(read.Body, changed.Body);
            }
        }, 3_000);
}
