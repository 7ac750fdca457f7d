using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public sealed class ImportingPractices : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("vet-practices-").FullName;

    [Theory, OnBothDatabases]
    public async Task What_is_imported_is_read_and_the_same_folder_again_adds_nothing(Database database)
    {
        await using var world = await OpenAsync(database);
        Write("call.md", "---\ntitle: The call\nowner: Ada\n---\n\n## Context\n\nSaid.\n");
        Write("call.it.md", "---\ntitle: La telefonata\n---\n\n## Contesto\n\nDetto.\n");
        Write("es/warranty.md", "## Title\n\nGarantía de *30* días\n\n## Patlet\n\nProblema\ny solución.\n\nMás.\n");
        Write("notes.txt", "no practice");

        var counts = await ImportAsync(world);
        Assert.Equal((3, 3, 0, 0), (counts.Files, counts.Added, counts.Changed, counts.AlreadyThere));
        Assert.Empty(counts.NotStored);
        Assert.Equal(["notes.txt"], counts.Others);
        Assert.Equal(1, counts.Unknown["owner"]);
        Assert.Equal(1, counts.Unknown["## Patlet"]);
        Assert.DoesNotContain("## Context", counts.Unknown.Keys);
        var practices = new Practices(world.World.Db);
        var call = await practices.ReadAsync(Actor.Visitor, "call", "it");
        Assert.Equal(("La telefonata", false), (call.Card.Record.Title, call.IsOriginal));
        var warranty = await practices.ReadAsync(Actor.Visitor, "warranty", "en");
        Assert.Equal(("es", true, "Garantía de 30 días", "Problema y solución."), (warranty.Card.Language, warranty.IsOriginal, warranty.Card.Record.Title, warranty.Card.Record.Summary));
        Assert.All((await world.Languages.StatesAsync(world.Nina, new(DocumentKind.Practice, "call", "it"))).Sections, section => Assert.Equal(SectionState.Current, section.State));

        counts = await ImportAsync(world);
        Assert.Equal((3, 0, 0, 3), (counts.Files, counts.Added, counts.Changed, counts.AlreadyThere));
    }

    [Theory, OnBothDatabases]
    public async Task Two_practices_that_change_places_are_both_shown(Database database)
    {
        await using var world = await OpenAsync(database);
        Write("first.md", "---\ntitle: First\n---\n\n## Context\n\nSaid.\n");
        Write("second.md", "---\ntitle: Second\nsupersedes: [first]\n---\n\n## Context\n\nSaid.\n");
        await ImportAsync(world);
        // What stands in the way of the first one goes with the second.
        Write("first.md", "---\ntitle: First\nsupersedes: [second]\n---\n\n## Context\n\nSaid.\n");
        Write("second.md", "---\ntitle: Second\n---\n\n## Context\n\nSaid.\n");
        var counts = await ImportAsync(world);
        Assert.Equal(2, counts.Changed);
        Assert.Empty(counts.NotShown);
        Assert.Equal("Second", Assert.Single((await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "first", "en")).Ties.Replaces).Record.Title);

        // A circle stays one, and is listed once.
        Write("second.md", "---\ntitle: Second\nsupersedes: [first]\n---\n\n## Context\n\nSaid again.\n");
        Assert.Equal(Refusal.ReplacesItself, Assert.Single((await ImportAsync(world)).NotShown).Refusal);
    }

    [Theory, OnBothDatabases]
    public async Task Another_text_is_a_new_revision_and_an_older_one_undoes_nothing(Database database)
    {
        await using var world = await OpenAsync(database);
        Write("call.md", "First\n");
        await ImportAsync(world);
        Write("call.md", "Second\n");
        Assert.Equal(1, (await ImportAsync(world)).Changed);
        await world.WriteAsync(world.Nina, "Written here\n", where: new(DocumentKind.Practice, "call", "en"));
        await world.Publications.PublishAsync(world.Nina, new(DocumentKind.Practice, "call", "en"), 3);

        Assert.Equal(1, (await ImportAsync(world)).AlreadyThere);

        Assert.Contains("Written here", (await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "call", "en")).Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_read_stored_or_shown_is_named_and_the_rest_is_imported(Database database)
    {
        await using var world = await OpenAsync(database);
        Write("good.md", "Good\n");
        Write("broken.md", "---\ntitle: [\n---\n");
        Write("deep.md", string.Concat(Enumerable.Repeat("> ", 200)) + "deep\n");
        Write("long.md", new string('a', FrontMatter.MostOfDocument + 1));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "latin.md"), [0x66, 0xFC, 0x72], TestContext.Current.CancellationToken);

        var counts = await ImportAsync(world);

        Assert.Equal([("broken.md", Refusal.BadFrontMatter), ("latin.md", Refusal.NotText), ("long.md", Refusal.TextTooLong)], counts.NotStored.Select(one => (one.Path, one.Refusal)).Order());
        Assert.Equal([("deep.md", Refusal.TextTooDeep)], counts.NotShown.Select(one => (one.Path, one.Refusal)));
        Assert.Equal((5, 2), (counts.Files, counts.Added));
        await Assert.ThrowsAsync<NotFoundException>(() => Import(world).ImportAsync(world.Nina, _folder));
        await Assert.ThrowsAsync<OperationFailedException>(() => Import(world).ImportAsync(Actor.Operator, _folder + "-none"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_refused_loses_nothing_of_its_batch_and_translations_of_one_batch_are_of_their_original(Database database)
    {
        await using var world = await OpenAsync(database);
        for (var number = 100; number < 160; number++)
            Write($"call-{number}.md", $"---\ntitle: Call {number}\n---\n\n## Context\n\nSaid.\n\n## Approach\n\nDone.\n");
        Write("call-120.md", "---\ntitle: [\n---\n");
        Write("call-120.it.md", "---\ntitle: La prima\n---\n");
        Write("call-130.md", string.Concat(Enumerable.Repeat("> ", 200)) + "deep\n");
        Write("call-140.it.md", "---\ntitle: La chiamata\n---\n\n## Contesto\n\nDetto.\n\n## Approccio\n\nFatto.\n");
        Write("call-145.md", "---\ntitle: Later\nsupersedes: [call-150]\n---\n\n## Context\n\nSaid.\n");
        Write("call-150.md", "---\ntitle: Former\nsupersedes: [call-145]\n---\n\n## Context\n\nSaid.\n");

        var counts = await ImportAsync(world);

        Assert.Equal((62, 61, 0, 0), (counts.Files, counts.Added, counts.Changed, counts.AlreadyThere));
        Assert.Equal([("call-120.md", Refusal.BadFrontMatter)], counts.NotStored.Select(one => (one.Path, one.Refusal)));
        Assert.Equal([("call-130.md", Refusal.TextTooDeep), ("call-150.md", Refusal.ReplacesItself)], counts.NotShown.Select(one => (one.Path, one.Refusal)));
        var practices = new Practices(world.World.Db);
        Assert.Equal(("La prima", true), await ReadAsync("call-120", "it"));
        Assert.Equal(("La chiamata", false), await ReadAsync("call-140", "it"));
        Assert.Equal(("Call 159", true), await ReadAsync("call-159", "it"));
        Assert.All((await world.Languages.StatesAsync(world.Nina, new(DocumentKind.Practice, "call-140", "it"))).Sections, section => Assert.Equal(SectionState.Current, section.State));
        // What cannot be shown is said again.
        counts = await ImportAsync(world);
        Assert.Equal((0, 0, 61), (counts.Added, counts.Changed, counts.AlreadyThere));
        Assert.Equal(["call-130.md", "call-150.md"], counts.NotShown.Select(one => one.Path));

        async Task<(string, bool)> ReadAsync(string slug, string language) => await practices.ReadAsync(Actor.Visitor, slug, language) is var read ? (read.Card.Record.Title, read.IsOriginal) : default;
    }

    [Theory, OnBothDatabases]
    public async Task An_import_that_is_cut_off_leaves_whole_batches_and_the_next_one_goes_on(Database database)
    {
        await using var world = await OpenAsync(database);
        for (var number = 100; number < 220; number++)
            Write($"call-{number}.md", $"---\ntitle: Call {number}\n---\n\n## Context\n\nSaid.\n");
        using var off = new CancellationTokenSource();
        PracticeImportCounts? last = null;

        await Assert.ThrowsAsync<OperationCanceledException>(() => Import(world).ImportAsync(Actor.Operator, _folder, new Heard(counts =>
        {
            last = counts;
            off.Cancel();
        }), off.Token));

        Assert.Equal((50, 50), (last!.Files, last.Added));
        Assert.Equal((50, 50, 50), await world.World.InDbAsync(db => Task.FromResult((db.Revisions.Count(r => r.AuthorId == null), db.Editions.Count(), db.Publications.Count()))));
        // As a server that was killed between the two left it, before both were one.
        await world.All.CreateAsync(Actor.Operator, new(DocumentKind.Practice, "Call 219", "en", "cut", "call-219"));
        await world.Storing.StoreTextAsync(Actor.Operator, new(DocumentKind.Practice, "call-219", "en"), await File.ReadAllTextAsync(Path.Combine(_folder, "call-219.md"), TestContext.Current.CancellationToken), "", "cut");
        var counts = await ImportAsync(world);
        Assert.Equal((120, 69, 51), (counts.Files, counts.Added, counts.AlreadyThere));
        Assert.Equal("Call 219", (await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "call-219", "en")).Card.Record.Title);
    }

    [Theory, OnBothDatabases]
    public async Task A_text_that_the_database_cannot_hold_takes_none_of_its_batch_along(Database database)
    {
        await using var world = await OpenAsync(database);
        for (var number = 100; number < 110; number++)
            Write($"call-{number}.md", $"---\ntitle: Call {number}\n---\n\n## Context\n\n{(number == 105 ? "Unbearable" : "Said")}.\n");
        await world.World.InDbAsync(db => db.Database.ExecuteSqlRawAsync(database == Database.Sqlite
            ? """CREATE TRIGGER "Refuses" BEFORE INSERT ON "Revisions" WHEN NEW."Markdown" LIKE '%Unbearable%' BEGIN SELECT RAISE(ABORT, 'unbearable'); END"""
            : """ALTER TABLE "Revisions" ADD CONSTRAINT "Refuses" CHECK ("Markdown" NOT LIKE '%Unbearable%')"""));

        var counts = await ImportAsync(world);

        Assert.Equal((10, 9, 0), (counts.Files, counts.Added, counts.AlreadyThere));
        Assert.Equal([("call-105.md", Refusal.NotTaken)], counts.NotStored.Select(one => (one.Path, one.Refusal)));
        // Nor does one that is here in another text.
        Write("call-104.md", "---\ntitle: Call 104\n---\n\n## Context\n\nUnbearable.\n");
        Write("call-106.md", "---\ntitle: Call 106\n---\n\n## Context\n\nSaid anew.\n");
        counts = await ImportAsync(world);
        Assert.Equal((0, 1, 7), (counts.Added, counts.Changed, counts.AlreadyThere));
        Assert.Equal(["call-104.md", "call-105.md"], counts.NotStored.Select(one => one.Path).Order());
        await world.World.InDbAsync(db => db.Database.ExecuteSqlRawAsync(database == Database.Sqlite ? """DROP TRIGGER "Refuses" """ : """ALTER TABLE "Revisions" DROP CONSTRAINT "Refuses" """));
        counts = await ImportAsync(world);
        Assert.Equal((1, 1, 8), (counts.Added, counts.Changed, counts.AlreadyThere));
        Assert.Empty(counts.NotStored);
    }

    [Theory, OnBothDatabases]
    public async Task A_practice_that_somebody_begins_at_the_same_moment_gets_the_text_and_one_that_was_deleted_stays_so(Database database)
    {
        await using var world = await OpenAsync(database);
        foreach (var slug in (string[])["first", "second", "third"])
            Write($"{slug}.md", $"---\ntitle: {slug}\n---\n\n## Context\n\nSaid.\n");
        await world.All.CreateAsync(world.Nina, new(DocumentKind.Practice, "Third", "en", "third", "third"));
        await world.All.DeleteAsync(world.Nina, DocumentKind.Practice, "third");
        var clock = new Meanwhile(() =>
        {
            using var context = world.World.Db.CreateDbContext();
            var document = new Document { Kind = DocumentKind.Practice, Slug = "second", CreatedById = world.Nina.MemberId, CreatedAt = world.World.Clock.GetUtcNow(), FormKey = "meanwhile" };
            context.Add(document);
            context.SaveChanges();
            context.Add(new LanguageVersion { DocumentId = document.Id, Language = "en", CreatedById = world.Nina.MemberId, CreatedAt = world.World.Clock.GetUtcNow() });
            context.SaveChanges();
        });

        var counts = await new PracticeImport(world.World.Db, world.Languages, world.Storing, world.Publications, world.World.Uploads, clock, NullLogger<PracticeImport>.Instance).ImportAsync(Actor.Operator, _folder);

        Assert.Equal((1, 1), (counts.Added, counts.Changed));
        Assert.Equal([("third.md", Refusal.SlugTaken)], counts.NotStored.Select(one => (one.Path, one.Refusal)));
        Assert.Equal("second", (await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "second", "en")).Card.Record.Title);
    }

    sealed class Heard(Action<PracticeImportCounts> hear) : IProgress<PracticeImportCounts>
    {
        public void Report(PracticeImportCounts value) => hear(value);
    }

    // It is asked between the look at what is there and the writing.
    sealed class Meanwhile(Action first) : TimeProvider
    {
        Action? _first = first;

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Exchange(ref _first, null)?.Invoke();
            return base.GetUtcNow();
        }
    }

    [Theory]
    [InlineData("call.md", null, "call", "en", 1)]
    [InlineData("call.md", "de", "call", "de", 1)]
    [InlineData("call.md", "klingon", "call", "en", 1)]
    [InlineData("call.it.md", "de", "call", "it", 3)]
    [InlineData("translation/es/patterns/call.md", null, "call", "es", 2)]
    [InlineData("v1.2.md", null, "v1-2", "en", 1)]
    [InlineData("Ärger im Betrieb!.md", null, "arger-im-betrieb", "en", 1)]
    [InlineData("new.md", null, "practice-new", "en", 1)]
    [InlineData("7.md", null, "practice-7", "en", 1)]
    public void A_file_says_by_name_folder_and_front_matter_what_it_is(string path, string? says, string slug, string language, int rank) =>
        Assert.Equal([new PracticeFile(path, slug, language, rank)], PracticeFile.In([(path, says)]));

    [Fact]
    public void Two_files_of_one_name_are_two_practices_and_the_original_comes_first() => Assert.Equal(
        [("a/call.md", "call"), ("it/call.md", "call"), ("call.de.md", "call"), ("b/call.md", "b-call")],
        PracticeFile.In([("it/call.md", null), ("call.de.md", null), ("b/call.md", null), ("a/call.md", null)]).Select(file => (file.Path, file.Slug)).OrderBy(file => file.Slug == "call" ? 0 : 1));

    [Theory, OnBothDatabases]
    public async Task Real_practices_are_all_imported_and_exported_byte_for_byte(Database database)
    {
        var data = Environment.GetEnvironmentVariable("VET_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "VET_DATA names no folder with real material");
        await using var world = await OpenAsync(database);
        foreach (var collection in (string[])["innersource", "18f-methods"])
        {
            var folder = Path.Combine(data!, "practices", collection);
            var files = Directory.GetFiles(folder, "*.md", SearchOption.AllDirectories);

            var counts = await Import(world).ImportAsync(Actor.Operator, folder);

            Assert.Equal((files.Length, files.Length, 0, 0), (counts.Files, counts.Added, counts.NotStored.Count, counts.NotShown.Count));
            var stored = await world.World.InDbAsync(db => Task.FromResult(db.Revisions.Select(r => r.Markdown).ToHashSet(StringComparer.Ordinal)));
            Assert.All(files, file => Assert.Contains(Encoding.UTF8.GetString(File.ReadAllBytes(file)), stored));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
        File.WriteAllText(Path.Combine(_folder, path), text);
    }

    Task<PracticeImportCounts> ImportAsync(DocumentsWorld world) => Import(world).ImportAsync(Actor.Operator, _folder);

    static PracticeImport Import(DocumentsWorld world) => new(world.World.Db, world.Languages, world.Storing, world.Publications, world.World.Uploads, world.World.Clock, NullLogger<PracticeImport>.Instance);
}
