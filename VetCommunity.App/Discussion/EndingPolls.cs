using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>Shows the result of polls whose time is over to all who watch; votes after it are refused without it.</summary>
sealed class EndingPolls(Polls polls, TimeProvider clock, ILogger<EndingPolls> log) : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => polls.EndDueAsync(Actor.Operator, cancel);
}
