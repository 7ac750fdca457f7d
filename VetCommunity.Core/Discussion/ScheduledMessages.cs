using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Discussion;

/// <summary>Messages that wait for their time: scheduled, changed and taken back by their author. They are sent by <see cref="ScheduledSending"/>.</summary>
public sealed class ScheduledMessages(CommunityDbFactory db, ScheduledSending sending, TimeProvider clock)
{
    /// <summary>How many of a member wait or could not be sent.</summary>
    public const int Most = 100;
    const int Page = 20;

    /// <summary>Keeps a message until its time. Answers with its number; the same form again is the same message.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor.</exception>
    /// <exception cref="RefusedException">The text, the topic, the time, the answered message or the place refuses.</exception>
    public async Task<int> ScheduleAsync(Actor actor, NewScheduled wish, CancellationToken cancel = default)
    {
        var markdown = Checked(wish.Markdown);
        var topic = Limits.CheckedTopic(wish.Topic);
        Limits.CheckedKey(wish.FormKey);
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, wish.Conversation, cancel);
        var same = Mine(context, actor).Where(s => s.FormKey == wish.FormKey);
        if (await same.FirstOrDefaultAsync(cancel) is { } before)
            return SameAs(before, markdown, wish);
        if (found.Standing.WhyNot is { } whyNot)
            throw new RefusedException(whyNot);
        CheckTime(wish.DueAt);
        if (wish.ReplyToSeq is { } answered && !await context.Messages.AnyAsync(m => m.ConversationId == found.Id && m.Seq == answered, cancel))
            throw new RefusedException(Refusal.UnknownReply);
        if (await Mine(context, actor).CountAsync(cancel) >= Most)
            throw new RefusedException(Refusal.TooManyScheduled, Most);
        var scheduled = new ScheduledMessage
        {
            MemberId = actor.MemberId,
            ConversationId = found.Id,
            FormKey = wish.FormKey,
            Markdown = markdown,
            ReplyToSeq = wish.ReplyToSeq,
            DueAt = wish.DueAt,
            MadeAt = clock.GetUtcNow(),
        };
        (scheduled.Topic, scheduled.TopicSlug) = await TopicAsync(context, found.Id, topic, cancel);
        context.Add(scheduled);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (same.Any())
        {
            // Clicked twice.
            return SameAs(await same.FirstAsync(cancel), markdown, wish);
        }
        return scheduled.Id;
    }

    /// <summary>The actor's own ones: first those that could not be sent, then by their time.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<ScheduledRow> Rows, bool HasMore)> ListAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var rows = await ScheduledReading.ReadAsync(context, actor, Mine(context, actor)
            .OrderBy(s => s.RefusedAt == null).ThenBy(s => s.DueAt).ThenBy(s => s.Id).Skip((Math.Clamp(page, 1, 1000) - 1) * Page).Take(Page + 1), cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>One of the actor's own.</summary>
    /// <exception cref="NotFoundException">Sent, taken back, or somebody else's.</exception>
    public async Task<ScheduledRow> FindAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return (await ScheduledReading.ReadAsync(context, actor, Mine(context, actor).Where(s => s.Id == id), cancel)).SingleOrDefault()
            ?? throw new NotFoundException("scheduled message");
    }

    /// <summary>Gives it another text, topic or time. One that could not be sent waits again.</summary>
    /// <exception cref="RefusedException">The text, the topic or the time refuses, or it is on its way.</exception>
    /// <exception cref="NotFoundException">Sent, taken back, or somebody else's.</exception>
    public async Task ChangeAsync(Actor actor, int id, string markdown, string? topic, DateTimeOffset dueAt, CancellationToken cancel = default)
    {
        var text = Checked(markdown);
        var name = Limits.CheckedTopic(topic);
        CheckTime(dueAt);
        await using var context = db.CreateDbContext();
        var conversation = await Mine(context, actor).Where(s => s.Id == id).Select(s => (int?)s.ConversationId).FirstOrDefaultAsync(cancel)
            ?? throw new NotFoundException("scheduled message");
        var (newTopic, slug) = await TopicAsync(context, conversation, name, cancel);
        var changed = await Waiting(context, actor, id).ExecuteUpdateAsync(set => set.SetProperty(s => s.Markdown, text).SetProperty(s => s.Topic, newTopic).SetProperty(s => s.TopicSlug, slug)
            .SetProperty(s => s.DueAt, dueAt).SetProperty(s => s.RefusedAt, (DateTimeOffset?)null).SetProperty(s => s.Refusal, (string?)null).SetProperty(s => s.RefusalArguments, (string?)null), cancel);
        if (changed == 0)
            throw new RefusedException(Refusal.ScheduledBegun);
    }

    /// <summary>Takes it back: it is not sent, and its text lies in the composer there again, behind what is typed there. Answers false where the actor can no longer read that place: the text is gone then.</summary>
    /// <exception cref="RefusedException">It is on its way.</exception>
    /// <exception cref="NotFoundException">Sent, taken back, or somebody else's.</exception>
    public async Task<bool> CancelAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var row = (await ScheduledReading.ReadAsync(context, actor, Mine(context, actor).Where(s => s.Id == id), cancel)).SingleOrDefault() ?? throw new NotFoundException("scheduled message");
        var conversation = await Mine(context, actor).Where(s => s.Id == id).Select(s => s.ConversationId).SingleAsync(cancel);
        if (await Waiting(context, actor, id).ExecuteDeleteAsync(cancel) == 0)
            throw new RefusedException(Refusal.ScheduledBegun);
        if (row.Title is not null)
            await KeepAsync(context, actor, conversation, row, cancel);
        await transaction.CommitAsync(cancel);
        return row.Title is not null;
    }

    /// <summary>Sends it now instead. Answers with the message's receipt.</summary>
    /// <exception cref="RefusedException">The place refuses; the message stays in the list and says why.</exception>
    /// <exception cref="NotFoundException">Sent, taken back, or somebody else's.</exception>
    public async Task<PostReceipt> SendNowAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        await using (var context = db.CreateDbContext())
        {
            // Due from now on: what is cut off in between is sent after the next start.
            var now = clock.GetUtcNow();
            if (await Mine(context, actor).Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.DueAt, now), cancel) == 0)
                throw new NotFoundException("scheduled message");
        }
        return await sending.SendAsync(id, cancel) ?? throw new RefusedException(Refusal.ScheduledBegun);
    }

    async Task KeepAsync(CommunityDb context, Actor actor, int conversation, ScheduledRow row, CancellationToken cancel)
    {
        var draft = await context.Drafts.FirstOrDefaultAsync(d => d.MemberId == actor.MemberId && d.ConversationId == conversation, cancel);
        if (draft is null)
            context.Add(draft = new Draft { MemberId = actor.MemberId, ConversationId = conversation, Markdown = row.Markdown, Topic = row.Topic });
        else
            draft.Markdown += $"\n\n{row.Markdown}";
        draft.SavedAt = clock.GetUtcNow();
        await context.SaveChangesAsync(cancel);
    }

    static string Checked(string? markdown)
    {
        var clean = Limits.CleanText(markdown);
        // Whatever cannot be rendered is refused now and not at night.
        Markdown.PersonsMarkdown.Read(clean);
        return clean;
    }

    void CheckTime(DateTimeOffset dueAt)
    {
        var now = clock.GetUtcNow();
        if (dueAt <= now)
            throw new RefusedException(Refusal.ScheduledInThePast);
        if (dueAt > now.AddYears(1))
            throw new RefusedException(Refusal.ScheduledTooFar);
    }

    // A form that comes once more with another text is a mistake about the first one, and must not lose the second text silently.
    static int SameAs(ScheduledMessage before, string markdown, NewScheduled wish) =>
        before.Markdown == markdown && before.DueAt.ToUnixTimeMilliseconds() == wish.DueAt.ToUnixTimeMilliseconds() ? before.Id : throw new RefusedException(Refusal.ScheduledBefore);

    static IQueryable<ScheduledMessage> Mine(CommunityDb context, Actor actor) => context.ScheduledMessages.AsNoTracking().Where(s => s.MemberId == actor.MemberId && actor.MemberId != 0);

    static IQueryable<ScheduledMessage> Waiting(CommunityDb context, Actor actor, int id) => Mine(context, actor).Where(s => s.Id == id && s.BegunAt == null);

    static async Task<(string Topic, string? Slug)> TopicAsync(CommunityDb context, int conversation, string? name, CancellationToken cancel)
    {
        if (name is null)
            return ("", null);
        var folded = Folding.Fold(name);
        return (name, await context.Topics.Where(t => t.ConversationId == conversation && t.Folded == folded).Select(t => t.Slug).FirstOrDefaultAsync(cancel));
    }
}
