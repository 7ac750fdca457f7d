using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Live;

/// <summary>
/// Reminds those who are in a session the day before and an hour before, and writes the mails about sessions, which cannot wait for the digest. For which beginning a session reminded is noted down in the transaction of
/// the notices: a crash loses none and doubles none, of two servers one does it, and a session that was moved reminds anew.
/// </summary>
public sealed class SessionReminders(CommunityDbFactory db, MailQueue mails, Site site, StopCodes codes, Feed feed, TimeProvider clock)
{
    /// <summary>How long before the beginning the first reminder comes.</summary>
    public static readonly TimeSpan DayBefore = TimeSpan.FromDays(1);

    /// <summary>And the second.</summary>
    public static readonly TimeSpan HourBefore = TimeSpan.FromHours(1);

    const int ABatch = 100;
    static readonly TimeSpan Worth = TimeSpan.FromDays(2);

    /// <summary>Reminds of what is near.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops before the next session.</param>
    /// <returns>How many notices were written.</returns>
    public async Task<int> RemindAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("reminders");
        var now = clock.GetUtcNow();
        var (day, hour) = (now + DayBefore, now + HourBefore);
        await using var context = db.CreateDbContext();
        var due = await context.LiveSessions.Where(s => s.Phase == SessionPhase.Planned && s.RehearsalOfId == null && s.StartsAt > now && s.StartsAt <= day
                && (s.RemindedDayFor == null || s.RemindedDayFor != s.StartsAt || (s.StartsAt <= hour && (s.RemindedHourFor == null || s.RemindedHourFor != s.StartsAt))))
            .OrderBy(s => s.StartsAt).ThenBy(s => s.Id).Take(ABatch).Select(s => new { s.Id, s.StartsAt }).ToListAsync(cancel);
        var written = 0;
        foreach (var one in due)
            written += await RemindAsync(one.Id, one.StartsAt, isNear: one.StartsAt <= hour, now, cancel);
        return written;
    }

    async Task<int> RemindAsync(int id, DateTimeOffset begin, bool isNear, DateTimeOffset now, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // Another server was here, or it was moved, begun or called off meanwhile.
        var still = context.LiveSessions.Where(s => s.Id == id && s.Phase == SessionPhase.Planned && s.StartsAt == begin);
        var mine = isNear
            ? await still.Where(s => s.RemindedHourFor == null || s.RemindedHourFor != begin).ExecuteUpdateAsync(set => set.SetProperty(s => s.RemindedHourFor, begin).SetProperty(s => s.RemindedDayFor, begin), cancel)
            : await still.Where(s => s.RemindedDayFor == null || s.RemindedDayFor != begin).ExecuteUpdateAsync(set => set.SetProperty(s => s.RemindedDayFor, begin), cancel);
        if (mine == 0)
            return 0;
        var session = await context.LiveSessions.AsNoTracking().SingleAsync(s => s.Id == id, cancel);
        var news = new SessionNews(session);
        await news.TellAsync(context, NoticeKind.SessionSoon, await SessionNews.PeopleAsync(context, session, waiting: false, cancel), now, cancel);
        await transaction.CommitAsync(cancel);
        news.Publish(feed);
        return news.Told;
    }

    /// <summary>Of a session that begins sooner than a reminder would come its people have just heard: they planned it or were told that it was moved.</summary>
    internal static void Settle(LiveSession session, DateTimeOffset now)
    {
        if (session.StartsAt <= now + DayBefore)
            session.RemindedDayFor = session.StartsAt;
        if (session.StartsAt <= now + HourBefore)
            session.RemindedHourFor = session.StartsAt;
    }

    /// <summary>Writes the mails that wait. Each is queued in the transaction that takes it from those that wait.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops before the next one.</param>
    /// <returns>How many were queued.</returns>
    public async Task<int> MailAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("mails");
        var queued = 0;
        while (await BatchAsync(cancel) is { Count: > 0 } batch)
        {
            foreach (var (call, member, session, settings) in batch)
            {
                if (await MailAsync(call, member, session, settings, cancel))
                    queued++;
            }
            if (queued > 0)
                mails.Wake();
        }
        return queued;
    }

    async Task<List<(SessionCall Call, Member Member, LiveSession Session, NoticeSettings? Settings)>> BatchAsync(CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        var rows = await (
            from c in context.SessionCalls
            join u in context.Users on c.MemberId equals u.Id
            join s in context.LiveSessions on c.SessionId equals s.Id
            join own in context.NoticeSettings on c.MemberId equals own.MemberId into settings
            from n in settings.DefaultIfEmpty()
            orderby c.Id
            select new { Call = c, Member = u, Session = s, Settings = n }).Take(ABatch).AsNoTracking().ToListAsync(cancel);
        return rows.ConvertAll(row => (row.Call, row.Member, row.Session, (NoticeSettings?)row.Settings));
    }

    async Task<bool> MailAsync(SessionCall call, Member member, LiveSession session, NoticeSettings? settings, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // Another server was here, or it is not true any more.
        if (await context.SessionCalls.Where(c => c.Id == call.Id).ExecuteDeleteAsync(cancel) == 0)
            return false;
        var wants = settings ?? new NoticeSettings();
        var gets = member is { EmailConfirmed: true, Email: not null, ErasedAt: null } && !(member.SuspendedUntil > now) && wants.StoppedAt is null && wants.Rhythm != DigestRhythm.Never && wants.Mailed.HasFlag(call.Kind)
            // What was to come soon is not worth a mail when it has begun.
            && (call.Kind != NoticeKind.SessionSoon || (session.Phase == SessionPhase.Planned && session.StartsAt > now));
        if (gets)
        {
            var letter = new SessionLetter(new(member.Email!, member.DisplayName, member.Language, member.TimeZone), call.Kind, session, site, codes.Of(member.Id));
            context.Add(letter.At(now, call.Kind == NoticeKind.SessionSoon ? session.StartsAt : now + Worth));
            var number = (long)session.Id;
            // The digest does not say it once more.
            await context.Notices.Where(n => n.MemberId == member.Id && n.ConversationId == 0 && n.Seq == number && n.Kind == call.Kind).ExecuteUpdateAsync(set => set.SetProperty(n => n.MailedAt, now), cancel);
            await context.SaveChangesAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        return gets;
    }
}
