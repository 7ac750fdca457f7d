using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Members;

/// <summary>Choosing passwords. They have a length and need no special characters; those that others would try first are refused.</summary>
/// <param name="databases">Where the accounts are.</param>
/// <param name="mails">Tells the owner.</param>
/// <param name="site">Where links lead.</param>
/// <param name="feed">Hears that sessions ended.</param>
/// <param name="time">The clock.</param>
/// <param name="breached">What others would try; null means the list that comes along.</param>
/// <param name="ends">How old a proof may be; null means <see cref="SessionRule.Usual"/>.</param>
/// <param name="rule">Whose roles need a second step; null means <see cref="FactorRule.Strict"/>.</param>
public sealed class Passwords(
    CommunityDbFactory databases, MailQueue mails, Site site, Feed feed, TimeProvider time, BreachedPasswords? breached = null, SessionRule? ends = null, FactorRule? rule = null)
{
    /// <summary>The most characters of a password.</summary>
    public const int MaximumLength = 200;

    /// <summary>How long the link in a mail can be used.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromHours(2);

    /// <summary>Refuses a password that is too short, too long or too obvious for this person.</summary>
    internal static void Check(string? password, BreachedPasswords? breached, params string?[] known)
    {
        if (password is null || password.Length < Accounts.PasswordLength)
            throw new RefusedException(Refusal.PasswordTooShort, Accounts.PasswordLength);
        if (password.Length > MaximumLength)
            throw new RefusedException(Refusal.PasswordTooLong, MaximumLength);
        if (password.Distinct().Count() < 4 || known.Contains(password, StringComparer.OrdinalIgnoreCase) || (breached ?? BreachedPasswords.Shipped).Contains(password))
            throw new RefusedException(Refusal.PasswordTooCommon);
    }

    internal static string HashOf(string password) => new PasswordHasher<Member>().HashPassword(null!, password);

    /// <summary>Sends a link for a new password, if the address has an account. The answer does not tell whether it has.</summary>
    public async Task AskResetAsync(Actor actor, string? email, CancellationToken cancel = default)
    {
        var normalized = NewMembers.Normalized(NewMembers.CleanEmail(email));
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var member = await db.Users.AsNoTracking().SingleOrDefaultAsync(m => m.NormalizedEmail == normalized, cancel);
        if (member is null)
            return;
        await db.AccountLinks.Where(l => l.MemberId == member.Id && l.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
        AskForNew(db, mails, site, member, now);
        await db.SaveChangesAsync(cancel);
        mails.Wake();
    }

    /// <summary>Sets a new password by the link of a mail, and ends all the member's sessions. The link proves the address, too.</summary>
    /// <exception cref="RefusedException">The link is used or expired, or the password too short, too long or too obvious; the link then still works.</exception>
    public async Task ResetAsync(Actor actor, string? code, string? password, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var (_, member) = await AccountLinks.UseAsync(db, code, LinkPurpose.Reset, now, cancel);
        Check(password, breached, member.Email, member.DisplayName);
        member.EmailConfirmed = true;
        member.LockoutEnd = null;
        member.AccessFailedCount = 0;
        // Nobody's older link may bring back another password.
        await AccountLinks.UseUpAsync(db, member.Id, LinkPurpose.Confirm, now, cancel);
        await AccountLinks.UseUpAsync(db, member.Id, LinkPurpose.Email, now, cancel);
        Set(db, member, password!, actor, "password.reset", now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        mails.Wake();
        Sessions.Ended(feed, member.Id);
    }

    /// <summary>Whether a link for a new password can still be used.</summary>
    public async Task<bool> IsOpenAsync(Actor actor, string? code, CancellationToken cancel = default)
    {
        var hash = Secrets.HashOf(code ?? "");
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        return await db.AccountLinks.AnyAsync(l => l.CodeHash == hash && l.Purpose == LinkPurpose.Reset && l.UsedAt == null && l.ExpiresAt > now, cancel);
    }

    /// <summary>Changes the actor's own password and ends all sessions. Answers with what a cookie must hold to go on.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="session">In which session the actor has just proved who they are.</param>
    /// <param name="current">The present password.</param>
    /// <param name="password">The new one.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">The proof is too old or too weak, the present password wrong, or the new one none that we take.</exception>
    public async Task<SignedIn> ChangeAsync(Actor actor, Guid? session, string? current, string? password, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        var member = await db.Users.SingleOrDefaultAsync(m => m.Id == actor.MemberId, cancel) ?? throw new NotFoundException("account");
        var now = time.GetUtcNow();
        await Passkeys.DemandProofAsync(db, actor, member, session, rule, ends, now, cancel);
        if (new PasswordHasher<Member>().VerifyHashedPassword(member, member.PasswordHash ?? "", current ?? "") == PasswordVerificationResult.Failed)
            throw new RefusedException(Refusal.WrongPassword);
        Check(password, breached, member.Email, member.DisplayName);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Who changes it because a mailbox is not theirs alone wants no older link to undo it.
        await AccountLinks.UseUpOpenDoorsAsync(db, member.Id, now, cancel);
        Set(db, member, password!, actor, "password.changed", now);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        mails.Wake();
        Sessions.Ended(feed, member.Id);
        return new(Accounts.ActorOf(member), member.SecurityStamp!);
    }

    internal static void AskForNew(CommunityDb db, MailQueue mails, Site site, Member member, DateTimeOffset now)
    {
        var until = now + LinkLife;
        var code = AccountLinks.Add(db, member, LinkPurpose.Reset, now, until);
        mails.Add(db, new("Reset", AddresseeOf(member), site.Address("/Account/ResetPassword?code=" + code), until), until);
    }

    // The owner hears of it by mail: whoever did it, the mailbox is theirs.
    void Set(CommunityDb db, Member member, string password, Actor actor, string what, DateTimeOffset now)
    {
        member.PasswordHash = HashOf(password);
        Sessions.Restamp(member);
        db.Note(now, actor, what, member.Id);
        mails.Add(db, new("Changed", AddresseeOf(member), site.Address("/Account/ForgotPassword"), now));
    }

    // A name that nobody has confirmed to be theirs is not put into a mail.
    internal static Addressee AddresseeOf(Member member) =>
        new(member.Email!, member.EmailConfirmed ? member.DisplayName : "", member.Language, member.TimeZone);
}
