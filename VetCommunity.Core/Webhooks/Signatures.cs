using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VetCommunity.Core.Webhooks;

/// <summary>Signatures as in Standard Webhooks 1.0: HMAC-SHA256 over the message's id, the time of the call and the body.</summary>
public static class Signatures
{
    /// <summary>What every secret begins with.</summary>
    public const string Prefix = "whsec_";

    /// <summary>How far the sender's clock may be from ours.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    const string Version = "v1,";

    /// <summary>A new secret of 32 random bytes.</summary>
    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>The value of the header <c>webhook-signature</c>.</summary>
    public static string Of(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body) =>
        Version + Convert.ToBase64String(HashOf(secret, id, SecondsOf(at), body));

    /// <summary>The value of the header <c>webhook-timestamp</c>.</summary>
    public static string SecondsOf(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether one of the signatures is right, and the call not older or newer than <see cref="Tolerance"/>.</summary>
    public static bool IsGood(string secret, SignedCall call, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(call.Id) || !long.TryParse(call.Timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            return false;
        var wanted = HashOf(secret, call.Id, call.Timestamp, call.Body.Span);
        // Several while a secret is being exchanged. All are compared, and each in the same time.
        var good = false;
        foreach (var one in (call.Signature ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(one => one.StartsWith(Version, StringComparison.Ordinal)).Take(10))
        {
            var given = new byte[64];
            good |= Convert.TryFromBase64String(one[Version.Length..], given, out var length) && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), wanted);
        }
        return good;
    }

    static byte[] HashOf(string secret, string id, string seconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret[Prefix.Length..]));
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{seconds}."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}

/// <summary>A call as it came, with its three headers of Standard Webhooks; null where one is missing.</summary>
public sealed record SignedCall(string? Id, string? Timestamp, string? Signature, ReadOnlyMemory<byte> Body);
