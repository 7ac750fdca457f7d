using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Data;

/// <summary>The tables of conversations, their topics, messages and what hangs on them.</summary>
static class ConversationTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<Conversation>(conversation =>
        {
            conversation.HasIndex(c => c.Slug).IsUnique();
            conversation.HasIndex(c => c.Pair).IsUnique();
            conversation.Property(c => c.Title).HasMaxLength(100);
        });
        builder.Entity<Membership>(membership =>
        {
            membership.HasKey(m => new { m.ConversationId, m.MemberId });
            membership.HasIndex(m => m.MemberId);
            membership.HasOne<Conversation>().WithMany().HasForeignKey(m => m.ConversationId);
            membership.HasOne<Member>().WithMany().HasForeignKey(m => m.MemberId);
        });
        builder.Entity<Topic>(topic =>
        {
            topic.HasIndex(t => new { t.ConversationId, t.Folded }).IsUnique();
            topic.HasIndex(t => new { t.ConversationId, t.LastSeq });
        });
        builder.Entity<TopicSlug>().HasKey(s => new { s.ConversationId, s.Slug });
        builder.Entity<TopicSlug>().HasIndex(s => s.TopicId);
        builder.Entity<Resolution>(resolution =>
        {
            // Two who resolve at once: one of them does.
            resolution.HasIndex(r => r.TopicId).IsUnique().HasFilter("\"ReopenedAt\" IS NULL");
            resolution.HasIndex(r => new { r.ConversationId, r.At });
            resolution.Property(r => r.Sentence).HasMaxLength(280);
        });
        builder.Entity<Involvement>().HasKey(i => new { i.MemberId, i.ConversationId, i.TopicId });
        builder.Entity<Involvement>().HasIndex(i => i.TopicId);
        builder.Entity<Message>(message =>
        {
            message.HasKey(m => new { m.ConversationId, m.Seq });
            message.HasIndex(m => new { m.ConversationId, m.AuthorId, m.ClientKey }).IsUnique();
            message.HasIndex(m => new { m.TopicId, m.Seq });
            message.HasIndex(m => m.SearchId).IsUnique();
            message.HasIndex(m => new { m.ConversationId, m.Seq }).HasFilter(GoneMessages.Filter);
            // A program's key counts within its webhook; for all other messages this index has no entry.
            message.HasIndex(m => new { m.WebhookId, m.ClientKey }).IsUnique().HasFilter("\"WebhookId\" IS NOT NULL");
            message.Property(m => m.ClientKey).HasMaxLength(64);
        });
        builder.Entity<MessageRevision>().HasKey(r => new { r.ConversationId, r.Seq, r.Version });
        builder.Entity<Reaction>().HasKey(r => new { r.ConversationId, r.Seq, r.Emoji, r.MemberId });
        builder.Entity<Mention>().HasKey(m => new { m.ConversationId, m.Seq, m.MemberId });
        builder.Entity<Mention>().HasIndex(m => new { m.MemberId, m.ConversationId, m.Seq });
        builder.Entity<ConversationEvent>().HasKey(e => new { e.ConversationId, e.Version });
        builder.Entity<Attachment>(attachment =>
        {
            attachment.Property(a => a.Id).HasMaxLength(32);
            // Also finds those that are nowhere yet: few, and each of them soon posted or gone.
            attachment.HasIndex(a => new { a.ConversationId, a.Seq });
            attachment.HasIndex(a => a.DocumentId);
        });
        builder.Entity<Draft>().HasKey(d => new { d.MemberId, d.ConversationId });
        builder.Entity<Poll>(poll =>
        {
            poll.HasKey(p => new { p.ConversationId, p.Seq });
            poll.HasIndex(p => p.EndsAt).HasFilter("\"EndedAt\" IS NULL");
        });
        // One vote a member.
        builder.Entity<Vote>().HasKey(v => new { v.ConversationId, v.Seq, v.MemberId });
        builder.Entity<ScheduledMessage>(scheduled =>
        {
            // A form that is sent twice schedules one message.
            scheduled.HasIndex(s => new { s.MemberId, s.FormKey }).IsUnique();
            scheduled.HasIndex(s => s.DueAt).HasFilter("\"RefusedAt\" IS NULL");
            scheduled.Property(s => s.FormKey).HasMaxLength(64);
        });
    }
}
