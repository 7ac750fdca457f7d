using System.Diagnostics;
using System.Diagnostics.Metrics;
using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Watching;

/// <summary>
/// What the program counts of itself, for whoever listens to the meter <see cref="Name"/>. No measurement says who, where or what: its tags are words of the program, of which there are a handful.
/// </summary>
public static class Measures
{
    /// <summary>How the meter and the source of traces are called.</summary>
    public const string Name = "VetCommunity";

    /// <summary>Seconds at which the durations of posts are told apart.</summary>
    public static IReadOnlyList<double> Steps { get; } = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    static readonly Meter Meter = new(Name);
    static readonly Counter<long> PostedCounter = Meter.CreateCounter<long>("vetcommunity.messages.posted", "{message}", "Messages that were stored and acknowledged.");
    static readonly Counter<long> DeliveredCounter = Meter.CreateCounter<long>("vetcommunity.messages.delivered", "{message}", "New messages, each counted once for every connection to which it was pushed.");
    static readonly Histogram<double> Durations = Meter.CreateHistogram("vetcommunity.post.duration", "s", "From when a message is handed to the log until it is acknowledged.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Steps });
    static readonly Counter<long> FailedCounter = Meter.CreateCounter<long>("vetcommunity.jobs.failed", "{failure}", "Rounds of background work that broke off; the next one comes by itself.");
    static readonly Counter<long> SignalsCounter = Meter.CreateCounter<long>("vetcommunity.signals.refused", "{signal}", "Signals between browsers with sound and picture that were not passed on.");

    /// <summary>A signal between two browsers was not passed on.</summary>
    /// <param name="why">The rule's name, or that there is nobody.</param>
    public static void SignalRefused(string why) => SignalsCounter.Add(1, new KeyValuePair<string, object?>("vetcommunity.rule", why));

    /// <summary>Messages were pushed to so many connections.</summary>
    /// <param name="count">Messages times connections.</param>
    /// <param name="view">html or json.</param>
    public static void Delivered(long count, string view)
    {
        if (count > 0 && DeliveredCounter.Enabled)
            DeliveredCounter.Add(count, new KeyValuePair<string, object?>("vetcommunity.view", view));
    }

    /// <summary>A round of background work broke off.</summary>
    /// <param name="job">How the program calls it.</param>
    /// <param name="times">0 makes it known before it ever fails.</param>
    public static void Failed(string job, int times = 1) => FailedCounter.Add(times, new KeyValuePair<string, object?>("vetcommunity.job", job));

    /// <summary>A group was committed and its authors were answered.</summary>
    internal static void Stored(List<LogEntry> group)
    {
        if (!PostedCounter.Enabled && !Durations.Enabled)
            return;
        var now = Stopwatch.GetTimestamp();
        foreach (var entry in group)
        {
            foreach (var change in entry.Changes)
            {
                if (change.Kind != ChangeKind.Posted)
                    continue;
                PostedCounter.Add(1);
                Durations.Record(Stopwatch.GetElapsedTime(entry.Began, now).TotalSeconds);
            }
        }
    }
}
