using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Documents;

/// <summary>That a reviewer would show a revision to everybody.</summary>
public sealed class Approval
{
    /// <summary>Of which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>Which revision.</summary>
    public int Number { get; set; }
    /// <summary>Who says so.</summary>
    public int MemberId { get; set; }
    /// <summary>For whom they work; null where that organisation is no more.</summary>
    public int? OrganisationId { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>Whether somebody may review a revision, and if not, why.</summary>
public enum ReviewerStanding
{
    /// <summary>They may approve.</summary>
    May = 1,
    /// <summary>They have.</summary>
    Approved = 2,
    /// <summary>They wrote in it themselves.</summary>
    OwnText = 3,
    /// <summary>It is their own organisation's.</summary>
    OwnOrganisation = 4,
    /// <summary>They belong to no organisation, and an approval counts for one.</summary>
    NoOrganisation = 5,
    /// <summary>It neither waits for a review nor is it published.</summary>
    NotNow = 6,
}

/// <summary>Who approved.</summary>
/// <param name="By">Their name.</param>
/// <param name="Organisation">Their organisation's name; empty where it is no more.</param>
/// <param name="At">When.</param>
public sealed record ApprovalRow(string By, string Organisation, DateTimeOffset At)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
}

/// <summary>How the review of a revision stands.</summary>
/// <param name="Approvals">Who approved, the first first.</param>
/// <param name="Organisations">How many organisations these are.</param>
/// <param name="Mine">What the actor may do; null for who is no reviewer.</param>
public sealed record ReviewState(IReadOnlyList<ApprovalRow> Approvals, int Organisations, ReviewerStanding? Mine);

/// <summary>Reviewers of other organisations say that a revision is good. Nobody reviews what they or their own organisation wrote.</summary>
public sealed class Approvals(CommunityDbFactory db, DocumentKinds kinds, Feed feed, TimeProvider clock)
{
    /// <summary>From so many organisations on a revision is reviewed.</summary>
    public const int Needed = 2;

    const int Most = 50;

    /// <summary>Approves a revision that waits for a review or is published; approved twice, it is approved.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor reviews nothing of this kind.</exception>
    /// <exception cref="RefusedException">Their own text or their organisation's, no organisation, or a revision that is not to be reviewed any more.</exception>
    public async Task ApproveAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var version = await FindAsync(context, actor, address, cancel);
        var (standing, organisation) = await StandingAsync(context, actor, version, number, cancel);
        if (standing == ReviewerStanding.Approved)
            return;
        if (standing != ReviewerStanding.May)
            throw new RefusedException(RefusalOf(standing));
        context.Add(new Approval { VersionId = version.Id, Number = number, MemberId = actor.MemberId, OrganisationId = organisation, At = clock.GetUtcNow() });
        context.Note(clock.GetUtcNow(), actor, "approved", address, number);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            // The same form, sent at the same moment.
            if (await Of(context, version.Id, number).AnyAsync(a => a.MemberId == actor.MemberId, cancel))
                return;
            throw;
        }
        await context.ChangeShelfOfAsync(version, address.Kind, cancel);
        var notices = await context.TellAuthorsAsync(NoticeKind.Reviewed, actor, version, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell(notices);
    }

    /// <summary>Takes the actor's approval back; nothing where there is none.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor reviews nothing of this kind.</exception>
    public async Task TakeBackAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var version = await FindAsync(context, actor, address, cancel);
        if (await Of(context, version.Id, number).Where(a => a.MemberId == actor.MemberId).ExecuteDeleteAsync(cancel) > 0)
            context.Note(clock.GetUtcNow(), actor, "unapproved", address, number);
        await context.SaveChangesAsync(cancel);
        await context.ChangeShelfOfAsync(version, address.Kind, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>How the review of a revision stands.</summary>
    /// <exception cref="NotFoundException">Absent, or not the actor's to read.</exception>
    public async Task<ReviewState> StateAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel);
        var rows = await Of(context, version.Id, number).OrderBy(a => a.At).Take(Most).Select(a => new ApprovalRow(
            context.Users.Where(u => u.Id == a.MemberId).Select(u => u.DisplayName).FirstOrDefault() ?? "",
            context.Organisations.Where(o => o.Id == a.OrganisationId).Select(o => o.Name).FirstOrDefault() ?? "", a.At)).ToListAsync(cancel);
        return new(rows, await CountAsync(context, version.Id, number, cancel),
            actor.IsMember && kinds[address.Kind].MayPublish(actor) ? (await StandingAsync(context, actor, version, number, cancel)).Standing : null);
    }

    /// <summary>Why somebody may not approve.</summary>
    public static Refusal RefusalOf(ReviewerStanding standing) => standing switch
    {
        ReviewerStanding.OwnText => Refusal.ReviewsOwnText,
        ReviewerStanding.OwnOrganisation => Refusal.ReviewsOwnOrganisation,
        ReviewerStanding.NoOrganisation => Refusal.ReviewsForNobody,
        _ => Refusal.ChangedElsewhere,
    };

    /// <summary>How many organisations besides its own approved a revision.</summary>
    internal static Task<int> CountAsync(CommunityDb context, int version, int number, CancellationToken cancel) =>
        ThatCount(context).Where(a => a.VersionId == version && a.Number == number).Select(a => a.OrganisationId).Distinct().CountAsync(cancel);

    /// <summary>The approvals of other organisations than the document's own.</summary>
    internal static IQueryable<Approval> ThatCount(CommunityDb context) =>
        from a in context.Approvals
        join v in context.LanguageVersions on a.VersionId equals v.Id
        join d in context.Documents on v.DocumentId equals d.Id
        where a.OrganisationId != null && (d.OrganisationId == null || a.OrganisationId != d.OrganisationId)
        select a;

    static IQueryable<Approval> Of(CommunityDb context, int version, int number) => context.Approvals.Where(a => a.VersionId == version && a.Number == number);

    async Task<LanguageVersion> FindAsync(CommunityDb context, Actor actor, VersionAddress address, CancellationToken cancel) => actor.IsMember && kinds[address.Kind].MayPublish(actor)
        ? await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel)
        : throw new NotFoundException("document");

    static async Task<(ReviewerStanding Standing, int? Organisation)> StandingAsync(CommunityDb context, Actor actor, LanguageVersion version, int number, CancellationToken cancel)
    {
        var known = await context.Users.Where(u => u.Id == actor.MemberId).Select(u => new
        {
            u.OrganisationId,
            Approved = context.Approvals.Any(a => a.VersionId == version.Id && a.Number == number && a.MemberId == u.Id),
            Wrote = context.Documents.Any(d => d.Id == version.DocumentId && d.CreatedById == u.Id) || context.Revisions.Any(r => r.VersionId == version.Id && r.AuthorId == u.Id),
            Own = context.Documents.Any(d => d.Id == version.DocumentId && d.OrganisationId != null && d.OrganisationId == u.OrganisationId),
            Now = context.Submissions.Any(s => s.VersionId == version.Id && s.Number == number && s.EndedAt == null) || context.Publications.Any(p => p.VersionId == version.Id && p.Number == number && p.EndedAt == null),
        }).SingleAsync(cancel);
        var standing = known switch
        {
            { Approved: true } => ReviewerStanding.Approved,
            { Now: false } => ReviewerStanding.NotNow,
            { Wrote: true } => ReviewerStanding.OwnText,
            { Own: true } => ReviewerStanding.OwnOrganisation,
            { OrganisationId: null } => ReviewerStanding.NoOrganisation,
            _ => ReviewerStanding.May,
        };
        return (standing, known.OrganisationId);
    }
}
