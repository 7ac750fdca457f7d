using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Webhooks;

/// <summary>Programs elsewhere that hear what happens in a room: named, tried, paused and ended by whoever moderates it.</summary>
public sealed class OutgoingWebhooks(CommunityDbFactory db, Feed feed, Seal seal, TargetAddress addresses, TimeProvider clock)
{
    /// <summary>Deliveries that the log shows and keeps.</summary>
    public const int Log = 50;

    /// <summary>The room's living ones, the newest first.</summary>
    /// <exception cref="NotFoundException">The actor does not moderate the room.</exception>
    public async Task<IReadOnlyList<OutgoingRow>> ListAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedRoom.FindAsync(context, actor, room, cancel);
        return await RowsAsync(context, context.OutgoingWebhooks.Where(w => w.ConversationId == found.Id && w.EndedAt == null), cancel);
    }

    /// <summary>One with its last deliveries, the newest first.</summary>
    /// <exception cref="NotFoundException">The actor does not moderate the room, or it has no such living webhook.</exception>
    public async Task<(OutgoingRow Webhook, IReadOnlyList<DeliveryRow> Deliveries)> FindAsync(Actor actor, string room, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var webhook = await OneAsync(context, actor, room, id, cancel);
        var deliveries = await context.WebhookDeliveries.Where(d => d.WebhookId == id).OrderByDescending(d => d.Id).Take(Log)
            .Select(d => new DeliveryRow(d.Id, d.Event, d.Seq, d.At, d.Attempts, d.TriedAt, d.DeliveredAt, d.AskedAt != null, d.DueAt, d.Failure, d.Status, d.Milliseconds, d.Error))
            .ToListAsync(cancel);
        return ((await RowsAsync(context, context.OutgoingWebhooks.Where(w => w.Id == webhook.Id), cancel))[0], deliveries);
    }

    /// <summary>Names a target. It hears of what happens from now on. The secret that signs the calls cannot be read again later.</summary>
    /// <exception cref="NotFoundException">The actor does not moderate the room.</exception>
    /// <exception cref="RefusedException">Name, target or events refuse, or the room has enough.</exception>
    public async Task<NewTarget> MakeAsync(Actor actor, string room, string? name, string? target, WebhookEvents events, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedRoom.FindAsync(context, actor, room, cancel);
        var (clean, address) = (ModeratedRoom.CheckedName(name), addresses.Checked(target));
        if (events == WebhookEvents.None || (events & ~WebhookEvents.All) != WebhookEvents.None)
            throw new RefusedException(Refusal.NothingToHear);
        var living = context.OutgoingWebhooks.Where(w => w.ConversationId == found.Id && w.EndedAt == null);
        if (await living.CountAsync(cancel) >= ModeratedRoom.Most)
            throw new RefusedException(Refusal.TooManyWebhooks, ModeratedRoom.Most);
        if (await living.AnyAsync(w => w.Name == clean, cancel))
            throw new RefusedException(Refusal.WebhookNameTaken, clean);
        var (secret, now) = (Signatures.NewSecret(), clock.GetUtcNow());
        var webhook = new OutgoingWebhook
        {
            ConversationId = found.Id,
            Name = clean,
            Target = address,
            Events = events,
            SealedSecret = seal.Close(secret),
            ToldVersion = found.Version,
            MadeById = actor.MemberId,
            MadeAt = now,
        };
        context.Add(webhook);
        context.Note(now, actor, "webhook.made", found, $"{clean} → {address}");
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (living.Any(w => w.Name == clean))
        {
            // Clicked twice: the first one stands, and this answer has no secret for it.
            throw new RefusedException(Refusal.WebhookNameTaken, clean);
        }
        feed.Publish(new WebhooksChanged());
        return new(webhook.Id, clean, secret);
    }

    /// <summary>Calls it no more until <see cref="ResumeAsync"/>; what happens meanwhile waits.</summary>
    public Task PauseAsync(Actor actor, string room, int id, CancellationToken cancel = default) => ChangeAsync(actor, room, id, (_, _, webhook, now) =>
    {
        if (webhook.PausedAt is null)
            (webhook.PausedAt, webhook.PausedById) = (now, actor.MemberId);
        return Task.CompletedTask;
    }, cancel);

    /// <summary>Calls it again, beginning with what waits.</summary>
    public Task ResumeAsync(Actor actor, string room, int id, CancellationToken cancel = default) => ChangeAsync(actor, room, id, async (context, _, webhook, now) =>
    {
        (webhook.PausedAt, webhook.PausedById) = (null, null);
        foreach (var waiting in await context.WebhookDeliveries.Where(d => d.WebhookId == id && d.DueAt != null).ToListAsync(cancel))
            (waiting.DueAt, waiting.Attempts) = (now, 0);
    }, cancel);

    /// <summary>Ends it at once and forgets what it was to hear.</summary>
    public Task EndAsync(Actor actor, string room, int id, CancellationToken cancel = default) => ChangeAsync(actor, room, id, async (context, found, webhook, now) =>
    {
        (webhook.EndedAt, webhook.EndedById, webhook.SealedSecret) = (now, actor.MemberId, "");
        context.RemoveRange(await context.WebhookDeliveries.Where(d => d.WebhookId == id).ToListAsync(cancel));
        context.Note(now, actor, "webhook.ended", found, $"{webhook.Name} → {webhook.Target}");
    }, cancel);

    /// <summary>Sends a call that says nothing, once, also while the webhook is paused. Answers with the delivery's number.</summary>
    public async Task<long> TestAsync(Actor actor, string room, int id, CancellationToken cancel = default)
    {
        WebhookDelivery? test = null;
        await ChangeAsync(actor, room, id, async (context, _, webhook, now) =>
        {
            if (await context.WebhookDeliveries.CountAsync(d => d.WebhookId == id && d.AskedAt != null, cancel) >= 5)
                throw new RefusedException(Refusal.TooFast, 10);
            context.Add(test = new() { WebhookId = id, MessageId = DeliveryQueue.NewId(), Version = webhook.ToldVersion, At = now, AskedAt = now });
        }, cancel);
        return test!.Id;
    }

    /// <summary>Makes another attempt at one delivery out of turn; the receiver sees by its id that it is the same.</summary>
    /// <exception cref="NotFoundException">It left the log, or was never tried.</exception>
    public async Task<long> AgainAsync(Actor actor, string room, int id, long delivery, CancellationToken cancel = default)
    {
        await ChangeAsync(actor, room, id, async (context, _, _, now) =>
        {
            var again = await context.WebhookDeliveries.SingleOrDefaultAsync(d => d.WebhookId == id && d.Id == delivery && d.Attempts > 0, cancel) ?? throw new NotFoundException("delivery");
            again.AskedAt ??= now;
        }, cancel);
        return delivery;
    }

    async Task ChangeAsync(
        Actor actor, string room, int id, Func<CommunityDb, FoundConversation, OutgoingWebhook, DateTimeOffset, Task> change, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedRoom.FindAsync(context, actor, room, cancel);
        var webhook = await context.OutgoingWebhooks.SingleOrDefaultAsync(w => w.Id == id && w.ConversationId == found.Id && w.EndedAt == null, cancel)
            ?? throw new NotFoundException("webhook");
        await change(context, found, webhook, clock.GetUtcNow());
        await context.SaveChangesAsync(cancel);
        feed.Publish(new WebhooksChanged());
    }

    static async Task<OutgoingWebhook> OneAsync(CommunityDb context, Actor actor, string room, int id, CancellationToken cancel)
    {
        var found = await ModeratedRoom.FindAsync(context, actor, room, cancel);
        return await context.OutgoingWebhooks.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id && w.ConversationId == found.Id && w.EndedAt == null, cancel)
            ?? throw new NotFoundException("webhook");
    }

    static Task<List<OutgoingRow>> RowsAsync(CommunityDb context, IQueryable<OutgoingWebhook> webhooks, CancellationToken cancel) => (
        from w in webhooks
        join u in context.Users on w.MadeById equals u.Id
        orderby w.Id descending
        select new OutgoingRow(w.Id, w.Name, w.Target, w.Events, u.DisplayName, w.MadeAt, w.PausedAt,
            context.Users.Where(p => p.Id == w.PausedById).Select(p => p.DisplayName).FirstOrDefault(),
            context.WebhookDeliveries.Count(d => d.WebhookId == w.Id && d.DueAt != null),
            context.WebhookDeliveries.Where(d => d.WebhookId == w.Id && d.TriedAt != null).OrderByDescending(d => d.TriedAt).Select(d => (CallFailure?)d.Failure).FirstOrDefault(),
            context.WebhookDeliveries.Where(d => d.WebhookId == w.Id).Max(d => d.DeliveredAt))).ToListAsync(cancel);
}

