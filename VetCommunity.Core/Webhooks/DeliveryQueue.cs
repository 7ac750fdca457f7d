using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Webhooks;

/// <summary>
/// What outgoing webhooks are to hear, found by the versions of their rooms: nobody who posts writes anything for them, and nothing is lost when the
/// server ends. Each hears one thing after the other, in the order in which they happened.
/// </summary>
public sealed class DeliveryQueue(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>How long to wait after each failed attempt. After the last one, about a day after the first, the webhook is paused.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5), TimeSpan.FromHours(8), TimeSpan.FromHours(8),
    ];

    // Rows that wait for one target; the rest stays where it is, among the room's events.
    const int Ahead = 50;
    const int ErrorLength = 200;

    /// <summary>The rooms that something outside listens to.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyList<int>> RoomsAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        return await context.OutgoingWebhooks.Where(w => w.EndedAt == null && w.PausedAt == null).Select(w => w.ConversationId).Distinct().ToListAsync(cancel);
    }

    /// <summary>The webhooks for which there may be something to do now.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyList<int>> BusyAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        var now = clock.GetUtcNow();
        await using var context = db.CreateDbContext();
        return await (
            from w in context.OutgoingWebhooks
            where w.EndedAt == null
            join c in context.Conversations on w.ConversationId equals c.Id
            where (w.PausedAt == null && (c.Version > w.ToldVersion || context.WebhookDeliveries.Any(d => d.WebhookId == w.Id && d.DueAt <= now)))
                || context.WebhookDeliveries.Any(d => d.WebhookId == w.Id && d.AskedAt != null)
            orderby w.Id
            select w.Id).ToListAsync(cancel);
    }

    /// <summary>What to tell a webhook next; null when nothing is due. Asking again before <see cref="RecordAsync"/> gives the same.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="webhookId">Which webhook.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<DueDelivery?> NextAsync(Actor actor, int webhookId, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        var webhook = await context.OutgoingWebhooks.SingleOrDefaultAsync(w => w.Id == webhookId && w.EndedAt == null, cancel);
        if (webhook is null)
            return null;
        var now = clock.GetUtcNow();
        var all = context.WebhookDeliveries.Where(d => d.WebhookId == webhookId);
        var next = await all.Where(d => d.AskedAt != null).OrderBy(d => d.AskedAt).ThenBy(d => d.Id).FirstOrDefaultAsync(cancel);
        if (next is null && webhook.PausedAt is null)
        {
            await GatherAsync(context, webhook, now, cancel);
            // A resolution stands among the deliveries before the messages that it came after.
            next = await all.Where(d => d.DueAt != null && d.Version <= webhook.ToldVersion).OrderBy(d => d.Version).ThenBy(d => d.Seq == null).ThenBy(d => d.Id).FirstOrDefaultAsync(cancel);
            if (next?.DueAt > now)
                return null;
        }
        return next is null ? null : await TellingAsync(context, webhook, next, cancel);
    }

    /// <summary>How an attempt went: done, due again later, or the end of patience, which pauses the webhook.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="delivery">The number of what was told.</param>
    /// <param name="result">How it went.</param>
    /// <param name="cancel">Stops.</param>
    public async Task RecordAsync(Actor actor, long delivery, CallResult result, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        var told = await context.WebhookDeliveries.SingleOrDefaultAsync(d => d.Id == delivery, cancel);
        // Ended while it was told.
        if (told is null)
            return;
        var now = clock.GetUtcNow();
        told.Attempts++;
        (told.TriedAt, told.AskedAt, told.Failure, told.Status) = (now, null, result.Failure, result.Status);
        told.Milliseconds = (int)Math.Min(result.Took.TotalMilliseconds, int.MaxValue);
        told.Error = result.Error is { } error ? PlainText.Line(string.Concat(PlainText.Line(error).Take(ErrorLength))) : null;
        if (result.Failure == CallFailure.None)
            (told.DeliveredAt, told.DueAt) = (now, null);
        else if (told.DueAt is not null && (result.Failure is CallFailure.Gone or CallFailure.SecretLost || told.Attempts > Pauses.Count))
            await context.OutgoingWebhooks.Where(w => w.Id == told.WebhookId && w.PausedAt == null).ExecuteUpdateAsync(set => set.SetProperty(w => w.PausedAt, now), cancel);
        else if (told.DueAt is not null)
            told.DueAt = now + Pauses[told.Attempts - 1];
        await context.SaveChangesAsync(cancel);
        var log = context.WebhookDeliveries.Where(d => d.WebhookId == told.WebhookId && d.DueAt == null && d.AskedAt == null);
        var oldest = await log.OrderByDescending(d => d.Id).Skip(OutgoingWebhooks.Log - 1).Select(d => d.Id).FirstOrDefaultAsync(cancel);
        await log.Where(d => d.Id < oldest).ExecuteDeleteAsync(cancel);
        feed.Publish(new DeliveryTried(delivery));
    }

    /// <summary>Stored with the resolution itself, by the next save.</summary>
    internal static async Task AddResolvedAsync(CommunityDb context, Resolution resolution, long version, CancellationToken cancel)
    {
        var hearing = await context.OutgoingWebhooks
            .Where(w => w.ConversationId == resolution.ConversationId && w.EndedAt == null && (w.Events & WebhookEvents.TopicResolved) != WebhookEvents.None).Select(w => w.Id).ToListAsync(cancel);
        context.AddRange(hearing.Select(webhook => new WebhookDelivery
        {
            WebhookId = webhook,
            MessageId = NewId(),
            Event = WebhookEvents.TopicResolved,
            Version = version,
            Resolution = resolution,
            At = resolution.At,
            DueAt = resolution.At,
        }));
    }

    internal static string NewId() => "msg_" + Secrets.New();

    // Events become rows in the transaction that moves the mark on: none is lost, none comes twice.
    static async Task GatherAsync(CommunityDb context, OutgoingWebhook webhook, DateTimeOffset now, CancellationToken cancel)
    {
        var room = Ahead - await context.WebhookDeliveries.CountAsync(d => d.WebhookId == webhook.Id && d.DueAt != null && d.Seq != null, cancel);
        // Read before the events: whatever comes in between belongs to the next time.
        var version = await context.Conversations.Where(c => c.Id == webhook.ConversationId).Select(c => c.Version).SingleAsync(cancel);
        if (room <= 0 || version == webhook.ToldVersion)
            return;
        List<ChangeKind> kinds = [.. Heard.Where(pair => webhook.Events.HasFlag(pair.Value)).Select(pair => pair.Key)];
        var events = await context.ConversationEvents.AsNoTracking()
            .Where(e => e.ConversationId == webhook.ConversationId && e.Version > webhook.ToldVersion && e.Version <= version && kinds.Contains(e.Kind))
            .OrderBy(e => e.Version).Take(room).ToListAsync(cancel);
        context.AddRange(events.Select(e => new WebhookDelivery
        {
            WebhookId = webhook.Id,
            MessageId = NewId(),
            Event = Heard[e.Kind],
            Version = e.Version,
            Seq = e.Seq,
            At = e.At,
            DueAt = now,
        }));
        webhook.ToldVersion = events.Count < room ? version : events[^1].Version;
        await context.SaveChangesAsync(cancel);
    }

    // As it stands now, as in the hub's Changes: what was deleted meanwhile is told nobody any more.
    static async Task<DueDelivery> TellingAsync(CommunityDb context, OutgoingWebhook webhook, WebhookDelivery next, CancellationToken cancel)
    {
        var message = next.Seq is { } seq ? (await MessageReading.OfAsync(context, webhook.ConversationId, [seq], cancel)).SingleOrDefault() : null;
        var resolved = next.ResolutionId is null ? null : await (
            from r in context.Resolutions
            where r.Id == next.ResolutionId
            join t in context.Topics on r.TopicId equals t.Id
            join u in context.Users on r.ById equals u.Id
            select new ResolvedTopic(t.Name, t.Slug, r.Outcome, r.Sentence, new(u.Handle, u.DisplayName, u.PictureVersion), r.At)).SingleOrDefaultAsync(cancel);
        var room = await context.Conversations.Where(c => c.Id == webhook.ConversationId).Select(c => c.Slug).SingleAsync(cancel);
        return new(next.Id, webhook.Target, webhook.SealedSecret, next.MessageId, next.Event, next.At, room ?? "", next.Version, message, resolved);
    }

    static readonly Dictionary<ChangeKind, WebhookEvents> Heard = new()
    {
        [ChangeKind.Posted] = WebhookEvents.MessagePosted,
        [ChangeKind.Edited] = WebhookEvents.MessageEdited,
        [ChangeKind.Deleted] = WebhookEvents.MessageDeleted,
        // As for every program: what is hidden looks deleted, and comes back as an edited message.
        [ChangeKind.Hidden] = WebhookEvents.MessageDeleted,
        [ChangeKind.Unhidden] = WebhookEvents.MessageEdited,
    };

    static void Demand(Actor actor)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("webhooks");
    }
}

