using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Documents;

/// <summary>Who sits in the talk of a document: given when it is needed, judged each time, and run by nobody.</summary>
static class TalkSeats
{
    /// <summary>That a room is no such talk: who is in one is no room's matter.</summary>
    /// <exception cref="RefusedException">It is.</exception>
    public static async Task KeepSeatsAsync(CommunityDb context, int conversation, CancellationToken cancel)
    {
        if (await IsOneAsync(context, conversation, cancel))
            throw new RefusedException(Refusal.TalkFits);
    }

    /// <summary>That a room is no such talk: how it is run, and what leaves it, is not for whoever moderates rooms. The author of a text would set rules for its reviewers.</summary>
    /// <exception cref="NotFoundException">It is.</exception>
    public static async Task KeepRulesAsync(CommunityDb context, int conversation, CancellationToken cancel)
    {
        if (await IsOneAsync(context, conversation, cancel))
            throw new NotFoundException("page");
    }

    static Task<bool> IsOneAsync(CommunityDb context, int conversation, CancellationToken cancel) => context.Documents.AnyAsync(d => d.TalkId == conversation, cancel);

    /// <summary>In the caller's transaction: whose roles do not let them review loses the seats that they had by them.</summary>
    public static Task LeaveAsync(CommunityDb context, Member member, CancellationToken cancel) => Rights.Of(member.Roles).Contains(Act.EditPractices) ? Task.CompletedTask
        : context.Memberships.Where(m => m.MemberId == member.Id && m.Role == MembershipRole.Reviewer).ExecuteDeleteAsync(cancel);

    /// <summary>In the caller's transaction, which has locked the document: nobody sees the review of one that is deleted. Answers who did.</summary>
    public static async Task<List<int>> EmptyAsync(CommunityDb context, Document document, CancellationToken cancel)
    {
        // Somebody may have opened its first talk after it was read.
        await context.Entry(document).ReloadAsync(cancel);
        var seats = context.Memberships.Where(m => m.ConversationId == document.TalkId);
        var members = await seats.Select(m => m.MemberId).ToListAsync(cancel);
        await seats.ExecuteDeleteAsync(cancel);
        return members;
    }

    /// <summary>By what a member is in the talk: who began the document always is, all others by their roles.</summary>
    public static MembershipRole RoleOf(Document document, int member) => member == document.CreatedById ? MembershipRole.Participant : MembershipRole.Reviewer;

    /// <summary>Seats for those of these who have none, may have one at this moment and are not banned; each follows what is talked about there. Answers who came.</summary>
    public static async Task<List<int>> GiveAsync(CommunityDb context, Document document, int room, IReadOnlyCollection<int> members, DateTimeOffset now, CancellationToken cancel)
    {
        var come = await context.Users.Where(u => members.Contains(u.Id) && (u.Id == document.CreatedById || (u.Roles & Roles.Editor) == Roles.Editor) && !context.Memberships.Any(m => m.ConversationId == room && m.MemberId == u.Id)
            && !Bans.Now(context).Any(r => r.ConversationId == room && r.MemberId == u.Id)).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(cancel);
        if (come.Count == 0)
            return come;
        // What was said before is there to read, but nobody owes it a reading.
        var last = await context.Conversations.Where(c => c.Id == room).Select(c => c.LastSeq).SingleAsync(cancel);
        context.AddRange(come.Select(member => new Membership
        {
            ConversationId = room,
            MemberId = member,
            Role = RoleOf(document, member),
            JoinedAt = now,
            LastReadSeq = last,
        }));
        var talked = await context.SectionTalks.Where(talk => context.LanguageVersions.Any(v => v.Id == talk.VersionId && v.DocumentId == document.Id)).Select(talk => talk.TopicId).ToListAsync(cancel);
        var known = (await context.Involvements.Where(i => i.ConversationId == room && come.Contains(i.MemberId)).Select(i => new { i.MemberId, i.TopicId }).ToListAsync(cancel)).ToHashSet();
        context.AddRange(come.SelectMany(member => talked.Where(topic => !known.Contains(new { MemberId = member, TopicId = topic })).Select(topic => TalkTopics.Following(member, room, topic, now))));
        await context.SaveChangesAsync(cancel);
        return come;
    }

    /// <summary>Who wrote, submitted, remarked, approved or answered, and sees the review still.</summary>
    public static async Task<List<int>> InvolvedAsync(CommunityDb context, Document document, CancellationToken cancel)
    {
        var versions = context.LanguageVersions.Where(v => v.DocumentId == document.Id);
        var people = versions.Select(v => v.CreatedById)
            .Concat(context.Submissions.Where(s => versions.Any(v => v.Id == s.VersionId)).Select(s => s.ById))
            .Concat(context.Submissions.Where(s => versions.Any(v => v.Id == s.VersionId)).Select(s => s.EndedById))
            .Concat(context.Comments.Where(c => versions.Any(v => v.Id == c.VersionId)).Select(c => (int?)c.AuthorId))
            .Concat(context.Approvals.Where(a => versions.Any(v => v.Id == a.VersionId)).Select(a => (int?)a.MemberId));
        return await context.Users.Where(u => u.ErasedAt == null && (u.Id == document.CreatedById || ((u.Roles & Roles.Editor) == Roles.Editor && people.Contains(u.Id)))).Select(u => u.Id).ToListAsync(cancel);
    }
}
