using System.Net.Mail;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
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
        if (!MailAddress.TryCreate(email, out var address) || address.Address != email)
            throw new OperationFailedException($"{email} is not an e-mail address.");
        await using var context = db.CreateDbContext();
        var normalized = email.ToUpperInvariant();
        if (await context.Users.AnyAsync(m => m.NormalizedEmail == normalized, cancel))
            throw new OperationFailedException($"There already is an account for {email}.");
        var password = RandomNumberGenerator.GetString(PasswordLetters, 20);
        var member = new Member
        {
            Handle = await FreeHandleAsync(context, address.User, cancel),
            DisplayName = address.User.Length <= 80 ? address.User : address.User[..80],
            UserName = email,
            NormalizedUserName = normalized,
            Email = email,
            NormalizedEmail = normalized,
            EmailConfirmed = true,
            LockoutEnabled = true,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            Roles = roles | Roles.Member,
            JoinedAt = clock.GetUtcNow(),
        };
        member.PasswordHash = new PasswordHasher<Member>().HashPassword(member, password);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        context.Users.Add(member);
        await context.SaveChangesAsync(cancel);
        context.Audit.Add(new() { At = clock.GetUtcNow(), ActorId = ById(actor), What = "member.created", Subject = $"member:{member.Id}", Detail = member.Roles.ToString() });
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return password;
    }

    static void Require(Actor actor)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("administration");
    }

    static int? ById(Actor actor) => actor.IsMember ? actor.MemberId : null;

    static async Task<string> FreeHandleAsync(CommunityDb context, string name, CancellationToken cancel)
    {
        var letters = string.Concat(Folding.Slug(name).Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')).TrimStart('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        var wanted = (letters.Length <= 24 ? letters : letters[..24]).Trim('-');
        if (wanted.Length < 3)
            wanted = "member";
        for (var number = 1; ; number++)
        {
            var handle = number == 1 ? wanted : $"{wanted}-{number}";
            if (!await context.Users.AnyAsync(m => m.Handle == handle, cancel))
                return handle;
        }
    }
}
