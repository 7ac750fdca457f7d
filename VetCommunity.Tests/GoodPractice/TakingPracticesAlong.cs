using System.IO.Compression;
using System.Text;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Documents;
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
        return await new PracticeImport(world.World.Db, world.Languages, world.Storing, world.Publications, world.World.Clock).ImportAsync(Actor.Operator, path);
    }

    static async Task<byte[]> TakeAsync(DocumentsWorld world, Actor who)
    {
        using var into = new MemoryStream();
        await new PracticeArchive(world.World.Db, world.Kinds).WriteAsync(who, into);
        return into.ToArray();
    }

    static byte[] Zip(IEnumerable<(string Name, string Text)> entries)
    {
        using var into = new MemoryStream();
        using (var zip = new ZipArchive(into, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in entries)
            {
                using var content = zip.CreateEntry(name).Open();
                content.Write(Encoding.UTF8.GetBytes(text));
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
