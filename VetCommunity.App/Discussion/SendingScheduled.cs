using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>Sends scheduled messages at their time, and after a start what became due in between.</summary>
sealed class SendingScheduled(ScheduledSending sending, TimeProvider clock, ILogger<SendingScheduled> log) : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => sending.SendDueAsync(Actor.Operator, cancel);
}
