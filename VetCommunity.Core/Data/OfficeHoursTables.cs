using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.Core.Data;

/// <summary>The tables of opening hours, queues and enquiries.</summary>
static class OfficeHoursTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<RoomHours>(hours =>
        {
            hours.HasKey(h => h.ConversationId);
            hours.Property(h => h.ConversationId).ValueGeneratedNever();
            hours.Property(h => h.Zone).HasMaxLength(64);
            hours.HasIndex(h => h.TurnsAt);
            hours.HasOne<Conversation>().WithOne().HasForeignKey<RoomHours>(h => h.ConversationId);
        });
        builder.Entity<OpeningSpan>().HasIndex(s => s.ConversationId);
        builder.Entity<RoomHost>().HasKey(h => new { h.ConversationId, h.MemberId });
        builder.Entity<RoomHost>().HasOne<Member>().WithMany().HasForeignKey(h => h.MemberId);
        builder.Entity<QueuePlace>(place =>
        {
            place.HasIndex(q => new { q.ConversationId, q.State, q.JoinedAt });
            // One place a member and room that waits or is served.
            place.HasIndex(q => new { q.ConversationId, q.MemberId }).IsUnique().HasFilter("\"State\" < 3").HasDatabaseName("IX_QueuePlaces_Present");
            place.HasIndex(q => q.MemberId);
            place.HasOne<Member>().WithMany().HasForeignKey(q => q.MemberId);
            place.Property(q => q.Line).HasMaxLength(Queues.Line);
        });
        builder.Entity<Enquiry>().HasKey(e => new { e.ConversationId, e.Seq });
        builder.Entity<Enquiry>().HasIndex(e => new { e.ConversationId, e.AskedAt }).HasFilter("\"AnsweredAt\" IS NULL");
    }
}
