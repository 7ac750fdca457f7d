using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Privacy;

/// <summary>What moderation keeps of a member who left: as long as a decision can be answered, its words; after that only that there was one.</summary>
static class Records
{
    public static async Task EmptyDueAsync(CommunityDbFactory databases, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var now = db.Clock.GetUtcNow();
        var due = await db.Erasures.Where(e => e.RecordsUntil <= now).Select(e => e.MemberId).ToListAsync(cancel);
        if (due.Count > 0)
            await db.OverwriteAsync(cancel);
        foreach (var member in due)
        {
            // A case that nobody has decided yet keeps its words until somebody has.
            if (await db.Reports.AnyAsync(r => r.DecisionId == null && (r.ReporterId == member || r.ReportedId == member), cancel)
                || await db.Appeals.AnyAsync(a => a.Outcome == null && db.Decisions.Any(d => d.Id == a.DecisionId && d.MemberId == member), cancel))
                continue;
            await db.Reports.Where(r => r.ReporterId == member).ExecuteUpdateAsync(set => set.SetProperty(r => r.Sentence, ""), cancel);
            await db.Reports.Where(r => r.ReportedId == member).ExecuteUpdateAsync(set => set.SetProperty(r => r.Quote, ""), cancel);
            await db.Appeals.Where(a => db.Decisions.Any(d => d.Id == a.DecisionId && d.MemberId == member))
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.Text, "").SetProperty(a => a.Reason, ""), cancel);
            await db.Decisions.Where(d => d.MemberId == member).ExecuteUpdateAsync(set => set.SetProperty(d => d.Quote, "").SetProperty(d => d.Reason, ""), cancel);
            await db.Suspensions.Where(s => s.MemberId == member).ExecuteUpdateAsync(set => set.SetProperty(s => s.Reason, ""), cancel);
            await db.Erasures.Where(e => e.MemberId == member).ExecuteUpdateAsync(set => set.SetProperty(e => e.RecordsUntil, (DateTimeOffset?)null), cancel);
        }
    }
}
