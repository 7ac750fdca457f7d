using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace VetCommunity.Core.Members;

/// <summary>Long random words in links and tokens. Only their hash is stored: who reads the database can use none of them.</summary>
static class Secrets
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
