using System.Globalization;
using Microsoft.Net.Http.Headers;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Printing;
using VetCommunity.App.Search;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Markdown;

namespace VetCommunity.App.GoodPractice;

/// <summary>A published practice as a PDF, as a visitor reads it: the same for everybody, so that one who takes it along gives away nothing that others may not read.</summary>
sealed class PracticePdf(
    Practices practices, QuotedText quoted, DocumentFiles files, PracticeAddresses addresses, PdfPrinter printer, SearchLimit limit, FragmentRenderer renderer)
{
    // Each is read on paper, whether a screen would reach it or not. More would neither fit there nor into the memory of a small server.
    const int MostOfPictures = 16_000_000, MostPictures = 60;

    /// <summary>Whether the server makes any.</summary>
    public bool IsThere => printer.IsThere;

    /// <exception cref="NotFoundException">None of that name is published, or the server makes no PDF.</exception>
    /// <exception cref="RefusedException">Too many at once.</exception>
    public async Task<IResult> AnswerAsync(HttpContext http, Actor who, string slug, string? language)
    {
        if (!printer.IsThere)
            throw new NotFoundException("page");
        limit.Count(who, http);
        // Who may not read it, or asks for what is not there, waits for nothing.
        var practice = await practices.ReadAsync(Actor.Visitor, slug, language ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, http.RequestAborted);
        var pdf = await printer.PrintAsync(who.IsMember ? FormattableString.Invariant($"member {who.MemberId}") : Places.Of(http), cancel => PageAsync(practice, cancel), http.RequestAborted);
        http.Response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = $"{slug}.pdf" }.ToString();
        return KnownAnswer.Of(http, pdf, "application/pdf");
    }

    async Task<string> PageAsync(ReadPractice practice, CancellationToken cancel)
    {
        var html = practice.Html;
        if (QuotedText.IsIn(html))
            html = quoted.In(html, await quoted.BehindAsync(Actor.Visitor, practice.Card.Slug, cancel), Actor.Visitor.TimeZone);
        // Whoever takes it along may be anywhere.
        html = HtmlAddresses.Changed(html, "href", address => address.StartsWith('/') ? addresses.Home + address[1..] : address);
        html = HtmlAddresses.Changed(html, "loading", _ => "eager");
        var pictures = await PicturesAsync(HtmlAddresses.Of(html, "src").Distinct(StringComparer.Ordinal), cancel);
        html = HtmlAddresses.Changed(html, "src", address => pictures.GetValueOrDefault(address, ""));
        return "<!doctype html>" + await renderer.HtmlAsync<PracticePrint>(new() { [nameof(PracticePrint.Practice)] = practice, [nameof(PracticePrint.Html)] = html });
    }

    async Task<Dictionary<string, string>> PicturesAsync(IEnumerable<string> addresses, CancellationToken cancel)
    {
        Dictionary<string, string> pictures = new(StringComparer.Ordinal);
        var left = MostOfPictures;
        foreach (var address in addresses.Where(address => address.StartsWith(DocumentFiles.Address, StringComparison.Ordinal)))
        {
            if (left <= 0 || pictures.Count == MostPictures)
                break;
            pictures[address] = await PictureAsync(address[DocumentFiles.Address.Length..].Split('/')[0], left, cancel);
            left -= pictures[address].Length;
        }
        return pictures;
    }

    // One that is gone leaves what it was said to show.
    async Task<string> PictureAsync(string id, int most, CancellationToken cancel)
    {
        try
        {
            var file = await files.OpenAsync(Actor.Visitor, id, cancel);
            await using var content = file.Content;
            if (file.Attachment.Bytes > most * 3L / 4)
                return "";
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancel);
            return $"data:{file.Attachment.ContentType};base64,{Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length)}";
        }
        catch (NotFoundException)
        {
            return "";
        }
    }
}
