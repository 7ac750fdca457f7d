using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Watching;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Watching;

public sealed class TellingTheOperator
{
    static readonly string[] Names =
    [
        "vetcommunity.messages.posted", "vetcommunity.messages.delivered", "vetcommunity.post.duration", "vetcommunity.watchers", "vetcommunity.circuits", "vetcommunity.mail.queued",
        "vetcommunity.jobs.failed",
    ];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What really leaves the program, as bytes on the wire.</summary>
    [Promise("PR4")]
    [Fact]
    public async Task Figures_and_traces_leave_where_they_are_asked_for_and_tell_of_nobody()
    {
        await using var collector = new Collector();
        await using var community = new RunningCommunity();
        community.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address;
        community.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        community.Settings["OTEL_METRIC_EXPORT_INTERVAL"] = "300";
        community.Settings["RateLimits__Enabled"] = "false";
        community.Settings["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        await community.InitializeAsync();
        await using var writer = await community.ConnectAsync("member@demo.example");
        await using var page = await community.ConnectAsync("member2@demo.example");
        await writer.OpenAsync("welcome");
        await page.InvokeAsync<object>("Open", "welcome", null, "html:it", Cancel);
        using (var http = await community.LogInAsync("member3@demo.example"))
            await http.GetStringAsync(new Uri("/search?q=qzxsearch", UriKind.Relative), Cancel);
        await Assert.ThrowsAsync<HubException>(() => writer.PostAsync("welcome", "qzxrefused", new string('x', 20_000)));

        // Together, so that groups are committed and pushed. A connection has one call at a time.
        var writers = await Task.WhenAll(Enumerable.Range(4, 5).Select(i => community.ConnectAsync(FormattableString.Invariant($"member{i}@demo.example"))));
        for (var round = 0; !collector.Spans.Any(span => span.Name == "commit" && span.Links.Count > 0) || !collector.Spans.Any(span => span.Name == "push" && span.Links.Count > 0); round++)
        {
            Assert.True(round < 50, "no two posts met");
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => writers[i % 5].PostAsync("welcome", FormattableString.Invariant($"qzx-{round}-{i}"), "qzxcanary text")));
            var all = (round + 1) * 50;
            await collector.UntilAsync(() => collector.Spans.Count(span => span.Name == "post") >= all && collector.Spans.Any(span => span.Name == "send"));
        }
        foreach (var one in writers)
            await one.DisposeAsync();
        await collector.UntilAsync(() => Names.All(name => collector.Text.Contains(name, StringComparison.Ordinal)));

        // What ended last comes last.
        await collector.UntilAsync(() => IsWhole(collector.Spans));
        AssertJoined(collector.Spans);
        var told = collector.Text;
        Assert.All((string[])["qzx", "welcome", "giulia", "member@", "member2", "vct_", "Demo-2026"], secret => Assert.DoesNotContain(secret, told, StringComparison.OrdinalIgnoreCase));
    }

    static bool IsWhole(IReadOnlyList<Span> spans)
    {
        var there = spans.Select(span => span.Id).Append("").ToHashSet(StringComparer.Ordinal);
        return spans.All(span => span.Links.Append(span.Parent).All(there.Contains));
    }

    // Every post leads to a commit, every commit with a change to the feed and on to a push in which it was rendered and sent.
    static void AssertJoined(IReadOnlyList<Span> spans)
    {
        var byId = spans.DistinctBy(span => span.Id).ToDictionary(span => span.Id, StringComparer.Ordinal);
        Assert.All(Named("hub Post"), hub => Assert.Equal("", hub.Parent));
        AssertFrom("post", "hub Post");
        AssertFrom("feed", "commit");
        AssertFrom("push", "feed");
        AssertFrom("render", "push");
        AssertFrom("send", "push");
        var committed = Named("commit").SelectMany(From).Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
        Assert.All(Named("post"), post => Assert.Contains(post.Id, committed));

        IEnumerable<Span> Named(string name) => byId.Values.Where(span => span.Name == name);

        IEnumerable<Span> From(Span span) => span.Links.Append(span.Parent).Where(id => id.Length > 0).Select(id => byId[id]);

        void AssertFrom(string name, string from)
        {
            Assert.NotEmpty(Named(name));
            Assert.All(Named(name).SelectMany(From), one => Assert.Equal(from, one.Name));
        }
    }

    [Fact]
    public async Task A_setting_that_is_no_address_is_said_at_the_start()
    {
        await using var community = new RunningCommunity();
        community.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector";
        community.Settings["Demo__Seed"] = "false";

        (await community.RunAsync()).AssertRefused("OTEL_EXPORTER_OTLP_ENDPOINT is collector; it must be an address such as http://localhost:4317.");
    }

    [Fact]
    public void While_nobody_listens_nothing_is_made()
    {
        List<LogEntry> group = [];
        Assert.False(Traces.AreHeard);
        Act(group);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Act(group);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Act(List<LogEntry> group)
        {
            using var commit = Traces.Commit(group);
            using var begun = Traces.Begin("post", System.Diagnostics.ActivityKind.Internal);
            using var feed = Traces.Continue("feed", default(System.Diagnostics.ActivityContext));
            using var push = Traces.Continue("push", from: null);
            using var part = Traces.Part("render");
            Measures.Stored(group);
            Measures.Delivered(7, "json");
            Measures.Failed("Nothing", 0);
        }
    }
}
