using Microsoft.AspNetCore.Http.Features;

namespace VetCommunity.App.Shell;

/// <summary>An answer that waits: once its first byte is on the way, it cannot become another one.</summary>
static class HeldAnswer
{
    /// <summary>The body of what comes next. None of it has been sent; status and headers stand in the response.</summary>
    public static async Task<byte[]> OfAsync(HttpContext http, RequestDelegate next)
    {
        var answering = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        await using var held = new MemoryStream();
        var holding = new StreamResponseBodyFeature(held);
        http.Features.Set<IHttpResponseBodyFeature>(holding);
        try
        {
            await next(http);
            await holding.CompleteAsync();
        }
        finally
        {
            http.Features.Set(answering);
            holding.Dispose();
        }
        return held.ToArray();
    }
}
