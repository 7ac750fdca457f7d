using System.Data;
using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>A member as a request knows them, and the stamp that a session must carry to be theirs.</summary>
/// <param name="Actor">With the roles that count now: see <see cref="FactorRule"/>.</param>
/// <param name="SecurityStamp">Changes whenever all sessions end.</param>
/// <param name="NeedsFactor">A role waits until the member has set up a second step, or shown it.</param>
/// <param name="ByPasskey">Where a session begins: whether a passkey was shown for it.</param>
public sealed record SignedIn(Actor Actor, string SecurityStamp, bool NeedsFactor = false, bool ByPasskey = false);

/// <summary>Who may come in, and with which roles.</summary>
/// <param name="databases">Where they are.</param>
/// <param name="feed">Hears who lost access.</param>
/// <param name="time">The clock.</param>
/// <param name="rule">Who needs a second step; null means <see cref="FactorRule.Strict"/>.</param>
public sealed class Accounts(CommunityDbFactory databases, Feed feed, TimeProvider time, FactorRule? rule = null)
{
    readonly FactorRule _rule = rule ?? FactorRule.Strict;

    /// <summary>The fewest characters of a password.</summary>
    public const int PasswordLength = 10;

    /// <summary>The most characters of a suspension's reason.</summary>
    public const int ReasonLength = 600;

    /// <summary>The member as an actor.</summary>
    public static Actor ActorOf(Member member) =>
        new(member.Id, member.Handle, member.DisplayName, member.Roles, member.Language, member.TimeZone, member.PictureVersion);

    /// <summary>Who the member is now, in one query; null when there is no such account or it is suspended. Asked before there is an actor.</summary>
    public async Task<SignedIn?> SignedInAsync(int memberId, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await MayComeIn(db).Where(m => m.Id == memberId).Select(AsSignedIn(db)).SingleOrDefaultAsync(cancel);
    }

    /// <summary>The same for many members at once, by number; who may not come in is missing.</summary>
    public async Task<IReadOnlyDictionary<int, SignedIn>> SignedInAsync(IReadOnlyCollection<int> memberIds, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await MayComeIn(db).Where(m => memberIds.Contains(m.Id)).Select(AsSignedIn(db)).ToDictionaryAsync(one => one.Actor.MemberId, cancel);
    }

    /// <summary>Why somebody who has just proved to own the account may not come in: the newest reason, and its end in the member's zone.</summary>
    public async Task<RefusedException> WhySuspendedAsync(Member member, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var newest = await db.Suspensions.AsNoTracking().Where(s => s.MemberId == member.Id && s.LiftedAt == null).OrderByDescending(s => s.Id).FirstOrDefaultAsync(cancel);
        return newest switch
        {
            null => new(Refusal.Suspended),
            { Until: { } until } => new(Refusal.SuspendedUntilBecause, newest.Reason, TimeZoneInfo.ConvertTime(until.AddTicks(-1), TimeZones.Of(member.TimeZone))),
            _ => new(Refusal.SuspendedBecause, newest.Reason),
        };
    }

