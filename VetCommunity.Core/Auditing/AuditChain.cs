using System.Security.Cryptography;
using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Auditing;

/// <summary>Where the chain of audit lines ends.</summary>
/// <param name="Number">The last line's number; 0 where there is none.</param>
/// <param name="Hash">What the last line is known by.</param>
readonly record struct AuditHead(long Number, string Hash)
{
    /// <summary>Before the first line.</summary>
    public static readonly AuditHead Beginning = new(0, "");
}

/// <summary>
/// How a line of the audit log hangs on the one before it. The hash covers the line before, the number, the moment, the deed, and a digest of who and whom it is about. An erasure may blank those:
/// then the salt of the digest goes as well, so that nobody finds out by trying what stood there, and a seal says that it was the program that blanked them.
/// </summary>
static class AuditChain
{
    /// <summary>Makes a new line the next one. Answers the new end.</summary>
    public static AuditHead Link(AuditKey key, AuditHead before, AuditEntry line)
    {
        line.Number = before.Number + 1;
        line.Salt = RandomNumberGenerator.GetHexString(32, lowercase: true);
        line.Digest = DigestOf(line);
        line.Hash = HashOf(key, before, line);
        return new(line.Number.Value, line.Hash);
    }

    /// <summary>After an erasure changed what the line is about.</summary>
    public static void Seal(AuditKey key, AuditEntry line)
    {
        line.Salt = null;
        line.Seal = SealOf(key, line);
    }

    /// <summary>Whether the line is the next one, as the program wrote it or as an erasure left it.</summary>
    public static bool Holds(AuditKey key, AuditHead before, AuditEntry line) =>
        line.Number == before.Number + 1 && line.Hash == HashOf(key, before, line) && (line.Salt is null ? line.Seal == SealOf(key, line) : line.Seal is null && line.Digest == DigestOf(line));

    /// <summary>What the anchor says of an end.</summary>
    public static string AnchorOf(AuditKey key, AuditHead head) => key.Sign(Bytes(writer =>
    {
        writer.Write("anchor");
        writer.Write(head.Number);
        writer.Write(head.Hash);
    }));

    static string HashOf(AuditKey key, AuditHead before, AuditEntry line) => key.Sign(Bytes(writer =>
    {
        writer.Write("line");
        writer.Write(before.Hash);
        writer.Write(line.Number ?? 0);
        writer.Write(line.At.ToUnixTimeMilliseconds());
        writer.Write(line.What);
        writer.Write(line.Digest ?? "");
    }));

    static string DigestOf(AuditEntry line) => Convert.ToHexStringLower(SHA256.HashData(Bytes(writer =>
    {
        writer.Write(line.Salt ?? "");
        WriteAbout(writer, line);
    })));

    static string SealOf(AuditKey key, AuditEntry line) => key.Sign(Bytes(writer =>
    {
        writer.Write("seal");
        writer.Write(line.Hash ?? "");
        WriteAbout(writer, line);
    }));

    static void WriteAbout(BinaryWriter writer, AuditEntry line)
    {
        writer.Write(line.ActorId ?? 0);
        writer.Write(line.Subject);
        writer.Write(line.Detail);
    }

    // Each text with its length before it: no two lines look the same.
    static byte[] Bytes(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            write(writer);
        return stream.ToArray();
    }
}
