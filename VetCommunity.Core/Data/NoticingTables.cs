using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Data;

/// <summary>The tables of the bell, and where noticing begins in a community that is already there.</summary>
static class NoticingTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<Notice>(notice =>
        {
            notice.HasIndex(n => new { n.MemberId, n.ConversationId, n.Seq, n.Kind }).IsUnique();
            notice.HasIndex(n => new { n.MemberId, n.At });
            // What is counted at every page.
            notice.HasIndex(n => n.MemberId).HasFilter("\"ReadAt\" IS NULL").HasDatabaseName("IX_Notices_Unread");
            notice.HasOne<Member>().WithMany().HasForeignKey(n => n.MemberId);
        });
        builder.Entity<NoticedConversation>(noticed =>
        {
            noticed.HasKey(n => n.ConversationId);
            noticed.Property(n => n.ConversationId).ValueGeneratedNever();
        });
        builder.Entity<NoticeSettings>(settings =>
        {
            settings.HasKey(s => s.MemberId);
            settings.HasIndex(s => s.NextDigestAt);
            settings.Ignore(s => s.Mailed);
            settings.HasOne<Member>().WithOne().HasForeignKey<NoticeSettings>(s => s.MemberId);
        });
        builder.Entity<RoomWish>().HasKey(w => new { w.MemberId, w.ConversationId });
        builder.Entity<RoomWish>().HasIndex(w => w.ConversationId);
        builder.Entity<RoomWish>().HasOne<Member>().WithMany().HasForeignKey(w => w.MemberId);
    }

    /// <summary>What was said before the update calls nobody now.</summary>
    public static void BeginNow(MigrationBuilder migration) => migration.Sql("""
        INSERT INTO "NoticedConversations" ("ConversationId", "Version", "SettledVersion") SELECT "Id", "Version", "Version" FROM "Conversations";
        """);
}
