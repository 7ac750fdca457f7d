using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Moderation;

/// <summary>Telling the moderators of a message, and hearing what came of it.</summary>
public sealed class Reports(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>The longest sentence of a report.</summary>
    public const int SentenceLength = 500;
    const int Page = 30;

    /// <summary>The message that the actor wants to report.</summary>
    /// <exception cref="NotFoundException">Absent, not readable for the actor, or gone.</exception>
    public async Task<ReportableMessage> FindAsync(Actor actor, string conversation, long seq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, conversation, cancel);
        var message = (await MessageReading.OfAsync(context, found.Id, [seq], cancel)).SingleOrDefault();
        var was = await context.Reports.AnyAsync(r => r.ConversationId == found.Id && r.Seq == seq && r.ReporterId == actor.MemberId, cancel);
        return message is null || (message.IsGone && !was) ? throw new NotFoundException("message") : new(message, found.Kind, was);
    }

    /// <summary>Tells the moderators of a message that the actor reads now. Doing it twice is one report. The text is kept as it stands.</summary>
    /// <exception cref="NotFoundException">Absent, or not readable for the actor.</exception>
    /// <exception cref="RefusedException">One's own or a message that is gone, or no reason is given.</exception>
    public async Task ReportAsync(Actor actor, string conversation, long seq, Ground ground, string? sentence, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        if (!Enum.IsDefined(ground))
            throw new RefusedException(Refusal.GroundMissing);
        var why = PlainText.Within(PlainText.Line(sentence), SentenceLength);
        if (why.Length == 0)
            throw new RefusedException(Refusal.ReasonMissing);
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, conversation, cancel);
        var reported = context.Reports.Where(r => r.ConversationId == found.Id && r.Seq == seq && r.ReporterId == actor.MemberId);
        if (await reported.AnyAsync(cancel))
            return;
        var message = await context.Messages.AsNoTracking().FirstOrDefaultAsync(m => m.ConversationId == found.Id && m.Seq == seq, cancel) ?? throw new NotFoundException("message");
        if (message.AuthorId == actor.MemberId)
            throw new RefusedException(Refusal.OwnMessage);
        if (message.DeletedAt is not null)
            throw new RefusedException(Refusal.MessageDeleted);
        if (message.HiddenAt is not null)
            throw new RefusedException(Refusal.MessageHidden);
        var files = await context.Attachments.Where(a => a.ConversationId == found.Id && a.Seq == seq).OrderBy(a => a.Position).Select(a => a.Name).ToListAsync(cancel);
        context.Add(new Report
        {
            ConversationId = found.Id,
            Seq = seq,
            ReporterId = actor.MemberId,
            ReportedId = message.AuthorId,
            Ground = ground,
            Sentence = why,
            Quote = Quote(message.Markdown, files),
            At = clock.GetUtcNow(),
        });
        if (message.AuthorId is { } author)
            context.Note(clock.GetUtcNow(), actor, "message.reported", author, FormattableString.Invariant($"{found.Address} {seq}"));
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (reported.Any())
        {
            // Clicked twice: told is told.
        }
    }

    /// <summary>What the actor reported, the newest first, and what became of it. From now on it counts as read.</summary>
    public async Task<(IReadOnlyList<OwnReport> Reports, bool HasMore)> OwnAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        await using var context = db.CreateDbContext();
        var now = clock.GetUtcNow();
        await context.Reports.Where(r => r.ReporterId == actor.MemberId && r.DecisionId != null && r.SeenAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.SeenAt, now), cancel);
        var rows = await (
            from r in context.Reports
            where r.ReporterId == actor.MemberId
            join c in context.Conversations on r.ConversationId equals c.Id
            join d in context.Decisions on r.DecisionId equals d.Id into decisions
            from decision in decisions.DefaultIfEmpty()
            orderby r.Id descending
            select new { r.Seq, r.Ground, r.At, c.Id, c.Slug, c.Title, c.Kind, Outcome = (MessageMeasure?)decision!.Message, DecidedAt = (DateTimeOffset?)decision.At })
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page).Select(r => new OwnReport(r.Title,
            r.Kind == ConversationKind.Room ? FormattableString.Invariant($"/rooms/{r.Slug}/messages/{r.Seq}") : FormattableString.Invariant($"/conversations/{r.Id}/messages/{r.Seq}"),
            r.Ground, r.At, r.Outcome, r.DecidedAt))], rows.Count > Page);
    }

    /// <summary>A text as reports and decisions keep it; files are named below it.</summary>
    internal static string Quote(string markdown, IEnumerable<string> files) =>
        string.Join("\n", new[] { markdown }.Where(text => text.Length > 0).Concat(files.Select(name => $"[{name}]")));
}
