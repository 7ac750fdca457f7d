using System.Diagnostics.Metrics;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using VetCommunity.App.Conversations;
using VetCommunity.App.Watching;
using VetCommunity.Core.Watching;
using Xunit;

namespace VetCommunity.Tests.Watching;

public sealed class KeepingFigures
{
    static readonly Gen<(int Kind, int Value, int Minutes)[]> Deeds = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 50], Gen.OneOf(Gen.Const(0), Gen.Const(0), Gen.Int[0, 3], Gen.Int[0, 1600])).Array[1, 60];

    [Fact]
    public void The_last_minutes_hours_and_the_day_are_what_was_measured_in_them()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var gauges = new Gauges(services.GetRequiredService<IMeterFactory>(), new Watchers(), new OpenCircuits());
        Deeds.Sample(deeds =>
        {
            var clock = new FakeTime();
            var name = Guid.NewGuid().ToString("N");
            using var meter = new Meter(name);
            using var history = new FigureHistory(gauges, clock, name);
            var posted = meter.CreateCounter<long>("vetcommunity.messages.posted");
            var delivered = meter.CreateCounter<long>("vetcommunity.messages.delivered");
            var failed = meter.CreateCounter<long>("vetcommunity.jobs.failed");
            var took = meter.CreateHistogram<double>("vetcommunity.post.duration");
            List<(long Minute, int Kind, int Value)> told = [];
            foreach (var (kind, value, minutes) in deeds)
            {
                clock.Advance(TimeSpan.FromMinutes(minutes));
                told.Add((Minute(clock), kind, value));
                switch (kind)
                {
                    case 0:
                        posted.Add(value);
                        break;
                    case 1:
                        delivered.Add(value);
                        break;
                    case 2:
                        failed.Add(value == 0 ? 0 : 1, new KeyValuePair<string, object?>("vetcommunity.job", "Some"));
                        break;
                    default:
                        took.Record(value / 1000d);
                        break;
                }
                foreach (var window in (int[])[1, 60, FigureHistory.Minutes])
                {
                    var inside = told.Where(one => one.Minute > Minute(clock) - window).ToList();
                    var found = history.Of(window);
                    Assert.Equal(inside.Where(one => one.Kind == 0).Sum(one => (long)one.Value), found.Posted);
                    Assert.Equal(inside.Where(one => one.Kind == 1).Sum(one => (long)one.Value), found.Delivered);
                    Assert.Equal(inside.Count(one => one is { Kind: 2, Value: > 0 }), found.Failed);
                    Assert.Equal(Within([.. inside.Where(one => one.Kind == 3).Select(one => one.Value / 1000d)]), found.Within);
                }
                Assert.Equal(Math.Min(20, told.Count(one => one is { Kind: 2, Value: > 0 })), history.Failures().Count);
                Assert.Equal(told.Where(one => one.Kind == 0 && one.Minute > Minute(clock) - 60).Sum(one => (long)one.Value), history.Posted(60).Sum());
            }
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void The_latest_failure_comes_first_and_old_ones_go()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var gauges = new Gauges(services.GetRequiredService<IMeterFactory>(), new Watchers(), new OpenCircuits());
        var name = Guid.NewGuid().ToString("N");
        using var meter = new Meter(name);
        using var history = new FigureHistory(gauges, new FakeTime(), name);
        var failed = meter.CreateCounter<long>("vetcommunity.jobs.failed");
        for (var i = 0; i < 25; i++)
            failed.Add(1, new KeyValuePair<string, object?>("vetcommunity.job", FormattableString.Invariant($"Job{i}")));

        Assert.Equal(Enumerable.Range(5, 20).Reverse().Select(i => FormattableString.Invariant($"Job{i}")), history.Failures().Select(one => one.Job));
    }

    [Fact]
    public void What_is_open_is_read_at_the_moment_of_looking()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var circuits = new OpenCircuits();
        using var gauges = new Gauges(services.GetRequiredService<IMeterFactory>(), new Watchers(), circuits);
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var other = new Gauges(others.GetRequiredService<IMeterFactory>(), new Watchers(), new OpenCircuits());
        var clock = new FakeTime();
        using var history = new FigureHistory(gauges, clock);
        circuits.Add(3);
        gauges.Mails = 7;
        history.Look();
        circuits.Add(-2);
        history.Look();

        Assert.Equal((0, 1, 7), history.Open());
        Assert.Equal((3, 7), (history.Of(1).Circuits, history.Of(1).Mails));
        clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal(0, history.Of(60).Circuits);
        Assert.Equal(3, history.Of(FigureHistory.Minutes).Circuits);
    }

    static long Minute(FakeTime clock) => clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    // The smallest step that at least 95 of 100 do not go beyond.
    static double? Within(double[] all) => all.Length == 0 ? null
        : Measures.Steps.Cast<double?>().FirstOrDefault(step => all.Count(one => one <= step) * 100 >= all.Length * 95) ?? double.PositiveInfinity;
}
