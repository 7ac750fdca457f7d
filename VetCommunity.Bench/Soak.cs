using System.Diagnostics;
using VetCommunity.Core.Data;
using VetCommunity.Core.Operation;

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
    readonly Figures _figures = new();
    readonly int _members;
    readonly int _minutes;
    readonly TimeSpan _minute;

    Soak(bool quick) => (_members, _minutes, _minute) = quick ? (100, 4, TimeSpan.FromSeconds(10)) : (500, 10, TimeSpan.FromMinutes(1));

    public static async Task<int> RunAsync(bool quick)
    {
        var folder = Directory.CreateTempSubdirectory("vet-soak-").FullName;
        try
        {
            var soak = new Soak(quick);
            await soak.MeasureAsync(folder);
            soak._figures.Print();
            return soak._figures.AllReached ? 0 : 1;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    static string RoomOf(int number) => FormattableString.Invariant($"bench-{number}");

    async Task MeasureAsync(string folder)
    {
        var tokens = await MakeWorldAsync(folder);
        var port = ServerProcess.FreePort();
        var heap = new Heap(Path.Combine(folder, "heap"));
        using var server = new Community(await ServerProcess.StartAsync(ServerProcess.Community(folder, port, heap.Settings), "VetCommunity listens on"), new($"http://localhost:{port}/hubs/conversations"), tokens);
        await server.FillAsync([.. Enumerable.Range(1, Rooms).Select(number => (RoomOf(number), _members / Rooms))]);
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
        using var data = new DataFolder(Path.Combine(folder, "data"));
        data.Create();
        var world = await BenchWorld.MakeAsync(CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(data.DatabaseFile)), _members);
        foreach (var (number, members) in world.Actors.Chunk(_members / Rooms).Index())
            await world.MakeRoomAsync(RoomOf(number + 1), members);
        return await world.MakeTokensAsync();
    }
}
