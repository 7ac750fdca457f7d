using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A file of an import with which something was not as it should be.</summary>
/// <param name="Path">Which file.</param>
/// <param name="Refusal">Why.</param>
/// <param name="Arguments">What the sentence names.</param>
public sealed record ImportTrouble(string Path, Refusal Refusal, IReadOnlyList<object> Arguments);

/// <summary>How far an import of practices is, or how it ended.</summary>
/// <param name="Files">Files that were read.</param>
/// <param name="Added">Language versions that are new.</param>
/// <param name="Changed">Language versions with a new revision.</param>
/// <param name="AlreadyThere">Files whose text is a revision already, the newest or one that was written on.</param>
/// <param name="NotStored">Files that cannot be stored.</param>
/// <param name="NotShown">Files that are stored and cannot be shown to readers.</param>
/// <param name="Others">Files that are no markdown.</param>
/// <param name="Unknown">Fields and sections that are kept as they are and have no place here, with how many files have each.</param>
public sealed record PracticeImportCounts(
    int Files, int Added, int Changed, int AlreadyThere, IReadOnlyList<ImportTrouble> NotStored, IReadOnlyList<ImportTrouble> NotShown, IReadOnlyList<string> Others, IReadOnlyDictionary<string, int> Unknown);

/// <summary>
/// Brings markdown files of a folder or a ZIP file into the practices, each character as it is, and publishes them. What is there already stays, and what was written here since is not overwritten by an older text.
/// </summary>
public sealed class PracticeImport(CommunityDbFactory db, AllDocuments documents, LanguageVersions languages, Storing storing, Publications publications)
{
    // A byte order mark stays, and what is no text is not guessed.
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Imports every <c>.md</c> in the folder and the folders in it, or in the ZIP file of one.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="path">Where they lie.</param>
    /// <param name="progress">Hears of each file.</param>
    /// <param name="cancel">Stops after the file that is under way.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="OperationFailedException">There is no such folder or file, or the ZIP file names what leads out of it, too much, or what cannot be unpacked.</exception>
    public async Task<PracticeImportCounts> ImportAsync(Actor actor, string path, IProgress<PracticeImportCounts>? progress = null, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("import");
        await using var source = await PracticeSource.OpenAsync(path, cancel);
        PracticeImportCounts counts;
        // A third of the time went by in waiting for the disk. Who is cut off imports the same again: what is there stays.
        using (db.Hurry())
            counts = await ImportAsync(actor, source, progress, cancel);
        await using var context = db.CreateDbContext();
        await context.ChangeShelfAsync(DocumentKind.Practice, CancellationToken.None);
        return counts;
    }

    async Task<PracticeImportCounts> ImportAsync(Actor actor, PracticeSource source, IProgress<PracticeImportCounts>? progress, CancellationToken cancel)
    {
        var template = await PresentAsync(cancel);
        var counts = new PracticeImportCounts(0, 0, 0, 0, [], [], [], new Dictionary<string, int>());
        counts = counts with { Others = [.. source.Paths.Where(one => !IsMarkdown(one))] };
        List<(string Path, string? Language)> said = [];
        foreach (var one in source.Paths.Where(IsMarkdown))
            said.Add((one, SaysLanguage(await source.ReadAsync(one, cancel))));
        List<PracticeFile> files = [.. PracticeFile.In(said)];
        foreach (var file in files)
        {
            cancel.ThrowIfCancellationRequested();
            counts = await ImportAsync(actor, file, await source.ReadAsync(file.Path, cancel), template, counts with { Files = counts.Files + 1 });
            progress?.Report(counts);
        }
        return await AgainAsync(actor, source, files, counts, cancel);
    }

    // What stood in the way of one may be another text since: that of a practice that replaced it before.
    async Task<PracticeImportCounts> AgainAsync(Actor actor, PracticeSource source, List<PracticeFile> files, PracticeImportCounts counts, CancellationToken cancel)
    {
        foreach (var trouble in counts.NotShown.Where(one => one.Refusal == Refusal.ReplacesItself))
        {
            var file = files.First(one => one.Path == trouble.Path);
            VersionAddress address = new(DocumentKind.Practice, file.Slug, file.Language);
            var bytes = await source.ReadAsync(file.Path, cancel);
            try
            {
                // The same text again is the same revision.
                await publications.PublishAsync(actor, address, await storing.StoreTextAsync(actor, address, TextOf(bytes), "", KeyOf(bytes), cancel), cancel);
                counts = counts with { NotShown = [.. counts.NotShown.Where(one => one != trouble)] };
            }
            catch (RefusedException)
            {
                // Listed already.
            }
        }
        return counts;
    }

