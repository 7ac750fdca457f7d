using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.Core.Noticing;

/// <summary>
/// Whom messages of one conversation call: a handful of questions for all of these messages and all of their members. Who muted the topic is left in peace, and so is
/// who wants to hear nothing of the room.
/// </summary>
sealed class Calls
{
    // A room in which much is said asks them every second.
    static readonly OftenAsked<int, Place> Places = new((context, conversation) =>
        context.Conversations.Where(c => c.Id == conversation).Select(c => new Place(c.Id, c.Slug, c.Title, c.Kind, c.IsOpen == 1)));

    static readonly OftenAsked<int, IReadOnlyCollection<long>, Said> Messages = new((context, conversation, seqs) =>
        context.Messages.Where(m => m.ConversationId == conversation && seqs.Contains(m.Seq) && m.DeletedAt == null && m.HiddenAt == null)
            .Select(m => new Said(m.Seq, m.TopicId, m.AuthorId,
                context.Users.Where(u => u.Id == m.AuthorId).Select(u => u.DisplayName).FirstOrDefault() ?? m.ImportedAuthor ?? "",
                context.Messages.Where(a => a.ConversationId == conversation && a.Seq == m.ReplyToSeq)
                    .Join(context.Users, a => a.AuthorId, u => u.Id, (_, u) => (int?)u.Id).FirstOrDefault())));

    static readonly OftenAsked<int, IReadOnlyCollection<long>, Mentioned> Mentions = new((context, conversation, seqs) =>
        context.Mentions.Where(m => m.ConversationId == conversation && seqs.Contains(m.Seq))
            .Join(context.Users, m => m.MemberId, u => u.Id, (m, u) => new Mentioned(m.MemberId, m.Seq, u.Handle)));

    static readonly OftenAsked<IReadOnlyCollection<int>, Involved> Followers = new((context, topics) =>
        from i in context.Involvements
        where topics.Contains(i.TopicId)
        join p in context.Memberships on new { i.ConversationId, i.MemberId } equals new { p.ConversationId, p.MemberId } into places
        from p in places.DefaultIfEmpty()
        select new Involved(i.MemberId, i.TopicId, i.Kind, i.Kind == InvolvementKind.Followed && p != null
            ? context.Messages.Where(m => m.TopicId == i.TopicId && m.Seq > p.LastReadSeq && m.AuthorId != i.MemberId && m.DeletedAt == null && m.HiddenAt == null)
                .OrderBy(m => m.Seq).Select(m => (long?)m.Seq).FirstOrDefault()
            : null));

    static readonly OftenAsked<int, Wish> Wishes = new((context, conversation) =>
        context.RoomWishes.Where(w => w.ConversationId == conversation && w.Calls != RoomCalls.Mentions).Select(w => new Wish(w.MemberId, w.Calls,
            context.Memberships.Where(p => p.ConversationId == conversation && p.MemberId == w.MemberId).Select(p => (long?)p.LastReadSeq).FirstOrDefault())));

    readonly CommunityDb _context;
    readonly Place _place;
    readonly Dictionary<long, Said> _said;
    readonly IReadOnlySet<long> _posted;
    readonly IReadOnlySet<int> _looking;
    readonly Dictionary<(int Member, long Seq), NoticeKind> _calls = [];

    Calls(CommunityDb context, Place place, Dictionary<long, Said> said, IReadOnlySet<long> posted, IReadOnlySet<int> looking) =>
        (_context, _place, _said, _posted, _looking) = (context, place, said, posted, looking);

    // Of what comes while one looks on one is not told; a minute later the follower asks again for those who did not read on.
    bool LeftOut { get; set; }

