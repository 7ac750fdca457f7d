using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Components.Server.Circuits;
using VetCommunity.App.Conversations;
using VetCommunity.Core.Watching;

namespace VetCommunity.App.Watching;

/// <summary>What is open or waits at this moment, read when somebody listens.</summary>
sealed class Gauges : IDisposable
{
    readonly Meter _meter;
    int _mails;

    public Gauges(IMeterFactory meters, Watchers watchers, OpenCircuits circuits)
    {
        _meter = meters.Create(Measures.Name);
        Meter = _meter;
        _meter.CreateObservableUpDownCounter("vetcommunity.watchers", () => watchers.Count, "{connection}", "Connections that have a conversation open.");
        _meter.CreateObservableUpDownCounter("vetcommunity.circuits", () => circuits.Count, "{circuit}", "Interactive pages whose state is held.");
        // Asked of the database every ten seconds, whoever listens.
        _meter.CreateObservableUpDownCounter("vetcommunity.mail.queued", () => Volatile.Read(ref _mails), "{mail}", "Mails that wait to be sent.");
    }

    public Meter Meter { get; }

    public int Mails
    {
        set => Volatile.Write(ref _mails, value);
    }

    public void Dispose() => _meter.Dispose();
}

/// <summary>How many circuits there are.</summary>
sealed class OpenCircuits
{
    int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(int more) => Interlocked.Add(ref _count, more);
}

/// <summary>Counts the circuit it belongs to.</summary>
sealed class CountedCircuit(OpenCircuits circuits) : CircuitHandler
{
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        circuits.Add(1);
        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        circuits.Add(-1);
        return Task.CompletedTask;
    }
}
