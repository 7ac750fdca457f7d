using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Gives places that became free, reminds of sessions that are near, and writes the mails about sessions.</summary>
sealed class RemindingSessions(Registrations registrations, SessionReminders reminders, TimeProvider clock, ILogger<RemindingSessions> log) : Rounds(TimeSpan.FromSeconds(20), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        await registrations.FillAsync(Actor.Operator, cancel);
        await reminders.RemindAsync(Actor.Operator, cancel);
        await reminders.MailAsync(Actor.Operator, cancel);
    }
}
