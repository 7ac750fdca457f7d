using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>Drafts of practices, and whom they quote.</summary>
static class PracticeSetUp
{
    public static void AddPractices(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PracticeDrafts>();
        builder.Services.AddSingleton<DraftChanges>();
        builder.Services.AddSingleton<Quotes>();
        builder.Services.AddSingleton<ResolutionHistory>();
        builder.Services.AddSingleton<PracticeExport>();
        builder.Services.AddSingleton<IDocumentKind, PracticeKind>();
        builder.Services.AddSingleton<DocumentKinds>();
        builder.Services.AddSingleton<AllDocuments>();
        builder.Services.AddSingleton<LanguageVersions>();
        builder.Services.AddSingleton<Translating>();
        builder.Services.AddSingleton<DocumentDrafts>();
        builder.Services.AddSingleton<Storing>();
        builder.Services.AddSingleton<Revisions>();
        builder.Services.AddSingleton<Publications>();
        builder.Services.AddSingleton<Submissions>();
        builder.Services.AddSingleton<Practices>();
        builder.Services.AddSingleton<PracticeImport>();
        builder.Services.AddSingleton<PracticeDesk>();
        builder.Services.AddSingleton<PracticeSteps>();
        builder.Services.AddSingleton<FacetNames>();
        builder.Services.AddSingleton<DraftEndpoint>();
    }

    public static void MapPractices(this WebApplication app)
    {
        app.MapGet("/practice-drafts/{id:int}/draft.md", FileAsync).RequireAuthorization();
        // Too long a text is to get its sentence, so the limit of the request lies above that of a document.
        app.MapPost("/practices/{slug}/draft", (HttpContext http, CurrentActor who, DraftEndpoint drafts, string slug, string? language) => drafts.SaveAsync(http, who, slug, language))
            .RequireAuthorization().WithMetadata(new RequestSizeLimitAttribute(DraftEndpoint.MostBytes));
    }

    static async Task<IResult> FileAsync(
        int id, HttpContext http, CurrentActor who, PracticeDrafts drafts, PracticeExport export, IStringLocalizer<PracticeTexts> text, CancellationToken cancel)
    {
        var draft = await drafts.TakeAsync(who.Actor, id, text["AMember"], cancel);
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(Encoding.UTF8.GetBytes(export.Write(draft, who.Actor.TimeZone)), "text/markdown; charset=utf-8", FormattableString.Invariant($"practice-draft-{id}.md"));
    }
}
