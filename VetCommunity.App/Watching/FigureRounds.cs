using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Watching;

namespace VetCommunity.App.Watching;

/// <summary>Counts the mails that wait, and keeps what is open, every ten seconds.</summary>
sealed class FigureRounds(Installation installation, Gauges gauges, FigureHistory history, TimeProvider clock, ILogger<FigureRounds> log) : Rounds(TimeSpan.FromSeconds(10), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        gauges.Mails = await installation.MailsAsync(Actor.Operator, cancel);
        history.Look();
    }
}
