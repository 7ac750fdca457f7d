using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Search;

namespace VetCommunity.App.Search;

/// <summary>Indexes, while members come and go already, the messages that are older than the index, what the log had to leave, and keeps the index in one piece.</summary>
sealed class FillingTheIndex(IndexFilling filling, IndexMerging merging, TimeProvider clock, ILogger<FillingTheIndex> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        if (await filling.FillAsync(Actor.Operator, cancel) is > 0 and var count)
            log.LogInformation("{Count} messages can be searched now", count);
        await merging.MergeIfWorthItAsync(Actor.Operator, cancel);
    }
}
