using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace VetCommunity.Bench;

/// <summary>
/// A live session with five hundred who watch: slides that the trainer turns, against a bare SignalR hub that broadcasts strings of the same length, in turns, each in a process of its own; and what a long log costs
/// those who come late and those who see it again. See docs/measurements.md for what each figure means.
/// </summary>
sealed class StageLoad(Figures figures, bool quick)
{
    const string Long = "long", Short = "short", Watched = "watched";
    const int Few = 2_000, Many = 200_000;
    // Turned to the end and back: 20 moves each way.
    const int Slides = 21;
    readonly int _watchers = quick ? 100 : 500;
    readonly int _rounds = quick ? 2 : 5;
    readonly int _polls = quick ? 2 : 5;

    public static Task<int> RunAsync(bool quick) => Figures.MeasureAsync("stage", (folder, figures) => new StageLoad(figures, quick).MeasureAsync(folder));

    async Task MeasureAsync(string folder)
    {
        var world = await BenchWorld.MakeInAsync(folder, _watchers + 1);
        var sessions = world.Sessions;
        // One more, for the server that is killed.
        await sessions.BeginAsync(Watched, Slides, _polls + 1);
        foreach (var (slug, events) in ((string, int)[])[(Short, Few), (Long, Many)])
        {
            await sessions.BeginAsync(slug, Slides);
            await sessions.LogAsync(slug, events);
        }
        await world.GivePasswordAsync();
        var tokens = await world.MakeTokensAsync();
        var port = ServerProcess.FreePort();
        var server = await ServerProcess.StartAsync(ServerProcess.Community(folder, port), "VetCommunity listens on");
        using var trainer = new HttpClient { BaseAddress = new($"http://localhost:{port}") };
        trainer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens[0]);
        using var ours = new Stage(server, new($"http://localhost:{port}/hubs/conversations"), trainer, tokens);
        await ours.FillAsync([(await ours.RoomAsync(), _watchers)]);
        // The longest of the moves that are turned to and fro.
        var length = (await ours.MovesAsync(_rounds * 2)).Length;
        using var floor = await Floor.StartAsync(length);
        await floor.FillAsync([(Watched, _watchers)]);
        Figures.Note($"{_watchers} watchers; a slide becomes {length} characters of html");

