using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Members;

/// <summary>The browsers in which a member is logged in.</summary>
public sealed class Sessions(CommunityDbFactory databases, Feed feed, TimeProvider time)
{
    /// <summary>Logs the actor out on every device, this one included; links for a new password that are on their way end, too. Access tokens of scripts stay.</summary>
    public async Task EndAllAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("account");
        await using var db = databases.CreateDbContext();
        var member = await db.Users.SingleOrDefaultAsync(m => m.Id == actor.MemberId, cancel) ?? throw new NotFoundException("account");
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await AccountLinks.UseUpAsync(db, member.Id, LinkPurpose.Reset, now, cancel);
        Restamp(member);
        db.Note(now, actor, "sessions.ended", member.Id);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        Ended(feed, member.Id);
    }

    // A cookie with the former stamp is turned away at its next request.
    internal static void Restamp(Member member)
    {
        member.SecurityStamp = Guid.NewGuid().ToString("N");
        member.ConcurrencyStamp = Guid.NewGuid().ToString();
    }

    internal static void Ended(Feed feed, int memberId) => feed.Publish(new AccessEnded(memberId, null, AccessEndedReason.LoggedOut));
}
