using System.Security.Cryptography;
using System.Text;
using VetCommunity.Core.Files;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.Auditing;

/// <summary>The secret by which lines of the audit log hang together. Who writes into the database without it writes lines that do not hold.</summary>
public sealed class AuditKey
{
    /// <summary>How its file in the folder of keys is called.</summary>
    public const string FileName = "audit.key";

    /// <summary>No secret: the lines hang together all the same, and whoever knows how can forge them. For a database without a data folder, as tests and measurements have it.</summary>
    public static AuditKey None { get; } = new(null);

    readonly string? _file;
    readonly Lazy<byte[]> _secret;

    AuditKey(string? file)
    {
        _file = file;
        // One that failed is read again: the operator may have put the file back.
        _secret = new(Read, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The key in a folder of keys. It is read when it is first needed.</summary>
    public static AuditKey In(string folder) => new(Path.Combine(folder, FileName));

    /// <summary>Makes the key where there is none yet, and says so now where it cannot be read.</summary>
    /// <exception cref="OperationFailedException">The file is no key, or cannot be read.</exception>
    internal void Prepare()
    {
        if (_file is not null && !File.Exists(_file))
        {
            var unfinished = _file + ".part";
            using (var stream = PrivateFile.Create(unfinished))
            {
                stream.Write(Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(64, lowercase: true) + '\n'));
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, _file, overwrite: false);
        }
        _ = _secret.Value;
    }

    /// <summary>What only who has the key can say of the bytes, in small hexadecimal digits.</summary>
    internal string Sign(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret.Value, bytes));

    byte[] Read()
    {
        if (_file is null)
            return [];
        try
        {
            var secret = Convert.FromHexString(File.ReadAllText(_file).Trim());
            if (secret.Length == 32)
                return secret;
        }
        catch (FormatException)
        {
            // Said below.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperationFailedException($"The key of the audit log, {_file}, cannot be read ({error.Message.TrimEnd('.')}). Restore it from a backup.", error);
        }
        throw new OperationFailedException($"{_file} is not the key of the audit log. Restore it from a backup.");
    }
}
