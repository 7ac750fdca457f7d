using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VetCommunity.Bench;

/// <summary>A server in a process of its own, so that its CPU time and its memory are its own.</summary>
sealed class ServerProcess : IDisposable
{
    readonly Process _process;
    readonly List<string> _said = [];
    int _isGone;

    ServerProcess(Process process) => _process = process;

    /// <summary>Starts it and waits for nothing.</summary>
    /// <param name="start">The program.</param>
    /// <param name="hear">Gets each line that it says; null when it has ended.</param>
    public static ServerProcess Start(ProcessStartInfo start, Action<string?>? hear = null)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        server._process.OutputDataReceived += (_, line) => Hear(line.Data);
        server._process.ErrorDataReceived += (_, line) => Hear(line.Data);
        server._process.Exited += (_, _) => hear?.Invoke(null);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;

        void Hear(string? line)
        {
            lock (server._said)
                server._said.Add(line ?? "");
            hear?.Invoke(line ?? "");
        }
    }

    /// <summary>Starts it and waits until it says these words.</summary>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, string readyWords)
    {
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = Start(start, line =>
        {
            if (line is null)
                ready.TrySetResult(false);
            else if (line.Contains(readyWords, StringComparison.Ordinal))
                ready.TrySetResult(true);
        });
        try
        {
            return await ready.Task.WaitAsync(TimeSpan.FromMinutes(1)) ? server : throw new InvalidOperationException("The server ended: " + server.Said);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>The community's program as people run it: Release, production settings, SQLite in the folder <c>data</c> below this one; only the limits of rate are off.</summary>
    public static ProcessStartInfo Community(string folder, int port, params (string Key, string Value)[] more)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "VetCommunity.App",
            Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "VetCommunity.App.dll"));
        var start = new ProcessStartInfo("dotnet", [program]) { WorkingDirectory = folder };
        foreach (var (key, value) in ((string, string)[])[
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("DOTNET_ENVIRONMENT", "Production"), ("Urls", $"http://localhost:{port}"),
            ("Data__Folder", Path.Combine(folder, "data")), ("Demo__Seed", "false"), ("RateLimits__Enabled", "false"), .. more])
            start.Environment[key] = value;
        return start;
    }

    /// <summary>A port of this machine that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said.TakeLast(20));
        }
    }

    public int Id => _process.Id;

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Memory with what it shares with other processes counted in parts, and what is mapped twice counted once, as the peers' figures are.</summary>
    public long ProportionalBytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{Id}/smaps_rollup").First(line => line.StartsWith("Pss:", StringComparison.Ordinal));
            return long.Parse(line["Pss:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        }
    }

    public void Dispose()
    {
        // Whoever killed it in the middle disposes it once more in the end.
        if (Interlocked.Exchange(ref _isGone, 1) == 1)
            return;
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
