using Microsoft.Net.Http.Headers;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary><c>/people/{handle}/picture</c>: a member's picture, for members.</summary>
static class PictureAddress
{
    public static void MapPictures(this WebApplication app) => app.MapGet("/people/{handle}/picture", ShowAsync);

    static async Task<IResult> ShowAsync(string handle, string? v, HttpContext http, CurrentActor who, Profiles profiles, CancellationToken cancel)
    {
        try
        {
            var (jpeg, version) = await profiles.PictureAsync(who.Actor, handle, cancel);
            // The version is part of the address: what a browser has under it never changes.
            http.Response.Headers.CacheControl = v == version ? "private, max-age=31536000, immutable" : "private, no-cache";
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.File(jpeg, "image/jpeg", entityTag: new EntityTagHeaderValue('"' + version + '"'));
        }
        catch (NotFoundException)
        {
            return Results.NotFound();
        }
    }
}
