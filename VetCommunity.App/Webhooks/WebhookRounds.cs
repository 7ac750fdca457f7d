using System.Collections.Concurrent;
using System.Threading.Channels;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>
/// Tells the targets of webhooks what they are to hear: at once when something happened in a room that one of them listens to, and every 5 seconds what is
/// due again or came from elsewhere. Four calls at once; of each webhook one after the other.
/// </summary>
sealed class WebhookRounds(DeliveryQueue queue, TargetCalls calls, Feed feed, ILogger<WebhookRounds> log) : BackgroundService
{
    static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    const int AtOnce = 4;
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    // Whom somebody is telling now; true where there was more to tell meanwhile.
    readonly ConcurrentDictionary<int, bool> _lanes = [];
    readonly SemaphoreSlim _slots = new(AtOnce);
    volatile HashSet<int> _rooms = [];

    public override void Dispose()
    {
        _slots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = feed.Subscribe<ConversationChanged>(fact => WakeFor(fact.ConversationId));
        using var topics = feed.Subscribe<TopicsChanged>(fact => WakeFor(fact.ConversationId));
        using var webhooks = feed.Subscribe<WebhooksChanged>(_ => Wake());
        List<Task> running = [];
        while (!stoppingToken.IsCancellationRequested)
        {
            running.RemoveAll(lane => lane.IsCompleted);
            try
            {
                _rooms = (await queue.RoomsAsync(Actor.Operator, stoppingToken)).ToHashSet();
                foreach (var webhook in await queue.BusyAsync(Actor.Operator, stoppingToken))
                {
                    if (_lanes.TryAdd(webhook, false))
                        running.Add(RunAsync(webhook, stoppingToken));
                    else
                        _lanes.TryUpdate(webhook, true, false);
                }
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(error, "What webhooks are to hear cannot be read");
            }
            using var round = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            round.CancelAfter(Round);
            try
            {
                await _wake.Reader.ReadAsync(round.Token);
            }
            catch (OperationCanceledException)
            {
                // The next round, or the end.
            }
        }
        await Task.WhenAll(running);
    }

    async Task RunAsync(int webhook, CancellationToken cancel)
    {
        var told = 0;
        try
        {
            while (await queue.NextAsync(Actor.Operator, webhook, cancel) is { } due)
            {
                CallResult result;
                await _slots.WaitAsync(cancel);
                try
                {
                    result = await calls.CallAsync(due, cancel);
                }
                finally
                {
                    _slots.Release();
                }
                // Done is done, also when the server is about to end.
                await queue.RecordAsync(Actor.Operator, due.Id, result, CancellationToken.None);
                told++;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // What was not told is told after the next start.
        }
        catch (Exception error)
        {
            // Until the next round: what is broken now is still so in the next moment.
            log.LogError(error, "Webhook {Number} could not be served", webhook);
            _lanes.TryRemove(webhook, out _);
            return;
        }
        _lanes.TryRemove(webhook, out var more);
        // What came between the last look and now.
        if (told > 0 || more)
            await Wake();
    }

    // Rooms that nobody outside listens to cost a look into a set.
    ValueTask WakeFor(int conversation) => _rooms.Contains(conversation) ? Wake() : ValueTask.CompletedTask;

    ValueTask Wake()
    {
        _wake.Writer.TryWrite(true);
        return ValueTask.CompletedTask;
    }
}
