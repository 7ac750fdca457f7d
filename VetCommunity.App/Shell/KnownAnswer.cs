using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace VetCommunity.App.Shell;

/// <summary>Answers that programs ask for again and again: who has the present one already gets no second.</summary>
static class KnownAnswer
{
    /// <summary>Names the answer by what it is made of. True where the asker has it: then the answer is 304, without a body.</summary>
    public static bool Has(HttpContext http, ReadOnlySpan<byte> madeOf)
    {
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(madeOf))[..32]}\"");
        http.Response.GetTypedHeaders().ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Cookie, Accept-Language";
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));
    }

    /// <inheritdoc cref="Has(HttpContext, ReadOnlySpan{byte})"/>
    public static bool Has(HttpContext http, string madeOf) => Has(http, Encoding.UTF8.GetBytes(madeOf));

    /// <summary>These bytes, unless the asker has them.</summary>
    public static IResult Of(HttpContext http, byte[] content, string type) =>
        Has(http, content) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(content, type);
}
