using Microsoft.AspNetCore.Components.Server.Circuits;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using VetCommunity.Core.Operation;
using VetCommunity.Core.Watching;

namespace VetCommunity.App.Watching;

/// <summary>What the program says of itself: to its administrators on a page, and to the operator's own programs where they are named. Nothing is served to others.</summary>
static class WatchingSetUp
{
    /// <summary>The usual variable of OpenTelemetry: where measurements and traces go. Without it none leave the program.</summary>
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Of the framework's own what tells of no address and nobody: routes as they are written in the program, kinds of errors, counts.
    static readonly string[] Meters = [Measures.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    public static void AddWatching(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Installation>();
        services.AddSingleton<OpenCircuits>();
        services.AddScoped<CircuitHandler, CountedCircuit>();
        services.AddSingleton<Gauges>();
        services.AddSingleton<FigureHistory>();
        services.AddHostedService<FigureRounds>();
        if (AddressIn(builder.Configuration) is null)
            return;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("vetcommunity", serviceVersion: typeof(WatchingSetUp).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddOtlpExporter())
            .WithTracing(traces => traces.AddSource(Measures.Name).AddOtlpExporter());
    }

    /// <exception cref="OperationFailedException">The setting makes no sense.</exception>
    public static void Check(IConfiguration configuration)
    {
        if (configuration[Endpoint] is { Length: > 0 } text && AddressIn(configuration) is null)
            throw new OperationFailedException($"{Endpoint} is {text}; it must be an address such as http://localhost:4317.");
    }

    static Uri? AddressIn(IConfiguration configuration) =>
        Uri.TryCreate(configuration[Endpoint], UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
