using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>Takes away every hour what was uploaded and not posted, and what a crash left behind.</summary>
sealed class ExpiredUploads(Attachments attachments, TimeProvider clock, ILogger<ExpiredUploads> log) : Rounds(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        if (await attachments.SweepAsync(Actor.Operator, cancel) is > 0 and var swept)
            log.LogInformation("{Count} files that nobody posted were taken away", swept);
    }
}
