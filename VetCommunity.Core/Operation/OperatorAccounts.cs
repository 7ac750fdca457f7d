using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Operation;

/// <summary>Accounts that the person at the command line makes.</summary>
public sealed class OperatorAccounts(CommunityDbFactory db, TimeProvider clock)
{
    // Without letters and digits that look alike.
    const string PasswordLetters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    /// <summary>Makes an account with a confirmed address. Answers with its password, which is stored nowhere.</summary>
    /// <exception cref="OperationFailedException">The address is none or is taken.</exception>
    public async Task<string> CreateMemberAsync(Actor actor, string email, Roles roles, CancellationToken cancel = default)
    {
        Require(actor);
        if (!NewMembers.IsEmail(email))
            throw new OperationFailedException($"{email} is not an e-mail address.");
        await using var context = db.CreateDbContext();
        var normalized = NewMembers.Normalized(email);
        if (await context.Users.AnyAsync(m => m.NormalizedEmail == normalized, cancel))
            throw new OperationFailedException($"There already is an account for {email}.");
        var password = RandomNumberGenerator.GetString(PasswordLetters, 20);
        var name = email[..email.IndexOf('@', StringComparison.Ordinal)];
        var member = NewMembers.Make(
            await NewMembers.FreeHandleAsync(context, name, cancel), PlainText.Beginning(name, Profiles.NameLength), email,
            Passwords.HashOf(password), clock.GetUtcNow());
        member.EmailConfirmed = true;
        member.Roles = roles | Roles.Member;
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        context.Users.Add(member);
        await context.SaveChangesAsync(cancel);
        context.Note(clock.GetUtcNow(), actor, "member.created", member.Id, member.Roles.ToString());
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return password;
    }

    static void Require(Actor actor)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("administration");
    }
}
