using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Noticing;

/// <summary>What members want to hear of, where and when.</summary>
public sealed class NoticeWishes(CommunityDbFactory db, StopCodes codes, TimeProvider clock)
{
    /// <summary>Rooms that one page of settings shows.</summary>
    public const int MostRooms = 200;
    const int MinutesOfADay = 24 * 60;

    /// <summary>The actor's wishes, with the rooms they are in, by title.</summary>
    public async Task<NoticeChoices> OwnAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("settings");
        await using var context = db.CreateDbContext();
        var own = await context.NoticeSettings.AsNoTracking().FirstOrDefaultAsync(s => s.MemberId == actor.MemberId, cancel) ?? new();
        var rooms = await (
            from p in context.Memberships
            where p.MemberId == actor.MemberId
            join c in context.Conversations on p.ConversationId equals c.Id
            where c.Kind == ConversationKind.Room
            join w in context.RoomWishes.Where(w => w.MemberId == actor.MemberId) on c.Id equals w.ConversationId into wishes
            from w in wishes.DefaultIfEmpty()
            orderby c.Title, c.Id
            select new RoomChoice(c.Slug!, c.Title, c.Language, w == null ? RoomCalls.Mentions : w.Calls)).Take(MostRooms).ToListAsync(cancel);
        return new(~own.BellOff, own.Mailed, own.Rhythm, own.DigestMinute, own.QuietFrom, own.QuietTo, own.StoppedAt, rooms);
    }

    /// <summary>Keeps the actor's wishes. Rooms that are not named keep theirs; one that the actor is not in is passed over.</summary>
    /// <exception cref="RefusedException">Something that cannot be chosen.</exception>
    public async Task SaveAsync(Actor actor, NoticeChoices choices, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("settings");
        if (!Enum.IsDefined(choices.Rhythm) || !IsMinute(choices.DigestMinute) || choices.Rooms.Any(room => !Enum.IsDefined(room.Calls))
            || (choices.QuietFrom is { } from && !IsMinute(from)) || (choices.QuietTo is { } to && !IsMinute(to)))
            throw new RefusedException(Refusal.BadChoice);
        await using var context = db.CreateDbContext();
        var own = await context.NoticeSettings.FirstOrDefaultAsync(s => s.MemberId == actor.MemberId, cancel);
        var isNew = own is null;
        if (own is null)
            context.Add(own = new() { MemberId = actor.MemberId, DigestedAt = clock.GetUtcNow() });
        var hadMails = own is { StoppedAt: null, Rhythm: not DigestRhythm.Never };
        var isWhole = choices is { QuietFrom: not null, QuietTo: not null };
        own.BellOff = All & ~choices.Bell;
        own.MailOn = choices.Mail & All & ~NoticeKinds.Mailed;
        own.MailOff = NoticeKinds.Mailed & ~choices.Mail;
        own.Rhythm = choices.Rhythm;
        own.DigestMinute = choices.DigestMinute;
        (own.QuietFrom, own.QuietTo) = isWhole ? (choices.QuietFrom, choices.QuietTo) : (null, null);
        // Whoever chooses mails here wants them again.
        own.StoppedAt = null;
        Plan(own, actor.TimeZone, begins: !hadMails);
        await PutAsync(context, actor, choices.Rooms, cancel);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (isNew && context.NoticeSettings.Any(s => s.MemberId == actor.MemberId))
        {
            // Another page of the same member, in the same moment.
            throw new RefusedException(Refusal.ChangedMeanwhile);
        }
    }

    /// <summary>Chooses for one room, from its own page.</summary>
    /// <exception cref="RefusedException">The actor is not in the room, or it cannot be chosen.</exception>
    public async Task ChooseAsync(Actor actor, string room, RoomCalls calls, CancellationToken cancel = default)
    {
        if (!Enum.IsDefined(calls))
            throw new RefusedException(Refusal.BadChoice);
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        if (found.Kind != ConversationKind.Room)
            throw new NotFoundException("room");
        if (!found.Standing.IsMember)
            throw new RefusedException(Refusal.JoinFirst);
        await PutAsync(context, actor, [new(found.Address, "", "", calls)], cancel);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (context.RoomWishes.Any(w => w.MemberId == actor.MemberId && w.ConversationId == found.Id && w.Calls == calls))
        {
            // Clicked twice: chosen is chosen.
        }
    }

    /// <summary>Which of these members want a word on the screen for these kinds now.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="members">Whose, with their time zones.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <returns>By member the kinds for which a word may come; none in quiet hours.</returns>
    public async Task<IReadOnlyDictionary<int, NoticeKind>> WordsForAsync(Actor actor, IReadOnlyDictionary<int, string> members, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("settings");
        var now = clock.GetUtcNow();
        var ids = members.Keys.ToList();
        await using var context = db.CreateDbContext();
        var own = await context.NoticeSettings.AsNoTracking().Where(s => ids.Contains(s.MemberId)).ToDictionaryAsync(s => s.MemberId, cancel);
        return members.ToDictionary(one => one.Key, one => own.GetValueOrDefault(one.Key) is not { } settings ? All
            : DigestTimes.IsQuiet(now, settings, one.Value) ? NoticeKind.None : All & ~settings.BellOff);
    }

    /// <summary>Whether the mails of the member whose link this is are stopped.</summary>
    /// <exception cref="NotFoundException">A link that we did not write.</exception>
    public async Task<bool> IsStoppedAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        _ = actor;
        var member = MemberOf(code);
        await using var context = db.CreateDbContext();
        return await context.NoticeSettings.AnyAsync(s => s.MemberId == member && s.StoppedAt != null, cancel);
    }

    /// <summary>Stops the mails of the member whose link this is, or lets them come again. Whoever holds the link may; doing it twice changes nothing.</summary>
    /// <exception cref="NotFoundException">A link that we did not write, or of somebody who is gone.</exception>
    public async Task StopAsync(Actor actor, string? code, bool stop, CancellationToken cancel = default)
    {
        _ = actor;
        var member = MemberOf(code);
        await using var context = db.CreateDbContext();
        var zone = await context.Users.Where(u => u.Id == member).Select(u => u.TimeZone).FirstOrDefaultAsync(cancel) ?? throw new NotFoundException("member");
        var own = await context.NoticeSettings.FirstOrDefaultAsync(s => s.MemberId == member, cancel);
        if (own is null)
            context.Add(own = new() { MemberId = member, DigestedAt = clock.GetUtcNow() });
        if (own.StoppedAt is not null == stop)
            return;
        own.StoppedAt = stop ? clock.GetUtcNow() : null;
        Plan(own, zone, begins: false);
        await context.SaveChangesAsync(cancel);
    }

    static readonly NoticeKind All = NoticeKinds.All.Aggregate(NoticeKind.None, (kinds, one) => kinds | one.Kind);

    static bool IsMinute(int minute) => minute is >= 0 and < MinutesOfADay;

    int MemberOf(string? code) => codes.MemberOf(code) ?? throw new NotFoundException("link");

    void Plan(NoticeSettings own, string timeZone, bool begins)
    {
        var now = clock.GetUtcNow();
        // What was before the mails began is not told any more.
        if (begins)
            own.DigestedAt = now;
        own.NextDigestAt = DigestTimes.After(now, own, timeZone);
    }

    static async Task PutAsync(CommunityDb context, Actor actor, IReadOnlyList<RoomChoice> rooms, CancellationToken cancel)
    {
        var slugs = rooms.Select(room => room.Slug).ToList();
        var ids = await context.Memberships.Where(p => p.MemberId == actor.MemberId)
            .Join(context.Conversations.Where(c => slugs.Contains(c.Slug!)), p => p.ConversationId, c => c.Id, (_, c) => new { c.Id, c.Slug }).ToDictionaryAsync(c => c.Slug!, c => c.Id, cancel);
        var before = await context.RoomWishes.Where(w => w.MemberId == actor.MemberId).ToDictionaryAsync(w => w.ConversationId, cancel);
        foreach (var room in rooms.Where(room => ids.ContainsKey(room.Slug)))
        {
            var wish = before.GetValueOrDefault(ids[room.Slug]);
            if (wish is not null)
                wish.Calls = room.Calls;
            else if (room.Calls != RoomCalls.Mentions)
                context.Add(new RoomWish { MemberId = actor.MemberId, ConversationId = ids[room.Slug], Calls = room.Calls });
        }
    }
}

/// <summary>A member's wishes.</summary>
/// <param name="Bell">Kinds that stand under the bell.</param>
/// <param name="Mail">Kinds that come by mail.</param>
/// <param name="Rhythm">How often a mail comes at most.</param>
/// <param name="DigestMinute">The minute of the day of the daily mail, by the member's clock.</param>
/// <param name="QuietFrom">The minute of the day at which quiet hours begin; none unless both are given.</param>
/// <param name="QuietTo">The minute of the day at which they end.</param>
/// <param name="StoppedAt">When mails were stopped by a link; null while they come.</param>
/// <param name="Rooms">The rooms that the member is in.</param>
public sealed record NoticeChoices(
    NoticeKind Bell, NoticeKind Mail, DigestRhythm Rhythm, int DigestMinute, int? QuietFrom, int? QuietTo, DateTimeOffset? StoppedAt, IReadOnlyList<RoomChoice> Rooms);

/// <summary>A room and of what in it one wants to hear.</summary>
public sealed record RoomChoice(string Slug, string Title, string Language, RoomCalls Calls);
