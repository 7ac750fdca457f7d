using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>How a new installation gets its first administrator: by a link that only the operator sees. It is an invitation that nobody made.</summary>
public sealed class FirstAdministrator(CommunityDbFactory databases, TimeProvider time)
{
    /// <summary>How long the link can be used; the next start makes another one.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    /// <summary>The code of a new set-up link, which replaces every former one; null where an administrator exists.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<string?> RenewCodeAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("set-up");
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Invitations.Where(i => i.ById == null && i.UsedAt == null).ExecuteDeleteAsync(cancel);
        string? code = null;
        if (!await ExistsAsync(db, cancel))
        {
            code = Secrets.New();
            db.Invitations.Add(new() { CodeHash = Secrets.HashOf(code), Roles = Roles.Member | Roles.Administrator, At = now, ExpiresAt = now + LinkLife });
            await db.SaveChangesAsync(cancel);
        }
        await transaction.CommitAsync(cancel);
        return code;
    }

    internal static Task<bool> ExistsAsync(CommunityDb db, CancellationToken cancel) =>
        db.Users.AnyAsync(m => (m.Roles & Roles.Administrator) != Roles.None && m.EmailConfirmed, cancel);
}
