using System.Threading.RateLimiting;

namespace VetCommunity.App.Members;

/// <summary>
/// Passwords are hashed on half of the processors at most. Hashing is slow on purpose, a tenth of a second of one processor: whoever tries many at once, within their limit, waits for themselves, and pages are served meanwhile.
/// A place waits for its own first: somebody in another place has at most as many before them as there are places, and not all that one place tries.
/// </summary>
sealed class HashingTurns : IDisposable
{
    static readonly ConcurrencyLimiterOptions Turns = new() { PermitLimit = AtOnce, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
    readonly PartitionedRateLimiter<string> _turns = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<string, string>(place => RateLimitPartition.GetConcurrencyLimiter(place, _ => Turns)),
        PartitionedRateLimiter.Create<string, bool>(_ => RateLimitPartition.GetConcurrencyLimiter(true, _ => Turns)));

    /// <summary>How many at the same time.</summary>
    public static int AtOnce => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>A turn for what hashes a password, until it is disposed.</summary>
    public async ValueTask<IDisposable> TakeAsync(string place, CancellationToken cancel) => await _turns.AcquireAsync(place, 1, cancel);

    public void Dispose() => _turns.Dispose();
}
