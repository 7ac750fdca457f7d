namespace VetCommunity.Bench;

/// <summary>
/// Rooms full of people at a steady rate of messages: the community's server against a bare SignalR hub, in turns, each in a process
/// of its own. See docs/measurements.md for what each figure means.
/// </summary>
sealed class RoomLoad
{
    const int SmallRooms = 20;
    const string BigRoom = "bench";
    static readonly int[] Ladder = [40, 60, 80, 100, 120, 160, 200, 260, 320, 420, 540, 700];
    // Within which a server that is left alone has given back what it does not need.
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    readonly Figures _figures;
    readonly bool _ejabberd;
    readonly int _watchers;
    readonly int _rounds;
    readonly TimeSpan _time;

    RoomLoad(bool quick, bool ejabberd, Figures figures)
    {
        _figures = figures;
        _ejabberd = ejabberd;
        (_watchers, _rounds, _time) = quick ? (200, 2, TimeSpan.FromSeconds(3)) : (1000, 3, TimeSpan.FromSeconds(6));
    }

    public static Task<int> RunAsync(bool quick, bool ejabberd) => Figures.MeasureAsync("rooms", (folder, figures) => new RoomLoad(quick, ejabberd, figures).MeasureAsync(folder));

    async Task MeasureAsync(string folder)
    {
        var tokens = await MakeWorldAsync(folder);
        using var ours = await Community.StartAsync(folder, tokens);
        await MemoryAsync(ours);
        await Load.RunAsync(ours, 20, TimeSpan.FromSeconds(1));
        Figures.Note($"{_watchers} watchers; a message of {BenchWorld.Text.Length} characters becomes {ours.HtmlLength} of html; in turns, each in a process of its own");
        using var floor = await Floor.StartAsync(ours.HtmlLength);
        await floor.FillAsync([(BigRoom, _watchers)]);
        using var pings = new Timer(_ => _ = Task.WhenAll(ours.PingAsync(), floor.PingAsync()), null, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(8));

        // Until the busy methods are compiled at their best; a server that has run for a minute is past it.
        foreach (var peer in (Peer[])[ours, floor])
            await Load.RunAsync(peer, 60, _time * 2);
        var slow = await CompareAsync(ours, floor, 20);
        _figures.AtLeast("deliveries a CPU second, 1 room, 20 messages a second, of bare SignalR's", slow, 0.8, 1.3);
        _figures.AtLeast("deliveries a CPU second, 1 room, 80 messages a second, of bare SignalR's", await CompareAsync(ours, floor, 80), 2, 3);
        var (highest, floorsHighest) = (await HighestAsync(ours), await HighestAsync(floor));
        _figures.AtLeast("highest deliveries a second with p99 under 250 ms, of bare SignalR's", (double)highest / floorsHighest, 1);

        if (_ejabberd)
        {
            using var ejabberd = await Ejabberd.StartAsync(folder);
            await ejabberd.FillAsync([(BigRoom, _watchers)]);
            await Load.RunAsync(ejabberd, 20, _time);
            _figures.AtLeast("deliveries a CPU second, 1 room, 20 messages a second, of ejabberd's", await CompareAsync(ours, ejabberd, 20), 2.5, 4);
        }

        var small = Enumerable.Range(1, SmallRooms).Select(n => (BenchWorld.RoomOf(n), _watchers / SmallRooms)).ToList();
        await ours.FillAsync(small);
        await floor.FillAsync(small);
        foreach (var peer in (Peer[])[ours, floor])
            await Load.RunAsync(peer, 400, _time * 2);
        _figures.AtLeast($"deliveries a CPU second, {SmallRooms} rooms, 20 messages a second in each, of bare SignalR's", await CompareAsync(ours, floor, SmallRooms * 20), 0.8);
        Figures.Note($"resident {ours.Server.ResidentBytes / 1048576.0:F0} MiB, {ours.Server.ProportionalBytes / 1048576.0:F0} of them its own share (PSS)");
        await Task.Delay(Quiet);
        _figures.AtMost($"MiB of the server's memory (PSS) {Quiet.TotalSeconds} s after all this, {_watchers} watchers still there", ours.Server.ProportionalBytes / 1048576.0, 233, 160);
    }

    async Task<double> CompareAsync(Peer ours, Peer floor, int perSecond)
    {
        List<double> mine = [], theirs = [];
        for (var round = 0; round < _rounds; round++)
        {
            mine.Add((await StepAsync(ours, perSecond, _time)).PerCpuSecond);
            theirs.Add((await StepAsync(floor, perSecond, _time)).PerCpuSecond);
        }
        return Figures.Median(mine) / Figures.Median(theirs);
    }

    static async Task<Outcome> StepAsync(Peer peer, int perSecond, TimeSpan time)
    {
        var outcome = await Load.RunAsync(peer, perSecond, time);
        Figures.Note($"{peer.Name,-14} {peer.Rooms.Count,2} x {peer.Rooms[0].Watchers.Count,-4} {perSecond,4}/s: {outcome.PerCpuSecond,8:N0} deliveries a CPU second ({1_000_000 / outcome.PerCpuSecond:F1} us each), p50 {outcome.Median:F0} ms, p99 {outcome.P99:F0} ms, generator {outcome.Generator:P0} of a core");
        return outcome;
    }

    async Task<int> HighestAsync(Peer peer)
    {
        var best = 0;
        foreach (var perSecond in Ladder)
        {
            var outcome = await StepAsync(peer, perSecond, _time / 2);
            if (outcome.P99 >= 250)
                break;
            best = perSecond * peer.Rooms[0].Watchers.Count;
        }
        Figures.Note($"{peer.Name}: highest {best:N0} deliveries a second");
        return best;
    }

    async Task MemoryAsync(Community ours)
    {
        // What the first visitors load and compile is not the members' weight.
        await ours.FillAsync([(BigRoom, _watchers / 10)]);
        await Load.RunAsync(ours, 20, TimeSpan.FromSeconds(2));
        await ours.EmptyAsync();
        await Task.Delay(TimeSpan.FromSeconds(4));
        var before = ours.Server.ResidentBytes;
        await ours.FillAsync([(BigRoom, _watchers)]);
        await Task.Delay(TimeSpan.FromSeconds(8));
        var growth = (ours.Server.ResidentBytes - before) / 1024.0 / _watchers;
        Figures.Note($"server {before / 1048576.0:F0} MiB without watchers, {ours.Server.ResidentBytes / 1048576.0:F0} MiB with {_watchers}");
        _figures.AtMost("KiB of the server's memory for a member with the room open", growth, 64, 40);
    }

    async Task<List<string>> MakeWorldAsync(string folder)
    {
        var world = await BenchWorld.MakeInAsync(folder, _watchers);
        await world.MakeRoomAsync(BigRoom, world.Actors);
        await world.MakeRoomsAsync(SmallRooms);
        return await world.MakeTokensAsync();
    }
}
