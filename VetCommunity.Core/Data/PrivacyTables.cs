using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Members;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Data;

/// <summary>The tables of leaving, of exports and of consents.</summary>
static class PrivacyTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<Erasure>(erasure =>
        {
            erasure.HasKey(e => e.MemberId);
            erasure.Property(e => e.MemberId).ValueGeneratedNever();
            erasure.HasIndex(e => e.DueAt).HasFilter("\"DoneAt\" IS NULL");
            erasure.HasOne<Member>().WithOne().HasForeignKey<Erasure>(e => e.MemberId);
        });
        builder.Entity<DataExport>(export =>
        {
            export.HasKey(e => e.MemberId);
            export.Property(e => e.MemberId).ValueGeneratedNever();
            export.Property(e => e.File).HasMaxLength(32);
            export.HasOne<Member>().WithOne().HasForeignKey<DataExport>(e => e.MemberId);
        });
        builder.Entity<Acceptance>().HasKey(a => new { a.MemberId, a.Purpose, a.Version });
        builder.Entity<Acceptance>().HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId);
    }
}
