using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Documents;

/// <summary>What members write in documents and have not stored yet: one a member and language version, saved by itself, and read by nobody else.</summary>
public sealed class DocumentDrafts(CommunityDbFactory db, DocumentKinds kinds, TimeProvider clock)
{
    /// <summary>What the actor wrote last; else the newest revision; before the first one the source that is to be translated, or nothing.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to write in.</exception>
    public async Task<OpenDraft> OpenAsync(Actor actor, VersionAddress address, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, actor, address, cancel);
        if (await Mine(context, actor, version).AsNoTracking().SingleOrDefaultAsync(cancel) is { } draft)
            return Opened(draft, version);
        var newest = await DocumentAccess.RevisionAsync(context, version.Id, version.LastNumber, cancel);
        var source = await context.Revisions.AsNoTracking().Where(r => r.VersionId == version.SourceId).OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancel);
        return new(newest?.Markdown ?? source?.Markdown ?? "", version.LastNumber, 0, source?.Number, version.LastNumber, null);
    }

    /// <summary>Keeps the text. Where another window of the actor saved meanwhile nothing is overwritten: the answer says so and brings that text.</summary>
    /// <param name="actor">Who writes.</param>
    /// <param name="address">Where.</param>
    /// <param name="markdown">Whatever was typed, at most <see cref="FrontMatter.MostOfDocument"/> characters.</param>
    /// <param name="place">What it was written on.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, or no such revision.</exception>
    /// <exception cref="RefusedException">Too long.</exception>
    public async Task<DraftSaved> SaveAsync(Actor actor, VersionAddress address, string markdown, DraftPlace place, CancellationToken cancel = default)
    {
        var text = DocumentAccess.Checked(markdown);
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, actor, address, cancel);
        if (place.Base < 0 || place.Base > version.LastNumber)
            throw new NotFoundException("revision");
        if (place.Source is { } number && !await context.Revisions.AnyAsync(r => r.VersionId == version.SourceId && r.Number == number, cancel))
            throw new NotFoundException("revision");
        var (mine, now) = (Mine(context, actor, version), clock.GetUtcNow());
        if (place.Version == 0)
        {
            context.Add(new DocumentDraft { VersionId = version.Id, MemberId = actor.MemberId, Markdown = text, BaseNumber = place.Base, Version = 1, SourceNumber = place.Source, SavedAt = now });
            try
            {
                await context.SaveChangesAsync(cancel);
                return new(true, 1, null);
            }
            catch (DbUpdateException) when (mine.Any())
            {
                // Another window was first; which text it saved stands below.
            }
        }
        else if (await mine.Where(d => d.Version == place.Version).ExecuteUpdateAsync(set => set.SetProperty(d => d.Markdown, text).SetProperty(d => d.BaseNumber, place.Base)
            .SetProperty(d => d.Version, place.Version + 1).SetProperty(d => d.SourceNumber, place.Source).SetProperty(d => d.SavedAt, now), cancel) == 1)
        {
            return new(true, place.Version + 1, null);
        }
        var other = await mine.AsNoTracking().SingleOrDefaultAsync(cancel);
        // Stored or thrown away in another window: what stands here now begins anew.
        if (other is null)
            return new(false, 0, await OpenAsync(actor, address, cancel));
        // Sent twice: saved is saved.
        return other.Markdown == text && other.BaseNumber == place.Base ? new(true, other.Version, null) : new(false, other.Version, Opened(other, version));
    }

    /// <summary>Throws the actor's draft away.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to write in.</exception>
    public async Task DiscardAsync(Actor actor, VersionAddress address, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await Mine(context, actor, await FindAsync(context, actor, address, cancel)).ExecuteDeleteAsync(cancel);
    }

    internal static IQueryable<DocumentDraft> Mine(CommunityDb context, Actor actor, LanguageVersion version) =>
        context.DocumentDrafts.Where(d => d.VersionId == version.Id && d.MemberId == actor.MemberId);

    static OpenDraft Opened(DocumentDraft draft, LanguageVersion version) => new(draft.Markdown, draft.BaseNumber, draft.Version, draft.SourceNumber, version.LastNumber, draft.SavedAt);

    // The operator at the command line has no drafts.
    Task<LanguageVersion> FindAsync(CommunityDb context, Actor actor, VersionAddress address, CancellationToken cancel) =>
        actor.IsMember ? DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel) : throw new NotFoundException("document");
}
