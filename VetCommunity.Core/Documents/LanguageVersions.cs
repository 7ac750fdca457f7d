using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Documents;

/// <summary>The languages of a document, and how each stands to the one it is translated from.</summary>
public sealed class LanguageVersions(CommunityDbFactory db, DocumentKinds kinds, TimeProvider clock)
{
    /// <summary>Adds a language, to be translated from another one. What is there already stays as it is.</summary>
    /// <exception cref="NotFoundException">No such language version to translate, or not the actor's to write in.</exception>
    /// <exception cref="RefusedException">No language.</exception>
    public async Task AddAsync(Actor actor, VersionAddress source, string language, CancellationToken cancel = default)
    {
        AllDocuments.CheckLanguage(language);
        await using var context = db.CreateDbContext();
        var from = await DocumentAccess.FindAsync(context, kinds, actor, source, toWrite: true, cancel);
        var same = context.LanguageVersions.Where(v => v.DocumentId == from.DocumentId && v.Language == language);
        if (await same.AnyAsync(cancel))
            return;
        context.Add(new LanguageVersion { DocumentId = from.DocumentId, Language = language, SourceId = from.Id, CreatedById = DocumentAccess.NumberOf(actor), CreatedAt = clock.GetUtcNow() });
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (same.Any())
        {
            // Two began it at once: it is one.
        }
    }

    /// <summary>How each section stands.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to read.</exception>
    public async Task<LanguageStates> StatesAsync(Actor actor, VersionAddress address, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var (version, source) = await FindAsync(context, actor, address, toWrite: false, cancel);
        if (source is null)
            return new(null, 0, []);
        var own = await DocumentAccess.SectionsAsync(context, version.Id, version.LastNumber, cancel);
        var number = await ToTranslateAsync(context, source, cancel);
        return new(source.Language, number, SectionStates.Of(await DocumentAccess.SectionsAsync(context, source.Id, number, cancel), own, await MarksAsync(context, version, cancel)));
    }

    /// <summary>What became of a section of the source since it was translated, word by word.</summary>
    /// <exception cref="NotFoundException">Absent, not the actor's to read, or no section that was translated.</exception>
    public async Task<IReadOnlyList<DifferentPiece>> SourceChangesAsync(Actor actor, VersionAddress address, string sourceKey, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (version, source) = await FindAsync(context, actor, address, toWrite: false, cancel);
        var hash = await context.SectionTranslations.Where(t => t.VersionId == version.Id && t.SourceKey == sourceKey).Select(t => t.SourceHash).SingleOrDefaultAsync(cancel);
        if (source is null || hash is null)
            throw new NotFoundException("section");
        var then = await context.Revisions.Where(r => r.VersionId == source.Id && context.RevisionSections.Any(s => s.RevisionId == r.Id && s.Key == sourceKey && s.Hash == hash))
            .OrderByDescending(r => r.Number).Select(r => r.Markdown).FirstOrDefaultAsync(cancel);
        var now = await DocumentAccess.RevisionAsync(context, source.Id, await ToTranslateAsync(context, source, cancel), cancel);
        return Differences.ByWords(TextOf(then, sourceKey), TextOf(now?.Markdown, sourceKey));
    }

