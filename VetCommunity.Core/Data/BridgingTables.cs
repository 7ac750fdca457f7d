using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Data;

/// <summary>The tables of translations, of who makes them, and of the glossary.</summary>
static class BridgingTables
{
    const int CodeLength = 2;

    public static void Add(ModelBuilder builder)
    {
        builder.Entity<BridgePair>(pair =>
        {
            pair.HasKey(p => new { p.MemberId, p.From, p.To });
            pair.HasIndex(p => new { p.From, p.To, p.LastAskedAt });
            pair.Property(p => p.From).HasMaxLength(CodeLength);
            pair.Property(p => p.To).HasMaxLength(CodeLength);
            pair.HasOne<Member>().WithMany().HasForeignKey(p => p.MemberId);
        });
        builder.Entity<MachineConsent>().HasKey(c => c.MemberId);
        builder.Entity<MachineConsent>().HasOne<Member>().WithOne().HasForeignKey<MachineConsent>(c => c.MemberId);
        builder.Entity<BridgeRequest>(request =>
        {
            request.HasKey(r => new { r.ConversationId, r.Seq, r.To });
            request.HasIndex(r => new { r.To, r.AskedAt }).HasFilter("\"DoneAt\" IS NULL");
            request.Property(r => r.To).HasMaxLength(CodeLength);
        });
        builder.Entity<BridgeAsk>(ask =>
        {
            ask.HasKey(a => new { a.ConversationId, a.Seq, a.To, a.MemberId });
            ask.HasIndex(a => new { a.MemberId, a.At });
            ask.Property(a => a.To).HasMaxLength(CodeLength);
            ask.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId);
        });
        builder.Entity<Translation>(translation =>
        {
            // One a person and language.
            translation.HasIndex(t => new { t.ConversationId, t.Seq, t.To, t.ById }).IsUnique();
            // One stands under the message.
            translation.HasIndex(t => new { t.ConversationId, t.Seq, t.To }).IsUnique().HasFilter("\"IsAccepted\" = 1").HasDatabaseName("IX_Translations_Accepted");
            translation.HasIndex(t => new { t.ById, t.At });
            translation.Property(t => t.From).HasMaxLength(CodeLength);
            translation.Property(t => t.To).HasMaxLength(CodeLength);
            translation.Property(t => t.OfText).HasMaxLength(16);
            translation.Property(t => t.Machine).HasMaxLength(40);
            translation.HasOne<Member>().WithMany().HasForeignKey(t => t.ById);
        });
        builder.Entity<BridgeSuggestion>(suggestion =>
        {
            suggestion.HasKey(s => new { s.ConversationId, s.Seq, s.To, s.MemberId });
            suggestion.Property(s => s.To).HasMaxLength(CodeLength);
            suggestion.Property(s => s.Machine).HasMaxLength(40);
            suggestion.HasOne<Member>().WithMany().HasForeignKey(s => s.MemberId);
        });
        builder.Entity<GlossaryTerm>(term =>
        {
            term.HasIndex(t => new { t.OneLanguage, t.OtherLanguage, t.OneFolded, t.OtherFolded }).IsUnique();
            term.Property(t => t.OneLanguage).HasMaxLength(CodeLength);
            term.Property(t => t.OtherLanguage).HasMaxLength(CodeLength);
            term.Property(t => t.One).HasMaxLength(Glossary.TermLength);
            term.Property(t => t.Other).HasMaxLength(Glossary.TermLength);
            term.Property(t => t.Note).HasMaxLength(Glossary.NoteLength);
            term.Property(t => t.Version).IsConcurrencyToken();
        });
        builder.Entity<GlossaryChange>(change =>
        {
            change.HasKey(c => new { c.TermId, c.Version });
            change.HasOne<GlossaryTerm>().WithMany().HasForeignKey(c => c.TermId);
            change.HasOne<Member>().WithMany().HasForeignKey(c => c.ById);
        });
    }
}
