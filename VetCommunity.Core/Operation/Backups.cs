using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Operation;

/// <summary>
/// Writes the whole community, as it is at one moment, into one file that <see cref="Restoring"/> reads: the database, the uploads that it names, and the keys without which
/// the secrets in it are lost. A server may go on writing meanwhile.
/// </summary>
public sealed class Backups(CommunityDbFactory databases, DataFolder folder, UploadFolder uploads, TimeProvider time)
{
    internal const string Unfinished = ".part";

    /// <summary>Writes a backup. Under its name there is either nothing or the whole of it.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="path">The file, which must not be there yet.</param>
    /// <param name="reserve">Bytes of its disk that must stay free.</param>
    /// <param name="cancel">Gives up; nothing is left then.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="OperationFailedException">The file is there, its disk is too small, or there is no community to back up.</exception>
    public async Task<BackupMade> WriteAsync(Actor actor, string path, long reserve = 0, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("backups");
        var file = Path.GetFullPath(path);
        if (File.Exists(file) || Directory.Exists(file))
            throw new OperationFailedException($"{file} is there already, and a backup overwrites nothing. Name another file.");
        if (folder.Keeps(file))
            throw new OperationFailedException($"{file} is in a folder that the server keeps for itself. Name a file somewhere else, best on another disk.");
        DataFolder.RequireReadable(folder.Path);
        if (databases.File is { } database && !File.Exists(database))
            throw new OperationFailedException($"There is no database {database} to back up. Set Data:Folder to the folder of the community.");
        await RequireRoomAsync(file, reserve, cancel);
        var unfinished = file + Unfinished;
        // Who has it open already writes the same backup: that one is left alone.
        var stream = Begin(unfinished);
        BackupMade made;
        try
        {
            await using (stream)
            {
                made = await FillAsync(stream, unfinished, cancel);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, file);
        }
        catch
        {
            File.Delete(unfinished);
            throw;
        }
        return made with { File = file, Bytes = new FileInfo(file).Length };
    }

    static FileStream Begin(string unfinished)
    {
        try
        {
            return PrivateFile.Create(unfinished);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperationFailedException($"{unfinished} cannot be written: {error.Message} Name a file in a folder that is there and can be written.", error);
        }
    }

    async Task<BackupMade> FillAsync(FileStream stream, string unfinished, CancellationToken cancel)
    {
        await using var snapshot = await Snapshot.TakeAsync(databases, unfinished, cancel);
        var madeAt = time.GetUtcNow();
        var migrations = await snapshot.MigrationsAsync(cancel);
        if (migrations.Count == 0)
            throw new OperationFailedException("There is no community in the database. Start the server once, or name another database.");
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel);
        var writer = new BackupWriter(zip, cancel);
        var (files, missing) = await AddUploadsAsync(writer, await snapshot.UploadsAsync(cancel), cancel);
        foreach (var key in (Directory.Exists(folder.Keys) ? Directory.GetFiles(folder.Keys) : []).Where(key => BackupNames.IsKey(Path.GetFileName(key))).Order(StringComparer.Ordinal))
            await AddFileAsync(writer, BackupNames.Keys + Path.GetFileName(key), key);
        if (File.Exists(folder.ErasedFile))
            await AddFileAsync(writer, BackupNames.Erased, folder.ErasedFile);
        // A row goes before its file does: without a row it was deleted meanwhile, with one it is lost.
        var lost = await StillNamedAsync(missing, cancel);
        var (tables, sequences) = await snapshot.WriteAsync(writer, [.. missing.Except(lost, StringComparer.Ordinal)], cancel);
        var manifest = new BackupManifest(
            BackupManifest.Present, BackupManifest.KindOf(databases.IsPostgres), migrations[^1], madeAt, BackupManifest.Version, tables, sequences, lost, writer.Entries);
        await writer.EndAsync(manifest);
        return new("", 0, manifest.RowsOf("Members"), manifest.RowsOf("Messages"), files, lost);
    }

    async Task<(int Files, List<string> Missing)> AddUploadsAsync(BackupWriter writer, IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var files = 0;
        List<string> missing = [];
        foreach (var id in ids)
        {
            cancel.ThrowIfCancellationRequested();
            await using var whole = BackupNames.IsUpload(id) ? uploads.Open(id, thumbnail: false) : null;
            if (whole is null)
            {
                missing.Add(id);
                continue;
            }
            files++;
            // Pictures and office files are pressed already.
            await writer.AddAsync(BackupNames.Uploads + id, whole, CompressionLevel.NoCompression);
            await using var thumbnail = uploads.Open(id, thumbnail: true);
            if (thumbnail is not null)
                await writer.AddAsync(BackupNames.Uploads + id + UploadFolder.Thumbnail, thumbnail, CompressionLevel.NoCompression);
        }
        return (files, missing);
    }

    static async Task AddFileAsync(BackupWriter writer, string name, string file)
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.Asynchronous);
        await writer.AddAsync(name, content, CompressionLevel.Fastest);
    }

    async Task<List<string>> StillNamedAsync(List<string> missing, CancellationToken cancel)
    {
        List<string> still = [];
        await using var db = databases.CreateDbContext();
        foreach (var some in missing.Chunk(500))
            still.AddRange(await db.Attachments.Where(a => some.Contains(a.Id)).Select(a => a.Id).ToListAsync(cancel));
        return still;
    }

    // A backup that fills the disk would be worse than none: messages need it.
    async Task RequireRoomAsync(string file, long reserve, CancellationToken cancel)
    {
        var parent = Path.GetDirectoryName(file)!;
        if (!Directory.Exists(parent))
            throw new OperationFailedException($"There is no folder {parent}. Make it first.");
        var needed = await DatabaseBytesAsync(cancel) + uploads.Bytes + reserve;
        var free = new DriveInfo(parent).AvailableFreeSpace;
        if (free < needed)
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"A backup can need {Megabytes(needed)} MB, and the disk of {parent} has {Megabytes(free)} MB free. Make room, or name another disk."));
    }

    // Its copy and what is pressed of it; texts of PostgreSQL go straight into the archive.
    async Task<long> DatabaseBytesAsync(CancellationToken cancel)
    {
        if (databases.File is { } database)
            return ((string[])["", "-wal"]).Select(end => new FileInfo(database + end)).Where(one => one.Exists).Sum(one => one.Length) * 2;
        await using var db = databases.CreateDbContext();
        return await db.Database.SqlQueryRaw<long>("""SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync(cancel);
    }

    internal static long Megabytes(long bytes) => (bytes + (1024 * 1024) - 1) / (1024 * 1024);
}

/// <summary>A backup that was written.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Members">How many members are in it.</param>
/// <param name="Messages">How many messages.</param>
/// <param name="Files">How many of their files.</param>
/// <param name="Lost">Files that the database names and that are not there.</param>
public sealed record BackupMade(string File, long Bytes, long Members, long Messages, int Files, IReadOnlyList<string> Lost);
