using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Files;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Watching;

namespace VetCommunity.Core.Conversations;

/// <summary>Reading and writing in conversations of every kind. Who may do what is their kind's <see cref="ConversationRule"/>.</summary>
public sealed class AllConversations(CommunityDbFactory db, MessageLog log, UploadFolder uploads)
{
    /// <summary>Opens a conversation.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="conversation">A room's slug or a conversation's number.</param>
    /// <param name="afterSeq">Messages after this one; null for the last 50.</param>
    /// <param name="topicSlug">Only this topic's messages; null for all.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<OpenedConversation> OpenAsync(Actor actor, string conversation, long? afterSeq = null, string? topicSlug = null, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        // One snapshot: a version without its message, or the other way round, would be a gap or a double.
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await ReadAsync(context, await FindAsync(context, actor, conversation, cancel), afterSeq, topicSlug, cancel);
    }

    /// <summary>Opens a conversation that is followed from now on: a change in between comes twice and is dropped by its version, never missed.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="conversation">A room's slug or a conversation's number.</param>
    /// <param name="afterSeq">Messages after this one; null for the last 50.</param>
    /// <param name="subscribe">Called once it is found and may be read, before its messages are.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent or not readable for the actor; also after <paramref name="subscribe"/>, when that ended meanwhile.</exception>
    public async Task<OpenedConversation> OpenAsync(
        Actor actor, string conversation, long? afterSeq, Func<FoundConversation, Task> subscribe, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await subscribe(await FindAsync(context, actor, conversation, cancel));
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        // Judged once more: who lost the access in between heard so before there was something to end.
        return await ReadAsync(context, await FindAsync(context, actor, conversation, cancel), afterSeq, topicSlug: null, cancel);
    }

    internal static async Task<OpenedConversation> ReadAsync(CommunityDb context, FoundConversation found, long? afterSeq, string? topicSlug, CancellationToken cancel)
    {
        if (topicSlug is null && afterSeq is null)
            return Opened(await MessageReading.LastAsync(context, found.Id, people: null, cancel));
        var messages = context.Messages.Where(m => m.ConversationId == found.Id);
        if (topicSlug is not null)
        {
            var topic = await context.TopicSlugs.Where(s => s.ConversationId == found.Id && s.Slug == topicSlug).Select(s => (int?)s.TopicId).FirstOrDefaultAsync(cancel)
                ?? throw new NotFoundException("topic");
            messages = messages.Where(m => m.TopicId == topic);
        }
        if (afterSeq is not { } after)
            return Opened(await MessageReading.LastAsync(context, messages, cancel));
        var (read, hasMore) = await MessageReading.FirstAsync(context, messages.Where(m => m.Seq > after), cancel);
        return Opened((read, read.Count > 0 && await messages.AnyAsync(m => m.Seq < read[0].Seq, cancel)), hasMore);

        OpenedConversation Opened((List<PostedMessage> Messages, bool HasOlder) page, bool hasMore = false) =>
            found.With(page.Messages, page.HasOlder, hasMore);
    }

    /// <summary>The 50 messages before one.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<MessagePage> OlderAsync(Actor actor, string conversation, long beforeSeq, string? topicSlug = null, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await OlderAsync(context, await FindAsync(context, actor, conversation, cancel), beforeSeq, topicSlug, cancel);
    }

    internal static async Task<MessagePage> OlderAsync(CommunityDb context, FoundConversation found, long beforeSeq, string? topicSlug, CancellationToken cancel)
    {
        var messages = context.Messages.Where(m => m.ConversationId == found.Id && m.Seq < beforeSeq);
        if (topicSlug is not null)
            messages = messages.Where(m => context.TopicSlugs.Any(s => s.ConversationId == found.Id && s.Slug == topicSlug && s.TopicId == m.TopicId));
        var (read, hasMore) = await MessageReading.LastAsync(context, messages, cancel);
        return new(read, hasMore);
    }

    /// <summary>What happened after a version, in order, with each message as it stands now.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<ChangePage> ChangesAsync(Actor actor, string conversation, long afterVersion, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var found = await FindAsync(context, actor, conversation, cancel);
        if (found.Version - afterVersion > Limits.Changes || afterVersion > found.Version)
            return new(found.Version, Limited: true, []);
        var events = await context.ConversationEvents.AsNoTracking()
            .Where(e => e.ConversationId == found.Id && e.Version > afterVersion).OrderBy(e => e.Version).ToListAsync(cancel);
        var messages = (await MessageReading.OfAsync(context, found.Id, [.. events.Select(e => e.Seq).Distinct()], cancel)).ToDictionary(m => m.Seq);
        return new(found.Version, Limited: false, [.. events.Select(e => new Change(e.Version, e.Kind, messages[e.Seq]))]);
    }

    /// <summary>Posts a message. The answer comes after it is on disk; the same client key again answers with the first message.</summary>
    /// <exception cref="RefusedException">The text, the topic, an attachment, the poll, the answered message or the place refuses.</exception>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public Task<PostReceipt> PostAsync(Actor actor, NewMessage message, CancellationToken cancel = default)
    {
        Limits.CheckedKey(message.ClientKey);
        var attachments = Limits.CheckedAttachments(message.Attachments);
        var poll = message.Poll is { } asked ? PollRules.Checked(asked) : null;
        var markdown = Limits.CleanText(message.Markdown, mayBeEmpty: attachments.Count > 0 && poll is null);
        var topic = Limits.CheckedTopic(message.Topic);
        if (message.Language is { } language)
            Limits.CheckedLanguage(language);
        var clean = message with { Topic = topic, Attachments = attachments, Poll = poll };
        return Traces.AreHeard ? TracedAsync() : log.WriteAsync(new PostEntry(actor, clean, markdown, PersonsMarkdown.Read(markdown)), cancel);

        async Task<PostReceipt> TracedAsync()
        {
            using var span = Traces.Begin("post", ActivityKind.Internal);
            return await log.WriteAsync(new PostEntry(actor, clean, markdown, PersonsMarkdown.Read(markdown)), cancel);
        }
    }

    /// <summary>Gives one's own message another text, and says in which language it is or lets that be told from the text. Answers with the conversation's new version.</summary>
    public async Task<long> EditAsync(Actor actor, string conversation, long seq, string markdown, string? language = null, CancellationToken cancel = default)
    {
        // Whether there is an attachment that speaks for itself is seen where the text is stored.
        var clean = Limits.CleanText(markdown, mayBeEmpty: true);
        if (language is not null)
            Limits.CheckedLanguage(language);
        var version = await log.WriteAsync(new EditEntry(actor, conversation, seq, clean, PersonsMarkdown.Read(clean), language), cancel);
        // Where the text was this one already, nothing has been said of its language yet.
        return language is null ? version : await SetLanguageAsync(actor, conversation, seq, language, cancel);
    }

    /// <summary>Says in which language one's own message is, or as a moderator any. Answers with the conversation's new version.</summary>
    /// <exception cref="RefusedException">No language of the community, somebody else's message, or one that is gone.</exception>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public Task<long> SetLanguageAsync(Actor actor, string conversation, long seq, string language, CancellationToken cancel = default) =>
        log.WriteAsync(new LanguageEntry(actor, conversation, seq, Limits.CheckedLanguage(language)), cancel);

    /// <summary>Deletes one's own message, or as a moderator any; its number stays as a marked gap.</summary>
    public async Task<long> DeleteAsync(Actor actor, string conversation, long seq, CancellationToken cancel = default)
    {
        var entry = new DeleteEntry(actor, conversation, seq);
        var version = await log.WriteAsync(entry, cancel);
        uploads.Remove(entry.Attachments);
        return version;
    }

    /// <summary>Gives an emoji to a message or takes it back; doing it twice changes nothing.</summary>
    public Task<long> ReactAsync(Actor actor, string conversation, long seq, string emoji, bool on, CancellationToken cancel = default) =>
        log.WriteAsync(new ReactEntry(actor, conversation, seq, Limits.CheckedEmoji(emoji), on), cancel);

    /// <summary>A message's texts, the present one first. A deleted message has none.</summary>
    public async Task<IReadOnlyList<FormerText>> HistoryAsync(Actor actor, string conversation, long seq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await FindAsync(context, actor, conversation, cancel);
        var message = await context.Messages.AsNoTracking().FirstOrDefaultAsync(m => m.ConversationId == found.Id && m.Seq == seq, cancel)
            ?? throw new NotFoundException("message");
        if (message.HiddenAt is not null)
            throw new NotFoundException("message");
        if (message.DeletedAt is not null)
            return [];
        var former = await context.MessageRevisions.AsNoTracking()
            .Where(r => r.ConversationId == found.Id && r.Seq == seq).OrderByDescending(r => r.Version).Take(100).ToListAsync(cancel);
        // A revision's text was written when the one before it was replaced.
        return [new(message.Html, message.EditedAt ?? message.SentAt),
            .. former.Select((r, i) => new FormerText(PersonsMarkdown.ToHtml(r.Markdown), i + 1 < former.Count ? former[i + 1].ReplacedAt : message.SentAt))];
    }

    /// <summary>What the actor may do here now.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<FoundConversation> FindAsync(Actor actor, string conversation, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await FindAsync(context, actor, conversation, cancel);
    }

    static readonly OftenAsked<int, string, int, StandingPlace> Places = new((context, id, slug, member) => (
        from c in context.Conversations
        where c.Id == id || c.Slug == slug
        join m in context.Memberships.Where(m => m.MemberId == member) on c.Id equals m.ConversationId into places
        from place in places.DefaultIfEmpty()
        join r in context.Restrictions.Where(r => r.MemberId == member) on c.Id equals r.ConversationId into restrictions
        from restriction in restrictions.DefaultIfEmpty()
        select new StandingPlace
        {
            Conversation = c,
            Role = (MembershipRole?)place!.Role,
            LastRead = (long?)place.LastReadSeq,
            MutedUntil = restriction!.MutedUntil,
            BannedUntil = restriction.BannedUntil,
        }).AsNoTracking());

    internal static async Task<FoundConversation> FindAsync(CommunityDb context, Actor actor, string conversation, CancellationToken cancel)
    {
        if (conversation.Contains('\0', StringComparison.Ordinal))
            throw new NotFoundException("conversation");
        var id = int.TryParse(conversation, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        // No room has an empty slug, and no conversation the number 0.
        if (await Places.AskAsync(context, id, id == 0 ? conversation : "", actor.MemberId, cancel) is not [var row])
            throw new NotFoundException("conversation");
        var now = context.Clock.GetUtcNow();
        var standing = ConversationRule.Of(row.Conversation.Kind).Judge(actor,
            new(row.Conversation.IsOpen == 1, row.Conversation.EndedAt is not null, row.Role, row.BannedUntil > now, row.MutedUntil > now, row.Conversation.OnlySpeakers == 1),
            row.LastRead ?? 0);
        if (!standing.MayRead && actor != Actor.Operator)
            throw new NotFoundException("conversation");
        var title = row.Conversation.Kind == ConversationKind.Direct
            ? Privacy.FormerMember.Shown(await context.Memberships.Where(m => m.ConversationId == row.Conversation.Id && m.MemberId != actor.MemberId)
                .Join(context.Users, m => m.MemberId, u => u.Id, (_, u) => u.DisplayName).FirstOrDefaultAsync(cancel) ?? "")
            : row.Conversation.Title;
        var found = row.Conversation;
        return new(found.Id, found.Slug ?? found.Id.ToString(CultureInfo.InvariantCulture), found.Kind, title, found.Purpose, found.Language, found.IsOpen == 1, found.LastSeq, found.Version, standing,
            found.SlowSeconds, found.KeepMonths);
    }

    sealed class StandingPlace
    {
        public required Conversation Conversation { get; init; }
        public MembershipRole? Role { get; init; }
        public long? LastRead { get; init; }
        public DateTimeOffset? MutedUntil { get; init; }
        public DateTimeOffset? BannedUntil { get; init; }
    }
}

/// <summary>A conversation that the actor may read.</summary>
public sealed record FoundConversation(
    int Id, string Address, ConversationKind Kind, string Title, string Purpose, string Language, bool IsOpen, long LastSeq, long Version, Standing Standing,
    int SlowSeconds = 0, int KeepMonths = 0)
{
    /// <summary>The last message that the actor read. Whoever has no place here has nothing unread.</summary>
    public long LastRead => Standing.IsMember ? Standing.LastReadSeq : LastSeq;

    // A page of its messages, as it is opened.
    internal OpenedConversation With(IReadOnlyList<PostedMessage> messages, bool hasOlder, bool hasMore = false) =>
        new(Id, Address, Kind, Title, LastSeq, Version, messages, hasMore, hasOlder, Standing);
}
