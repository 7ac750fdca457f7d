using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Privacy;

namespace VetCommunity.App.Privacy;

/// <summary>Deletes every hour what rooms no longer keep.</summary>
sealed class ExpiredMessages(Retention retention, TimeProvider clock, ILogger<ExpiredMessages> log) : Rounds(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        if (await retention.DeleteDueAsync(Actor.Operator, cancel) is > 0 and var gone)
            log.LogInformation("{Count} messages were deleted that their rooms no longer keep", gone);
    }
}
