using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.OfficeHours;

/// <summary>Opens and closes rooms at their hours; whoever joins a closed one is refused without it.</summary>
sealed class TurningHours(HoursClosing closing, TimeProvider clock, ILogger<TurningHours> log) : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => closing.TurnDueAsync(Actor.Operator, cancel);
}