/// <summary>Webhooks, or what one of them is asked to do, changed: the sender need not wait for its next round.</summary>
public sealed record WebhooksChanged;

/// <summary>An outgoing webhook as its moderators see it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Target">The address that is called.</param>
/// <param name="Events">What it hears of.</param>
/// <param name="By">Who made it.</param>
/// <param name="At">When.</param>
/// <param name="PausedAt">Since when it rests.</param>
/// <param name="PausedBy">Who paused it; null where the program itself gave up.</param>
/// <param name="Waiting">Deliveries that wait for their turn or their next attempt.</param>
/// <param name="LastFailure">How the last attempt ended; null before the first.</param>
/// <param name="DeliveredAt">When one last succeeded.</param>
public sealed record OutgoingRow(
    int Id, string Name, string Target, WebhookEvents Events, string By, DateTimeOffset At, DateTimeOffset? PausedAt, string? PausedBy,
    int Waiting, CallFailure? LastFailure, DateTimeOffset? DeliveredAt);

/// <summary>A line of the log of deliveries.</summary>
public sealed record DeliveryRow(
    long Id, WebhookEvents Event, long? Seq, DateTimeOffset At, int Attempts, DateTimeOffset? TriedAt, DateTimeOffset? DeliveredAt, bool IsAsked, DateTimeOffset? DueAt,
    CallFailure Failure, int? Status, int? Milliseconds, string? Error);

/// <summary>A new target's secret, shown once.</summary>
public sealed record NewTarget(int Id, string Name, string Secret);
