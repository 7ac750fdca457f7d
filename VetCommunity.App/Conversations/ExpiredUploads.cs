using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>Takes away every hour what was uploaded and not posted, and what a crash left behind.</summary>
sealed class ExpiredUploads(Attachments attachments, TimeProvider clock, ILogger<ExpiredUploads> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                if (await attachments.SweepAsync(Actor.Operator, stoppingToken) is > 0 and var swept)
                    log.LogInformation("{Count} files that nobody posted were taken away", swept);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Files that nobody posted could not be taken away; the next attempt is in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
