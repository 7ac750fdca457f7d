using VetCommunity.Core.Data;

namespace VetCommunity.Core.Conversations;

/// <summary>Messages of a conversation page by page, for programs that read all of it.</summary>
public sealed class MessagePages(CommunityDbFactory db)
{
    /// <summary>Messages of one page.</summary>
    public const int Most = 100;

    /// <summary>A page, oldest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="conversation">A room's slug or a conversation's number.</param>
    /// <param name="wanted">Which messages; with neither bound the newest, with an upper one alone those before it, otherwise those after the lower one.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Conversation or topic are absent or not readable for the actor.</exception>
    public async Task<ReadPage> ReadAsync(Actor actor, string conversation, WantedMessages wanted, CancellationToken cancel = default)
    {
        var most = Math.Clamp(wanted.Most, 1, Most);
        await using var context = db.CreateDbContext();
        // One snapshot: the version is that of these messages.
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var found = await AllConversations.FindAsync(context, actor, conversation, cancel);
        var messages = context.Messages.Where(m => m.ConversationId == found.Id);
        if (wanted.TopicSlug is { } slug)
        {
            var topic = (await Discussion.Topics.OneAsync(context, found, slug, cancel)).Id;
            messages = messages.Where(m => m.TopicId == topic);
        }
        if (wanted.Before is { } before)
            messages = messages.Where(m => m.Seq < before);
        if (wanted.After is { } after)
            messages = messages.Where(m => m.Seq > after);
        var ordered = wanted.After is null ? messages.OrderByDescending(m => m.Seq) : messages.OrderBy(m => m.Seq);
        // One more tells whether there are more.
        var read = await MessageReading.ReadAsync(context, ordered.Take(most + 1), cancel);
        var hasMore = read.Count > most;
        if (hasMore)
            read.RemoveAt(wanted.After is null ? 0 : most);
        return new(found.Id, found.Version, found.LastSeq, read, hasMore);
    }

    /// <summary>One message.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<PostedMessage> OneAsync(Actor actor, string conversation, long seq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, conversation, cancel);
        return (await MessageReading.OfAsync(context, found.Id, [seq], cancel)).SingleOrDefault() ?? throw new NotFoundException("message");
    }
}

/// <summary>Which messages are wanted.</summary>
/// <param name="TopicSlug">Only this topic's; null for all.</param>
/// <param name="After">Only those with a higher number.</param>
/// <param name="Before">Only those with a lower number.</param>
/// <param name="Most">1 to <see cref="MessagePages.Most"/>.</param>
public sealed record WantedMessages(string? TopicSlug, long? After, long? Before, int Most);

/// <summary>A page of messages, oldest first, with the version that they belong to; more lie in the direction of reading.</summary>
public sealed record ReadPage(int ConversationId, long Version, long LastSeq, IReadOnlyList<PostedMessage> Messages, bool HasMore);
