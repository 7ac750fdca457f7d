using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>The Nu HTML checker (npm vnu-jar) as a server for as long as a test lasts: its start costs more than a hundred pages.</summary>
sealed partial class HtmlChecker : IAsyncDisposable
{
    /// <summary>What is not ours to mend, or is as it is on purpose.</summary>
    static readonly (Regex Message, string Why)[] Known =
    [
        (SlashPattern(), "Blazor closes <link/>, <input/> and <meta/> so; it always writes the quotation marks that this would need"),
        (ReferencePattern(), "Blazor marks the elements that MudBlazor's scripts ask for, in the browser alone"),
        (HeadingPattern(), "A message is named by its author and time; fifty headings would bury those of the page"),
    ];

    readonly HttpClient _http = new();
    // As many at a time as its memory is enough for.
    readonly SemaphoreSlim _turn = new(2);
    readonly Process _server;

    HtmlChecker(Process server, int port)
    {
        _server = server;
        _http.BaseAddress = new($"http://127.0.0.1:{port}/?out=json");
        // It answers nobody without a name.
        _http.DefaultRequestHeaders.UserAgent.Add(new("VetCommunity.Tests", "1.0"));
    }

    public static async Task<HtmlChecker> StartAsync()
    {
        Tool.Need("java");
        var jar = Path.Combine(await NpmPackages.FolderAsync(), "vnu-jar", "build", "dist", "vnu.jar");
        var port = FreePort();
        // Of memory it takes a gigabyte where nobody says otherwise; its schemas want a deep stack.
        var start = new ProcessStartInfo("java", ["-Xmx400m", "-Xss16m", "-XX:TieredStopAtLevel=1", "-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", jar,
            "nu.validator.servlet.Main", port.ToString(System.Globalization.CultureInfo.InvariantCulture)])
        { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var server = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var last = "";
        DataReceivedEventHandler hear = (_, said) =>
        {
            last = said.Data ?? last;
            if (said.Data?.StartsWith("Checker service started", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        server.OutputDataReceived += hear;
        server.ErrorDataReceived += hear;
        server.EnableRaisingEvents = true;
        server.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The HTML checker ended: " + last));
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(2));
        return new(server, port);
    }

    /// <summary>A line for each thing that is wrong in the document.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(string html)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return await AskAsync(html);
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task<IReadOnlyList<string>> AskAsync(string html)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(html));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/html") { CharSet = "utf-8" };
        using var answer = await _http.PostAsync((Uri?)null, content, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        var said = JsonDocument.Parse(text).RootElement.GetProperty("messages");
        return [.. from one in said.EnumerateArray()
                   let message = one.GetProperty("message").GetString()!
                   where !Known.Any(known => known.Message.IsMatch(message))
                   select $"{one.GetProperty("type").GetString()}: {message} {(one.TryGetProperty("extract", out var extract) ? extract.GetString() : "")}"];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _turn.Dispose();
        if (!_server.HasExited)
            _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("^Trailing slash on void elements has no effect", RegexOptions.NonBacktracking)]
    private static partial Regex SlashPattern();

    [GeneratedRegex("^Attribute “_bl_[0-9a-f-]+” not allowed on element", RegexOptions.NonBacktracking)]
    private static partial Regex ReferencePattern();

    [GeneratedRegex("^Article lacks heading", RegexOptions.NonBacktracking)]
    private static partial Regex HeadingPattern();
}
