using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Operation;
using VetCommunity.Core.Search;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Operation;

public class BackingUp
{
    [Promise("FT7")]
    [Theory, OnBothDatabases]
    public async Task Everything_is_there_again_and_life_goes_on(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var picture = await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Photograph(60, 40)), "a.jpg");
        await world.World.Conversations.PostAsync(world.World.Anna, new("welding", "first", null, "Tab\tline\nback\\slash \\N λόγος 👍 \"quoted\"", Attachments: [picture.Id]));
        await world.World.SayAsync(world.World.Bruno, "Zweite Nachricht");
        // What is said is indexed a moment later, or before somebody searches.
        Assert.Single((await new MessageSearch(world.World.Db, world.World.Log).FindAsync(world.World.Anna, "λογος", SearchOrder.Newest)).Messages);
        var before = await BackupWorld.RowsAsync(world.World.Db);
        var place = await world.PlaceAsync();

        var made = await world.Backups.WriteAsync(Actor.Operator, world.FileOf());
        // What comes later is not in it.
        await world.World.SayAsync(world.World.Bruno, "Too late");
        var restored = await place.RestoreAsync(made.File);

        Assert.Equal((5L, 2L, 1), (made.Members, made.Messages, made.Files));
        Assert.Equal((5L, 2L, 1, world.World.Clock.GetUtcNow()), (restored.Members, restored.Messages, restored.Files, restored.MadeAt));
        Assert.Empty(made.Lost);
        Assert.Equal(before, await BackupWorld.RowsAsync(place.Db));
        foreach (var file in Directory.GetFiles(world.World.UploadPath))
            Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(Path.Combine(place.Folder.Uploads, Path.GetFileName(file))));
        Assert.Equal(2, Directory.GetFiles(place.Folder.Uploads).Length);
        Assert.Equal("<key>ours</key>", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(place.Folder.Keys))));
        Assert.Equal([world.FileOf()], Directory.GetFiles(world.Above));
        await using var log = new MessageLog(place.Db, new(NullLogger<Feed>.Instance), world.World.Clock, NullLogger<MessageLog>.Instance);
        var talk = new AllConversations(place.Db, log, new(place.Folder.Uploads));
        Assert.Equal(3, (await talk.PostAsync(world.World.Anna, new("welding", "after", "A new topic", "Ένας λόγος"))).Seq);
        Assert.Equal(2, (await new MessageSearch(place.Db, log).FindAsync(world.World.Anna, "λογος", SearchOrder.Newest)).Messages.Count);
    }

    [Promise("FT7")]
    [Theory, OnBothDatabases]
    public async Task What_was_acknowledged_before_it_began_is_in_it_and_nothing_is_half(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var place = await world.PlaceAsync();
        ConcurrentDictionary<string, long> acknowledged = new(StringComparer.Ordinal);
        using var enough = new CancellationTokenSource();
        var some = new TaskCompletionSource();
        var authors = Enumerable.Range(0, 20).Select(author => Task.Run(async () =>
        {
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                var key = $"{author}-{n}";
                acknowledged[key] = (await world.World.SayAsync(author % 2 == 0 ? world.World.Anna : world.World.Bruno, "Number " + key, key: key)).Seq;
                if (acknowledged.Count > 100)
                    some.TrySetResult();
            }
        })).ToList();
        await some.Task.WaitAsync(Patience.Enough);

        var before = acknowledged.ToArray();
        await world.BackUpAsync();
        await enough.CancelAsync();
        await Task.WhenAll(authors);
        await place.RestoreAsync(world.FileOf());

        await using var db = place.Db.CreateDbContext();
        var stored = await db.Messages.OrderBy(m => m.Seq).Select(m => new { m.ClientKey, m.Seq }).ToListAsync();
        Assert.DoesNotContain(before, one => !stored.Contains(new { ClientKey = one.Key, Seq = one.Value }));
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(m => m.Seq));
        Assert.Equal(stored.Count, await db.Conversations.Where(c => c.Slug == "welding").Select(c => c.LastSeq).SingleAsync());
        Assert.Equal(stored.Count, await db.ConversationEvents.CountAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_else_reads_it_and_nothing_is_overwritten(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var backup = await world.BackUpAsync();
        var content = await File.ReadAllBytesAsync(backup);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(backup));
        Assert.Contains("is there already", (await Assert.ThrowsAsync<OperationFailedException>(() => world.BackUpAsync())).Message, StringComparison.Ordinal);
        Assert.Contains("There is no folder", (await Assert.ThrowsAsync<OperationFailedException>(() => world.BackUpAsync("nowhere/one.zip"))).Message, StringComparison.Ordinal);
        foreach (var own in (string[])["keys/one.zip", "uploads/one.zip", "erased.zip"])
            Assert.Contains("keeps for itself", (await Assert.ThrowsAsync<OperationFailedException>(() => world.Backups.WriteAsync(Actor.Operator, Path.Combine(world.Folder.Path, own)))).Message, StringComparison.Ordinal);
        Assert.Contains("MB free", (await Assert.ThrowsAsync<OperationFailedException>(() => world.Backups.WriteAsync(Actor.Operator, world.FileOf("large.zip"), 1L << 60))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Backups.WriteAsync(world.World.Ada, world.FileOf("mine.zip")));
        Assert.Equal(content, await File.ReadAllBytesAsync(backup));
        Assert.Equal([backup], Directory.GetFiles(world.Above));
    }

    [Theory, OnBothDatabases]
    public async Task A_file_that_was_lost_is_named_and_costs_nothing_else(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var lost = await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Pdf()), "lost.pdf");
        var kept = await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Pdf()), "kept.pdf");
        File.Delete(Path.Combine(world.World.UploadPath, lost.Id));
        // What no row names is on its way in or out.
        await File.WriteAllTextAsync(Path.Combine(world.World.UploadPath, new string('a', 32) + ".part"), "half");
        var place = await world.PlaceAsync();

        var made = await world.Backups.WriteAsync(Actor.Operator, world.FileOf());
        var restored = await place.RestoreAsync(made.File);

        Assert.Equal([lost.Id], made.Lost);
        Assert.Equal([lost.Id], restored.Lost);
        Assert.Equal([kept.Id], Directory.GetFiles(place.Folder.Uploads).Select(Path.GetFileName));
    }

    [Theory, OnBothDatabases]
    public async Task A_file_that_was_deleted_while_the_backup_was_made_leaves_no_row_behind(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var deleted = await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Pdf()), "deleted.pdf");
        var kept = await world.World.Attachments.UploadAsync(world.World.Anna, new MemoryStream(MadeFiles.Pdf()), "kept.pdf");
        var place = await world.PlaceAsync();
        // A backup looks at the clock when it has its moment of the database and none of the files yet.
        var backups = new Backups(world.World.Db, world.Folder, world.World.Uploads, new Meanwhile(() => world.World.Attachments.RemoveAsync(world.World.Anna, deleted.Id)));

        var made = await backups.WriteAsync(Actor.Operator, world.FileOf());
        await place.RestoreAsync(made.File);

        Assert.Empty(made.Lost);
        await using var db = place.Db.CreateDbContext();
        Assert.Equal([kept.Id], await db.Attachments.Select(a => a.Id).ToListAsync());
    }

    [Theory, OnBothDatabases]
    public async Task An_older_backup_takes_the_missing_steps_at_the_next_start(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        var former = await world.PlaceAsync();
        former.Folder.Create();
        await using (var db = former.Db.CreateDbContext())
        {
            var steps = db.Database.GetMigrations().ToList();
            await db.GetService<IMigrator>().MigrateAsync(steps[^2]);
            db.Organisations.Add(new() { Name = "Old school", Slug = "old", Country = "IT" });
            await db.SaveChangesAsync();
        }
        var place = await world.PlaceAsync();

        var made = await new Backups(former.Db, former.Folder, new(former.Folder.Uploads), world.World.Clock).WriteAsync(Actor.Operator, world.FileOf());
        await place.RestoreAsync(made.File);
        await using (var db = place.Db.CreateDbContext())
            Assert.Single(await db.Database.GetPendingMigrationsAsync());
        await new DatabasePreparation(place.Db, place.Folder).PrepareAsync();

        await using var now = place.Db.CreateDbContext();
        Assert.Empty(await now.Database.GetPendingMigrationsAsync());
        Assert.Equal("Old school", await now.Organisations.Select(o => o.Name).SingleAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_server_that_stops_leaves_nothing_half(Database database)
    {
        await using var world = await BackupWorld.OpenAsync(database);
        using var stopping = new CancellationTokenSource();
        var backups = new Backups(world.World.Db, world.Folder, world.World.Uploads, new Meanwhile(stopping.CancelAsync));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backups.WriteAsync(Actor.Operator, world.FileOf(), cancel: stopping.Token));

        Assert.Empty(Directory.GetFiles(world.Above));
    }

    [Fact]
    public async Task What_was_deleted_lies_on_in_no_gap_of_the_copy()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        await world.World.InDbAsync(db => db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete=OFF; CREATE TABLE \"Gone\" (\"Text\" TEXT); INSERT INTO \"Gone\" VALUES ('qzxsecret'); DROP TABLE \"Gone\""));
        var place = await world.PlaceAsync();

        await place.RestoreAsync(await world.BackUpAsync());

        Assert.DoesNotContain("qzxsecret", await File.ReadAllTextAsync(place.Folder.DatabaseFile, System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_community_is_not_backed_up()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        var place = await world.PlaceAsync();
        var backups = new Backups(place.Db, place.Folder, new(place.Folder.Uploads), world.World.Clock);
        place.Folder.Create();

        Assert.Contains("There is no database", (await Assert.ThrowsAsync<OperationFailedException>(() => backups.WriteAsync(Actor.Operator, world.FileOf()))).Message, StringComparison.Ordinal);
        await using (var songs = new SqliteConnection($"Data Source={place.Folder.DatabaseFile};Pooling=False"))
        {
            await songs.OpenAsync();
            await using var command = songs.CreateCommand();
            command.CommandText = "CREATE TABLE Songs (Title TEXT)";
            await command.ExecuteNonQueryAsync();
        }
        Assert.Contains("no community in the database", (await Assert.ThrowsAsync<OperationFailedException>(() => backups.WriteAsync(Actor.Operator, world.FileOf()))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(world.Above));
    }

    sealed class Meanwhile(Func<Task> act) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            Task.Run(act).GetAwaiter().GetResult();
            return base.GetUtcNow();
        }
    }
}
