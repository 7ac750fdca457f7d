using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Noticing;

/// <summary>A notice together with what its member may read of it now.</summary>
sealed class SeenNotice
{
    public required Notice Notice { get; init; }
    public Conversation? Conversation { get; init; }
    public Membership? Place { get; init; }
    public Message? Message { get; init; }
    public Resolution? Resolution { get; init; }
    public Topic? Topic { get; init; }
    public Member? By { get; init; }
    public NoticeSettings? Settings { get; init; }
    public RoomWish? Wish { get; init; }
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>
    /// The notices that their members may read: who lost the room sees nothing of it, and what was deleted, muted or reopened meanwhile calls nobody any more.
    /// </summary>
    public static IQueryable<SeenNotice> In(CommunityDb context)
    {
        var now = context.Clock.GetUtcNow();
        return Whenever(context).Where(one => one.BannedUntil == null || one.BannedUntil <= now);
    }

    /// <summary>How many of them are unread under a member's bell, at most <see cref="Notices.MostCounted"/>: a question of every page.</summary>
    public static OftenAsked<int, DateTimeOffset, long> Calling { get; } = new((context, member, now) => Whenever(context).UnderTheBell().Unread()
        .Where(one => one.Notice.MemberId == member && (one.BannedUntil == null || one.BannedUntil <= now)).Take(Notices.MostCounted).Select(one => one.Notice.Id));

    // Without the time: a question that is translated once must not keep the time of that moment.
    static IQueryable<SeenNotice> Whenever(CommunityDb context) =>
        from n in context.Notices
        join found in context.Conversations on n.ConversationId equals found.Id into conversations
        from c in conversations.DefaultIfEmpty()
        join place in context.Memberships on new { n.ConversationId, n.MemberId } equals new { place.ConversationId, place.MemberId } into places
        from p in places.DefaultIfEmpty()
        join own in context.NoticeSettings on n.MemberId equals own.MemberId into settings
        from s in settings.DefaultIfEmpty()
        join wanted in context.RoomWishes on new { n.MemberId, n.ConversationId } equals new { wanted.MemberId, wanted.ConversationId } into wishes
        from w in wishes.DefaultIfEmpty()
            // A number means what its kind says; no message and no resolution has the number 0.
        join said in context.Messages on new { n.ConversationId, Seq = (n.Kind & (NoticeKinds.OfMessages | NoticeKinds.AboutMessages)) != NoticeKind.None ? n.Seq : 0 } equals new { said.ConversationId, said.Seq } into messages
        from m in messages.DefaultIfEmpty()
        join end in context.Resolutions on n.Kind == NoticeKind.Outcome ? (int)n.Seq : 0 equals end.Id into resolutions
        from r in resolutions.DefaultIfEmpty()
        join topic in context.Topics on (int?)m.TopicId ?? (int?)r.TopicId ?? 0 equals topic.Id into topics
        from t in topics.DefaultIfEmpty()
        join person in context.Users on n.ById equals person.Id into people
        from u in people.DefaultIfEmpty()
        join ban in context.Restrictions on new { n.ConversationId, n.MemberId } equals new { ban.ConversationId, ban.MemberId } into bans
        from b in bans.DefaultIfEmpty()
        where (n.Kind & NoticeKinds.OfTheMember) != NoticeKind.None || p != null || (c.Kind == ConversationKind.Room && c.IsOpen == 1)
        where (n.Kind & (NoticeKinds.OfMessages | NoticeKinds.AboutMessages)) == NoticeKind.None || (m != null && m.DeletedAt == null && m.HiddenAt == null)
        where n.Kind != NoticeKind.Outcome || (r != null && r.ReopenedAt == null)
        where !context.Involvements.Any(i => i.MemberId == n.MemberId && i.ConversationId == n.ConversationId && i.Kind == InvolvementKind.Muted && i.TopicId == t.Id)
        select new SeenNotice { Notice = n, Conversation = c, Place = p, Message = m, Resolution = r, Topic = t, By = u, Settings = s, Wish = w, BannedUntil = b.BannedUntil };
}

static class SeenNotices
{
    /// <summary>Those that stand under the bell.</summary>
    public static IQueryable<SeenNotice> UnderTheBell(this IQueryable<SeenNotice> notices) =>
        notices.Where(one => one.Settings == null || (one.Settings.BellOff & one.Notice.Kind) == NoticeKind.None);

    /// <summary>Neither opened, nor read in the conversation itself. Whom an edit named may have read on long before: that notice is to be opened.</summary>
    public static IQueryable<SeenNotice> Unread(this IQueryable<SeenNotice> notices) =>
        notices.Where(one => one.Notice.ReadAt == null
            && ((one.Notice.Kind & NoticeKinds.OfMessages) == NoticeKind.None || one.Place == null || one.Place.LastReadSeq < one.Notice.Seq
                || (one.Notice.Kind == NoticeKind.Mention && one.Message!.EditedAt <= one.Notice.At)));
}
