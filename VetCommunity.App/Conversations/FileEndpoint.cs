using Microsoft.Net.Http.Headers;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Files;

namespace VetCommunity.App.Conversations;

/// <summary><c>/files/{id}/{name}</c>: a file of a message for whoever may read the message, asked anew at each call.</summary>
sealed class FileEndpoint(Attachments attachments)
{
    public Task<IResult> OpenAsync(HttpContext http, string id, bool thumbnail) =>
        OpenAsync(http, id, thumbnail, () => attachments.OpenAsync(CurrentActor.Of(http.User), id, thumbnail, http.RequestAborted));

    /// <summary>Sends what was opened for this reader, whatever it belongs to.</summary>
    public static async Task<IResult> OpenAsync(HttpContext http, string id, bool thumbnail, Func<Task<OpenedFile>> open)
    {
        try
        {
            var (content, attachment) = await open();
            // Only what we drew ourselves is shown in the browser; everything else is for the program that the reader has for it.
            var disposition = new ContentDispositionHeaderValue(attachment.Kind == FileKind.Image ? "inline" : "attachment");
            disposition.SetHttpFileName(attachment.Name);
            http.Response.Headers.ContentDisposition = disposition.ToString();
            // Kept by the browser, but asked for each time: deleted is deleted.
            http.Response.Headers.CacheControl = "private, no-cache";
            return Results.Stream(content, TypeOf(attachment, thumbnail), entityTag: new EntityTagHeaderValue($"\"{id}\""), enableRangeProcessing: true);
        }
        catch (NotFoundException)
        {
            return Results.NotFound();
        }
    }

    static string TypeOf(PostedAttachment attachment, bool thumbnail) => thumbnail ? "image/webp"
        : attachment.Kind == FileKind.Text ? attachment.ContentType + "; charset=utf-8" : attachment.ContentType;
}
