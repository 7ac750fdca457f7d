using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Components.Endpoints;
using VetCommunity.App.Members;

namespace VetCommunity.App.Limiting;

/// <summary>
/// The pages of one member, and the forms of the visitors of one place, are made on half of the processors at most: whoever asks for many at once waits for themselves. A refusal keeps its turn until it leaves,
/// so that more connections bring no more of them. A page that takes its time, because it saves something long, holds up the others only for a moment.
/// </summary>
sealed class PageTurns(ConfiguredLimits limits) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    readonly PartitionedRateLimiter<Who> _turns = PartitionedRateLimiter.Create<Who, Who>(who => RateLimitPartition.GetConcurrencyLimiter(who, _ => new()
    {
        PermitLimit = AtOnce,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    }));

    /// <summary>Whose turns they are: a member's, or those of a place.</summary>
    public readonly record struct Who(int Member, string Place = "");

    /// <summary>How many of each at the same time.</summary>
    public static int AtOnce => Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Whether the answer is a page.</summary>
    public static bool Make(HttpContext http) => http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    /// <summary>Comes after what reads a form, and within what sends the page: nobody's line holds a turn.</summary>
    public async Task WaitAsync(HttpContext http, RequestDelegate next)
    {
        if (!limits.AreOn || !Make(http))
        {
            await next(http);
            return;
        }
        var who = WhoOf(http);
        using var turn = who is { } first ? await TakeAsync(first, http.RequestAborted) : null;
        await next(http);
        if (http.Response.StatusCode != StatusCodes.Status429TooManyRequests || TooMuch.Waits(http))
            return;
        // Whoever was not patient enough for a turn waits for it now: refusals leave one after the other, over however many lines they were asked for.
        using var last = turn is null && who is { } again ? await _turns.AcquireAsync(again, 1, http.RequestAborted) : null;
        await TooMuch.LaterAsync(http.RequestAborted);
    }

    /// <summary>One more turn, until it is disposed; null for whoever waited long enough.</summary>
    public async ValueTask<IDisposable?> TakeAsync(Who who, CancellationToken cancel)
    {
        var turn = _turns.AttemptAcquire(who);
        if (turn.IsAcquired)
            return turn;
        turn.Dispose();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            return await _turns.AcquireAsync(who, 1, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    // Most of what visitors read is the same for all of them, and kept. Guests of a session sit behind one address, and each is counted alone.
    static Who? WhoOf(HttpContext http) => CurrentActor.Holder(http.User) is { MemberId: not 0 } holder ? new(holder.MemberId)
        : HttpMethods.IsPost(http.Request.Method) ? new(0, Places.Of(http)) : null;

    public void Dispose() => _turns.Dispose();
}
