using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Files;
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
/// <param name="Pictures">Pictures and other files that came with the texts and are new.</param>
/// <param name="Others">Files that are no markdown, and that no text shows.</param>
/// <param name="Unknown">Fields and sections that are kept as they are and have no place here, with how many files have each.</param>
public sealed record PracticeImportCounts(
    int Files, int Added, int Changed, int AlreadyThere, IReadOnlyList<ImportTrouble> NotStored, IReadOnlyList<ImportTrouble> NotShown, int Pictures, IReadOnlyList<string> Others, IReadOnlyDictionary<string, int> Unknown);

/// <summary>
/// Brings markdown files of a folder or a ZIP file into the practices, each character as it is, and publishes them. What is there already stays, and what was written here since is not overwritten by an older text.
/// </summary>
public sealed class PracticeImport(CommunityDbFactory db, LanguageVersions languages, Storing storing, Publications publications, UploadFolder uploads, TimeProvider clock, ILogger<PracticeImport> log)
{
    // Files of one transaction, and their bytes: a statement for fifty costs little more than one, and whoever writes beside an import waits for the whole of it.
    const int ABatch = 50;
    const int BytesOfBatch = 4 << 20;
    // Somebody else began one of its practices in the same moment.
    const int MostTimes = 5;

    /// <summary>Imports every <c>.md</c> in the folder and the folders in it, or in the ZIP file of one.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="path">Where they lie.</param>
    /// <param name="progress">Hears of each batch of files.</param>
    /// <param name="cancel">Stops after the files that are under way.</param>
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
        var carried = new CarriedFiles(source.Paths);
        var counts = new PracticeImportCounts(0, 0, 0, 0, [], [], 0, carried.Others, new Dictionary<string, int>());
        List<(string Path, string? Language)> said = [];
        foreach (var one in carried.Texts)
            said.Add((one, ImportedText.SaysLanguage(await source.ReadAsync(one, cancel))));
        List<PracticeFile> files = [.. PracticeFile.In(said)];
        List<(PracticeFile File, byte[] Bytes)> batch = [];
        var bytes = 0;
        foreach (var (index, file) in files.Index())
        {
            cancel.ThrowIfCancellationRequested();
            batch.Add((file, await source.ReadAsync(file.Path, cancel)));
            bytes += batch[^1].Bytes.Length;
            // The languages of one practice lie beside each other, and stay together.
            if ((batch.Count < ABatch && bytes < BytesOfBatch && index + 1 < files.Count) || (index + 1 < files.Count && files[index + 1].Slug == file.Slug))
                continue;
            (counts, var texts) = await ImportAsync(actor, batch, template, counts);
            foreach (var text in texts)
                counts = await BringAsync(source, text.File.Slug, carried.Of(text.Text), counts, cancel);
            progress?.Report(counts);
            batch.Clear();
            bytes = 0;
        }
        return await AgainAsync(actor, source, files, counts with { Others = [.. counts.Others, .. carried.NotShown] }, cancel);
    }

    // The files keep their numbers, as the texts say them. What has its number here already is the same file, or another document's: neither is replaced.
    async Task<PracticeImportCounts> BringAsync(PracticeSource source, string slug, IReadOnlyList<(ShownFile File, string Path)> carried, PracticeImportCounts counts, CancellationToken cancel)
    {
        if (carried.Count == 0)
            return counts;
        await using var context = db.CreateDbContext();
        var document = await context.Documents.Where(d => d.Kind == DocumentKind.Practice && d.Slug == slug && d.DeletedAt == null).Select(d => (int?)d.Id).SingleOrDefaultAsync(cancel);
        foreach (var (file, path) in document is null ? [] : carried)
        {
            var present = await context.Attachments.SingleOrDefaultAsync(a => a.Id == file.Id, cancel);
            if (present is not null && (present.DocumentId != document || uploads.Has(file.Id)))
                continue;
            try
            {
                if (present is null && await context.Attachments.CountAsync(a => a.DocumentId == document, cancel) >= DocumentFiles.Most)
                    throw new RefusedException(Refusal.TooManyFiles, DocumentFiles.Most);
                await BringAsync(context, source, document!.Value, file, path, present, cancel);
                counts = counts with { Pictures = counts.Pictures + 1 };
            }
            catch (RefusedException refused)
            {
                counts = counts with { NotStored = [.. counts.NotStored, new(path, refused.Refusal, refused.Arguments)] };
            }
        }
        return counts;
    }

    async Task BringAsync(CommunityDb context, PracticeSource source, int document, ShownFile file, string path, Attachment? present, CancellationToken cancel)
    {
        if (!uploads.HasRoom)
            throw new RefusedException(Refusal.NoRoomForFiles);
        using var content = new MemoryStream(await source.ReadAsync(path, uploads.Sizes.Megabytes * 1024L * 1024, cancel));
        // Recognised by its content and drawn anew, as what a member uploads.
        var brought = await new FileIntake(uploads, log).TakeAsync(content, path[(path.LastIndexOf('/') + 1)..], file.Description, cancel);
        var isKept = false;
        try
        {
            // First the file: one without a row is swept away, a row without a file is a picture that nobody sees.
            uploads.Rename(brought.Id, file.Id);
            isKept = true;
            var row = present ?? context.Add(new Attachment { Id = file.Id, Name = brought.Name, ContentType = brought.ContentType, DocumentId = document, UploadedAt = clock.GetUtcNow() }).Entity;
            (row.Name, row.Kind, row.ContentType, row.Bytes, row.Width, row.Height, row.Description) =
                (brought.Name, brought.Kind, brought.ContentType, brought.Bytes, brought.Width, brought.Height, brought.Description);
            await context.SaveChangesAsync(CancellationToken.None);
        }
        finally
        {
            if (!isKept)
                uploads.Remove([brought.Id]);
        }
    }

    // What stood in the way of one may be another text since: that of a practice that replaced it before.
    async Task<PracticeImportCounts> AgainAsync(Actor actor, PracticeSource source, List<PracticeFile> files, PracticeImportCounts counts, CancellationToken cancel)
    {
        foreach (var trouble in counts.NotShown.Where(one => one.Refusal == Refusal.ReplacesItself))
        {
            var file = files.First(one => one.Path == trouble.Path);
            try
            {
                // The same text again is the same revision.
                var text = ImportedText.Of(file, await source.ReadAsync(file.Path, cancel));
                await publications.PublishAsync(actor, text.Address, await storing.StoreTextAsync(actor, text.Address, text.Text, "", text.FormKey, cancel), cancel);
                counts = counts with { NotShown = [.. counts.NotShown.Where(one => one != trouble)] };
            }
            catch (RefusedException)
            {
                // Listed already.
            }
        }
        return counts;
    }

    async Task<(PracticeImportCounts Counts, IReadOnlyList<ImportedText> Texts)> ImportAsync(Actor actor, List<(PracticeFile File, byte[] Bytes)> files, TemplateText template, PracticeImportCounts counts)
    {
        List<ImportedText> texts = [];
        var unknown = new Dictionary<string, int>(counts.Unknown, StringComparer.Ordinal);
        foreach (var (file, bytes) in files)
        {
            try
            {
                var text = ImportedText.Of(file, bytes);
                texts.Add(text);
                foreach (var one in text.UnknownTo(template))
                    unknown[one] = unknown.GetValueOrDefault(one) + 1;
            }
            catch (RefusedException refused)
            {
                counts = counts with { NotStored = [.. counts.NotStored, new(file.Path, refused.Refusal, refused.Arguments)] };
            }
        }
        return (await StoreAsync(actor, texts, counts with { Files = counts.Files + files.Count, Unknown = unknown }), texts);
    }

    async Task<PracticeImportCounts> StoreAsync(Actor actor, List<ImportedText> texts, PracticeImportCounts counts)
    {
        for (var time = 1; ; time++)
        {
            var known = await KnownAsync(texts);
            try
            {
                counts = await AddAsync(actor, [.. texts.Where(text => !known.ContainsKey(text.File.Slug))], counts);
            }
            catch (DbUpdateException) when (time < MostTimes)
            {
                // Somebody began one of them since: the next look finds it.
                continue;
            }
            catch (DbUpdateException error) when (error.IsAboutTheRow())
            {
                // One that the database does not take must not take its neighbours along: each practice alone, once more.
                var alone = texts.GroupBy(text => text.File.Slug, StringComparer.Ordinal).ToList();
                if (alone.Count == 1)
                    return counts with { NotStored = [.. counts.NotStored, .. texts.Select(text => NotTaken(text, error))] };
                foreach (var one in alone)
                    counts = await StoreAsync(actor, [.. one], counts);
                return counts;
            }
            foreach (var text in texts.Where(text => known.ContainsKey(text.File.Slug)))
                counts = await ChangeAsync(actor, text, known[text.File.Slug], counts);
            return counts;
        }
    }

    async Task<PracticeImportCounts> AddAsync(Actor actor, List<ImportedText> texts, PracticeImportCounts counts)
    {
        var refused = texts.Where(text => !AllDocuments.IsSlug(text.File.Slug)).ToList();
        var now = clock.GetUtcNow();
        List<NewPractices.Made> made = [.. texts.Except(refused).Select(text => NewPractices.MadeOf(text, now))];
        if (made.Count > 0)
        {
            await using var context = db.CreateDbContext();
            await NewPractices.StoreAsync(context, actor, made, now, CancellationToken.None);
        }
        counts = counts with
        {
            Added = counts.Added + made.Count,
            NotStored = [.. counts.NotStored, .. refused.Select(text => new ImportTrouble(text.File.Path, Refusal.BadSlug, []))],
            NotShown = [.. counts.NotShown, .. made.Where(one => one.NotShown is not null).Select(one => new ImportTrouble(one.Text.File.Path, one.NotShown!.Refusal, one.NotShown.Arguments))],
        };
        foreach (var one in made.Where(one => one is { Edition: null, NotShown: null }))
            counts = await PublishAsync(actor, one.Text, 1, counts);
        return counts;
    }

    async Task<PracticeImportCounts> ChangeAsync(Actor actor, ImportedText text, List<LanguageVersion> versions, PracticeImportCounts counts)
    {
        var own = versions.Find(v => v.Language == text.File.Language);
        if (own is not null && await ThereAsync(own, text.Text) is { } there)
        {
            counts = counts with { AlreadyThere = counts.AlreadyThere + 1 };
            // An import that was cut off has stored it and not shown it.
            return there.IsToBeShown ? await PublishAsync(actor, text, there.Number, counts) : counts;
        }
        int number;
        try
        {
            if (own is null)
                await languages.AddAsync(actor, text.Address with { Language = versions.First(v => v.SourceId is null).Language }, text.File.Language);
            number = await storing.StoreTextAsync(actor, text.Address, text.Text, "", text.FormKey);
            if (own is null && await SourceAsync(versions[0].DocumentId) is > 0 and var source)
                await languages.MarkAsync(actor, text.Address, source);
        }
        catch (RefusedException refused)
        {
            return counts with { NotStored = [.. counts.NotStored, new(text.File.Path, refused.Refusal, refused.Arguments)] };
        }
        catch (NotFoundException)
        {
            // It is deleted, and keeps its address.
            return counts with { NotStored = [.. counts.NotStored, new(text.File.Path, Refusal.SlugTaken, [text.File.Slug])] };
        }
        catch (DbUpdateException error) when (error.IsAboutTheRow())
        {
            return counts with { NotStored = [.. counts.NotStored, NotTaken(text, error)] };
        }
        return await PublishAsync(actor, text, number, own is null ? counts with { Added = counts.Added + 1 } : counts with { Changed = counts.Changed + 1 });
    }

    async Task<PracticeImportCounts> PublishAsync(Actor actor, ImportedText text, int number, PracticeImportCounts counts)
    {
        try
        {
            await publications.PublishAsync(actor, text.Address, number);
            return counts;
        }
        catch (RefusedException refused)
        {
            return counts with { NotShown = [.. counts.NotShown, new(text.File.Path, refused.Refusal, refused.Arguments)] };
        }
        catch (NotFoundException)
        {
            // It was deleted since.
            return counts;
        }
    }

    static ImportTrouble NotTaken(ImportedText text, DbUpdateException error) => new(text.File.Path, Refusal.NotTaken, [error.GetBaseException().Message]);

    async Task<TemplateText> PresentAsync(CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        return await TemplateText.PresentAsync(context, cancel);
    }

    // The language versions of those that are here, by address part.
    async Task<Dictionary<string, List<LanguageVersion>>> KnownAsync(List<ImportedText> texts)
    {
        await using var context = db.CreateDbContext();
        var slugs = texts.Select(text => text.File.Slug).Distinct(StringComparer.Ordinal).ToList();
        var versions = await (
            from d in context.Documents
            where d.Kind == DocumentKind.Practice && slugs.Contains(d.Slug)
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            select new { d.Slug, Version = v }).AsNoTracking().ToListAsync();
        return versions.GroupBy(one => one.Slug, StringComparer.Ordinal).ToDictionary(one => one.Key, one => one.Select(row => row.Version).ToList(), StringComparer.Ordinal);
    }

    sealed record There(int Number, bool IsToBeShown);

    // The revision that says the same; and whether nobody ever published that language, nor wrote that revision here.
    async Task<There?> ThereAsync(LanguageVersion version, string text)
    {
        await using var context = db.CreateDbContext();
        return await (
            from r in context.Revisions
            where r.VersionId == version.Id && r.Markdown == text
            orderby r.Number descending
            select new There(r.Number, r.AuthorId == null && r.Number == version.LastNumber && !context.Publications.Any(p => p.VersionId == version.Id))).FirstOrDefaultAsync();
    }

    async Task<int> SourceAsync(int document)
    {
        await using var context = db.CreateDbContext();
        return await context.LanguageVersions.Where(v => v.DocumentId == document && v.SourceId == null).Select(v => v.LastNumber).SingleAsync();
    }
}
