using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Members;

/// <summary>The browsers in which a member is logged in.</summary>
/// <param name="databases">Where they are.</param>
/// <param name="feed">Hears which ended.</param>
/// <param name="time">The clock.</param>
/// <param name="rule">Whose roles wait for a second step; null means <see cref="FactorRule.Strict"/>.</param>
/// <param name="ends">When they end by themselves; null means <see cref="SessionRule.Usual"/>.</param>
public sealed class Sessions(CommunityDbFactory databases, Feed feed, TimeProvider time, FactorRule? rule = null, SessionRule? ends = null)
{
    /// <summary>The most sessions of a member; one more ends that which was silent for longest.</summary>
    public const int Most = 100;

    // The time in which a sign of life is not written down again.
    static readonly TimeSpan Coarse = TimeSpan.FromMinutes(1);

    readonly SessionRule _ends = ends ?? SessionRule.Usual;
    readonly FactorRule _factors = rule ?? FactorRule.Strict;

    /// <summary>Who comes with this session, as they are now, in one query; null when it is over or the account suspended. Asked before there is an actor.</summary>
    public async Task<InSession?> FindAsync(Guid id, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await One.AskAsync(db, id, cancel) is [var row] && IsOpen(row, time.GetUtcNow()) ? Of(row) : null;
    }

