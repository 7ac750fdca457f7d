using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using VetCommunity.Core.Data;
using VetCommunity.Core.Operation;

namespace VetCommunity.Bench;

/// <summary>
/// The community's server with a heap that cannot grow beyond a limit, under more than it was made for: a full room whose members post long messages and read
/// pages of them without a pause. It may be slow and it may refuse; afterwards it answers as before, and has what it acknowledged.
/// </summary>
sealed class MemoryLoad(int megabytes)
{
    const string Room = "bench";
    const int Watchers = 500;
    const int Authors = 40;
    static readonly TimeSpan Time = TimeSpan.FromSeconds(30);
    static readonly string Long = JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("**Words** without end, and a [link](https://vet.example). ", 160)));
    readonly Figures _figures = new();
    int _acknowledged;
    int _refused;
    int _read;

    public static async Task<int> RunAsync(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("vet-memory-").FullName;
        try
        {
            var load = new MemoryLoad(megabytes);
            await load.MeasureAsync(folder);
            load._figures.Print();
            return load._figures.AllReached ? 0 : 1;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    async Task MeasureAsync(string folder)
    {
        using var data = new DataFolder(Path.Combine(folder, "data"));
        data.Create();
        var world = await BenchWorld.MakeAsync(CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(data.DatabaseFile)), Watchers);
        await world.MakeRoomAsync(Room, world.Actors);
        var tokens = await world.MakeTokensAsync();
        var port = ServerProcess.FreePort();
        using var server = await ServerProcess.StartAsync(ServerProcess.Community(folder, port,
            ("DOTNET_GCHeapHardLimit", (megabytes * 1024L * 1024).ToString("X", CultureInfo.InvariantCulture))), "VetCommunity listens on");
        var hub = new Uri($"http://localhost:{port}/hubs/conversations");
        var people = new List<HubClient>();
        for (var member = 0; member < Watchers; member++)
        {
            people.Add(await HubClient.ConnectAsync(hub, tokens[member]));
            await people[^1].CallAsync("Open", $"\"{Room}\",null,\"html:en\"");
        }
        Figures.Note($"{Watchers} watchers, {server.ResidentBytes / 1048576} MiB resident before, heap of {megabytes} MB");

        var end = Stopwatch.StartNew();
        await Task.WhenAll(people.Select((one, number) => number < Authors ? PostAsync(one, number, end) : ReadAsync(one, end)));
        Figures.Note($"in {Time.TotalSeconds:F0} s {_acknowledged} long messages acknowledged, {_read} pages of 50 read, {_refused} refused or lost; {server.ResidentBytes / 1048576} MiB resident at the end");
        people.ForEach(one => one.Dispose());

        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = TimeSpan.FromSeconds(30) };
        _figures.AtLeast("the server lives and is ready after it (1 is yes)", (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK ? 1 : 0, 1);
        using var again = await HubClient.ConnectAsync(hub, tokens[0]);
        var opened = await again.CallAsync("Open", $"\"{Room}\",null,\"json\"");
        _figures.AtLeast("of the messages that it acknowledged it has", opened.GetProperty("lastSeq").GetInt64() >= _acknowledged ? 1 : 0, 1);
        await again.CallAsync("Post", Post("after", "\"And on it goes\""));
    }

    async Task PostAsync(HubClient who, int number, Stopwatch watch)
    {
        for (var n = 0; watch.Elapsed < Time; n++)
            await CountAsync(who, "Post", Post(FormattableString.Invariant($"{number}-{n}"), Long), () => Interlocked.Increment(ref _acknowledged));
    }

    async Task ReadAsync(HubClient who, Stopwatch watch)
    {
        while (watch.Elapsed < Time)
            await CountAsync(who, "Older", $"\"{Room}\",{long.MaxValue.ToString(CultureInfo.InvariantCulture)},\"html:en\"", () => Interlocked.Increment(ref _read));
    }

    async Task CountAsync(HubClient who, string call, string arguments, Action good)
    {
        try
        {
            await who.CallAsync(call, arguments).WaitAsync(Time);
            good();
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or System.Net.Sockets.SocketException or TimeoutException)
        {
            Interlocked.Increment(ref _refused);
            await Task.Delay(100);
        }
    }

    static string Post(string key, string text) =>
        $$"""{"conversation":"{{Room}}","clientKey":"{{key}}","topic":null,"markdown":{{text}},"replyToSeq":null,"attachments":null}""";
}
