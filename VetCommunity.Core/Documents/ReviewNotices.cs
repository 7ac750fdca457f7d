using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Documents;

/// <summary>Word of reviews: one notice a language version, kind and person, that rings afresh. It is stored in the transaction of what it tells of; who did that publishes it afterwards.</summary>
static class ReviewNotices
{
    // More are not rung for: who reviews has a list of what waits.
    const int MostReviewers = 100;
    // Titles stand at the beginning.
    const int Beginning = NamedDocuments.Beginning;

    /// <summary>Those who review hear that something waits; who submitted it and who wrote it knows.</summary>
    public static async Task<IReadOnlyList<WrittenNotice>> TellReviewersAsync(this CommunityDb context, IDocumentKind kind, Actor actor, LanguageVersion version, DateTimeOffset at, CancellationToken cancel)
    {
        var authors = await AuthorsAsync(context, version, cancel);
        var reviewers = await kind.Reviewers(context).Where(u => u.Id != actor.MemberId && !authors.Contains(u.Id)).OrderBy(u => u.Id).Take(MostReviewers).Select(u => u.Id).ToListAsync(cancel);
        return await TellAsync(context, NoticeKind.ReviewAsked, reviewers, actor, version, at, cancel);
    }

    /// <summary>Those who wrote it and who submitted it hear what became of it.</summary>
    public static async Task<IReadOnlyList<WrittenNotice>> TellAuthorsAsync(this CommunityDb context, NoticeKind kind, Actor actor, LanguageVersion version, DateTimeOffset at, CancellationToken cancel) =>
        await TellAsync(context, kind, await AuthorsAsync(context, version, cancel), actor, version, at, cancel);

    /// <summary>Those who wrote the document, who made a remark and who answered it hear that somebody said something.</summary>
    public static async Task<IReadOnlyList<WrittenNotice>> TellOfRemarkAsync(this CommunityDb context, Actor actor, LanguageVersion version, int? remark, DateTimeOffset at, CancellationToken cancel)
    {
        var talking = remark is null ? [] : await context.Comments.Where(c => c.Id == remark || c.ParentId == remark).Select(c => c.AuthorId).Distinct().ToListAsync(cancel);
        return await TellAsync(context, NoticeKind.Remarked, [.. await AuthorsAsync(context, version, cancel), .. talking], actor, version, at, cancel);
    }

    /// <summary>Nothing waits any more, and nobody is called to review it. Answers who was.</summary>
    public static async Task<IReadOnlyList<int>> CallOffReviewersAsync(this CommunityDb context, LanguageVersion version, CancellationToken cancel)
    {
        var calls = context.Notices.Where(n => n.ConversationId == 0 && n.Seq == version.Id && n.Kind == NoticeKind.ReviewAsked);
        var called = await PreparedQuestions.Ready(calls.Select(n => n.MemberId)).ToListAsync(cancel);
        if (called.Count > 0)
            await calls.ExecuteDeleteAsync(cancel);
        return called;
    }

    /// <summary>Says what was stored, now that it is.</summary>
    public static void Tell(this Feed feed, IReadOnlyList<WrittenNotice> notices, IReadOnlyList<int>? calledOff = null)
    {
        foreach (var member in calledOff ?? [])
            feed.Publish(new NoticesRead(member));
        if (notices.Count > 0)
            feed.Publish(new MembersNoticed(notices));
    }

    static async Task<List<int>> AuthorsAsync(CommunityDb context, LanguageVersion version, CancellationToken cancel)
    {
        var authors = await context.Documents.Where(d => d.Id == version.DocumentId).Select(d => d.CreatedById)
            .Concat(context.Submissions.Where(s => s.VersionId == version.Id).OrderByDescending(s => s.Id).Take(1).Select(s => s.ById)).ToListAsync(cancel);
        return [.. authors.Append(version.CreatedById).OfType<int>().Distinct()];
    }

    static async Task<IReadOnlyList<WrittenNotice>> TellAsync(
        CommunityDb context, NoticeKind kind, IEnumerable<int> members, Actor actor, LanguageVersion version, DateTimeOffset at, CancellationToken cancel)
    {
        // Whoever is told may read it.
        var title = await context.Revisions.Where(r => r.VersionId == version.Id).OrderByDescending(r => r.Number).Select(r => r.Markdown.Substring(0, Beginning)).FirstOrDefaultAsync(cancel) is { } beginning
            ? NamedDocuments.TitleIn(beginning, "") : "";
        // Nobody did what is done at the command line. In one order, so that of two at once none waits for the other.
        List<WrittenNotice> notices = actor.IsMember ? [.. members.Distinct().Where(member => member != actor.MemberId).Order()
            .Select(member => new WrittenNotice(member, kind, ConversationId: 0, version.Id, Conversation: "", In: null, title, actor.MemberId, actor.Name))] : [];
        foreach (var notice in notices)
            await context.RingAsync(notice, at, cancel);
        return notices;
    }
}
