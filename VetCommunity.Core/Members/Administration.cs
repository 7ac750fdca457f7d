using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Members;

/// <summary>Whom an administrator looks for.</summary>
/// <param name="Words">Part of a name, handle or, for administrators, e-mail address; accents and case do not matter. Empty finds everybody.</param>
/// <param name="Role">Only those who hold it; <see cref="Roles.None"/> does not ask.</param>
/// <param name="SuspendedOnly">Only those whose account is suspended now.</param>
public sealed record MemberFilter(string Words = "", Roles Role = Roles.None, bool SuspendedOnly = false);

/// <summary>A member in the administration's list.</summary>
/// <param name="Handle">The handle.</param>
/// <param name="Name">The display name.</param>
/// <param name="Email">Null for those who may not administer: a moderator needs nobody's address.</param>
/// <param name="Roles">The roles held.</param>
/// <param name="JoinedAt">When the account was made.</param>
/// <param name="SuspendedUntil">Set while suspended; <see cref="DateTimeOffset.MaxValue"/> has no end.</param>
/// <param name="LockedUntil">Set while logging in is locked after too many wrong passwords.</param>
/// <param name="EmailConfirmed">Whether the address was confirmed.</param>
public sealed record MemberLine(
    string Handle, string Name, string? Email, Roles Roles, DateTimeOffset JoinedAt, DateTimeOffset? SuspendedUntil, DateTimeOffset? LockedUntil, bool EmailConfirmed);

/// <summary>One page of members, the newest account first.</summary>
/// <param name="Count">All that were found.</param>
/// <param name="Page">Which page, from 1.</param>
/// <param name="Pages">How many pages, at least 1.</param>
/// <param name="Lines">The members of this page.</param>
public sealed record MembersPage(int Count, int Page, int Pages, IReadOnlyList<MemberLine> Lines);

/// <summary>A suspension as the administration reads it.</summary>
/// <param name="At">From when.</param>
/// <param name="Until">Until when; null means until it is lifted.</param>
/// <param name="LiftedAt">When it was lifted before its end.</param>
/// <param name="Reason">The reason, as the member reads it.</param>
/// <param name="By">Who decided; empty for the operator at the command line.</param>
public sealed record PastSuspension(DateTimeOffset At, DateTimeOffset? Until, DateTimeOffset? LiftedAt, string Reason, string By)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
}

/// <summary>A line of the audit log with the names of its people.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who; empty for the operator at the command line and the program itself.</param>
/// <param name="What">What was done, such as role.granted.</param>
/// <param name="Whom">The member it was done to, or the subject as it was written.</param>
/// <param name="WhomHandle">The member's handle, or null.</param>
/// <param name="Detail">The details that matter later.</param>
public sealed record AuditLine(DateTimeOffset At, string By, string What, string Whom, string? WhomHandle, string Detail);

/// <summary>One page of the audit log, the newest line first.</summary>
/// <param name="Count">All lines.</param>
/// <param name="Page">Which page, from 1.</param>
/// <param name="Pages">How many pages, at least 1.</param>
/// <param name="Lines">The lines of this page.</param>
public sealed record AuditPage(int Count, int Page, int Pages, IReadOnlyList<AuditLine> Lines);

/// <summary>All that the administration knows of a member, and what the actor may do with the account.</summary>
/// <param name="Member">The member.</param>
/// <param name="Suspensions">Present and past suspensions, the newest first.</param>
/// <param name="Audit">The newest lines of the audit log about the member; empty for those who may not administer.</param>
/// <param name="MaySuspend">Whether the actor may suspend, lift and unlock this account.</param>
/// <param name="MayGrant">Whether the actor may change its roles.</param>
public sealed record MemberFile(
    MemberLine Member, IReadOnlyList<PastSuspension> Suspensions, IReadOnlyList<AuditLine> Audit, bool MaySuspend, bool MayGrant);

/// <summary>What administrators and moderators read of accounts; <see cref="Accounts"/> does the deeds.</summary>
public sealed class Administration(CommunityDbFactory databases, TimeProvider time)
{
    /// <summary>How many members or audit lines a page shows.</summary>
    public const int PageLength = 30;

