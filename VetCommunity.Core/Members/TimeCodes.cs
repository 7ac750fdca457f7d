using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VetCommunity.Core.Members;

/// <summary>
/// The six digits that an authenticator app shows (RFC 6238 with SHA-1 and 30 seconds, which all apps know). ASP.NET's own provider takes codes of
/// five steps and does not say of which one: what is to work once needs to know the step.
/// </summary>
static class TimeCodes
{
    public const int Digits = 6;
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    const int KeyBytes = 20;
    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string NewKey() => Base32(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Random letters and digits that are told apart easily, 5 bits each.</summary>
    public static string NewWord(int length) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>The step of the code: the present one, or one beside it for clocks that differ. Null where it is of none, or of none after <paramref name="last"/>.</summary>
    public static long? StepOf(string key, string code, DateTimeOffset now, long last)
    {
        var bytes = Bytes(key);
        var given = Encoding.UTF8.GetBytes(code);
        var present = now.ToUnixTimeSeconds() / (long)Step.TotalSeconds;
        long? found = null;
        for (var step = present - 1; step <= present + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeAt(bytes, step)), given) && step > last)
                found ??= step;
        }
        return found;
    }

    /// <summary>The code of an instant.</summary>
    public static string CodeAt(string key, DateTimeOffset at) => CodeAt(Bytes(key), at.ToUnixTimeSeconds() / (long)Step.TotalSeconds);

    // RFC 6238 and every app use SHA-1 here; its known weakness, collisions, breaks no HMAC.
    [SuppressMessage("Security", "CA5350", Justification = "What authenticator apps speak")]
    static string CodeAt(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(key, counter, hash);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    // The key's length is a multiple of five bytes: no padding.
    static string Base32(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length * 8 / 5);
        int bits = 0, count = 0;
        foreach (var one in bytes)
        {
            bits = (bits << 8) | one;
            for (count += 8; count >= 5; count -= 5)
                text.Append(Letters[(bits >> (count - 5)) & 31]);
            bits &= (1 << count) - 1;
        }
        return text.ToString();
    }

    static byte[] Bytes(string key)
    {
        var bytes = new List<byte>(KeyBytes);
        int bits = 0, count = 0;
        foreach (var letter in key)
        {
            bits = (bits << 5) | Letters.IndexOf(letter, StringComparison.Ordinal);
            count += 5;
            if (count < 8)
                continue;
            count -= 8;
            bytes.Add((byte)(bits >> count));
            bits &= (1 << count) - 1;
        }
        return [.. bytes];
    }
}
