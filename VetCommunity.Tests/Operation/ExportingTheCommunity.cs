using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Operation;

public sealed class ExportingTheCommunity
{
    static CommunityExport Export(BackupWorld all) => new(all.World.Db, all.Folder, new(all.World.Db, all.World.Topics), all.World.Uploads);

    [Theory, OnBothDatabases]
    public async Task What_was_exported_can_be_read_by_others_and_imported_again(Database database)
    {
        await using var all = await BackupWorld.OpenAsync(database);
        var world = all.World;
        await world.SayAsync(world.Anna, "First *line*\nand second", "welding");
        var file = await world.Attachments.UploadAsync(world.Anna, new MemoryStream(MadeFiles.Pdf()), "plan.pdf");
        var withFile = await world.Conversations.PostAsync(world.Anna, new("board", "k", null, "Καλημέρα", Attachments: [file.Id]));
        var gone = await world.SayAsync(world.Bruno, "qzxdeleted");
        await world.Conversations.DeleteAsync(world.Bruno, "welding", gone.Seq);
        await world.SayAsync(world.Bruno, "qzxalone", world.Direct);
        await world.InDbAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, "qzxpassword").SetProperty(m => m.SecurityStamp, "qzxstamp")));
        var folder = all.FileOf("taken");

        var made = await Export(all).WriteAsync(Actor.Operator, folder);

        Assert.Equal((2, 2, 5, 1), (made.Rooms, made.Messages, made.Members, made.Files));
        Assert.Equal(MadeFiles.Pdf(), await File.ReadAllBytesAsync(Path.Combine(folder, "files", file.Id)));
        var named = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "files.json"))).RootElement[0];
        Assert.Equal(("board", withFile.Seq, file.Id, "plan.pdf"), (named.GetProperty("room").GetString(), named.GetProperty("seq").GetInt64(), named.GetProperty("id").GetString(), named.GetProperty("name").GetString()));
        Assert.Equal(["ada", "anna", "bruno", "carla", "olga"], Handles(folder, "members.json"));
        Assert.Equal(["board", "welding"], JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "rooms.json"))).RootElement.EnumerateArray().Select(one => one.GetProperty("room").GetString()));
        foreach (var one in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("qzx", Encoding.UTF8.GetString(await File.ReadAllBytesAsync(one)), StringComparison.Ordinal);
        await using var lines = File.OpenRead(Path.Combine(folder, "rooms", "board.jsonl"));
        await new RoomImport(world.Db, world.Log, new(world.Db, world.Feed, world.Clock)).ImportAsync(Actor.Operator, "again", lines);
        var again = Assert.Single((await world.Conversations.OpenAsync(world.Anna, "again")).Messages);
        Assert.Equal(("Anna Rossi", "Καλημέρα", withFile.SentAt), (again.Author.Name, again.Markdown, again.SentAt));
    }

    [Theory, OnBothDatabases]
    public async Task Practices_are_exported_byte_for_byte_under_names_that_an_import_reads_as_the_same(Database database)
    {
        await using var all = await BackupWorld.OpenAsync(database);
        var files = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["practices/call.md"] = "\uFEFF---\r\ntitle: \"The call\"   # kept\r\n---\r\n\r\n## Context\r\n\r\nSaid.  \r\n",
            ["practices/call.it.md"] = "## Contesto\n\nDetto.",
            ["practices/es/garantia.md"] = "# Garantía\n\tuno\n\n\n",
            ["practices/plan.md"] = "![The plan](/practice-files/0123456789abcdef0123456789abcdef/plan.png)\n",
            ["practices/anruf.md"] = "---\nlanguage: de\n---\n",
        };
        var folder = all.FileOf("to-import");
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, path), Encoding.UTF8.GetBytes(text));
        }
        const string Picture = "practices/practice-files/0123456789abcdef0123456789abcdef/plan.png";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, Picture))!);
        await File.WriteAllBytesAsync(Path.Combine(folder, Picture), MadeFiles.Picture(60, 40, SKEncodedImageFormat.Png));
        var (db, kinds, clock) = (all.World.Db, new DocumentKinds([new PracticeKind()]), all.World.Clock);
        var import = new PracticeImport(db, new(db, kinds, clock), new(db, kinds, clock), new(db, kinds, all.World.Feed, clock), all.World.Uploads, clock, NullLogger<PracticeImport>.Instance);
        Assert.Equal((5, 1), await import.ImportAsync(Actor.Operator, Path.Combine(folder, "practices")) is var counts ? (counts.Added, counts.Pictures) : default);

        var made = await Export(all).WriteAsync(Actor.Operator, all.FileOf("taken"));

        Assert.Equal((5, 1), (made.Practices, made.Files));
        Assert.Equal(files.Keys.Append(Picture).Order(StringComparer.Ordinal), Directory.GetFiles(Path.Combine(made.Folder, "practices"), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(made.Folder, path)).Order(StringComparer.Ordinal));
        foreach (var (path, text) in files)
            Assert.Equal(Encoding.UTF8.GetBytes(text), await File.ReadAllBytesAsync(Path.Combine(made.Folder, path)));
        Assert.Equal(5, (await import.ImportAsync(Actor.Operator, Path.Combine(made.Folder, "practices"))).AlreadyThere);
    }

    [Fact]
    public async Task It_overwrites_nothing_and_leaves_nothing_half_done()
    {
        await using var all = await BackupWorld.OpenAsync(Database.Sqlite);
        var folder = all.FileOf("taken");
        Directory.CreateDirectory(folder);
        await Export(all).WriteAsync(Actor.Operator, folder);
        var before = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length;

        var refused = await Assert.ThrowsAsync<OperationFailedException>(() => Export(all).WriteAsync(Actor.Operator, folder));
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Export(all).WriteAsync(Actor.Operator, all.FileOf("other"), stopped.Token));

        Assert.Contains("overwrites nothing", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length);
        Assert.False(Directory.Exists(all.FileOf("other")));
        await Assert.ThrowsAsync<NotFoundException>(() => Export(all).WriteAsync(all.World.Ada, folder));
    }

    [Theory, OnBothDatabases]
    public async Task What_the_server_keeps_for_itself_takes_no_export(Database database)
    {
        await using var all = await BackupWorld.OpenAsync(database);
        var before = Directory.GetFileSystemEntries(all.Above, "*", SearchOption.AllDirectories);

        foreach (var own in (string[])["taken", "keys/taken", "uploads/of/all", "exports", "outbox/taken/", "backups/../keys/taken"])
            Assert.Contains("keeps for itself", (await Assert.ThrowsAsync<OperationFailedException>(() => Export(all).WriteAsync(Actor.Operator, Path.Combine(all.Folder.Path, own)))).Message, StringComparison.Ordinal);
        // One that is not there yet would else become the export.
        using var coming = new DataFolder(all.FileOf("coming"));
        var early = new CommunityExport(all.World.Db, coming, new(all.World.Db, all.World.Topics), all.World.Uploads);
        Assert.Contains("keeps for itself", (await Assert.ThrowsAsync<OperationFailedException>(() => early.WriteAsync(Actor.Operator, coming.Path + "/"))).Message, StringComparison.Ordinal);

        Assert.Equal(before, Directory.GetFileSystemEntries(all.Above, "*", SearchOption.AllDirectories));
        // Beside its own backups there is room for others.
        await Export(all).WriteAsync(Actor.Operator, Path.Combine(all.Folder.Backups, "taken"));
    }

    static IEnumerable<string?> Handles(string folder, string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, file))).RootElement.EnumerateArray().Select(one => one.GetProperty("handle").GetString()).Order(StringComparer.Ordinal);
}
