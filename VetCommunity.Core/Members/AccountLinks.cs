using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>What a link in a mail is for.</summary>
public enum LinkPurpose
{
    /// <summary>To confirm the address.</summary>
    Confirm,
    /// <summary>To choose a new password.</summary>
    Reset,
    /// <summary>To confirm another address of an account.</summary>
    Email,
}

/// <summary>A link in a mail to a member; it can be used once.</summary>
public sealed class AccountLink
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Whose account.</summary>
    public int MemberId { get; set; }
    /// <summary>What it is for.</summary>
    public LinkPurpose Purpose { get; set; }
    /// <summary>SHA-256 of the code in the link; the code itself is never stored.</summary>
    public required byte[] CodeHash { get; set; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Until when it can be used.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
    /// <summary>When it was used, or another one in its place.</summary>
    public DateTimeOffset? UsedAt { get; set; }
    /// <summary>The address that the account is to have.</summary>
    public string? Email { get; set; }
    /// <summary>The name that was registered with it.</summary>
    public string? DisplayName { get; set; }
    /// <summary>The password that was registered with it: a stranger who registers my address must not choose mine.</summary>
    public string? PasswordHash { get; set; }
}

/// <summary>Makes and takes the links of accounts, inside the caller's transaction.</summary>
static class AccountLinks
{
    public static string Add(CommunityDb db, Member member, LinkPurpose purpose, DateTimeOffset now, DateTimeOffset expiresAt, string? name = null, string? passwordHash = null, string? email = null)
    {
        var code = Secrets.New();
        db.AccountLinks.Add(new()
        {
            MemberId = member.Id,
            Purpose = purpose,
            CodeHash = Secrets.HashOf(code),
            At = now,
            ExpiresAt = expiresAt,
            DisplayName = name,
            PasswordHash = passwordHash,
            Email = email,
        });
        return code;
    }

    /// <summary>Uses the link, and with it every other one that the member has for the same purpose.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.LinkExpired"/></exception>
    public static async Task<(AccountLink Link, Member Member)> UseAsync(CommunityDb db, string? code, LinkPurpose purpose, DateTimeOffset now, CancellationToken cancel)
    {
        var hash = Secrets.HashOf(code ?? "");
        var link = await db.AccountLinks.AsNoTracking().SingleOrDefaultAsync(l => l.CodeHash == hash && l.Purpose == purpose, cancel)
            ?? throw new RefusedException(Refusal.LinkExpired);
        // The member's row first: two links of one member wait for each other here instead of locking each other out.
        var stamp = Guid.NewGuid().ToString();
        await db.Users.Where(m => m.Id == link.MemberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.ConcurrencyStamp, stamp), cancel);
        if (await db.AccountLinks.Where(l => l.Id == link.Id && l.UsedAt == null && l.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancel) == 0)
            throw new RefusedException(Refusal.LinkExpired);
        await UseUpAsync(db, link.MemberId, purpose, now, cancel);
        // The account may have made way for the owner of its address.
        return (link, await db.Users.SingleOrDefaultAsync(m => m.Id == link.MemberId, cancel) ?? throw new RefusedException(Refusal.LinkExpired));
    }

    /// <summary>Ends what is on its way to a mailbox that may be somebody else's.</summary>
    public static async Task UseUpOpenDoorsAsync(CommunityDb db, int memberId, DateTimeOffset now, CancellationToken cancel)
    {
        await UseUpAsync(db, memberId, LinkPurpose.Reset, now, cancel);
        await UseUpAsync(db, memberId, LinkPurpose.Email, now, cancel);
    }

    public static Task UseUpAsync(CommunityDb db, int memberId, LinkPurpose purpose, DateTimeOffset now, CancellationToken cancel) =>
        db.AccountLinks.Where(l => l.MemberId == memberId && l.Purpose == purpose && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancel);
}
