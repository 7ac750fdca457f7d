using VetCommunity.App.Limiting;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Privacy;

namespace VetCommunity.App.Privacy;

/// <summary>Looks every minute for erasures whose time has come, those of guests among them, and goes on with those that a restart interrupted.</summary>
sealed class DueErasures(Erasing erasing, Guests guests, ConfiguredLimits limits, TimeProvider clock, ILogger<DueErasures> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        await guests.ForgetAsync(Actor.Operator, limits.GuestDays, cancel);
        await erasing.GoOnAsync(Actor.Operator, cancel);
    }
}
