using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.Data;

/// <summary>Drafts of good practices, what they quote, searches that members keep, collections, templates, who looked at a practice again, and how often practices are read.</summary>
static class PracticeTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<PracticeDraft>(draft =>
        {
            draft.HasIndex(d => new { d.ById, d.FormKey }).IsUnique();
            draft.HasIndex(d => d.ConversationId);
            draft.HasIndex(d => d.TopicId);
            draft.HasIndex(d => d.ChangedAt);
            draft.Property(d => d.Title).HasMaxLength(100);
            draft.Property(d => d.FormKey).HasMaxLength(64);
            draft.HasIndex(d => d.DocumentId).IsUnique();
            draft.HasOne<Member>().WithMany().HasForeignKey(d => d.ById);
            draft.HasOne<Document>().WithMany().HasForeignKey(d => d.DocumentId);
        });
        builder.Entity<Quote>(quote =>
        {
            // Asked once a draft.
            quote.HasIndex(q => new { q.DraftId, q.ConversationId, q.Seq }).IsUnique();
            quote.HasIndex(q => new { q.ConversationId, q.Seq });
            quote.HasIndex(q => q.AuthorId);
            quote.HasOne<PracticeDraft>().WithMany().HasForeignKey(q => q.DraftId);
        });
        builder.Entity<SavedSearch>(search =>
        {
            search.HasIndex(s => new { s.MemberId, s.Key }).IsUnique();
            search.Property(s => s.Words).HasMaxLength(SearchQuery.Longest);
            search.Property(s => s.Key).HasMaxLength(64);
            search.HasOne<Member>().WithMany().HasForeignKey(s => s.MemberId);
        });
        builder.Entity<PracticeCollection>(collection =>
        {
            collection.HasIndex(c => c.Slug).IsUnique();
            collection.HasIndex(c => c.FormKey).IsUnique();
            collection.HasIndex(c => c.ById);
            collection.HasIndex(c => c.ChangedAt);
            collection.Property(c => c.Slug).HasMaxLength(60);
            collection.Property(c => c.Title).HasMaxLength(PracticeCollections.LongestTitle);
            collection.Property(c => c.Text).HasMaxLength(PracticeCollections.LongestText);
            collection.Property(c => c.FormKey).HasMaxLength(80);
            collection.HasOne<Member>().WithMany().HasForeignKey(c => c.ById).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Recheck>(recheck =>
        {
            // Two who say so at once say it once.
            recheck.HasIndex(r => new { r.DocumentId, r.Day }).IsUnique();
            recheck.HasIndex(r => r.ById);
            recheck.HasOne<Document>().WithMany().HasForeignKey(r => r.DocumentId);
            recheck.HasOne<Member>().WithMany().HasForeignKey(r => r.ById).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<CollectedPractice>(practice =>
        {
            practice.HasKey(p => new { p.CollectionId, p.DocumentId });
            practice.HasIndex(p => p.DocumentId);
            practice.HasOne<PracticeCollection>().WithMany().HasForeignKey(p => p.CollectionId);
            practice.HasOne<Document>().WithMany().HasForeignKey(p => p.DocumentId);
        });
        builder.Entity<ReadDay>(read =>
        {
            read.HasKey(r => new { r.DocumentId, r.Day });
            read.HasIndex(r => r.Day);
            read.HasOne<Document>().WithMany().HasForeignKey(r => r.DocumentId);
        });
        builder.Entity<PracticeTemplate>(template =>
        {
            template.HasKey(t => t.Number);
            template.Property(t => t.Number).ValueGeneratedNever();
            template.Property(t => t.Language).HasMaxLength(3);
            template.HasOne<Member>().WithMany().HasForeignKey(t => t.ById).OnDelete(DeleteBehavior.Restrict);
        });
    }
}
