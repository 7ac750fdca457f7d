using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>Makes revisions. Whoever writes on an older one than the newest is merged with what came since, or asked; nobody overwrites anybody.</summary>
public sealed class Storing(CommunityDbFactory db, DocumentKinds kinds, TimeProvider clock)
{
    /// <summary>Characters of a note.</summary>
    public const int Note = 300;

    // Each time somebody else was faster, so that the others are through by then.
    const int Most = 200;

    /// <summary>Stores the actor's draft as the next revision, and with it the draft is gone. In a conflict nothing is written.</summary>
    /// <param name="actor">Who stores.</param>
    /// <param name="address">Where.</param>
    /// <param name="draft">The version of the draft that the actor sees.</param>
    /// <param name="note">What was changed, at most 300 characters; may be empty.</param>
    /// <param name="formKey">1 to 64 characters: the same again is the same revision.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, or no draft.</exception>
    /// <exception cref="RefusedException">A draft that another window saved meanwhile, a front matter that cannot be read, a note too long.</exception>
    public async Task<StoreResult> StoreAsync(Actor actor, VersionAddress address, int draft, string note, string formKey, CancellationToken cancel = default)
    {
        var (said, key) = (CheckedNote(note), DocumentAccess.KeyOf(actor, formKey));
        for (var time = 1; ; time++)
        {
            await using var context = db.CreateDbContext();
            var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
            if (await SameAsync(context, version, key, cancel) is { } same)
                return Stored(same);
            var mine = DocumentDrafts.Mine(context, actor, version);
            var written = await mine.AsNoTracking().SingleOrDefaultAsync(cancel);
            if (written is null)
            {
                // The same form may have stored it between the two questions.
                if (await SameAsync(context, version, key, cancel) is { } stored)
                    return Stored(stored);
                throw new NotFoundException("draft");
            }
            if (written.Version != draft)
                throw new RefusedException(Refusal.ChangedElsewhere);
            var text = written.Markdown;
            if (written.BaseNumber != version.LastNumber)
            {
                var origin = await DocumentAccess.RevisionAsync(context, version.Id, written.BaseNumber, cancel);
                var newest = await DocumentAccess.RevisionAsync(context, version.Id, version.LastNumber, cancel);
                var merged = DocumentMerge.Of(origin?.Markdown ?? "", text, newest?.Markdown ?? "");
                if (merged.Text is null)
                    return new(null, false, new(version.LastNumber, merged));
                text = DocumentAccess.Checked(merged.Text);
            }
            CheckFrontMatter(text);
            var revision = new Revision
            {
                VersionId = version.Id,
                Number = version.LastNumber + 1,
                AuthorId = DocumentAccess.NumberOf(actor),
                Note = said,
                At = clock.GetUtcNow(),
                Markdown = text,
                BaseNumber = written.BaseNumber,
                SourceNumber = written.SourceNumber,
                FormKey = key,
            };
            if (await AddAsync(context, revision, mine.Where(d => d.Version == draft), cancel))
                return Stored(revision);
            if (time == Most)
                throw new RefusedException(Refusal.ChangedElsewhere);
        }
    }

    /// <summary>Stores a text as the next revision, whatever stood before: what an import brings, and an old revision that is restored.</summary>
    /// <param name="actor">Who stores.</param>
    /// <param name="address">Where.</param>
    /// <param name="text">The text, made of what stands there now.</param>
    /// <param name="note">What was changed.</param>
    /// <param name="formKey">The same again is the same revision.</param>
    /// <param name="source">The revision of the source that was beside it.</param>
    /// <param name="also">What is true with the revision, or neither is.</param>
    /// <param name="cancel">Stops.</param>
    internal async Task<int> StoreTextAsync(Actor actor, VersionAddress address, Func<CommunityDb, LanguageVersion, Task<string>> text, string note, string formKey, int? source = null,
        Func<CommunityDb, LanguageVersion, Task>? also = null, CancellationToken cancel = default)
    {
        var (said, key) = (CheckedNote(note), DocumentAccess.KeyOf(actor, formKey));
        for (var time = 1; ; time++)
        {
            await using var context = db.CreateDbContext();
            var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
            if (await SameAsync(context, version, key, cancel) is { } same)
                return same.Number;
            var markdown = DocumentAccess.Checked(await text(context, version));
            CheckFrontMatter(markdown);
            var revision = new Revision
            {
                VersionId = version.Id,
                Number = version.LastNumber + 1,
                AuthorId = DocumentAccess.NumberOf(actor),
                Note = said,
                At = clock.GetUtcNow(),
                Markdown = markdown,
                BaseNumber = version.LastNumber,
                SourceNumber = source,
                FormKey = key,
            };
            if (await AddAsync(context, revision, null, cancel, also is null ? null : () => also(context, version)))
                return revision.Number;
            if (time == Most)
                throw new RefusedException(Refusal.ChangedElsewhere);
        }
    }

