using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Documents;

namespace VetCommunity.App.GoodPractice;

/// <summary>Takes a picture or another file for the text that is being written, and answers with the markdown that shows it.</summary>
sealed class PracticeFileEndpoint(AllDocuments documents, DocumentFiles files, UploadGate gate, IAntiforgery antiforgery, IStringLocalizer<PracticeTexts> text)
{
    // A longer file is refused with its limit, so that the request's lies above it.
    public const long MostBytes = 100L * 1024 * 1024;

    public async Task<IResult> AddAsync(HttpContext http, CurrentActor who, string slug)
    {
        http.Response.Headers.CacheControl = "no-store";
        // Asked first: whoever may not write here has nothing read.
        if (!await documents.MayWriteAsync(who.Actor, DocumentKind.Practice, slug, http.RequestAborted))
            throw new NotFoundException("page");
        try
        {
            if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http))
                return Refused(text["FormExpired"], StatusCodes.Status400BadRequest);
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            return Results.Json(new { markdown = await TakeAsync(who.Actor, slug, form, http.RequestAborted) });
        }
        catch (RefusedException refused)
        {
            return TooMuch.Answer(http, refused, StatusCodes.Status409Conflict);
        }
        catch (InvalidDataException)
        {
            return Refused(text["FileNotRead"], StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>The markdown of the file that a form brings.</summary>
    /// <exception cref="RefusedException">No file, or one that is not taken.</exception>
    public async Task<string> TakeAsync(Actor actor, string slug, IFormCollection form, CancellationToken cancel)
    {
        if (Chosen(form) is not { } file)
            throw new RefusedException(Refusal.NoFile);
        using var entered = await gate.EnterAsync(actor, cancel);
        await using var content = file.OpenReadStream();
        return await files.AddAsync(actor, DocumentKind.Practice, slug, content, file.FileName, form["alt"], cancel);
    }

    /// <summary>What was chosen to come along; null for nothing.</summary>
    // A browser sends an empty part for a field in which nothing was chosen.
    public static IFormFile? Chosen(IFormCollection form) => form.Files.GetFile("file") is { FileName.Length: > 0 } file ? file : null;

    static IResult Refused(string sentence, int status) => Results.Json(new { refusal = sentence }, statusCode: status);
}
