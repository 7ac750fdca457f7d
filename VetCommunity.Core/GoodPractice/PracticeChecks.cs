using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a practice lacks.</summary>
public enum PracticeLack
{
    /// <summary>A field of the front matter.</summary>
    Field = 1,
    /// <summary>A section of the template.</summary>
    Section = 2,
    /// <summary>A section has no words.</summary>
    Empty = 3,
}

/// <summary>One thing that a practice lacks.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="What">The field's name or the section's heading.</param>
public sealed record PracticeCheck(PracticeLack Kind, string What);

/// <summary>Looks for what readers would miss. It is a help to who writes and reviews; nothing is refused for it.</summary>
public static class PracticeChecks
{
    /// <summary>Fields that lists, search and maturity read: they are asked for whatever the template says.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["summary", "theme", "audience", "country", "licence"];

    /// <summary>What is missing, in the order of the template.</summary>
    /// <param name="document">The practice.</param>
    /// <param name="template">The one that is in use. A section that says what it says there has no words of its own.</param>
    public static IReadOnlyList<PracticeCheck> Of(string document, TemplateText template)
    {
        var front = FrontMatter.Of(document);
        List<PracticeCheck> lacks = [.. Fields.Where(name => (front[name]?.AsTexts ?? []).Count == 0).Select(name => new PracticeCheck(PracticeLack.Field, name))];
        var there = Sections.Of(document).ToDictionary(section => section.Key, StringComparer.Ordinal);
        foreach (var expected in template.Expected)
        {
            if (!there.TryGetValue(expected.Key, out var section))
                lacks.Add(new(PracticeLack.Section, expected.Heading));
            else if (section.Hash == expected.Hash || string.IsNullOrWhiteSpace(section.Text[Lines.EndOf(section.Text, 0)..]))
                lacks.Add(new(PracticeLack.Empty, expected.Heading));
        }
        return lacks;
    }
}
