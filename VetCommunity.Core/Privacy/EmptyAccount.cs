using System.Data;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Privacy;

/// <summary>The step after which there is no way back: nobody comes in any more, nobody is found, and nothing is left of the person in the account.</summary>
static class EmptyAccount
{
    /// <summary>False where the member is the last administrator by now; then nothing has changed.</summary>
    public static async Task<bool> BeginAsync(CommunityDbFactory databases, ErasureRegister register, Feed feed, int id, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel);
        var now = db.Clock.GetUtcNow();
        var erasure = await db.Erasures.SingleOrDefaultAsync(e => e.MemberId == id && e.BegunAt == null && e.DueAt <= now, cancel);
        // Who came back in this moment stays.
        if (erasure is null)
            return true;
        var member = await db.Users.SingleAsync(m => m.Id == id, cancel);
        if (Rights.Of(member.Roles).Contains(Act.GrantRoles) && !await Erasures.AnotherAdministratorAsync(db, id, cancel))
            return false;
        await RememberAsync(db, erasure, member, cancel);
        await HandOverAsync(db, id, now, cancel);
        var joined = member.JoinedAt;
        Empty(member, now);
        erasure.BegunAt = now;
        erasure.RecordsUntil = now.AddMonths(PrivacyRules.RecordMonths);
        await db.Conversations.Where(c => c.Kind == ConversationKind.Direct && c.EndedAt == null && db.Memberships.Any(m => m.ConversationId == c.Id && m.MemberId == id))
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now), cancel);
        db.Note(now, Actor.Operator, "member.erased", id, erasure.DeletesTexts ? "with texts" : "texts stay");
        await db.SaveChangesAsync(cancel);
        // Before the commit, so that nobody is forgotten: who is killed in between finds the erasure due, and begins it at the next start.
        var left = new ErasedMember(id, joined, now, erasure.DeletesTexts);
        var isNew = register.Add(left);
        try
        {
            await transaction.CommitAsync(cancel);
        }
        catch
        {
            if (isNew)
                register.Remove(left);
            throw;
        }
        Sessions.Ended(feed, id);
        return true;
    }

    // What texts and mails of others can name the member by, as long as it is looked for.
    static async Task RememberAsync(CommunityDb db, Erasure erasure, Member member, CancellationToken cancel)
    {
        // Nobody could mention or mail a guest.
        if (member.GuestOf is not null)
            return;
        const string Handle = "handle:";
        var former = await db.Audit.Where(a => a.ActorId == member.Id && a.Subject.StartsWith(Handle)).Select(a => a.Subject).Distinct().ToListAsync(cancel);
        erasure.Handles = string.Join(' ', former.Select(subject => subject[Handle.Length..]).Append(member.Handle).Distinct(StringComparer.Ordinal));
        erasure.Name = member.DisplayName;
        erasure.Email = member.Email ?? "";
    }

    // A closed room without a moderator would be one that nobody can look after: who has been there longest does.
    static async Task HandOverAsync(CommunityDb db, int member, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var room in await Erasures.Inheriting(db, member).Select(c => new { c.Id, c.Slug }).ToListAsync(cancel))
        {
            var heir = await db.Memberships.Where(m => m.ConversationId == room.Id && m.MemberId != member && db.Users.Any(u => u.Id == m.MemberId && u.ErasedAt == null))
                .OrderBy(m => m.JoinedAt).ThenBy(m => m.MemberId).FirstOrDefaultAsync(cancel);
            if (heir is null)
                continue;
            heir.Role = MembershipRole.Moderator;
            db.Note(now, Actor.Operator, "moderation.inherited", heir.MemberId, "room:" + room.Slug);
        }
    }

    static void Empty(Member member, DateTimeOffset now)
    {
        member.Handle = FormerMember.NewHandle();
        member.DisplayName = FormerMember.Name;
        (member.Email, member.NormalizedEmail, member.UserName, member.NormalizedUserName) = (null, null, null, null);
        (member.PhoneNumber, member.PasswordHash, member.PictureVersion, member.Country, member.OrganisationId) = (null, null, null, null, null);
        (member.EmailConfirmed, member.PhoneNumberConfirmed, member.TwoFactorEnabled) = (false, false, false);
        (member.Biography, member.Speaks, member.Sectors, member.Language, member.TimeZone) = ("", "", "", "en", "UTC");
        (member.LockoutEnd, member.AccessFailedCount, member.Roles) = (null, 0, Roles.None);
        (member.JoinedAt, member.ErasedAt) = (now, now);
        // Whoever asks whether somebody may come in asks this.
        member.SuspendedUntil = DateTimeOffset.MaxValue;
        Sessions.Restamp(member);
    }
}
