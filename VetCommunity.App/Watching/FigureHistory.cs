using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using VetCommunity.Core.Watching;

namespace VetCommunity.App.Watching;

/// <summary>
/// The measurements of the last day, minute by minute, for the administrators' page. It listens as any other program would, keeps a fixed number of minutes and asks nobody anything;
/// with the program it begins anew.
/// </summary>
sealed class FigureHistory : IDisposable
{
    /// <summary>A day.</summary>
    public const int Minutes = 24 * 60;
    const int MostFailures = 20;
    static readonly int Steps = Measures.Steps.Count + 1;

    readonly Lock _lock = new();
    readonly Minute[] _minutes = new Minute[Minutes];
    readonly int[] _durations = new int[Minutes * Steps];
    readonly Queue<FailedJob> _failures = new();
    readonly MeterListener _listener = new();
    readonly TimeProvider _clock;
    int _watchers, _circuits, _mails;

    public FigureHistory(Gauges gauges, TimeProvider clock, string meter = Measures.Name)
    {
        _clock = clock;
        Since = clock.GetUtcNow();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == gauges.Meter || (instrument.Meter.Name == meter && !instrument.IsObservable))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.SetMeasurementEventCallback<double>(Time);
        _listener.SetMeasurementEventCallback<int>(Gauge);
        _listener.Start();
    }

    /// <summary>Since when it has listened.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Reads what is open now.</summary>
    public void Look() => _listener.RecordObservableInstruments();

    /// <summary>Sums and peaks of the last minutes, this one included.</summary>
    public Figures Of(int minutes)
    {
        lock (_lock)
        {
            var now = Now();
            var sum = new Figures();
            var counts = new long[Steps];
            for (var minute = now - minutes + 1; minute <= now; minute++)
            {
                ref var one = ref _minutes[minute % Minutes];
                if (one.Stamp != minute)
                    continue;
                sum = new(sum.Posted + one.Posted, sum.Delivered + one.Delivered, sum.Failed + one.Failed,
                    Math.Max(sum.Watchers, one.Watchers), Math.Max(sum.Circuits, one.Circuits), Math.Max(sum.Mails, one.Mails));
                for (var step = 0; step < Steps; step++)
                    counts[step] += _durations[(minute % Minutes * Steps) + step];
            }
            return sum with { Within = Within(counts) };
        }
    }

    /// <summary>What is open or waits now.</summary>
    public (int Watchers, int Circuits, int Mails) Open()
    {
        lock (_lock)
            return (_watchers, _circuits, _mails);
    }

    /// <summary>How many messages were posted in each of the last minutes, the oldest first.</summary>
    public IReadOnlyList<long> Posted(int minutes)
    {
        lock (_lock)
        {
            var now = Now();
            return [.. Enumerable.Range(0, minutes).Select(i => now - minutes + 1 + i).Select(minute => _minutes[minute % Minutes] is var one && one.Stamp == minute ? one.Posted : 0)];
        }
    }

    /// <summary>What broke off last, the latest first.</summary>
    public IReadOnlyList<FailedJob> Failures()
    {
        lock (_lock)
            return [.. _failures.Reverse()];
    }

    public void Dispose() => _listener.Dispose();

    long Now() => _clock.GetUtcNow().ToUnixTimeSeconds() / 60;

    ref Minute This()
    {
        var now = Now();
        ref var minute = ref _minutes[now % Minutes];
        if (minute.Stamp != now)
        {
            minute = new() { Stamp = now, Watchers = _watchers, Circuits = _circuits, Mails = _mails };
            _durations.AsSpan((int)(now % Minutes) * Steps, Steps).Clear();
        }
        return ref minute;
    }

    void Count(Instrument instrument, long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        lock (_lock)
        {
            ref var minute = ref This();
            switch (instrument.Name)
            {
                case "vetcommunity.messages.posted":
                    minute.Posted += measurement;
                    break;
                case "vetcommunity.messages.delivered":
                    minute.Delivered += measurement;
                    break;
                case "vetcommunity.jobs.failed":
                    if (measurement == 0)
                        break;
                    minute.Failed += measurement;
                    if (_failures.Count == MostFailures)
                        _failures.Dequeue();
                    _failures.Enqueue(new(tags is [{ Value: string job }, ..] ? job : "", _clock.GetUtcNow()));
                    break;
            }
        }
    }

    void Time(Instrument instrument, double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        var step = 0;
        while (step < Measures.Steps.Count && measurement > Measures.Steps[step])
            step++;
        lock (_lock)
        {
            This();
            _durations[((int)(Now() % Minutes) * Steps) + step]++;
        }
    }

    void Gauge(Instrument instrument, int measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        lock (_lock)
        {
            ref var minute = ref This();
            switch (instrument.Name)
            {
                case "vetcommunity.watchers":
                    _watchers = measurement;
                    minute.Watchers = Math.Max(minute.Watchers, measurement);
                    break;
                case "vetcommunity.circuits":
                    _circuits = measurement;
                    minute.Circuits = Math.Max(minute.Circuits, measurement);
                    break;
                case "vetcommunity.mail.queued":
                    _mails = measurement;
                    minute.Mails = Math.Max(minute.Mails, measurement);
                    break;
            }
        }
    }

    // The step that 95 of 100 do not go beyond.
    static double? Within(long[] counts)
    {
        var all = counts.Sum();
        if (all == 0)
            return null;
        long seen = 0;
        for (var step = 0; step < Measures.Steps.Count; step++)
        {
            seen += counts[step];
            if (seen * 100 >= all * 95)
                return Measures.Steps[step];
        }
        return double.PositiveInfinity;
    }

    [StructLayout(LayoutKind.Auto)]
    struct Minute
    {
        public long Stamp;
        public long Posted;
        public long Delivered;
        public long Failed;
        public int Watchers;
        public int Circuits;
        public int Mails;
    }
}

/// <summary>Figures of some minutes.</summary>
/// <param name="Posted">Messages that were posted.</param>
/// <param name="Delivered">Messages that were pushed, each for every connection.</param>
/// <param name="Failed">Rounds of background work that broke off.</param>
/// <param name="Watchers">The most connections with a conversation open.</param>
/// <param name="Circuits">The most interactive pages.</param>
/// <param name="Mails">The most mails that waited.</param>
/// <param name="Within">Seconds within which 95 of 100 posts were acknowledged; null where there was none.</param>
sealed record Figures(long Posted = 0, long Delivered = 0, long Failed = 0, int Watchers = 0, int Circuits = 0, int Mails = 0, double? Within = null);

/// <summary>A round of background work that broke off.</summary>
/// <param name="Job">How the program calls it.</param>
/// <param name="At">When.</param>
readonly record struct FailedJob(string Job, DateTimeOffset At);
