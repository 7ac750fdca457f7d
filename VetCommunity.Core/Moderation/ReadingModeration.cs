using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Moderation;

/// <summary>Turns stored reports and decisions into what is read of them.</summary>
static class ReadingModeration
{
    public static async Task<List<FoundReport>> ReportsAsync(CommunityDb context, IQueryable<Report> reports, CancellationToken cancel) => await (
        from r in reports
        join u in context.Users on r.ReporterId equals u.Id
        orderby r.Id
        select new FoundReport(r.ConversationId, r.Seq, r.ReportedId, r.Quote, new(r.Id, r.Ground, r.Sentence, u.DisplayName, r.At, r.DecisionId != null))).ToListAsync(cancel);

    public static async Task<List<FoundDecision>> DecisionsAsync(CommunityDb context, IQueryable<Decision> decisions, CancellationToken cancel) => await (
        from d in decisions
        join a in context.Appeals on d.Id equals a.DecisionId into appeals
        from appeal in appeals.DefaultIfEmpty()
        join u in context.Users on d.ById equals u.Id into deciders
        from decider in deciders.DefaultIfEmpty()
        orderby d.Id
        select new FoundDecision(d.ConversationId, d.Seq, d.Round, d.MemberId, d.Quote,
            new(d.Id, d.Message, d.Member, d.Until, decider!.DisplayName ?? "", d.At, appeal != null, appeal!.Outcome))).ToListAsync(cancel);
}

sealed record FoundReport(int ConversationId, long Seq, int? ReportedId, string Quote, ReadReport Report);

sealed record FoundDecision(int ConversationId, long Seq, int Round, int? MemberId, string Quote, DecisionLine Line);
