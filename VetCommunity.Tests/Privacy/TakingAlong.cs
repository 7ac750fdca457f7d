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
        foreach (var hers in (string[])["qzxhandle", "Qzxenza Ferri", "qzxbiography", "qzx@mail.example", "qzx555", "qzxpicture", "qzxclaim", "qzxtoken", "qzxscheduled", "qzxdraft", "qzxline", "qzxpractice", "qzxsearched",
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
}
