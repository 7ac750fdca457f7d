using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Operation;

/// <summary>Reads a backup and believes nothing of it: no name, no length and no content that the manifest does not bear out.</summary>
sealed class BackupReader : IAsyncDisposable
{
    const int MostManifest = 256 * 1024 * 1024;

    readonly string _path;
    readonly ZipArchive _zip;
    readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    BackupReader(string path, ZipArchive zip) => (_path, _zip) = (path, zip);

    public BackupManifest Manifest { get; private set; } = null!;

    /// <exception cref="OperationFailedException">It is not there, no backup of ours, damaged, or of a later layout.</exception>
    public static async Task<BackupReader> OpenAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
            throw new OperationFailedException($"There is no file {path}.");
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        BackupReader? reader = null;
        try
        {
            reader = new(path, await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: false, Encoding.UTF8, cancel));
            await reader.CheckAsync(cancel);
            return reader;
        }
        catch (Exception error)
        {
            if (reader is not null)
                await reader.DisposeAsync();
            else
                await stream.DisposeAsync();
            if (error is InvalidDataException or JsonException or IOException or NotSupportedException or ArgumentException)
                throw Foreign(path, error);
            throw;
        }
    }

    /// <summary>Takes everything out into an empty folder, and checks each file while it does.</summary>
    /// <exception cref="OperationFailedException">Something is not what the manifest says.</exception>
    public async Task ExtractAsync(string folder, CancellationToken cancel)
    {
        foreach (var entry in Manifest.Entries)
        {
            var file = Path.Combine(folder, entry.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            try
            {
                await using var content = await _entries[entry.Name].OpenAsync(cancel);
                await using var target = PrivateFile.Create(file);
                var (bytes, hash, _) = await Hashed.CopyAsync(content, target, entry.Bytes, cancel);
                if (bytes != entry.Bytes || hash != entry.Sha256)
                    throw new InvalidDataException("Not what the manifest says");
                target.Flush(flushToDisk: true);
            }
            catch (Exception error) when (error is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException)
            {
                throw Damaged(entry.Name, error);
            }
        }
    }

    public ValueTask DisposeAsync() => _zip.DisposeAsync();

    async Task CheckAsync(CancellationToken cancel)
    {
        foreach (var entry in _zip.Entries)
        {
            if (!_entries.TryAdd(entry.FullName, entry))
                throw Damaged(entry.FullName, null);
        }
        var bytes = await SmallAsync(BackupNames.Manifest, MostManifest, cancel);
        var hash = await SmallAsync(BackupNames.ManifestHash, SHA256.HashSizeInBytes * 2, cancel);
        if (Encoding.ASCII.GetString(hash) != Convert.ToHexStringLower(SHA256.HashData(bytes)))
            throw Damaged(BackupNames.Manifest, null);
        Manifest = BackupManifest.Of(bytes) is { IsComplete: true } manifest ? manifest : throw Foreign(_path, null);
        if (Manifest.Format != BackupManifest.Present)
            throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture, $"{_path} was made by another version of VetCommunity ({Manifest.Program}), which lays backups out otherwise. Restore it with that version."));
        HashSet<string> named = new(StringComparer.Ordinal) { BackupNames.Manifest, BackupNames.ManifestHash };
        foreach (var entry in Manifest.Entries)
        {
            if (!named.Add(entry.Name) || entry.Bytes < 0 || !_entries.ContainsKey(entry.Name))
                throw Damaged(entry.Name, null);
            if (!BackupNames.IsKnown(entry.Name))
                throw Strange(entry.Name);
        }
        if (_entries.Keys.FirstOrDefault(name => !named.Contains(name)) is { } strange)
            throw Strange(strange);
    }

    async Task<byte[]> SmallAsync(string name, int most, CancellationToken cancel)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw Foreign(_path, null);
        await using var content = await entry.OpenAsync(cancel);
        using var bytes = new MemoryStream();
        await Hashed.CopyAsync(content, bytes, most, cancel);
        return bytes.ToArray();
    }

    OperationFailedException Strange(string name) => new($"{_path} holds {Shown(name)}, which no backup of VetCommunity holds. Nothing was restored.");

    OperationFailedException Damaged(string name, Exception? cause) => new($"{_path} is damaged: {Shown(name)} is not what was backed up. Nothing was restored; take another backup.", cause);

    static OperationFailedException Foreign(string path, Exception? cause) => new($"{path} is no backup of VetCommunity, or it is damaged. Nothing was restored.", cause);

    // A name of a stranger's may hold what moves the cursor of a terminal.
    static string Shown(string name) => string.Concat(name.Take(120).Select(letter => char.IsControl(letter) ? '?' : letter));
}
