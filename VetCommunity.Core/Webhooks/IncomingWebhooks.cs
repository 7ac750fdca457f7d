using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Webhooks;

/// <summary>Addresses by which programs post into a room: made and ended by whoever moderates it, used by whoever knows them.</summary>
public sealed class IncomingWebhooks(CommunityDbFactory db, MessageLog log, Seal seal, TimeProvider clock)
{
    /// <summary>What the secret part of every address begins with, so that a leaked one is recognised.</summary>
    public const string Prefix = "vch_";

    /// <summary>The room's living ones, the newest first.</summary>
    /// <exception cref="NotFoundException">The actor does not moderate the room.</exception>
    public async Task<IReadOnlyList<IncomingRow>> ListAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedRoom.FindAsync(context, actor, room, cancel);
        return await (
            from w in context.IncomingWebhooks
            where w.ConversationId == found.Id && w.EndedAt == null
            join u in context.Users on w.MadeById equals u.Id
            orderby w.Id descending
            select new IncomingRow(w.Id, w.Name, w.SealedSecret != null, u.DisplayName, w.MadeAt,
                context.Messages.Where(m => m.WebhookId == w.Id).OrderByDescending(m => m.Seq).Select(m => (DateTimeOffset?)m.SentAt).FirstOrDefault()))
            .ToListAsync(cancel);
    }

    /// <summary>Makes an address. Its secret part, and the secret of the signature where one is wanted, cannot be read again later.</summary>
    /// <exception cref="NotFoundException">The actor does not moderate the room.</exception>
    /// <exception cref="RefusedException">The name refuses, or the room has enough.</exception>
    public async Task<NewAddress> MakeAsync(Actor actor, string room, string? name, bool mustSign, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedRoom.FindAsync(context, actor, room, cancel);
        var clean = ModeratedRoom.CheckedName(name);
        var living = context.IncomingWebhooks.Where(w => w.ConversationId == found.Id && w.EndedAt == null);
        if (await living.CountAsync(cancel) >= ModeratedRoom.Most)
            throw new RefusedException(Refusal.TooManyWebhooks, ModeratedRoom.Most);
        if (await living.AnyAsync(w => w.Name == clean, cancel))
            throw new RefusedException(Refusal.WebhookNameTaken, clean);
        var (token, secret, now) = (Prefix + Secrets.New(), mustSign ? Signatures.NewSecret() : null, clock.GetUtcNow());
        context.Add(new IncomingWebhook
        {
            ConversationId = found.Id,
            Name = clean,
            Hash = Secrets.HashOf(token),
            SealedSecret = secret is null ? null : seal.Close(secret),
            MadeById = actor.MemberId,
            MadeAt = now,
        });
        context.Note(now, actor, "webhook.made", found, clean);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (living.Any(w => w.Name == clean))
        {
            // Clicked twice: the first one stands, and this answer has no secret for it.
            throw new RefusedException(Refusal.WebhookNameTaken, clean);
        }
        return new(clean, token, secret);
    }

    /// <summary>Ends an address at once; what it posted stays. Ending it twice changes nothing.</summary>
    /// <exception cref="NotFoundException">The actor does not moderate the room, or it has no such webhook.</exception>
    public async Task EndAsync(Actor actor, string room, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedRoom.FindAsync(context, actor, room, cancel);
        var webhook = await context.IncomingWebhooks.SingleOrDefaultAsync(w => w.Id == id && w.ConversationId == found.Id, cancel) ?? throw new NotFoundException("webhook");
        if (webhook.EndedAt is not null)
            return;
        var now = clock.GetUtcNow();
        (webhook.EndedAt, webhook.EndedById, webhook.SealedSecret) = (now, actor.MemberId, null);
        context.Note(now, actor, "webhook.ended", found, webhook.Name);
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>Whose address it is. Asked before there is an actor: a program has none, its right is the address.</summary>
    /// <exception cref="NotFoundException">It is unknown or ended.</exception>
    public async Task<CalledWebhook> FindAsync(string token, CancellationToken cancel = default)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal))
            throw new NotFoundException("webhook");
        var hash = Secrets.HashOf(token);
        await using var context = db.CreateDbContext();
        return await context.IncomingWebhooks.Where(w => w.Hash == hash && w.EndedAt == null).Select(w => new CalledWebhook(w.Id, w.SealedSecret)).SingleOrDefaultAsync(cancel)
            ?? throw new NotFoundException("webhook");
    }

    /// <summary>Whether the call may be believed: it is signed rightly, or need not be.</summary>
    public bool IsGood(CalledWebhook webhook, SignedCall call) =>
        webhook.SealedSecret is null || (seal.Open(webhook.SealedSecret) is { } secret && Signatures.IsGood(secret, call, clock.GetUtcNow()));

    /// <summary>Posts under the webhook's name. The same key again is the same message.</summary>
    /// <param name="webhook">What <see cref="FindAsync"/> found; that it still lives is judged once more where the message is stored.</param>
    /// <param name="key">Chosen by the program, 1 to 64 characters.</param>
    /// <param name="topic">The topic's name; null for the room's default one.</param>
    /// <param name="text">1 to 10,000 characters of markdown.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="NotFoundException">The webhook was ended.</exception>
    /// <exception cref="RefusedException">The text, the topic, the key or the room refuses.</exception>
    public Task<ProgramsReceipt> PostAsync(CalledWebhook webhook, string? key, string? topic, string? text, CancellationToken cancel = default)
    {
        var (clientKey, markdown, name) = (Limits.CheckedKey(key), Limits.CleanText(text), Limits.CheckedTopic(topic));
        return log.WriteAsync(new ProgramEntry(webhook.Id, clientKey, name, markdown, PersonsMarkdown.Read(markdown)), cancel);
    }
}

/// <summary>An incoming webhook in its moderators' list.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="MustSign">Whether its calls must be signed.</param>
/// <param name="By">Who made it.</param>
/// <param name="At">When.</param>
/// <param name="LastAt">When it last posted.</param>
public sealed record IncomingRow(int Id, string Name, bool MustSign, string By, DateTimeOffset At, DateTimeOffset? LastAt);

/// <summary>A new address, shown once.</summary>
/// <param name="Name">The webhook's name.</param>
/// <param name="Token">The secret part of the address.</param>
/// <param name="Secret">The secret of the signature, where one is wanted.</param>
public sealed record NewAddress(string Name, string Token, string? Secret);

/// <summary>A webhook whose address was called.</summary>
/// <param name="Id">Its number.</param>
/// <param name="SealedSecret">With what its calls are signed; null where they need not be.</param>
public sealed record CalledWebhook(int Id, string? SealedSecret);

/// <summary>A program's post, after it is on disk.</summary>
/// <param name="Room">The room's address part.</param>
/// <param name="Seq">The message's number.</param>
/// <param name="SentAt">When the server stored it.</param>
/// <param name="Duplicate">True when the same key had been posted before: this is that message.</param>
public sealed record ProgramsReceipt(string Room, long Seq, DateTimeOffset SentAt, bool Duplicate);
