using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Members;

/// <summary>How a visitor becomes a member: by an account whose address they confirm. No answer tells whether an address has an account.</summary>
public sealed class Registration(CommunityDbFactory databases, MailQueue mails, Site site, TimeProvider time, BreachedPasswords? breached = null)
{
    /// <summary>How long the link in a mail can be used.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromDays(3);

    /// <summary>How long an account waits for its address to be confirmed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    /// <summary>Makes an account and sends a link that confirms it; where there is one already, its owner gets a mail that says so.</summary>
    /// <exception cref="RefusedException">The address, the name or the password is none that we take.</exception>
    public async Task RegisterAsync(Actor actor, NewAccount account, CancellationToken cancel = default)
    {
        var applicant = Applicant.Of(account, breached);
        await NewMembers.AgainAsync(async () =>
        {
            await using var db = databases.CreateDbContext();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            var member = await db.Users.SingleOrDefaultAsync(m => m.NormalizedEmail == applicant.NormalizedEmail, cancel);
            if (member is { EmailConfirmed: true })
            {
                TellOwner(db, member);
            }
            else
            {
                if (member is null)
                {
                    member = await NewMembers.MakeAsync(db, applicant, time.GetUtcNow(), cancel);
                    await db.SaveChangesAsync(cancel);
                    db.Note(time.GetUtcNow(), actor, "member.registered", member.Id);
                }
                AskToConfirm(db, member, applicant.Addressee, applicant.Name, applicant.PasswordHash);
            }
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return member;
        });
        mails.Wake();
    }

    /// <summary>Sends a link once more, if the address waits to be confirmed: one for a new password, which proves the address as well.</summary>
    public async Task ResendAsync(Actor actor, string? email, CancellationToken cancel = default)
    {
        var normalized = NewMembers.Normalized(NewMembers.CleanEmail(email));
        await using var db = databases.CreateDbContext();
        var member = await db.Users.AsNoTracking().SingleOrDefaultAsync(m => m.NormalizedEmail == normalized, cancel);
        if (member is null)
            return;
        if (member.EmailConfirmed)
        {
            TellOwner(db, member);
        }
        else
        {
            // Anybody may have typed this address meanwhile, with a password of theirs: who owns it chooses a new one.
            Passwords.AskForNew(db, mails, site, member, time.GetUtcNow());
        }
        await db.SaveChangesAsync(cancel);
        mails.Wake();
    }

    /// <summary>Confirms an address by the link of a mail. The account then has the name and the password that were registered with this very link.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.LinkExpired"/></exception>
    public async Task ConfirmAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (link, member) = await AccountLinks.UseAsync(db, code, LinkPurpose.Confirm, now, cancel);
        member.EmailConfirmed = true;
        member.DisplayName = link.DisplayName ?? member.DisplayName;
        member.PasswordHash = link.PasswordHash ?? member.PasswordHash;
        Sessions.Restamp(member);
        db.Note(now, actor, "member.confirmed", member.Id);
        await Consents.GivenAsync(db, member.Id, now, ConsentPurpose.Privacy, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Takes away the accounts whose address nobody confirmed within <see cref="Patience"/>: handle and address are free again. Who has a link that still works keeps the account.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>How many.</returns>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task<int> ForgetUnconfirmedAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("accounts");
        var now = time.GetUtcNow();
        var before = now - Patience;
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // A suspended one stays: its address must not come in again by another registration.
        var forgotten = await db.Users.Unsuspended(now)
            .Where(m => !m.EmailConfirmed && m.JoinedAt < before
                && !db.AccountLinks.Any(l => l.MemberId == m.Id && l.UsedAt == null && l.ExpiresAt > now))
            .ExecuteDeleteAsync(cancel);
        await db.AccountLinks.Where(l => !db.Users.Any(m => m.Id == l.MemberId)).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
        return forgotten;
    }

    internal void AskToConfirm(CommunityDb db, Member member, Addressee to, string? name, string? passwordHash)
    {
        var now = time.GetUtcNow();
        var until = now + LinkLife;
        var code = AccountLinks.Add(db, member, LinkPurpose.Confirm, now, until, name, passwordHash);
        mails.Add(db, new("Confirm", to, site.Address("/Account/Confirm?code=" + code), until), until);
    }

    internal void TellOwner(CommunityDb db, Member member) =>
        mails.Add(db, new("Known", Passwords.AddresseeOf(member), site.Address("/Account/ForgotPassword")));
}
