using System.Globalization;
using System.Resources;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.OfficeHours;

/// <summary>A room's queue while it is open. All of its changes of one room come one after the other, in whichever process.</summary>
public sealed class Queues(CommunityDbFactory db, AllConversations conversations, Feed feed)
{
    /// <summary>Characters of what it is about: it becomes a topic's name.</summary>
    public const int Line = Limits.TopicName;

    /// <summary>People who wait in one room.</summary>
    public const int Most = 50;

    static readonly TimeSpan Offered = TimeSpan.FromDays(14);
    static readonly ResourceManager Texts = new("VetCommunity.Core.Texts.HourTexts", typeof(Queues).Assembly);

    /// <summary>How the room stands, and what the actor may do; null for a room without opening hours.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    public async Task<HoursSeen?> SeeAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await SeeAsync(context, actor, await Topics.FindRoomAsync(context, actor, room, cancel), cancel);
    }

    internal static async Task<HoursSeen?> SeeAsync(CommunityDb context, Actor actor, FoundConversation found, CancellationToken cancel)
    {
        if (await HoursReading.StateAsync(context, found, cancel) is not { } state)
            return null;
        var offeredFrom = context.Clock.GetUtcNow() - Offered;
        var lapsed = await context.QueuePlaces.Where(q => q.ConversationId == found.Id && q.MemberId == actor.MemberId && q.State == QueueState.Lapsed && q.EndedAt >= offeredFrom)
            .OrderByDescending(q => q.Id).Select(q => new LapsedPlace(q.Id, q.Line)).FirstOrDefaultAsync(cancel);
        return new(state, found.Standing, await context.IsHostAsync(actor, found.Id, cancel), lapsed);
    }

    /// <summary>The same without anybody in particular, for those who watch.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="conversation">Which room.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<HoursState?> StateAsync(Actor actor, int conversation, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("room");
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, conversation.ToString(CultureInfo.InvariantCulture), cancel);
        return await HoursReading.StateAsync(context, found, cancel);
    }

    /// <summary>Joins the queue. Who is in it already keeps their place.</summary>
    /// <exception cref="NotFoundException">Absent, or a room without opening hours.</exception>
    /// <exception cref="RefusedException">Closed, full, not the actor's to write in, or without a line.</exception>
    public async Task JoinAsync(Actor actor, string room, string? line, CancellationToken cancel = default)
    {
        var about = CheckedLine(line);
        await ChangeAsync(actor, room, async (context, found, opening) =>
        {
            if (!found.Standing.MayPost)
                throw new RefusedException(found.Standing.WhyNot ?? Refusal.JoinFirst);
            if (!opening.IsOpen)
                throw new RefusedException(Refusal.HoursClosed);
            var now = context.Clock.GetUtcNow();
            var mine = await context.QueuePlaces.Where(q => q.ConversationId == found.Id && q.MemberId == actor.MemberId && q.State < QueueState.Done).FirstOrDefaultAsync(cancel);
            if (mine is not null)
                return false;
            if (await context.Present(found.Id).CountAsync(q => q.State == QueueState.Waiting, cancel) >= Most)
                throw new RefusedException(Refusal.QueueFull, Most);
            await DismissAsync(context, found, actor, now, cancel);
            context.QueuePlaces.Add(new() { ConversationId = found.Id, MemberId = actor.MemberId, Line = about, State = QueueState.Waiting, JoinedAt = now });
            return true;
        }, cancel);
    }

    /// <summary>Gives the own place up, also while being served, and does not ask for later what lapsed.</summary>
    /// <exception cref="NotFoundException">Absent, or a room without opening hours.</exception>
    public Task LeaveAsync(Actor actor, string room, CancellationToken cancel = default) => ChangeAsync(actor, room, async (context, found, _) =>
    {
        var now = context.Clock.GetUtcNow();
        await DismissAsync(context, found, actor, now, cancel);
        return await context.QueuePlaces.Where(q => q.ConversationId == found.Id && q.MemberId == actor.MemberId && q.State < QueueState.Done)
            .ExecuteUpdateAsync(set => set.SetProperty(q => q.State, QueueState.Left).SetProperty(q => q.EndedAt, now), cancel) > 0;
    }, cancel);

    /// <summary>Takes the first who waits, begins the talk with them in the room and lets their bell ring. A host who is with somebody already takes nobody else.</summary>
    /// <returns>Whom the host is with now; the number of their place.</returns>
    /// <exception cref="NotFoundException">Absent, or the actor does not host the room.</exception>
    /// <exception cref="RefusedException">Closed, nobody waits, or the actor may not write in the room now.</exception>
    public async Task<int> TakeNextAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        QueuePlace? taken = null;
        FoundConversation? where = null;
        WrittenNotice? notice = null;
        var with = 0;
        var name = "";
        await ChangeAsync(actor, room, async (context, found, opening) =>
        {
            if (!await context.IsHostAsync(actor, found.Id, cancel))
                throw new NotFoundException("queue");
            if (!found.Standing.MayPost)
                throw new RefusedException(found.Standing.WhyNot ?? Refusal.JoinFirst);
            with = await context.Present(found.Id).Where(q => q.State == QueueState.Served && q.HostId == actor.MemberId).Select(q => q.Id).FirstOrDefaultAsync(cancel);
            if (with != 0)
                return false;
            if (!opening.IsOpen)
                throw new RefusedException(Refusal.HoursClosed);
            var now = context.Clock.GetUtcNow();
            taken = await context.Present(found.Id).FirstOrDefaultAsync(q => q.State == QueueState.Waiting && q.MemberId != actor.MemberId, cancel)
                ?? throw new RefusedException(Refusal.NobodyWaits);
            (taken.State, taken.HostId, taken.TakenAt) = (QueueState.Served, actor.MemberId, now);
            // By the moment: who is taken once more is told once more.
            notice = new(taken.MemberId, NoticeKind.YourTurn, found.Id, now.ToUnixTimeMilliseconds(), found.Address, found.Kind, found.Title, actor.MemberId, actor.Name);
            context.Notices.Add(notice.Row(now));
            name = await context.Users.Where(u => u.Id == taken.MemberId).Select(u => u.DisplayName).FirstAsync(cancel);
            (where, with) = (found, taken.Id);
            return true;
        }, cancel, publish: false);
        if (taken is null)
            return with;
        try
        {
            var says = string.Format(CultureInfo.InvariantCulture, Texts.GetString("YourTurn", CultureInfo.GetCultureInfo(Languages.OrEnglish(where!.Language)))!, name);
            // The post is done whoever goes away: half a turn helps nobody.
            var said = await conversations.PostAsync(actor, new(where.Address, FormattableString.Invariant($"turn-{taken.Id}-{notice!.Seq}"), taken.Line, says), CancellationToken.None);
            await using var context = db.CreateDbContext();
            await context.QueuePlaces.Where(q => q.Id == taken.Id).ExecuteUpdateAsync(set => set.SetProperty(q => q.Seq, said.Seq), CancellationToken.None);
        }
        catch (RefusedException)
        {
            // Such as too fast for a slow room: nobody was taken then.
            await using var context = db.CreateDbContext();
            await context.QueuePlaces.Where(q => q.Id == taken.Id && q.State == QueueState.Served && q.HostId == actor.MemberId).ExecuteUpdateAsync(
                set => set.SetProperty(q => q.State, QueueState.Waiting).SetProperty(q => q.HostId, (int?)null).SetProperty(q => q.TakenAt, (DateTimeOffset?)null), CancellationToken.None);
            await context.Notices.Where(n => n.MemberId == taken.MemberId && n.Kind == NoticeKind.YourTurn && n.ConversationId == where!.Id && n.Seq == notice!.Seq).ExecuteDeleteAsync(CancellationToken.None);
            throw;
        }
        feed.Publish(new OfficeHoursChanged(where.Id));
        feed.Publish(new MembersNoticed([notice]));
        return with;
    }

    /// <summary>Ends the serving: done, or back to where the member waited before. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor neither hosts nor moderates the room.</exception>
    public Task FinishAsync(Actor actor, string room, int place, bool back, CancellationToken cancel = default) => ChangeAsync(actor, room, async (context, found, opening) =>
    {
        if (!found.Standing.IsModerator && !await context.IsHostAsync(actor, found.Id, cancel))
            throw new NotFoundException("queue");
        var now = context.Clock.GetUtcNow();
        var served = context.QueuePlaces.Where(q => q.Id == place && q.ConversationId == found.Id && q.State == QueueState.Served);
        var state = !back ? QueueState.Done : opening.IsOpen ? QueueState.Waiting : QueueState.Lapsed;
        var changed = state == QueueState.Waiting
            ? await served.ExecuteUpdateAsync(set => set.SetProperty(q => q.State, state).SetProperty(q => q.HostId, (int?)null).SetProperty(q => q.TakenAt, (DateTimeOffset?)null), cancel)
            : await served.ExecuteUpdateAsync(set => set.SetProperty(q => q.State, state).SetProperty(q => q.EndedAt, now), cancel);
        return changed > 0;
    }, cancel);

    /// <summary>Takes somebody who waits out of the queue. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate the room.</exception>
    public Task RemoveAsync(Actor actor, string room, int place, CancellationToken cancel = default) => ChangeAsync(actor, room, async (context, found, _) =>
    {
        if (!found.Standing.IsModerator)
            throw new NotFoundException("queue");
        var now = context.Clock.GetUtcNow();
        var one = await context.QueuePlaces.FirstOrDefaultAsync(q => q.Id == place && q.ConversationId == found.Id && q.State == QueueState.Waiting, cancel);
        if (one is null)
            return false;
        (one.State, one.EndedAt) = (QueueState.Left, now);
        if (one.MemberId != actor.MemberId)
            context.Note(now, actor, "queue.removed", one.MemberId, found.Address);
        return true;
    }, cancel);

    internal static string CheckedLine(string? line)
    {
        var clean = PlainText.Line(line);
        return clean.Length <= Line && Folding.Slug(clean).Length > 0 ? clean : throw new RefusedException(Refusal.BadAbout, Line);
    }

    static Task<int> DismissAsync(CommunityDb context, FoundConversation room, Actor actor, DateTimeOffset now, CancellationToken cancel) =>
        context.QueuePlaces.Where(q => q.ConversationId == room.Id && q.MemberId == actor.MemberId && q.State == QueueState.Lapsed)
            .ExecuteUpdateAsync(set => set.SetProperty(q => q.State, QueueState.Left), cancel);

    async Task ChangeAsync(Actor actor, string room, Func<CommunityDb, FoundConversation, Opening, Task<bool>> change, CancellationToken cancel, bool publish = true)
    {
        await using var context = db.CreateDbContext();
        var id = (await Topics.FindRoomAsync(context, actor, room, cancel)).Id;
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        if (await context.LockAsync(id, cancel) is null)
            throw new NotFoundException("queue");
        // Rights and hours are those of this moment, in which nobody else changes the queue.
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        var rules = await context.RulesAsync(id, cancel) ?? throw new NotFoundException("queue");
        var changed = await change(context, found, rules.At(context.Clock.GetUtcNow()));
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        if (changed && publish)
            feed.Publish(new OfficeHoursChanged(id));
    }
}

/// <summary>How a room with opening hours stands for one reader.</summary>
/// <param name="State">What is the same for everybody.</param>
/// <param name="Standing">What the reader may do in the room.</param>
/// <param name="IsHost">Hosts it.</param>
/// <param name="Lapsed">The reader's own place that lapsed and can be asked for later.</param>
public sealed record HoursSeen(HoursState State, Standing Standing, bool IsHost, LapsedPlace? Lapsed);

/// <summary>A place that lapsed when the room closed.</summary>
public sealed record LapsedPlace(int Id, string Line);
