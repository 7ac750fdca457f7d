using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Privacy;

public class TakingAlong
{
    [Promise("PR1")]
    [Theory, OnBothDatabases]
    public async Task Everything_that_is_hers_is_in_it_and_nothing_of_anybody_else(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await ErasingAMember.SeedAsync(world);
        await world.World.SayAsync(world.World.Bruno, "brunos words to qzx");
        var exports = new Exports(world.World.Db, world.Exports, world.World.Clock);

        await exports.AskAsync(world.Quenza, session: null);
        Assert.Equal(1, await Making(world).GoOnAsync(Actor.Operator));

        var files = await ReadAsync(await exports.OpenAsync(world.Quenza, session: null));
        var all = string.Join('\n', files.Select(file => file.Key + "\n" + file.Value));
        foreach (var hers in (string[])["qzxhandle", "Qzxenza Ferri", "qzxbiography", "qzx@mail.example", "qzx555", "qzxpicture", "qzxclaim", "qzxtoken", "qzxscheduled", "qzxdraft", "qzxline", "qzxpractice",
            "qzxreason", "qzxreport", "qzxfile", "qzxalone", "qzxunposted", "Kept for the others", "qzxbefore", "qzxprivate", "qzxhidden", "qzx is no word", "qzxappeal", "qzx answer", "\"emoji\""])
            Assert.Contains(hers, all, StringComparison.OrdinalIgnoreCase);
        foreach (var others in (string[])["brunos words", "Is @qzxhandle here?", "His words", "Look at that", "bruno@example.org", "Anna Rossi", "qzxcode"])
            Assert.DoesNotContain(others, all, StringComparison.Ordinal);
        using var messages = JsonDocument.Parse(files["messages.json"]);
        var kept = messages.RootElement.EnumerateArray().Single(one => one.GetProperty("text").GetString() == "Kept for the others");
        Assert.Equal($"/rooms/welding/messages/{kept.GetProperty("seq").GetInt64()}", kept.GetProperty("address").GetString());
        foreach (var file in files.Keys.Where(name => name.EndsWith(".json", StringComparison.Ordinal)))
            Assert.Contains($"\n{file}: ", files["README.txt"], StringComparison.Ordinal);
        Assert.StartsWith("Questo è tutto", files["README.txt"], StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task One_at_a_time_told_when_ready_fetched_by_her_alone_and_gone_after_some_days(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var exports = new Exports(world.World.Db, world.Exports, world.World.Clock);
        await Assert.ThrowsAsync<NotFoundException>(() => exports.AskAsync(Actor.Visitor, session: null));
        await exports.AskAsync(world.Quenza, session: null);
        Assert.Equal(Refusal.ExportRunning, await World.RefusalOfAsync(() => exports.AskAsync(world.Quenza, session: null)));
        await Assert.ThrowsAsync<NotFoundException>(() => exports.OpenAsync(world.Quenza, session: null));

        await Making(world).GoOnAsync(Actor.Operator);

        var own = await exports.OwnAsync(world.Quenza);
        Assert.True(own is { ReadyAt: not null, Bytes: > 500 } && own.Done == own.All);
        Assert.Equal([NoticeKind.ExportReady], (await new Notices(world.World.Db, world.World.Feed, world.World.Clock).ListAsync(world.Quenza)).Rows.Select(row => row.Kind));
        await Assert.ThrowsAsync<NotFoundException>(() => exports.OpenAsync(world.World.Ada, session: null));
        (await exports.OpenAsync(world.Quenza, session: null)).Dispose();

        world.World.Clock.Advance(TimeSpan.FromDays(7));
        await Assert.ThrowsAsync<NotFoundException>(() => exports.OpenAsync(world.Quenza, session: null));
        await Making(world).GoOnAsync(Actor.Operator);
        Assert.Empty(Directory.GetFiles(Path.Combine(world.Folder, "exports")));
    }

    [Promise("FT17")]
    [Theory, OnBothDatabases]
    public async Task What_a_restart_interrupted_begins_anew_and_what_cannot_be_made_is_given_up(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var exports = new Exports(world.World.Db, world.Exports, world.World.Clock);
        await exports.AskAsync(world.Quenza, session: null);
        using (var killed = new CancellationTokenSource())
        {
            await killed.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Making(world).GoOnAsync(Actor.Operator, killed.Token));
        }
        Assert.Equal(1, await Making(world).GoOnAsync(Actor.Operator));

        await exports.AskAsync(world.Quenza, session: null);
        // The disk is full, or the folder is none.
        Directory.Delete(Path.Combine(world.Folder, "exports"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(world.Folder, "exports"), "");
        await Assert.ThrowsAnyAsync<IOException>(() => Making(world).GoOnAsync(Actor.Operator));
        File.Delete(Path.Combine(world.Folder, "exports"));
        Assert.Equal(1, await Making(world).GoOnAsync(Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task Ten_thousand_messages_need_no_more_memory_than_a_few(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.World.SayAsync(world.Quenza, "First");
        await world.World.InDbAsync(async db =>
        {
            var first = await db.Messages.AsNoTracking().SingleAsync();
            foreach (var some in Enumerable.Range(2, 9_999).Chunk(2_000))
            {
                db.Messages.AddRange(some.Select(i => new Core.Conversations.Message
                {
                    ConversationId = first.ConversationId,
                    Seq = i,
                    Version = i,
                    AuthorId = world.Quenza.MemberId,
                    ClientKey = $"k{i}",
                    TopicId = first.TopicId,
                    Markdown = $"Number {i} " + new string('x', 2_000),
                    Html = "",
                    SentAt = first.SentAt,
                }));
                await db.SaveChangesAsync();
                db.ChangeTracker.Clear();
            }
            return 0;
        });
        await using var target = new Measured();

        await new Gathering(world.World.Db, world.World.Uploads, world.Quenza.MemberId, (_, _) => Task.CompletedTask).WriteAsync(target, default);

        // Twenty million letters went through.
        Assert.InRange(target.MostHeld, 0, 12_000_000);
    }

    static Exporting Making(LeavingWorld world) =>
        new(world.World.Db, world.Exports, world.World.Uploads, world.Rules, world.World.Feed, world.World.Clock, NullLogger<Exporting>.Instance);

    static async Task<Dictionary<string, string>> ReadAsync(Stream file)
    {
        await using var content = file;
        await using var zip = new ZipArchive(content);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var text = new StreamReader(await entry.OpenAsync(), Encoding.UTF8);
            files[entry.FullName] = await text.ReadToEndAsync();
        }
        return files;
    }

    /// <summary>Looks at each hundredth write what the program holds beyond what it held at the first.</summary>
    sealed class Measured : MemoryStream
    {
        long _first;
        int _writes;

        public long MostHeld { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Look();
            return ValueTask.CompletedTask;
        }

        public override void Write(byte[] buffer, int offset, int count) => Look();

        public override void Write(ReadOnlySpan<byte> buffer) => Look();

        void Look()
        {
            if (_writes++ % 100 != 0)
                return;
            var held = GC.GetTotalMemory(forceFullCollection: true);
            _first = _first == 0 ? held : _first;
            MostHeld = Math.Max(MostHeld, held - _first);
        }
    }
}
