using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>A running community, a real OpenID Connect provider of npm beside it, and one that takes every call and answers none.</summary>
public sealed class CommunityWithProviders : IAsyncLifetime
{
    readonly TcpListener _hanging = new(IPAddress.Loopback, 0);
    Process? _provider;

    public RunningCommunity Community { get; } = new();

    /// <summary>Where the provider is.</summary>
    public string Authority { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await NpmPackages.FolderAsync();
        var start = new ProcessStartInfo("node", ["provider.mjs"]) { UseShellExecute = false, RedirectStandardOutput = true, WorkingDirectory = NpmPackages.Scripts };
        (start.Environment["SECRET"], start.Environment["ORIGIN"]) = ("only for tests", Community.Address.GetLeftPart(UriPartial.Authority));
        _provider = Process.Start(start)!;
        do
        {
            Authority = await _provider.StandardOutput.ReadLineAsync().WaitAsync(Patience.Enough) ?? throw new InvalidOperationException("The provider ended.");
        }
        while (!Authority.StartsWith("http://localhost:", StringComparison.Ordinal));
        _hanging.Start();
        var settings = Community.Settings;
        (settings["OpenId__Providers__school__Name"], settings["OpenId__Providers__school__Authority"]) = ("School & Co", Authority);
        (settings["OpenId__Providers__school__ClientId"], settings["OpenId__Providers__school__ClientSecret"]) = ("vet", "only for tests");
        (settings["OpenId__Providers__silent__Name"], settings["OpenId__Providers__silent__ClientId"]) = ("Silent", "vet");
        settings["OpenId__Providers__silent__Authority"] = FormattableString.Invariant($"http://localhost:{((IPEndPoint)_hanging.LocalEndpoint).Port}");
        await Community.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Community.DisposeAsync();
        _hanging.Dispose();
        if (_provider is { HasExited: false })
            _provider.Kill();
        _provider?.Dispose();
    }
}
