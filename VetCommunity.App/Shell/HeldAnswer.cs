using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http.Features;

namespace VetCommunity.App.Shell;

/// <summary>An answer that waits: once its first byte is on the way, it cannot become another one.</summary>
static class HeldAnswer
{
    /// <summary>As much as the web server takes without waiting for the reader: a room's page whole.</summary>
    public const int LongPage = 256 * 1024;
    // What is written never waits for who reads: it is read when all of it is there. A page of a room has some five such parts.
    static readonly PipeOptions Pieces = new(minimumSegmentSize: 16 * 1024, pauseWriterThreshold: 0, useSynchronizationContext: false);

    /// <summary>The body of what comes next. None of it has been sent; status and headers stand in the response.</summary>
    public static async Task<byte[]> OfAsync(HttpContext http, RequestDelegate next)
    {
        await using var held = new MemoryStream();
        await HoldAsync(http, next, held);
        return held.ToArray();
    }

    /// <summary>Sends a page as a whole, with its length: the renderer would hand over each part of it, and each wakes another thread to send it.</summary>
    public static async Task InOnePieceAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
        {
            await next(http);
            return;
        }
        var held = new Pipe(Pieces);
        try
        {
            await HoldAsync(http, next, held.Writer.AsStream(leaveOpen: true));
            await held.Writer.CompleteAsync();
            await SendAsync(http, held.Reader);
        }
        finally
        {
            await held.Writer.CompleteAsync();
            await held.Reader.CompleteAsync();
        }
    }

    /// <summary>Passes on what comes next, all of it or nothing: whoever asks says whether it is wanted, and hears whether it is empty.</summary>
    public static async Task<bool> IfAsync(HttpContext http, RequestDelegate next, Func<bool, bool> isWanted)
    {
        var held = new Pipe(Pieces);
        try
        {
            await HoldAsync(http, next, held.Writer.AsStream(leaveOpen: true));
            await held.Writer.CompleteAsync();
            held.Reader.TryRead(out var answer);
            if (!isWanted(answer.Buffer.IsEmpty))
                return false;
            foreach (var piece in answer.Buffer)
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
            return true;
        }
        finally
        {
            await held.Writer.CompleteAsync();
            await held.Reader.CompleteAsync();
        }
    }

    static async Task SendAsync(HttpContext http, PipeReader held)
    {
        if (!held.TryRead(out var page) || page.Buffer.IsEmpty)
            return;
        var isLong = page.Buffer.Length > LongPage;
        http.Response.ContentLength = page.Buffer.Length;
        // What is written before this is kept apart and copied once more.
        await http.Response.StartAsync(http.RequestAborted);
        while (!page.Buffer.IsEmpty)
        {
            var piece = page.Buffer.First;
            http.Response.BodyWriter.Write(piece.Span);
            held.AdvanceTo(page.Buffer.GetPosition(piece.Length));
            // Somebody who reads slowly holds what is left of it, and nothing twice.
            if (isLong)
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            held.TryRead(out page);
        }
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    static async Task HoldAsync(HttpContext http, RequestDelegate next, Stream held)
    {
        var answering = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
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
    }
}
