using System.Data;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Privacy;

/// <summary>Asking for an account to be deleted, and thinking better of it; <see cref="Erasing"/> does it when the time has come.</summary>
public sealed class Erasures(CommunityDbFactory databases, MailQueue mails, Site site, Feed feed, PrivacyRules rules, TimeProvider time, SessionRule? ends = null, FactorRule? factors = null)
{
    /// <summary>What the actor should know before leaving, and what is asked for already.</summary>
    /// <exception cref="NotFoundException">A visitor has no account.</exception>
    public async Task<ErasureOutlook> LookAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        var planned = await db.Erasures.AsNoTracking().FirstOrDefaultAsync(e => e.MemberId == actor.MemberId && e.BegunAt == null, cancel);
        var isLast = Rights.Of(actor.Roles).Contains(Act.GrantRoles) && !await AnotherAdministratorAsync(db, actor.MemberId, cancel);
        var inherited = await Inheriting(db, actor.MemberId).OrderBy(c => c.Title).Select(c => c.Title).Take(50).ToListAsync(cancel);
        var messages = await db.Conversations.Where(c => c.Kind == ConversationKind.Room)
            .SumAsync(c => db.Messages.LongCount(m => m.ConversationId == c.Id && m.AuthorId == actor.MemberId && m.DeletedAt == null), cancel);
        var due = time.GetUtcNow().AddDays(rules.WaitDays);
        return new(planned is null ? null : Shown(planned, actor.MemberId), isLast, inherited, messages, due, rules.InBackupsUntil(planned?.DueAt ?? due));
    }

    /// <summary>Whether the member asked to leave and can still come back. Asked while logging in.</summary>
    public async Task<bool> IsPlannedAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        return await db.Erasures.AnyAsync(e => e.MemberId == actor.MemberId && e.BegunAt == null, cancel);
    }

    /// <summary>Asks for the own account to be deleted after the waiting time. All sessions end; whoever logs in again can keep it. Asked once more, only the choice changes.</summary>
    /// <param name="actor">Who leaves.</param>
    /// <param name="session">In which session the actor has just proved who they are.</param>
    /// <param name="deletesTexts">What was written in rooms goes, too; otherwise it stays without a name.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>From when it is done.</returns>
    /// <exception cref="RefusedException">The proof is too old or too weak, or nobody else administers the network.</exception>
    public async Task<DateTimeOffset> AskAsync(Actor actor, Guid? session, bool deletesTexts, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        return await PlanAsync(actor, async db =>
        {
            var member = await db.Users.SingleOrDefaultAsync(m => m.Id == actor.MemberId && m.ErasedAt == null, cancel) ?? throw new NotFoundException("account");
            await Passkeys.DemandProofAsync(db, actor, member, session, factors, ends, time.GetUtcNow(), cancel);
            return member;
        }, deletesTexts, rules.WaitDays, cancel);
    }

    /// <summary>Asks for another member's account to be deleted, as the person may have asked for by letter; the member hears of it and can object by coming back.</summary>
    /// <param name="actor">An administrator, or the operator.</param>
    /// <param name="handle">Whose account.</param>
    /// <param name="deletesTexts">What the member wrote in rooms goes, too.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">The actor grants no roles.</exception>
    /// <exception cref="RefusedException">There is no such account, it is the actor's own, or nobody else administers the network.</exception>
    public Task<DateTimeOffset> AskForAsync(Actor actor, string handle, bool deletesTexts, CancellationToken cancel = default) =>
        ForAnotherAsync(actor, db => db.Users.WithAccount().SingleOrDefaultAsync(m => m.Handle == handle && m.ErasedAt == null, cancel), handle, deletesTexts, rules.WaitDays, cancel);

    /// <summary>The same by e-mail address, for the operator alone, who may also not wait.</summary>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="RefusedException">There is no such account, or nobody else administers the network.</exception>
    public Task<DateTimeOffset> AskByAddressAsync(Actor actor, string email, bool deletesTexts, bool atOnce, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("account");
        var normalized = NewMembers.Normalized(email.Trim());
        return ForAnotherAsync(actor, db => db.Users.SingleOrDefaultAsync(m => m.NormalizedEmail == normalized, cancel), email, deletesTexts, atOnce ? 0 : rules.WaitDays, cancel);
    }

    /// <summary>The way back: the actor's own account stays as it is. Without a plan nothing happens.</summary>
    /// <exception cref="NotFoundException">A visitor has no account.</exception>
    public async Task KeepAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await KeepAsync(actor, actor.MemberId, cancel);
    }

    /// <summary>Takes back what is planned for another member. Without a plan nothing happens.</summary>
    /// <exception cref="NotFoundException">The actor grants no roles, or there is no such account.</exception>
    public async Task KeepForAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        if (!actor.May(Act.GrantRoles))
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        await KeepAsync(actor, await db.Users.WithAccount().Where(m => m.Handle == handle).Select(m => (int?)m.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("account"), cancel);
    }

    /// <summary>What is planned for a member, for administrators; null for nothing.</summary>
    /// <exception cref="NotFoundException">The actor grants no roles, or there is no such account.</exception>
    public async Task<PlannedErasure?> OfAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        if (!actor.May(Act.GrantRoles))
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        var member = await db.Users.WithAccount().Where(m => m.Handle == handle && m.ErasedAt == null).Select(m => (int?)m.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("account");
        return await db.Erasures.AsNoTracking().FirstOrDefaultAsync(e => e.MemberId == member && e.BegunAt == null, cancel) is { } planned ? Shown(planned, member) : null;
    }

    /// <summary>Closed rooms of which the member is the only moderator, with others in them.</summary>
    internal static IQueryable<Conversation> Inheriting(CommunityDb db, int member) => db.Conversations.Where(c => c.Kind == ConversationKind.Room && c.IsOpen == 0
        && db.Memberships.Any(m => m.ConversationId == c.Id && m.MemberId == member && m.Role == MembershipRole.Moderator)
        && db.Memberships.Any(m => m.ConversationId == c.Id && m.MemberId != member)
        && !db.Memberships.Any(m => m.ConversationId == c.Id && m.MemberId != member && m.Role == MembershipRole.Moderator));

    internal static Task<bool> AnotherAdministratorAsync(CommunityDb db, int member, CancellationToken cancel) =>
        db.Users.Seen(db.Clock.GetUtcNow()).AnyAsync(m => m.Id != member && (m.Roles & Roles.Administrator) != Roles.None
            && !db.Erasures.Any(e => e.MemberId == m.Id), cancel);

    PlannedErasure Shown(Erasure planned, int member) =>
        new(planned.AskedAt, planned.DueAt, planned.DeletesTexts, planned.AskedById != member, rules.InBackupsUntil(planned.DueAt));

    Task<DateTimeOffset> ForAnotherAsync(Actor actor, Func<CommunityDb, Task<Member?>> find, string called, bool deletesTexts, int days, CancellationToken cancel)
    {
        if (!actor.May(Act.GrantRoles))
            throw new NotFoundException("account");
        return PlanAsync(actor, async db =>
        {
            var member = await find(db) ?? throw new RefusedException(Refusal.UnknownMember, called);
            // One's own needs a proof.
            return member.Id != actor.MemberId ? member : throw new RefusedException(Refusal.NotWithYourself);
        }, deletesTexts, days, cancel);
    }

    async Task<DateTimeOffset> PlanAsync(Actor actor, Func<CommunityDb, Task<Member?>> find, bool deletesTexts, int days, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel);
        var member = await find(db) ?? throw new NotFoundException("account");
        if (Rights.Of(member.Roles).Contains(Act.GrantRoles) && !await AnotherAdministratorAsync(db, member.Id, cancel))
            throw new RefusedException(Refusal.LastAdministrator);
        var planned = await db.Erasures.SingleOrDefaultAsync(e => e.MemberId == member.Id, cancel);
        var due = now.AddDays(days);
        if (planned is null)
            db.Erasures.Add(planned = new() { MemberId = member.Id, AskedAt = now, DueAt = due });
        // Asked twice does not begin to wait anew.
        planned.DueAt = planned.DueAt < due ? planned.DueAt : due;
        planned.DeletesTexts = deletesTexts;
        planned.AskedById = actor.IsMember ? actor.MemberId : null;
        Sessions.Restamp(member);
        db.Note(now, actor, "erasure.asked", member.Id, planned.DueAt.ToString("u", CultureInfo.InvariantCulture));
        if (member.Email is not null && days > 0)
            mails.Add(db, new("Leaving", Passwords.AddresseeOf(member), site.Address("/Account/Delete"), planned.DueAt));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        mails.Wake();
        Sessions.Ended(feed, member.Id);
        return planned.DueAt;
    }

    async Task KeepAsync(Actor actor, int member, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Once it has begun there is nothing left to keep: the row itself is the judge.
        if (await db.Erasures.Where(e => e.MemberId == member && e.BegunAt == null).ExecuteDeleteAsync(cancel) == 0)
            return;
        db.Note(time.GetUtcNow(), actor, "erasure.withdrawn", member);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}

