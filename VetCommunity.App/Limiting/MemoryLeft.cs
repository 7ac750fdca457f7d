using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.StaticAssets;
using VetCommunity.App.Members;

namespace VetCommunity.App.Limiting;

/// <summary>Whether the process has memory left for one more answer: of the most that it may take, by the container's limit, by <c>DOTNET_GCHeapHardLimit</c> or by the machine.</summary>
sealed class MemoryLeft(TimeProvider clock)
{
    /// <summary>Seconds after which somebody who was refused for it asks again.</summary>
    public const int Wait = 5;

    const double Full = 0.75;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan Collect = TimeSpan.FromSeconds(1);
    readonly Lock _looking = new();
    readonly Lock _collecting = new();
    long _looked;
    long _collected;
    volatile bool _isShort;

    /// <summary>Looks at most twenty times a second; in between the last answer counts.</summary>
    public bool IsShort
    {
        get
        {
            if (_looking.TryEnter())
            {
                try
                {
                    if (_looked == 0 || clock.GetElapsedTime(_looked) >= Look)
                    {
                        _isShort = IsFull();
                        _looked = clock.GetTimestamp();
                    }
                }
                finally
                {
                    _looking.Exit();
                }
            }
            return _isShort;
        }
    }

    /// <summary>Whether these bytes more would be too many: what has been begun is not in memory yet.</summary>
    public bool IsShortOf(long bytes) => IsShort || IsFull(bytes);

    /// <summary>
    /// Refuses what asks for an answer while there is none left; who is there already, and those who ask how the server is, go on. So do files of the site: they take no memory of ours, and the page with the refusal is made of them.
    /// </summary>
    public Task KeepAsync(HttpContext http, RequestDelegate next)
    {
        if (!IsShort || OpenConnections.Lasts(http) || IsAsset(http) || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) || http.Features.Get<IStatusCodeReExecuteFeature>() is not null)
            return next(http);
        TooMuch.Mark(http, Wait, StatusCodes.Status503ServiceUnavailable);
        return Task.CompletedTask;
    }

    static bool IsAsset(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    bool IsFull(long more = 0)
    {
        if (!IsOver(more))
            return false;
        // What is refused makes nothing new, so nobody else would look for what can be thrown away.
        lock (_collecting)
        {
            if (_collected == 0 || clock.GetElapsedTime(_collected) >= Collect)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
                _collected = clock.GetTimestamp();
            }
        }
        return IsOver(more);
    }

    static bool IsOver(long more) => GC.GetTotalMemory(forceFullCollection: false) + more > Full * GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes;
}
