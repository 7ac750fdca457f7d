using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using VetCommunity.Tests.Operation;
using Xunit;

namespace VetCommunity.Tests.Running;

public class StoringOnABadDay
{
    const string CouldNotBeStored = "This could not be stored. Nothing was changed; please try again in a moment.";

    [Promise("FT4")]
    [Fact]
    public async Task A_full_disk_gets_a_sentence_and_costs_no_message()
    {
        using var disk = SmallDisk.Mount("size=12m");
        await using var community = new RunningCommunity { DataFolder = disk.Folder };
        community.Settings["RateLimits__Enabled"] = "false";
        await community.InitializeAsync();
        await using var anna = await community.ConnectAsync("member@demo.example");
        var last = (await anna.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64();

        Dictionary<string, long> acknowledged = new(StringComparer.Ordinal);
        HubException? refused = null;
        for (var n = 0; refused is null && n < 5_000; n++)
        {
            try
            {
                acknowledged[$"full-{n}"] = await anna.PostAsync("welcome", $"full-{n}", $"{n} " + new string('x', 9_000));
            }
            catch (HubException error)
            {
                refused = error;
            }
        }

        Assert.NotEmpty(acknowledged);
        Assert.EndsWith(CouldNotBeStored, refused!.Message, StringComparison.Ordinal);
        // Reading goes on.
        Assert.Equal(last + acknowledged.Count, (await anna.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64());
        disk.Resize("64m");
        acknowledged[$"full-{acknowledged.Count}"] = await anna.PostAsync("welcome", $"full-{acknowledged.Count}", "There is room again");
        await AssertStoredAsync(anna, last, acknowledged);

        await community.KillAsync();
        await community.StartAsync();
        await using var again = await community.ConnectAsync("member@demo.example");
        await AssertStoredAsync(again, last, acknowledged);
    }

    [Promise("FT5")]
    [Fact]
    public async Task Whoever_holds_the_database_for_a_moment_only_delays_a_message()
    {
        await using var community = new RunningCommunity();
        await community.InitializeAsync();
        await using var anna = await community.ConnectAsync("member@demo.example");

        Task<long> post;
        await using (await HoldAsync(community))
        {
            post = anna.PostAsync("welcome", "delayed", "A moment, please");
            // Shorter than the writer waits; that nothing came meanwhile shows that it was held up.
            await Assert.ThrowsAsync<TimeoutException>(() => post.WaitAsync(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken));
        }

        Assert.True(await post.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken) > 0);
    }

    [Promise("FT5")]
    [Fact]
    public async Task Whoever_holds_the_database_for_long_gets_members_a_sentence_and_leaves_nothing_half_done()
    {
        await using var community = new RunningCommunity();
        await community.InitializeAsync();
        await using var anna = await community.ConnectAsync("member@demo.example");
        await using var bruno = await community.ConnectAsync("member2@demo.example");
        var before = await anna.OpenAsync("welcome");

        await using (await HoldAsync(community))
        {
            Task[] calls =
            [
                anna.PostAsync("welcome", "held", "Is anybody there?"),
                anna.InvokeAsync("React", new { conversation = "welcome", seq = 1L, emoji = "👍", on = true }),
                bruno.PostAsync("welcome", "held", "I am"),
                anna.InvokeAsync("MarkRead", "welcome", 1L),
                bruno.InvokeAsync("Draft", "welcome", "half a sentence", null, null),
            ];
            foreach (var call in calls)
                Assert.EndsWith(CouldNotBeStored, (await Assert.ThrowsAsync<HubException>(() => call.WaitAsync(TimeSpan.FromMinutes(2)))).Message, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync(community));
            // Reading goes on.
            Assert.Equal(before.GetProperty("lastSeq").GetInt64(), (await bruno.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64());
        }

        Assert.Equal(HttpStatusCode.OK, await ReadyAsync(community));
        Assert.Equal(before.GetProperty("version").GetInt64(), (await anna.OpenAsync("welcome")).GetProperty("version").GetInt64());
        await AssertStoredAsync(anna, before.GetProperty("lastSeq").GetInt64(),
            new(StringComparer.Ordinal) { ["held"] = await anna.PostAsync("welcome", "held", "Is anybody there?") });
    }

    static async Task<HttpStatusCode> ReadyAsync(RunningCommunity community)
    {
        using var monitor = new HttpClient { BaseAddress = community.Address };
        using var answer = await monitor.GetAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    // The next messages are exactly these, once, in order, without gaps.
    static async Task AssertStoredAsync(HubConnection reader, long after, Dictionary<string, long> acknowledged)
    {
        List<(string Key, long Seq)> stored = [];
        for (var more = true; more;)
        {
            var page = await reader.InvokeAsync<JsonElement>("Open", "welcome", stored.Count == 0 ? after : stored[^1].Seq, "json");
            stored.AddRange(page.GetProperty("messages").EnumerateArray().Select(m => (m.GetProperty("clientKey").GetString()!, m.GetProperty("seq").GetInt64())));
            more = page.GetProperty("hasMore").GetBoolean();
        }
        Assert.Equal(acknowledged.Select(one => (one.Key, one.Value)), stored);
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => after + n), stored.Select(m => m.Seq));
    }

    static async Task<SqliteConnection> HoldAsync(RunningCommunity community)
    {
        var connection = new SqliteConnection($"Data Source={community.DatabaseFile};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