    /// <summary>Lets the actor read pages and mails in another language.</summary>
    public async Task ReadInAsync(Actor actor, string language, CancellationToken cancel = default)
    {
        if (!Languages.All.Contains(language, StringComparer.Ordinal))
            throw new RefusedException(Refusal.BadChoice);
        await using var db = databases.CreateDbContext();
        await db.Users.Where(m => m.Id == actor.MemberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.Language, language), cancel);
    }

    /// <summary>Closes an account for a time, or until it is lifted, and ends all its sessions.</summary>
    /// <param name="actor">Who decides.</param>
    /// <param name="handle">Whose account.</param>
    /// <param name="reason">Shown to the member.</param>
    /// <param name="until">Null means until it is lifted.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task SuspendAsync(Actor actor, string handle, string reason, DateTimeOffset? until, CancellationToken cancel = default)
    {
        Demand(actor, Act.SuspendMember);
        reason = reason.Trim();
        if (reason.Length == 0)
            throw new RefusedException(Refusal.EmptyText);
        if (reason.Length > ReasonLength)
            throw new RefusedException(Refusal.TextTooLong, reason.Length, ReasonLength);
        var now = time.GetUtcNow();
        if (until <= now)
            throw new RefusedException(Refusal.BadChoice);
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel);
        var member = await FindAsync(db, handle, cancel);
        if (member.Id == actor.MemberId)
            throw new RefusedException(Refusal.NotWithYourself);
        // Who cannot grant a role cannot take the people away who can.
        if (Rights.Of(member.Roles).Contains(Act.GrantRoles))
        {
            Demand(actor, Act.GrantRoles);
            await KeepAnAdministratorAsync(db, member, cancel);
        }
        member.SuspendedUntil = until ?? DateTimeOffset.MaxValue;
        Sessions.Restamp(member);
        db.Suspensions.Add(new() { MemberId = member.Id, ById = actor.MemberId, Reason = reason, At = now, Until = until });
        db.Note(now, actor, "member.suspended", member.Id, until?.ToString("u", CultureInfo.InvariantCulture) ?? "");
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new AccessEnded(member.Id, null, AccessEndedReason.Suspended));
    }

    /// <summary>Ends a suspension before its time; without one nothing happens.</summary>
    public async Task LiftAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        Demand(actor, Act.SuspendMember);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var member = await FindAsync(db, handle, cancel);
        if (member.SuspendedUntil is null || member.SuspendedUntil <= now)
            return;
        if (Rights.Of(member.Roles).Contains(Act.GrantRoles))
            Demand(actor, Act.GrantRoles);
        member.SuspendedUntil = null;
        Sessions.Restamp(member);
        foreach (var suspension in await db.Suspensions.Where(s => s.MemberId == member.Id && s.LiftedAt == null && (s.Until == null || s.Until > now)).ToListAsync(cancel))
            suspension.LiftedAt = now;
        db.Note(now, actor, "suspension.lifted", member.Id);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Lets a member try to log in again at once after too many wrong passwords; without a lock-out nothing happens.</summary>
    public async Task UnlockAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        Demand(actor, Act.SuspendMember);
        await using var db = databases.CreateDbContext();
        var member = await FindAsync(db, handle, cancel);
        if (Rights.Of(member.Roles).Contains(Act.GrantRoles))
            Demand(actor, Act.GrantRoles);
        if (member.LockoutEnd is null || member.LockoutEnd <= time.GetUtcNow())
            return;
        member.LockoutEnd = null;
        member.AccessFailedCount = 0;
        member.ConcurrencyStamp = Guid.NewGuid().ToString();
        db.Note(time.GetUtcNow(), actor, "member.unlocked", member.Id);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Gives the member exactly these roles (and that of a member), and ends the sessions that had others.</summary>
    /// <param name="actor">Who decides.</param>
    /// <param name="handle">Whose roles.</param>
    /// <param name="roles">All of them.</param>
    /// <param name="expected">The roles that the actor saw; refused when somebody else has changed them since. Null does not ask.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task SetRolesAsync(Actor actor, string handle, Roles roles, Roles? expected = null, CancellationToken cancel = default)
    {
        Demand(actor, Act.GrantRoles);
        if (((int)roles & ~255) != 0)
            throw new RefusedException(Refusal.BadRole);
        roles |= Roles.Member;
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel);
        var member = await FindAsync(db, handle, cancel);
        if (member.Roles == roles)
            return;
        if (expected is not null && member.Roles != (expected | Roles.Member))
            throw new RefusedException(Refusal.ChangedMeanwhile);
        if (!Rights.Of(roles).Contains(Act.GrantRoles) && Rights.Of(member.Roles).Contains(Act.GrantRoles))
            await KeepAnAdministratorAsync(db, member, cancel);
        foreach (var role in Enum.GetValues<Roles>().Where(role => role != Roles.None && member.Roles.HasFlag(role) != roles.HasFlag(role)))
            db.Note(time.GetUtcNow(), actor, roles.HasFlag(role) ? "role.granted" : "role.taken", member.Id, role.ToString());
        member.Roles = roles;
        Sessions.Restamp(member);
        await db.SaveChangesAsync(cancel);
        await Documents.TalkSeats.LeaveAsync(db, member, cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new AccessEnded(member.Id, null, AccessEndedReason.RightsChanged));
    }

    // Outside of a session it counts that there is a second step, of whichever kind.
    Expression<Func<Member, SignedIn>> AsSignedIn(CommunityDb db)
    {
        var (guarded, plain) = (_rule.Guarded, _rule.Plain);
        return m => new(
            new Actor(
                m.Id, m.Handle, m.DisplayName, m.TwoFactorEnabled || db.Passkeys.Any(p => p.MemberId == m.Id) ? m.Roles : m.Roles & plain, m.Language, m.TimeZone, m.PictureVersion),
            m.SecurityStamp ?? "", !m.TwoFactorEnabled && (m.Roles & guarded) != Roles.None && !db.Passkeys.Any(p => p.MemberId == m.Id));
    }

    IQueryable<Member> MayComeIn(CommunityDb db) => db.Users.AsNoTracking().Unsuspended(time.GetUtcNow());

    static void Demand(Actor actor, Act act)
    {
        if (!actor.May(act))
            throw new NotFoundException("act " + act);
    }

    static async Task<Member> FindAsync(CommunityDb db, string handle, CancellationToken cancel) =>
        await db.Users.WithAccount().SingleOrDefaultAsync(m => m.Handle == handle && m.ErasedAt == null, cancel) ?? throw new RefusedException(Refusal.UnknownMember, handle);

    async Task KeepAnAdministratorAsync(CommunityDb db, Member leaving, CancellationToken cancel)
    {
        if (!await db.Users.Seen(time.GetUtcNow()).AnyAsync(m => m.Id != leaving.Id && (m.Roles & Roles.Administrator) != Roles.None, cancel))
            throw new RefusedException(Refusal.LastAdministrator);
    }
}
