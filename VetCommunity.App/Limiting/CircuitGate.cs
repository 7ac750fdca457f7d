using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Members;

namespace VetCommunity.App.Limiting;

/// <summary>
/// How many circuits each member has. Their lines do not say it: a circuit whose line was lost is kept for a while, and with a new line comes another one.
/// </summary>
sealed class CircuitGate(ConfiguredLimits limits) : IHubFilter
{
    readonly Tally<int> _open = new();
    readonly AsyncLocal<Place?> _beginning = new();

    public int Of(int member) => _open.Of(member);

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        // Blazor's own hub cannot be named: it is the one that has these.
        if (context.HubMethodName is not ("StartCircuit" or "ResumeCircuit"))
            return await next(context);
        var member = CurrentActor.Of(context.Context.User!).MemberId;
        var place = new Place(_open, member);
        try
        {
            // As Blazor answers when it makes none; the page then asks why.
            if (_open.Add(member) > limits.CircuitsOfMember && limits.AreOn)
                return null;
            _beginning.Value = place;
            return await next(context);
        }
        finally
        {
            if (!place.IsTaken)
                place.Dispose();
        }
    }

    Place? Take()
    {
        if (_beginning.Value is { } place)
            place.IsTaken = true;
        return _beginning.Value;
    }

    /// <summary>
    /// Comes and goes with its circuit, lines lost or not. As the one that says who sits before it, because Blazor makes that with the circuit itself: handlers of circuits
    /// are made with the first component of the page, and whoever sends none would have as many circuits as they like.
    /// </summary>
    public sealed class Held(CircuitGate gate) : ServerAuthenticationStateProvider, IDisposable
    {
        readonly Place? _place = gate.Take();

        public void Dispose() => _place?.Dispose();
    }

    sealed class Place(Tally<int> open, int member) : IDisposable
    {
        int _isFree;

        public bool IsTaken { get; set; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0)
                open.Remove(member);
        }
    }
}
