using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.Operation;

/// <summary>Looks every ten minutes whether a backup is due, or one too old.</summary>
sealed class DueBackups(ScheduledBackups backups, TimeProvider clock, ILogger<DueBackups> log) : Rounds(TimeSpan.FromMinutes(10), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => backups.GoOnAsync(Actor.Operator, cancel);
}
