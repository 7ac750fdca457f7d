using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace VetCommunity.Tests.Running;

public sealed class StoppingInPeace
{
    [Promise("FT3")]
    [Fact]
    public async Task Who_posts_while_the_server_is_asked_to_stop_has_it_stored_or_sends_it_again_after_the_next_start()
    {
        await using var community = new RunningCommunity();
        community.Settings["RateLimits__Enabled"] = "false";
        await community.InitializeAsync();
        var (acknowledged, open) = (new ConcurrentDictionary<string, long>(StringComparer.Ordinal), new ConcurrentBag<string>());
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var first = await community.ConnectAsync("member@demo.example"))
        await using (var second = await community.ConnectAsync("member2@demo.example"))
        {
            var authors = Enumerable.Range(0, 20).Select(author => PostUntilItStopsAsync(author % 2 == 0 ? first : second, author)).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

            Assert.Equal(0, await community.StopAsync());

            await Task.WhenAll(authors);
        }
        Assert.DoesNotContain(community.Said, line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal));

        await community.StartAsync();
        await using var member = await community.ConnectAsync("member@demo.example");
        await using var other = await community.ConnectAsync("member2@demo.example");
        foreach (var key in open)
            acknowledged[key] = await (int.Parse(key.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture) % 2 == 0 ? member : other).PostAsync("welcome", key, "Once more " + key);
        List<(string Key, long Seq)> stored = [];
        for (JsonElement page; ;)
        {
            page = await member.InvokeAsync<JsonElement>("Open", "welcome", stored.Count == 0 ? 0L : stored[^1].Seq, "json", TestContext.Current.CancellationToken);
            stored.AddRange(page.GetProperty("messages").EnumerateArray().Select(m => (m.GetProperty("clientKey").GetString()!, m.GetProperty("seq").GetInt64())));
            if (!page.GetProperty("hasMore").GetBoolean())
                break;
        }
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(n => (long)n), stored.Select(m => m.Seq));
        Assert.All(acknowledged, ack => Assert.Single(stored, m => m.Key == ack.Key && m.Seq == ack.Value));

        async Task PostUntilItStopsAsync(HubConnection connection, int author)
        {
            for (var n = 0; ; n++)
            {
                var key = FormattableString.Invariant($"stop-{author}-{n}");
                try
                {
                    acknowledged[key] = await connection.PostAsync("welcome", key, key);
                }
                catch (Exception lost) when (lost is HubException or TaskCanceledException or InvalidOperationException or IOException or OperationCanceledException or System.Net.WebSockets.WebSocketException)
                {
                    open.Add(key);
                    return;
                }
                if (acknowledged.Count >= 200)
                    enough.TrySetResult();
            }
        }
    }
}
