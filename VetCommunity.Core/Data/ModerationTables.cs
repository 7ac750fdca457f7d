using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Data;

/// <summary>The tables of reports, decisions and what they hold, and of pins.</summary>
static class ModerationTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<Report>(report =>
        {
            report.HasIndex(r => new { r.ConversationId, r.Seq, r.ReporterId }).IsUnique();
            report.HasIndex(r => r.ReporterId);
            // The queue: what waits, by whom it is about.
            report.HasIndex(r => new { r.DecisionId, r.ReportedId });
            report.Property(r => r.Sentence).HasMaxLength(500);
        });
        builder.Entity<Decision>(decision =>
        {
            // Two moderators who decide at once: one of them does.
            decision.HasIndex(d => new { d.ConversationId, d.Seq, d.Round }).IsUnique();
            decision.HasIndex(d => d.MemberId);
        });
        builder.Entity<Appeal>().HasKey(a => a.DecisionId);
        builder.Entity<Appeal>().Property(a => a.DecisionId).ValueGeneratedNever();
        builder.Entity<Appeal>().HasOne<Decision>().WithOne().HasForeignKey<Appeal>(a => a.DecisionId);
        builder.Entity<Restriction>().HasKey(r => new { r.MemberId, r.ConversationId });
        builder.Entity<Pin>().HasKey(p => new { p.ConversationId, p.Seq });
        builder.Entity<Pin>().HasIndex(p => new { p.ConversationId, p.Slot }).IsUnique();
    }
}
