using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace VetCommunity.Bench;

/// <summary>
/// What ten thousand practices cost: their import at the command line, and the pages that show them, to visitors from memory and made anew, and to a member; against a style sheet from the same server.
/// </summary>
sealed class PagesLoad(Figures figures)
{
    const int Connections = 64;
    const string OnePractice = "/practices/practice-4711";
    const string Narrowed = "/practices?theme=digital&country=IT";
    // The largest of ours: what is smaller than a page is a harder floor.
    const string Still = "/css/rooms.css";
    static readonly TimeSpan Time = TimeSpan.FromSeconds(10);

    public static Task<int> RunAsync() => Figures.MeasureAsync("pages", (folder, figures) => new PagesLoad(figures).MeasureAsync(folder));

    async Task MeasureAsync(string folder)
    {
        await ImportAsync(folder);
        var password = (await VerbAsync(folder, "user", "create", "bench@example.org", "--role", "member")).Said.Trim().Split('\n')[^1];
        var port = ServerProcess.FreePort();
        using var server = await ServerProcess.StartAsync(ServerProcess.Community(folder, port), "VetCommunity listens on");
        using var visitor = ClientOf(port);
        using var member = ClientOf(port);
        await Forms.LogInAsync(member, "bench@example.org", password);

        // The server has read the texts for the first search by then, which takes seconds of its CPU.
        await visitor.GetStringAsync(new Uri("/practices?q=" + PracticeWorld.Common, UriKind.Relative));
        var still = await PageCost.OfAsync(server, visitor, Still);
        foreach (var (name, address) in ((string, string)[])[("a practice", OnePractice), ("a list narrowed down", Narrowed)])
        {
            var size = (await visitor.GetByteArrayAsync(new Uri(address, UriKind.Relative))).Length;
            var warm = await PageCost.OfAsync(server, visitor, address);
            Figures.Note($"{name}: {size / 1024.0:F0} KB, {warm * 1000:F0} us of CPU from memory; a style sheet of {(await visitor.GetByteArrayAsync(new Uri(Still, UriKind.Relative))).Length / 1024.0:F0} KB {still * 1000:F0} us");
            figures.AtLeast($"requests a CPU second for a visitor's page of {name}, of those for a style sheet", still / warm, 0.5);
        }
        var number = 0;
        // Each address once: nothing of it is in memory.
        figures.AtMost("ms of the server's CPU for a visitor's page of a practice that is made anew", await PageCost.OfAsync(server, visitor, () => string.Create(CultureInfo.InvariantCulture, $"/practices/practice-{number++}")), 2);
        figures.AtMost("ms of the server's CPU for a visitor's list that is made anew", await PageCost.OfAsync(server, visitor, () => string.Create(CultureInfo.InvariantCulture, $"{Narrowed}&eqf={(number++ % 8) + 1}&region={number}")), 2);
        figures.AtMost("ms of the server's CPU for a member's page of a practice", await PageCost.OfAsync(server, member, OnePractice), 2);
        figures.AtMost("ms of the server's CPU for a member's list", await PageCost.OfAsync(server, member, Narrowed), 2);
        await ManyAsync(port);
    }

    async Task ImportAsync(string folder)
    {
        var files = Path.Combine(folder, "practices");
        PracticeWorld.Write(files);
        Figures.Note($"{PracticeWorld.Count:N0} practices of {Directory.EnumerateFiles(files).Average(file => new FileInfo(file).Length) / 1024:F1} KB");
        var watch = Stopwatch.StartNew();
        var (said, told) = await VerbAsync(folder, "import", "practices", files);
        figures.AtMost($"seconds to import {PracticeWorld.Count.ToString("N0", CultureInfo.InvariantCulture)} practices", watch.Elapsed.TotalSeconds, 60);
        Figures.Note($"the import said {told.Split('\n').Count(line => line.Contains(" files ...", StringComparison.Ordinal))} times how far it was, and at the end: {said.Trim()}");
    }

    // Practices and lists in turns, as readers go.
    async Task ManyAsync(int port)
    {
        var late = new ConcurrentBag<double>();
        using var client = ClientOf(port);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async one =>
        {
            for (var turn = one; watch.Elapsed < Time; turn++)
            {
                var start = Stopwatch.GetTimestamp();
                await client.GetByteArrayAsync(new Uri(turn % 2 == 0 ? OnePractice : Narrowed, UriKind.Relative));
                // The first ones open the connections.
                if (watch.Elapsed > Time / 5)
                    late.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }));
        var sorted = late.Order().ToList();
        Figures.Note($"{Connections} connections: {sorted.Count / (Time * 0.8).TotalSeconds:F0} requests a second, median {sorted[sorted.Count / 2]:F1} ms");
        figures.AtMost($"ms until a visitor's page is there at {Connections} connections, p99", sorted[(int)(sorted.Count * 0.99)], 50);
    }

    static HttpClient ClientOf(int port) => new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections }) { BaseAddress = new($"http://localhost:{port}") };

    static async Task<(string Said, string Told)> VerbAsync(string folder, params string[] words)
    {
        var start = ServerProcess.Community(folder, 0);
        foreach (var word in words)
            start.ArgumentList.Add(word);
        (start.UseShellExecute, start.RedirectStandardOutput, start.RedirectStandardError) = (false, true, true);
        using var process = Process.Start(start)!;
        var (said, told) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await said, await told) : throw new InvalidOperationException($"{words[0]} failed: {await told}");
    }
}
