using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>Reminds authors of practices that are to be looked at again.</summary>
sealed class RemindingAuthors(ReviewReminders reminders, TimeProvider clock, ILogger<RemindingAuthors> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel) => await reminders.TellAsync(Actor.Operator, cancel);
}
