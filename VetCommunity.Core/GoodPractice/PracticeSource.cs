using System.IO.Compression;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Where the files of an import lie: in a folder, or in a ZIP file of one.</summary>
abstract class PracticeSource : IAsyncDisposable
{
    /// <summary>Entries of a ZIP file.</summary>
    public const int MostEntries = 20_000;
    /// <summary>Bytes of all its files together, unpacked.</summary>
    public const long MostBytes = 1L << 30;
    /// <summary>Bytes of one file: of a character it takes four at most.</summary>
    public const int MostOfFile = FrontMatter.MostOfDocument * 4;

    /// <summary>The files' names, with <c>/</c> between folders, in one order.</summary>
    public abstract IReadOnlyList<string> Paths { get; }

    /// <summary>The bytes of a text; of a longer one than <see cref="MostOfFile"/> no more than shows that it is too long.</summary>
    public Task<byte[]> ReadAsync(string path, CancellationToken cancel) => ReadAsync(path, MostOfFile, cancel);

    /// <summary>The bytes of one of them; of a longer one than <paramref name="most"/> no more than shows that it is too long.</summary>
    public abstract Task<byte[]> ReadAsync(string path, long most, CancellationToken cancel);

    /// <summary>Opens what is there.</summary>
    /// <exception cref="OperationFailedException">There is neither a folder nor a ZIP file, or one that is not taken as it is.</exception>
    public static async Task<PracticeSource> OpenAsync(string path, CancellationToken cancel)
    {
        if (Directory.Exists(path))
            return new Folder(path);
        if (!File.Exists(path))
            throw new OperationFailedException($"There is no folder {path}, and no ZIP file of that name.");
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.Asynchronous);
        try
        {
            return new Zip(await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: false, entryNameEncoding: null, cancel));
        }
        catch (InvalidDataException error)
        {
            await file.DisposeAsync();
            throw new OperationFailedException($"{path} is neither a folder nor a ZIP file that can be read.", error);
        }
        catch (OperationFailedException)
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public abstract ValueTask DisposeAsync();

    static async Task<byte[]> ReadAsync(Stream from, long most, CancellationToken cancel)
    {
        await using (from)
        {
            using var held = new MemoryStream();
            var buffer = new byte[64 * 1024];
            // What an archive says of a size is its word alone.
            for (int read; held.Length <= most && (read = await from.ReadAsync(buffer, cancel)) > 0;)
                held.Write(buffer, 0, read);
            return held.ToArray();
        }
    }

    sealed class Folder(string folder) : PracticeSource
    {
        // A link could lead out of the folder, or round and round.
        public override IReadOnlyList<string> Paths { get; } = [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden })
            .Order(StringComparer.Ordinal).Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))];

        public override Task<byte[]> ReadAsync(string path, long most, CancellationToken cancel) => ReadAsync(File.OpenRead(Path.Combine(folder, path)), most, cancel);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    sealed class Zip : PracticeSource
    {
        readonly ZipArchive _zip;
        readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
        long _read;

        public Zip(ZipArchive zip)
        {
            _zip = zip;
            if (zip.Entries.Count > MostEntries)
                throw new OperationFailedException($"The ZIP file has {zip.Entries.Count} entries; more than {MostEntries} are not taken. Divide it.");
            foreach (var entry in zip.Entries.Where(entry => !entry.FullName.EndsWith('/')))
            {
                if (!IsWithin(entry.FullName))
                    throw new OperationFailedException($"The ZIP file names {Shown(entry.FullName)}, which leads out of it. Nothing of it is imported.");
                // As a folder's: what begins with a dot is some program's.
                if (!entry.FullName.Split('/').Any(part => part.StartsWith('.')) && !_entries.TryAdd(entry.FullName, entry))
                    throw new OperationFailedException($"The ZIP file names {Shown(entry.FullName)} twice. Nothing of it is imported.");
            }
            Paths = [.. _entries.Keys.Order(StringComparer.Ordinal)];
        }

        public override IReadOnlyList<string> Paths { get; }

        public override async Task<byte[]> ReadAsync(string path, long most, CancellationToken cancel)
        {
            byte[] bytes;
            try
            {
                bytes = await ReadAsync(await _entries[path].OpenAsync(cancel), most, cancel);
            }
            catch (InvalidDataException error)
            {
                throw new OperationFailedException($"{Shown(path)} in the ZIP file cannot be unpacked: {error.Message}", error);
            }
            // Each may be read twice: for its language, then for its text.
            _read += bytes.Length;
            return _read <= MostBytes * 2 ? bytes : throw new OperationFailedException($"The ZIP file holds more than {MostBytes >> 20} MB. Divide it; what was imported stays.");
        }

        public override ValueTask DisposeAsync() => _zip.DisposeAsync();

        static bool IsWithin(string name) => name.Length is > 0 and <= 1000 && name[0] != '/' && !name.Contains('\\', StringComparison.Ordinal) && !name.Any(char.IsControl)
            && !(name.Length > 1 && name[1] == ':') && !name.Split('/').Contains("..", StringComparer.Ordinal);

        static string Shown(string name) => string.Concat(name.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter));
    }
}
