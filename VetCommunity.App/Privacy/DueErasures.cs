using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Privacy;

namespace VetCommunity.App.Privacy;

/// <summary>Looks every minute for erasures whose time has come, and goes on with those that a restart interrupted.</summary>
sealed class DueErasures(Erasing erasing, TimeProvider clock, ILogger<DueErasures> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => erasing.GoOnAsync(Actor.Operator, cancel);
}
