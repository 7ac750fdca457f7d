using System.Threading.Channels;
using VetCommunity.Core;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>Waits a little for an attempt that somebody asked for, so that the page that comes next shows how it went.</summary>
sealed class AskedAttempts(Feed feed)
{
    // A little longer than a call may take.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(12);

    /// <summary>Asks, and comes back when the attempt was made or has to wait too long.</summary>
    /// <param name="ask">Answers with the delivery's number.</param>
    /// <param name="cancel">Stops waiting; what was asked for is done all the same.</param>
    public async Task AskAsync(Func<Task<long>> ask, CancellationToken cancel)
    {
        var tried = Channel.CreateUnbounded<long>();
        using var listening = feed.Subscribe<DeliveryTried>(fact => tried.Writer.WriteAsync(fact.Delivery, cancel));
        var asked = await ask();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Longest);
        try
        {
            await foreach (var one in tried.Reader.ReadAllAsync(limit.Token))
            {
                if (one == asked)
                    return;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The page says that it is on its way.
        }
    }
}
