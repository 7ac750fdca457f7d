using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using VetCommunity.App.CommandLine;

namespace VetCommunity.App.Limiting;

/// <summary>The limits of the whole server; each feature sets its own where it is put together.</summary>
static class LimitingSetUp
{
    public static void AddLimiting(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => provider.GetRequiredService<Settings>().Limits);
        services.AddSingleton<Places>();
        services.AddSingleton<MemoryLeft>();
        services.AddSingleton<Readings>();
        services.AddSingleton<PageTurns>();
        services.AddSingleton<VisitorCalls>();
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton<CircuitGate>();
        services.AddScoped<AuthenticationStateProvider, CircuitGate.Held>();
        // What a hub does not set for itself; circuits are such a hub.
        services.AddOptions<HubOptions>().Configure<ConfiguredLimits>((options, limits) =>
        {
            options.AddFilter<CircuitGate>();
            options.MaximumReceiveMessageSize = limits.CircuitFrameKilobytes * 1024;
            options.ClientTimeoutInterval = TimeSpan.FromSeconds(limits.SilenceSeconds);
            options.KeepAliveInterval = TimeSpan.FromSeconds(limits.PingSeconds);
        });
        services.AddOptions<CircuitOptions>().Configure<ConfiguredLimits>((options, limits) =>
        {
            options.DisconnectedCircuitMaxRetained = limits.CircuitsKept;
            options.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(limits.CircuitsKeptMinutes);
        });
    }

    /// <summary>Comes before anything listens: the web server itself was made before the settings were looked at.</summary>
    public static void UseLimiting(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<ConfiguredLimits>();
        var server = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        var slowest = new MinDataRate(limits.SlowestBytesPerSecond, TimeSpan.FromSeconds(limits.SlowSeconds));
        (server.MinRequestBodyDataRate, server.MinResponseDataRate) = (slowest, slowest);
        server.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HeadSeconds);
        server.KeepAliveTimeout = TimeSpan.FromSeconds(limits.IdleSeconds);
        server.MaxConcurrentConnections = limits.AreOn ? limits.Connections : null;
        server.MaxRequestBodySize = limits.RequestMegabytes * 1024L * 1024;
        server.MaxRequestLineSize = limits.AddressKilobytes * 1024;
        server.MaxRequestHeadersTotalSize = limits.HeadKilobytes * 1024;
    }
}
