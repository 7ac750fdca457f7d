using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Operation;
using VetCommunity.Core.Privacy;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Privacy;
using Xunit;

namespace VetCommunity.Tests.Operation;

public class RestoringABackup
{
    [Theory, OnBothDatabases]
    public async Task Where_a_community_is_nothing_is_replaced(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var backup = await world.BackUpAsync();
        var place = await world.PlaceAsync();
        await place.RestoreAsync(backup);
        var rows = await BackupWorld.RowsAsync(place.Db);

        Assert.Contains("already", await place.RefusalOfAsync(backup), StringComparison.Ordinal);

        Assert.Equal(rows, await BackupWorld.RowsAsync(place.Db));
    }

    [Theory, OnBothDatabases]
    public async Task Beside_a_server_nothing_is_restored(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var backup = await world.BackUpAsync();
        var place = await world.PlaceAsync();
        place.Folder.Create();
        place.Folder.LockForServer();

        Assert.Contains("Another server already works", await place.RefusalOfAsync(backup), StringComparison.Ordinal);

        Assert.Empty(await place.WhatIsThereAsync());
    }

    [Fact]
    public async Task The_operator_alone_restores()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        var backup = await world.BackUpAsync();
        var place = await world.PlaceAsync();

        await Assert.ThrowsAsync<NotFoundException>(() => new Restoring(place.Db, place.Folder, place.Register).RestoreAsync(world.World.Ada, backup));

