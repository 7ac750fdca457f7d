using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.OfficeHours;

/// <summary>Questions to a room with opening hours that are answered later: each is a topic of the room, and so is its answer.</summary>
public sealed class Enquiries(CommunityDbFactory db, AllConversations conversations, Feed feed)
{
    /// <summary>Enquiries of one page.</summary>
    public const int Page = 20;

    /// <summary>Asks for later. The same key again is the same enquiry.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="room">Which room.</param>
    /// <param name="key">1 to 64 characters that the form chose.</param>
    /// <param name="line">What it is about, at most <see cref="Queues.Line"/> characters: the topic.</param>
    /// <param name="text">The question; where it is empty, the line says all.</param>
    /// <param name="lapsed">The own place in the queue that this is in place of.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The message's number, and whether its key had been posted before.</returns>
    /// <exception cref="NotFoundException">Absent, or a room without opening hours.</exception>
    /// <exception cref="RefusedException">As for every message of the room, or without a line.</exception>
    public async Task<PostReceipt> AskAsync(Actor actor, string room, string key, string? line, string? text, int? lapsed = null, CancellationToken cancel = default)
    {
        var topic = Queues.CheckedLine(line);
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        if (await context.RulesAsync(found.Id, cancel) is null)
            throw new NotFoundException("room");
        var said = await conversations.PostAsync(actor, new(found.Address, key, topic, string.IsNullOrWhiteSpace(text) ? topic : text, IsEnquiry: true), cancel);
        if (lapsed is { } place)
            await context.QueuePlaces.Where(q => q.Id == place && q.ConversationId == found.Id && q.MemberId == actor.MemberId && q.State == QueueState.Lapsed)
                .ExecuteUpdateAsync(set => set.SetProperty(q => q.State, QueueState.Asked), cancel);
        feed.Publish(new OfficeHoursChanged(found.Id));
        return said;
    }

    /// <summary>The open enquiries, the oldest first: all of them for hosts and moderators, otherwise one's own.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<EnquiryPage> ListAsync(Actor actor, string room, int page = 1, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (all, open) = await OpenAsync(context, actor, room, cancel);
        var rows = await open.OrderBy(e => e.AskedAt).ThenBy(e => e.Seq).Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return new(all, [.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>The same in the order of their messages, from one on.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="room">Which room.</param>
    /// <param name="after">The last one of the page before; 0 for the first page.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent or not readable for the actor, or a room without opening hours.</exception>
    public async Task<EnquiryPage> AfterAsync(Actor actor, string room, long after, int most, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (all, open) = await OpenAsync(context, actor, room, cancel, ofHours: true);
        var rows = await open.Where(e => e.Seq > after).OrderBy(e => e.Seq).Take(most + 1).ToListAsync(cancel);
        return new(all, [.. rows.Take(most)], rows.Count > most);
    }

    /// <summary>Marks an enquiry as answered. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor neither asked it nor hosts or moderates the room.</exception>
    public async Task AnsweredAsync(Actor actor, string room, long seq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        var may = found.Standing.IsModerator || await context.IsHostAsync(actor, found.Id, cancel)
            || (actor.IsMember && await context.Messages.AnyAsync(m => m.ConversationId == found.Id && m.Seq == seq && m.AuthorId == actor.MemberId, cancel));
        if (!may || !await context.Enquiries.AnyAsync(e => e.ConversationId == found.Id && e.Seq == seq, cancel))
            throw new NotFoundException("enquiry");
        var now = context.Clock.GetUtcNow();
        if (await context.Enquiries.Where(e => e.ConversationId == found.Id && e.Seq == seq && e.AnsweredAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.AnsweredAt, now).SetProperty(e => e.AnsweredById, actor.MemberId), cancel) > 0)
            feed.Publish(new OfficeHoursChanged(found.Id));
    }

    static async Task<(bool All, IQueryable<EnquiryRow> Open)> OpenAsync(CommunityDb context, Actor actor, string room, CancellationToken cancel, bool ofHours = false)
    {
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        if (ofHours && await context.RulesAsync(found.Id, cancel) is null)
            throw new NotFoundException("hours");
        var all = found.Standing.IsModerator || await context.IsHostAsync(actor, found.Id, cancel);
        return (all,
            from e in context.OpenEnquiries(found.Id)
            join m in context.Messages on new { e.ConversationId, e.Seq } equals new { m.ConversationId, m.Seq }
            where all || m.AuthorId == actor.MemberId
            join t in context.Topics on m.TopicId equals t.Id
            join u in context.Users on m.AuthorId equals u.Id
            select new EnquiryRow { Seq = e.Seq, Topic = t.Name, TopicSlug = t.Slug, Handle = u.Handle, Name = u.DisplayName, AskedAt = e.AskedAt });
    }
}

/// <summary>A page of open enquiries.</summary>
/// <param name="All">Whether they are everybody's, not only the reader's own.</param>
/// <param name="Rows">The oldest first.</param>
/// <param name="HasMore">Whether younger ones follow.</param>
public sealed record EnquiryPage(bool All, IReadOnlyList<EnquiryRow> Rows, bool HasMore);

/// <summary>One open enquiry.</summary>
public sealed record EnquiryRow
{
    /// <summary>The number of its message.</summary>
    public long Seq { get; init; }
    /// <summary>The name of its topic.</summary>
    public required string Topic { get; init; }
    /// <summary>The topic's part of the address.</summary>
    public required string TopicSlug { get; init; }
    /// <summary>Who asked.</summary>
    public required string Handle { get; init => field = Privacy.FormerMember.HandleOf(value); }
    /// <summary>The asker's name.</summary>
    public required string Name { get => Privacy.FormerMember.Shown(field); init; }
    /// <summary>When.</summary>
    public DateTimeOffset AskedAt { get; init; }
}

static class EnquiryStatements
{
    static readonly OftenAsked<int, IReadOnlyCollection<long>, long> Waiting = new((context, conversation, seqs) =>
        context.Enquiries.Where(e => e.ConversationId == conversation && seqs.Contains(e.Seq) && e.AnsweredAt == null).Select(e => e.Seq));

    /// <summary>Stored with its message.</summary>
    public static Task InsertEnquiryAsync(this LogConnection connection, int conversation, long seq, DateTimeOffset at) => connection.DoAsync("""
        INSERT INTO "Enquiries" ("ConversationId", "Seq", "AskedAt") VALUES (@c, @seq, @at)
        """, Int("c", conversation), Long("seq", seq), At("at", at));

    /// <summary>Whom new messages call as enquiries: every host but who asks.</summary>
    public static async Task<IReadOnlyList<(int Host, long Seq)>> EnquiryCallsAsync(this CommunityDb context, int conversation, IReadOnlyCollection<long> seqs, CancellationToken cancel)
    {
        var asked = await Waiting.AskAsync(context, conversation, seqs, cancel);
        if (asked.Count == 0)
            return [];
        var hosts = await context.Hosts(conversation).Select(u => u.Id).ToListAsync(cancel);
        return [.. asked.SelectMany(seq => hosts.Select(host => (host, seq)))];
    }
}
