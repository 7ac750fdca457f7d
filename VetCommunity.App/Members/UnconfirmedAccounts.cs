using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Lets go every hour of accounts that nobody confirmed.</summary>
sealed class UnconfirmedAccounts(Registration registration, TimeProvider clock, ILogger<UnconfirmedAccounts> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        do
        {
            try
            {
                if (await registration.ForgetUnconfirmedAsync(Actor.Operator, stoppingToken) is > 0 and var forgotten)
                    log.LogInformation("{Count} accounts whose address nobody confirmed were taken away", forgotten);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Accounts that nobody confirmed could not be taken away; the next attempt is in an hour");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
