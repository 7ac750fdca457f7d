using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Documents;
using VetCommunity.Tests.Files;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public sealed class TakingPracticesAlong : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("vet-practices-").FullName;

    static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["anruf.md"] = "---\nlanguage: de\n---\n",
        ["call.it.md"] = "## Contesto\n\nDetto.",
        ["call.md"] = "\uFEFF---\r\ntitle: \"The call\"   # kept\r\n---\r\n\r\n## Context\r\n\r\nSaid.  \r\n",
        ["es/garantia.md"] = "# Garantía\n\tuno\n\n\n",
    };

    [Theory, OnBothDatabases]
    public async Task What_is_taken_along_as_a_zip_and_brought_elsewhere_is_the_same_there(Database database)
    {
        await using var here = await OpenAsync(database);
        await using var there = await OpenAsync(database);
        Assert.Equal(Files.Count, (await ImportAsync(here, Zip([.. Files.Select(file => (file.Key, file.Value)), ("notes.txt", "no practice"), ("__MACOSX/._call.md", "x")]))).Added);
        await here.WriteAsync(here.Bruno, "Not published\n");

        var taken = await TakeAsync(here, here.Nina);
        var counts = await ImportAsync(there, taken);
        var again = await TakeAsync(there, there.Nina);

        // Welding in pairs was begun there too.
        Assert.Equal((Files.Count + 1, Files.Count, 1), (counts.Files, counts.Added, counts.Changed));
        foreach (var archive in (byte[][])[taken, again])
            Assert.Equal(Files.Append(new("welding-in-pairs.md", "Not published\n")).ToDictionary(StringComparer.Ordinal), Entries(archive));
        Assert.Equal(counts.Files, (await ImportAsync(here, again)).AlreadyThere);
    }

    [Theory, OnBothDatabases]
    public async Task What_the_texts_show_goes_along_and_comes_with_them(Database database)
    {
        await using var here = await OpenAsync(database);
        await using var there = await OpenAsync(database);
        var picture = await AddAsync(here, MadeFiles.Picture(60, 40, SKEncodedImageFormat.Png), "plan.png", "A [plan] of the \\ workshop");
        var note = await AddAsync(here, "Two pages"u8.ToArray(), "notes.md", null);
        var unseen = await AddAsync(here, MadeFiles.Picture(10, 10, SKEncodedImageFormat.Png), "unseen.png", "Nobody shows it");
        var text = $"{picture}\n\nSee {note}, and {picture} once more.\n";
        await here.WriteAsync(here.Bruno, text);

        var taken = await TakeAsync(here, here.Nina);
        var counts = await ImportAsync(there, taken);
        var again = await ImportAsync(there, taken);

        Assert.Equal(new[] { $"practice-files/{IdOf(note)}/notes.md", $"practice-files/{IdOf(picture)}/plan.png", "welding-in-pairs.md" }.Order(StringComparer.Ordinal), Entries(taken).Keys.Order(StringComparer.Ordinal));
        Assert.Equal((1, 1, 2, 0), (counts.Files, counts.Changed, counts.Pictures, counts.Others.Count));
        Assert.Equal((1, 0, 0), (again.AlreadyThere, again.Pictures, again.NotStored.Count));
        Assert.Equal(text, Entries(await TakeAsync(there, there.Nina))["welding-in-pairs.md"]);
        var files = FilesOf(there);
        await using (var shown = (await files.OpenAsync(Actor.Visitor, IdOf(picture))).Content)
            Assert.True(shown.Length > 0);
        Assert.Equal(["A [plan] of the \\ workshop", ""], (await files.ListAsync(there.Bruno, DocumentKind.Practice, "welding-in-pairs")).OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => file.Description).Reverse());
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(Actor.Visitor, IdOf(unseen)));
    }

    [Fact]
    public async Task A_file_that_is_another_documents_here_is_not_replaced_and_one_that_is_lost_comes_again()
    {
        await using var world = await OpenAsync(Database.Sqlite);
        var picture = await AddAsync(world, MadeFiles.Picture(60, 40, SKEncodedImageFormat.Png), "plan.png", "The plan");
        await world.WriteAsync(world.Bruno, picture + "\n");
        var taken = await TakeAsync(world, world.Nina);
        var before = await ContentAsync(world, picture);

        // Another practice says that it shows the same one, with other content.
        var foreign = Zip([("other.md", Encoding.UTF8.GetBytes(picture + "\n")), ($"practice-files/{IdOf(picture)}/plan.png", MadeFiles.Picture(5, 5, SKEncodedImageFormat.Png))]);
        Assert.Equal((1, 0, 0), (await ImportAsync(world, foreign)) is var counts ? (counts.Added, counts.Pictures, counts.NotStored.Count) : default);
        Assert.Equal(before, await ContentAsync(world, picture));

        world.World.Uploads.Remove([IdOf(picture)]);
        Assert.Equal(1, (await ImportAsync(world, taken)).Pictures);
        Assert.NotEmpty(await ContentAsync(world, picture));
    }

    [Fact]
    public async Task A_file_that_is_nothing_that_is_taken_is_named_and_what_no_text_shows_stays_outside()
    {
        await using var world = await OpenAsync(Database.Sqlite);
        const string Broken = "0123456789abcdef0123456789abcdef", Loose = "fedcba9876543210fedcba9876543210";

        var counts = await ImportAsync(world, Zip([
            ("a.md", Encoding.UTF8.GetBytes($"![The plan](/practice-files/{Broken}/plan.png)\n")), ($"practice-files/{Broken}/plan.png", [1, 2, 3]), ($"practice-files/{Loose}/b.png", MadeFiles.Picture(5, 5, SKEncodedImageFormat.Png)),
            ($"practice-files/{Loose}x/c.png", MadeFiles.Picture(5, 5, SKEncodedImageFormat.Png))]));

        Assert.Equal((1, 0), (counts.Added, counts.Pictures));
        Assert.Equal($"practice-files/{Broken}/plan.png", Assert.Single(counts.NotStored).Path);
        Assert.Equal([$"practice-files/{Loose}x/c.png", $"practice-files/{Loose}/b.png"], counts.Others);
        Assert.Equal(0, await world.World.InDbAsync(db => Task.FromResult(db.Attachments.Count())));
    }

    [Fact]
    public async Task Nobody_but_editors_takes_them_along()
    {
        await using var world = await OpenAsync(Database.Sqlite);
        foreach (var stranger in (Actor[])[world.Bruno, world.Olga, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => TakeAsync(world, stranger));
    }

    [Theory]
    [InlineData("../out.md")]
    [InlineData("a/../../out.md")]
    [InlineData("/etc/out.md")]
    [InlineData("\\\\server\\out.md")]
    [InlineData("C:/out.md")]
    [InlineData("a\\..\\out.md")]
    [InlineData("line\nbreak.md")]
    public async Task A_zip_that_leads_out_of_itself_is_refused_whole(string name)
    {
        await using var world = await OpenAsync(Database.Sqlite);

        var refused = await Assert.ThrowsAsync<OperationFailedException>(() => ImportAsync(world, Zip([("good.md", "Good\n"), (name, "Bad\n")])));

        Assert.Contains("leads out of it", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await world.World.InDbAsync(db => Task.FromResult(db.Documents.Count())));
    }

    [Fact]
    public async Task A_zip_with_too_much_in_it_with_a_name_twice_or_that_is_none_is_refused()
    {
        await using var world = await OpenAsync(Database.Sqlite);

        Assert.Contains("more than 20000", (await Assert.ThrowsAsync<OperationFailedException>(() => ImportAsync(world, Zip([.. Enumerable.Range(0, PracticeSource.MostEntries + 1).Select(number => ($"{number}.txt", ""))])))).Message, StringComparison.Ordinal);
        Assert.Contains("twice", (await Assert.ThrowsAsync<OperationFailedException>(() => ImportAsync(world, Zip([("a.md", "One\n"), ("a.md", "Two\n")])))).Message, StringComparison.Ordinal);
        Assert.Contains("neither", (await Assert.ThrowsAsync<OperationFailedException>(() => ImportAsync(world, [1, 2, 3]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_unpacks_to_more_than_a_document_may_have_is_named_and_the_rest_is_imported()
    {
        await using var world = await OpenAsync(Database.Sqlite);

        var counts = await ImportAsync(world, Zip([("good.md", "Good\n"), ("huge.md", new string('a', 50_000_000))]));

        Assert.Equal(1, counts.Added);
        Assert.Equal([("huge.md", Refusal.TextTooLong)], counts.NotStored.Select(one => (one.Path, one.Refusal)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    async Task<PracticeImportCounts> ImportAsync(DocumentsWorld world, byte[] zip)
    {
        var path = Path.Combine(_folder, "taken.zip");
        await File.WriteAllBytesAsync(path, zip, TestContext.Current.CancellationToken);
        return await new PracticeImport(world.World.Db, world.Languages, world.Storing, world.Publications, world.World.Uploads, world.World.Clock, NullLogger<PracticeImport>.Instance).ImportAsync(Actor.Operator, path);
    }

    static async Task<byte[]> TakeAsync(DocumentsWorld world, Actor who)
    {
        using var into = new MemoryStream();
        await new PracticeArchive(world.World.Db, world.Kinds, world.World.Uploads).WriteAsync(who, into);
        return into.ToArray();
    }

    static DocumentFiles FilesOf(DocumentsWorld world) => new(world.World.Db, world.Kinds, world.World.Attachments, world.World.Uploads);

    static async Task<string> AddAsync(DocumentsWorld world, byte[] content, string name, string? description)
    {
        using var stream = new MemoryStream(content);
        return await FilesOf(world).AddAsync(world.Bruno, DocumentKind.Practice, "welding-in-pairs", stream, name, description);
    }

    static async Task<byte[]> ContentAsync(DocumentsWorld world, string markdown)
    {
        await using var file = (await FilesOf(world).OpenAsync(world.Bruno, IdOf(markdown))).Content;
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    static string IdOf(string markdown) => markdown.Split(DocumentFiles.Address)[1].Split('/')[0];

    static byte[] Zip(IEnumerable<(string Name, string Text)> entries) => Zip([.. entries.Select(entry => (entry.Name, Encoding.UTF8.GetBytes(entry.Text)))]);

    static byte[] Zip((string Name, byte[] Content)[] entries)
    {
        using var into = new MemoryStream();
        using (var zip = new ZipArchive(into, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in entries)
            {
                using var content = zip.CreateEntry(name).Open();
                content.Write(bytes);
            }
        }
        return into.ToArray();
    }

    static Dictionary<string, string> Entries(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using var content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return Encoding.UTF8.GetString(bytes.ToArray());
        }, StringComparer.Ordinal);
    }
}
