using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Privacy;

namespace VetCommunity.App.Privacy;

/// <summary>Makes the exports that members asked for, one after the other.</summary>
sealed class DueExports(Exporting exporting, TimeProvider clock, ILogger<DueExports> log) : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => exporting.GoOnAsync(Actor.Operator, cancel);
}
