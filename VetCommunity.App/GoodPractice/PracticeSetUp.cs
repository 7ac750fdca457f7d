using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VetCommunity.App.CommandLine;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.Printing;
using VetCommunity.App.Search;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Noticing;

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
        builder.Services.AddSingleton<PracticeQuotes>();
        builder.Services.AddSingleton<QuotedText>();
        builder.Services.AddSingleton<DocumentFiles>();
        builder.Services.AddSingleton<PracticeFileEndpoint>();
        builder.AddPracticeImport();
        builder.Services.AddSingleton<Translating>();
        builder.Services.AddSingleton<DocumentDrafts>();
        builder.Services.AddSingleton<Revisions>();
        builder.Services.AddSingleton<Submissions>();
        builder.Services.AddSingleton<Comments>();
        builder.Services.AddSingleton<SectionTalks>();
        builder.Services.AddSingleton<Approvals>();
        builder.Services.AddSingleton<Adoptions>();
        builder.Services.AddSingleton<Transferability>();
        builder.Services.AddSingleton<Practices>();
        builder.Services.AddSingleton<PublishedVersions>();
        builder.Services.AddSingleton<PracticeLinks>();
        builder.Services.AddSingleton<PracticeDesk>();
        builder.Services.AddSingleton<PracticeSteps>();
        builder.Services.AddSingleton<FacetNames>();
        builder.Services.AddSingleton<PracticeAddresses>();
        builder.Services.AddSingleton<PracticeData>();
        builder.Services.AddSingleton<DraftEndpoint>();
        builder.Services.AddSingleton<PracticeFeed>();
        builder.Services.AddSingleton<PracticeArchive>();
        builder.Services.AddSingleton(services => new PdfPrinter(services.GetRequiredService<Settings>().Chromium, services.GetRequiredService<ILogger<PdfPrinter>>()));
        builder.Services.AddSingleton<PracticePdf>();
        builder.Services.AddSingleton<ShareCards>();
        builder.Services.AddSingleton<PracticeTemplates>();
        builder.Services.AddSingleton<PracticeReads>();
        builder.Services.AddSingleton<ReaderCount>();
        builder.Services.AddSingleton<SavedSearches>();
        builder.Services.AddSingleton<SearchNotices>();
        builder.Services.AddSingleton<PracticeCollections>();
        builder.Services.AddSingleton<PracticeRechecks>();
        builder.Services.AddSingleton<ReviewReminders>();
        builder.Services.AddHostedService<ReadingPractices>();
        builder.Services.AddHostedService<TellingSearchers>();
        builder.Services.AddHostedService<RemindingAuthors>();
        builder.Services.AddHostedService<CountingReads>();
    }

    /// <summary>What the command line needs of it too.</summary>
    public static void AddPracticeImport(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IDocumentKind>(new PracticeKind(builder.Configuration.GetValue("Practices:ApprovalsToPublish", 0)));
        builder.Services.AddSingleton<DocumentKinds>();
        builder.Services.AddSingleton<AllDocuments>();
        builder.Services.AddSingleton<LanguageVersions>();
        builder.Services.AddSingleton<Storing>();
        builder.Services.AddSingleton<Publications>();
        builder.Services.AddSingleton<PracticeImport>();
    }

    public static void MapPractices(this WebApplication app)
    {
        app.MapGet("/practice-drafts/{id:int}/draft.md", FileAsync).RequireAuthorization();
        // Whom a notice tells of a review: it knows the number, the address may change.
        app.MapGet("/practice-reviews/{id:int}", async (int id, CurrentActor who, AllDocuments documents, CancellationToken cancel) =>
        {
            var address = await documents.AddressOfAsync(who.Actor, DocumentKind.Practice, id, cancel);
            return Results.LocalRedirect($"/practices/{address.Slug}/review?language={address.Language}");
        }).RequireAuthorization();
        // Whoever is reminded to look at a practice again.
        app.MapGet("/practice-checks/{id:int}", async (int id, CurrentActor who, AllDocuments documents, Notices notices, CancellationToken cancel) =>
        {
            var address = await documents.AddressOfAsync(who.Actor, DocumentKind.Practice, id, cancel);
            await notices.ReviewDueSeenAsync(who.Actor, id, cancel);
            return Results.LocalRedirect($"/practices/{Uri.EscapeDataString(address.Slug)}/check");
        }).RequireAuthorization();
        // Where its notice leads: whoever runs the search has heard of it.
        app.MapGet("/practices/saved/{id:int}", async (int id, CurrentActor who, SavedSearches searches, Notices notices, CancellationToken cancel) =>
        {
            var search = await searches.FindAsync(who.Actor, id, cancel);
            await notices.SearchSeenAsync(who.Actor, id, cancel);
            return Results.LocalRedirect(SavedSearchesPage.AddressOf(search));
        }).RequireAuthorization();
        // Too long a text is to get its sentence, so the limit of the request lies above that of a document.
        app.MapPost("/practices/{slug}/draft", (HttpContext http, CurrentActor who, DraftEndpoint drafts, string slug, string? language) => drafts.SaveAsync(http, who, slug, language))
            .RequireAuthorization().WithMetadata(new RequestSizeLimitAttribute(DraftEndpoint.MostBytes));
        app.MapGet("/practice-links", LinksAsync).RequireAuthorization();
        app.MapPost("/practices/{slug}/files", (HttpContext http, CurrentActor who, PracticeFileEndpoint files, string slug) => files.AddAsync(http, who, slug))
            .RequireAuthorization().WithMetadata(new RequestSizeLimitAttribute(PracticeFileEndpoint.MostBytes));
        app.MapGet(DocumentFiles.Address + "{id}/{name}", (HttpContext http, CurrentActor who, DocumentFiles files, string id) =>
            FileEndpoint.OpenAsync(http, id, thumbnail: false, () => files.OpenAsync(who.Actor, id, http.RequestAborted))).WithSecurityHeadersPolicy(AttachmentsSetUp.FilePolicy)
            // The pictures on the slides of the guest's session.
            .WithMetadata(new Live.GuestsTooAttribute { NamesNoSession = true });
        app.MapGet("/practices/{slug}/practice.pdf", (HttpContext http, CurrentActor who, PracticePdf pdf, string slug, string? language) => pdf.AnswerAsync(http, who.Actor, slug, language));
        app.MapGet("/practices/{slug}/card.png", (HttpContext http, CurrentActor who, ShareCards cards, string slug, string? language) => cards.AnswerAsync(http, who.Actor, slug, language));
        PracticeFeed.Map(app);
        app.MapGet("/practices/export.zip", ArchiveAsync).RequireAuthorization();
        app.MapGet("/practices/{slug}/cite.bib", (string slug, string? language, HttpContext http, CurrentActor who, Practices practices, PracticeAddresses addresses, CancellationToken cancel) =>
            CiteAsync(slug, language, http, who, practices, addresses, "bib", "application/x-bibtex; charset=utf-8", cancel));
        app.MapGet("/practices/{slug}/cite.ris", (string slug, string? language, HttpContext http, CurrentActor who, Practices practices, PracticeAddresses addresses, CancellationToken cancel) =>
            CiteAsync(slug, language, http, who, practices, addresses, "ris", "application/x-research-info-systems; charset=utf-8", cancel));
    }

    static async Task<IResult> CiteAsync(
        string slug, string? language, HttpContext http, CurrentActor who, Practices practices, PracticeAddresses addresses, string ending, string type, CancellationToken cancel)
    {
        var citation = addresses.Cited(await practices.ReadAsync(who.Actor, slug, language ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, cancel));
        http.Response.Headers.ContentDisposition = $"attachment; filename={slug}.{ending}";
        return KnownAnswer.Of(http, Encoding.UTF8.GetBytes(ending == "bib" ? citation.BibTeX() : citation.Ris()), type);
    }

    // A script reads it with each pause in typing: what is refused is its sentence, and no page.
    static async Task<IResult> LinksAsync(string? q, string? language, HttpContext http, CurrentActor who, PracticeLinks links, SearchLimit limit, CancellationToken cancel)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            limit.Count(who.Actor);
            return Results.Json(await links.FindAsync(who.Actor, q, language ?? who.Actor.Language, cancel));
        }
        catch (RefusedException refused)
        {
            return TooMuch.Answer(http, refused, StatusCodes.Status400BadRequest);
        }
    }

    static async Task<IResult> ArchiveAsync(HttpContext http, CurrentActor who, PracticeArchive archive, Readings readings, CancellationToken cancel)
    {
        archive.Require(who.Actor);
        await readings.BeginAsync(http);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.ContentDisposition = "attachment; filename=practices.zip";
        return Results.Stream(into => archive.WriteAsync(who.Actor, into, cancel), "application/zip");
    }

    static async Task<IResult> FileAsync(
        int id, HttpContext http, CurrentActor who, PracticeDrafts drafts, PracticeExport export, IStringLocalizer<PracticeTexts> text, CancellationToken cancel)
    {
        var draft = await drafts.TakeAsync(who.Actor, id, text["AMember"], cancel);
        http.Response.Headers.CacheControl = "no-store";
        return Results.File(Encoding.UTF8.GetBytes(export.Write(draft, who.Actor.TimeZone)), "text/markdown; charset=utf-8", FormattableString.Invariant($"practice-draft-{id}.md"));
    }
}