    /// <summary>The same for many sessions at once; those that are over are missing.</summary>
    public async Task<IReadOnlyDictionary<Guid, InSession>> FindAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var (rows, now) = (await Rows(db).Where(row => ids.Contains(row.Session.Id)).ToListAsync(cancel), time.GetUtcNow());
        return rows.Where(row => IsOpen(row, now)).ToDictionary(row => row.Session.Id, Of);
    }

    /// <summary>Begins a session of somebody who has just proved who they are.</summary>
    /// <param name="signedIn">Who. Was the account's stamp changed meanwhile, the session is over before it begins.</param>
    /// <param name="userAgent">What the browser calls itself; only its coarse name is kept.</param>
    /// <param name="isRemembered">Whether the browser keeps the cookie when it is closed.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Session> BeginAsync(SignedIn signedIn, string? userAgent, bool isRemembered, CancellationToken cancel = default)
    {
        var (member, now) = (signedIn.Actor.MemberId, time.GetUtcNow());
        var (browser, device) = BrowserNames.Of(userAgent);
        var session = new Session
        {
            Id = Guid.NewGuid(),
            MemberId = member,
            Key = Guid.NewGuid(),
            Stamp = signedIn.SecurityStamp,
            At = now,
            SeenAt = now,
            ProvenAt = now,
            ByPasskey = signedIn.ByPasskey,
            IsRemembered = isRemembered,
            Browser = browser,
            Device = device,
        };
        await using var db = databases.CreateDbContext();
        db.Sessions.Add(session);
        await db.SaveChangesAsync(cancel);
        // What a new stamp ended is no longer listed, and goes here.
        await db.Sessions.Where(s => s.MemberId == member && !db.Users.Any(m => m.Id == s.MemberId && m.SecurityStamp == s.Stamp)).ExecuteDeleteAsync(cancel);
        await EndAsync(db, db.Sessions.Where(s => s.MemberId == member).OrderByDescending(s => s.SeenAt).ThenByDescending(s => s.At).Skip(Most), cancel);
        return session;
    }

    /// <summary>The actor's own sessions, those heard of last first; at most <see cref="Most"/>.</summary>
    public async Task<IReadOnlyList<Session>> OwnAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        return await Valid(db).AsNoTracking().Where(s => s.MemberId == actor.MemberId).OrderByDescending(s => s.SeenAt).ThenByDescending(s => s.At).ToListAsync(cancel);
    }

    /// <summary>Ends one of the actor's own sessions, as a log-out does. One that is over, or somebody else's, changes nothing.</summary>
    public async Task EndAsync(Actor actor, Guid id, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        await EndAsync(db, db.Sessions.Where(s => s.MemberId == actor.MemberId && s.Id == id), cancel);
    }

    /// <summary>Ends all of the actor's sessions but this one.</summary>
    public async Task EndOthersAsync(Actor actor, Guid id, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        if (await EndAsync(db, db.Sessions.Where(s => s.MemberId == actor.MemberId && s.Id != id), cancel))
        {
            db.Note(time.GetUtcNow(), actor, "sessions.elsewhere", actor.MemberId);
            await db.SaveChangesAsync(cancel);
        }
    }

    /// <summary>Logs the actor out on every device, this one included; links for a new password or address that are on their way end, too. Access tokens of scripts stay.</summary>
    public async Task EndAllAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        var member = await db.Users.SingleOrDefaultAsync(m => m.Id == actor.MemberId, cancel) ?? throw new NotFoundException("account");
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await AccountLinks.UseUpOpenDoorsAsync(db, member.Id, now, cancel);
        await db.Sessions.Where(s => s.MemberId == member.Id).ExecuteDeleteAsync(cancel);
        Restamp(member);
        db.Note(now, actor, "sessions.ended", member.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        Ended(feed, member.Id);
    }

    /// <summary>Notes that browsers were heard of. For the program itself, many at once.</summary>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task SeenAsync(Actor actor, IReadOnlyCollection<Guid> ids, CancellationToken cancel = default)
    {
        Demand(actor);
        var now = time.GetUtcNow();
        var before = now - Coarse;
        await using var db = databases.CreateDbContext();
        await Open(db).Where(s => ids.Contains(s.Id) && s.SeenAt <= before).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), cancel);
    }

    /// <summary>Takes away the rows of sessions that are over.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<int> ForgetOverAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var db = databases.CreateDbContext();
        var valid = Valid(db).Select(s => s.Id);
        return await db.Sessions.Where(s => !valid.Contains(s.Id)).ExecuteDeleteAsync(cancel);
    }

    // A cookie with the former stamp is turned away at its next request.
    internal static void Restamp(Member member)
    {
        member.SecurityStamp = Guid.NewGuid().ToString("N");
        member.ConcurrencyStamp = Guid.NewGuid().ToString();
    }

    /// <summary>
    /// Stores a change of what opens the account: all its sessions end, and open pages and waiting mails hear of it. Answers with what a cookie must hold to go on.
    /// </summary>
    internal static async Task<SignedIn> ChangedAsync(CommunityDb db, IDbContextTransaction transaction, Member member, MailQueue mails, Feed feed, CancellationToken cancel)
    {
        Restamp(member);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        mails.Wake();
        Ended(feed, member.Id);
        return new(Accounts.ActorOf(member), member.SecurityStamp!);
    }

    internal static void Ended(Feed feed, int memberId) => feed.Publish(new AccessEnded(memberId, null, AccessEndedReason.LoggedOut));

    /// <exception cref="RefusedException"><see cref="Refusal.ProveAgain"/>: the session is not the actor's, has ended by a change of what opens the account, or the proof in it is too old.</exception>
    internal static async Task DemandProofAsync(CommunityDb db, Actor actor, Guid? session, SessionRule? ends, DateTimeOffset now, CancellationToken cancel)
    {
        var proven = await db.Sessions.Where(s => s.Id == session && s.MemberId == actor.MemberId && db.Users.Any(m => m.Id == s.MemberId && m.SecurityStamp == s.Stamp))
            .Select(s => (DateTimeOffset?)s.ProvenAt).SingleOrDefaultAsync(cancel);
        if (proven is not { } at || !(ends ?? SessionRule.Usual).IsFresh(at, now))
            throw new RefusedException(Refusal.ProveAgain);
    }

    static void Demand(Actor actor)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("sessions");
    }

    // A session of an account whose stamp was changed since is none.
    static IQueryable<SessionRow> Rows(CommunityDb db) => db.Sessions.Join(db.Users, s => new { Id = s.MemberId, Stamp = (string?)s.Stamp }, m => new { m.Id, Stamp = m.SecurityStamp },
        (s, m) => new SessionRow
        {
            Session = s,
            Handle = m.Handle,
            Name = m.DisplayName,
            Roles = m.Roles,
            Language = m.Language,
            TimeZone = m.TimeZone,
            Picture = m.PictureVersion,
            HasFactor = m.TwoFactorEnabled,
            SuspendedUntil = m.SuspendedUntil,
        }).AsNoTracking();

    // A question of every request.
    static readonly OftenAsked<Guid, SessionRow> One = new((db, id) => Rows(db).Where(row => row.Session.Id == id));

    InSession Of(SessionRow row)
    {
        var isProven = row.HasFactor || row.Session.ByPasskey;
        return new(
            new(new(row.Session.MemberId, row.Handle, row.Name, isProven ? row.Roles : row.Roles & _factors.Plain, row.Language, row.TimeZone, row.Picture),
                row.Session.Stamp, !isProven && (row.Roles & _factors.Guarded) != Roles.None),
            row.Session);
    }

    // The same as the question below and Unsuspended, of one that was read.
    bool IsOpen(SessionRow row, DateTimeOffset now) => row.Session.At > now - _ends.Longest
        && row.Session.SeenAt > now - (row.Session.IsRemembered ? _ends.IdleRemembered : _ends.Idle) && (row.SuspendedUntil is null || row.SuspendedUntil <= now);

    IQueryable<Session> Open(CommunityDb db)
    {
        var now = time.GetUtcNow();
        var (made, idle, remembered) = (now - _ends.Longest, now - _ends.Idle, now - _ends.IdleRemembered);
        return db.Sessions.Where(s => s.At > made && ((s.IsRemembered && s.SeenAt > remembered) || (!s.IsRemembered && s.SeenAt > idle)));
    }

    IQueryable<Session> Valid(CommunityDb db) => Open(db).Where(s => db.Users.Any(m => m.Id == s.MemberId && m.SecurityStamp == s.Stamp));

    async Task<bool> EndAsync(CommunityDb db, IQueryable<Session> sessions, CancellationToken cancel)
    {
        var ids = await sessions.Select(s => s.Id).ToListAsync(cancel);
        if (ids.Count == 0)
            return false;
        await db.Sessions.Where(s => ids.Contains(s.Id)).ExecuteDeleteAsync(cancel);
        feed.Publish(new SessionsEnded(ids));
        return true;
    }

    sealed class SessionRow
    {
        public required Session Session { get; init; }
        public required string Handle { get; init; }
        public required string Name { get; init; }
        public Roles Roles { get; init; }
        public required string Language { get; init; }
        public required string TimeZone { get; init; }
        public string? Picture { get; init; }
        public bool HasFactor { get; init; }
        public DateTimeOffset? SuspendedUntil { get; init; }
    }
}
