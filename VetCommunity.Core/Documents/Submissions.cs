using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Documents;

/// <summary>The last submission of a language version.</summary>
/// <param name="Number">Which revision.</param>
/// <param name="By">Who submitted it.</param>
/// <param name="At">When.</param>
/// <param name="Outcome">How it ended; null while it waits.</param>
/// <param name="EndedBy">Who ended it; empty while it waits.</param>
/// <param name="EndedAt">When.</param>
/// <param name="Note">What the authors are to change.</param>
public sealed record LastSubmission(int Number, string By, DateTimeOffset At, ReviewOutcome? Outcome, string EndedBy, DateTimeOffset? EndedAt, string Note)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string EndedBy { get => FormerMember.Shown(field); init; } = EndedBy;
}

/// <summary>What waits for a review: submitted by authors, published or returned by those who may publish. Each step says who and when.</summary>
public sealed class Submissions(CommunityDbFactory db, DocumentKinds kinds, Feed feed, TimeProvider clock)
{
    /// <summary>Characters of what is to be changed.</summary>
    public const int Note = 2000;

    /// <summary>Asks for a review of a revision; one that waits already is replaced.</summary>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, or no such revision.</exception>
    public async Task SubmitAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
        if (await DocumentAccess.RevisionAsync(context, version.Id, number, cancel) is null)
            throw new NotFoundException("revision");
        // Sent twice: submitted is submitted.
        if (await Waiting(context, version.Id).AnyAsync(s => s.Number == number, cancel))
            return;
        // The same one, sent at the same moment, is in the way below instead of being replaced by itself.
        await EndAsync(Waiting(context, version.Id).Where(s => s.Number != number), ReviewOutcome.Replaced, actor, clock.GetUtcNow(), "", cancel);
        context.Add(new Submission { VersionId = version.Id, Number = number, ById = DocumentAccess.NumberOf(actor), At = clock.GetUtcNow() });
        context.Note(clock.GetUtcNow(), actor, "submitted", address, number);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (!cancel.IsCancellationRequested)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            var first = await Waiting(context, version.Id).AsNoTracking().FirstOrDefaultAsync(cancel) ?? throw new InvalidOperationException("Nothing is in the way of a submission that was refused.", error);
            if (first.Number == number)
                return;
            throw new RefusedException(Refusal.ChangedElsewhere);
        }
        var notices = await context.TellReviewersAsync(kinds[address.Kind], actor, version, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell(notices);
    }

    /// <summary>Takes back what waits; nothing where nothing does.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to write in.</exception>
    public async Task TakeBackAsync(Actor actor, VersionAddress address, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
        if (await Waiting(context, version.Id).Select(s => (int?)s.Number).SingleOrDefaultAsync(cancel) is { } number)
            context.Note(clock.GetUtcNow(), actor, "recalled", address, number);
        await context.SaveChangesAsync(cancel);
        await EndAsync(Waiting(context, version.Id), ReviewOutcome.TakenBack, actor, clock.GetUtcNow(), "", cancel);
        var calledOff = await context.CallOffReviewersAsync(version, cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell([], calledOff);
    }

    /// <summary>Gives what waits back to its authors.</summary>
    /// <param name="actor">Who may publish.</param>
    /// <param name="address">Where.</param>
    /// <param name="number">The revision that the actor read.</param>
    /// <param name="note">What is to be changed, 1 to <see cref="Note"/> characters.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor may not publish it.</exception>
    /// <exception cref="RefusedException">No note, one that is too long, or this revision does not wait any more.</exception>
    public async Task ReturnAsync(Actor actor, VersionAddress address, int number, string? note, CancellationToken cancel = default)
    {
        var said = PlainText.Within(PlainText.Lines(note), Note);
        if (said.Length == 0)
            throw new RefusedException(Refusal.EmptyText);
        await using var context = db.CreateDbContext();
        if (!kinds[address.Kind].MayPublish(actor))
            throw new NotFoundException("document");
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel);
        var now = clock.GetUtcNow();
        if (await EndAsync(Waiting(context, version.Id).Where(s => s.Number == number), ReviewOutcome.Returned, actor, now, said, cancel) == 0)
            throw new RefusedException(Refusal.ChangedElsewhere);
        context.Note(now, actor, "returned", address, number);
        await context.SaveChangesAsync(cancel);
        var notices = await context.TellAuthorsAsync(NoticeKind.Reviewed, actor, version, now, cancel);
        var calledOff = await context.CallOffReviewersAsync(version, cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell(notices, calledOff);
    }

    /// <summary>The last submission; null where there was none.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to read.</exception>
    public async Task<LastSubmission?> LastAsync(Actor actor, VersionAddress address, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel);
        return await (
            from s in context.Submissions
            where s.VersionId == version.Id
            orderby s.Id descending
            select new LastSubmission(s.Number, context.Users.Where(u => u.Id == s.ById).Select(u => u.DisplayName).FirstOrDefault() ?? "", s.At, s.Outcome,
                context.Users.Where(u => u.Id == s.EndedById).Select(u => u.DisplayName).FirstOrDefault() ?? "", s.EndedAt, s.Note)).FirstOrDefaultAsync(cancel);
    }

    internal static IQueryable<Submission> Waiting(CommunityDb context, int version) => context.Submissions.Where(s => s.VersionId == version && s.EndedAt == null);

    internal static Task<int> EndAsync(IQueryable<Submission> submissions, ReviewOutcome outcome, Actor actor, DateTimeOffset at, string note, CancellationToken cancel)
    {
        var me = DocumentAccess.NumberOf(actor);
        return submissions.ExecuteUpdateAsync(set => set.SetProperty(s => s.EndedAt, at).SetProperty(s => s.EndedById, me).SetProperty(s => s.Outcome, outcome).SetProperty(s => s.Note, note), cancel);
    }
}
