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
        var translated = await context.SectionTranslations.Where(t => t.VersionId == version.Id).Select(t => new TranslatedSection(t.SourceKey, t.SourceHash, t.Key)).ToListAsync(cancel);
        return new(source.Language, source.LastNumber, SectionStates.Of(await DocumentAccess.SectionsAsync(context, source.Id, source.LastNumber, cancel), own, translated));
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
        var now = await DocumentAccess.RevisionAsync(context, source.Id, source.LastNumber, cancel);
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
        await transaction.CommitAsync(cancel);
    }

    async Task<(LanguageVersion Version, LanguageVersion? Source)> FindAsync(CommunityDb context, Actor actor, VersionAddress address, bool toWrite, CancellationToken cancel)
    {
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite, cancel);
        return (version, await context.LanguageVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == version.SourceId, cancel));
    }

    static string TextOf(string? markdown, string key) => markdown is null ? "" : Sections.Of(markdown).FirstOrDefault(section => section.Key == key)?.Text ?? "";
}
