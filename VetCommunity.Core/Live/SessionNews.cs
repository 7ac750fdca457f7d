using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Live;

/// <summary>A mail about a session that is still to be written. It waits in the transaction of what it tells of, so that a crash loses none and doubles none.</summary>
public sealed class SessionCall
{
    /// <summary>Number.</summary>
    public long Id { get; set; }
    /// <summary>About which session.</summary>
    public int SessionId { get; set; }
    /// <summary>To whom.</summary>
    public int MemberId { get; set; }
    /// <summary>Of what.</summary>
    public NoticeKind Kind { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>What a change of a session says to its people: stored in the transaction of the change, published after it.</summary>
sealed class SessionNews(LiveSession session)
{
    readonly List<WrittenNotice> _notices = [];
    readonly List<int> _joined = [];

    public int Joined => _joined.Count;

    public int Told => _notices.Count;

    public void Joins(int member) => _joined.Add(member);

    /// <summary>Tells each of them, in place of what of the same kind they were told about this session before.</summary>
    public async Task TellAsync(CommunityDb context, NoticeKind kind, IReadOnlyCollection<int> members, DateTimeOffset now, CancellationToken cancel)
    {
        await ForgetAsync(context, kind, members, cancel);
        foreach (var member in members)
        {
            var notice = new WrittenNotice(member, kind, ConversationId: 0, session.Id, Conversation: "", In: null, session.Title, ById: null, By: "");
            context.Add(notice.Row(now));
            context.Add(new SessionCall { SessionId = session.Id, MemberId = member, Kind = kind, At = now });
            _notices.Add(notice);
        }
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>What they were told is not true any more.</summary>
    public async Task ForgetAsync(CommunityDb context, NoticeKind kinds, IReadOnlyCollection<int> members, CancellationToken cancel)
    {
        var (number, ids) = ((long)session.Id, members.ToList());
        await context.Notices.Where(n => ids.Contains(n.MemberId) && n.ConversationId == 0 && n.Seq == number && (n.Kind & kinds) != NoticeKind.None).ExecuteDeleteAsync(cancel);
        await context.SessionCalls.Where(c => c.SessionId == session.Id && ids.Contains(c.MemberId) && (c.Kind & kinds) != NoticeKind.None).ExecuteDeleteAsync(cancel);
    }

    public void Publish(Feed feed)
    {
        foreach (var member in _joined)
            feed.Publish(new MemberJoined(session.ConversationId, member));
        if (_notices.Count > 0)
            feed.Publish(new MembersNoticed(_notices));
    }

    /// <summary>Everybody who is in the session, and where that is asked who registered and may still get a place.</summary>
    public static async Task<List<int>> PeopleAsync(CommunityDb context, LiveSession session, bool waiting, CancellationToken cancel)
    {
        // Guests have neither a bell nor an address.
        var places = await context.SessionPlaces.Where(p => p.SessionId == session.Id && context.Users.WithAccount().Any(u => u.Id == p.MemberId)).Select(p => p.MemberId).ToListAsync(cancel);
        if (waiting)
            places.AddRange(await context.SessionRequests.Where(r => r.SessionId == session.Id && r.State != RequestState.Declined).Select(r => r.MemberId).ToListAsync(cancel));
        return places;
    }
}
