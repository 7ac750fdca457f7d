using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Moderation;

/// <summary>Statements of reasons, as the person concerned reads them, and as those who decide on appeals do.</summary>
public sealed class Statements(CommunityDbFactory db, TimeProvider clock)
{
    const int Page = 30;

    /// <summary>What was decided about the actor's messages, the newest first.</summary>
    public async Task<(IReadOnlyList<StatementLine> Statements, bool HasMore)> OwnAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        await using var context = db.CreateDbContext();
        var rows = await (
            from d in context.Decisions
            where d.MemberId == actor.MemberId
            join c in context.Conversations on d.ConversationId equals c.Id
            join a in context.Appeals on d.Id equals a.DecisionId into appeals
            from appeal in appeals.DefaultIfEmpty()
            orderby d.Id descending
            select new StatementLine(d.Id, c.Title, new(d.Id, d.Message, d.Member, d.Until, "", d.At, appeal != null, appeal!.Outcome), d.SeenAt == null))
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>One statement. Its author has read it from now on.</summary>
    /// <exception cref="NotFoundException">Absent, or neither about the actor nor for the actor to judge.</exception>
    public async Task<Statement> FindAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var decision = await context.Decisions.AsNoTracking().FirstOrDefaultAsync(d => d.Id == id, cancel) ?? throw new NotFoundException("decision");
        var isMine = actor.IsMember && decision.MemberId == actor.MemberId;
        if (!isMine && !await InCharge.OfAsync(context, actor, decision.ConversationId, decision.Seq, cancel))
            throw new NotFoundException("decision");
        if (isMine && decision.SeenAt is null)
        {
            var now = clock.GetUtcNow();
            await context.Decisions.Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.SeenAt, now), cancel);
        }
        var line = (await ReadingModeration.DecisionsAsync(context, context.Decisions.Where(d => d.Id == id), cancel)).Single().Line;
        var place = await context.Conversations.AsNoTracking().FirstAsync(c => c.Id == decision.ConversationId, cancel);
        var message = await context.Messages.AsNoTracking().Where(m => m.ConversationId == place.Id && m.Seq == decision.Seq)
            .Select(m => new { m.SentAt, Author = context.Users.Where(u => u.Id == m.AuthorId).Select(u => u.DisplayName).FirstOrDefault() ?? m.ImportedAuthor }).FirstAsync(cancel);
        var appeal = await context.Appeals.AsNoTracking().Where(a => a.DecisionId == id)
            .Select(a => new { a.Text, a.At, a.Outcome, a.Reason, a.DecidedAt, By = context.Users.Where(u => u.Id == a.DecidedById).Select(u => u.DisplayName).FirstOrDefault() })
            .FirstOrDefaultAsync(cancel);
        var isReplaced = await context.Decisions.AnyAsync(d => d.ConversationId == place.Id && d.Seq == decision.Seq && d.Round > decision.Round, cancel);
        return new(
            id, place.Slug ?? place.Id.ToString(CultureInfo.InvariantCulture), place.Kind, place.Title, decision.Seq, message.SentAt, decision.Quote, message.Author ?? "",
            // Moderators act for the network: the author answers the decision and not the person.
            isMine ? line with { By = "" } : line, decision.Ground, decision.Reason, decision.AfterReports == 1, isReplaced,
            appeal is null ? null : new(appeal.Text, appeal.At, appeal.Outcome, appeal.Reason, isMine ? "" : appeal.By ?? "", appeal.DecidedAt),
            isMine, MayAppeal: isMine && appeal is null && clock.GetUtcNow() <= Decisions.AppealUntil(decision.At), MayDecideAppeal: !isMine && appeal is { Outcome: null } && decision.ById != actor.MemberId);
    }

    /// <summary>Whether the actor has a queue: the network's moderators, and who moderates a room.</summary>
    public async Task<bool> HasQueueAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await InCharge.AnywhereAsync(context, actor, cancel);
    }

    /// <summary>What waits for the actor to be read or decided.</summary>
    public async Task<Waiting> WaitingAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            return new(0, 0, 0, 0);
        await using var context = db.CreateDbContext();
        var statements = await context.Decisions.CountAsync(d => d.MemberId == actor.MemberId && d.SeenAt == null, cancel);
        var answers = await context.Reports.CountAsync(r => r.ReporterId == actor.MemberId && r.DecisionId != null && r.SeenAt == null, cancel);
        if (!await InCharge.AnywhereAsync(context, actor, cancel))
            return new(statements, answers, 0, 0);
        return new(statements, answers,
            await InCharge.Reports(context, actor).Where(r => r.DecisionId == null).Select(r => r.ReportedId).Distinct().CountAsync(cancel),
            await context.Appeals.CountAsync(a => a.Outcome == null
                && InCharge.Decisions(context, actor).Any(d => d.Id == a.DecisionId && d.ById != actor.MemberId), cancel));
    }
}
