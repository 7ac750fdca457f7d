using Microsoft.Net.Http.Headers;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Printing;
using VetCommunity.App.Search;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.Live;

/// <summary>A certificate as a PDF, for its owner alone.</summary>
sealed class CertificatePdf(Certificates certificates, PdfPrinter printer, SearchLimit limit, Site site, FragmentRenderer renderer)
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

    async Task<string> PageAsync(Certificate certificate) => "<!doctype html>" + await renderer.HtmlAsync<CertificateSheet>(new()
    {
        [nameof(CertificateSheet.Of)] = certificate,
        [nameof(CertificateSheet.Address)] = site.Address("/certificates/" + certificate.Code),
    });
}