    static string KeyOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..40];

    async Task<PracticeImportCounts> ImportAsync(Actor actor, PracticeFile file, byte[] bytes, TemplateText template, PracticeImportCounts counts)
    {
        VersionAddress address = new(DocumentKind.Practice, file.Slug, file.Language);
        int number;
        bool isNew;
        try
        {
            var text = TextOf(bytes);
            if (FrontMatter.Of(text).Fault is { } fault)
                throw new RefusedException(Refusal.BadFrontMatter, fault.Line, fault.Column);
            var (known, source) = await KnownAsync(file, text);
            counts = counts with { Unknown = Added(counts.Unknown, UnknownIn(text, template)) };
            if (known is Known.ThisText)
                return counts with { AlreadyThere = counts.AlreadyThere + 1 };
            isNew = known is not Known.AnotherText;
            if (known is Known.Nothing)
                await documents.CreateAsync(actor, new(DocumentKind.Practice, PlainText.Beginning(PracticeRecord.Of(text, file.Slug).Title, 100), file.Language, $"import-{file.Slug}"[..Math.Min(64, file.Slug.Length + 7)], file.Slug));
            else if (known is Known.OtherLanguages)
                await languages.AddAsync(actor, address with { Language = source!.Language }, file.Language);
            number = await storing.StoreTextAsync(actor, address, text, "", KeyOf(bytes));
            if (known is Known.OtherLanguages && source is { LastNumber: > 0 })
                await languages.MarkAsync(actor, address, source.LastNumber);
        }
        catch (RefusedException refused)
        {
            return counts with { NotStored = [.. counts.NotStored, new(file.Path, refused.Refusal, refused.Arguments)] };
        }
        counts = isNew ? counts with { Added = counts.Added + 1 } : counts with { Changed = counts.Changed + 1 };
        try
        {
            await publications.PublishAsync(actor, address, number);
            return counts;
        }
        catch (RefusedException refused)
        {
            return counts with { NotShown = [.. counts.NotShown, new(file.Path, refused.Refusal, refused.Arguments)] };
        }
    }

    async Task<TemplateText> PresentAsync(CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        return await TemplateText.PresentAsync(context, cancel);
    }

    enum Known
    {
        Nothing,
        OtherLanguages,
        AnotherText,
        ThisText,
    }

    // What of it is here; and the language version from which a new one is translated.
    async Task<(Known Known, LanguageVersion? Source)> KnownAsync(PracticeFile file, string text)
    {
        await using var context = db.CreateDbContext();
        var versions = await PreparedQuestions.Ready((
            from d in context.Documents
            where d.Kind == DocumentKind.Practice && d.Slug == file.Slug
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            select v).AsNoTracking()).ToListAsync();
        if (versions.Count == 0)
            return (Known.Nothing, null);
        if (versions.Find(v => v.Language == file.Language) is not { } own)
            return (Known.OtherLanguages, versions.Find(v => v.SourceId is null));
        return (await context.Revisions.AnyAsync(r => r.VersionId == own.Id && r.Markdown == text) ? Known.ThisText : Known.AnotherText, null);
    }

    static bool IsMarkdown(string path) => path.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    static string TextOf(byte[] bytes)
    {
        if (bytes.Length > PracticeSource.MostOfFile)
            throw new RefusedException(Refusal.TextTooLong, bytes.Length, FrontMatter.MostOfDocument);
        try
        {
            var text = Strict.GetString(bytes);
            if (!text.Contains('\0', StringComparison.Ordinal))
                return text;
        }
        catch (DecoderFallbackException)
        {
            // Below.
        }
        throw new RefusedException(Refusal.NotText);
    }

    static string? SaysLanguage(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, FrontMatter.Most));
        return FrontMatter.Of(text)["language"]?.AsText;
    }

    static IEnumerable<string> UnknownIn(string text, TemplateText template)
    {
        foreach (var field in PracticeRecord.Of(text, "").Others)
            yield return field.Name;
        foreach (var section in Sections.Of(text).Where(section => section.Heading.Length > 0 && !template.Has(section.Key)))
            yield return "## " + PlainText.Beginning(section.Heading, 80);
    }

    static Dictionary<string, int> Added(IReadOnlyDictionary<string, int> all, IEnumerable<string> more)
    {
        var sum = new Dictionary<string, int>(all, StringComparer.Ordinal);
        foreach (var one in more)
            sum[one] = sum.GetValueOrDefault(one) + 1;
        return sum;
    }
}
