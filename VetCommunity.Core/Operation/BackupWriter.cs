using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace VetCommunity.Core.Operation;

/// <summary>Puts files into an archive and remembers what they were.</summary>
sealed class BackupWriter(ZipArchive zip, CancellationToken cancel)
{
    readonly List<BackupEntry> _entries = [];

    public IReadOnlyList<BackupEntry> Entries => _entries;

    /// <summary>Adds all of a stream. Answers how many lines it had.</summary>
    public async Task<long> AddAsync(string name, Stream content, CompressionLevel level)
    {
        await using var entry = await zip.CreateEntry(name, level).OpenAsync(cancel);
        var (bytes, hash, lines) = await Hashed.CopyAsync(content, entry, long.MaxValue, cancel);
        _entries.Add(new(name, bytes, hash));
        return lines;
    }

    /// <summary>Adds what the backup says of itself. Nothing comes after it.</summary>
    public async Task EndAsync(BackupManifest manifest)
    {
        var bytes = manifest.ToBytes();
        await using (var entry = await zip.CreateEntry(BackupNames.Manifest).OpenAsync(cancel))
            await entry.WriteAsync(bytes, cancel);
        await using var hash = await zip.CreateEntry(BackupNames.ManifestHash).OpenAsync(cancel);
        await hash.WriteAsync(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes))), cancel);
    }
}

/// <summary>Copies and counts at once.</summary>
static class Hashed
{
    const int Part = 128 * 1024;

    /// <param name="from">Read to its end, or to one byte more than is allowed.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="most">So many bytes at most.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    public static async Task<(long Bytes, string Sha256, long Lines)> CopyAsync(Stream from, Stream to, long most, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Part);
        try
        {
            long bytes = 0, lines = 0;
            for (int read; (read = await from.ReadAsync(buffer.AsMemory(0, Part), cancel)) > 0;)
            {
                bytes += read;
                if (bytes > most)
                    throw new InvalidDataException("Longer than it says");
                var part = buffer.AsMemory(0, read);
                lines += part.Span.Count((byte)'\n');
                hash.AppendData(part.Span);
                await to.WriteAsync(part, cancel);
            }
            return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()), lines);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
