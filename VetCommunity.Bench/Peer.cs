using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VetCommunity.Bench;

/// <summary>A server under measure, with the people who watch its rooms.</summary>
abstract class Peer(string name, ServerProcess server) : IDisposable
{
    const int AtOnce = 16;
    readonly List<Room> _rooms = [];

    public string Name => name;
    public ServerProcess Server => server;
    public IReadOnlyList<Room> Rooms => _rooms;

    /// <summary>Opens a connection that watches a room.</summary>
    protected abstract Task<Watcher> WatchAsync(Room room, int member);

    /// <summary>Posts and answers with the number by which watchers will hear of it, once the server has answered.</summary>
    public abstract Task<long> PostAsync(Room room, Watcher author, long proposed);

    /// <summary>Fills rooms with watchers, the members one after the other.</summary>
    public async Task FillAsync(IReadOnlyList<(string Slug, int Watchers)> rooms)
    {
        await EmptyAsync();
        var member = 0;
        var all = rooms.SelectMany(one =>
        {
            var room = new Room(one.Slug);
            _rooms.Add(room);
            return Enumerable.Range(0, one.Watchers).Select(_ => (Room: room, Member: member++));
        }).ToList();
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) =>
        {
            var watcher = await WatchAsync(one.Room, one.Member);
            lock (one.Room.Watchers)
                one.Room.Watchers.Add(watcher);
        });
    }

    /// <summary>A part of the watchers of each room lose their line, and come back.</summary>
    /// <param name="parts">In how many parts they are.</param>
    /// <param name="which">Whose turn it is.</param>
    public async Task ReplaceAsync(int parts, int which)
    {
        var member = 0;
        List<(Room Room, int Place, int Member)> gone = [];
        foreach (var room in _rooms)
        {
            for (var place = 0; place < room.Watchers.Count; place++, member++)
            {
                if (place % parts != which)
                    continue;
                room.Watchers[place].Dispose();
                gone.Add((room, place, member));
            }
        }
        await Parallel.ForEachAsync(gone, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => one.Room.Watchers[one.Place] = await WatchAsync(one.Room, one.Member));
    }

    public virtual Task EmptyAsync()
    {
        foreach (var watcher in _rooms.SelectMany(room => room.Watchers))
            watcher.Dispose();
        _rooms.Clear();
        return Task.CompletedTask;
    }

    public async Task PingAsync()
    {
        foreach (var watcher in _rooms.SelectMany(room => room.Watchers).ToList())
            await watcher.PingAsync();
    }

    public virtual void Dispose()
    {
        foreach (var watcher in _rooms.SelectMany(room => room.Watchers))
            watcher.Dispose();
        server.Dispose();
    }
}

/// <summary>A room and how far its numbers have come.</summary>
sealed class Room(string slug)
{
    public string Slug => slug;
    public List<Watcher> Watchers { get; } = [];
    public long Last { get; set; }
}

/// <summary>The community's server: members log in with their tokens and watch in the <c>html:en</c> view.</summary>
sealed class Community(ServerProcess server, Uri hub, IReadOnlyList<string> tokens) : Peer("VetCommunity", server)
{
    static readonly byte[] Fragments = "{\"type\":1,\"target\":\"Fragments\""u8.ToArray();
    static readonly string Markdown = JsonSerializer.Serialize(BenchWorld.Text);
    readonly Lock _seeing = new();
    long _posted;

    /// <summary>Where its hub is.</summary>
    public Uri Hub => hub;

    /// <summary>Starts the server on what is in this folder.</summary>
    public static async Task<Community> StartAsync(string folder, IReadOnlyList<string> tokens, params (string Key, string Value)[] settings)
    {
        var port = ServerProcess.FreePort();
        return new(await ServerProcess.StartAsync(ServerProcess.Community(folder, port, settings), "VetCommunity listens on"), new($"http://localhost:{port}/hubs/conversations"), tokens);
    }

    /// <summary>Characters of the html that one message became.</summary>
    public int HtmlLength { get; private set; }

