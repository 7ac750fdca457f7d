using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Documents;

/// <summary>What everybody reads: a revision that somebody with the right chose. Storing another one changes nothing of it.</summary>
public sealed class Publications(CommunityDbFactory db, DocumentKinds kinds, Feed feed, TimeProvider clock)
{
    static readonly OftenAsked<long> Stamps = new(db => db.Shelves.Select(s => s.Version));

    /// <summary>How often what is published of any kind has changed, by whatever process. It costs one small question.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<long> VersionAsync(Actor actor, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        return (await Stamps.AskAsync(context, cancel)).Sum();
    }

    /// <summary>Shows a revision to everybody, instead of the one that they read before.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor may not publish it.</exception>
    /// <exception cref="RefusedException">A section that is too long or too deeply nested to be shown, reviewers who have not approved it yet, what its kind refuses, or somebody else published at the same moment.</exception>
    public async Task PublishAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        // A revision never changes: it is rendered before, so that nobody waits for it.
        var revision = await DocumentAccess.RevisionAsync(context, (await FindAsync(context, actor, address, cancel)).Id, number, cancel) ?? throw new NotFoundException("revision");
        var edition = Edition.Of(revision, clock.GetUtcNow());
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var version = await FindAsync(context, actor, address, cancel);
        // Sent twice: published is published.
        if (await Present(context, version.Id).AnyAsync(p => p.Number == number, cancel))
            return;
        var needed = kinds[address.Kind].ApprovalsToPublish;
        if (needed > 0 && actor != Actor.Operator && await Approvals.CountAsync(context, version.Id, number, cancel) < needed)
            throw new RefusedException(Refusal.NeedsReviews, needed);
        // The same one, published at the same moment, is in the way below instead of being ended by itself.
        await EndAsync(context, actor, version, number, cancel);
        context.Add(new Publication { VersionId = version.Id, Number = number, ById = DocumentAccess.NumberOf(actor), At = edition.At });
        context.Add(edition);
        // What an import brings by the thousand stands in its publications; the log is of what people decide.
        if (actor != Actor.Operator)
            context.Note(edition.At, actor, "published", address, number);
        // What was submitted since still waits.
        await Submissions.EndAsync(Submissions.Waiting(context, version.Id).Where(s => s.Number <= number), ReviewOutcome.Published, actor, edition.At, "", cancel);
        await context.ChangeShelfAsync(address.Kind, cancel);
        await kinds[address.Kind].CheckAsync(context, address, revision.Markdown, cancel);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (!cancel.IsCancellationRequested)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            var present = await Present(context, version.Id).AsNoTracking().FirstOrDefaultAsync(cancel) ?? throw new InvalidOperationException("Nothing is in the way of a publication that was refused.", error);
            if (present.Number == number)
                return;
            // Two published at once: one of them reads what the other chose, and decides again.
            throw new RefusedException(Refusal.ChangedElsewhere);
        }
        var notices = kinds[address.Kind].IsReviewed ? await context.TellAuthorsAsync(NoticeKind.Reviewed, actor, version, edition.At, cancel) : [];
        var calledOff = await Submissions.Waiting(context, version.Id).AnyAsync(cancel) ? [] : await context.CallOffReviewersAsync(version, cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell(notices, calledOff);
    }

    /// <summary>Takes the published revision away from the public.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor may not publish it.</exception>
    public async Task WithdrawAsync(Actor actor, VersionAddress address, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var version = await FindAsync(context, actor, address, cancel);
        if (await DocumentAccess.PublishedAsync(context, version.Id, cancel) is { } number)
            context.Note(clock.GetUtcNow(), actor, "withdrawn", address, number);
        await context.SaveChangesAsync(cancel);
        await EndAsync(context, actor, version, but: null, cancel);
        await context.ChangeShelfAsync(address.Kind, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The revision that everybody reads, a visitor too.</summary>
    /// <exception cref="NotFoundException">None is published, or the document is deleted.</exception>
    public async Task<PublishedRevision> ReadAsync(Actor actor, VersionAddress address, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        return await (
            from d in context.Documents
            where d.Kind == address.Kind && d.Slug == address.Slug && d.DeletedAt == null
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            where v.Language == address.Language
            join p in context.Publications on v.Id equals p.VersionId
            where p.EndedAt == null
            join r in context.Revisions on new { p.VersionId, p.Number } equals new { r.VersionId, r.Number }
            select new PublishedRevision(r.Number, r.Markdown, p.At)).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("document");
    }

    static IQueryable<Publication> Present(CommunityDb context, int version) => context.Publications.Where(p => p.VersionId == version && p.EndedAt == null);

    async Task<LanguageVersion> FindAsync(CommunityDb context, Actor actor, VersionAddress address, CancellationToken cancel) => kinds[address.Kind].MayPublish(actor)
        ? await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel)
        : throw new NotFoundException("document");

    async Task EndAsync(CommunityDb context, Actor actor, LanguageVersion version, int? but, CancellationToken cancel)
    {
        var (now, me) = (clock.GetUtcNow(), DocumentAccess.NumberOf(actor));
        await Present(context, version.Id).Where(p => p.Number != but).ExecuteUpdateAsync(set => set.SetProperty(p => p.EndedAt, now).SetProperty(p => p.EndedById, me), cancel);
        await context.Editions.Where(e => e.VersionId == version.Id && e.Number != but).ExecuteDeleteAsync(cancel);
    }
}
