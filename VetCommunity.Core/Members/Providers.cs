using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Members;

/// <summary>
/// Other services that let members in. Such a log-in is a first step, as a password is: a code is asked for after it where the account has them. An address alone never opens an account that is
/// already there: whoever has one logs in as ever, and then links the service to it.
/// </summary>
public sealed class Providers(CommunityDbFactory databases, MailQueue mails, Site site, Feed feed, Accounts accounts, TimeProvider time, SessionRule? ends = null, FactorRule? rule = null)
{
    const int LongestSubject = 255;

    /// <summary>Whose account it is; null where nobody has linked it. Asked before there is an actor.</summary>
    /// <exception cref="RefusedException">The account may not come in, in the words of a log-in with a password.</exception>
    public async Task<Arrived?> FindAsync(Arrival arrival, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var member = await (
            from l in db.UserLogins
            where l.LoginProvider == arrival.Provider && l.ProviderKey == arrival.Subject
            join m in db.Users on l.UserId equals m.Id
            select m).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (member is null)
            return null;
        if (!member.EmailConfirmed)
            throw new RefusedException(Refusal.EmailNotConfirmed);
        if (member.SuspendedUntil > time.GetUtcNow())
            throw await accounts.WhySuspendedAsync(member, cancel);
        return new(new(Accounts.ActorOf(member), member.SecurityStamp ?? ""), member.TwoFactorEnabled);
    }

    /// <summary>Whether the address is that of an account, which then has to be logged in to. Asked by whoever has shown that the mailbox is theirs.</summary>
    public async Task<bool> HasAccountAsync(Arrival arrival, CancellationToken cancel = default)
    {
        if (arrival.Email is null)
            return false;
        await using var db = databases.CreateDbContext();
        return await TakenByAsync(db, NewMembers.Normalized(arrival.Email), cancel);
    }

    /// <summary>Makes an account without a password, whose address the service has looked at, and links the service to it.</summary>
    /// <param name="actor">Who asks: a visitor.</param>
    /// <param name="arrival">Of whom the service speaks.</param>
    /// <param name="name">The display name.</param>
    /// <param name="language">The language of the page.</param>
    /// <param name="country">Where the browser seems to be at home, or null.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">The name is none, there is no address, or it has an account: <see cref="Refusal.AddressKnown"/>.</exception>
    public async Task<Arrived> JoinAsync(Actor actor, Arrival arrival, string? name, string? language, string? country, CancellationToken cancel = default)
    {
        var called = PlainText.Name(name, Profiles.NameLength);
        var email = NewMembers.CleanEmail(arrival.Email);
        var normalized = NewMembers.Normalized(email);
        var chosen = Languages.OrEnglish(language);
        var now = time.GetUtcNow();
        await NewMembers.AgainAsync(async () =>
        {
            await using var db = databases.CreateDbContext();
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            if (await TakenByAsync(db, normalized, cancel) || await db.UserLogins.AnyAsync(l => l.LoginProvider == arrival.Provider && l.ProviderKey == arrival.Subject, cancel))
                throw new RefusedException(Refusal.AddressKnown);
            // Somebody typed this address into the form for new accounts and could not confirm it; its owner is here.
            await db.Users.Unsuspended(now).Where(m => m.NormalizedEmail == normalized && !m.EmailConfirmed).ExecuteDeleteAsync(cancel);
            var member = await NewMembers.MakeAsync(db, new(email, called, PasswordHash: null, chosen, HomeZones.Of(chosen, country)), now, cancel);
            member.EmailConfirmed = true;
            await db.SaveChangesAsync(cancel);
            db.UserLogins.Add(LinkOf(arrival, member.Id));
            db.Note(now, actor, "member.registered", member.Id);
            db.Note(now, actor, "provider.linked", member.Id, arrival.Provider);
            await Consents.GivenAsync(db, member.Id, now, ConsentPurpose.Privacy, cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return member;
        });
        return await FindAsync(arrival, cancel) ?? throw new NotFoundException("account");
    }

    /// <summary>The services that let the actor in.</summary>
    public async Task<IReadOnlyList<LinkedProvider>> OwnAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        return await db.UserLogins.Where(l => l.UserId == actor.MemberId).OrderBy(l => l.LoginProvider).Select(l => new LinkedProvider(l.LoginProvider, l.ProviderDisplayName ?? "")).ToListAsync(cancel);
    }

