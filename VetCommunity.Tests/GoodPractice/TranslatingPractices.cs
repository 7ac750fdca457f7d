using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public class TranslatingPractices
{
    const string Source = "---\ntitle: Welding\nsummary: In pairs.\ntheme: [trainers]\n---\n\n## Context\n\nold words\n\n## Approach\n\nb\n\n## Outcomes\n\nc\n";

    [Theory, OnBothDatabases]
    public async Task Only_what_a_person_touched_or_confirmed_becomes_current_and_every_other_byte_stays(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var translating = Of(world);
        // Written elsewhere, with line ends and blanks of its own, a section that the source does not have, and another order.
        await StoreAsync(world, "---\r\ntitle: Saldare   # mia\r\n---\r\n\r\n## Esiti\r\n\r\nC  \r\n## Nota\r\n\r\nnostra\r\n\r\n## Contesto\r\n\r\nA\r\n");
        await world.Languages.MarkAsync(world.Eva, Italian, 1, [("---", "---"), ("context", "contesto"), ("outcomes", "esiti")]);
        await ChangeSourceAsync(world, Source.Replace("old words", "new words", StringComparison.Ordinal).Replace("c\n", "c and d\n", StringComparison.Ordinal), 2);

        var open = await translating.OpenAsync(world.Bruno, Italian);
        Assert.Equal([(SectionState.Current, "---", "---"), (SectionState.Stale, "context", "contesto"), (SectionState.Missing, "approach", null), (SectionState.Stale, "outcomes", "esiti")],
            open.Pairs.Select(pair => (pair.State, pair.Source.Key, pair.Own?.Key)));
        Assert.Equal("nota", Assert.Single(open.Extra).Key);

        // As a form sends it: all of it, with other line ends.
        var saved = await translating.SaveAsync(world.Bruno, Italian, Form(open, ("approach", "## Approccio\n\nB\n")), "form");
        Assert.Equal(2, saved.Number);
        Assert.Equal("---\r\ntitle: Saldare   # mia\r\n---\r\n\r\n## Contesto\r\n\r\nA\r\n## Approccio\r\n\r\nB\r\n\r\n## Esiti\r\n\r\nC  \r\n## Nota\r\n\r\nnostra\r\n\r\n", await world.Revisions.ReadAsync(world.Eva, Italian, 2));
        Assert.Equal("--- Current, context Stale, approach Current, outcomes Stale", await StatesAsync(world));

        // A word alone stores nothing.
        open = await translating.OpenAsync(world.Bruno, Italian);
        Assert.Equal(2, (await translating.SaveAsync(world.Bruno, Italian, Form(open) is var form ? form with { Sections = [.. form.Sections.Select(one => one with { IsConfirmed = one.SourceKey == "outcomes" })] } : form, "second")).Number);
        Assert.Equal("--- Current, context Stale, approach Current, outcomes Current", await StatesAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task A_first_translation_has_its_own_title_and_the_rest_of_the_record_is_the_originals(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var (translating, practices) = (Of(world), new Practices(world.World.Db));
        var open = await translating.OpenAsync(world.Bruno, Italian);
        Assert.Equal(("en", 1, 0), (open.Source, open.SourceNumber, open.Base));
        Assert.All(open.Pairs, pair => Assert.Equal((SectionState.Missing, null), (pair.State, pair.Own)));

        var form = Form(open, ("approach", "## Approccio\n\nB"), ("context", "\n## Contesto\n\nA\n\n\n")) with { Title = "Saldare: in due", Summary = "Bene." };
        Assert.Equal(1, (await translating.SaveAsync(world.Bruno, Italian, form, "form")).Number);
        // Sent twice it is the same.
        Assert.Equal(1, (await translating.SaveAsync(world.Bruno, Italian, form, "form")).Number);
        Assert.Equal("---\ntitle: \"Saldare: in due\"\nsummary: Bene.\n---\n\n## Contesto\n\nA\n\n## Approccio\n\nB\n\n", (await world.Revisions.ReadAsync(world.Eva, Italian, 1)).Replace('\'', '"'));
        Assert.Equal("--- Current, context Current, approach Current, outcomes Missing", await StatesAsync(world));

        await world.Publications.PublishAsync(world.Eva, Italian, 1);
        var read = await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "it");
        Assert.Equal(("Saldare: in due", "Bene.", "trainers"), (read.Card.Record.Title, read.Card.Record.Summary, Assert.Single(read.Card.Record.Values[PracticeFacet.Theme])));
    }

    [Theory, OnBothDatabases]
    public async Task Another_theme_makes_no_translation_old_and_another_title_does(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var translating = Of(world);
        await translating.SaveAsync(world.Bruno, Italian, Form(await translating.OpenAsync(world.Bruno, Italian)) with { Title = "Saldare", Summary = "Bene." }, "form");

        await ChangeSourceAsync(world, Source.Replace("trainers", "digital", StringComparison.Ordinal), 2);
        Assert.StartsWith("--- Current", await StatesAsync(world), StringComparison.Ordinal);
        await ChangeSourceAsync(world, Source.Replace("In pairs", "In threes", StringComparison.Ordinal), 3);
        Assert.StartsWith("--- Stale", await StatesAsync(world), StringComparison.Ordinal);
        Assert.Contains(new(Change.Added, "threes"), await world.Languages.SourceChangesAsync(world.Eva, Italian, "---"));
    }

    [Theory, OnBothDatabases]
    public async Task Two_who_translate_different_sections_come_together_and_of_the_same_one_nothing_is_overwritten(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var translating = Of(world);
        await translating.SaveAsync(world.Bruno, Italian, Form(await translating.OpenAsync(world.Bruno, Italian), ("context", "## Contesto\n\nA\n")), "first");
        var open = await translating.OpenAsync(world.Bruno, Italian);
        await ChangeSourceAsync(world, Source.Replace("old words", "new words", StringComparison.Ordinal), 2);

        Assert.Equal(2, (await translating.SaveAsync(world.Eva, Italian, Form(open, ("context", "## Il contesto\n\nEva\n"), ("outcomes", "## Esiti\n\nC\n")), "eva")).Number);
        var met = await translating.SaveAsync(world.Bruno, Italian, Form(open, ("context", "## Contesto\n\nBruno\n"), ("approach", "## Approccio\n\nB\n")), "bruno");
        Assert.Equal((null, "context"), (met.Number, Assert.Single(met.Conflicts)));
        Assert.Equal(2, (await translating.OpenAsync(world.Bruno, Italian)).Base);
        // Whoever confirms a section has seen another one than stands there now.
        met = await translating.SaveAsync(world.Bruno, Italian, Form(open) is var form ? form with { Sections = [.. form.Sections.Select(one => one with { IsConfirmed = one.SourceKey == "context" })] } : form, "bruno");
        Assert.Equal("context", Assert.Single(met.Conflicts));

        Assert.Equal(3, (await translating.SaveAsync(world.Bruno, Italian, Form(open, ("approach", "## Approccio\n\nB\n")), "bruno")).Number);
        Assert.Equal("## Il contesto\n\nEva\n\n## Approccio\n\nB\n\n## Esiti\n\nC\n\n", await world.Revisions.ReadAsync(world.Eva, Italian, 3));
        // Eva had the former source beside her.
        Assert.Equal("--- Missing, context Stale, approach Current, outcomes Current", await StatesAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task A_mark_follows_its_section_where_another_one_takes_its_key(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var translating = Of(world);
        await translating.SaveAsync(world.Bruno, Italian, Form(await translating.OpenAsync(world.Bruno, Italian), ("approach", "## Nota\n\nB\n")), "first");
        await ChangeSourceAsync(world, Source.Replace("\n\nb\n", "\n\nb changed\n", StringComparison.Ordinal), 2);

        await translating.SaveAsync(world.Bruno, Italian, Form(await translating.OpenAsync(world.Bruno, Italian), ("context", "## Nota\n\nA\n")), "second");

        var open = await translating.OpenAsync(world.Bruno, Italian);
        Assert.Equal([(SectionState.Current, "nota", "## Nota\n\nA\n\n"), (SectionState.Stale, "nota-2", "## Nota\n\nB\n\n")], open.Pairs.Skip(1).Take(2).Select(pair => (pair.State, pair.Own!.Key, pair.Own.Text)));
    }

    [Theory, OnBothDatabases]
    public async Task A_section_of_another_name_is_chosen_and_one_that_is_emptied_is_missing_again(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var translating = Of(world);
        await StoreAsync(world, "## Contesto\n\nA\n\n## Nota\n\nnostra\n");
        var open = await translating.OpenAsync(world.Bruno, Italian);

        await translating.SaveAsync(world.Bruno, Italian, new(1, 1, null, null, [new("context", "contesto", null, IsConfirmed: true)]), "chosen");
        Assert.Equal(1, (await translating.OpenAsync(world.Bruno, Italian)).Base);
        Assert.Equal("--- Missing, context Current, approach Missing, outcomes Missing", await StatesAsync(world));

        await translating.SaveAsync(world.Bruno, Italian, Form(await translating.OpenAsync(world.Bruno, Italian), ("context", " \n")), "emptied");
        Assert.Equal("## Nota\n\nnostra\n", await world.Revisions.ReadAsync(world.Eva, Italian, 2));
        Assert.Equal("--- Missing, context Missing, approach Missing, outcomes Missing", await StatesAsync(world));
        await Assert.ThrowsAsync<NotFoundException>(() => translating.SaveAsync(world.Bruno, Italian, new(1, 1, null, null, [new("absent", null, "x", false)]), "absent"));
    }

    [Theory, OnBothDatabases]
    public async Task A_section_has_its_heading_and_takes_no_other_in(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var translating = Of(world);
        var open = await translating.OpenAsync(world.Bruno, Italian);
        foreach (var text in (string[])["Senza titolo\n", "## Contesto\n\n```\naperto\n", "---\n## Contesto\n---\n"])
            Assert.Equal(Refusal.BadSection, await World.RefusalOfAsync(() => translating.SaveAsync(world.Bruno, Italian, Form(open, ("context", text)), "form")));
        Assert.Equal(0, (await translating.OpenAsync(world.Bruno, Italian)).Base);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_still_being_written_is_not_translated_and_before_the_first_publication_the_newest_is(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world, isPublished: false);
        await world.WriteAsync(world.Bruno, Source + "\n## More\n");
        Assert.Equal(2, (await Of(world).OpenAsync(world.Bruno, Italian)).SourceNumber);

        await world.Publications.PublishAsync(world.Eva, English, 1);
        Assert.Equal(1, (await Of(world).OpenAsync(world.Bruno, Italian)).SourceNumber);
    }

    [Theory, OnBothDatabases]
    public async Task Readers_of_a_translation_learn_that_its_original_says_something_else(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var (translating, practices) = (Of(world), new Practices(world.World.Db));
        var whole = Form(await translating.OpenAsync(world.Bruno, Italian), ("context", "## Contesto\n\nA\n"), ("approach", "## Approccio\n\nB\n"), ("outcomes", "## Esiti\n\nC\n")) with { Title = "Saldare", Summary = "Bene." };
        await translating.SaveAsync(world.Bruno, Italian, whole, "whole");
        await world.Publications.PublishAsync(world.Eva, Italian, 1);
        Assert.False(await IsBehindAsync());
        Assert.False((await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).IsBehind);

        await world.WriteAsync(world.Bruno, Source.Replace("old words", "new words", StringComparison.Ordinal));
        Assert.False(await IsBehindAsync());
        await world.Publications.PublishAsync(world.Eva, English, 2);
        Assert.True(await IsBehindAsync());

        // Translated is not published yet.
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await translating.SaveAsync(world.Bruno, Italian, Form(await translating.OpenAsync(world.Bruno, Italian), ("context", "## Contesto\n\nA nuovo\n")), "new");
        Assert.True(await IsBehindAsync());
        await world.Publications.PublishAsync(world.Eva, Italian, 2);
        Assert.False(await IsBehindAsync());

        await ChangeSourceAsync(world, Source.Replace("old words", "new words", StringComparison.Ordinal) + "\n## More\n\nd\n", 3);
        Assert.True(await IsBehindAsync());
        // A word without another text holds for what is published, at once.
        await ChangeSourceAsync(world, Source.Replace("old words", "newer words", StringComparison.Ordinal), 4);
        Assert.True(await IsBehindAsync());
        await translating.SaveAsync(world.Bruno, Italian, new(2, 4, null, null, [new("context", "contesto", null, IsConfirmed: true)]), "word");
        Assert.False(await IsBehindAsync());

        async Task<bool> IsBehindAsync() => (await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "it")).IsBehind;
    }

    [Theory, OnBothDatabases]
    public async Task The_translations_that_lack_most_come_first_and_only_those_that_one_may_write(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        await world.Languages.AddAsync(world.Bruno, English, "de");
        var (translating, desk) = (Of(world), new PracticeDesk(world.World.Db, world.Kinds, world.World.Clock));
        await translating.SaveAsync(world.Bruno, Italian, Form(await translating.OpenAsync(world.Bruno, Italian), ("context", "## Contesto\n\nA\n"), ("approach", "## Approccio\n\nB\n")) with { Title = "Saldare" }, "form");
        await ChangeSourceAsync(world, Source.Replace("old words", "new words", StringComparison.Ordinal), 2);

        var (rows, hasMore) = await desk.TranslationsAsync(world.Bruno, 1);
        Assert.Equal([new TranslationRow("welding-in-pairs", "de", "Welding", "en", 0, 4, 0), new TranslationRow("welding-in-pairs", "it", "Saldare", "it", 1, 1, 0)], rows);
        Assert.False(hasMore);
        Assert.Empty((await desk.TranslationsAsync(world.Bruno, 2)).Rows);
        Assert.Equal(2, (await desk.TranslationsAsync(world.Eva, 1)).Rows.Count);
        foreach (var other in (Actor[])[world.Nina, world.Olga, Actor.Visitor])
            Assert.Empty((await desk.TranslationsAsync(other, 1)).Rows);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_write_finds_nothing_to_translate(Database database)
    {
        await using var world = await OpenAsync(database);
        await BeginAsync(world);
        var translating = Of(world);
        foreach (var other in (Actor[])[world.Nina, world.Olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => translating.OpenAsync(other, Italian));
            await Assert.ThrowsAsync<NotFoundException>(() => translating.SaveAsync(other, Italian, new(0, 1, "x", "y", []), "form"));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => translating.OpenAsync(world.Bruno, English));
        await Assert.ThrowsAsync<NotFoundException>(() => translating.OpenAsync(world.Bruno, Italian, number: 1));
        await Assert.ThrowsAsync<NotFoundException>(() => translating.SaveAsync(world.Bruno, Italian, new(0, 7, "x", "y", []), "form"));
    }

    static Translating Of(DocumentsWorld world) => new(world.World.Db, world.Kinds, world.Storing, world.World.Clock);

    static async Task BeginAsync(DocumentsWorld world, bool isPublished = true)
    {
        await world.WriteAsync(world.Bruno, Source);
        if (isPublished)
            await world.Publications.PublishAsync(world.Eva, English, 1);
        await world.Languages.AddAsync(world.Bruno, English, "it");
    }

    static async Task ChangeSourceAsync(DocumentsWorld world, string text, int number)
    {
        await world.WriteAsync(world.Bruno, text);
        await world.Publications.PublishAsync(world.Eva, English, number);
    }

    static Task<int> StoreAsync(DocumentsWorld world, string text) => world.Storing.StoreTextAsync(world.Eva, Italian, text, "", Guid.NewGuid().ToString("N"));

    // Everything that stands in the page, with other words in some of it.
    static WrittenTranslation Form(OpenTranslation open, params (string Key, string Text)[] typed) => new(open.Base, open.SourceNumber, open.Head["title"]?.AsText ?? "", open.Head["summary"]?.AsText ?? "",
        [.. open.Pairs.Select(pair => new WrittenSection(pair.Source.Key, pair.Own?.Key, typed.Where(one => one.Key == pair.Source.Key).Select(one => one.Text).FirstOrDefault() ?? pair.Own?.Text.ReplaceLineEndings("\n") ?? "", IsConfirmed: false))]);

    static async Task<string> StatesAsync(DocumentsWorld world) =>
        string.Join(", ", (await world.Languages.StatesAsync(world.Eva, Italian)).Sections.Where(section => section.Source is not null).Select(section => $"{section.Source!.Key} {section.State}"));
}
