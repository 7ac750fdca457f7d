using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Data;

/// <summary>What members know of their passkeys, beside the keys themselves.</summary>
static class PasskeyTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<IdentityUserPasskey<int>>().ToTable("MemberPasskeys");
        builder.Entity<Passkey>(passkey =>
        {
            passkey.HasKey(p => p.CredentialId);
            passkey.Property(p => p.CredentialId).HasMaxLength(1023);
            passkey.HasIndex(p => p.MemberId);
            passkey.HasOne<IdentityUserPasskey<int>>().WithOne().HasForeignKey<Passkey>(p => p.CredentialId);
        });
        builder.Entity<SpentQuestion>().HasKey(q => q.Hash);
    }
}
