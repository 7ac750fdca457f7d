using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Documents;

public sealed class KeepingDocuments
{
    [Theory, OnBothDatabases]
    public async Task A_document_begins_with_the_template_as_its_authors_draft_and_once_a_form(Database database)
    {
        await using var world = await OpenAsync(database);

        Assert.Equal("welding-in-pairs", await world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, "Welding in pairs", "en", "begun")));
        Assert.Equal("welding-in-pairs-2", await world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, "Welding in pairs", "en", "another")));
        Assert.Equal("welding-in-pairs-3", await world.All.CreateAsync(world.Eva, new(DocumentKind.Practice, "Welding in pairs", "en", "begun")));
        var draft = await world.Drafts.OpenAsync(world.Bruno, English);
        Assert.Equal((0, 1, 0), (draft.Base, draft.Version, draft.Newest));
        Assert.Equal("Welding in pairs", FrontMatter.Of(draft.Markdown)["title"]?.AsText);
        Assert.Equal(["---", "context", "challenge", "approach", "outcomes-and-evidence", "resources-needed", "success-factors-and-obstacles", "transferability", "known-adoptions", "references"],
            Sections.Of(draft.Markdown).Select(section => section.Key));
        var found = await world.All.FindAsync(world.Bruno, DocumentKind.Practice, "welding-in-pairs");
        Assert.Equal(("guild", world.Bruno.Name, true, false), (found.Organisation, found.By, found.MayWrite, found.MayPublish));
        Assert.Equal([new LanguageLine("en", null, 0, null)], found.Languages);
    }

    [Theory]
    [InlineData("", "en", null, Refusal.BadTitle)]
    [InlineData("Welding", "english", null, Refusal.UnknownLanguage)]
    [InlineData("Welding", "en", "A slug", Refusal.BadSlug)]
    [InlineData("Welding", "en", "welding-in-pairs", Refusal.SlugTaken)]
    public async Task What_cannot_begin_is_refused(string title, string language, string? slug, Refusal refusal)
    {
        await using var world = await OpenAsync(Database.Sqlite);
        Assert.Equal(refusal, await World.RefusalOfAsync(() => world.All.CreateAsync(world.Eva, new(DocumentKind.Practice, title, language, "key", slug))));
    }

    [Theory, OnBothDatabases]
    public async Task Revisions_are_counted_read_compared_and_restored_character_by_character(Database database)
    {
        await using var world = await OpenAsync(database);
        const string First = "\uFEFF---\r\ntitle: \"Welding\"  # mine\r\n---\r\n## A\r\nold words\r\n";
        var second = First.Replace("old", "new", StringComparison.Ordinal);

        Assert.Equal(1, (await world.WriteAsync(world.Bruno, First)).Number);
        Assert.Equal(2, (await world.WriteAsync(world.Eva, second)).Number);
        Assert.Equal(3, await world.Revisions.RestoreAsync(world.Bruno, English, 1, "As it was", "back"));
        Assert.Equal(3, await world.Revisions.RestoreAsync(world.Bruno, English, 1, "As it was", "back"));

        Assert.Equal([First, second, First], [await world.Revisions.ReadAsync(world.Eva, English, 1), await world.Revisions.ReadAsync(world.Eva, English, 2), await world.Revisions.ReadAsync(world.Eva, English, 3)]);
        Assert.Equal([(3, "bruno", "As it was", 2), (2, "eva", "", 1), (1, "bruno", "", 0)],
            (await world.Revisions.ListAsync(world.Bruno, English)).Rows.Select(row => (row.Number, row.Handle, row.Note, row.Base)));
        Assert.Equal([1], (await world.Revisions.ListAsync(world.Bruno, English, before: 2)).Rows.Select(row => row.Number));
        Assert.Equal([new(Change.Removed, "old"), new(Change.Added, "new")], (await world.Revisions.CompareAsync(world.Bruno, English, 1, 2)).Where(piece => piece.Change != Change.Same));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Revisions.ReadAsync(world.Bruno, English, 4));
    }

    [Theory, OnBothDatabases]
    public async Task Storing_is_not_publishing_and_readers_keep_what_was_published(Database database)
    {
        await using var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, "first");
        await Assert.ThrowsAsync<NotFoundException>(() => world.Publications.ReadAsync(Actor.Visitor, English));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Publications.PublishAsync(world.Bruno, English, 1));

        await world.Publications.PublishAsync(world.Nina, English, 1);
        await world.Publications.PublishAsync(world.Nina, English, 1);
        await world.WriteAsync(world.Bruno, "second");
        Assert.Equal("first", (await world.Publications.ReadAsync(Actor.Visitor, English)).Markdown);
        await world.Publications.PublishAsync(world.Eva, English, 2);
        Assert.Equal("second", (await world.Publications.ReadAsync(Actor.Visitor, English)).Markdown);
        Assert.Equal([new LanguageLine("en", null, 2, 2)], (await world.All.FindAsync(world.Bruno, DocumentKind.Practice, "welding-in-pairs")).Languages);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Publications.PublishAsync(world.Eva, English, 3));

        await world.Publications.WithdrawAsync(world.Eva, English);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Publications.ReadAsync(world.Bruno, English));
        Assert.Equal([(1, 13, 11), (2, 11, 11)], (await world.World.InDbAsync(db => db.Publications.OrderBy(p => p.Id).ToListAsync())).Select(p => (p.Number, p.ById!.Value, p.EndedById!.Value)));
    }

    [Theory, OnBothDatabases]
    public async Task A_deleted_document_is_nowhere_and_comes_back_as_it_was(Database database)
    {
        await using var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, "first");
        await world.Publications.PublishAsync(world.Eva, English, 1);

        await Assert.ThrowsAsync<NotFoundException>(() => world.All.DeleteAsync(world.Nina, DocumentKind.Practice, "welding-in-pairs"));
        await world.All.DeleteAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs");
        await Assert.ThrowsAsync<NotFoundException>(() => world.Publications.ReadAsync(Actor.Visitor, English));
        await Assert.ThrowsAsync<NotFoundException>(() => world.All.FindAsync(world.Bruno, DocumentKind.Practice, "welding-in-pairs"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.OpenAsync(world.Bruno, English));
        Assert.Empty((await world.All.ListAsync(world.Bruno, DocumentKind.Practice, 1)).Rows);
        Assert.Single((await world.All.ListAsync(world.Bruno, DocumentKind.Practice, 1, deleted: true)).Rows);
        Assert.Equal(Refusal.SlugTaken, await World.RefusalOfAsync(() => world.All.CreateAsync(world.Nina, new(DocumentKind.Practice, "Mine", "en", "key", "welding-in-pairs"))));

        await world.All.RestoreAsync(world.Bruno, DocumentKind.Practice, "welding-in-pairs");
        Assert.Equal("first", (await world.Publications.ReadAsync(Actor.Visitor, English)).Markdown);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_in_nothing_finds_nothing_and_editors_of_others_only_read(Database database)
    {
        await using var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, "first");
        var saved = await world.Drafts.SaveAsync(world.Bruno, English, "Bruno's own", new(1, 0));
        Assert.True(saved.IsSaved);

        foreach (var stranger in (Actor[])[world.Olga, Actor.Visitor])
        {
            Func<Task>[] acts =
            [
                () => world.All.FindAsync(stranger, DocumentKind.Practice, "welding-in-pairs"), () => world.All.DeleteAsync(stranger, DocumentKind.Practice, "welding-in-pairs"),
                () => world.Revisions.ReadAsync(stranger, English, 1), () => world.Revisions.ListAsync(stranger, English), () => world.Revisions.CompareAsync(stranger, English, 1, 1),
                () => world.Revisions.RestoreAsync(stranger, English, 1, "", "key"), () => world.Drafts.OpenAsync(stranger, English), () => world.Drafts.SaveAsync(stranger, English, "x", new(1, 0)),
                () => world.Drafts.DiscardAsync(stranger, English), () => world.Storing.StoreAsync(stranger, English, 1, "", "key"), () => world.Storing.StoreTextAsync(stranger, English, "x", "", "key"),
                () => world.Languages.AddAsync(stranger, English, "it"), () => world.Languages.StatesAsync(stranger, English), () => world.Publications.PublishAsync(stranger, English, 1),
                () => world.Publications.WithdrawAsync(stranger, English), () => world.Publications.ReadAsync(stranger, English),
            ];
            foreach (var act in acts)
                await Assert.ThrowsAsync<NotFoundException>(act);
            Assert.Empty((await world.All.ListAsync(stranger, DocumentKind.Practice, 1)).Rows);
        }
        await Assert.ThrowsAsync<NotFoundException>(() => world.All.CreateAsync(Actor.Visitor, new(DocumentKind.Practice, "Mine", "en", "key")));

        Assert.Equal("first", await world.Revisions.ReadAsync(world.Nina, English, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.OpenAsync(world.Nina, English));
        // An editor of the same organisation writes in the same document, and not in Bruno's draft.
        Assert.Equal("first", (await world.Drafts.OpenAsync(world.Eva, English)).Markdown);
        Assert.Equal("Bruno's own", (await world.Drafts.OpenAsync(world.Bruno, English)).Markdown);
    }

    [Theory, OnBothDatabases]
    public async Task A_translation_is_stale_where_the_source_says_something_else_since(Database database)
    {
        await using var world = await OpenAsync(database);
        const string Source = "---\ntitle: Welding\n---\n## Context\n\nold words\n\n## Approach\n\nb\n";
        await world.WriteAsync(world.Bruno, Source);
        await world.Languages.AddAsync(world.Eva, English, "it");
        await world.Languages.AddAsync(world.Bruno, English, "it");

        var begun = await world.Drafts.OpenAsync(world.Eva, Italian);
        Assert.Equal((Source, 0, 1), (begun.Markdown, begun.Base, begun.Source));
        Assert.All((await world.Languages.StatesAsync(world.Eva, Italian)).Sections, section => Assert.Equal(SectionState.Missing, section.State));
        // While she translates, the source moves on.
        await world.Drafts.SaveAsync(world.Eva, Italian, "---\ntitle: Saldatura\n---\n## Contesto\n\nparole\n\n## Approccio\n\nb\n", new(0, 0, 1));
        await world.WriteAsync(world.Bruno, Source.Replace("old", "new", StringComparison.Ordinal).ReplaceLineEndings("\r\n") + "\r\n## References\r\n\r\nx\r\n");
        Assert.Equal(1, (await world.Storing.StoreAsync(world.Eva, Italian, 1, "", "first")).Number);
        await world.Languages.MarkAsync(world.Eva, Italian, 1);

        var states = await world.Languages.StatesAsync(world.Eva, Italian);
        Assert.Equal(("en", 2), (states.Source, states.SourceNumber));
        Assert.Equal([(SectionState.Current, "---"), (SectionState.Stale, "context"), (SectionState.Current, "approach"), (SectionState.Missing, "references")],
            states.Sections.Select(section => (section.State, section.Source!.Key)));
        Assert.Contains(new(Change.Added, "new"), await world.Languages.SourceChangesAsync(world.Eva, Italian, "context"));
        Assert.Contains(new(Change.Removed, "old"), await world.Languages.SourceChangesAsync(world.Eva, Italian, "context"));

        await world.Languages.MarkAsync(world.Eva, Italian, 2, [("context", "contesto")]);
        Assert.Equal(SectionState.Current, (await world.Languages.StatesAsync(world.Eva, Italian)).Sections[1].State);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Languages.MarkAsync(world.Eva, Italian, 2, [("context", "absent")]));
        Assert.Equal([new LanguageLine("en", null, 2, null), new LanguageLine("it", "en", 1, null)], (await world.All.FindAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs")).Languages);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_stored_stays_in_the_draft(Database database)
    {
        await using var world = await OpenAsync(database);
        var broken = "---\ntitle: a\ntitle: b\n---\n";
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.WriteAsync(world.Bruno, broken));
        Assert.Equal((Refusal.BadFrontMatter, "3 1"), (refused.Refusal, string.Join(' ', refused.Arguments)));
        Assert.Equal(broken, (await world.Drafts.OpenAsync(world.Bruno, English)).Markdown);
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => world.WriteAsync(world.Bruno, new string('x', 5_000_000))));
        Assert.Equal(broken, (await world.Drafts.OpenAsync(world.Bruno, English)).Markdown);
        // What no database takes.
        await world.WriteAsync(world.Bruno, "a\0b\ud800c");
        Assert.Equal("ab\uFFFDc", await world.Revisions.ReadAsync(world.Bruno, English, 1));
    }
}