    /// <summary>Members that fit the filter, the newest account first.</summary>
    /// <param name="actor">Who asks; without the right to suspend or to administer nothing is found.</param>
    /// <param name="filter">Whom to look for.</param>
    /// <param name="page">Which page, from 1; beyond the last one gives the last.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<MembersPage> MembersAsync(Actor actor, MemberFilter filter, int page, CancellationToken cancel = default)
    {
        Demand(actor);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var fitting = db.Users.AsNoTracking().WithAccount().Where(m => m.ErasedAt == null);
        if (filter.Role != Roles.None)
            fitting = fitting.Where(m => (m.Roles & filter.Role) == filter.Role);
        if (filter.SuspendedOnly)
            fitting = fitting.Where(m => m.SuspendedUntil > now);
        var words = Folding.Fold(filter.Words).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            var count = await fitting.CountAsync(cancel);
            (page, var pages) = Clamp(page, count);
            return new(count, page, pages, await NewestFirst(fitting).Skip((page - 1) * PageLength).Take(PageLength).Select(LineFor(actor, now)).ToListAsync(cancel));
        }
        // Neither database folds accents: names are short, so all that fit are looked through here.
        var seesAddresses = actor.May(Act.Administer);
        var all = await NewestFirst(fitting).Select(m => new { m.Id, m.Handle, m.DisplayName, Email = seesAddresses ? m.Email : null }).ToListAsync(cancel);
        var found = all.Where(m => words.All($"{Folding.Fold(m.DisplayName)} {m.Handle} {m.Email?.ToLowerInvariant()}".Contains)).Select(m => m.Id).ToList();
        (page, var last) = Clamp(page, found.Count);
        var ids = found.Skip((page - 1) * PageLength).Take(PageLength).ToList();
        return new(found.Count, page, last, await NewestFirst(db.Users.AsNoTracking().Where(m => ids.Contains(m.Id))).Select(LineFor(actor, now)).ToListAsync(cancel));
    }

    /// <summary>One account with its history.</summary>
    /// <exception cref="NotFoundException">There is none, or the actor may not see it.</exception>
    public async Task<MemberFile> MemberAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        Demand(actor);
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        var member = db.Users.AsNoTracking().WithAccount().Where(m => m.Handle == handle && m.ErasedAt == null);
        var line = await member.Select(LineFor(actor, now)).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("member");
        var id = await member.Select(m => m.Id).SingleAsync(cancel);
        var suspensions = await db.Suspensions.AsNoTracking().Where(s => s.MemberId == id).OrderByDescending(s => s.Id).Take(PageLength)
            .Select(s => new PastSuspension(s.At, s.Until, s.LiftedAt, s.Reason, db.Users.Where(m => m.Id == s.ById).Select(m => m.DisplayName).SingleOrDefault() ?? ""))
            .ToListAsync(cancel);
        var subject = string.Create(CultureInfo.InvariantCulture, $"member:{id}");
        var audit = actor.May(Act.Administer) ? await LinesAsync(db, db.Audit.Where(a => a.Subject == subject), page: 1, cancel) : [];
        var mayGrant = actor.May(Act.GrantRoles);
        return new(line, suspensions, audit, actor.May(Act.SuspendMember) && id != actor.MemberId && (mayGrant || !Rights.Of(line.Roles).Contains(Act.GrantRoles)), mayGrant);
    }

    /// <summary>The audit log, the newest line first.</summary>
    /// <exception cref="NotFoundException">The actor may not administer.</exception>
    public async Task<AuditPage> AuditAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("audit log");
        await using var db = databases.CreateDbContext();
        var count = await db.Audit.CountAsync(cancel);
        (page, var pages) = Clamp(page, count);
        return new(count, page, pages, await LinesAsync(db, db.Audit, page, cancel));
    }

    static void Demand(Actor actor)
    {
        if (!actor.May(Act.SuspendMember) && !actor.May(Act.Administer))
            throw new NotFoundException("administration");
    }

    static (int Page, int Pages) Clamp(int page, int count)
    {
        var pages = Math.Max(1, (count + PageLength - 1) / PageLength);
        return (Math.Clamp(page, 1, pages), pages);
    }

    static IOrderedQueryable<Member> NewestFirst(IQueryable<Member> members) => members.OrderByDescending(m => m.JoinedAt).ThenByDescending(m => m.Id);

    static Expression<Func<Member, MemberLine>> LineFor(Actor actor, DateTimeOffset now)
    {
        var seesAddresses = actor.May(Act.Administer);
        return m => new(
            m.Handle, m.DisplayName, seesAddresses ? m.Email : null, m.Roles, m.JoinedAt,
            m.SuspendedUntil > now ? m.SuspendedUntil : null, m.LockoutEnd > now ? m.LockoutEnd : null, m.EmailConfirmed);
    }

    static async Task<List<AuditLine>> LinesAsync(CommunityDb db, IQueryable<AuditEntry> entries, int page, CancellationToken cancel)
    {
        var rows = await entries.AsNoTracking().OrderByDescending(a => a.Id).Skip((page - 1) * PageLength).Take(PageLength).ToListAsync(cancel);
        var ids = rows.Select(row => SubjectOf(row)).Concat(rows.Select(row => row.ActorId)).OfType<int>().Distinct().ToList();
        var people = await db.Users.AsNoTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => (m.Handle, m.DisplayName), cancel);
        return [.. rows.Select(row =>
        {
            var by = FormerMember.Shown(people.GetValueOrDefault(row.ActorId ?? 0).DisplayName ?? "");
            var (handle, name) = people.GetValueOrDefault(SubjectOf(row) ?? 0);
            return new AuditLine(row.At, by, row.What, FormerMember.Shown(name ?? row.Subject), handle is null || FormerMember.HandleOf(handle).Length == 0 ? null : handle, row.Detail);
        })];
    }

    static int? SubjectOf(AuditEntry entry) =>
        entry.Subject.StartsWith("member:", StringComparison.Ordinal)
        && int.TryParse(entry.Subject.AsSpan("member:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
