using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>The markdown with which practices begin, and which sections one expects in them.</summary>
public sealed class TemplateText
{
    /// <summary>Characters of a template.</summary>
    public const int Most = 20_000;
    /// <summary>Its sections.</summary>
    public const int MostSections = 40;
    /// <summary>A line in whose place the purpose of the room stands where a practice is made of its talk.</summary>
    public const string PurposeHere = "{{purpose}}";

    readonly Lazy<IReadOnlyList<Section>> _expected;

    TemplateText(string markdown, string language)
    {
        (Markdown, Language) = (markdown, language);
        _expected = new(() => [.. Sections.Of(Begun("x")).Where(section => section.Heading.Length > 0)]);
    }

    /// <summary>The one that comes with the program.</summary>
    public static TemplateText Shipped { get; } = new($"""
        ## Context

        {PurposeHere}

        ## Challenge

        ## Approach

        {PracticeDrafts.QuotesHere}

        ## Outcomes and evidence

        ## Resources needed

        ## Success factors and obstacles

        ## Transferability

        ## Known adoptions

        ## References
        """.ReplaceLineEndings("\n"), "en");

    /// <summary>The document as it is written.</summary>
    public string Markdown { get; }
    /// <summary>The language of its headings: practices of which the original is in another one are not compared with it.</summary>
    public string Language { get; }
    /// <summary>The sections that a practice is to have, as they stand when it begins.</summary>
    public IReadOnlyList<Section> Expected => _expected.Value;

    /// <summary>Whether one of the sections has this key.</summary>
    public bool Has(string key) => Expected.Any(section => section.Key == key);

    /// <summary>A new practice.</summary>
    internal string Begun(string title)
    {
        var lines = Without(Without(Markdown, PracticeDrafts.QuotesHere), PurposeHere).Replace(PurposeHere, "", StringComparison.Ordinal);
        return FrontMatter.Of(lines + "\n").With("title", FieldValue.Of(title)).With("summary", FieldValue.Of("")).Document;
    }

    /// <summary>The text of a practice that is made of a room's talk, still without a front matter.</summary>
    internal string BegunOfTalk(string purpose)
    {
        var body = FrontMatter.Of(Markdown).Body.TrimStart('\n');
        return (string.IsNullOrWhiteSpace(purpose) ? Without(body, PurposeHere) : body).Replace(PurposeHere, purpose, StringComparison.Ordinal);
    }

    /// <summary>The same when it becomes a practice: with the fields of the template, unless it has fields of its own.</summary>
    internal string WithFields(string text) => FrontMatter.Of(text).Head.Length > 0 ? text : FrontMatter.Of(Markdown).Head + text;

    /// <summary>What was written, if practices can begin with it.</summary>
    /// <exception cref="RefusedException">Too long, a front matter that cannot be read, a language that the community does not speak, too many sections or none, one without a heading or with that of another,
    /// or a block that would take the next sections in.</exception>
    internal static TemplateText Checked(string? markdown, string? language)
    {
        if (!Languages.All.Contains(language, StringComparer.Ordinal))
            throw new RefusedException(Refusal.UnknownLanguage);
        var text = (markdown ?? "").ReplaceLineEndings("\n").TrimStart('\uFEFF').Trim('\n').TrimEnd();
        if (text.Length > Most)
            throw new RefusedException(Refusal.TextTooLong, text.Length, Most);
        text = DocumentAccess.Checked(text);
        var front = FrontMatter.Of(text);
        if (front.Fault is { } fault)
            throw new RefusedException(Refusal.BadFrontMatter, fault.Line, fault.Column);
        // Begun and never ended, it would be a line across the page.
        if (front.Head.Length == 0 && text.AsSpan(0, Lines.EndOf(text, 0)).TrimEnd() is "---")
            throw new RefusedException(Refusal.BadFrontMatter, 1, 1);
        var sections = Sections.Of(text).Where(section => section.Key is not (Sections.FrontMatterKey or Sections.BeginningKey)).ToList();
        if (sections.Count is 0 or > MostSections)
            throw new RefusedException(Refusal.TemplateSections, MostSections);
        foreach (var section in sections)
        {
            if (section.Heading.Length == 0)
                throw new RefusedException(Refusal.TemplateHeading, section.Line);
            if (new SectionKeys().Next(section.Heading) != section.Key)
                throw new RefusedException(Refusal.TemplateHeadingTwice, section.Heading);
        }
        if (Sections.Cut(text + "\n\n## end\n")[^1].Heading != "end")
            throw new RefusedException(Refusal.TemplateBlockOpen, sections[^1].Heading);
        var template = new TemplateText(text, language!);
        // A title or summary that no form could change, and what readers could not be shown.
        RenderedDocument.Of(template.Begun("x"));
        return template;
    }

    /// <summary>The one that is in use.</summary>
    internal static async Task<TemplateText> PresentAsync(CommunityDb db, CancellationToken cancel) =>
        Of(await db.PracticeTemplates.AsNoTracking().OrderByDescending(t => t.Number).FirstOrDefaultAsync(cancel));

    internal static TemplateText Of(PracticeTemplate? row) => row is { Markdown: { } markdown } ? new(markdown, row.Language) : Shipped;

    // With the empty line behind it, so that none is left over.
    static string Without(string text, string place)
    {
        List<string> lines = [];
        var isGone = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.Trim() == place)
            {
                isGone = true;
                continue;
            }
            if (!(isGone && line.Length == 0 && (lines.Count == 0 || lines[^1].Length == 0)))
                lines.Add(line);
            isGone = false;
        }
        return string.Join('\n', lines).TrimEnd('\n');
    }
}
