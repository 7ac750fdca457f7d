using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using VetCommunity.App.Limiting;
using VetCommunity.App.Printing;
using VetCommunity.App.Search;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>A published practice as a PDF, as a visitor reads it: the same for everybody, so that one who takes it along gives away nothing that others may not read.</summary>
sealed class PracticePdf(
    Practices practices, QuotedText quoted, DocumentFiles files, PracticeAddresses addresses, PdfPrinter printer, SearchLimit members, VisitorCalls visitors, IServiceScopeFactory scopes, ILoggerFactory logs)
{
    // With one more it begins anew; what is asked for often is soon there again.
    const int MostKept = 50;
    const long MostBytesKept = 50_000_000;
    // Each is read on paper, whether a screen would reach it or not. More would neither fit on paper nor into the memory of a small server.
    const int MostOfPictures = 30_000_000;
    const string Picture = " src=\"" + DocumentFiles.Address;
    const string Inside = " href=\"/";

    readonly Lock _keeping = new();
    readonly Dictionary<(string Slug, string Language, string Reader, long Version), byte[]> _kept = [];
    long _bytesKept;

    /// <summary>Whether the server makes any.</summary>
    public bool IsThere => printer.IsThere;

    /// <exception cref="NotFoundException">None of that name is published, or the server makes no PDF.</exception>
    /// <exception cref="RefusedException">Too many at once.</exception>
    public async Task<IResult> AnswerAsync(HttpContext http, Actor who, string slug, string? language)
    {
        if (!printer.IsThere)
            throw new NotFoundException("page");
        if (who.IsMember)
            members.Count(who);
        else
            visitors.Count(http);
        var cancel = http.RequestAborted;
        var version = await practices.VersionAsync(Actor.Visitor, cancel);
        var practice = await practices.ReadAsync(Actor.Visitor, slug, language ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, cancel);
        http.Response.Headers.ContentDisposition = new Microsoft.Net.Http.Headers.ContentDispositionHeaderValue("attachment") { FileNameStar = $"{slug}.pdf" }.ToString();
        var key = (slug, practice.Card.Language, CultureInfo.CurrentUICulture.Name, version);
        if (Kept(key) is not { } pdf)
        {
            pdf = await printer.PrintAsync(await PageAsync(practice, cancel), cancel);
            // What is quoted may be taken back at any moment.
            if (!QuotedText.IsIn(practice.Html))
                Keep(key, pdf);
        }
        return KnownAnswer.Of(http, pdf, "application/pdf");
    }

    async Task<string> PageAsync(ReadPractice practice, CancellationToken cancel)
    {
        var html = practice.Html;
        if (QuotedText.IsIn(html))
            html = quoted.In(html, await quoted.BehindAsync(Actor.Visitor, practice.Card.Slug, cancel), Actor.Visitor.TimeZone);
        html = await WithPicturesAsync(html.Replace(Inside, $" href=\"{addresses.Home}", StringComparison.Ordinal).Replace(" loading=\"lazy\"", "", StringComparison.Ordinal), cancel);
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return "<!doctype html>" + await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<PracticePrint>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(PracticePrint.Practice)] = practice,
            [nameof(PracticePrint.Html)] = html,
        }))).ToHtmlString());
    }

    async Task<string> WithPicturesAsync(string html, CancellationToken cancel)
    {
        var page = new StringBuilder(html.Length);
        var (at, left) = (0, MostOfPictures);
        for (int next; (next = html.IndexOf(Picture, at, StringComparison.Ordinal)) >= 0;)
        {
            var from = next + Picture.Length;
            var end = html.IndexOf('"', from);
            page.Append(html, at, next - at).Append(" src=\"");
            var picture = await PictureAsync(html[from..end].Split('/')[0], left, cancel);
            left -= picture.Length;
            page.Append(picture);
            at = end;
        }
        return page.Append(html, at, html.Length - at).ToString();
    }

    // One that is gone leaves its alternative text.
    async Task<string> PictureAsync(string id, int most, CancellationToken cancel)
    {
        try
        {
            var file = await files.OpenAsync(Actor.Visitor, id, cancel);
            await using var content = file.Content;
            if (file.Attachment.Bytes * 4 / 3 > most)
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

    byte[]? Kept((string, string, string, long) key)
    {
        lock (_keeping)
            return _kept.GetValueOrDefault(key);
    }

    void Keep((string, string, string, long) key, byte[] pdf)
    {
        lock (_keeping)
        {
            if (_kept.Count >= MostKept || _bytesKept + pdf.Length > MostBytesKept)
            {
                _kept.Clear();
                _bytesKept = 0;
            }
            _bytesKept += pdf.Length - (_kept.GetValueOrDefault(key)?.Length ?? 0);
            _kept[key] = pdf;
        }
    }
}
