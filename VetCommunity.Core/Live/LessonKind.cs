using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>The rules of lessons that were made of a live session: those who lead it write and publish them, and the editors of its author's organisation, or all editors where it belongs to none.</summary>
public sealed class LessonKind : IDocumentKind
{
    /// <inheritdoc/>
    public DocumentKind Kind => DocumentKind.Lesson;

    /// <inheritdoc/>
    public bool IsReviewed => false;

    /// <inheritdoc/>
    public bool MayCreate(Actor actor) => actor.May(Act.TakePart);

    /// <inheritdoc/>
    public bool MayPublish(Actor actor) => actor.May(Act.TakePart) || actor == Actor.Operator;

    /// <inheritdoc/>
    public IQueryable<Document> Readable(CommunityDb db, Actor actor) => Writable(db, actor);

    /// <inheritdoc/>
    public IQueryable<Document> Writable(CommunityDb db, Actor actor)
    {
        var (me, isEditor, isOperator) = (actor.MemberId, actor.May(Act.EditPractices), actor == Actor.Operator);
        var led = LiveSessions.LedBy(db, actor);
        return db.Documents.Where(d => isOperator || led.Any(s => s.LessonId == d.Id)
            || (isEditor && (d.OrganisationId == null || db.Users.Any(u => u.Id == me && u.OrganisationId == d.OrganisationId))));
    }

    /// <inheritdoc/>
    public IQueryable<Member> Reviewers(CommunityDb db) => db.Users.Where(u => false);

    /// <inheritdoc/>
    public Task<string> BeginningAsync(CommunityDb db, string title, CancellationToken cancel) => Task.FromResult("");
}
