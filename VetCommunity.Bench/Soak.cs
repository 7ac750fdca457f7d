using System.Diagnostics;

namespace VetCommunity.Bench;

/// <summary>
/// Ten minutes of a community's evening: 500 members in 25 rooms, twenty messages a second, and every minute a fifth of the members lose their line and come back. What the server
/// still holds afterwards, once everything is collected that can be, must be what it held after the first minute. See docs/measurements.md.
/// </summary>
sealed class Soak
{
    const int Rooms = 25;
    const int PerSecond = 20;
    const int Fifth = 5;
    readonly Figures _figures;
    readonly int _members;
    readonly int _minutes;
    readonly TimeSpan _minute;

    Soak(bool quick, Figures figures)
    {
        _figures = figures;
        (_members, _minutes, _minute) = quick ? (100, 4, TimeSpan.FromSeconds(10)) : (500, 10, TimeSpan.FromMinutes(1));
    }

    public static Task<int> RunAsync(bool quick) => Figures.MeasureAsync("soak", (folder, figures) => new Soak(quick, figures).MeasureAsync(folder));

    async Task MeasureAsync(string folder)
    {
        var tokens = await MakeWorldAsync(folder);
        var heap = new Heap(Path.Combine(folder, "heap"));
        using var server = await Community.StartAsync(folder, tokens, heap.Settings);
        await server.FillAsync([.. Enumerable.Range(1, Rooms).Select(number => (BenchWorld.RoomOf(number), _members / Rooms))]);
        using var pings = new Timer(_ => _ = server.PingAsync(), null, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(8));
        List<double> held = [];
        for (var minute = 1; minute <= _minutes; minute++)
        {
            var watch = Stopwatch.StartNew();
            await server.ReplaceAsync(Fifth, minute % Fifth);
            var left = _minute - watch.Elapsed;
            var outcome = await Load.RunAsync(server, PerSecond, left > TimeSpan.FromSeconds(2) ? left : TimeSpan.FromSeconds(2));
            if (!outcome.IsComplete)
                throw new InvalidOperationException($"Minute {minute}: not every message came to everybody.");
            held.Add(await heap.AfterCollectingAsync() / 1048576.0);
            Figures.Note($"minute {minute}: {held[^1]:F1} MiB held after everything was collected, {server.Server.ResidentBytes / 1048576.0:F0} MiB resident, p50 {outcome.Median:F0} ms, p99 {outcome.P99:F0} ms");
        }
        // The first minute compiles and fills the caches that are meant to be full.
        _figures.AtMost($"memory held after minute {_minutes}, of that after minute 2", held[^1] / held[1], 1.1);
    }

    async Task<List<string>> MakeWorldAsync(string folder)
    {
        var world = await BenchWorld.MakeInAsync(folder, _members);
        await world.MakeRoomsAsync(Rooms);
        return await world.MakeTokensAsync();
    }
}
