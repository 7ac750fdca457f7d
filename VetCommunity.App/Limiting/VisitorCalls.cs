using VetCommunity.Core;

namespace VetCommunity.App.Limiting;

/// <summary>How often programs without an account may call, all of one place together: as often as one member.</summary>
sealed class VisitorCalls(ConfiguredLimits limits) : IDisposable
{
    readonly Pace _pace = new(limits, limits.CallsAtOnce, limits.CallsPerSecond, 1);

    /// <summary>One more call from there.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    // Two places of the same hash, which is another one in each process, share what one has.
    public void Count(HttpContext http) => _pace.Count(string.GetHashCode(Places.Of(http), StringComparison.Ordinal));

    public void Dispose() => _pace.Dispose();
}
