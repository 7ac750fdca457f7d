using Microsoft.AspNetCore.Identity;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>
/// Looks at an address and a password. It is as much work for an address without an account, and for an account that only another service or a passkey opens, as for a wrong password:
/// nobody is told apart by a sooner answer.
/// </summary>
sealed class PasswordCheck(UserManager<Member> members, SignInManager<Member> signIn, IPasswordHasher<Member> hasher, HashingTurns turns, StrangersLockOut strangers, Accounts accounts, TimeProvider clock)
{
    // A hash of nothing that anybody knows.
    static readonly Member Nobody = new() { Handle = "", DisplayName = "" };
    static readonly string Nobodys = new PasswordHasher<Member>().HashPassword(Nobody, Guid.NewGuid().ToString());

    /// <summary>Whose account it is, if it may come in.</summary>
    /// <exception cref="RefusedException">The two do not belong together, the address is locked, or the account may not come in.</exception>
    public async Task<Member> JudgeAsync(string email, string password, string place, CancellationToken cancel)
    {
        using var turn = await turns.TakeAsync(place, cancel);
        if (await members.FindByEmailAsync(email) is not { } member)
            throw Stranger(email, password);
        if (member.PasswordHash is null && !await members.IsLockedOutAsync(member))
            hasher.VerifyHashedPassword(member, Nobodys, password);
        var result = await signIn.CheckPasswordSignInAsync(member, password, lockoutOnFailure: true);
        if (result.IsLockedOut)
            throw Locked(member.LockoutEnd);
        if (!result.Succeeded)
            throw new RefusedException(Refusal.WrongCredentials);
        // Only who knows the password hears more about the account.
        if (!member.EmailConfirmed)
            throw new RefusedException(Refusal.EmailNotConfirmed);
        if (member.SuspendedUntil > clock.GetUtcNow())
            throw await accounts.WhySuspendedAsync(member, cancel);
        return member;
    }

    RefusedException Stranger(string email, string password)
    {
        if (strangers.LockedUntil(email) is { } until)
            return Locked(until);
        hasher.VerifyHashedPassword(Nobody, Nobodys, password);
        return strangers.Failed(email) is { } end ? Locked(end) : new(Refusal.WrongCredentials);
    }

    RefusedException Locked(DateTimeOffset? until) =>
        new(Refusal.LockedOut, Math.Clamp((int)Math.Ceiling(((until ?? default) - clock.GetUtcNow()).TotalMinutes), 1, (int)StrangersLockOut.Time.TotalMinutes));
}
