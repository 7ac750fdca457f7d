using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Members;

/// <summary>
/// Members' passkeys. Whoever shows one has logged in completely: the device has asked for a finger, a face or a PIN. What changes them takes a fresh proof; adding and removing
/// is noted, told by mail, and ends all other sessions.
/// </summary>
public sealed class Passkeys(CommunityDbFactory databases, MailQueue mails, Site site, Feed feed, Accounts accounts, FactorRule rule, TimeProvider time, SessionRule? ends = null)
{
    /// <summary>The most passkeys of a member.</summary>
    public const int Most = 10;

    /// <summary>The most characters of a name.</summary>
    public const int NameLength = 60;

    /// <summary>For how long a question to a passkey may be answered.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The actor's own, the newest last.</summary>
    public async Task<IReadOnlyList<Passkey>> OwnAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        return await db.Passkeys.AsNoTracking().Where(p => p.MemberId == actor.MemberId).OrderBy(p => p.At).ThenBy(p => p.Name).ToListAsync(cancel);
    }

    /// <summary>Adds one that a device has just made. Answers with what a cookie must hold to go on: in a session that has shown a passkey.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="session">In which session the actor has just proved who they are.</param>
    /// <param name="name">What it is to be called.</param>
    /// <param name="made">What the device made, found right.</param>
    /// <param name="question">SHA-256 of the question that it answers.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">The proof is too old or too weak, the name none, the passkey or the answer known already, or there are enough.</exception>
    public async Task<SignedIn> AddAsync(Actor actor, Guid? session, string? name, UserPasskeyInfo made, byte[] question, CancellationToken cancel = default)
    {
        var called = PlainText.Name(name, NameLength);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenAsync(db, actor, session, now, cancel);
        if (await db.Passkeys.CountAsync(p => p.MemberId == member.Id, cancel) >= Most)
            throw new RefusedException(Refusal.TooManyPasskeys, Most);
        await SpendAsync(db, question, now, cancel);
        // What the device said of itself when it made the key is not kept: nobody asks for it.
        db.UserPasskeys.Add(new()
        {
            CredentialId = made.CredentialId,
            UserId = member.Id,
            Data = new()
            {
                PublicKey = made.PublicKey,
                CreatedAt = now,
                SignCount = made.SignCount,
                Transports = made.Transports,
                IsUserVerified = made.IsUserVerified,
                IsBackupEligible = made.IsBackupEligible,
                IsBackedUp = made.IsBackedUp,
                AttestationObject = [],
                ClientDataJson = [],
            },
        });
        db.Passkeys.Add(new() { CredentialId = made.CredentialId, MemberId = member.Id, Name = called, At = now });
        db.Note(now, actor, "passkey.added", member.Id);
        mails.Add(db, new("PasskeyAdded", Passwords.AddresseeOf(member), site.Address("/Account/Passkeys"), now, called));
        try
        {
            return await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel) with { ByPasskey = true };
        }
        catch (DbUpdateException error) when (error is not DbUpdateConcurrencyException)
        {
            // Somebody has this passkey, or the question was answered in the same moment: the indexes are the judges.
            throw new RefusedException(Refusal.PasskeyRefused);
        }
    }

    /// <summary>Calls one of the actor's own something else. One that is not there, or somebody else's, changes nothing.</summary>
    /// <exception cref="RefusedException">The proof is too old or too weak, or the name none.</exception>
    public async Task RenameAsync(Actor actor, Guid? session, byte[] id, string? name, CancellationToken cancel = default)
    {
        var called = PlainText.Name(name, NameLength);
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenAsync(db, actor, session, time.GetUtcNow(), cancel);
        await db.Passkeys.Where(p => p.CredentialId == id && p.MemberId == member.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, called), cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Takes one of the actor's own away. Answers with what a cookie must hold to go on; null where there is none such.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="session">In which session the actor has just proved who they are.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">The proof is too old or too weak, or nothing else would let the member in.</exception>
    public async Task<SignedIn?> RemoveAsync(Actor actor, Guid? session, byte[] id, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenAsync(db, actor, session, now, cancel);
        var name = await db.Passkeys.Where(p => p.CredentialId == id && p.MemberId == member.Id).Select(p => p.Name).SingleOrDefaultAsync(cancel);
        if (name is null)
            return null;
        if (member.PasswordHash is null && !await db.UserLogins.AnyAsync(l => l.UserId == member.Id, cancel)
            && !await db.Passkeys.AnyAsync(p => p.MemberId == member.Id && p.CredentialId != id, cancel))
            throw new RefusedException(Refusal.OnlyWayIn);
        // The session in which a passkey was shown stays one only as long as there are any.
        var stays = await db.Sessions.AnyAsync(s => s.Id == session && s.ByPasskey, cancel) && await db.Passkeys.AnyAsync(p => p.MemberId == member.Id && p.CredentialId != id, cancel);
        await db.UserPasskeys.Where(p => p.CredentialId == id).ExecuteDeleteAsync(cancel);
        db.Note(now, actor, "passkey.removed", member.Id);
        mails.Add(db, new("PasskeyRemoved", Passwords.AddresseeOf(member), site.Address("/Account/ForgotPassword"), now, name));
        return await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel) with { ByPasskey = stays };
    }

    /// <summary>Judges the passkey of somebody who wants to log in with it. An account that is locked for wrong passwords lets it in: nobody guesses a passkey.</summary>
    /// <exception cref="RefusedException">The answer was given before, the passkey is gone or was copied; or the account may not come in, in the words of a log-in with a password.</exception>
    public async Task<SignedIn> PassAsync(ShownPasskey shown, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await SecondFactors.HeldAsync(db, shown.MemberId, cancel) ?? throw new RefusedException(Refusal.PasskeyRefused);
        await TakeAsync(db, member, shown, now, cancel);
        await SaveAsync(db, cancel);
        await transaction.CommitAsync(cancel);
        if (!member.EmailConfirmed)
            throw new RefusedException(Refusal.EmailNotConfirmed);
        if (member.SuspendedUntil > now)
            throw await accounts.WhySuspendedAsync(member, cancel);
        return new(Accounts.ActorOf(member), member.SecurityStamp!, ByPasskey: true);
    }

    /// <summary>Takes one of the actor's own passkeys as a proof of who they are. The session goes on under a new key, and as one that has shown a passkey.</summary>
    /// <exception cref="RefusedException">The answer was given before, or the passkey is gone, was copied or is another member's.</exception>
    public async Task<InSession> ProveAsync(Actor actor, Guid session, ShownPasskey shown, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await SecondFactors.OwnHeldAsync(db, actor, cancel);
        var there = await db.Sessions.SingleOrDefaultAsync(s => s.Id == session && s.MemberId == member.Id && s.Stamp == member.SecurityStamp, cancel)
            ?? throw new NotFoundException("session");
        await TakeAsync(db, member, shown, now, cancel);
        (there.ProvenAt, there.Key, there.ByPasskey) = (now, Guid.NewGuid(), true);
        await SaveAsync(db, cancel);
        await transaction.CommitAsync(cancel);
        return new(new(Accounts.ActorOf(member), member.SecurityStamp!), there);
    }

    /// <summary>
    /// Whoever changes what opens the account, or ends it, has just proved who they are. Where a passkey is the only second step of a role that needs one, the password alone is no such proof: it could
    /// otherwise set up another second step, and have the role.
    /// </summary>
    internal static async Task DemandProofAsync(CommunityDb db, Actor actor, Member member, Guid? session, FactorRule? rule, SessionRule? ends, DateTimeOffset now, CancellationToken cancel)
    {
        await Sessions.DemandProofAsync(db, actor, session, ends, now, cancel);
        await DemandShownAsync(db, member, session, rule, cancel);
    }

    /// <summary>Where a passkey is the only second step of a role that needs one, it was shown in this session.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.ShowPasskey"/></exception>
    internal static async Task DemandShownAsync(CommunityDb db, Member member, Guid? session, FactorRule? rule, CancellationToken cancel)
    {
        if ((rule ?? FactorRule.Strict).Asks(member.Roles) && !member.TwoFactorEnabled && await db.Passkeys.AnyAsync(p => p.MemberId == member.Id, cancel)
            && !await db.Sessions.AnyAsync(s => s.Id == session && s.ByPasskey, cancel))
            throw new RefusedException(Refusal.ShowPasskey);
    }

    internal static Task ForgetAsync(CommunityDb db, Member member, CancellationToken cancel) => db.UserPasskeys.Where(p => p.UserId == member.Id).ExecuteDeleteAsync(cancel);

    async Task<Member> ProvenAsync(CommunityDb db, Actor actor, Guid? session, DateTimeOffset now, CancellationToken cancel)
    {
        var member = await SecondFactors.OwnHeldAsync(db, actor, cancel);
        await DemandProofAsync(db, actor, member, session, rule, ends, now, cancel);
        return member;
    }

    static async Task TakeAsync(CommunityDb db, Member member, ShownPasskey shown, DateTimeOffset now, CancellationToken cancel)
    {
        var key = await db.UserPasskeys.SingleOrDefaultAsync(p => p.CredentialId == shown.CredentialId && p.UserId == member.Id, cancel);
        var own = await db.Passkeys.SingleOrDefaultAsync(p => p.CredentialId == shown.CredentialId && p.MemberId == member.Id, cancel);
        // Looked at once more while the member's row is held: of two answers with one count, one is a copy's.
        if (key is null || own is null || ((shown.SignCount != 0 || key.Data.SignCount != 0) && shown.SignCount <= key.Data.SignCount))
            throw new RefusedException(Refusal.PasskeyRefused);
        await SpendAsync(db, shown.Question, now, cancel);
        (key.Data.SignCount, key.Data.IsBackedUp) = (shown.SignCount, shown.IsBackedUp);
        own.UsedAt = now;
    }

    static async Task SpendAsync(CommunityDb db, byte[] question, DateTimeOffset now, CancellationToken cancel)
    {
        // Older ones have run out by themselves.
        var before = now - Patience - Patience;
        await db.SpentQuestions.Where(q => q.At < before).ExecuteDeleteAsync(cancel);
        if (await db.SpentQuestions.AnyAsync(q => q.Hash == question, cancel))
            throw new RefusedException(Refusal.PasskeyRefused);
        db.SpentQuestions.Add(new() { Hash = question, At = now });
    }

    static async Task SaveAsync(CommunityDb db, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (error is not DbUpdateConcurrencyException)
        {
            // Another passkey answered the same question in the same moment.
            throw new RefusedException(Refusal.PasskeyRefused);
        }
    }
}
