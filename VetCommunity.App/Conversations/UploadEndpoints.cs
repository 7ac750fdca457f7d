using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;
using Microsoft.Net.Http.Headers;
using VetCommunity.App.Api;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary><c>/api/v1/uploads</c>: files on their way to a message, for pages (cookie, and the form's token in the header) and for scripts (access token).</summary>
sealed class UploadEndpoints(Attachments attachments, UploadGate gate, HubGate calls, IAntiforgery antiforgery, IStringLocalizer<FileTexts> text)
{
    // A description and a file, and what some programs put around them.
    const int Parts = 10;
    const long PartBytes = 64 * 1024 * 1024;
    const long ThrownAwayBytes = 100 * 1024 * 1024;
    // A longer one is cut here and refused for its length.
    const int DescriptionBytes = 4 * (Attachments.DescriptionLength + 1);

    public async Task<IResult> UploadAsync(HttpContext http)
    {
        try
        {
            return await AnswerAsync(http, actor => TakeAsync(http, actor));
        }
        finally
        {
            await ReadOnAsync(http);
        }
    }

    async Task<IResult> TakeAsync(HttpContext http, Actor actor)
    {
        using var entered = await gate.EnterAsync(actor, http.RequestAborted);
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != "multipart/form-data"
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
            return NotAnUpload(StatusCodes.Status415UnsupportedMediaType);
        var reader = new MultipartReader(boundary.Value!, http.Request.Body) { BodyLengthLimit = PartBytes };
        string? description = null;
        for (var part = 0; part < Parts && await reader.ReadNextSectionAsync(http.RequestAborted) is { } section; part++)
        {
            if (section.GetContentDispositionHeader() is not { } disposition)
                continue;
            if (disposition.IsFileDisposition())
            {
                var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
                var uploaded = await attachments.UploadAsync(actor, section.Body, name, description, http.RequestAborted);
                return Results.Created($"/api/v1/uploads/{uploaded.Id}", FileAddress.Of(uploaded));
            }
            if (HeaderUtilities.RemoveQuotes(disposition.Name) == "alt")
                description = await BeginningAsync(section.Body, http.RequestAborted);
        }
        return NotAnUpload();
    }

    public Task<IResult> ShowAsync(HttpContext http, string id) => AnswerAsync(http, async actor =>
    {
        calls.Count(actor);
        return Results.Json(FileAddress.Of(await attachments.UnpostedAsync(actor, id, http.RequestAborted)));
    });

    public Task<IResult> DescribeAsync(HttpContext http, string id) => AnswerAsync(http, async actor =>
    {
        calls.Count(actor);
        var said = await http.Request.ReadFromJsonAsync<UploadDescription>(http.RequestAborted);
        return Results.Json(FileAddress.Of(await attachments.DescribeAsync(actor, id, said?.Alt, http.RequestAborted)));
    });

    public Task<IResult> RemoveAsync(HttpContext http, string id) => AnswerAsync(http, async actor =>
    {
        calls.Count(actor);
        await attachments.RemoveAsync(actor, id, http.RequestAborted);
        return Results.NoContent();
    });

    async Task<IResult> AnswerAsync(HttpContext http, Func<Actor, Task<IResult>> act)
    {
        try
        {
            if (!await ApiGate.IsMeantAsync(http, antiforgery))
                return ApiProblems.Problem(nameof(Refusal.FormExpired), StatusCodes.Status400BadRequest, text["PageTooOld"]);
            return await act(CurrentActor.Of(http.User));
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or InvalidOperationException or IOException)
        {
            // Cut off or badly made on its way; what goes wrong on our disk is a refusal by now.
            return NotAnUpload();
        }
    }

    // Who is still sending reads no answer, and the server waits five seconds for the end of it: too few for a slow line. So it is thrown away here first.
    static async Task ReadOnAsync(HttpContext http)
    {
        var bytes = new byte[64 * 1024];
        try
        {
            for (long read = 0; read < ThrownAwayBytes;)
            {
                var count = await http.Request.Body.ReadAsync(bytes, http.RequestAborted);
                if (count == 0)
                    return;
                read += count;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // They hung up themselves.
        }
    }

    static async Task<string> BeginningAsync(Stream content, CancellationToken cancel)
    {
        var bytes = new byte[DescriptionBytes];
        return Encoding.UTF8.GetString(bytes, 0, await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel));
    }

    IResult NotAnUpload(int status = StatusCodes.Status400BadRequest) => ApiProblems.Problem("NotAnUpload", status, text["NotAnUpload"]);
}

/// <summary>What a picture shows.</summary>
/// <param name="Alt">At most 500 characters.</param>
sealed record UploadDescription(string? Alt);

/// <summary>A file and, before it, what it shows.</summary>
sealed record UploadForm(string? Alt, IFormFile File);
