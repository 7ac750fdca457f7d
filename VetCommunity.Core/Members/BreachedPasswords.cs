using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.Members;

/// <summary>
/// Passwords that others would try: those of a small list that comes along, and those of a file of stolen ones that the operator names. Lists hold a line for each, sorted:
/// 40 capital hexadecimal digits of its SHA-1, a colon, a count. A file of 40 GB is searched where it lies, by halving; nothing is asked of anybody else.
/// </summary>
public sealed class BreachedPasswords : IDisposable
{
    /// <summary>The list that comes along, alone.</summary>
    public static BreachedPasswords Shipped { get; } = new((SafeFileHandle?)null);

    const int HashLength = 40;
    // A hash, a colon, ten digits, two of a line's end; and a whole line after one that is cut.
    const int Window = 160;

    static readonly Lazy<byte[]> Common = new(ReadCommon);
    readonly SafeFileHandle? _file;

    BreachedPasswords(SafeFileHandle? file) => _file = file;

    /// <summary>Both lists.</summary>
    /// <exception cref="OperationFailedException">The file cannot be read, or is no such list.</exception>
    public static BreachedPasswords Open(string file)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.RandomAccess);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperationFailedException($"Passwords:BreachedFile cannot be read: {error.Message}", error);
        }
        if (LineFrom(From(handle), 0) is { } first && LineFrom(From(handle), RandomAccess.GetLength(handle) / 2) is { } later && string.CompareOrdinal(first.Hash, later.Hash) <= 0)
            return new(handle);
        handle.Dispose();
        throw new OperationFailedException($"Passwords:BreachedFile is {file}; its lines must be SHA-1 in capital hexadecimal digits, a colon and a count, sorted by the hash.");
    }

    /// <summary>Whether it is in one of the lists, as it is or in small letters.</summary>
    public bool Contains(string password)
    {
        var small = password.ToLowerInvariant();
        return Holds(small) || (small != password && Holds(password));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file?.Dispose();

    // SHA-1 is what such lists hold; nothing is kept with it.
    [SuppressMessage("Security", "CA5350", Justification = "The form of the lists")]
    bool Holds(string password)
    {
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
        return IsIn(From(Common.Value), Common.Value.Length, hash) || (_file is not null && IsIn(From(_file), RandomAccess.GetLength(_file), hash));
    }

    internal static bool IsIn(byte[] list, string hash) => IsIn(From(list), list.Length, hash);

    // Among the lines that begin from low to before high.
    static bool IsIn(Read read, long length, string hash)
    {
        long low = 0, high = length;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (LineFrom(read, middle) is not { } line || line.At >= high)
            {
                high = middle;
                continue;
            }
            var order = string.CompareOrdinal(hash, line.Hash);
            if (order == 0)
                return true;
            if (order > 0)
                low = line.At + 1;
            else
                high = middle;
        }
        return false;
    }

    // The first line that begins there or later.
    static (long At, string Hash)? LineFrom(Read read, long from)
    {
        Span<byte> window = stackalloc byte[Window];
        var start = Math.Max(0, from - 1);
        var text = window[..read(window, start)];
        var skipped = from == 0 ? 0 : text.IndexOf((byte)'\n') + 1;
        if ((from > 0 && skipped == 0) || text.Length < skipped + HashLength + 1 || text[skipped + HashLength] != (byte)':')
            return null;
        return (start + skipped, Encoding.ASCII.GetString(text.Slice(skipped, HashLength)));
    }

    delegate int Read(Span<byte> into, long from);

    static Read From(SafeFileHandle file) => (into, from) => RandomAccess.Read(file, into, from);

    static Read From(byte[] list) => (into, from) =>
    {
        var part = list.AsSpan((int)from, (int)Math.Min(into.Length, list.Length - from));
        part.CopyTo(into);
        return part.Length;
    };

    static byte[] ReadCommon()
    {
        using var stream = typeof(BreachedPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        var list = new byte[stream.Length];
        stream.ReadExactly(list);
        return list;
    }
}
