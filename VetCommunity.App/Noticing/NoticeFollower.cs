using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>
/// Writes notices behind the conversations: at once what this process stored, all of a second together, and every few seconds what came from elsewhere, was left by a
/// crash, or was not read by those who had it open.
/// </summary>
sealed class NoticeFollower(Feed feed, NoticeWriting writing, Watchers watchers, TimeProvider clock, ILogger<NoticeFollower> log) : BackgroundService
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One list for all conversations: one transaction a second, however many there are.
        var changed = new Gathering<int>(Window, (_, conversations) => WriteAsync(conversations, stoppingToken), clock, log);
        using var listening = feed.Subscribe<ConversationChanged>(fact =>
        {
            if (fact.Changes.Any(change => change.Kind is ChangeKind.Posted or ChangeKind.Edited))
                changed.Add(0, fact.ConversationId);
            return ValueTask.CompletedTask;
        });
        using var timer = new PeriodicTimer(Look, clock);
        do
        {
            try
            {
                var last = 0;
                while (await writing.BehindAsync(Actor.Operator, last, stoppingToken) is [.., var final] behind)
                {
                    await WriteAsync(behind, stoppingToken);
                    last = final;
                }
                await writing.SettleAsync(Actor.Operator, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Notices could not be written; the next attempt is in some seconds and misses none");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task WriteAsync(IReadOnlyCollection<int> conversations, CancellationToken cancel)
    {
        while (conversations.Count > 0)
            conversations = await writing.WriteAsync(Actor.Operator, conversations, watchers.Looking, cancel);
    }
}
