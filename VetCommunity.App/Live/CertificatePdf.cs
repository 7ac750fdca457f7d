using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Net.Http.Headers;
using VetCommunity.App.Limiting;
using VetCommunity.App.Printing;
using VetCommunity.App.Search;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.Live;

/// <summary>A certificate as a PDF, for its owner alone.</summary>
sealed class CertificatePdf(Certificates certificates, PdfPrinter printer, SearchLimit limit, Site site, IServiceScopeFactory scopes, ILoggerFactory logs)
{
    /// <exception cref="NotFoundException">The actor has none of this session, or the server makes no PDF.</exception>
    public async Task<IResult> AnswerAsync(HttpContext http, Actor who, string slug)
    {
        if (!printer.IsThere)
            throw new NotFoundException("page");
        try
        {
            limit.Count(who);
            var certificate = await certificates.OwnAsync(who, slug, http.RequestAborted);
            var pdf = await printer.PrintAsync(FormattableString.Invariant($"member {who.MemberId}"), _ => PageAsync(certificate), http.RequestAborted);
            http.Response.Headers.CacheControl = "private, no-store";
            http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = $"certificate-{slug}.pdf" }.ToString();
            return Results.Bytes(pdf, "application/pdf");
        }
        catch (RefusedException refused)
        {
            return TooMuch.Answer(http, refused, StatusCodes.Status503ServiceUnavailable);
        }
    }

    async Task<string> PageAsync(Certificate certificate)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return "<!doctype html>" + await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<CertificateSheet>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(CertificateSheet.Of)] = certificate,
            [nameof(CertificateSheet.Address)] = site.Address("/certificates/" + certificate.Code),
        }))).ToHtmlString());
    }
}
