using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>The template with which practices begin, which administrators change. Ada is one.</summary>
public class ChangingTheTemplate
{
    const string Ours = "---\nlicence: CC-BY-4.0   # ours\ntitle: left\n---\n\nSay it so that others can do it.\n\n## Problem\n\nWhat was wrong?\n\n{{purpose}}\n\n## What we did\n\n{{quotes}}\n\n## Result";

    [Theory, OnBothDatabases]
    public async Task Practices_begin_with_what_is_in_use_and_those_before_stay_as_they_are(Database database)
    {
        await using var world = await DocumentsWorld.OpenAsync(database);
        var templates = Of(world);
        Assert.Equal("---\ntitle: Welding in pairs\nsummary: \"\"\n---\n## Context\n\n## Challenge\n\n## Approach\n\n## Outcomes and evidence\n\n## Resources needed\n\n## Success factors and obstacles\n\n## Transferability\n\n## Known adoptions\n\n## References\n",
            (await world.Drafts.OpenAsync(world.Bruno, DocumentsWorld.English)).Markdown);

        Assert.True(await templates.SaveAsync(world.World.Ada, 0, "en", Ours.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\n\r\n"));

        Assert.Equal("---\nlicence: CC-BY-4.0   # ours\ntitle: \"Visors: red\"\nsummary: \"\"\n---\n\nSay it so that others can do it.\n\n## Problem\n\nWhat was wrong?\n\n## What we did\n\n## Result\n", (await BegunAsync("Visors: red")).Replace('\'', '"'));
        Assert.StartsWith("---\ntitle: Welding in pairs\nsummary: \"\"\n---\n## Context\n", (await world.Drafts.OpenAsync(world.Bruno, DocumentsWorld.English)).Markdown, StringComparison.Ordinal);

        Assert.True(await templates.RestoreAsync(world.World.Ada, 1));
        Assert.Contains("## Known adoptions\n", await BegunAsync("Again"), StringComparison.Ordinal);
        var all = await templates.ListAsync(world.World.Ada);
        Assert.Equal([(2, true, "Ada Klein"), (1, false, "Ada Klein"), (0, true, "")], all.Select(one => (one.Number, one.IsShipped, one.By)));
        Assert.Equal([TemplateText.Shipped.Markdown, Ours, TemplateText.Shipped.Markdown], all.Select(one => one.Text.Markdown));
        Assert.Equal(["template.changed 1 5", "template.restored 2 5"], await world.World.InDbAsync(db => db.Audit.OrderBy(a => a.Number).Where(a => a.Subject == "practices").Select(a => a.What + " " + a.Detail + " " + a.ActorId).ToListAsync()));

        async Task<string> BegunAsync(string title)
        {
            var slug = await world.All.CreateAsync(world.Olga, new(DocumentKind.Practice, title, "en", title));
            return (await world.Drafts.OpenAsync(world.Olga, new(DocumentKind.Practice, slug, "en"))).Markdown;
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_practice_out_of_talk_begins_with_it_too(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (db, clock, kinds) = (world.World.Db, world.World.Clock, new DocumentKinds([new PracticeKind()]));
        await new PracticeTemplates(db, clock).SaveAsync(world.World.Ada, 0, "en", Ours);
        await world.World.InDbAsync(context => context.Conversations.Where(c => c.Slug == "welding").ExecuteUpdateAsync(set => set.SetProperty(c => c.Purpose, "Sparks")));

        var draft = await world.BeginAsync(world.World.Anna, await world.SayAsync(world.World.Anna, "Mine"));
        Assert.Equal("Say it so that others can do it.\n\n## Problem\n\nWhat was wrong?\n\nSparks\n\n## What we did\n\n{{quotes}}\n\n## Result", (await world.Drafts.FindAsync(world.World.Anna, draft, "x")).Body);

        var slug = await new PracticeQuotes(db, new(db, kinds, world.World.Feed, clock), kinds).MakeAsync(world.World.Anna, draft, "x");
        var text = (await new DocumentDrafts(db, kinds, clock).OpenAsync(world.World.Anna, new(DocumentKind.Practice, slug, "en"))).Markdown;
        Assert.StartsWith("---\nlicence: CC-BY-4.0   # ours\ntitle: Visors for left-handers\nsummary: \"\"\n---\nSay it", text, StringComparison.Ordinal);
        Assert.Contains("\n\n{{quotes}}\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_practice_lacks_follows_from_it()
    {
        var template = TemplateText.Checked(Ours, "en");
        const string Fields = "---\ntitle: a\nsummary: b\ntheme: green\naudience: owners\ncountry: IT\nlicence: CC0-1.0\n---\n";
        Assert.Equal([new(PracticeLack.Empty, "Problem"), new(PracticeLack.Section, "What we did"), new(PracticeLack.Empty, "Result")],
            PracticeChecks.Of(Fields + "\n## Result\n\n## Problem\n\nWhat was wrong?  \n\n\n", template));
        Assert.Empty(PracticeChecks.Of(Fields + "## Problem\n\nWhat was wrong? Much.\n\n## What we did\n\nIt.\n\n## Result\n\nGood.\n\n## Context\n", template));
        // Fields that the record reads are asked for whatever the template says.
        Assert.Equal(["summary", "theme", "audience", "country", "licence"], PracticeChecks.Of("", template).Where(lack => lack.Kind == PracticeLack.Field).Select(lack => lack.What));
        Assert.True(template.Has("what-we-did"));
        Assert.False(template.Has("context"));
    }

    [Theory]
    [InlineData("", Refusal.TemplateSections)]
    [InlineData("Only words", Refusal.TemplateSections)]
    [InlineData("# A title\n\n### Too deep\n", Refusal.TemplateSections)]
    [InlineData("## A\n\n##\n", Refusal.TemplateHeading)]
    [InlineData("## A\n\n##   \nwords", Refusal.TemplateHeading)]
    [InlineData("## Context\n\n## Approach\n\n## CONTEXT\n", Refusal.TemplateHeadingTwice)]
    [InlineData("---\ntheme: [green\n---\n## A\n", Refusal.BadFrontMatter)]
    [InlineData("---\ntheme: green\n\n## A\n", Refusal.BadFrontMatter)]
    [InlineData("## A\n\n```\n## B\n", Refusal.TemplateBlockOpen)]
    [InlineData("## A\n\n<!-- what\n", Refusal.TemplateBlockOpen)]
    public void With_what_no_practice_could_begin_is_refused(string markdown, Refusal refusal) =>
        Assert.Equal(refusal, Assert.Throws<RefusedException>(() => TemplateText.Checked(markdown, "en")).Refusal);

    [Fact]
    public void Too_long_too_many_and_a_language_that_nobody_speaks_here_are_refused()
    {
        Assert.Equal(Refusal.TextTooLong, RefusalOf(() => TemplateText.Checked("## A\n" + new string('x', TemplateText.Most), "en")));
        var many = string.Concat(Enumerable.Range(1, TemplateText.MostSections).Select(number => $"## S{number}\n"));
        Assert.Equal(TemplateText.MostSections, TemplateText.Checked(many, "el").Expected.Count);
        Assert.Equal(Refusal.TemplateSections, RefusalOf(() => TemplateText.Checked(many + "## More\n", "el")));
        Assert.Equal(Refusal.UnknownLanguage, RefusalOf(() => TemplateText.Checked("## A", "fr")));
        Assert.Equal(Refusal.UnknownLanguage, RefusalOf(() => TemplateText.Checked("## A", null)));

        static Refusal RefusalOf(Action act) => Assert.Throws<RefusedException>(act).Refusal;
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_at_once_one_is_stored_and_the_other_learns_of_it(Database database)
    {
        await using var world = await DocumentsWorld.OpenAsync(database);
        var templates = Of(world);
        var done = await Task.WhenAll(Enumerable.Range(1, 4).Select(number => Of(world).SaveAsync(world.World.Ada, 0, "en", $"## Of {number}")));
        Assert.Single(done, one => one);
        var stored = (await templates.ListAsync(world.World.Ada))[0];
        Assert.Equal(1, stored.Number);

        Assert.False(await templates.SaveAsync(world.World.Ada, 0, "en", "## Mine"));
        Assert.False(await templates.RestoreAsync(world.World.Ada, 0));
        // What was never there.
        Assert.False(await templates.SaveAsync(world.World.Ada, 7, "en", "## Mine"));
        // Sent twice it is the same.
        Assert.True(await templates.SaveAsync(world.World.Ada, 0, "en", stored.Text.Markdown));
        Assert.True(await templates.SaveAsync(world.World.Ada, 1, "it", stored.Text.Markdown));
        Assert.Equal((2, "it"), ((await templates.ListAsync(world.World.Ada))[0].Number, (await templates.PresentAsync(Actor.Visitor)).Language));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_but_an_administrator_sees_or_changes_it(Database database)
    {
        await using var world = await DocumentsWorld.OpenAsync(database);
        foreach (var other in (Actor[])[world.Eva, world.Bruno, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => Of(world).ListAsync(other));
            await Assert.ThrowsAsync<NotFoundException>(() => Of(world).SaveAsync(other, 0, "en", "## A"));
            await Assert.ThrowsAsync<NotFoundException>(() => Of(world).RestoreAsync(other, 0));
        }
    }

    static PracticeTemplates Of(DocumentsWorld world) => new(world.World.Db, world.World.Clock);
}