/// <summary>An attempt at a delivery was made, however it went.</summary>
public sealed record DeliveryTried(long Delivery);

/// <summary>What is to be told to one target now.</summary>
/// <param name="Id">The delivery's number.</param>
/// <param name="Target">The address to call.</param>
/// <param name="SealedSecret">With what the call is signed.</param>
/// <param name="MessageId">The same at every attempt.</param>
/// <param name="Event">What happened; <see cref="WebhookEvents.None"/> is a test.</param>
/// <param name="At">When it happened.</param>
/// <param name="Room">The room's address part.</param>
/// <param name="Version">The room's version at which it happened.</param>
/// <param name="Message">The message as it stands now.</param>
/// <param name="Resolved">The resolved topic.</param>
public sealed record DueDelivery(
    long Id, string Target, string SealedSecret, string MessageId, WebhookEvents Event, DateTimeOffset At, string Room, long Version, PostedMessage? Message, ResolvedTopic? Resolved);

/// <summary>A topic that was resolved, by whom, and how.</summary>
public sealed record ResolvedTopic(string Topic, string TopicSlug, Outcome Outcome, string Sentence, Author By, DateTimeOffset At);

/// <summary>How a call went.</summary>
/// <param name="Failure">Why it failed, if it did.</param>
/// <param name="Status">The receiver's HTTP status, where it answered.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Error">The beginning of what the receiver said against it.</param>
public sealed record CallResult(CallFailure Failure, int? Status, TimeSpan Took, string? Error = null);
