using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Conversations;

/// <summary>What members typed and have not sent; it survives a closed page and a restart.</summary>
public sealed class Drafts(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Keeps the text; an empty one takes the draft away. Longer than a message may be is cut at four times its limit.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task SaveAsync(Actor actor, string conversation, string markdown, string? topic, long? replyToSeq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, conversation, cancel);
        var mine = context.Drafts.Where(d => d.MemberId == actor.MemberId && d.ConversationId == found.Id);
        if (string.IsNullOrWhiteSpace(markdown))
        {
            await mine.ExecuteDeleteAsync(cancel);
            return;
        }
        var text = markdown.Replace("\0", "", StringComparison.Ordinal);
        text = text.Length > 4 * Limits.Text ? text[..(4 * Limits.Text)] : text;
        var name = topic is { Length: <= Limits.TopicName } ? topic : "";
        var now = clock.GetUtcNow();
        var saved = await mine.ExecuteUpdateAsync(set => set.SetProperty(d => d.Markdown, text).SetProperty(d => d.Topic, name)
            .SetProperty(d => d.ReplyToSeq, replyToSeq).SetProperty(d => d.SavedAt, now), cancel);
        if (saved > 0)
            return;
        context.Add(new Draft { MemberId = actor.MemberId, ConversationId = found.Id, Markdown = text, Topic = name, ReplyToSeq = replyToSeq, SavedAt = now });
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Two pages of one member saved their first draft here at once; the other one's is as good.
        }
    }

    /// <summary>The actor's draft here, or null.</summary>
    public async Task<Draft?> FindAsync(Actor actor, int conversationId, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await context.Drafts.AsNoTracking().FirstOrDefaultAsync(d => d.MemberId == actor.MemberId && d.ConversationId == conversationId, cancel);
    }
}
