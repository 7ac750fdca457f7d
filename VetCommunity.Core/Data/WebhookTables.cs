using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.Core.Data;

/// <summary>The tables of webhooks in and out, and of what is to be told.</summary>
static class WebhookTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<IncomingWebhook>(webhook =>
        {
            webhook.HasIndex(w => w.Hash).IsUnique();
            webhook.HasIndex(w => new { w.ConversationId, w.Name }).IsUnique().HasFilter("\"EndedAt\" IS NULL");
            webhook.Property(w => w.Name).HasMaxLength(60);
        });
        builder.Entity<OutgoingWebhook>(webhook =>
        {
            webhook.HasIndex(w => new { w.ConversationId, w.Name }).IsUnique().HasFilter("\"EndedAt\" IS NULL");
            webhook.Property(w => w.Name).HasMaxLength(60);
            webhook.Property(w => w.Target).HasMaxLength(500);
        });
        builder.Entity<WebhookDelivery>(delivery =>
        {
            delivery.HasIndex(d => d.MessageId).IsUnique();
            // Gathered once only.
            delivery.HasIndex(d => new { d.WebhookId, d.Version }).IsUnique().HasFilter("\"Seq\" IS NOT NULL");
            delivery.HasIndex(d => new { d.WebhookId, d.DueAt });
            delivery.HasOne<OutgoingWebhook>().WithMany().HasForeignKey(d => d.WebhookId);
            delivery.HasOne(d => d.Resolution).WithMany().HasForeignKey(d => d.ResolutionId).OnDelete(DeleteBehavior.Cascade);
            delivery.Property(d => d.MessageId).HasMaxLength(64);
            delivery.Property(d => d.Error).HasMaxLength(200);
        });
    }
}
