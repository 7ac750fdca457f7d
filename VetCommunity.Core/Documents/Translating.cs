using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Documents;

/// <summary>A translation beside its source.</summary>
/// <param name="Source">The source's language.</param>
/// <param name="SourceNumber">Its revision: the published one, before the first publication the newest.</param>
/// <param name="Base">The revision of the translation; 0 before the first.</param>
/// <param name="Head">The front matter of the translation.</param>
/// <param name="Pairs">Each section of the source in its order.</param>
/// <param name="Extra">What the translation has beyond it.</param>
public sealed record OpenTranslation(string Source, int SourceNumber, int Base, FrontMatter Head, IReadOnlyList<SectionPair> Pairs, IReadOnlyList<Section> Extra);

/// <summary>What became of a saved translation.</summary>
/// <param name="Number">The newest revision of it now; null where nothing was stored.</param>
/// <param name="Conflicts">Then: the sections of the source whose translation somebody else changed meanwhile.</param>
public sealed record TranslationSaved(int? Number, IReadOnlyList<string> Conflicts);

/// <summary>Translates a document section by section, and keeps what a person said of each one.</summary>
public sealed class Translating(CommunityDbFactory db, DocumentKinds kinds, Storing storing, TimeProvider clock)
{
    /// <summary>A translation beside its source.</summary>
    /// <param name="actor">Who translates.</param>
    /// <param name="address">The translated language version.</param>
    /// <param name="number">The revision of the translation; null for the newest.</param>
    /// <param name="sourceNumber">The revision of the source; null for the one that is to be translated now.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, no translation, or no such revision.</exception>
    public async Task<OpenTranslation> OpenAsync(Actor actor, VersionAddress address, int? number = null, int? sourceNumber = null, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var (version, source) = await FindAsync(context, actor, address, cancel);
        var (own, beside) = (number ?? version.LastNumber, sourceNumber ?? await LanguageVersions.ToTranslateAsync(context, source, cancel));
        var text = await TextAsync(context, version, own, cancel);
        var (pairs, extra) = TranslationText.Pairs(await TextAsync(context, source, beside, cancel), text, await LanguageVersions.MarksAsync(context, version, cancel));
        return new(source.Language, beside, own, FrontMatter.Of(text), pairs, extra);
    }

    /// <summary>
    /// Stores what was written as the next revision, and says of the sections that were changed or confirmed, and of no others, that they say what the source said in the revision beside them. Where somebody
    /// else changed one of these meanwhile nothing is stored; changes of different sections come together.
    /// </summary>
    /// <param name="actor">Who translates.</param>
    /// <param name="address">The translated language version.</param>
    /// <param name="written">What was written. A section that is not in it stays as it is.</param>
    /// <param name="formKey">1 to 64 characters: the same again is the same revision.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, no translation, or no such revision or section.</exception>
    /// <exception cref="RefusedException">A section without its heading, or with a block that it does not close; too long a document; somebody else stored at the same moment.</exception>
    public async Task<TranslationSaved> SaveAsync(Actor actor, VersionAddress address, WrittenTranslation written, string formKey, CancellationToken cancel = default)
    {
        TranslationText made;
        LanguageVersion version;
        await using (var context = db.CreateDbContext())
        {
            (version, var source) = await FindAsync(context, actor, address, cancel);
            made = await MakeAsync(context, version, source, written, cancel);
            if (made.Conflicts.Count > 0)
                return new(null, made.Conflicts);
            if (made.Text is null)
            {
                await using var transaction = await context.Database.BeginTransactionAsync(cancel);
                // Whoever else says something of this translation comes before or after.
                await context.LanguageVersions.Where(v => v.Id == version.Id).ExecuteUpdateAsync(set => set.SetProperty(v => v.LastNumber, v => v.LastNumber), cancel);
                await MarkAsync(context, actor, address.Kind, version, source, written, made, cancel);
                await transaction.CommitAsync(cancel);
                return new(version.LastNumber, []);
            }
        }
        // The same form with another text is another form.
        var key = $"{Conversations.Limits.CheckedKey(formKey)[..Math.Min(formKey.Length, 39)]}-{Sections.Hash(JsonSerializer.Serialize(written))[..24]}";
        var number = await storing.StoreTextAsync(actor, address, async (context, present) =>
        {
            made = await MakeAsync(context, present, await SourceAsync(context, present, cancel), written, cancel);
            return made is { Conflicts.Count: 0, Text: { } text } ? text : throw new RefusedException(Refusal.ChangedElsewhere);
        }, "", key, written.SourceNumber, async (context, present) => await MarkAsync(context, actor, address.Kind, present, await SourceAsync(context, present, cancel), written, made, cancel), cancel);
        return new(number, []);
    }

    static async Task<TranslationText> MakeAsync(CommunityDb context, LanguageVersion version, LanguageVersion source, WrittenTranslation written, CancellationToken cancel) => TranslationText.Of(
        written,
        await TextAsync(context, source, written.SourceNumber, cancel),
        await TextAsync(context, version, written.Base, cancel),
        await TextAsync(context, version, version.LastNumber, cancel),
        await LanguageVersions.MarksAsync(context, version, cancel));

    async Task MarkAsync(CommunityDb context, Actor actor, DocumentKind kind, LanguageVersion version, LanguageVersion source, WrittenTranslation written, TranslationText made, CancellationToken cancel)
    {
        var hashes = (await DocumentAccess.SectionsAsync(context, source.Id, written.SourceNumber, cancel)).ToDictionary(one => one.Key, one => one.Hash, StringComparer.Ordinal);
        var marks = await context.SectionTranslations.Where(t => t.VersionId == version.Id).ToDictionaryAsync(t => t.SourceKey, cancel);
        foreach (var (sourceKey, key) in made.Keys)
        {
            var mark = marks.GetValueOrDefault(sourceKey);
            if (made.Confirmed.Contains(sourceKey) && hashes.TryGetValue(sourceKey, out var hash))
            {
                if (mark is null)
                    context.Add(mark = new() { VersionId = version.Id, SourceKey = sourceKey, SourceHash = "", Key = key });
                if (mark.SourceHash != hash || mark.Key != key)
                    (mark.SourceHash, mark.Key, mark.ById, mark.At) = (hash, key, DocumentAccess.NumberOf(actor), clock.GetUtcNow());
            }
            else if (mark is not null && made.Known.Contains(sourceKey))
            {
                mark.Key = key;
            }
        }
        await context.SaveChangesAsync(cancel);
        // Whether readers learn that it is behind may have changed.
        await context.ChangeShelfOfAsync(version, kind, cancel);
    }

    async Task<(LanguageVersion Version, LanguageVersion Source)> FindAsync(CommunityDb context, Actor actor, VersionAddress address, CancellationToken cancel)
    {
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
        return (version, await SourceAsync(context, version, cancel));
    }

    static async Task<LanguageVersion> SourceAsync(CommunityDb context, LanguageVersion version, CancellationToken cancel) =>
        await context.LanguageVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == version.SourceId, cancel) ?? throw new NotFoundException("source");

    static async Task<string> TextAsync(CommunityDb context, LanguageVersion version, int number, CancellationToken cancel) =>
        number == 0 ? "" : (await DocumentAccess.RevisionAsync(context, version.Id, number, cancel) ?? throw new NotFoundException("revision")).Markdown;
}
