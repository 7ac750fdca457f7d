using Microsoft.AspNetCore.Mvc;
using VetCommunity.App.Api;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>The files of messages: where they come in and where they are read.</summary>
static class AttachmentsSetUp
{
    /// <summary>The headers of files.</summary>
    public const string FilePolicy = "files";
    const string Uploads = "/api/v1/uploads";
    const string Tag = "Uploads";

    public static void AddAttachments(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Attachments>();
        builder.Services.AddSingleton<UploadGate>();
        builder.Services.AddSingleton<UploadEndpoints>();
        builder.Services.AddSingleton<FileEndpoint>();
        builder.Services.AddSingleton<FormFiles>();
        builder.Services.AddHostedService<ExpiredUploads>();
        // Whatever a file turns out to be, as a page of ours it can do nothing.
        builder.Services.AddSecurityHeaderPolicies().AddPolicy(FilePolicy, policy => policy
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicySameOrigin()
            .AddStrictTransportSecurityMaxAge()
            .AddCrossOriginResourcePolicy(resource => resource.SameOrigin())
            .AddContentSecurityPolicy(content =>
            {
                content.AddDefaultSrc().None();
                // The page that a browser makes around a picture.
                content.AddStyleSrc().UnsafeInline();
                content.AddFrameAncestors().None();
                content.AddSandbox();
            }));
    }

    public static void MapAttachments(this WebApplication app)
    {
        var uploads = app.MapGroup("").RequireAuthorization().AddEndpointFilter<ApiRefusals>();
        // Its reader has limits of its own and says a sentence; the server would hang up on who still sends, and nobody would read why.
        uploads.MapPost(Uploads, (HttpContext http, UploadEndpoints at) => at.UploadAsync(http)).WithMetadata(new DisableRequestSizeLimitAttribute())
            .Produces<WireAttachment>(StatusCodes.Status201Created).Named("upload", Tag, "Brings a file on its way to a message", 413, 415, 507).Takes<UploadForm>("multipart/form-data");
        uploads.MapGet(Uploads + "/{id}", (HttpContext http, string id, UploadEndpoints at) => at.ShowAsync(http, id))
            .Described<WireAttachment>("readUpload", Tag, "An own file that was not yet posted");
        uploads.MapPut(Uploads + "/{id}", (HttpContext http, string id, UploadEndpoints at) => at.DescribeAsync(http, id))
            .Described<WireAttachment>("describeUpload", Tag, "Says what a picture shows").Takes<UploadDescription>("application/json");
        uploads.MapDelete(Uploads + "/{id}", (HttpContext http, string id, UploadEndpoints at) => at.RemoveAsync(http, id))
            .Described("removeUpload", Tag, "Takes away an own file that was not yet posted");
        app.MapGet("/files/{id}/thumbnail", (HttpContext http, string id, FileEndpoint at) => at.OpenAsync(http, id, thumbnail: true))
            .RequireAuthorization().WithSecurityHeadersPolicy(FilePolicy);
        app.MapGet("/files/{id}/{name}", (HttpContext http, string id, FileEndpoint at) => at.OpenAsync(http, id, thumbnail: false))
            .RequireAuthorization().WithSecurityHeadersPolicy(FilePolicy);
    }
}
