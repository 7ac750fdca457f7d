using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Moderation;

/// <summary>A message at the top of its room.</summary>
public sealed record PinnedMessage(long Seq, string Author, string Text);

/// <summary>Messages at the top of a room, put there by its moderators. What is deleted or hidden is there no more.</summary>
public sealed class Pins(CommunityDbFactory db, Feed feed)
{
    /// <summary>The most of one room.</summary>
    public const int Most = 5;

    /// <summary>The pinned messages, in the order in which they were pinned.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<IReadOnlyList<PinnedMessage>> ListAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await ListAsync(context, await AllConversations.FindAsync(context, actor, room, cancel), cancel);
    }

    internal static async Task<IReadOnlyList<PinnedMessage>> ListAsync(CommunityDb context, FoundConversation found, CancellationToken cancel)
    {
        var rows = await (
            from p in context.Pins
            where p.ConversationId == found.Id
            join m in context.Messages on new { p.ConversationId, p.Seq } equals new { m.ConversationId, m.Seq }
            where m.DeletedAt == null && m.HiddenAt == null
            orderby p.At, p.Slot
            select new
            {
                m.Seq,
                m.Markdown,
                Name = context.Users.Where(u => u.Id == m.AuthorId).Select(u => u.DisplayName).FirstOrDefault() ?? m.ImportedAuthor,
                File = context.Attachments.Where(a => a.ConversationId == m.ConversationId && a.Seq == m.Seq).OrderBy(a => a.Position).Select(a => a.Name).FirstOrDefault(),
            }).ToListAsync(cancel);
        return [.. rows.Select(r => new PinnedMessage(r.Seq, r.Name ?? "", MessageReading.Excerpt(r.Markdown, r.File)))];
    }

    /// <summary>Puts a message at the top; doing it twice changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    /// <exception cref="RefusedException">The message is gone, or there are as many as there can be.</exception>
    public async Task PinAsync(Actor actor, string room, long seq, CancellationToken cancel = default)
    {
        var found = await ModeratedAsync(actor, room, cancel);
        // Two moderators may want the same place: the one who comes second takes the next.
        for (var tries = 0; tries <= Most; tries++)
        {
            await using var context = db.CreateDbContext();
            var message = await context.Messages.AsNoTracking().FirstOrDefaultAsync(m => m.ConversationId == found.Id && m.Seq == seq, cancel) ?? throw new NotFoundException("message");
            if (message.DeletedAt is not null)
                throw new RefusedException(Refusal.MessageDeleted);
            if (message.HiddenAt is not null)
                throw new RefusedException(Refusal.MessageHidden);
            var pinned = await context.Pins.AsNoTracking().Where(p => p.ConversationId == found.Id).ToListAsync(cancel);
            if (pinned.Exists(p => p.Seq == seq))
                return;
            if (Enumerable.Range(1, Most).Except(pinned.Select(p => p.Slot)).FirstOrDefault() is not (> 0 and var slot))
                break;
            var now = context.Clock.GetUtcNow();
            context.Add(new Pin { ConversationId = found.Id, Seq = seq, Slot = slot, ById = actor.MemberId, At = now });
            if (message.AuthorId is { } author)
                context.Note(now, actor, "message.pinned", author, FormattableString.Invariant($"{found.Address} {seq}"));
            try
            {
                await context.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException) when (context.Pins.AsNoTracking().Any(p => p.ConversationId == found.Id && (p.Slot == slot || p.Seq == seq)))
            {
                continue;
            }
            feed.Publish(new PinsChanged(found.Id));
            return;
        }
        throw new RefusedException(Refusal.TooManyPins, Most);
    }

    /// <summary>Takes a message from the top; one that is not there changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    public async Task UnpinAsync(Actor actor, string room, long seq, CancellationToken cancel = default)
    {
        var found = await ModeratedAsync(actor, room, cancel);
        await using var context = db.CreateDbContext();
        var pin = await context.Pins.FirstOrDefaultAsync(p => p.ConversationId == found.Id && p.Seq == seq, cancel);
        if (pin is null)
            return;
        context.Remove(pin);
        if (await context.Messages.Where(m => m.ConversationId == found.Id && m.Seq == seq).Select(m => m.AuthorId).FirstOrDefaultAsync(cancel) is { } author)
            context.Note(context.Clock.GetUtcNow(), actor, "message.unpinned", author, FormattableString.Invariant($"{found.Address} {seq}"));
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else took it away in the same moment.
            return;
        }
        feed.Publish(new PinsChanged(found.Id));
    }

    async Task<FoundConversation> ModeratedAsync(Actor actor, string room, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        return found.Kind == ConversationKind.Room && found.Standing.IsModerator ? found : throw new NotFoundException("room");
    }
}
