using System.Diagnostics.CodeAnalysis;

namespace VetCommunity.Core.Files;

/// <summary>Where the files of members lie: outside of everything that is served, for the server's own account only, under names that nobody chose.</summary>
/// <param name="path">The folder.</param>
/// <param name="reserve">So many bytes of its disk are not for files.</param>
/// <param name="sizes">How much of them is taken; null for the usual.</param>
public sealed class UploadFolder(string path, long reserve = 0, UploadSizes? sizes = null)
{
    const string Unfinished = ".part";
    internal const string Thumbnail = ".thumbnail";

    /// <summary>How much is taken.</summary>
    public UploadSizes Sizes { get; } = sizes ?? UploadSizes.Usual;

    /// <summary>Whether the disk has more room than what is kept free for messages.</summary>
    internal bool HasRoom => reserve == 0 || new DriveInfo(path).AvailableFreeSpace >= reserve;

    /// <summary>How much lies here.</summary>
    internal long Bytes => new DirectoryInfo(path) is { Exists: true } there ? there.EnumerateFiles().Sum(file => file.Length) : 0;

    /// <summary>Whether a file is here.</summary>
    internal bool Has(string id) => File.Exists(Path.Combine(path, id));

    /// <summary>Where a file lies that is still on its way.</summary>
    internal string UnfinishedOf(string id) => Path.Combine(path, id + Unfinished);

    /// <summary>A file to be filled; nobody reads it before it is finished.</summary>
    internal FileStream Begin(string id) => PrivateFile.Create(UnfinishedOf(id));

    /// <summary>The unfinished file is the whole one.</summary>
    internal void Finish(string id) => File.Move(UnfinishedOf(id), Path.Combine(path, id));

    /// <summary>A whole file gets another number; what lay there under that number is replaced.</summary>
    internal void Rename(string id, string other)
    {
        if (File.Exists(Path.Combine(path, id + Thumbnail)))
            File.Move(Path.Combine(path, id + Thumbnail), Path.Combine(path, other + Thumbnail), overwrite: true);
        File.Move(Path.Combine(path, id), Path.Combine(path, other), overwrite: true);
    }

    /// <summary>The unfinished file is replaced by what was made of it.</summary>
    internal async Task FinishAsync(string id, byte[] whole, byte[] thumbnail, CancellationToken cancel)
    {
        await WriteAsync(Path.Combine(path, id + Thumbnail), thumbnail, cancel);
        await WriteAsync(UnfinishedOf(id), whole, cancel);
        Finish(id);
    }

    /// <summary>The file or its small picture, to be read; null where there is none.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller reads it.")]
    internal FileStream? Open(string id, bool thumbnail)
    {
        try
        {
            // Whoever is reading still gets the rest of a file that is deleted now.
            return new(Path.Combine(path, thumbnail ? id + Thumbnail : id), new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous });
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Takes away everything of these files.</summary>
    internal void Remove(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            foreach (var file in (string[])[id, id + Thumbnail, id + Unfinished])
                Remove(Path.Combine(path, file));
        }
    }

    /// <summary>Of which files something was left here before an instant.</summary>
    internal IEnumerable<string> LeftBefore(DateTimeOffset at) =>
        new DirectoryInfo(path).EnumerateFiles().Where(file => file.LastWriteTimeUtc < at.UtcDateTime).Select(file => file.Name.Split('.')[0]).Distinct(StringComparer.Ordinal);

    static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nobody reaches it any more, and the next sweep tries again.
        }
    }

    static async Task WriteAsync(string file, byte[] content, CancellationToken cancel)
    {
        await using var stream = PrivateFile.Create(file);
        await stream.WriteAsync(content, cancel);
        stream.Flush(flushToDisk: true);
    }
}

/// <summary>How much of files is taken.</summary>
/// <param name="Megabytes">The most of one file.</param>
/// <param name="UnpostedMegabytes">The most that one member has uploaded and not posted.</param>
public sealed record UploadSizes(int Megabytes, int UnpostedMegabytes)
{
    /// <summary>Where nothing else is set.</summary>
    public static UploadSizes Usual { get; } = new(25, 250);
}
