using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.Core.Members;

/// <summary>
/// The second step of logging in: a code of an authenticator app, or a recovery code. What changes it takes a fresh proof (the password, and once it is on a code as
/// well: <see cref="ProveAsync"/>); each change is noted, told by mail, and ends all other sessions.
/// </summary>
public sealed class SecondFactors(CommunityDbFactory databases, MailQueue mails, Site site, Seal seal, Feed feed, FactorRule rule, TimeProvider time, SessionRule? ends = null)
{
    /// <summary>Recovery codes that a member gets.</summary>
    public const int RecoveryCodes = 10;

    /// <summary>Wrong passwords or codes after which an account locks itself.</summary>
    public const int Attempts = 5;

    /// <summary>For how long.</summary>
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(15);

    const int RecoveryLetters = 16;

    /// <summary>The actor's second step. A key is shown only while it waits to be confirmed.</summary>
    public async Task<FactorState> StateAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var member = await OwnAsync(db, actor, cancel);
        var left = await db.RecoveryCodes.CountAsync(c => c.MemberId == member.Id && c.UsedAt == null, cancel);
        var waiting = member.TwoFactorEnabled ? null : await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => f.MemberId == member.Id, cancel);
        var key = waiting is null ? null : seal.Open(waiting.SealedKey);
        return new(member.TwoFactorEnabled, key, key is null ? null : LinkOf(member, key), left, rule.Asks(member.Roles),
            await db.Passkeys.CountAsync(p => p.MemberId == member.Id, cancel), member.PasswordHash is not null);
    }

    /// <summary>Makes a key that waits to be confirmed, in place of one that waited before.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.ChangedMeanwhile"/>: the second step is on already.</exception>
    public async Task BeginAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await HeldAsync(db, actor.MemberId, cancel) ?? throw new NotFoundException("account");
        if (member.TwoFactorEnabled)
            throw new RefusedException(Refusal.ChangedMeanwhile);
        await db.SecondFactors.Where(f => f.MemberId == member.Id).ExecuteDeleteAsync(cancel);
        db.SecondFactors.Add(new() { MemberId = member.Id, SealedKey = seal.Close(TimeCodes.NewKey()), At = time.GetUtcNow() });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Turns the second step on, by a code that proves that the app has the key. Answers with what a cookie must hold to go on, and the recovery codes.</summary>
    /// <exception cref="RefusedException">The proof is too old, the code wrong, or the step is on already.</exception>
    public async Task<(SignedIn SignedIn, IReadOnlyList<string> Codes)> ConfirmAsync(Actor actor, Guid? session, string? code, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenAsync(db, actor, session, now, cancel);
        if (member.TwoFactorEnabled)
            throw new RefusedException(Refusal.ChangedMeanwhile);
        if (!await TakeCodeAsync(db, member, Clean(code), isConfirmed: false, now, cancel))
            throw new RefusedException(Refusal.WrongCode);
        await db.SecondFactors.Where(f => f.MemberId == member.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.ConfirmedAt, now), cancel);
        member.TwoFactorEnabled = true;
        var codes = await RenewAsync(db, member, cancel);
        Tell(db, actor, member, "factor.on", "FactorOn", now);
        return (await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel), codes);
    }

    /// <summary>Gives new recovery codes in place of all former ones. Answers with what a cookie must hold to go on, and the codes.</summary>
    /// <exception cref="RefusedException">The proof is too old, or the step is off.</exception>
    public async Task<(SignedIn SignedIn, IReadOnlyList<string> Codes)> RenewCodesAsync(Actor actor, Guid? session, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenOnAsync(db, actor, session, now, cancel);
        var codes = await RenewAsync(db, member, cancel);
        Tell(db, actor, member, "factor.codes", "FactorCodes", now);
        return (await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel), codes);
    }

    /// <summary>Turns the second step off. Whose role needs one is asked at once to set up another.</summary>
    /// <exception cref="RefusedException">The proof is too old, or the step is off already.</exception>
    public async Task<SignedIn> TurnOffAsync(Actor actor, Guid? session, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenOnAsync(db, actor, session, now, cancel);
        await ForgetAsync(db, member, cancel);
        Tell(db, actor, member, "factor.off", "FactorOff", now);
        return await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel);
    }

    /// <summary>Takes the second step and all passkeys from an account whose owner has lost them. For the person at the command line.</summary>
    /// <exception cref="RefusedException">There is no such account.</exception>
    public async Task ResetAsync(Actor actor, string email, CancellationToken cancel = default)
    {
        // An administrator's open browser must not be enough to open every account by its password alone.
        if (actor.IsMember || !actor.May(Act.Administer))
            throw new NotFoundException("member");
        var normalized = NewMembers.Normalized(email.Trim());
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var id = await db.Users.Where(m => m.NormalizedEmail == normalized).Select(m => (int?)m.Id).SingleOrDefaultAsync(cancel);
        var member = await HeldAsync(db, id ?? 0, cancel) ?? throw new RefusedException(Refusal.UnknownMember, email);
        await ForgetAsync(db, member, cancel);
        await Passkeys.ForgetAsync(db, member, cancel);
        var now = time.GetUtcNow();
        db.Note(now, actor, "factor.reset", member.Id);
        // Without a link: the command line does not know under which address the server listens.
        mails.Add(db, new("FactorReset", Passwords.AddresseeOf(member), link: null, now));
        await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel);
    }

    /// <summary>Judges the code of somebody who gave the right password a moment ago. A wrong one counts as a wrong password does.</summary>
    /// <param name="memberId">Whose account.</param>
    /// <param name="stamp">The account's security stamp when the password was given.</param>
    /// <param name="code">Six digits of the app, or a recovery code; blanks and hyphens do not matter.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">The code is wrong or used, the account locked, or the password has to be given anew.</exception>
    public async Task<SignedIn> PassAsync(int memberId, string? stamp, string? code, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await HeldAsync(db, memberId, cancel);
        if (member is null || member.SecurityStamp != stamp || !member.TwoFactorEnabled)
            throw new RefusedException(Refusal.LogInAnew);
        if (member.LockoutEnd > now)
            throw Locked(member, now);
        if (await TakeAsync(db, member, code, now, cancel))
        {
            member.AccessFailedCount = 0;
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            mails.Wake();
            return new(Accounts.ActorOf(member), member.SecurityStamp!);
        }
        throw await FailedAsync(db, transaction, member, Refusal.WrongCode, now, cancel);
    }

    /// <summary>Takes the actor's password again, and the code where there is one. The session goes on under a new key, and the proof counts for a while: see <see cref="SessionRule.Proof"/>.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="session">The session in which the actor is.</param>
    /// <param name="password">The present password.</param>
    /// <param name="code">Six digits of the app, or a recovery code; not looked at without a second step.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">The password or the code is wrong, or the account locked: wrong ones count as those of a log-in do.</exception>
    public async Task<InSession> ProveAsync(Actor actor, Guid session, string? password, string? code, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await OwnHeldAsync(db, actor, cancel);
        var there = await db.Sessions.SingleOrDefaultAsync(s => s.Id == session && s.MemberId == member.Id && s.Stamp == member.SecurityStamp, cancel)
            ?? throw new NotFoundException("session");
        if (member.LockoutEnd > now)
            throw Locked(member, now);
        if (!IsRight(member, password))
            throw await FailedAsync(db, transaction, member, Refusal.WrongPassword, now, cancel);
        if (member.TwoFactorEnabled && !await TakeAsync(db, member, code, now, cancel))
            throw await FailedAsync(db, transaction, member, Refusal.WrongCode, now, cancel);
        member.AccessFailedCount = 0;
        (there.ProvenAt, there.Key) = (now, Guid.NewGuid());
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        mails.Wake();
        return new(new(Accounts.ActorOf(member), member.SecurityStamp!), there);
    }

    static async Task<RefusedException> FailedAsync(
        CommunityDb db, IDbContextTransaction transaction, Member member, Refusal refusal, DateTimeOffset now, CancellationToken cancel)
    {
        member.AccessFailedCount++;
        var isLocked = member.AccessFailedCount >= Attempts;
        if (isLocked)
        {
            member.AccessFailedCount = 0;
            member.LockoutEnd = now + LockTime;
            db.Note(now, Actor.Visitor, "factor.locked", member.Id);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return isLocked ? Locked(member, now) : new(refusal);
    }

    static bool IsRight(Member member, string? password) =>
        new PasswordHasher<Member>().VerifyHashedPassword(member, member.PasswordHash ?? "", password ?? "") != PasswordVerificationResult.Failed;

    static RefusedException Locked(Member member, DateTimeOffset now) =>
        new(Refusal.LockedOut, Math.Clamp((int)Math.Ceiling((member.LockoutEnd!.Value - now).TotalMinutes), 1, (int)LockTime.TotalMinutes));

    static async Task<Member> OwnAsync(CommunityDb db, Actor actor, CancellationToken cancel) =>
        (actor.IsMember ? await db.Users.AsNoTracking().SingleOrDefaultAsync(m => m.Id == actor.MemberId, cancel) : null) ?? throw new NotFoundException("account");

    // Requests of one member wait here for each other, so that a code is judged once and five guesses at once are five.
    internal static async Task<Member?> HeldAsync(CommunityDb db, int memberId, CancellationToken cancel)
    {
        var stamp = Guid.NewGuid().ToString();
        await db.Users.Where(m => m.Id == memberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.ConcurrencyStamp, stamp), cancel);
        return await db.Users.SingleOrDefaultAsync(m => m.Id == memberId, cancel);
    }

    /// <exception cref="NotFoundException">A visitor has no account.</exception>
    internal static async Task<Member> OwnHeldAsync(CommunityDb db, Actor actor, CancellationToken cancel) =>
        (actor.IsMember ? await HeldAsync(db, actor.MemberId, cancel) : null) ?? throw new NotFoundException("account");

    async Task<Member> ProvenAsync(CommunityDb db, Actor actor, Guid? session, DateTimeOffset now, CancellationToken cancel)
    {
        var member = await OwnHeldAsync(db, actor, cancel);
        await Passkeys.DemandProofAsync(db, actor, member, session, rule, ends, now, cancel);
        return member;
    }

    async Task<Member> ProvenOnAsync(CommunityDb db, Actor actor, Guid? session, DateTimeOffset now, CancellationToken cancel)
    {
        var member = await ProvenAsync(db, actor, session, now, cancel);
        return member.TwoFactorEnabled ? member : throw new RefusedException(Refusal.ChangedMeanwhile);
    }

    async Task<bool> TakeAsync(CommunityDb db, Member member, string? code, DateTimeOffset now, CancellationToken cancel)
    {
        var clean = Clean(code);
        if (clean.Length == TimeCodes.Digits)
            return await TakeCodeAsync(db, member, clean, isConfirmed: true, now, cancel);
        var hash = Secrets.HashOf(clean);
        if (await db.RecoveryCodes.Where(c => c.MemberId == member.Id && c.Hash == hash && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.UsedAt, now), cancel) == 0)
            return false;
        var left = await db.RecoveryCodes.CountAsync(c => c.MemberId == member.Id && c.UsedAt == null, cancel);
        Tell(db, Accounts.ActorOf(member), member, "factor.recovery", "RecoveryUsed", now, left);
        return true;
    }

    async Task<bool> TakeCodeAsync(CommunityDb db, Member member, string code, bool isConfirmed, DateTimeOffset now, CancellationToken cancel)
    {
        var factor = await db.SecondFactors.AsNoTracking().SingleOrDefaultAsync(f => f.MemberId == member.Id && f.ConfirmedAt != null == isConfirmed, cancel);
        if (factor is null || seal.Open(factor.SealedKey) is not { } key || TimeCodes.StepOf(key, code, now, factor.LastStep) is not { } step)
            return false;
        return await db.SecondFactors.Where(f => f.MemberId == member.Id && f.LastStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.LastStep, step), cancel) == 1;
    }

    static async Task<IReadOnlyList<string>> RenewAsync(CommunityDb db, Member member, CancellationToken cancel)
    {
        await db.RecoveryCodes.Where(c => c.MemberId == member.Id).ExecuteDeleteAsync(cancel);
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => TimeCodes.NewWord(RecoveryLetters)).ToList();
        db.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { MemberId = member.Id, Hash = Secrets.HashOf(code) }));
        return [.. codes.Select(code => string.Join('-', code.Chunk(4).Select(part => new string(part))))];
    }

    static async Task ForgetAsync(CommunityDb db, Member member, CancellationToken cancel)
    {
        await db.SecondFactors.Where(f => f.MemberId == member.Id).ExecuteDeleteAsync(cancel);
        await db.RecoveryCodes.Where(c => c.MemberId == member.Id).ExecuteDeleteAsync(cancel);
        member.TwoFactorEnabled = false;
    }

    void Tell(CommunityDb db, Actor actor, Member member, string what, string letter, DateTimeOffset now, params object[] about)
    {
        db.Note(now, actor, what, member.Id);
        mails.Add(db, new(letter, Passwords.AddresseeOf(member), site.Address("/Account/ForgotPassword"), now, about));
    }

    static string Clean(string? code) =>
        code is { Length: <= 64 } ? string.Concat(code.Where(letter => !char.IsWhiteSpace(letter) && letter != '-')).ToUpperInvariant() : "";

    static string LinkOf(Member member, string key) =>
        $"otpauth://totp/VetCommunity:{Uri.EscapeDataString(member.Email!)}?secret={key}&issuer=VetCommunity";
}
