using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using VetCommunity.Core.Data;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Operation;

public sealed class Upgrading
{
    const int Lines = 20_000;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The data are those of the version before: its tables, with many lines of an audit log that knew no chain. The program is this one: the former one is not at hand here.</summary>
    [Promise("FT18")]
    [Fact]
    public async Task An_upgrade_while_members_post_loses_nothing_and_goes_on_after_each_kill()
    {
        await using var community = new RunningCommunity();
        community.Settings["RateLimits__Enabled"] = "false";
        await community.InitializeAsync();
        var acknowledged = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var open = await PostUntilStoppedAsync(community, acknowledged);
        await BecomeFormerAsync(community);

        var killed = 0;
        var log = new FileInfo(community.DatabaseFile + "-wal");
        foreach (var moment in (Func<bool>[])[() => true, () => LengthOf(log) > 0, () => LengthOf(log) > 200_000, () => LengthOf(log) > 2_000_000])
            killed += await community.StartAndKillAsync(moment) ? 1 : 0;
        Assert.NotEqual(0, killed);
        await community.StartAsync();

        await using var member = await community.ConnectAsync("member@demo.example");
        // Whoever heard nothing sends the same again.
        foreach (var key in open)
            acknowledged[key] = await member.PostAsync("welcome", key, "Once more " + key);
        List<(string Key, long Seq)> stored = [];
        for (JsonElement page; ;)
        {
            page = await member.InvokeAsync<JsonElement>("Open", "welcome", stored.Count == 0 ? 0L : stored[^1].Seq, "json", Cancel);
            stored.AddRange(page.GetProperty("messages").EnumerateArray().Select(m => (m.GetProperty("clientKey").GetString()!, m.GetProperty("seq").GetInt64())));
            if (!page.GetProperty("hasMore").GetBoolean())
                break;
        }
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(m => m.Seq));
        Assert.All(acknowledged, ack => Assert.Single(stored, m => m.Key == ack.Key && m.Seq == ack.Value));
        var doctor = await community.RunAsync("doctor");
        Assert.True(doctor.ExitCode == 0, doctor.Output);
        Assert.Equal((long)Lines, Ask(community, """SELECT COUNT(*) FROM "Audit" WHERE "What" = 'role.granted' AND "Detail" LIKE 'former %' AND "Number" IS NOT NULL"""));
    }

    static async Task<IReadOnlyCollection<string>> PostUntilStoppedAsync(RunningCommunity community, ConcurrentDictionary<string, long> acknowledged)
    {
        var open = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // One author, so that whoever sends again is the one who sent.
        await using var author = await community.ConnectAsync("member@demo.example");
        var posting = Enumerable.Range(0, 10).Select(PostAsync).ToArray();
        await enough.Task.WaitAsync(Patience.Enough, Cancel);
        Assert.Equal(0, await community.StopAsync());
        await Task.WhenAll(posting);
        return open;

        async Task PostAsync(int line)
        {
            for (var n = 0; ; n++)
            {
                var key = FormattableString.Invariant($"upgrade-{line}-{n}");
                try
                {
                    acknowledged[key] = await author.PostAsync("welcome", key, key);
                }
                catch (Exception lost) when (lost is HubException or TaskCanceledException or InvalidOperationException or IOException or OperationCanceledException or System.Net.WebSockets.WebSocketException)
                {
                    open.Add(key);
                    return;
                }
                if (acknowledged.Count >= 100)
                    enough.TrySetResult();
            }
        }
    }

    static async Task BecomeFormerAsync(RunningCommunity community)
    {
        await using (var db = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(community.DatabaseFile) + ";Pooling=False").CreateDbContext())
        {
            // Steps of later versions come off before.
            foreach (var step in db.Database.GetMigrations().Reverse().Skip(1))
            {
                await db.GetService<IMigrator>().MigrateAsync(step, Cancel);
                if (await db.Database.SqlQueryRaw<int>("""SELECT COUNT(*) AS "Value" FROM pragma_table_info('Audit') WHERE name = 'Number'""").SingleAsync(Cancel) == 0)
                    break;
            }
            await db.Database.ExecuteSqlRawAsync("""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
                INSERT INTO "Audit" ("At", "What", "Subject", "Detail") SELECT i, 'role.granted', 'member:2', 'former ' || i FROM n
                """, [Lines], Cancel);
        }
        File.Delete(Path.Combine(community.DataFolder, "audit.txt"));
        File.Delete(Path.Combine(community.DataFolder, "keys", "audit.key"));
    }

    static long LengthOf(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? file.Length : 0;
    }

    static object? Ask(RunningCommunity community, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={community.DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
