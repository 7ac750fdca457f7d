using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.Core.Discussion;

/// <summary>What a page of a conversation shows, read on one connection, after one look at the actor's rights and as of one moment.</summary>
public sealed class ConversationViews(CommunityDbFactory db, LastPages lastPages)
{
    /// <summary>Unread messages that are opened at once, so that the page begins at the first of them; with more of them the page shows the last ones.</summary>
    public const int UnreadAtOnce = 200;

    /// <summary>Opens a conversation for the actor's eyes. It marks nothing as read.</summary>
    /// <param name="actor">Who looks.</param>
    /// <param name="conversation">A room's slug or a conversation's number.</param>
    /// <param name="topicSlug">A topic's address part, also a former one; null for all topics.</param>
    /// <param name="before">The 50 messages before this one; null for the last 50, and those that are unread before them.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent or not readable for the actor, or no topic of the room.</exception>
    public async Task<ConversationView> SeeAsync(Actor actor, string conversation, string? topicSlug = null, long? before = null, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var found = await AllConversations.FindAsync(context, actor, conversation, cancel);
        var isRoom = found.Kind == ConversationKind.Room;
        if (topicSlug is not null && !isRoom)
            throw new NotFoundException("topic");
        var topic = topicSlug is null ? null : await Topics.FindAsync(context, actor, found, topicSlug, cancel);
        var opened = before is { } seq ? await OlderAsync(context, found, seq, topicSlug, cancel) : await NewestAsync(context, found, topicSlug, cancel);
        var polls = await PollReading.OfAsync(context, found.Id, [.. opened.Messages.Where(m => m.Poll is not null).Select(m => m.Seq)], actor.MemberId, cancel);
        if (polls.Count > 0)
            opened = opened with { Messages = [.. opened.Messages.Select(m => m.Poll is null ? m : m with { Poll = polls.GetValueOrDefault(m.Seq)?.Everybodys })] };
        // What most rooms do not have costs them no question of its own.
        var has = (await Belongings.AskAsync(context, found.Id, actor.MemberId, cancel))[0];
        return new(
            found, opened, topic,
            isRoom ? await Topics.ListAsync(context, actor, found, cancel) : [],
            polls.ToDictionary(poll => poll.Key, poll => poll.Value.Mine),
            isRoom && has.Pins ? await Pins.ListAsync(context, found, cancel) : [],
            isRoom && has.Hours ? await Queues.SeeAsync(context, actor, found, cancel) : null,
            has.Draft, has.Calls ?? RoomCalls.Mentions, has.Notices || topic is not null)
        {
            Practice = has.Practice,
        };
    }

    static readonly OftenAsked<int, int, Belonging> Belongings = new((context, conversation, member) => (
        from c in context.Conversations
        where c.Id == conversation
        join w in context.RoomWishes.Where(w => w.MemberId == member) on c.Id equals w.ConversationId into wishes
        from wish in wishes.DefaultIfEmpty()
        join d in context.Drafts.Where(d => d.MemberId == member) on c.Id equals d.ConversationId into drafts
        from draft in drafts.DefaultIfEmpty()
        select new Belonging
        {
            Pins = context.Pins.Any(p => p.ConversationId == c.Id),
            Hours = context.RoomHours.Any(h => h.ConversationId == c.Id),
            Notices = context.Notices.Any(n => n.MemberId == member && n.ReadAt == null && n.ConversationId == c.Id && (n.Kind & NoticeKinds.OfTheRoom) != NoticeKind.None),
            Draft = draft,
            Calls = (RoomCalls?)wish!.Calls,
            // Talks about a document are closed rooms.
            Practice = c.IsOpen == 1 ? null : context.Documents.Where(d => d.TalkId == c.Id).Select(d => d.Slug).FirstOrDefault(),
        }).AsNoTracking());

    static async Task<OpenedConversation> OlderAsync(CommunityDb context, FoundConversation found, long before, string? topicSlug, CancellationToken cancel)
    {
        var page = await AllConversations.OlderAsync(context, found, before, topicSlug, cancel);
        return found.With(page.Messages, page.HasMore, hasMore: true);
    }

    async Task<OpenedConversation> NewestAsync(CommunityDb context, FoundConversation found, string? topicSlug, CancellationToken cancel)
    {
        var opened = topicSlug is null ? await lastPages.OpenAsync(context, found, cancel) : await AllConversations.ReadAsync(context, found, afterSeq: null, topicSlug, cancel);
        var lastRead = found.LastRead;
        if (found.LastSeq - lastRead > UnreadAtOnce)
            return opened;
        while (opened.HasOlder && opened.Messages[0].Seq > lastRead + 1)
        {
            var page = await AllConversations.OlderAsync(context, found, opened.Messages[0].Seq, topicSlug, cancel);
            opened = opened with { Messages = [.. page.Messages, .. opened.Messages], HasOlder = page.HasMore };
        }
        return opened;
    }

    sealed class Belonging
    {
        public bool Pins { get; init; }
        public bool Hours { get; init; }
        public bool Notices { get; init; }
        public Draft? Draft { get; init; }
        public RoomCalls? Calls { get; init; }
        public string? Practice { get; init; }
    }
}

/// <summary>A conversation as one member sees it.</summary>
/// <param name="Found">What it is, and what the actor may do in it.</param>
/// <param name="Opened">Its messages.</param>
/// <param name="Topic">The topic that was asked for, with its present address part; null for none.</param>
/// <param name="Topics">The room's topics; empty between two people.</param>
/// <param name="Polls">What the actor voted in the polls among the messages.</param>
/// <param name="Pins">Messages at the top.</param>
/// <param name="Hours">The opening hours; null where there are none.</param>
/// <param name="Draft">What the actor typed here and has not sent; null for nothing.</param>
/// <param name="Calls">Of what in here the actor wants to hear.</param>
/// <param name="HasNotices">Whether what called the actor may be read by looking here; false means that nothing was.</param>
public sealed record ConversationView(
    FoundConversation Found, OpenedConversation Opened, TopicState? Topic, IReadOnlyList<TopicRow> Topics, IReadOnlyDictionary<long, MyPoll> Polls,
    IReadOnlyList<PinnedMessage> Pins, HoursSeen? Hours, Draft? Draft, RoomCalls Calls, bool HasNotices)
{
    /// <summary>The address part of the practice whose sections are talked about here; null where none are.</summary>
    public string? Practice { get; init; }
}
