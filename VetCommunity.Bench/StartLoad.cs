using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VetCommunity.Bench;

/// <summary>
/// What it takes until the first page is there, and what a page costs afterwards: the program on an existing database with the demo world, against the SDK's own empty Blazor app,
/// in turns, each start in a process of its own. See docs/measurements.md.
/// </summary>
sealed partial class StartLoad
{
    const int Turns = 7;
    const int Messages = 50;
    const string StyleSheet = "/css/parts.css";
    static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    readonly Figures _figures;

    StartLoad(Figures figures) => _figures = figures;

    public static Task<int> RunAsync() => Figures.MeasureAsync("start", (folder, figures) => new StartLoad(figures).MeasureAsync(folder));

    async Task MeasureAsync(string folder)
    {
        var empty = await MakeEmptyAsync(Path.Combine(folder, "Empty"));
        // The first start makes the database; it is not measured.
        await FirstPageAsync(() => Ours(folder, makesDemo: true));
        List<(double Time, double Cpu)> mine = [], theirs = [];
        for (var turn = 0; turn < Turns; turn++)
        {
            theirs.Add(await FirstPageAsync(() => Empty(empty)));
            mine.Add(await FirstPageAsync(() => Ours(folder)));
            Figures.Note($"turn {turn + 1}: {mine[^1].Time:F2} s and {mine[^1].Cpu:F2} s of CPU; the empty app {theirs[^1].Time:F2} s and {theirs[^1].Cpu:F2} s");
        }
        _figures.AtMost("time from the start of the process to the first page, of an empty Blazor app's", Figures.Median(mine.Select(one => one.Time)) / Figures.Median(theirs.Select(one => one.Time)), 2.5, 1.2);
        Figures.Note($"the same in CPU time of the process until then: {Figures.Median(mine.Select(one => one.Cpu)) / Figures.Median(theirs.Select(one => one.Cpu)):F2}");
        await PagesAsync(folder);
    }

    async Task PagesAsync(string folder)
    {
        var (start, address) = Ours(folder);
        using var server = await ServerProcess.StartAsync(start, "VetCommunity listens on");
        using var client = new HttpClient { BaseAddress = address };
        await Forms.LogInAsync(client, "trainer@demo.example");
        for (var number = 0; number < Messages; number++)
        {
            using var posted = await client.SendAsync(await Forms.OfAsync(client, "/rooms/welcome", ("_handler", "post"), ("key", $"bench-{number}"), ("markdown", string.Create(CultureInfo.InvariantCulture, $"{number} {BenchWorld.Text}"))));
            posted.EnsureSuccessStatusCode();
        }
        await CheckAsync(client, "/rooms/welcome", page => Articles().Count(page) >= Messages);
        _figures.AtMost($"ms of the server's CPU for a member's page of a room with {Messages} messages", await PageCost.OfAsync(server, client, "/rooms/welcome"), 2);

        using var visitor = new HttpClient { BaseAddress = address };
        await CheckAsync(visitor, "/", page => page.Contains("<main", StringComparison.Ordinal));
        await CheckAsync(visitor, StyleSheet, page => page.Length > 10_000);
        var page = await PageCost.OfAsync(server, visitor, "/");
        var still = await PageCost.OfAsync(server, visitor, StyleSheet);
        Figures.Note($"CPU of a visitor's first page {page * 1000:F0} us, of a style sheet of that size {still * 1000:F0} us");
        _figures.AtLeast("requests a CPU second for a visitor's page, of those for a style sheet of its size", still / page, 0.5);
    }

    // A wrong page may be a cheap one.
    static async Task CheckAsync(HttpClient client, string address, Predicate<string> isRight)
    {
        if (!isRight(await client.GetStringAsync(new Uri(address, UriKind.Relative))))
            throw new InvalidOperationException($"{address} does not show what is to be measured.");
    }

    static async Task<(double Time, double Cpu)> FirstPageAsync(Func<(ProcessStartInfo, Uri)> how)
    {
        var (start, address) = how();
        using var client = new HttpClient { BaseAddress = address };
        var watch = Stopwatch.StartNew();
        using var server = ServerProcess.Start(start);
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                    return (watch.Elapsed.TotalSeconds, server.Cpu.TotalSeconds);
            }
            catch (HttpRequestException)
            {
                // Nobody listens yet.
            }
            if (watch.Elapsed > Long)
                throw new TimeoutException("No page: " + server.Said);
            await Task.Delay(5);
        }
    }

    static async Task<string> MakeEmptyAsync(string folder)
    {
        await DotnetAsync("new", "blazor", "--name", "Empty", "--output", folder, "--no-restore");
        var output = Path.Combine(folder, "out");
        await DotnetAsync("build", folder, "--configuration", "Release", "--output", output);
        return Path.Combine(output, "Empty.dll");
    }

    static async Task DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet {arguments[0]} failed: {said}");
    }

    static (ProcessStartInfo Start, Uri Address) Empty(string program)
    {
        var address = new Uri($"http://localhost:{ServerProcess.FreePort()}");
        return (new ProcessStartInfo("dotnet", [program])
        {
            WorkingDirectory = Path.GetDirectoryName(Path.GetDirectoryName(program)),
            Environment = { ["Urls"] = address.ToString(), ["ASPNETCORE_ENVIRONMENT"] = "Production" },
        }, address);
    }

    static (ProcessStartInfo Start, Uri Address) Ours(string folder, bool makesDemo = false)
    {
        var port = ServerProcess.FreePort();
        return (ServerProcess.Community(folder, port, ("Demo__Seed", makesDemo ? "true" : "false")), new($"http://localhost:{port}"));
    }

    [GeneratedRegex("<article ", RegexOptions.NonBacktracking)]
    private static partial Regex Articles();
}