    /// <summary>Stores a text that was written elsewhere, such as an imported file. Answers with its number; the same form again is the same revision.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to write in.</exception>
    /// <exception cref="RefusedException">Too long, a front matter that cannot be read, a note too long.</exception>
    public Task<int> StoreTextAsync(Actor actor, VersionAddress address, string markdown, string note, string formKey, CancellationToken cancel = default) =>
        StoreTextAsync(actor, address, (_, _) => Task.FromResult(markdown), note, formKey, cancel: cancel);

    /// <summary>The revision that a form stored; null where it did not. Who sends it twice goes on from there.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to write in.</exception>
    public async Task<int?> StoredAsync(Actor actor, VersionAddress address, string formKey, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
        return (await SameAsync(context, version, DocumentAccess.KeyOf(actor, formKey), cancel))?.Number;
    }

    static StoreResult Stored(Revision revision) => new(revision.Number, revision.BaseNumber != revision.Number - 1, null);

    static void CheckFrontMatter(string text)
    {
        if (FrontMatter.Of(text).Fault is { } fault)
            throw new RefusedException(Refusal.BadFrontMatter, fault.Line, fault.Column);
    }

    static string CheckedNote(string? note) => PlainText.Within(PlainText.Line(note), Note);

    static Task<Revision?> SameAsync(CommunityDb context, LanguageVersion version, string key, CancellationToken cancel) =>
        PreparedQuestions.Ready(context.Revisions.AsNoTracking()).SingleOrDefaultAsync(r => r.VersionId == version.Id && r.FormKey == key, cancel);

    // Whoever is second with a number, a form or a draft writes nothing, and looks again.
    static async Task<bool> AddAsync(CommunityDb context, Revision revision, IQueryable<DocumentDraft>? draft, CancellationToken cancel, Func<Task>? also = null)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        if (await context.LanguageVersions.Where(v => v.Id == revision.VersionId && v.LastNumber == revision.Number - 1)
            .ExecuteUpdateAsync(set => set.SetProperty(v => v.LastNumber, revision.Number), cancel) == 0)
            return false;
        if (draft is not null && await draft.ExecuteDeleteAsync(cancel) == 0)
            return false;
        context.Add(revision);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            if (context.Revisions.Any(r => r.VersionId == revision.VersionId && (r.Number == revision.Number || r.FormKey == revision.FormKey)))
                return false;
            throw;
        }
        context.AddRange(SectionsOf(revision));
        await context.SaveChangesAsync(cancel);
        await TalkTopics.FollowAsync(context, revision, cancel);
        if (also is not null)
            await also();
        await transaction.CommitAsync(cancel);
        return true;
    }

    /// <summary>What stands under the headings of a revision that has its number.</summary>
    internal static IEnumerable<RevisionSection> SectionsOf(Revision revision) => SectionsOf(revision, Sections.Of(revision.Markdown));

    /// <summary>The same of sections that were read already.</summary>
    internal static IEnumerable<RevisionSection> SectionsOf(Revision revision, IReadOnlyList<Section> sections) => sections.Where(section => section.SaysSomething).Select((section, index) => new RevisionSection
    {
        RevisionId = revision.Id,
        Position = index + 1,
        Key = section.Key,
        Heading = PlainText.Beginning(section.Heading, 200),
        Hash = section.Hash,
    });
}
