using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Running;

public class KeepingBackups
{
    [Fact]
    public async Task While_twenty_people_write_a_backup_is_made_and_starts_elsewhere()
    {
        await using var community = new RunningCommunity();
        community.Settings["RateLimits__Enabled"] = "false";
        await community.InitializeAsync();
        var file = Assert.Single(await community.PostWithFilesAsync("member@demo.example", "welcome", "The plan", ("plan.pdf", MadeFiles.Pdf())));
        ConcurrentDictionary<string, long> acknowledged = new(StringComparer.Ordinal);
        using var enough = new CancellationTokenSource();
        var some = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var authors = Enumerable.Range(0, 20).Select(author => Task.Run(async () =>
        {
            await using var hub = await community.ConnectAsync($"member{(author % 9 is 0 ? "" : (author % 9) + 1)}@demo.example");
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                var key = $"busy-{author}-{n}";
                acknowledged[key] = await hub.PostAsync("welcome", key, "Number " + key);
                if (acknowledged.Count > 100)
                    some.TrySetResult();
            }
        })).ToList();
        await some.Task.WaitAsync(Patience.Enough);

        var before = acknowledged.ToArray().ToList();
        var backup = Path.Combine(community.DataFolder, "..", "night.zip");
        await community.VerbAsync("backup", backup);
        await enough.CancelAsync();
        await Task.WhenAll(authors);
        await using var elsewhere = new RunningCommunity();
        (await community.RunAsync("restore", backup)).AssertRefused("Another server already works");
        await elsewhere.VerbAsync("restore", backup);

        Assert.NotEqual(before.Count, acknowledged.Count);
        Assert.Equal("ok", Ask(elsewhere.DatabaseFile, "PRAGMA integrity_check"));
        foreach (var upload in Directory.GetFiles(Path.Combine(community.DataFolder, "uploads")))
            Assert.Equal(await File.ReadAllBytesAsync(upload), await File.ReadAllBytesAsync(Path.Combine(elsewhere.DataFolder, "uploads", Path.GetFileName(upload))));
        await elsewhere.StartAsync();
        await using var reader = await elsewhere.ConnectAsync("member@demo.example");
        Dictionary<string, long> stored = new(StringComparer.Ordinal);
        long last = 0;
        for (var more = true; more;)
        {
            var page = await reader.InvokeAsync<JsonElement>("Open", "welcome", last, "json");
            foreach (var message in page.GetProperty("messages").EnumerateArray())
            {
                // No gap and no double.
                Assert.Equal(++last, message.GetProperty("seq").GetInt64());
                if (message.GetProperty("clientKey").GetString() is { } key)
                    stored[key] = last;
            }
            more = page.GetProperty("hasMore").GetBoolean();
        }
        Assert.DoesNotContain(before, one => stored.GetValueOrDefault(one.Key) != one.Value);
        using var anna = await elsewhere.ScriptAsync("member@demo.example");
        Assert.Equal(MadeFiles.Pdf(), await anna.GetByteArrayAsync(file.GetProperty("address").GetString()));
        // With the keys, who was logged in there is logged in here.
        Assert.Equal(Names(Path.Combine(community.DataFolder, "keys")), Names(Path.Combine(elsewhere.DataFolder, "keys")));
    }

    [Fact]
    public async Task Killed_at_any_moment_nothing_half_is_taken_for_whole_and_the_next_one_succeeds()
    {
        await using var community = new RunningCommunity();
        await FilledFolder.CopyToAsync(community.DataFolder);
        var folder = Directory.CreateDirectory(Path.Combine(community.DataFolder, "..", "kept")).FullName;
        var backup = Path.Combine(folder, "night.zip");
        var killed = 0;
        foreach (var moment in (Func<bool>[])[() => File.Exists(backup + ".part"), () => Length(backup + ".part.db") > 0, () => Length(backup + ".part") > 0])
        {
            killed += await community.RunAndKillAsync(moment, "backup", backup) ? 1 : 0;
            if (!File.Exists(backup))
                continue;
            // The moment passed unseen, or came at the very end: then it is whole.
            File.Delete(backup);
        }
        Assert.NotEqual(0, killed);
        await community.VerbAsync("backup", backup);
        Assert.Equal(["night.zip"], Names(folder));

        await using var elsewhere = new RunningCommunity();
        var staging = Path.Combine(elsewhere.DataFolder, "restoring");
        killed = 0;
        foreach (var moment in (Func<bool>[])[() => Directory.Exists(staging), () => Length(Path.Combine(staging, "database", "community.db")) > 0, () => Names(Path.Combine(elsewhere.DataFolder, "uploads")).Length > 0])
        {
            killed += await elsewhere.RunAndKillAsync(moment, "restore", backup) ? 1 : 0;
            if (!File.Exists(elsewhere.DatabaseFile))
                continue;
            Assert.Equal("ok", Ask(elsewhere.DatabaseFile, "PRAGMA integrity_check"));
            File.Delete(elsewhere.DatabaseFile);
        }
        Assert.NotEqual(0, killed);
        await elsewhere.VerbAsync("restore", backup);

        Assert.False(Directory.Exists(staging));
        Assert.Equal(Ask(community.DatabaseFile, "SELECT COUNT(*) FROM Messages"), Ask(elsewhere.DatabaseFile, "SELECT COUNT(*) FROM Messages"));
        Assert.Equal(Names(Path.Combine(community.DataFolder, "uploads")), Names(Path.Combine(elsewhere.DataFolder, "uploads")));
    }

    [Fact]
    public async Task An_export_that_was_killed_leaves_nothing_that_looks_whole_and_the_next_one_succeeds()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There a file that nobody writes cannot be waited for.");
        await using var community = new RunningCommunity();
        await FilledFolder.CopyToAsync(community.DataFolder);
        var above = Directory.CreateDirectory(Path.Combine(community.DataFolder, "..", "taken")).FullName;
        var folder = Path.Combine(above, "all");
        // A pipe that nobody fills: the export stands still in the midst of the files.
        var stuck = Directory.GetFiles(Path.Combine(community.DataFolder, "uploads")).First(file => !Path.GetFileName(file).Contains('.', StringComparison.Ordinal));
        File.Move(stuck, stuck + ".aside");
        using (var pipe = Process.Start("mkfifo", [stuck]))
            await pipe.WaitForExitAsync();

        Assert.True(await community.RunAndKillAsync(() => File.Exists(Path.Combine(folder + ".part", "organisations.json")), "export", folder));

        Assert.Equal(["all.part"], Directory.GetFileSystemEntries(above).Select(Path.GetFileName));
        File.Delete(stuck);
        File.Move(stuck + ".aside", stuck);
        (await community.RunAsync("export", folder)).AssertRefused("all.part is there: of an export that was broken off");
        Assert.Equal(["all.part"], Directory.GetFileSystemEntries(above).Select(Path.GetFileName));
        Directory.Delete(folder + ".part", recursive: true);
        await community.VerbAsync("export", folder);
        Assert.Equal(["all"], Directory.GetFileSystemEntries(above).Select(Path.GetFileName));
        Assert.True(File.Exists(Path.Combine(folder, "files", Path.GetFileName(stuck))));
    }

    static string[] Names(string folder) => Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)] : [];

    static long Length(string file) => new FileInfo(file) is { Exists: true } found ? found.Length : 0;

    static object? Ask(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