    /// <summary>Lets the service open the actor's account from now on. Answers with what a cookie must hold to go on.</summary>
    /// <exception cref="RefusedException">The proof is too old or too weak; or the account there, or another one of that service, is linked already.</exception>
    public async Task<SignedIn> LinkAsync(Actor actor, Guid? session, Arrival arrival, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenAsync(db, actor, session, now, cancel);
        if (await db.UserLogins.AnyAsync(l => l.LoginProvider == arrival.Provider && (l.ProviderKey == arrival.Subject || l.UserId == member.Id), cancel))
            throw new RefusedException(Refusal.ProviderTaken);
        db.UserLogins.Add(LinkOf(arrival, member.Id));
        Tell(db, actor, member, "provider.linked", "ProviderLinked", arrival.Provider, now);
        try
        {
            return await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel);
        }
        catch (DbUpdateException error) when (error is not DbUpdateConcurrencyException)
        {
            throw new RefusedException(Refusal.ProviderTaken);
        }
    }

    /// <summary>The service opens the actor's account no longer. Answers with what a cookie must hold to go on; null where it did not before.</summary>
    /// <exception cref="RefusedException">The proof is too old or too weak, or nothing else would let the member in: <see cref="Refusal.OnlyWayIn"/>.</exception>
    public async Task<SignedIn?> UnlinkAsync(Actor actor, Guid? session, string? provider, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var member = await ProvenAsync(db, actor, session, now, cancel);
        var links = await db.UserLogins.Where(l => l.UserId == member.Id).ToListAsync(cancel);
        if (links.Find(l => l.LoginProvider == provider) is not { } link)
            return null;
        if (member.PasswordHash is null && links.Count == 1 && !await db.Passkeys.AnyAsync(p => p.MemberId == member.Id, cancel))
            throw new RefusedException(Refusal.OnlyWayIn);
        db.UserLogins.Remove(link);
        Tell(db, actor, member, "provider.unlinked", "ProviderUnlinked", link.LoginProvider, now);
        return await Sessions.ChangedAsync(db, transaction, member, mails, feed, cancel);
    }

    static IdentityUserLogin<int> LinkOf(Arrival arrival, int member)
    {
        // By the standard a number has at most this length; a longer one is none.
        if (arrival.Subject.Length > LongestSubject)
            throw new RefusedException(Refusal.ProviderTaken);
        var shown = arrival.Email ?? PlainText.Line(arrival.Name);
        return new() { LoginProvider = arrival.Provider, ProviderKey = arrival.Subject, ProviderDisplayName = PlainText.Beginning(shown, LongestSubject), UserId = member };
    }

    async Task<Member> ProvenAsync(CommunityDb db, Actor actor, Guid? session, DateTimeOffset now, CancellationToken cancel)
    {
        var member = await SecondFactors.OwnHeldAsync(db, actor, cancel);
        await Passkeys.DemandProofAsync(db, actor, member, session, rule, ends, now, cancel);
        return member;
    }

    void Tell(CommunityDb db, Actor actor, Member member, string what, string letter, string provider, DateTimeOffset now)
    {
        db.Note(now, actor, what, member.Id, provider);
        mails.Add(db, new(letter, Passwords.AddresseeOf(member), site.Address("/Account/Providers"), now, new Uri(provider).Host));
    }

    // An address that nobody has confirmed is no account's yet; that of a suspended account must not come in again.
    async Task<bool> TakenByAsync(CommunityDb db, string normalized, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        return await db.Users.AnyAsync(m => m.NormalizedEmail == normalized && (m.EmailConfirmed || (m.SuspendedUntil != null && m.SuspendedUntil > now)), cancel);
    }
}