        List<Moves> mine = [], theirs = [];
        await FloorMovesAsync(floor, _rounds * 2);
        for (var round = 0; round < _rounds; round++)
        {
            mine.Add(await ours.MovesAsync(1));
            theirs.Add(await FloorMovesAsync(floor, 1));
            Figures.Note($"p99 {mine[^1].P99:F1} ms and {theirs[^1].P99:F1} ms, CPU {mine[^1].Cpu * 1000:F1} us and {theirs[^1].Cpu * 1000:F1} us a delivery");
        }
        figures.AtMost("p99 from the trainer's press to a watcher's page, of the bare hub's", Figures.Median(mine.Select(one => one.P99)) / Figures.Median(theirs.Select(one => one.P99)), 1.5);
        figures.AtMost("server's CPU a delivered change, of a bare broadcast of as many characters", Figures.Median(mine.Select(one => one.Cpu)) / Figures.Median(theirs.Select(one => one.Cpu)), 1.5);
        List<Poll> polls = [];
        for (var number = 1; number <= _polls; number++)
        {
            polls.Add(await ours.PollAsync(number));
            Figures.Note($"poll {number}: {polls[^1].Answered} of {_watchers} counted, {polls[^1].Redraws:F1} redraws a second, p99 of an answer {polls[^1].P99:F1} ms, the last page has all after {polls[^1].Whole:F0} ms");
        }
        figures.AtLeast($"answers counted once each, of {_watchers} in 10 s of which every tenth is sent twice, in the worst of {_polls} polls", polls.Min(poll => poll.Answered <= _watchers ? (double)poll.Answered / _watchers : 0), 1);
        figures.AtMost("redraws of the results a second, on the page that was redrawn most often", polls.Max(poll => poll.Redraws), 5);
        using var member = new HttpClient { BaseAddress = trainer.BaseAddress };
        await Forms.LogInAsync(member, BenchWorld.EmailOf(1));
        await LogsAsync(member, "running", ("what one who comes late is told", "/sessions/{0}/stage/now"), ("the stage's page", "/sessions/{0}/stage"));
        await sessions.EndAsync(Short);
        await sessions.EndAsync(Long);
        await LogsAsync(member, "ended", ("the replay's page", "/sessions/{0}/replay"), ("a moment of the replay", "/sessions/{0}/replay/at?seconds=7000"));
        await ours.FillAsync([(await ours.RoomAsync(), _watchers)]);
        var back = await ours.KilledAsync(_polls + 1, member, () => ServerProcess.StartAsync(ServerProcess.Community(folder, port), "VetCommunity listens on"));
        Figures.Note($"killed with half of the votes of a poll: {back.Down:F1} s until the server listened again, {back.Median:F1} s more until half of the watchers were back");
        figures.AtMost("s from the server's listening again until all are back on the stage's present version", back.All, 15);
        figures.AtLeast("votes that are there after the server was killed, of those that it had taken; the poll is open and takes the others", back.Kept, 1);
    }

    static async Task<Moves> FloorMovesAsync(Floor floor, int rounds)
    {
        var room = floor.Rooms[0];
        List<double> late = [];
        var before = floor.Server.Cpu;
        for (var round = 0; round < rounds; round++)
        {
            room.Watchers.ForEach(watcher => watcher.Begin(room.Last + 1, (Slides - 1) * 2));
            for (var move = 0; move < (Slides - 1) * 2; move++)
            {
                var start = Stopwatch.GetTimestamp();
                await floor.PostAsync(room, room.Watchers[0], ++room.Last);
                late.AddRange(await ArrivalsAsync(room, room.Last, start));
            }
        }
        return Moves.Of(late, (floor.Server.Cpu - before).TotalMilliseconds, 0);
    }

    static async Task<IEnumerable<double>> ArrivalsAsync(Room room, long number, long start)
    {
        var limit = Stopwatch.GetTimestamp() + (15 * Stopwatch.Frequency);
        while (room.Watchers.Exists(watcher => watcher.At(number) == 0))
        {
            if (Stopwatch.GetTimestamp() > limit)
                throw new InvalidOperationException("A watcher did not see a move.");
            await Task.Delay(1);
        }
        // As people press: none waits for the one before.
        await Task.Delay(100);
        return room.Watchers.Select(watcher => Stopwatch.GetElapsedTime(start, watcher.At(number)).TotalMilliseconds).ToList();
    }

    async Task LogsAsync(HttpClient member, string phase, params (string What, string Address)[] pages)
    {
        foreach (var (what, address) in pages)
        {
            Dictionary<string, List<double>> cost = new(StringComparer.Ordinal) { [Short] = [], [Long] = [] };
            // In turns; the first ones compile.
            for (var turn = 0; turn < 400; turn++)
            {
                foreach (var log in (string[])[Short, Long])
                {
                    var start = Stopwatch.GetTimestamp();
                    await member.GetByteArrayAsync(new Uri(string.Format(CultureInfo.InvariantCulture, address, log), UriKind.Relative));
                    if (turn >= 200)
                        cost[log].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }
            Figures.Note($"{what}, {phase}: {Figures.Median(cost[Long]):F2} ms after a long log, {Figures.Median(cost[Short]):F2} ms after a short one");
            figures.AtMost(string.Create(CultureInfo.InvariantCulture, $"{what} with a log of {Many:N0} events, of one of {Few:N0}"), Figures.Median(cost[Long]) / Figures.Median(cost[Short]), 1.3);
        }
    }

    /// <param name="P99">Milliseconds.</param>
    /// <param name="Cpu">Milliseconds of the server's CPU for one page that was reached.</param>
    /// <param name="Length">Characters of html.</param>
    sealed record Moves(double P99, double Cpu, int Length)
    {
        public static Moves Of(List<double> late, double cpu, int length) => new(late.Order().ElementAt((int)(late.Count * 0.99)), cpu / late.Count, length);
    }

    /// <param name="Answered">How many answers the server counts.</param>
    /// <param name="Redraws">A second, of the page that was redrawn most often.</param>
    /// <param name="P99">Milliseconds until an answer was kept.</param>
    /// <param name="Whole">Milliseconds from the last answer until all pages show all of them.</param>
    sealed record Poll(int Answered, double Redraws, double P99, double Whole);

    /// <param name="Down">Seconds without a server.</param>
    /// <param name="Median">Seconds from its listening until half of the watchers were back.</param>
    /// <param name="All">Until all were.</param>
    /// <param name="Kept">Votes that were kept, of those that were answered.</param>
    sealed record Back(double Down, double Median, double All, double Kept);

    /// <summary>The community's server: watchers have the session's room open in the <c>html:en</c> view.</summary>
    sealed class Stage(ServerProcess server, Uri hub, HttpClient trainer, IReadOnlyList<string> tokens) : Peer("VetCommunity", server)
    {
        static readonly byte[] Changed = "{\"type\":1,\"target\":\"StageChanged\""u8.ToArray();
        const string Address = $"/api/v1/sessions/{Watched}";
        static readonly TimeSpan Voting = TimeSpan.FromSeconds(10);
        readonly List<Redrawn> _redrawn = [];
        int _length;

        /// <summary>When a page was redrawn, and when it first showed that all have answered.</summary>
        sealed class Redrawn
        {
            public ConcurrentQueue<long> At { get; } = [];
            public long Whole;
        }

        public async Task<string> RoomAsync() => (await StageAsync()).GetProperty("conversation").GetString()!;

        protected override async Task<Watcher> WatchAsync(Room room, int member)
        {
            var client = await HubClient.ConnectAsync(hub, tokens[member + 1]);
            var watcher = new Watcher(client, inOrder: false, client.PingAsync);
            var all = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{tokens.Count - 1} people have answered"));
            var redrawn = new Redrawn();
            lock (_redrawn)
                _redrawn.Add(redrawn);
            client.OnHeard = json =>
            {
                if (!json.StartsWith(Changed))
                    return;
                redrawn.At.Enqueue(Stopwatch.GetTimestamp());
                if (json.IndexOf(all) >= 0)
                    Interlocked.CompareExchange(ref redrawn.Whole, Stopwatch.GetTimestamp(), 0);
                _length = Math.Max(_length, json.Length);
                watcher.Heard(Community.Number(json[(json.IndexOf("\"version\":"u8) + 10)..]));
            };
            await client.CallAsync("Open", $"""{JsonSerializer.Serialize(room.Slug)},{long.MaxValue.ToString(CultureInfo.InvariantCulture)},"html:en" """);
            return watcher;
        }

        /// <summary>Opens a poll; all answer in ten seconds, every tenth once more with another answer.</summary>
        public async Task<Poll> PollAsync(int number)
        {
            await WishAsync(number, open: true);
            var question = (await StageAsync()).GetProperty("question").GetProperty("number").GetInt32();
            foreach (var page in _redrawn)
            {
                page.At.Clear();
                page.Whole = 0;
            }
            var begin = Stopwatch.GetTimestamp();
            var late = await Task.WhenAll(Enumerable.Range(1, tokens.Count - 1).Select(async member =>
            {
                await Task.Delay(Voting * (member - 1) / tokens.Count);
                var start = Stopwatch.GetTimestamp();
                await AnswerAsync(member, question, (member % 4) + 1);
                var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (member % 10 == 0)
                    await AnswerAsync(member, question, (member % 3) + 1);
                return took;
            }));
            var end = Stopwatch.GetTimestamp();
            while (_redrawn.Exists(page => Interlocked.Read(ref page.Whole) == 0))
            {
                if (Stopwatch.GetElapsedTime(end) > TimeSpan.FromSeconds(15))
                    throw new InvalidOperationException("A page did not show that all have answered.");
                await Task.Delay(10);
            }
            var answered = (await StageAsync()).GetProperty("question").GetProperty("answered").GetInt32();
            var redraws = _redrawn.Max(page => page.At.Count) / Stopwatch.GetElapsedTime(begin, _redrawn.Max(page => page.At.Max())).TotalSeconds;
            await WishAsync(number, open: false);
            return new(answered, redraws, late.Order().ElementAt((int)(late.Length * 0.99)), Stopwatch.GetElapsedTime(end, _redrawn.Max(page => page.Whole)).TotalMilliseconds);
        }

        /// <summary>Opens a poll and kills the server when half have answered; the watchers come back by themselves, as hub.js and stage.js have pages do.</summary>
        /// <param name="number">Which poll.</param>
        /// <param name="page">Somebody who is logged in: all fetch the stage with this cookie.</param>
        /// <param name="startAsync">Starts the server again, in the same folder and on the same port.</param>
        public async Task<Back> KilledAsync(int number, HttpClient page, Func<Task<ServerProcess>> startAsync)
        {
            await WishAsync(number, open: true);
            var question = (await StageAsync()).GetProperty("question").GetProperty("number").GetInt32();
            var (all, half) = (tokens.Count - 1, (tokens.Count - 1) / 2);
            await AllAnswerAsync(1, half, question);
            var lines = Rooms[0].Watchers.ConvertAll(watcher => (HubClient)watcher.Connection);
            if (lines.Exists(line => line.Closed.IsCompleted))
                throw new InvalidOperationException("A watcher was gone before the server was killed.");
            var returning = lines.Select((line, index) => Task.Run(() => ReturnAsync(line, tokens[index + 1], page))).ToList();
            var killed = Stopwatch.GetTimestamp();
            Server.Dispose();
            using var again = await startAsync();
            var listening = Stopwatch.GetTimestamp();
            var arrived = await Task.WhenAll(returning).WaitAsync(TimeSpan.FromMinutes(2));
            try
            {
                var state = await StageAsync();
                var (version, kept) = (state.GetProperty("version").GetInt64(), state.GetProperty("question").GetProperty("answered").GetInt32());
                if (Array.Exists(arrived, one => one.Version != version))
                    throw new InvalidOperationException("A watcher came back to another stage than the present one.");
                // Open, or these would be refused.
                await AllAnswerAsync(half + 1, all - half, question);
                var whole = (await StageAsync()).GetProperty("question").GetProperty("answered").GetInt32();
                var late = arrived.Select(one => Math.Max(0, Stopwatch.GetElapsedTime(listening, one.At).TotalSeconds)).ToList();
                return new(Stopwatch.GetElapsedTime(killed, listening).TotalSeconds, Figures.Median(late), late.Max(), kept == half && whole == all ? 1 : (double)Math.Min(kept, half - 1) / half);
            }
            finally
            {
                Array.ForEach(arrived, one => one.Client.Dispose());
            }
        }

        Task AllAnswerAsync(int first, int count, int question) => Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (member, _) => await AnswerAsync(member, question, (member % 4) + 1));

        // Waits as long as hub.js does, asks why before each further try as it does, and then subscribes and looks as stage.js does.
        async Task<(HubClient Client, long Version, long At)> ReturnAsync(HubClient line, string token, HttpClient page)
        {
            await line.Closed;
            for (var tries = 0; ; tries++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 250 * Math.Pow(2, tries)) * (0.5 + Random.Shared.NextDouble())));
                try
                {
                    var client = await HubClient.ConnectAsync(hub, token);
                    await client.CallAsync("Open", $"""{JsonSerializer.Serialize(Rooms[0].Slug)},{long.MaxValue.ToString(CultureInfo.InvariantCulture)},"html:en" """);
                    var html = await page.GetStringAsync(new Uri($"/sessions/{Watched}/stage/now", UriKind.Relative));
                    return (client, Community.Number(Encoding.UTF8.GetBytes(html[(html.IndexOf("data-version=\"", StringComparison.Ordinal) + 14)..])), Stopwatch.GetTimestamp());
                }
                catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException or HttpRequestException or InvalidOperationException or TimeoutException)
                {
                    try
                    {
                        using var why = await page.PostAsync(new Uri(hub.AbsolutePath + "/negotiate?negotiateVersion=1", UriKind.Relative), null);
                    }
                    catch (HttpRequestException)
                    {
                        // A server that does not answer is only away.
                    }
                }
            }
        }

        Task<JsonElement> StageAsync() => trainer.GetFromJsonAsync<JsonElement>(Address + "/stage");

        async Task WishAsync(int number, bool open)
        {
            using var answer = await trainer.PutAsJsonAsync(string.Create(CultureInfo.InvariantCulture, $"{Address}/questions/poll-{number}"), new { open });
            answer.EnsureSuccessStatusCode();
        }

        async Task AnswerAsync(int member, int question, int choice)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, string.Create(CultureInfo.InvariantCulture, $"{Address}/answers/{question}")) { Content = JsonContent.Create(new { numbers = new[] { choice } }) };
            request.Headers.Authorization = new("Bearer", tokens[member]);
            using var answer = await trainer.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        public override Task<long> PostAsync(Room room, Watcher author, long proposed) => throw new NotSupportedException();

        public async Task<Moves> MovesAsync(int rounds)
        {
            var room = Rooms[0];
            List<double> late = [];
            var state = await StageAsync();
            var before = Server.Cpu;
            for (var round = 0; round < rounds; round++)
            {
                room.Watchers.ForEach(watcher => watcher.Begin(state.GetProperty("version").GetInt64() + 1, (Slides - 1) * 2));
                for (var move = 0; move < (Slides - 1) * 2; move++)
                {
                    var start = Stopwatch.GetTimestamp();
                    using var answer = await trainer.PostAsJsonAsync(Address + "/turn", new { seen = state.GetProperty("turn").GetInt64(), back = move >= Slides - 1 });
                    answer.EnsureSuccessStatusCode();
                    state = await answer.Content.ReadFromJsonAsync<JsonElement>();
                    late.AddRange(await ArrivalsAsync(room, state.GetProperty("version").GetInt64(), start));
                }
            }
            return Moves.Of(late, (Server.Cpu - before).TotalMilliseconds, _length);
        }
    }
}
