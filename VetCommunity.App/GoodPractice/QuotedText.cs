using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Markdown;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;

namespace VetCommunity.App.GoodPractice;

/// <summary>Puts what may be quoted at this moment where a practice's text says that quotes go. It is asked for each time a page is made: an answer that is taken back is gone from the next one.</summary>
sealed class QuotedText(PracticeQuotes quotes, PracticeExport export, IStringLocalizer<PracticeTexts> text)
{
    // As a line of its own is rendered.
    const string Place = $"<p>{PracticeDrafts.QuotesHere}</p>";

    public static bool IsIn(string html) => html.Contains(Place, StringComparison.Ordinal);

    /// <summary>The talk behind a practice; null without one.</summary>
    public Task<TalkBehind?> BehindAsync(Actor actor, string slug, CancellationToken cancel) => quotes.BehindAsync(actor, slug, text["AMember"], cancel);

    /// <summary>A rendered text with its quotes; without any nothing is to be seen of the place.</summary>
    public string In(string html, TalkBehind? talk, string zone) =>
        IsIn(html) ? html.Replace(Place, talk is { Quotes.Count: > 0 } ? Rendered(talk, zone) : "", StringComparison.Ordinal) : html;

    /// <summary>The same for who writes the text or reviews it: while there is nothing to quote the place is named.</summary>
    public async Task<string> PreviewAsync(CurrentActor who, string slug, string html, CancellationToken cancel)
    {
        if (!IsIn(html))
            return html;
        var talk = await BehindAsync(who.Actor, slug, cancel);
        return html.Replace(Place, talk is { Quotes.Count: > 0 } ? Rendered(talk, who.Actor.TimeZone) : PersonsMarkdown.PartToHtml($"*{text["QuotesStandHere"]}*"), StringComparison.Ordinal);
    }

    string Rendered(TalkBehind talk, string zone) =>
        $"<div class=\"practice-quotes\" lang=\"{talk.Language}\">{PersonsMarkdown.PartToHtml(export.Quotes(talk.Quotes, talk.Room?.Address, zone))}</div>";
}
