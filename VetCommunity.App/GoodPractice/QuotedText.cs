using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Markdown;

namespace VetCommunity.App.GoodPractice;

/// <summary>Puts what may be quoted at this moment where a practice's text says that quotes go. It is asked for each time a page is made: an answer that is taken back is gone from the next one.</summary>
sealed class QuotedText(PracticeQuotes quotes, IStringLocalizer<PracticeTexts> text)
{
    public static bool IsIn(string html) => html.Contains(PracticeQuotes.Place, StringComparison.Ordinal);

    /// <summary>The talk behind a practice; null without one.</summary>
    public Task<TalkBehind?> BehindAsync(Actor actor, string slug, CancellationToken cancel) => quotes.BehindAsync(actor, slug, text["AMember"], cancel);

    /// <summary>A rendered text with its quotes; without any nothing is to be seen of the place.</summary>
    public string In(string html, TalkBehind? talk, string zone) => Put(html, talk is { Quotes.Count: > 0 } ? Rendered(talk, zone) : "");

    /// <summary>The same, with the question for the talk where it is needed.</summary>
    public async Task<string> InAsync(CurrentActor who, string slug, string html, CancellationToken cancel) =>
        IsIn(html) ? In(html, await BehindAsync(who.Actor, slug, cancel), who.Actor.TimeZone) : html;

    /// <summary>The same for who writes the text or reviews it: while there is nothing to quote yet the place is named.</summary>
    public async Task<string> PreviewAsync(CurrentActor who, string slug, string html, CancellationToken cancel)
    {
        if (!IsIn(html))
            return html;
        var talk = await BehindAsync(who.Actor, slug, cancel);
        return talk is { Quotes.Count: 0 } ? Put(html, $"<p><em>{WebUtility.HtmlEncode(text["QuotesStandHere"])}</em></p>") : In(html, talk, who.Actor.TimeZone);
    }

    /// <summary>The same of a text section by section.</summary>
    public async Task<IReadOnlyList<RenderedSection>> PreviewAsync(CurrentActor who, string slug, IReadOnlyList<RenderedSection> parts, CancellationToken cancel)
    {
        if (parts.FirstOrDefault(part => IsIn(part.Html)) is not { } first)
            return parts;
        var whole = await PreviewAsync(who, slug, first.Html, cancel);
        return [.. parts.Select(part => part == first ? part with { Html = whole } : part with { Html = Put(part.Html, "") })];
    }

    // At the first place alone: a text may name it without end.
    static string Put(string html, string instead)
    {
        var at = html.IndexOf(PracticeQuotes.Place, StringComparison.Ordinal);
        return at < 0 ? html : string.Concat(html.AsSpan(0, at), instead, html[(at + PracticeQuotes.Place.Length)..].Replace(PracticeQuotes.Place, "", StringComparison.Ordinal));
    }

    string Rendered(TalkBehind talk, string zone)
    {
        var html = new StringBuilder("<div class=\"practice-quotes\">");
        foreach (var quote in talk.Quotes)
        {
            html.Append(CultureInfo.InvariantCulture, $"<figure><blockquote lang=\"{talk.Language}\">").Append(Words(quote.Text)).Append("</blockquote><figcaption>— ");
            if (quote is { Name: { } name, SaidAt: { } at })
            {
                var said = WebUtility.HtmlEncode(at.In(zone, Times.LongDay));
                html.Append(WebUtility.HtmlEncode(name)).Append(", ");
                if (talk.Room is { } room)
                    html.Append(CultureInfo.InvariantCulture, $"<a href=\"/rooms/{Uri.EscapeDataString(room.Address)}/messages/{quote.Seq}\">{said}</a>");
                else
                    html.Append(said);
                if (quote.EditedAt is { } edited)
                    html.Append(" (").Append(WebUtility.HtmlEncode(text["EditedSince", edited.In(zone, Times.LongDay)])).Append(')');
            }
            else
            {
                html.Append(WebUtility.HtmlEncode(text["AMember"]));
            }
            html.Append("</figcaption></figure>");
        }
        return html.Append("</div>").ToString();
    }

    // Each alone, as its message is; one that could not be shown any more takes nothing else along.
    static string Words(string markdown)
    {
        try
        {
            return PersonsMarkdown.ToHtml(markdown);
        }
        catch (RefusedException)
        {
            return $"<p>{WebUtility.HtmlEncode(PersonsMarkdown.Plain(markdown))}</p>";
        }
    }
}
