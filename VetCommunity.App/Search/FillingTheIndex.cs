using VetCommunity.Core;
using VetCommunity.Core.Search;

namespace VetCommunity.App.Search;

/// <summary>Indexes, while members come and go already, the messages that are older than the index, what the log had to leave, and keeps the index in one piece.</summary>
sealed class FillingTheIndex(IndexFilling filling, IndexMerging merging, TimeProvider clock, ILogger<FillingTheIndex> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                if (await filling.FillAsync(Actor.Operator, stoppingToken) is > 0 and var count)
                    log.LogInformation("{Count} messages can be searched now", count);
                await merging.MergeIfWorthItAsync(Actor.Operator, stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Older messages could not be indexed; the next look is in a minute");
            }
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }
}
