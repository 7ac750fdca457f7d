using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Search;

namespace VetCommunity.App.GoodPractice;

/// <summary>
/// The practices that were published last, as an Atom feed (RFC 4287), narrowed down as the page is. It names organisations and no persons: a reader keeps what it has read, also when
/// a member has left.
/// </summary>
sealed class PracticeFeed(Practices practices, Site site, PracticeAddresses addresses, FacetNames names, IStringLocalizer<PracticeTexts> text)
{
    public const string Type = "application/atom+xml";
    const string Path = "/practices/feed.atom";
    const int Entries = 50;

    public static void Map(WebApplication app) => app.MapGet(Path, async (string? q, string? @in, HttpContext http, CurrentActor who, PracticeFeed feed, CancellationToken cancel) => q is { Length: > SearchQuery.Longest }
        ? Results.StatusCode(StatusCodes.Status400BadRequest)
        : KnownAnswer.Of(http, await feed.WriteAsync(who.Actor, q, PracticeFilter.Of(http.Request.Query), @in, cancel), Type + "; charset=utf-8"));

    /// <summary>The address of the feed of such a list, which shows it in this language to readers who say none.</summary>
    public static string Address(string? words, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> chosen, string language) =>
        QueryHelpers.AddQueryString(Path, PracticeFilter.Query(words, chosen).Append(new("in", language)));

    public async Task<byte[]> WriteAsync(Actor actor, string? words, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> chosen, string? language, CancellationToken cancel)
    {
        var shown = PracticeFilter.Shown(language, chosen);
        var found = await practices.FindAsync(actor, new(shown, words ?? "", chosen) { Size = Entries, Order = SearchOrder.Newest }, cancel);
        var self = site.Address(Address(words, chosen, shown));
        var feed = new SyndicationFeed(text["Practices"], text["PracticesLead"], new Uri(site.Address(QueryHelpers.AddQueryString("/practices", PracticeFilter.Query(words, chosen)))), [.. found.Rows.Select(EntryOf)])
        {
            Id = self,
            LastUpdatedTime = found.Rows.Select(row => row.At).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max(),
        };
        feed.Links.Add(SyndicationLink.CreateSelfLink(new Uri(self), Type));
        // Each entry has an author, or the feed has one for all.
        feed.Authors.Add(new(null, "VetCommunity", site.Address("/")));
        using var written = new MemoryStream();
        await using (var xml = XmlWriter.Create(written, new() { Async = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) }))
            new Atom10FeedFormatter(feed).WriteTo(xml);
        return written.ToArray();
    }

    SyndicationItem EntryOf(PracticeCard card)
    {
        var entry = new SyndicationItem
        {
            // The practice, whatever the language in which it is shown.
            Id = addresses.Of(card.Slug),
            Title = new(card.Record.Title),
            Summary = new(card.Record.Summary),
            PublishDate = card.FirstAt,
            LastUpdatedTime = card.At,
        };
        entry.AttributeExtensions.Add(new("lang", "http://www.w3.org/XML/1998/namespace"), card.Language);
        entry.Links.Add(SyndicationLink.CreateAlternateLink(new Uri(addresses.In(card, card.Language)), "text/html"));
        if (card.Organisation.Length > 0)
            entry.Authors.Add(new(null, card.Organisation, null));
        foreach (var theme in card.Record.Values[PracticeFacet.Theme])
            entry.Categories.Add(new(theme, site.Address("/practices?theme="), names.Of(PracticeFacet.Theme, theme)));
        if (card.Record.Licence is { Length: > 0 } licence)
            entry.Copyright = new(PracticeRecord.AddressOfLicence(licence) ?? licence);
        return entry;
    }
}
