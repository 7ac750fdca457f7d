using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Discussion;

/// <summary>
/// Sends what is due as its author, through the ordinary post, which judges by the rights of now. The client key is made of the row's number: a crash between
/// the post and the end of the row, or a second process, finds the same message.
/// </summary>
public sealed class ScheduledSending(CommunityDbFactory db, AllConversations conversations, TimeProvider clock, ILogger<ScheduledSending> log)
{
    const int AtOnce = 100;

    /// <summary>Sends what is due, in the order of its time; what began and was cut off as well. Answers how many were sent.</summary>
    /// <exception cref="NotFoundException">Only the operator does this.</exception>
    public async Task<int> SendDueAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("scheduled messages");
        var now = clock.GetUtcNow();
        List<int> due;
        await using (var context = db.CreateDbContext())
            due = await context.ScheduledMessages.Where(s => s.RefusedAt == null && s.DueAt <= now).OrderBy(s => s.DueAt).ThenBy(s => s.Id).Select(s => s.Id).Take(AtOnce).ToListAsync(cancel);
        var sent = 0;
        foreach (var id in due)
        {
            try
            {
                sent += await SendAsync(id, cancel) is null ? 0 : 1;
            }
            catch (RefusedException refused) when (!IsForNow(refused))
            {
                // Kept with the message, for its author, or put off.
            }
            catch (RefusedException refused) when (refused.Refusal == Refusal.StorageUnavailable)
            {
                // The next one would wait as long for the same answer.
                break;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                log.LogWarning(error, "Scheduled message {Id} could not be sent; the next attempt is soon", id);
            }
        }
        return sent;
    }

    /// <summary>Sends one, due or not; null where there is none any more.</summary>
    /// <exception cref="RefusedException">A rule said no; unless it is for now only, that is kept with the message.</exception>
    internal async Task<PostReceipt?> SendAsync(int id, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        var one = context.ScheduledMessages.AsNoTracking().Where(s => s.Id == id);
        var now = clock.GetUtcNow();
        // From here on its author cannot change it, so what is read next is what is sent.
        await one.Where(s => s.BegunAt == null).ExecuteUpdateAsync(set => set.SetProperty(s => s.BegunAt, now).SetProperty(s => s.RefusedAt, (DateTimeOffset?)null), cancel);
        if (await one.FirstOrDefaultAsync(cancel) is not { } scheduled)
            return null;
        try
        {
            var author = Accounts.ActorOf(await context.Users.AsNoTracking().SingleAsync(m => m.Id == scheduled.MemberId, cancel));
            var receipt = await conversations.PostAsync(author, new(scheduled.ConversationId.ToString(CultureInfo.InvariantCulture),
                FormattableString.Invariant($"scheduled-{scheduled.Id}"), await TopicAsync(context, scheduled, cancel), scheduled.Markdown, scheduled.ReplyToSeq), cancel);
            await one.ExecuteDeleteAsync(CancellationToken.None);
            return receipt;
        }
        catch (NotFoundException)
        {
            throw await KeepAsync(one, new(Refusal.PlaceLost));
        }
        catch (RefusedException refused) when (refused.Refusal == Refusal.SlowMode)
        {
            // As soon as the room lets its author write again; until then it can be changed and taken back.
            var due = clock.GetUtcNow() + TimeSpan.FromSeconds((int)refused.Arguments[0]);
            await one.ExecuteUpdateAsync(set => set.SetProperty(s => s.DueAt, due).SetProperty(s => s.BegunAt, (DateTimeOffset?)null), CancellationToken.None);
            throw;
        }
        catch (RefusedException refused) when (!IsForNow(refused))
        {
            throw await KeepAsync(one, refused);
        }
    }

    async Task<RefusedException> KeepAsync(IQueryable<ScheduledMessage> one, RefusedException refused)
    {
        var (refusal, arguments) = ScheduledReading.Kept(refused);
        var now = clock.GetUtcNow();
        await one.ExecuteUpdateAsync(set => set.SetProperty(s => s.RefusedAt, now).SetProperty(s => s.Refusal, refusal).SetProperty(s => s.RefusalArguments, arguments)
            .SetProperty(s => s.BegunAt, (DateTimeOffset?)null), CancellationToken.None);
        return refused;
    }

    // The same is right a little later, without anybody's doing.
    static bool IsForNow(RefusedException refused) => refused.Refusal is Refusal.StorageUnavailable or Refusal.TooFast;

    // By its address part, which leads to it under whatever name, and to where its messages went.
    static async Task<string?> TopicAsync(CommunityDb context, ScheduledMessage scheduled, CancellationToken cancel) => scheduled switch
    {
        { Topic: "" } => null,
        { TopicSlug: { } slug } => await context.TopicSlugs.Where(s => s.ConversationId == scheduled.ConversationId && s.Slug == slug)
            .Join(context.Topics, s => s.TopicId, t => t.Id, (_, t) => t.Name).FirstOrDefaultAsync(cancel) ?? scheduled.Topic,
        _ => scheduled.Topic,
    };
}