        Assert.Empty(await place.WhatIsThereAsync());
    }

    public static TheoryData<string, string> Forgeries => new()
    {
        { "nothing like it", "is no backup" }, { "empty", "is no backup" }, { "torn", "is no backup" }, { "another zip", "is no backup" }, { "no hash", "is no backup" }, { "changed manifest", "is damaged" },
        { "../evil.txt", "holds ../evil.txt" }, { "uploads/../../evil.txt", "holds uploads/../../evil.txt" }, { "absolute", "evil.txt, which no backup" }, { "uploads\\..\\evil.txt", "holds uploads" },
        { "unnamed", "holds uploads/" }, { "missing", "is damaged" }, { "twice", "is damaged" }, { "other content", "is damaged" }, { "bomb", "is damaged" }, { "too large", "MB free" },
        { "newer", "newer version" }, { "other layout", "another version" }, { "other database", "Database:Provider" }, { "not even json", "is no backup" }, { "broken rows", "damaged already" },
    };

    [Theory, MemberData(nameof(Forgeries))]
    public Task What_is_not_a_whole_backup_of_ours_is_refused(string kind, string sentence) => RefuseAsync(Database.Sqlite, kind, sentence);

    [Theory, OnBothDatabases]
    public Task A_backup_without_its_tables_leaves_nothing_behind(Database database) => RefuseAsync(database, "no rows", "Nothing was restored");

    [Theory, OnBothDatabases]
    public Task Rows_that_contradict_each_other_leave_nothing_behind(Database database) => RefuseAsync(database, "broken rows", "Nothing was restored");

    [Theory, OnBothDatabases]
    public async Task Whoever_left_after_the_backup_was_made_leaves_again(Database database)
    {
        await using var leaving = await LeavingWorld.OpenAsync(database);
        var world = leaving.World;
        await world.SayAsync(leaving.Quenza, "qzx says this");
        using var former = new DataFolder(Path.Combine(leaving.Folder, "former"));
        former.Create();
        var backup = Path.Combine(leaving.Folder, "qzx.zip");
        await new Backups(world.Db, former, world.Uploads, world.Clock).WriteAsync(Actor.Operator, backup);
        await leaving.LeaveAsync(texts: true);
        await using var places = await BackupWorld.OpenAsync(database);
        var place = await places.PlaceAsync();
        place.Db.Clock = world.Clock;
        place.Folder.Create();
        // The list lies beside the database that was lost.
        File.Copy(Path.Combine(leaving.Folder, "erased.txt"), place.Folder.ErasedFile);
        Assert.DoesNotContain("qzx", await File.ReadAllTextAsync(place.Folder.ErasedFile), StringComparison.OrdinalIgnoreCase);

        var restored = await place.RestoreAsync(backup);

        Assert.Equal(["qzx@mail.example"], restored.BackAgain);
        Assert.True(restored.KnowsWhoLeft);
        await using var log = new MessageLog(place.Db, world.Feed, world.Clock, NullLogger<MessageLog>.Instance);
        var erasing = new Erasing(place.Db, log, new(place.Folder.Uploads), new(place.Folder.Exports), leaving.Outbox, new(place.Db, log, world.Clock), place.Register, world.Feed, world.Clock,
            NullLogger<Erasing>.Instance);
        Assert.True(await erasing.GoOnAsync(Actor.Operator));
        await using var db = place.Db.CreateDbContext();
        Assert.False(await db.Users.AnyAsync(m => m.Email == "qzx@mail.example"));
        Assert.False(await db.Messages.AnyAsync(m => m.Markdown.StartsWith("qzx")));
        Assert.Equal(5, await db.Users.CountAsync(m => m.ErasedAt == null));
        Assert.Single(File.ReadLines(place.Folder.ErasedFile));
    }

    [Fact]
    public async Task Without_a_list_of_who_left_that_is_said_and_a_backup_brings_its_own()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        var place = await world.PlaceAsync();
        Assert.False((await place.RestoreAsync(await world.BackUpAsync())).KnowsWhoLeft);
        await File.WriteAllTextAsync(world.Folder.ErasedFile, "17 1000 2000 1\nno line at all\n18 99999999999999999 5 0\n");
        var later = await world.PlaceAsync();

        var restored = await later.RestoreAsync(await world.BackUpAsync("two.zip"));

        Assert.True(restored.KnowsWhoLeft);
        Assert.Empty(restored.BackAgain);
        Assert.Equal("17 1000 2000 1", Assert.Single(await File.ReadAllLinesAsync(later.Folder.ErasedFile)));
    }

    [Promise("FT7")]
    [Fact]
    public async Task One_flipped_byte_is_found_wherever_it_matters()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Photograph(30, 20)), "a.jpg");
        var backup = await File.ReadAllBytesAsync(await world.BackUpAsync());
        var rows = await BackupWorld.RowsAsync(world.World.Db);
        var random = new Random(1);
        var refused = 0;
        const int Flips = 40;
        for (var flip = 0; flip < Flips; flip++)
        {
            var bytes = backup.ToArray();
            // The last ones in the directory at the end, which has the fewest bytes.
            var at = flip < Flips / 2 ? random.Next(bytes.Length) : bytes.Length - 1 - random.Next(1_500);
            bytes[at] ^= (byte)(1 << random.Next(8));
            var file = world.FileOf("flipped.zip");
            await File.WriteAllBytesAsync(file, bytes);
            var place = await world.PlaceAsync();
            try
            {
                await place.RestoreAsync(file);
                // A date in the directory, say.
                Assert.Equal(rows, await BackupWorld.RowsAsync(place.Db));
                Assert.Equal(2, Directory.GetFiles(place.Folder.Uploads).Length);
            }
            catch (OperationFailedException)
            {
                refused++;
                Assert.Empty(await place.WhatIsThereAsync());
            }
        }
        Assert.InRange(refused, Flips / 2, Flips);
    }

    static async Task RefuseAsync(Database database, string kind, string sentence)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Pdf()), "a.pdf");
        var backup = Forged(world, await world.BackUpAsync(), kind);
        var place = await world.PlaceAsync();

        var refusal = await place.RefusalOfAsync(backup);

        Assert.Contains(sentence, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal, char.IsControl);
        Assert.Empty(await place.WhatIsThereAsync());
        Assert.Empty(Directory.GetFiles(world.Above, "evil.txt", SearchOption.AllDirectories));
    }

    static string Forged(BackupWorld world, string backup, string kind)
    {
        switch (kind)
        {
            case "nothing like it":
                File.WriteAllText(backup, "Dear diary, this is no archive at all.");
                return backup;
            case "empty":
                File.WriteAllText(backup, "");
                return backup;
            case "torn":
                File.WriteAllBytes(backup, File.ReadAllBytes(backup)[..^200]);
                return backup;
            case "another zip":
                return world.Forge(backup, (entries, _) => entries.Clear());
            case "no hash":
                return world.Forge(backup, (entries, _) => entries.Remove("manifest.sha256"));
            case "changed manifest":
                return world.Forge(backup, (_, manifest) => manifest["program"] = "0", resealed: false);
            case "unnamed":
                return world.Forge(backup, (entries, _) => entries.Add("uploads/" + new string('b', 32), [1]));
            case "missing":
                return world.Forge(backup, (entries, _) => entries.Remove(entries.Keys.First(name => name.StartsWith("uploads/", StringComparison.Ordinal))));
            case "twice":
                return world.Forge(backup, (_, manifest) => manifest["entries"]!.AsArray().Add(manifest["entries"]![0]!.DeepClone()));
            case "other content":
                return world.Forge(backup, (entries, _) => entries["database/community.db"][5000] ^= 1);
            case "bomb":
                return world.Forge(backup, (entries, _) => entries[entries.Keys.First(name => name.StartsWith("uploads/", StringComparison.Ordinal))] = new byte[50_000_000]);
            case "too large":
                return world.Forge(backup, (_, manifest) => manifest["entries"]![0]!["bytes"] = long.MaxValue);
            case "newer":
                return world.Forge(backup, (_, manifest) => manifest["migration"] = "29990101000000_Later");
            case "other layout":
                return world.Forge(backup, (_, manifest) => manifest["format"] = 2);
            case "other database":
                return world.Forge(backup, (_, manifest) => manifest["database"] = "Postgres");
            case "not even json":
                return world.Forge(backup, (_, manifest) => manifest["entries"] = "none");
            case "no rows":
                return world.Forge(backup, WithoutTables);
            case "broken rows":
                return world.World.Db.IsPostgres ? world.Forge(backup, WithoutMembers) : world.Forge(backup, WithBrokenPages);
            case "absolute":
                return world.Forge(backup, (entries, manifest) => Add(entries, manifest, world.FileOf("evil.txt")));
            default:
                return world.Forge(backup, (entries, manifest) => Add(entries, manifest, kind));
        }
    }

    static void Add(Dictionary<string, byte[]> entries, JsonObject manifest, string name)
    {
        entries.Add(name, "evil"u8.ToArray());
        BackupWorld.Name(manifest, name, entries[name]);
    }

    // Memberships of nobody.
    static void WithoutMembers(Dictionary<string, byte[]> entries, JsonObject manifest)
    {
        entries["database/Members.copy"] = [];
        BackupWorld.Name(manifest, "database/Members.copy", []);
        manifest["tables"]!.AsArray().Single(table => (string?)table!["name"] == "Members")!["rows"] = 0;
    }

    static void WithoutTables(Dictionary<string, byte[]> entries, JsonObject manifest)
    {
        foreach (var name in entries.Keys.Where(name => name.StartsWith("database/", StringComparison.Ordinal)).ToList())
        {
            entries.Remove(name);
            manifest["entries"]!.AsArray().Remove(manifest["entries"]!.AsArray().Single(entry => (string?)entry!["name"] == name));
        }
    }

    static void WithBrokenPages(Dictionary<string, byte[]> entries, JsonObject manifest)
    {
        new Random(1).NextBytes(entries["database/community.db"].AsSpan(8192, 4096));
        BackupWorld.Name(manifest, "database/community.db", entries["database/community.db"]);
    }
}
