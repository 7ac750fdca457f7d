using System.Threading.Channels;
using VetCommunity.Core;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.Mailing;

/// <summary>Sends what waits in the queue: at once when this process queued it, and every 15 seconds what is due again or came from elsewhere.</summary>
sealed class MailDelivery(MailQueue mails, Feed feed, ILogger<MailDelivery> log) : BackgroundService
{
    static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var wake = Channel.CreateBounded<MailsQueued>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var listening = feed.Subscribe<MailsQueued>(queued => wake.Writer.WriteAsync(queued, stoppingToken));
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await mails.SendDueAsync(Actor.Operator, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(error, "The mails that wait cannot be read");
            }
            using var round = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            round.CancelAfter(Round);
            try
            {
                await wake.Reader.ReadAsync(round.Token);
            }
            catch (OperationCanceledException)
            {
                // The next round, or the end.
            }
        }
    }
}
