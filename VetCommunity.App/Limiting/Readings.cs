using VetCommunity.Core;

namespace VetCommunity.App.Limiting;

/// <summary>
/// How many pages of messages are made at the same time. The longest is some megabytes on its way to a reader, and more at once than there are processors come no sooner: they wait their turn, and take nothing while they wait.
/// </summary>
sealed class Readings(ConfiguredLimits limits, MemoryLeft memory) : IDisposable
{
    // Fifty of the longest texts, as html and once more as what is sent.
    const long Longest = 4_000_000;
    readonly SemaphoreSlim _places = new(limits.ReadingsTogether);

    /// <summary>One more page, until what is given back is disposed.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooBusy"/></exception>
    public async ValueTask<IDisposable> BeginAsync(CancellationToken cancel)
    {
        await _places.WaitAsync(cancel);
        if (!memory.IsShortOf((limits.ReadingsTogether - _places.CurrentCount) * Longest))
            return new Reading(_places);
        _places.Release();
        throw new RefusedException(Refusal.TooBusy, MemoryLeft.Wait);
    }

    /// <summary>One more page, until its answer begins: whoever reads it slowly holds up nobody.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooBusy"/></exception>
    public async ValueTask BeginAsync(HttpContext http)
    {
        var reading = await BeginAsync(http.RequestAborted);
        http.Response.OnStarting(() =>
        {
            reading.Dispose();
            return Task.CompletedTask;
        });
        http.Response.RegisterForDispose(reading);
    }

    public void Dispose() => _places.Dispose();

    sealed class Reading(SemaphoreSlim places) : IDisposable
    {
        SemaphoreSlim? _places = places;

        public void Dispose() => Interlocked.Exchange(ref _places, null)?.Release();
    }
}
