using System.Text;
using CsCheck;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public class CitingPractices
{
    static readonly Gen<string> Text = Seeds.Texts(12, "a", "Ω", "{", "}", "\\", "\"", "&", "%", "$", "#", "_", "^", "~", ",", " and ", "=", "@", "\nER  - ", "\r\nTI  - x", "}\n@book{", "\u2028", "\0", "é", "\\textbraceleft{}");

    [Fact]
    public void Each_field_of_BibTeX_comes_back_and_nothing_else_does() => Gen.Select(Text, Text, Text).Hold((title, author, organisation) =>
    {
        var citation = Of(title, author, organisation);

        var (key, fields) = BibTeX(citation.BibTeX());

        Assert.Equal("the-call-it-3", key);
        Assert.Equal(Line(title), fields.GetValueOrDefault("title", ""));
        Assert.Equal(Line(author.Length > 0 ? author : organisation), fields.GetValueOrDefault("author", ""));
        Assert.Equal(author.Length > 0 ? Line(organisation) : "", fields.GetValueOrDefault("organization", ""));
        Assert.Equal(("2026", "11", "2026-11-28", "3", "it", "https://vet.example/practices/the-call?language=it"), (fields["year"], fields["month"], fields["date"], fields["version"], fields["language"], fields["url"]));
        Assert.Empty(fields.Keys.Except(["title", "author", "organization", "year", "month", "date", "version", "howpublished", "note", "language", "copyright", "url"], StringComparer.Ordinal));
    });

    [Fact]
    public void Each_field_of_RIS_comes_back_and_nothing_else_does() => Gen.Select(Text, Text, Text).Hold((title, author, summary) =>
    {
        var lines = Of(title, author, "Guild", summary).Ris().Split("\r\n");

        Assert.All(lines[..^1], line => Assert.Matches("^[A-Z][A-Z0-9]  - ", line));
        Assert.Equal(("TY  - ELEC", "ER  - ", ""), (lines[0], lines[^2], lines[^1]));
        var fields = lines[..^1].Select(line => (Name: line[..2], Value: line[6..])).ToLookup(field => field.Name, field => field.Value);
        Assert.Equal((title.Length > 0 ? Line(title) : null, Line(author.Length > 0 ? author : "Guild"), summary.Length > 0 ? Line(summary) : null), (fields["TI"].SingleOrDefault(), fields["AU"].Single(), fields["AB"].SingleOrDefault()));
        Assert.Equal(("2026", "2026/11/28", "Version 3", "it"), (fields["PY"].Single(), fields["DA"].Single(), fields["ET"].Single(), fields["LA"].Single()));
        Assert.Equal(["trainers", "digital"], fields["KW"]);
    });

    static Citation Of(string title, string author, string organisation, string summary = "") => new(
        new(new("the-call", "it", ["en", "it"], organisation, new(2026, 11, 28, 23, 30, 0, TimeSpan.Zero), new()
        {
            Title = title,
            Summary = summary,
            Licence = "CC-BY-4.0",
            Values = new Dictionary<PracticeFacet, IReadOnlyList<string>> { [PracticeFacet.Theme] = ["trainers", "digital"] },
        }), 3, IsOriginal: false, IsBehind: false, null, "", author, "", []), "https://vet.example/practices/the-call?language=it", "VetCommunity");

    static string Line(string text) => new([.. text.Select(letter => char.IsControl(letter) || letter == '\u2028' ? ' ' : letter)]);

    // As BibTeX reads it: a value ends where its braces are even, whatever stands before one.
    static (string Key, Dictionary<string, string> Fields) BibTeX(string entry)
    {
        Assert.StartsWith("@misc{", entry, StringComparison.Ordinal);
        var at = entry.IndexOf(',', StringComparison.Ordinal);
        var key = entry["@misc{".Length..at];
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (at += 2; entry[at] != '}';)
        {
            var name = entry[at..entry.IndexOf(" = {", at, StringComparison.Ordinal)].Trim();
            at = entry.IndexOf(" = {", at, StringComparison.Ordinal) + " = ".Length;
            var start = at + 1;
            var depth = 0;
            do
                depth += entry[at] switch { '{' => 1, '}' => -1, _ => 0 };
            while (depth > 0 && at++ >= 0);
            Assert.Equal(",\n", entry[(at + 1)..(at + 3)]);
            fields.Add(name, name == "url" ? entry[start..at] : Unescaped(entry[start..at]));
            at += 3;
        }
        Assert.Equal("}\n", entry[at..]);
        return (key, fields);
    }

    static string Unescaped(string value)
    {
        var text = new StringBuilder();
        for (var at = 0; at < value.Length;)
        {
            var command = Commands.FirstOrDefault(one => value.AsSpan(at).StartsWith(one.Written, StringComparison.Ordinal));
            if (command.Written is not null)
                text.Append(command.Letter);
            else if (value[at] is not ('{' or '}'))
                text.Append(value[at]);
            at += command.Written?.Length ?? 1;
        }
        return text.ToString();
    }

    static readonly (string Written, char Letter)[] Commands =
    [
        (@"\textbackslash{}", '\\'), (@"\textbraceleft{}", '{'), (@"\textbraceright{}", '}'), (@"\textasciicircum{}", '^'), (@"\textasciitilde{}", '~'), (@"\textquotedbl{}", '"'),
        (@"\&", '&'), (@"\%", '%'), (@"\$", '$'), (@"\#", '#'), (@"\_", '_'),
    ];
}
