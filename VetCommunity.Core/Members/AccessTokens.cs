using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>Personal access tokens: long secrets with which a script acts as its owner.</summary>
/// <param name="databases">Where they are.</param>
/// <param name="time">The clock.</param>
/// <param name="rule">Whose roles wait for a second step; null means <see cref="FactorRule.Strict"/>.</param>
public sealed class AccessTokens(CommunityDbFactory databases, TimeProvider time, FactorRule? rule = null)
{
    /// <summary>What every token begins with, so that a leaked one is recognised.</summary>
    public const string Prefix = "vct_";

    /// <summary>The most characters of a token's name.</summary>
    public const int NameLength = 80;

    /// <summary>Makes a token for oneself, or as the operator for anybody.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="memberEmail">Whose rights the token carries.</param>
    /// <param name="name">What the member calls it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The token; it cannot be read again later.</returns>
    public async Task<string> CreateAsync(Actor actor, string memberEmail, string name, CancellationToken cancel = default)
    {
        name = name.Trim();
        if (name.Length is 0 or > NameLength)
            throw new RefusedException(Refusal.BadName, NameLength);
        var email = memberEmail.Trim().ToUpperInvariant();
        await using var db = databases.CreateDbContext();
        var memberId = await db.Users.Where(m => m.NormalizedEmail == email).Select(m => m.Id).SingleOrDefaultAsync(cancel);
        // An administrator grants roles, but does not act in another person's name: that takes the machine itself.
        if (actor.IsMember ? actor.MemberId != memberId : !actor.May(Act.Administer))
            throw new NotFoundException("member");
        if (memberId == 0)
            throw new RefusedException(Refusal.UnknownMember, memberEmail);
        var token = Prefix + Secrets.New();
        var now = time.GetUtcNow();
        db.AccessTokens.Add(new() { MemberId = memberId, Hash = Secrets.HashOf(token), Name = name, At = now });
        db.Note(now, actor, "token.created", memberId, name);
        await db.SaveChangesAsync(cancel);
        return token;
    }

    /// <summary>Whose token it is, with the roles that count now; null when it is unknown or revoked or its owner suspended. Asked before there is an actor.</summary>
    public async Task<Actor?> OwnerAsync(string token, CancellationToken cancel = default)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var hash = Secrets.HashOf(token);
        var plain = (rule ?? FactorRule.Strict).Plain;
        await using var db = databases.CreateDbContext();
        return await db.AccessTokens.AsNoTracking()
            .Where(t => t.Hash == hash && t.RevokedAt == null)
            .Join(
                db.Users.Unsuspended(time.GetUtcNow()),
                t => t.MemberId,
                m => m.Id,
                (t, m) => new Actor(
                    m.Id, m.Handle, m.DisplayName, m.TwoFactorEnabled || db.Passkeys.Any(p => p.MemberId == m.Id) ? m.Roles : m.Roles & plain, m.Language, m.TimeZone, m.PictureVersion))
            .SingleOrDefaultAsync(cancel);
    }
}
