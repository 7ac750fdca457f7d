using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Members;

/// <summary>Another e-mail address for an account. Nothing changes before its mailbox has answered; the former one hears of both. No answer tells whether an address has an account.</summary>
/// <param name="databases">Where the accounts are.</param>
/// <param name="mails">Carries the link, and tells the former address.</param>
/// <param name="site">Where links lead.</param>
/// <param name="time">The clock.</param>
/// <param name="ends">How old a proof may be; null means <see cref="SessionRule.Usual"/>.</param>
/// <param name="rule">Whose roles need a second step; null means <see cref="FactorRule.Strict"/>.</param>
public sealed class EmailChanges(CommunityDbFactory databases, MailQueue mails, Site site, TimeProvider time, SessionRule? ends = null, FactorRule? rule = null)
{
    /// <summary>How long the link in a mail can be used.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    /// <summary>Sends a link to the new address, and a notice to the present one. Whoever has an account with the new address is told there instead.</summary>
    /// <param name="actor">Whose account.</param>
    /// <param name="session">In which session the actor has just proved who they are.</param>
    /// <param name="email">The new address.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">The proof is too old or too weak, or it is no address.</exception>
    public async Task AskAsync(Actor actor, Guid? session, string? email, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        var wanted = NewMembers.CleanEmail(email);
        var normalized = NewMembers.Normalized(wanted);
        var now = time.GetUtcNow();
        var until = now + LinkLife;
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await db.Users.AsNoTracking().SingleOrDefaultAsync(m => m.Id == actor.MemberId && m.ErasedAt == null, cancel) ?? throw new NotFoundException("account");
        await Passkeys.DemandProofAsync(db, actor, member, session, rule, ends, now, cancel);
        // The last wish counts. A name goes to no address that somebody only typed.
        await db.AccountLinks.Where(l => l.MemberId == member.Id && l.Purpose == LinkPurpose.Email).ExecuteDeleteAsync(cancel);
        var to = Passwords.AddresseeOf(member);
        if (await TakenByAsync(db, member, normalized, cancel) is { } owner)
            mails.Add(db, new("EmailTaken", Passwords.AddresseeOf(owner), site.Address("/Account/ForgotPassword")));
        else
            mails.Add(db, new("NewEmail", to with { Address = wanted, Name = "" }, site.Address("/Account/NewEmail?code=" + AccountLinks.Add(db, member, LinkPurpose.Email, now, until, email: wanted)), until), until);
        mails.Add(db, new("EmailAsked", to, site.Address("/Account/ForgotPassword"), now));
        db.Note(now, actor, "email.asked", member.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        mails.Wake();
    }

    /// <summary>Whether a link for another address can still be used. Asked by whoever has it.</summary>
    public async Task<bool> IsOpenAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        var hash = Secrets.HashOf(code ?? "");
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.AccountLinks.AnyAsync(l => l.CodeHash == hash && l.Purpose == LinkPurpose.Email && l.UsedAt == null && l.ExpiresAt > now, cancel);
    }

    /// <summary>Gives the account the address to which the link went. Links for a new password that went to the former one end.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.LinkExpired"/>, also where somebody else took the address meanwhile.</exception>
    public async Task ConfirmAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (link, member) = await AccountLinks.UseAsync(db, code, LinkPurpose.Email, now, cancel);
        var email = link.Email!;
        var normalized = NewMembers.Normalized(email);
        if (member.ErasedAt is not null || await TakenByAsync(db, member, normalized, cancel) is not null)
            throw new RefusedException(Refusal.LinkExpired);
        // Somebody typed this address into the form for new accounts and could not confirm it; its owner is here.
        await db.Users.Unsuspended(now).Where(m => m.NormalizedEmail == normalized && m.Id != member.Id && !m.EmailConfirmed).ExecuteDeleteAsync(cancel);
        await AccountLinks.UseUpAsync(db, member.Id, LinkPurpose.Reset, now, cancel);
        await AccountLinks.UseUpAsync(db, member.Id, LinkPurpose.Confirm, now, cancel);
        mails.Add(db, new("EmailChanged", Passwords.AddresseeOf(member), link: null, now));
        (member.Email, member.NormalizedEmail, member.UserName, member.NormalizedUserName) = (email, normalized, email, normalized);
        member.EmailConfirmed = true;
        db.Note(now, Accounts.ActorOf(member), "email.changed", member.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException error) when (error is not DbUpdateConcurrencyException)
        {
            // Taken in the same moment: the unique index is the judge.
            throw new RefusedException(Refusal.LinkExpired);
        }
        mails.Wake();
    }

    // An address that nobody has confirmed is no account's yet; that of a suspended account must not come in again.
    async Task<Member?> TakenByAsync(CommunityDb db, Member member, string normalized, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(
            m => m.NormalizedEmail == normalized && (m.Id == member.Id || m.EmailConfirmed || (m.SuspendedUntil != null && m.SuspendedUntil > now)), cancel);
    }
}
