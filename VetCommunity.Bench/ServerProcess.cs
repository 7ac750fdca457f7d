using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VetCommunity.Bench;

/// <summary>A server in a process of its own, so that its CPU time and its memory are its own.</summary>
sealed class ServerProcess : IDisposable
{
    readonly Process _process;
    readonly List<string> _said = [];

    ServerProcess(Process process) => _process = process;

    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, string readyWords)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        var server = new ServerProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server._process.OutputDataReceived += (_, line) => Hear(line.Data);
        server._process.ErrorDataReceived += (_, line) => Hear(line.Data);
        server._process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The server ended: " + server.Said));
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch
        {
            server.Dispose();
            throw;
        }
        return server;

        void Hear(string? line)
        {
            lock (server._said)
                server._said.Add(line ?? "");
            if (line?.Contains(readyWords, StringComparison.Ordinal) == true)
                ready.TrySetResult();
        }
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

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
