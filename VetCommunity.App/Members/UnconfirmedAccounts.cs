using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Lets go every hour of accounts that nobody confirmed.</summary>
sealed class UnconfirmedAccounts(Registration registration, TimeProvider clock, ILogger<UnconfirmedAccounts> log) : Rounds(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        if (await registration.ForgetUnconfirmedAsync(Actor.Operator, cancel) is > 0 and var forgotten)
            log.LogInformation("{Count} accounts whose address nobody confirmed were taken away", forgotten);
    }
}
