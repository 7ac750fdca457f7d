using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>
/// The rules of good practices. Any member may begin one. Its author and the editors of its organisation write in it, or all editors where it belongs to none; every editor reads it, as a reviewer has to, and
/// may publish it.
/// </summary>
/// <param name="approvalsToPublish">See <see cref="IDocumentKind.ApprovalsToPublish"/>.</param>
public sealed class PracticeKind(int approvalsToPublish = 0) : IDocumentKind
{
    /// <inheritdoc/>
    public int ApprovalsToPublish { get; } = approvalsToPublish;

    /// <inheritdoc/>
    public DocumentKind Kind => DocumentKind.Practice;

    /// <inheritdoc/>
    public bool MayCreate(Actor actor) => actor.May(Act.TakePart);

    /// <inheritdoc/>
    public bool MayPublish(Actor actor) => actor.May(Act.EditPractices) || actor == Actor.Operator;

    /// <inheritdoc/>
    public IQueryable<Document> Readable(CommunityDb db, Actor actor)
    {
        var (me, isEditor) = (actor.MemberId, MayPublish(actor));
        return db.Documents.Where(d => isEditor || (me != 0 && d.CreatedById == me));
    }

    /// <inheritdoc/>
    public IQueryable<Document> Writable(CommunityDb db, Actor actor)
    {
        var (me, isEditor, isOperator) = (actor.MemberId, actor.May(Act.EditPractices), actor == Actor.Operator);
        return db.Documents.Where(d => isOperator || (me != 0 && (d.CreatedById == me
            || (isEditor && (d.OrganisationId == null || db.Users.Any(u => u.Id == me && u.OrganisationId == d.OrganisationId))))));
    }

    /// <inheritdoc/>
    public IQueryable<Member> Reviewers(CommunityDb db) => db.Users.Where(u => (u.Roles & Roles.Editor) == Roles.Editor && u.ErasedAt == null);

    /// <inheritdoc/>
    /// <exception cref="RefusedException"><see cref="Refusal.ReplacesItself"/></exception>
    public Task CheckAsync(CommunityDb db, VersionAddress address, string markdown, CancellationToken cancel) => PracticeTies.RefuseCircleAsync(db, address.Slug, markdown, cancel);

    /// <inheritdoc/>
    public async Task<string> BeginningAsync(CommunityDb db, string title, CancellationToken cancel) => (await TemplateText.PresentAsync(db, cancel)).Begun(title);
}
