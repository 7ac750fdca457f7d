using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using VetCommunity.Core;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Operation;

public class Examining
{
    static readonly BackupRules NoBackups = new(TimeSpan.Zero, Keep: 7, Days: 30);

    static async Task<Dictionary<string, Finding>> LookAsync(BackupWorld world, TimeProvider? clock = null, BackupRules? rules = null, long reserve = 0)
    {
        clock ??= TimeProvider.System;
        Dictionary<string, Finding> found = new(StringComparer.Ordinal);
        await foreach (var one in new Doctor([
            .. new DatabaseChecks(world.World.Db, world.World.Uploads, clock).All, .. new FolderChecks(world.Folder, rules ?? NoBackups, reserve, clock).All]).ExamineAsync(Actor.Operator))
            found.Add(one.Name, one);
        return found;
    }

    static void AssertBad(Dictionary<string, Finding> found, string name, string sentence)
    {
        Assert.Contains(sentence, found[name].Sentence, StringComparison.Ordinal);
        Assert.False(found[name].IsGood);
        // What to do.
        Assert.EndsWith(".", found[name].Sentence, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_is_wrong_with_a_community_that_works(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        await world.World.SayAsync(world.World.Anna, "All is well");
        await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Pdf()), "a.pdf");

        var found = await LookAsync(world);

        Assert.All(found.Values, one => Assert.True(one.IsGood, one.ToString()));
        Assert.Equal(["database", "migrated", "integrity", "files", "clock", "folders", "disk", "backups"], found.Keys);
        Assert.Contains("in 1 messages", found["integrity"].Sentence, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(world.Folder.Path, "*.part", SearchOption.AllDirectories));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_wrong_is_named_and_hides_nothing_else(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        await world.World.SayAsync(world.World.Anna, "One");
        await world.World.SayAsync(world.World.Anna, "Two");
        var lost = await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Pdf()), "a.pdf");
        File.Delete(Path.Combine(world.World.UploadPath, lost.Id));
        await world.World.InDbAsync(db => db.Database.ExecuteSqlRawAsync("""DELETE FROM "Messages" WHERE "Seq" = 1"""));

        // The newest message is of this world's time.
        var found = await LookAsync(world, new Yesterday(world.World.Clock), new(TimeSpan.FromHours(24), Keep: 7, Days: 30), reserve: 1L << 60);

        AssertBad(found, "integrity", "Messages are missing in the conversations 1.");
        AssertBad(found, "files", lost.Id);
        AssertBad(found, "clock", database == Database.Postgres ? "seconds apart" : "the newest message is of");
        AssertBad(found, "disk", "Make room");
        AssertBad(found, "backups", "There is none yet");
        Assert.True(found["database"].IsGood && found["migrated"].IsGood && found["folders"].IsGood);
    }

    [Theory, OnBothDatabases]
    public async Task Missing_and_later_steps_are_told(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        await world.World.InDbAsync(db => db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '99.0.0')"""));
        AssertBad(await LookAsync(world), "migrated", "newer version");
        await world.World.InDbAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync("""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '29990101000000_Later'""");
            await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().SkipLast(1).Last());
            return true;
        });

        AssertBad(await LookAsync(world), "migrated", "start the server");
    }

    [Fact]
    public async Task Rows_that_point_to_nothing_are_found()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        await world.World.InDbAsync(async db =>
        {
            await db.Database.OpenConnectionAsync();
            return await db.Database.ExecuteSqlRawAsync("""PRAGMA foreign_keys=OFF; DELETE FROM "Members" WHERE "Id" = 1; PRAGMA foreign_keys=ON""");
        });

        AssertBad(await LookAsync(world), "integrity", "point to nothing");
    }

    [Fact]
    public async Task A_page_of_the_file_that_was_overwritten_is_found_wherever_it_lies()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        var place = await world.PlaceAsync();
        await place.RestoreAsync(await world.BackUpAsync());
        var whole = await File.ReadAllBytesAsync(place.Folder.DatabaseFile);
        var random = new Random(1);
        for (var page = 0; page < 20; page++)
        {
            var damaged = whole.ToArray();
            random.NextBytes(damaged.AsSpan(4096 * random.Next(damaged.Length / 4096), 4096));
            await File.WriteAllBytesAsync(place.Folder.DatabaseFile, damaged);

            List<Finding> found = [];
            await foreach (var one in new Doctor(new DatabaseChecks(place.Db, new(place.Folder.Uploads), TimeProvider.System).All).ExamineAsync(Actor.Operator))
                found.Add(one);

            Assert.Contains(found, one => !one.IsGood);
        }
    }

    [Fact]
    public async Task What_does_not_answer_is_not_waited_for()
    {
        var never = new TaskCompletionSource<string>();
        var doctor = new Doctor([new("deaf", TimeSpan.FromMilliseconds(50), "Speak up.", _ => never.Task), new("well", TimeSpan.FromMinutes(1), "", _ => Task.FromResult("fine"))]);

        List<Finding> found = [];
        await foreach (var one in doctor.ExamineAsync(Actor.Operator))
            found.Add(one);

        Assert.Equal([new("deaf", false, "no answer within 0 seconds. Speak up."), new("well", true, "fine")], found);
        await Assert.ThrowsAsync<NotFoundException>(async () => await doctor.ExamineAsync(Actor.Visitor).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task Where_nothing_can_be_written_that_is_said()
    {
        using var disk = SmallDisk.Mount("ro");
        using var folder = new DataFolder(disk.Folder);
        var found = new List<Finding>();
        await foreach (var one in new Doctor(new FolderChecks(folder, NoBackups, 0, TimeProvider.System).All).ExamineAsync(Actor.Operator))
            found.Add(one);

        Assert.False(found[0].IsGood);
        Assert.Contains("Nothing can be written to " + disk.Folder, found[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_works_beside_a_server_and_without_one_and_changes_nothing()
    {
        await using var community = new RunningCommunity();
        var nothing = await community.RunAsync("doctor");
        Assert.Equal(1, nothing.ExitCode);
        Assert.Contains("FAIL  database  There is no database", nothing.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(community.DataFolder));
        await community.InitializeAsync();

        var healthy = await community.RunAsync("doctor");

        Assert.True(healthy.ExitCode == 0, healthy.Output + healthy.Errors);
        Assert.Empty(healthy.Errors);
        var lines = healthy.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["database", "migrated", "integrity", "files", "clock", "audit", "folders", "disk", "backups", "keys", "mail", "origin"], lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.All(lines, line => Assert.StartsWith("ok  ", line, StringComparison.Ordinal));
        await community.KillAsync();
        foreach (var key in Directory.GetFiles(Path.Combine(community.DataFolder, "keys")))
            File.Delete(key);
        community.Settings["Mail__Host"] = "127.0.0.1";
        community.Settings["Mail__Port"] = "1";
        community.Settings["Mail__From"] = "vet@demo.example";
        community.Settings["ConnectionStrings__Redis"] = "localhost";
        var ill = await community.RunAsync("doctor");

        ill.AssertRefused("4 of 13 checks failed.");
        foreach (var wrong in (string[])["FAIL  audit     The key ", "FAIL  keys      There is no key", "FAIL  mail      ", "FAIL  redis     ConnectionStrings:Redis is set"])
            Assert.Contains(wrong, ill.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(community.DataFolder, "keys")));
    }

    sealed class Yesterday(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow().AddDays(-1);
    }
}
