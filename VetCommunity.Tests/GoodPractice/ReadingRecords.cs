using VetCommunity.Core.GoodPractice;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public class ReadingRecords
{
    [Fact]
    public void Known_fields_are_read_and_unknown_ones_kept()
    {
        var record = PracticeRecord.Of("---\ntitle: The tenth-day call\nsummary: \"Two: sentences.\"\ntheme: [Apprenticeship, quality]\naudience: owners\nsector: [c, P]\neqf: [4, 9, x, 3]\ncountry: at\nlicense: CC-BY-4.0\nowner: Ada\n---\n\n## Context\n", "slug");

        Assert.Equal(("The tenth-day call", "Two: sentences.", "CC-BY-4.0"), (record.Title, record.Summary, record.Licence));
        Assert.Equal(["apprenticeship", "quality"], record.Values[PracticeFacet.Theme]);
        Assert.Equal(["owners"], record.Values[PracticeFacet.Audience]);
        Assert.Equal(["C", "P"], record.Values[PracticeFacet.Sector]);
        Assert.Equal(["4", "3"], record.Values[PracticeFacet.Eqf]);
        Assert.Equal(["AT"], record.Values[PracticeFacet.Country]);
        Assert.Equal(["owner"], record.Others.Select(field => field.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("No front matter")]
    [InlineData("---\ntitle: [broken\n---\n")]
    [InlineData("---\ntitle: {a: b}\n---\n")]
    [InlineData("---\ntitle:\n---\n")]
    public void What_says_no_title_is_called_by_its_address(string document) => Assert.Equal("slug", PracticeRecord.Of(document, "slug").Title);

    [Fact]
    public void What_is_missing_is_said_in_the_order_of_the_template()
    {
        Assert.Equal([
            new(PracticeLack.Field, "theme"), new(PracticeLack.Field, "audience"), new(PracticeLack.Field, "country"), new(PracticeLack.Field, "licence"),
            new(PracticeLack.Empty, "Challenge"), new(PracticeLack.Section, "Outcomes and evidence"), new(PracticeLack.Section, "Resources needed"),
            new(PracticeLack.Section, "Success factors and obstacles"), new(PracticeLack.Section, "Transferability"), new(PracticeLack.Section, "Known adoptions"), new(PracticeLack.Section, "References"),
        ], PracticeChecks.Of("---\nsummary: There.\n---\n\n## Context\n\nSaid.\n\n## Challenge\n\n\n## Approach\n\n- done\n", TemplateText.Shipped));
        Assert.Empty(PracticeChecks.Of(File.ReadAllText(Path.Combine(Demo, "the-tenth-day-call.md")), TemplateText.Shipped));
    }

    [Fact]
    public void The_practices_of_the_demo_world_are_whole_and_long_enough_to_be_read()
    {
        var files = Directory.GetFiles(Demo, "*.md");
        Assert.Equal((12, 4), (files.Count(file => Path.GetFileNameWithoutExtension(file).IndexOf('.', StringComparison.Ordinal) < 0), files.Count(file => Path.GetFileNameWithoutExtension(file).Contains('.', StringComparison.Ordinal))));
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            Assert.True(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length >= 600, file);
            var record = PracticeRecord.Of(text, "");
            Assert.NotEqual("", record.Title);
            Assert.Empty(record.Others);
            Assert.Empty(record.Values[PracticeFacet.Theme].Except(PracticeRecord.Themes));
            Assert.Empty(record.Values[PracticeFacet.Audience].Except(PracticeRecord.Audiences));
            Assert.Contains(record.Licence, PracticeRecord.Licences);
        }
    }

    static string Demo => Path.Combine(AppContext.BaseDirectory, "demo", "practices");
}
