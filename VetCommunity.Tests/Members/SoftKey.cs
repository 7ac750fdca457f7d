using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace VetCommunity.Tests.Members;

/// <summary>A device that makes and shows a passkey as WebAuthn wants it: what a browser would send, made by hand, so that it can also be made wrong.</summary>
public sealed class SoftKey : IDisposable
{
    const byte Present = 0x01;
    const byte Verified = 0x04;
    const byte HasKey = 0x40;

    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Where the page that asked says to be.</summary>
    public required string Origin { get; set; }

    /// <summary>The name for which the passkey is.</summary>
    public string Domain { get; set; } = "localhost";

    /// <summary>Whether that page says to stand within one of another site.</summary>
    public bool IsWithinAnother { get; set; }

    public byte[] Id { get; set; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Whose passkey it says to be.</summary>
    public string Owner { get; set; } = "";

    /// <summary>How often it was used.</summary>
    public uint Count { get; set; }

    /// <summary>Whether it asked for a finger, a face or a PIN.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>Answers what a page asks who wants to add a passkey.</summary>
    public string Make(string question)
    {
        using var asked = JsonDocument.Parse(question);
        Owner = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(asked.RootElement.GetProperty("user").GetProperty("id").GetString()!));
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        // COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}.
        byte[] publicKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Head(HasKey), .. new byte[16], 0, (byte)Id.Length, .. Id, .. publicKey];
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": data}.
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Credential(new { clientDataJSON = Text(ClientData("webauthn.create", asked)), attestationObject = Text(attestation), transports = new[] { "internal" } });
    }

    /// <summary>Answers what a page asks who wants to see a passkey.</summary>
    public string Show(string question)
    {
        using var asked = JsonDocument.Parse(question);
        Count++;
        var data = Head(0);
        var client = ClientData("webauthn.get", asked);
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(new { clientDataJSON = Text(client), authenticatorData = Text(data), signature = Text(signature), userHandle = Text(Encoding.UTF8.GetBytes(Owner)) });
    }

    public void Dispose() => _key.Dispose();

    byte[] Head(byte more)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), (byte)(Present | (Verifies ? Verified : 0) | more), .. count];
    }

    byte[] ClientData(string type, JsonDocument asked) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type,
        challenge = asked.RootElement.GetProperty("challenge").GetString(),
        origin = Origin,
        crossOrigin = IsWithinAnother,
    });

    string Credential(object response) => JsonSerializer.Serialize(new { id = Text(Id), rawId = Text(Id), type = "public-key", clientExtensionResults = new { }, response });

    static string Text(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);

    /// <summary>The number of a member as passkeys know it.</summary>
    public static string OwnerOf(int member) => member.ToString(CultureInfo.InvariantCulture);
}
