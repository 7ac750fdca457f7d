using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Noticing;

/// <summary>
/// One mail instead of many notices. Mails are queued in the transaction that notes what they told and when the next one is due: a crash in between sends none twice and
/// loses none.
/// </summary>
public sealed class Digests(CommunityDbFactory db, MailQueue mails, Site site, StopCodes codes, TimeProvider clock)
{
    /// <summary>Members whose mails are written together.</summary>
    public const int MembersAtOnce = 50;

    /// <summary>Messages of one conversation that a mail shows; of the others it says how many there are.</summary>
    public const int ShownOfEach = 5;

    const int NoticesAtOnce = 20_000;
    const int MostConversations = 20;
    const int TextLength = 160;

    // What a writer had begun before the last mail and stored only after it, and what a clock that was set back dates earlier. What was told says so itself.
    static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    // No mail is due later than this: where one is, a clock was wrong.
    static readonly TimeSpan Latest = TimeSpan.FromHours(49);

    /// <summary>Queues the mails that are due, for at most <see cref="MembersAtOnce"/> members.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <returns>Whether somebody was due: then others may be.</returns>
    public async Task<bool> QueueDueAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("mails");
        var now = clock.GetUtcNow();
        await using var context = db.CreateDbContext();
        var due = await (
            from s in context.NoticeSettings
            where s.NextDigestAt <= now
            orderby s.NextDigestAt, s.MemberId
            join u in context.Users on s.MemberId equals u.Id
            select new Due(s, u)).Take(MembersAtOnce).AsNoTracking().ToListAsync(cancel);
        if (due.Count == 0)
            return false;
        var told = await UntoldAsync(context, [.. due.Where(one => one.IsDue(now) && one.MayGet(now)).Select(one => one.Member.Id)], cancel);
        await StoreAsync(context, due, told, now, cancel);
        return true;
    }

    /// <summary>Sees to it that everybody has a time for the next mail: who is new, and who got an impossible one while the clock was wrong.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops between two steps.</param>
    public async Task PlanAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("mails");
        var now = clock.GetUtcNow();
        var latest = now + Latest;
        while (true)
        {
            await using var context = db.CreateDbContext();
            var fresh = await context.Users.WithAccount().Where(u => !context.NoticeSettings.Any(s => s.MemberId == u.Id)).OrderBy(u => u.Id).Take(500)
                .Select(u => new { u.Id, u.TimeZone }).ToListAsync(cancel);
            foreach (var member in fresh)
            {
                var settings = new NoticeSettings { MemberId = member.Id, DigestedAt = now };
                settings.NextDigestAt = DigestTimes.After(now, settings, member.TimeZone);
                context.Add(settings);
            }
            var wrong = fresh.Count > 0 ? [] : await context.NoticeSettings.Where(s => s.NextDigestAt > latest).OrderBy(s => s.MemberId).Take(500).ToListAsync(cancel);
            var zones = wrong.Count == 0 ? [] : await context.Users.Where(u => wrong.Select(s => s.MemberId).Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.TimeZone, cancel);
            foreach (var settings in wrong)
            {
                settings.NextDigestAt = DigestTimes.After(now, settings, zones[settings.MemberId]);
                settings.DigestedAt = settings.DigestedAt < now ? settings.DigestedAt : now;
            }
            if (fresh.Count + wrong.Count == 0)
                return;
            await context.SaveChangesAsync(cancel);
        }
    }

    // What each of them has not read and not been told, first without its texts: of many messages only a few are shown.
    static async Task<ILookup<int, Untold>> UntoldAsync(CommunityDb context, List<int> members, CancellationToken cancel)
    {
        var untold = members.Count == 0 ? [] : await SeenNotice.In(context).Unread()
            .Where(one => members.Contains(one.Notice.MemberId) && one.Notice.MailedAt == null && one.Notice.At >= one.Settings!.DigestedAt
                && (one.Wish == null || one.Wish.Calls != RoomCalls.Nothing)
                && ((one.Settings.MailOn & one.Notice.Kind) != NoticeKind.None || ((NoticeKinds.Mailed & one.Notice.Kind) != NoticeKind.None && (one.Settings.MailOff & one.Notice.Kind) == NoticeKind.None)))
            .OrderBy(one => one.Notice.MemberId).ThenBy(one => one.Notice.Id).Take(NoticesAtOnce)
            .Select(one => new Untold(one.Notice.Id, one.Notice.MemberId, one.Notice.ConversationId)).ToListAsync(cancel);
        return untold.ToLookup(one => one.MemberId);
    }

    async Task StoreAsync(CommunityDb context, List<Due> due, ILookup<int, Untold> told, DateTimeOffset now, CancellationToken cancel)
    {
        var shown = told.SelectMany(member => member.GroupBy(one => one.ConversationId).Take(MostConversations).SelectMany(one => one.Take(ShownOfEach))).Select(one => one.Id).ToList();
        var lines = shown.Count == 0 ? [] : (await LinesAsync(context, shown, cancel)).ToDictionary(line => line.NoticeId);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        List<long> mailed = [];
        foreach (var one in due)
        {
            if (!await AdvanceAsync(context, one, now, cancel) || !told.Contains(one.Member.Id))
                continue;
            var parts = told[one.Member.Id].GroupBy(notice => notice.ConversationId)
                .Select(part => new DigestPart([.. part.Select(notice => lines.GetValueOrDefault(notice.Id)).OfType<DigestLine>()], part.Count())).ToList();
            mails.AddDigest(context, new DigestLetter(one.Addressee, parts, one.Settings.Rhythm, site, codes.Of(one.Member.Id)));
            mailed.AddRange(told[one.Member.Id].Select(notice => notice.Id));
        }
        await context.Notices.Where(n => mailed.Contains(n.Id)).ExecuteUpdateAsync(set => set.SetProperty(n => n.MailedAt, now), cancel);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (mailed.Count > 0)
            mails.Wake();
    }

    // Another process may have been here, or the member chose another time: then it is theirs.
    static async Task<bool> AdvanceAsync(CommunityDb context, Due due, DateTimeOffset now, CancellationToken cancel)
    {
        var (next, digested) = due.IsDue(now) ? (due.After(now), now - Slack) : (due.Meant > now ? due.Meant : due.After(now), due.Settings.DigestedAt);
        return await context.NoticeSettings.Where(s => s.MemberId == due.Member.Id && s.NextDigestAt == due.Settings.NextDigestAt)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.NextDigestAt, next).SetProperty(s => s.DigestedAt, digested), cancel) == 1;
    }

    static async Task<List<DigestLine>> LinesAsync(CommunityDb context, List<long> notices, CancellationToken cancel)
    {
        var rows = await SeenNotice.In(context).Where(one => notices.Contains(one.Notice.Id)).Select(one => new
        {
            one.Notice,
            one.Conversation,
            one.Message,
            one.Resolution,
            By = one.By!.DisplayName ?? one.Message!.ImportedAuthor,
            Topic = one.Topic!.Name,
            one.Topic.Slug,
            File = context.Attachments.Where(a => a.ConversationId == one.Message!.ConversationId && a.Seq == one.Message.Seq)
                .OrderBy(a => a.Position).Select(a => a.Name).FirstOrDefault(),
        }).AsNoTracking().ToListAsync(cancel);
        var named = await NamedDocuments.OfAsync(context, rows.Select(row => row.Notice), cancel);
        var sessions = await NamedSessions.OfAsync(context, rows.Select(row => row.Notice), cancel);
        return [.. rows.OrderBy(row => row.Notice.Id).Select(row => new DigestLine(
            row.Notice.Id, row.Notice.Kind, row.Conversation?.Kind, row.Conversation?.Title ?? "", row.By ?? "", row.Topic ?? "",
            row.Message is { } message ? MessageReading.Excerpt(message.Markdown, row.File, TextLength) : row.Resolution?.Sentence ?? named.GetValueOrDefault(row.Notice.Id).Title
                ?? ((row.Notice.Kind & NoticeKinds.OfSessions) != NoticeKind.None ? sessions.GetValueOrDefault(row.Notice.Seq)?.Title : null) ?? "",
            Notices.AddressOf(row.Notice, row.Conversation, row.Slug)))];
    }

    sealed record Due(NoticeSettings Settings, Member Member)
    {
        /// <summary>When the mail is due by the clock where the member is now; they may have moved since it was planned.</summary>
        public DateTimeOffset? Meant => After(Settings.NextDigestAt!.Value.AddMilliseconds(-1));

        public Addressee Addressee => new(Member.Email!, Member.DisplayName, Member.Language, Member.TimeZone);

        public DateTimeOffset? After(DateTimeOffset at) => DigestTimes.After(at, Settings, Member.TimeZone);

        // A server that was down at the time does not make up for it in the member's quiet hours.
        public bool IsDue(DateTimeOffset now) => Meant <= now && !DigestTimes.IsQuiet(now, Settings, Member.TimeZone);

        public bool MayGet(DateTimeOffset now) => Member is { EmailConfirmed: true, Email: not null } && !(Member.SuspendedUntil > now);
    }

    sealed record Untold(long Id, int MemberId, int ConversationId);
}