    /// <summary>Says of sections that they are the translation of what the source said in one of its revisions.</summary>
    /// <param name="actor">Who translated them.</param>
    /// <param name="address">The translated language version.</param>
    /// <param name="sourceNumber">The revision of the source that the actor had before them.</param>
    /// <param name="pairs">Sections of the source and those that translate them; null guesses all by <see cref="SectionStates.Pairs"/>.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, or no such revision or section.</exception>
    public async Task MarkAsync(Actor actor, VersionAddress address, int sourceNumber, IReadOnlyCollection<(string SourceKey, string Key)>? pairs = null, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (version, source) = await FindAsync(context, actor, address, toWrite: true, cancel);
        if (source is null)
            throw new NotFoundException("source");
        var sources = await DocumentAccess.SectionsAsync(context, source.Id, sourceNumber, cancel);
        var owns = await DocumentAccess.SectionsAsync(context, version.Id, version.LastNumber, cancel);
        pairs ??= [.. SectionStates.Pairs(sources, owns).Select(pair => (pair.Source.Key, pair.Own.Key))];
        var known = await context.SectionTranslations.Where(t => t.VersionId == version.Id).ToDictionaryAsync(t => t.SourceKey, cancel);
        foreach (var (sourceKey, key) in pairs)
        {
            var hash = sources.SingleOrDefault(one => one.Key == sourceKey)?.Hash;
            if (hash is null || !owns.Exists(one => one.Key == key))
                throw new NotFoundException("section");
            if (!known.TryGetValue(sourceKey, out var mark))
                context.Add(known[sourceKey] = mark = new() { VersionId = version.Id, SourceKey = sourceKey, SourceHash = hash, Key = key });
            (mark.SourceHash, mark.Key, mark.ById, mark.At) = (hash, key, DocumentAccess.NumberOf(actor), clock.GetUtcNow());
        }
        await context.SaveChangesAsync(cancel);
        await context.ChangeShelfOfAsync(version, address.Kind, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>The revision of a source that is translated: the one that readers have, since what is still being written and reviewed may change again; before there is one, the newest.</summary>
    internal static async Task<int> ToTranslateAsync(CommunityDb context, LanguageVersion source, CancellationToken cancel) =>
        await DocumentAccess.PublishedAsync(context, source.Id, cancel) ?? source.LastNumber;

    internal static Task<List<TranslatedSection>> MarksAsync(CommunityDb context, LanguageVersion version, CancellationToken cancel) =>
        context.SectionTranslations.Where(t => t.VersionId == version.Id).Select(t => new TranslatedSection(t.SourceKey, t.SourceHash, t.Key)).ToListAsync(cancel);

    /// <summary>Whether the published original says something that a published translation does not say. Of a translation of which nobody ever said what it translates, nobody knows.</summary>
    internal static async Task<bool> IsBehindAsync(CommunityDb context, int versionId, int number, CancellationToken cancel)
    {
        var version = await context.LanguageVersions.AsNoTracking().SingleAsync(v => v.Id == versionId, cancel);
        var original = await context.LanguageVersions.AsNoTracking().SingleAsync(v => v.DocumentId == version.DocumentId && v.SourceId == null, cancel);
        var published = await DocumentAccess.PublishedAsync(context, original.Id, cancel);
        var marks = await context.SectionTranslations.AsNoTracking().Where(t => t.VersionId == versionId).ToDictionaryAsync(t => t.SourceKey, cancel);
        if (version.SourceId != original.Id || published is null || marks.Count == 0)
            return false;
        var shown = (await DocumentAccess.SectionsAsync(context, versionId, number, cancel)).ToDictionary(one => one.Key, one => one.Hash, StringComparer.Ordinal);
        var newest = (await DocumentAccess.SectionsAsync(context, versionId, version.LastNumber, cancel)).ToDictionary(one => one.Key, one => one.Hash, StringComparer.Ordinal);
        var next = await context.Revisions.Where(r => r.VersionId == versionId && r.Number == number + 1).Select(r => (DateTimeOffset?)r.At).SingleOrDefaultAsync(cancel) ?? DateTimeOffset.MaxValue;
        return (await DocumentAccess.SectionsAsync(context, original.Id, published.Value, cancel)).Exists(section => !Says(section));

        // What was said of a revision that readers do not have yet holds for them where the section is the same.
        bool Says(KnownSection section) => marks.TryGetValue(section.Key, out var mark) && mark.SourceHash == section.Hash
            && (mark.At < next ? shown.ContainsKey(mark.Key) || newest.ContainsKey(mark.Key) : shown.TryGetValue(mark.Key, out var hash) && newest.GetValueOrDefault(mark.Key) == hash);
    }

    async Task<(LanguageVersion Version, LanguageVersion? Source)> FindAsync(CommunityDb context, Actor actor, VersionAddress address, bool toWrite, CancellationToken cancel)
    {
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite, cancel);
        return (version, await context.LanguageVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == version.SourceId, cancel));
    }

    static string TextOf(string? markdown, string key) => markdown is null ? "" : key == Sections.FrontMatterKey ? Sections.TranslatedOf(FrontMatter.Of(markdown)) + "\n" : Sections.Of(markdown).FirstOrDefault(section => section.Key == key)?.Text ?? "";
}
