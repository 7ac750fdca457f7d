using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>The real program in a process of its own, with the demo world in a folder of its own; it can be killed and started again.</summary>
public sealed class RunningCommunity : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("vet-running-").FullName;
    readonly int _port = FreePort();
    Process? _server;

    public Uri Address => new($"http://localhost:{_port}");

    static string Program => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "VetCommunity.App",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "VetCommunity.App.dll"));

    public async ValueTask InitializeAsync() => await StartAsync();

    public async Task StartAsync()
    {
        _server = Process.Start(Settings())!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new List<string>();
        _server.OutputDataReceived += (_, line) =>
        {
            lock (said)
                said.Add(line.Data ?? "");
            if (line.Data?.Contains(Address.ToString().TrimEnd('/'), StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        _server.ErrorDataReceived += (_, line) =>
        {
            lock (said)
                said.Add(line.Data ?? "");
        };
        _server.EnableRaisingEvents = true;
        _server.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("The server ended: " + string.Join('\n', said)));
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>SIGKILL: nothing is said goodbye to.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
    }

    public async Task<string> VerbAsync(params string[] words)
    {
        using var verb = Process.Start(Settings(words))!;
        var errors = verb.StandardError.ReadToEndAsync();
        var output = await verb.StandardOutput.ReadToEndAsync();
        await verb.WaitForExitAsync();
        Assert.True(verb.ExitCode == 0, await errors);
        return output;
    }

    public async Task<HubConnection> ConnectAsync(string email)
    {
        var token = (await VerbAsync("token", "create", email)).Trim().Split('\n')[^1].Trim();
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(Address, "/hubs/conversations"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build();
        await connection.StartAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
            await KillAsync();
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    ProcessStartInfo Settings(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. words]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["Urls"] = Address.ToString();
        start.Environment["Demo__Seed"] = "true";
        start.Environment["Data__Folder"] = Path.Combine(_folder, "data");
        return start;
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
