using System.Diagnostics;

namespace VetCommunity.Bench;

/// <summary>What a load did.</summary>
/// <param name="Deliveries">Messages times watchers, each seen once.</param>
/// <param name="Cpu">The server's CPU time over the whole load, the answering of its authors included.</param>
/// <param name="Median">Milliseconds from the moment a message was due to its arrival.</param>
/// <param name="P99">The same; infinite where something is missing.</param>
/// <param name="Generator">The share of one core that the authors and watchers took.</param>
sealed record Outcome(long Deliveries, TimeSpan Cpu, double Median, double P99, double Generator)
{
    public double PerCpuSecond => Deliveries / Cpu.TotalSeconds;
    public bool IsComplete => !double.IsPositiveInfinity(P99);
}

/// <summary>Messages at a steady rate, in turn to each room; no author waits for the answer to the one before.</summary>
static class Load
{
    const int AuthorsOfARoom = 20;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    public static async Task<Outcome> RunAsync(Peer peer, int perSecond, TimeSpan time)
    {
        var count = (int)(perSecond * time.TotalSeconds) / peer.Rooms.Count * peer.Rooms.Count;
        foreach (var room in peer.Rooms)
            room.Watchers.ForEach(watcher => watcher.Begin(room.Last + 1, count / peer.Rooms.Count));
        using var generator = Process.GetCurrentProcess();
        var (cpu, own, watch) = (peer.Server.Cpu, generator.TotalProcessorTime, Stopwatch.StartNew());

        var due = new long[count];
        var posts = new Task<long>[count];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            due[i] = start + ((long)i * Stopwatch.Frequency / perSecond);
            while (Stopwatch.GetTimestamp() < due[i])
                await Task.Delay(1);
            var room = peer.Rooms[i % peer.Rooms.Count];
            var turn = i / peer.Rooms.Count;
            posts[i] = peer.PostAsync(room, room.Watchers[turn % Math.Min(AuthorsOfARoom, room.Watchers.Count)], room.Last + 1 + turn);
        }
        var numbers = await Task.WhenAll(posts).WaitAsync(TimeSpan.FromMinutes(1));
        var limit = Stopwatch.GetTimestamp() + (long)(Grace.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < limit && peer.Rooms.Any(room => room.Watchers.Exists(watcher => watcher.Count < count / peer.Rooms.Count)))
            await Task.Delay(5);

        generator.Refresh();
        var (spent, share) = (peer.Server.Cpu - cpu, (generator.TotalProcessorTime - own) / watch.Elapsed);
        foreach (var room in peer.Rooms)
            room.Last += count / peer.Rooms.Count;
        return Count(peer, due, numbers, spent, share);
    }

    static Outcome Count(Peer peer, long[] due, long[] numbers, TimeSpan cpu, double share)
    {
        var late = new List<double>();
        var missing = 0;
        for (var i = 0; i < due.Length; i++)
        {
            foreach (var watcher in peer.Rooms[i % peer.Rooms.Count].Watchers)
            {
                var at = watcher.At(numbers[i]);
                if (at == 0)
                    missing++;
                else
                    late.Add(Stopwatch.GetElapsedTime(due[i], at).TotalMilliseconds);
            }
        }
        if (peer.Rooms.SelectMany(room => room.Watchers).Any(watcher => watcher.IsBroken))
            throw new InvalidOperationException($"{peer.Name}: a watcher saw a gap, a double or a wrong order.");
        late.Sort();
        return new(late.Count, cpu, late.Count > 0 ? late[late.Count / 2] : double.PositiveInfinity, missing == 0 ? late[(int)(late.Count * 0.99)] : double.PositiveInfinity, share);
    }
}
