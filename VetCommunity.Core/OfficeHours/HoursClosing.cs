using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.OfficeHours;

/// <summary>Opens and closes rooms at their hours. Whoever waits when a room closes keeps their line and may ask it for later; whoever is being served stays until it is done.</summary>
public sealed class HoursClosing(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    const int AtOnce = 100;

    /// <summary>Turns the rooms whose time has come.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops between two rooms.</param>
    /// <returns>How many rooms were looked at.</returns>
    public async Task<int> TurnDueAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("rooms");
        var now = clock.GetUtcNow();
        await using var context = db.CreateDbContext();
        var due = await context.RoomHours.Where(h => h.TurnsAt <= now).OrderBy(h => h.TurnsAt).Take(AtOnce).Select(h => h.ConversationId).ToListAsync(cancel);
        foreach (var conversation in due)
        {
            await using (var transaction = await context.Database.BeginTransactionAsync(cancel))
            {
                // Another process may have been first.
                if (await context.LockAsync(conversation, cancel) is not { TurnsAt: { } turns } || turns > now)
                    continue;
                await TurnAsync(context, conversation, cancel);
                await transaction.CommitAsync(cancel);
            }
            feed.Publish(new OfficeHoursChanged(conversation));
        }
        return due.Count;
    }

    /// <summary>In the caller's transaction: notes when the room turns next, and lets the waiting places of a closed one lapse.</summary>
    internal static async Task TurnAsync(CommunityDb context, int conversation, CancellationToken cancel)
    {
        var now = context.Clock.GetUtcNow();
        var opening = (await context.RulesAsync(conversation, cancel))?.At(now);
        var turns = opening?.TurnsAt;
        await context.RoomHours.Where(h => h.ConversationId == conversation).ExecuteUpdateAsync(set => set.SetProperty(h => h.TurnsAt, turns), cancel);
        if (opening is not { IsOpen: true })
            await context.QueuePlaces.Where(q => q.ConversationId == conversation && q.State == QueueState.Waiting)
                .ExecuteUpdateAsync(set => set.SetProperty(q => q.State, QueueState.Lapsed).SetProperty(q => q.EndedAt, now), cancel);
    }
}
