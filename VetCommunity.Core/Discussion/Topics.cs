using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.Core.Discussion;

/// <summary>A room's topics: listed, renamed, filled from others, followed and muted, resolved and reopened.</summary>
public sealed class Topics(CommunityDbFactory db, MessageLog log, Feed feed, TimeProvider clock)
{
    /// <summary>Messages that one move takes along; more go in several steps.</summary>
    public const int MovedAtOnce = 500;

    /// <summary>Topics that a room's list shows.</summary>
    public const int Most = 300;

    /// <summary>Characters of an outcome's sentence.</summary>
    public const int Sentence = 280;

    /// <summary>A room's topics with what is unread in each: first those that are open, the liveliest first, then the resolved ones, the latest first. At most <see cref="Most"/>.</summary>
    public async Task<IReadOnlyList<TopicRow>> ListAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await ListAsync(context, actor, await FindRoomAsync(context, actor, room, cancel), cancel);
    }

    internal static async Task<IReadOnlyList<TopicRow>> ListAsync(CommunityDb context, Actor actor, FoundConversation found, CancellationToken cancel)
    {
        return await OfRoom.AskAsync(context, found.Id, actor.MemberId, found.LastRead, cancel);
    }

    static readonly OftenAsked<int, int, long, TopicRow> OfRoom = new((context, room, member, read) => (
        from t in context.Topics
        where t.ConversationId == room && t.Messages > 0
        join r in context.Resolutions.Where(r => r.ReopenedAt == null) on t.Id equals r.TopicId into ends
        from end in ends.DefaultIfEmpty()
        join i in context.Involvements.Where(i => i.MemberId == member) on t.Id equals i.TopicId into wishes
        from wish in wishes.DefaultIfEmpty()
        orderby end == null ? 0 : 1, end.At descending, t.LastSeq descending
        select new TopicRow(t.Name, t.Slug, t.Messages,
            t.LastSeq <= read || wish.Kind == InvolvementKind.Muted ? 0 : context.Messages.Count(m => m.TopicId == t.Id && m.Seq > read),
            (InvolvementKind?)wish.Kind, (Outcome?)end.Outcome)).Take(Most));

    /// <summary>A topic by its address part or a former one; the answer has the present one.</summary>
    /// <exception cref="NotFoundException">No topic of this room ever had it.</exception>
    public async Task<TopicState> FindAsync(Actor actor, string room, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await FindAsync(context, actor, await FindRoomAsync(context, actor, room, cancel), slug, cancel);
    }

    internal static async Task<TopicState> FindAsync(CommunityDb context, Actor actor, FoundConversation found, string slug, CancellationToken cancel)
    {
        var topic = await OneAsync(context, found, slug, cancel);
        var wish = await context.Involvements.Where(i => i.MemberId == actor.MemberId && i.TopicId == topic.Id).Select(i => (InvolvementKind?)i.Kind).FirstOrDefaultAsync(cancel);
        var resolved = await (
            from r in context.Resolutions
            where r.TopicId == topic.Id && r.ReopenedAt == null
            join u in context.Users on r.ById equals u.Id
            select new Resolved(r.Outcome, r.Sentence, u.Handle, u.DisplayName, r.At, context.Messages.Count(m => m.TopicId == topic.Id && m.Seq > r.LastSeq)))
            .FirstOrDefaultAsync(cancel);
        return new(topic.Name, topic.Slug, topic.Messages, wish, found.Standing.IsMember, await MayKeepAsync(context, actor, found, topic, cancel), resolved,
            await context.Resolutions.AnyAsync(r => r.TopicId == topic.Id && r.ReopenedAt != null, cancel), topic.EndedAt is not null);
    }

    /// <summary>Gives a topic another name; its former addresses go on working. Answers with the new address part.</summary>
    /// <exception cref="RefusedException">Neither a moderator nor who began it, a name that is none, or one that another topic has.</exception>
    public async Task<string> RenameAsync(Actor actor, string room, string slug, string name, CancellationToken cancel = default)
    {
        var entry = new RenameEntry(actor, room, slug, Checked(name));
        var address = await log.WriteAsync(entry, cancel);
        feed.Publish(new TopicsChanged(entry.ConversationId));
        return address;
    }

    /// <summary>What could be moved together with a message.</summary>
    /// <exception cref="NotFoundException">Also where the actor may not even move the message itself.</exception>
    public async Task<MovableMessages> MovableAsync(Actor actor, string room, long seq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await FindRoomAsync(context, actor, room, cancel);
        var message = (await MessageReading.OfAsync(context, found.Id, [seq], cancel)).SingleOrDefault() ?? throw new NotFoundException("message");
        var any = found.Standing.IsModerator;
        if (!any && !(found.Standing.MayPost && message.Author.Handle == actor.Handle))
            throw new NotFoundException("message");
        var ofTopic = context.Messages.Where(m => m.ConversationId == found.Id && context.Topics.Any(t => t.Id == m.TopicId && t.ConversationId == found.Id && t.Slug == message.TopicSlug));
        var (later, all) = (await CountAsync(ofTopic.Where(m => m.Seq >= seq)), await CountAsync(ofTopic));
        return new(message, later, all);

        // Who moves only what is their own moves nothing of others along.
        async Task<int> CountAsync(IQueryable<Message> messages) =>
            any || !await messages.AnyAsync(m => m.AuthorId != actor.MemberId, cancel) ? await messages.CountAsync(cancel) : 0;
    }

    /// <summary>Puts messages under another topic of the room, all of them or none; of more than <see cref="MovedAtOnce"/> the first ones.</summary>
    /// <exception cref="RefusedException">Somebody else's message, or a name that is none.</exception>
    public async Task<MovedMessages> MoveAsync(
        Actor actor, string room, long seq, string topic, MoveExtent extent = MoveExtent.Message, CancellationToken cancel = default)
    {
        if (!Enum.IsDefined(extent))
            throw new RefusedException(Refusal.BadChoice);
        var entry = new MoveEntry(actor, room, seq, extent, Checked(topic));
        var moved = await log.WriteAsync(entry, cancel);
        if (moved.Count > 0)
            feed.Publish(new TopicsChanged(entry.ConversationId));
        return moved;
    }

    /// <summary>Follows a topic, mutes it, or neither (null). Doing it twice changes nothing.</summary>
    /// <exception cref="RefusedException">The actor is not in the room.</exception>
    public async Task InvolveAsync(Actor actor, string room, string slug, InvolvementKind? kind, CancellationToken cancel = default)
    {
        if (kind is { } one && !Enum.IsDefined(one))
            throw new RefusedException(Refusal.BadChoice);
        await using var context = db.CreateDbContext();
        var found = await FindRoomAsync(context, actor, room, cancel);
        if (!found.Standing.IsMember)
            throw new RefusedException(Refusal.JoinToFollow);
        var topic = await OneAsync(context, found, slug, cancel);
        var mine = context.Involvements.Where(i => i.MemberId == actor.MemberId && i.ConversationId == found.Id && i.TopicId == topic.Id);
        if (kind is not { } wanted)
            await mine.ExecuteDeleteAsync(cancel);
        else if (await SetAsync() == 0)
            await AddAsync();
        feed.Publish(new InvolvementChanged(found.Id, actor.MemberId));

        Task<int> SetAsync() => mine.ExecuteUpdateAsync(set => set.SetProperty(i => i.Kind, kind!.Value), cancel);

        async Task AddAsync()
        {
            context.Add(new Involvement { MemberId = actor.MemberId, ConversationId = found.Id, TopicId = topic.Id, Kind = wanted, At = clock.GetUtcNow() });
            try
            {
                await context.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException) when (mine.Any())
            {
                // The actor wrote in it, or clicked twice, in the same moment.
                await SetAsync();
            }
        }
    }

    /// <summary>Says how a topic ended. It sinks to the resolved ones; whoever writes in it later does not open it again.</summary>
    /// <param name="actor">Who began the topic, or a moderator.</param>
    /// <param name="room">The room's slug.</param>
    /// <param name="slug">The topic's address part.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="sentence">The outcome in one sentence, at most <see cref="Sentence"/> characters; needed unless there is none.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="RefusedException">Not the actor's to resolve, resolved already, or no sentence.</exception>
    public async Task ResolveAsync(Actor actor, string room, string slug, Outcome outcome, string? sentence, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (found, topic) = await FindKeptAsync(context, actor, room, slug, cancel);
        if (!Enum.IsDefined(outcome))
            throw new RefusedException(Refusal.BadChoice);
        var clean = PlainText.Line(sentence);
        if (clean.Length == 0 && outcome != Outcome.None)
            throw new RefusedException(Refusal.SentenceMissing);
        if (clean.Length > Sentence)
            throw new RefusedException(Refusal.TextTooLong, clean.Length, Sentence);
        var standing = context.Resolutions.Where(r => r.TopicId == topic.Id && r.ReopenedAt == null);
        if (await ByAsync() is { } before)
            throw new RefusedException(Refusal.AlreadyResolved, before);
        var resolution = new Resolution
        {
            ConversationId = found.Id,
            TopicId = topic.Id,
            Outcome = outcome,
            Sentence = clean,
            ById = actor.MemberId,
            At = clock.GetUtcNow(),
            LastSeq = found.LastSeq,
        };
        IReadOnlyList<WrittenNotice> notices;
        await using (var transaction = await context.Database.BeginTransactionAsync(cancel))
        {
            context.Add(resolution);
            await DeliveryQueue.AddResolvedAsync(context, resolution, found.Version, cancel);
            try
            {
                await context.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException)
            {
                await transaction.RollbackAsync(CancellationToken.None);
                // Somebody else did in the same moment.
                if (await ByAsync() is { } first)
                    throw new RefusedException(Refusal.AlreadyResolved, first);
                throw;
            }
            notices = await Telling.ResolvedAsync(context, actor, found, resolution, cancel);
            await context.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        feed.Publish(new TopicsChanged(found.Id));
        if (notices.Count > 0)
            feed.Publish(new MembersNoticed(notices));

        Task<string?> ByAsync() => standing.Join(context.Users, r => r.ById, u => u.Id, (_, u) => u.DisplayName).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Opens a resolved topic again; the resolution stays in its history. An open one stays open.</summary>
    /// <exception cref="RefusedException">Not the actor's to reopen.</exception>
    public async Task ReopenAsync(Actor actor, string room, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (found, topic) = await FindKeptAsync(context, actor, room, slug, cancel);
        var now = clock.GetUtcNow();
        var changed = await context.Resolutions.Where(r => r.TopicId == topic.Id && r.ReopenedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.ReopenedAt, now).SetProperty(r => r.ReopenedById, actor.MemberId), cancel);
        if (changed > 0)
            feed.Publish(new TopicsChanged(found.Id));
    }

    static string Checked(string? name) => Limits.CheckedTopic(name) ?? throw new RefusedException(Refusal.BadTopic, Limits.TopicName);

    internal static async Task<FoundConversation> FindRoomAsync(CommunityDb context, Actor actor, string room, CancellationToken cancel)
    {
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        return found.Kind == ConversationKind.Room ? found : throw new NotFoundException("room");
    }

    internal static async Task<Topic> OneAsync(CommunityDb context, FoundConversation room, string slug, CancellationToken cancel)
    {
        if (slug.Contains('\0', StringComparison.Ordinal))
            throw new NotFoundException("topic");
        return await context.TopicSlugs.Where(s => s.ConversationId == room.Id && s.Slug == slug).Join(context.Topics, s => s.TopicId, t => t.Id, (_, t) => t)
            .AsNoTracking().FirstOrDefaultAsync(cancel) ?? throw new NotFoundException("topic");
    }

    static async Task<(FoundConversation Room, Topic Topic)> FindKeptAsync(CommunityDb context, Actor actor, string room, string slug, CancellationToken cancel)
    {
        var found = await FindRoomAsync(context, actor, room, cancel);
        var topic = await OneAsync(context, found, slug, cancel);
        return await MayKeepAsync(context, actor, found, topic, cancel) ? (found, topic) : throw new RefusedException(Refusal.NotYourTopic);
    }

    // Who asked knows best whether it was answered; the same people as for renaming.
    static async Task<bool> MayKeepAsync(CommunityDb context, Actor actor, FoundConversation room, Topic topic, CancellationToken cancel) =>
        actor.IsMember && (room.Standing.IsModerator || (room.Standing.MayPost
            && await context.Messages.Where(m => m.TopicId == topic.Id).OrderBy(m => m.Seq).Select(m => m.AuthorId).FirstOrDefaultAsync(cancel) == actor.MemberId));
}
