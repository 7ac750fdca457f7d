using System.Globalization;
using System.Text.Json;

namespace VetCommunity.Bench;

/// <summary>
/// A community whose server may not take more than 300 MB for what it keeps: 500 members in 25 rooms at 100 messages a second, 500 more lines that only listen, then 460 members who read
/// pages of the longest texts without a pause. It may be slow or refuse; it may not end. See docs/measurements.md.
/// </summary>
sealed class Capped
{
    const int Members = 500;
    const int Rooms = 25;
    const int PerSecond = 100;
    const int Readers = 460;
    const string LongRoom = "bench-long";
    const string HeapBytesInHex = "12C00000";
    readonly Figures _figures;
    readonly TimeSpan _time;

    Capped(bool quick, Figures figures) => (_time, _figures) = (TimeSpan.FromSeconds(quick ? 10 : 60), figures);

    public static Task<int> RunAsync(bool quick) => Figures.MeasureAsync("capped", (folder, figures) => new Capped(quick, figures).MeasureAsync(folder));

    async Task MeasureAsync(string folder)
    {
        var tokens = await MakeWorldAsync(folder);
        using var server = await Community.StartAsync(folder, tokens, ("DOTNET_GCHeapHardLimit", HeapBytesInHex));
        var hub = server.Hub;
        await server.FillAsync([.. Enumerable.Range(1, Rooms).Select(number => (BenchWorld.RoomOf(number), Members / Rooms))]);
        await WriteLongTextsAsync(hub, tokens[0]);
        var idle = new List<HubClient>();
        foreach (var token in tokens)
            idle.Add(await HubClient.ConnectAsync(hub, token));
        using var pings = new Timer(_ => _ = Task.WhenAll([server.PingAsync(), .. idle.Select(one => one.PingAsync())]), null, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(8));

        var before = await LoadAsync(server, "before");
        using var over = new CancellationTokenSource(_time);
        var readers = await Task.WhenAll(tokens.Take(Readers).Select(token => ReadAsync(hub, token, over.Token)));
        Figures.Note($"{Readers} readers without a pause: {readers.Sum(one => one.Answered)} pages, {readers.Sum(one => one.Refused)} refused, {server.Server.ResidentBytes / 1048576.0:F0} MiB resident");
        var after = await LoadAsync(server, "after");
        _figures.AtLeast("pages that came while 460 read at once, each", readers.Min(one => one.Answered), 1);
        _figures.AtLeast("of the messages a CPU second, as before the readers", after.PerCpuSecond / before.PerCpuSecond, 0.8);
        idle.ForEach(one => one.Dispose());
    }

    async Task<Outcome> LoadAsync(Community server, string when)
    {
        var outcome = await Load.RunAsync(server, PerSecond, _time);
        if (!outcome.IsComplete)
            throw new InvalidOperationException($"{when}: not every message came to everybody.");
        Figures.Note($"{when}: {PerSecond} messages a second in {Rooms} rooms, p50 {outcome.Median:F0} ms, p99 {outcome.P99:F0} ms, {server.Server.ResidentBytes / 1048576.0:F0} MiB resident");
        return outcome;
    }

    static async Task<(int Answered, int Refused)> ReadAsync(Uri hub, string token, CancellationToken over)
    {
        using var reader = await HubClient.ConnectAsync(hub, token);
        var (answered, refused) = (0, 0);
        while (!over.IsCancellationRequested || answered == 0)
        {
            try
            {
                var page = await reader.CallAsync("Older", $"\"{LongRoom}\",1000000,\"html:en\"");
                answered += page.GetProperty("messages").GetArrayLength() > 0 ? 1 : 0;
            }
            catch (InvalidOperationException)
            {
                refused++;
            }
        }
        return (answered, refused);
    }

    static async Task WriteLongTextsAsync(Uri hub, string token)
    {
        using var author = await HubClient.ConnectAsync(hub, token);
        var words = string.Join(' ', Enumerable.Range(1, 1500).Select(n => string.Create(CultureInfo.InvariantCulture, $"**w{n}**")));
        for (var n = 0; n < 50; n++)
            await author.CallAsync("Post", $$"""{"conversation":"{{LongRoom}}","clientKey":"long-{{n.ToString(CultureInfo.InvariantCulture)}}","topic":null,"markdown":{{JsonSerializer.Serialize(words[..9000])}},"replyToSeq":null,"attachments":null}""");
    }

    static async Task<List<string>> MakeWorldAsync(string folder)
    {
        var world = await BenchWorld.MakeInAsync(folder, Members);
        await world.MakeRoomsAsync(Rooms);
        await world.MakeRoomAsync(LongRoom, world.Actors);
        return await world.MakeTokensAsync();
    }
}
