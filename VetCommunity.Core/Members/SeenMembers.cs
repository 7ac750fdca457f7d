using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

static class SeenMembers
{
    /// <summary>Those who have or had an account: guests of a live session are in the same table and are none of them.</summary>
    public static IQueryable<Member> WithAccount(this IQueryable<Member> members) => members.Where(m => m.GuestOf == null);

    /// <summary>The accounts that may come in: no suspension is in force.</summary>
    public static IQueryable<Member> Unsuspended(this IQueryable<Member> members, DateTimeOffset now) =>
        members.WithAccount().Where(m => m.SuspendedUntil == null || m.SuspendedUntil <= now);

    /// <summary>The accounts that others see: those with a confirmed address among them.</summary>
    public static IQueryable<Member> Seen(this IQueryable<Member> members, DateTimeOffset now) => members.Unsuspended(now).Where(m => m.EmailConfirmed);

    /// <summary>Until the transaction ends, whoever else counts what this member has waits: so a limit holds when two come at once, in both databases.</summary>
    public static Task HoldAsync(this CommunityDb db, Actor actor, CancellationToken cancel)
    {
        var me = actor.MemberId;
        return db.Users.WithAccount().Where(u => u.Id == me).ExecuteUpdateAsync(set => set.SetProperty(u => u.Language, u => u.Language), cancel);
    }
}
