using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>What a document is called and what it says in short, wherever its authors wrote that down.</summary>
/// <param name="Title">Of the front matter, else of the first heading, else of a section "Title"; empty where it has none. At most 200 characters.</param>
/// <param name="Summary">Of the front matter (summary, description), else of a section such as "Patlet"; empty where it has none. At most 1,000 characters.</param>
public sealed record DocumentTitle(string Title, string Summary)
{
    const int LongestTitle = 200;
    const int LongestSummary = 1000;

    // Keys of sections in which collections of practices without front matter say it.
    static readonly string[] TitleSections = ["title", "titulo", "titolo", "titel", "titol"];
    static readonly string[] SummarySections = ["patlet", "summary", "resumen", "resum", "sintesi", "kurzfassung"];

    /// <summary>Reads both. Never refuses what can be stored.</summary>
    public static DocumentTitle Of(string document) => Of(FrontMatter.Of(document));

    /// <inheritdoc cref="Of(string)"/>
    internal static DocumentTitle Of(FrontMatter front)
    {
        var (title, summary) = (LineOf(front["title"]?.AsText), LineOf(front["summary"]?.AsText) is { Length: > 0 } said ? said : LineOf(front["description"]?.AsText));
        if (title.Length == 0 || summary.Length == 0)
        {
            var sections = Sections.Of(front.Document);
            if (title.Length == 0)
                title = HeadingOf(sections) is { Length: > 0 } heading ? heading : WordsOf(sections, TitleSections);
            if (summary.Length == 0)
                summary = WordsOf(sections, SummarySections);
        }
        return new(PlainText.Beginning(title, LongestTitle), PlainText.Beginning(summary, LongestSummary));
    }

    static string HeadingOf(IReadOnlyList<Section> sections) =>
        sections.Where(section => section.Key == Sections.BeginningKey).SelectMany(section => Lines.Of(section.Text)).Select(line => line.Trim())
            .FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal)) is { } line ? LineOf(PersonsMarkdown.Plain(line[2..])) : "";

    // The first paragraph, without what it is emphasised with.
    static string WordsOf(IReadOnlyList<Section> sections, string[] keys)
    {
        var section = sections.FirstOrDefault(section => keys.Contains(section.Key, StringComparer.Ordinal));
        if (section is null)
            return "";
        var paragraph = Lines.Of(section.Text).Skip(1).Select(line => line.Trim()).SkipWhile(line => line.Length == 0).TakeWhile(line => line.Length > 0);
        return LineOf(PersonsMarkdown.Plain(PlainText.Beginning(string.Join(' ', paragraph), 5000)));
    }

    static string LineOf(string? text) => PlainText.Line(text);
}
