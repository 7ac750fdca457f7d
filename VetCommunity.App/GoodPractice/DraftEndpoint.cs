using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.GoodPractice;

/// <summary>Saves what is being typed, a while after each key, and answers with what it looks like. It is the page's form, sent by script: where that is lost, the form still saves.</summary>
sealed class DraftEndpoint(DocumentDrafts drafts, ConfiguredLimits limits, IAntiforgery antiforgery, QuotedText quoted, IStringLocalizer<PracticeTexts> text) : IDisposable
{
    // Each renders the whole document.
    readonly Pace _pace = new(limits, limits.DraftsAtOnce, limits.DraftsPerSecond, 1);

    // The limit of a document, each character at its longest in a form, and the other fields.
    public const long MostBytes = (9L * FrontMatter.MostOfDocument) + 10_000;

    public async Task<IResult> SaveAsync(HttpContext http, CurrentActor who, string slug, string? language)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType || !await antiforgery.IsRequestValidAsync(http))
            return Refused(text["FormExpired"], StatusCodes.Status400BadRequest);
        try
        {
            _pace.Count(who.Actor.MemberId);
            var form = await http.Request.ReadFormAsync(http.RequestAborted);
            var markdown = PlainForm.AsWritten(form["markdown"]);
            var place = new DraftPlace(NumberOf("base") ?? 0, NumberOf("version") ?? 0, NumberOf("source"));
            var saved = await drafts.SaveAsync(who.Actor, new(DocumentKind.Practice, slug, language ?? ""), markdown, place, http.RequestAborted);
            return Results.Json(new
            {
                saved = saved.IsSaved,
                version = saved.Version,
                html = await quoted.PreviewAsync(who, slug, PracticePreview.Of(markdown), http.RequestAborted),
                refusal = saved.IsSaved ? null : text["SavedElsewhere"].Value,
            });

            int? NumberOf(string name) => int.TryParse(form[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (RefusedException refused)
        {
            TooMuch.Mark(http, refused);
            return Refused(Sentences.For(refused, CultureInfo.CurrentUICulture), refused.Refusal == Refusal.TooFast ? StatusCodes.Status429TooManyRequests : StatusCodes.Status409Conflict);
        }
    }

    public void Dispose() => _pace.Dispose();

    static IResult Refused(string sentence, int status) => Results.Json(new { saved = false, refusal = sentence }, statusCode: status);
}
