namespace VetCommunity.App.Members;

/// <summary>
/// Passwords are hashed on half of the processors at most. Hashing is slow on purpose, a tenth of a second of one processor: whoever tries many at once, within their limit, waits for themselves, and pages are served meanwhile.
/// </summary>
sealed class HashingTurns : IDisposable
{
    readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>How many at the same time.</summary>
    public static int AtOnce => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Does what hashes a password when it is its turn.</summary>
    public async Task<T> TakeAsync<T>(Func<Task<T>> deed, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
            return await deed();
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>The same without an answer.</summary>
    public Task TakeAsync(Func<Task> deed, CancellationToken cancel) => TakeAsync(async () =>
    {
        await deed();
        return true;
    }, cancel);

    public void Dispose() => _turns.Dispose();
}
