using System.Net;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>The server's own clock is set: it is wrong from the start, and again and again while people write.</summary>
public sealed class ChangingTheClock
{
    static readonly string? FakeTime = Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists) : null;

    [Promise("FT15")]
    [Fact]
    public async Task What_was_said_stays_in_its_order_and_nobody_is_logged_out_by_minutes()
    {
        Assert.SkipUnless(FakeTime is not null, "libfaketime is not installed; ./test.sh installs it");
        var clock = Path.GetTempFileName();
        await File.WriteAllTextAsync(clock, "-2h", TestContext.Current.CancellationToken);
        await using var community = new RunningCommunity
        {
            Settings =
            {
                ["LD_PRELOAD"] = FakeTime, ["FAKETIME_TIMESTAMP_FILE"] = clock, ["FAKETIME_NO_CACHE"] = "1",
                // As of a machine whose clock is set: how much time passes is measured otherwise.
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            },
        };
        await community.InitializeAsync();
        using var member = new Visitor(community);
        await LogInAsync();
        await SayAsync("Two hours behind");
        Assert.InRange(await ServersTimeAsync() - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(-121), TimeSpan.FromMinutes(-119));

        await SetAsync("-115m");
        Assert.True(await member.IsInAsync());
        await SayAsync("Five minutes later at once");
        await SetAsync("-125m");
        Assert.True(await member.IsInAsync());
        await SayAsync("In minutes that came twice");
        await SetAsync("+10y");
        // Ten years are longer than anybody stays logged in.
        if (!await member.IsInAsync())
            await LogInAsync();
        await SayAsync("Ten years ahead");
        await SetAsync("+0");
        if (!await member.IsInAsync())
            await LogInAsync();
        await SayAsync("Right again");

        await member.OpenAsync("/rooms/welcome");
        string[] said = ["Two hours behind", "Five minutes later at once", "In minutes that came twice", "Ten years ahead", "Right again"];
        Assert.Equal(said, member.Page.QuerySelectorAll("[role=log] article").Select(article => said.SingleOrDefault(one => article.TextContent.Contains(one, StringComparison.Ordinal))).OfType<string>());
        using var client = new HttpClient { BaseAddress = community.Address };
        Assert.Equal("ready", await client.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(community.Said, line => line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal));
        File.Delete(clock);

        Task LogInAsync() => member.LogInAsync("member@demo.example", DemoWorld.Password);

        // Whole or not at all: the server may read it at any moment.
        async Task SetAsync(string offset)
        {
            await File.WriteAllTextAsync(clock + ".new", offset, TestContext.Current.CancellationToken);
            File.Move(clock + ".new", clock, overwrite: true);
        }

        async Task SayAsync(string text)
        {
            await member.OpenAsync("/rooms/welcome");
            await member.SendAsync("post", ("markdown", text));
            Assert.Equal(HttpStatusCode.OK, member.Status);
        }

        async Task<DateTimeOffset> ServersTimeAsync()
        {
            using var asking = new HttpClient { BaseAddress = community.Address };
            using var answer = await asking.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.Headers.Date!.Value;
        }
    }
}