    protected override async Task<Watcher> WatchAsync(Room room, int member)
    {
        var client = await HubClient.ConnectAsync(hub, tokens[member]);
        var watcher = new Watcher(client, inOrder: true, client.PingAsync);
        client.OnHeard = json =>
        {
            if (!json.StartsWith(Fragments))
                return;
            if (HtmlLength == 0)
                See(json);
            for (int at; (at = json.IndexOf("\"seq\":"u8)) >= 0;)
            {
                json = json[(at + 6)..];
                watcher.Heard(Number(json));
            }
        };
        // As the page's script does: what is new since the page was made, then what changed.
        var slug = JsonSerializer.Serialize(room.Slug);
        var after = room.Last.ToString(CultureInfo.InvariantCulture);
        var opened = await client.CallAsync("Open", $"""{slug},{after},"html:en" """);
        await client.CallAsync("Changes", $"""{slug},{opened.GetProperty("version").GetInt64().ToString(CultureInfo.InvariantCulture)},"html:en" """);
        lock (room.Watchers)
            room.Last = Math.Max(room.Last, opened.GetProperty("lastSeq").GetInt64());
        return watcher;
    }

    public override async Task<long> PostAsync(Room room, Watcher author, long proposed)
    {
        var key = Interlocked.Increment(ref _posted).ToString(CultureInfo.InvariantCulture);
        var receipt = await ((HubClient)author.Connection).CallAsync("Post",
            $$"""{"conversation":"{{room.Slug}}","clientKey":"bench-{{key}}","topic":null,"markdown":{{Markdown}},"replyToSeq":null,"attachments":null}""");
        return receipt.GetProperty("seq").GetInt64();
    }

    // Once in full: it is the message, rendered and sanitised, and not merely a number.
    void See(ReadOnlySpan<byte> json)
    {
        lock (_seeing)
        {
            if (HtmlLength > 0)
                return;
            var html = JsonElement.Parse(json).GetProperty("arguments")[0][0].GetProperty("html").GetString()!;
            if (!html.Contains("<strong>shares</strong>", StringComparison.Ordinal))
                throw new InvalidOperationException("Not the message: " + html);
            HtmlLength = html.Length;
        }
    }

    internal static long Number(ReadOnlySpan<byte> text)
    {
        long number = 0;
        foreach (var letter in text)
        {
            if (letter is < (byte)'0' or > (byte)'9')
                break;
            number = (number * 10) + letter - '0';
        }
        return number;
    }
}

/// <summary>The bare hub that says strings as long as the community's html.</summary>
sealed class Floor(ServerProcess server, Uri hub, int length) : Peer("bare SignalR", server)
{
    static readonly byte[] Said = "{\"type\":1,\"target\":\"Said\",\"arguments\":[\""u8.ToArray();
    readonly string _rest = " " + new string('x', Math.Max(1, length - 11));

    /// <summary>Starts one in a process of its own.</summary>
    public static async Task<Floor> StartAsync(int length)
    {
        var port = ServerProcess.FreePort();
        return new(await ServerProcess.StartAsync(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VetCommunity.Bench.dll"), "bare-hub", $"http://localhost:{port}"]), BareHub.Ready),
            new($"http://localhost:{port}/hub"), length);
    }

    protected override async Task<Watcher> WatchAsync(Room room, int member)
    {
        var client = await HubClient.ConnectAsync(hub, token: null);
        var watcher = new Watcher(client, inOrder: false, client.PingAsync);
        client.OnHeard = json =>
        {
            if (json.StartsWith(Said))
                watcher.Heard(Community.Number(json[Said.Length..]));
        };
        await client.CallAsync("Open", $"\"{room.Slug}\"");
        return watcher;
    }

    public override async Task<long> PostAsync(Room room, Watcher author, long proposed)
    {
        var text = new StringBuilder("\"").Append(room.Slug).Append("\",\"").Append(CultureInfo.InvariantCulture, $"{proposed:D10}").Append(_rest).Append('"');
        await ((HubClient)author.Connection).CallAsync("Say", text.ToString());
        return proposed;
    }
}
