using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Privacy;

namespace VetCommunity.App.Members;

/// <summary>Where somebody goes who has just logged in: to what they should answer first, otherwise to where they wanted.</summary>
sealed class AfterLogIn(Consents consents, Erasures erasures)
{
    public async Task<string> AddressAsync(Actor actor, string? wanted, CancellationToken cancel) =>
        await erasures.IsPlannedAsync(actor, cancel) ? "/Account/Delete"
            : await consents.AsksAgainAsync(actor, ConsentPurpose.Privacy, cancel) ? "/privacy"
            : Addresses.Local(wanted);
}