    /// <summary>Each member at most once a message, for the strongest reason.</summary>
    /// <param name="context">The database.</param>
    /// <param name="conversationId">In which conversation the messages stand.</param>
    /// <param name="posted">New messages.</param>
    /// <param name="edited">Messages that stood there, and with which version the first of their new edits came: they call whom an edit names and the text before it did not.</param>
    /// <param name="looking">Members who have the conversation open: they are told only of what is meant for them.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static async Task<(List<WrittenNotice> Notices, bool LeftOut)> OfAsync(
        CommunityDb context, int conversationId, IReadOnlyList<long> posted, IReadOnlyDictionary<long, long> edited, IReadOnlySet<int> looking, CancellationToken cancel)
    {
        List<long> seqs = [.. posted, .. edited.Keys];
        if (seqs.Count == 0)
            return ([], false);
        var place = (await Places.AskAsync(context, conversationId, cancel))[0];
        var said = (await Messages.AskAsync(context, conversationId, seqs, cancel)).ToDictionary(m => m.Seq);
        if (said.Count == 0)
            return ([], false);
        var calls = new Calls(context, place, said, posted.ToHashSet(), looking);
        if (place.Kind == ConversationKind.Room)
            await calls.InRoomAsync(edited, cancel);
        else
            await calls.AloneAsync(cancel);
        return ([.. calls._calls.OrderBy(call => call.Key.Seq).ThenBy(call => call.Key.Member).Select(call => new WrittenNotice(
            call.Key.Member, call.Value, place.Id, call.Key.Seq, place.Slug ?? place.Id.ToString(CultureInfo.InvariantCulture), place.Kind, place.Title,
            said[call.Key.Seq].AuthorId, said[call.Key.Seq].ByName))],
            calls.LeftOut);
    }

    async Task AloneAsync(CancellationToken cancel)
    {
        var people = await _context.Memberships.Where(p => p.ConversationId == _place.Id).Select(p => new
        {
            p.MemberId,
            FirstUnread = _context.Messages.Where(m => m.ConversationId == _place.Id && m.Seq > p.LastReadSeq && m.AuthorId != p.MemberId && m.DeletedAt == null && m.HiddenAt == null)
                .OrderBy(m => m.Seq).Select(m => (long?)m.Seq).FirstOrDefault(),
        }).ToListAsync(cancel);
        foreach (var one in people)
            CallUnlessLooking(one.MemberId, one.FirstUnread, NoticeKind.Direct);
    }

    async Task InRoomAsync(IReadOnlyDictionary<long, long> edited, CancellationToken cancel)
    {
        var seqs = _said.Keys.ToList();
        var topics = _said.Values.Select(message => message.TopicId).Distinct().ToList();
        var mentions = await Mentions.AskAsync(_context, _place.Id, seqs, cancel);
        var before = await NamedBeforeAsync(edited, cancel);
        var involved = await Followers.AskAsync(_context, topics, cancel);
        var wishes = await Wishes.AskAsync(_context, _place.Id, cancel);
        var deaf = wishes.Where(one => one.Calls == RoomCalls.Nothing).Select(one => one.MemberId).ToHashSet();
        var muted = involved.Where(one => one.Kind == InvolvementKind.Muted).Select(one => (one.MemberId, one.TopicId)).ToHashSet();

        foreach (var one in mentions.Where(one => _posted.Contains(one.Seq) || (before.TryGetValue(one.Seq, out var named) && !named.Contains(one.Handle))))
            Call(one.MemberId, one.Seq, NoticeKind.Mention);
        foreach (var message in _said.Values.Where(message => _posted.Contains(message.Seq)))
            Call(message.Answered, message.Seq, NoticeKind.Reply);
        foreach (var (host, seq) in await _context.EnquiryCallsAsync(_place.Id, _posted, cancel))
            Call(host, seq, NoticeKind.Enquiry);
        await KeepReadersAsync(cancel);
        // Who is named hears of these messages anyway.
        var meant = _calls.Keys.Select(call => call.Member).ToHashSet();
        foreach (var one in involved.Where(one => one.Kind == InvolvementKind.Followed && !meant.Contains(one.MemberId)))
            CallUnlessLooking(one.MemberId, one.FirstUnread, NoticeKind.Follow);
        foreach (var one in wishes.Where(one => one.Calls == RoomCalls.All))
        {
            foreach (var seq in _posted.Where(seq => seq > (one.LastRead ?? long.MaxValue)))
                CallUnlessLooking(one.MemberId, seq, NoticeKind.Room);
        }
        foreach (var call in _calls.Keys.Where(call => deaf.Contains(call.Member) || muted.Contains((call.Member, _said[call.Seq].TopicId))).ToList())
            _calls.Remove(call);
    }

    // Whom the text named that an edit replaced.
    async Task<Dictionary<long, HashSet<string>>> NamedBeforeAsync(IReadOnlyDictionary<long, long> edited, CancellationToken cancel)
    {
        if (edited.Count == 0)
            return [];
        var (seqs, versions) = (edited.Keys.ToList(), edited.Values.ToList());
        var former = await _context.MessageRevisions.Where(r => r.ConversationId == _place.Id && seqs.Contains(r.Seq) && versions.Contains(r.Version))
            .Select(r => new { r.Seq, r.Markdown }).ToListAsync(cancel);
        return former.ToDictionary(r => r.Seq, r => PersonsMarkdown.Mentions(r.Markdown).ToHashSet(StringComparer.Ordinal));
    }

    // Somebody whose message is answered may have left the closed room since, or may have been banned from an open one.
    async Task KeepReadersAsync(CancellationToken cancel)
    {
        if (_calls.Count == 0)
            return;
        var members = _calls.Keys.Select(call => call.Member).Distinct().ToList();
        var banned = await Bans.Now(_context).Where(r => r.ConversationId == _place.Id && members.Contains(r.MemberId)).Select(r => r.MemberId).ToHashSetAsync(cancel);
        foreach (var call in _calls.Keys.Where(call => banned.Contains(call.Member)).ToList())
            _calls.Remove(call);
        if (_place.IsOpen)
            return;
        var inIt = await _context.Memberships.Where(p => p.ConversationId == _place.Id && members.Contains(p.MemberId)).Select(p => p.MemberId).ToHashSetAsync(cancel);
        foreach (var call in _calls.Keys.Where(call => !inIt.Contains(call.Member)).ToList())
            _calls.Remove(call);
    }

    void CallUnlessLooking(int member, long? seq, NoticeKind kind)
    {
        if (seq is not { } one || !_posted.Contains(one) || !_said.TryGetValue(one, out var message) || message.AuthorId == member)
            return;
        if (_looking.Contains(member))
            LeftOut = true;
        else
            Call(member, one, kind);
    }

    void Call(int? member, long seq, NoticeKind kind)
    {
        if (member is { } called && _said[seq].AuthorId != called)
            _calls.TryAdd((called, seq), kind);
    }

    sealed record Place(int Id, string? Slug, string Title, ConversationKind Kind, bool IsOpen);

    sealed record Mentioned(int MemberId, long Seq, string Handle);

    sealed record Involved(int MemberId, int TopicId, InvolvementKind Kind, long? FirstUnread);

    sealed record Wish(int MemberId, RoomCalls Calls, long? LastRead);

    sealed record Said(long Seq, int TopicId, int? AuthorId, string ByName, int? Answered);
}
