using System.ComponentModel;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using VetCommunity.App.Conversations;
using VetCommunity.App.GoodPractice;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.Search;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Search;

namespace VetCommunity.App.Api;

/// <summary>Published practices.</summary>
/// <param name="Practices">With words the best first, else what was published last.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Facets">By what they can be narrowed down, with how many are left then.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
sealed record PracticeList(IReadOnlyList<PracticeRow> Practices, int Total, PracticeFacets Facets, string? Next);

/// <summary>A published practice in a list.</summary>
/// <param name="Slug">Its short name: what the call about one takes.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">Problem and solution in short.</param>
/// <param name="Language">In which language it is shown, ISO 639.</param>
/// <param name="Languages">In which languages it can be read, the original first.</param>
/// <param name="Organisation">The organisation's name; empty without one.</param>
/// <param name="PublishedAt">When what is shown was published.</param>
/// <param name="Themes">What it is about.</param>
/// <param name="Countries">ISO 3166.</param>
/// <param name="Licence">Under which licence it may be used, by its SPDX name where it has one.</param>
/// <param name="Address">Its page in this language.</param>
/// <param name="IsReplaced">Whether a published practice takes its place.</param>
sealed record PracticeRow(
    string Slug, string Title, string Summary, string Language, IReadOnlyList<string> Languages, string Organisation, DateTimeOffset PublishedAt, IReadOnlyList<string> Themes, IReadOnlyList<string> Countries, string Licence, string Address, bool IsReplaced);

/// <summary>The values of each facet, the most frequent first. Who chooses one of those finds so many.</summary>
sealed record PracticeFacets(
    IReadOnlyList<FacetValue> Theme, IReadOnlyList<FacetValue> Audience, IReadOnlyList<FacetValue> Sector, IReadOnlyList<FacetValue> Eqf, IReadOnlyList<FacetValue> Country, IReadOnlyList<FacetValue> Language,
    IReadOnlyList<FacetValue> Evidence, IReadOnlyList<FacetValue> Maturity);

/// <summary>A value of a facet.</summary>
/// <param name="Value">What the call takes.</param>
/// <param name="Name">What it is called in the reader's language.</param>
/// <param name="Count">How many practices are found who choose it too.</param>
sealed record FacetValue(string Value, string Name, int Count);

/// <summary>A published practice.</summary>
/// <param name="Slug">Its short name.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">Problem and solution in short.</param>
/// <param name="Language">In which language this is, ISO 639.</param>
/// <param name="Original">In which it was written first; null where it is not published in that one.</param>
/// <param name="Languages">In which languages it can be read, and where.</param>
/// <param name="Organisation">The organisation's name; empty without one.</param>
/// <param name="Author">Who wrote it; empty for nobody.</param>
/// <param name="Revision">The number of the published revision.</param>
/// <param name="FirstPublishedAt">When it was published in this language for the first time.</param>
/// <param name="PublishedAt">When this revision was.</param>
/// <param name="Themes">What it is about.</param>
/// <param name="Audiences">For whom it is.</param>
/// <param name="Sectors">Sections of NACE.</param>
/// <param name="EqfLevels">Levels of the European Qualifications Framework, 1 to 8.</param>
/// <param name="Countries">ISO 3166.</param>
/// <param name="Region">NUTS code or name.</param>
/// <param name="Cost">What it takes in money.</param>
/// <param name="Resources">What else it takes.</param>
/// <param name="Started">Since when it is done, as it is written.</param>
/// <param name="Ended">Until when.</param>
/// <param name="Licence">Under which licence it may be used, by its SPDX name where it has one.</param>
/// <param name="LicenceAddress">Where its terms stand; null where that is not known.</param>
/// <param name="Contact">Whom to ask; members alone are told.</param>
/// <param name="Html">Its sections, sanitised.</param>
/// <param name="Markdown">The same as it was written, without the front matter, which the other fields say.</param>
/// <param name="Address">Its page in this language.</param>
sealed record PracticeAnswer(
    string Slug, string Title, string Summary, string Language, string? Original, IReadOnlyList<PracticeLanguage> Languages, string Organisation, string Author, int Revision, DateTimeOffset FirstPublishedAt, DateTimeOffset PublishedAt,
    IReadOnlyList<string> Themes, IReadOnlyList<string> Audiences, IReadOnlyList<string> Sectors, IReadOnlyList<string> EqfLevels, IReadOnlyList<string> Countries, string Region, string Cost, string Resources, string Started, string Ended,
    string Licence, string? LicenceAddress, string? Contact, string Html, string Markdown, string Address);

/// <summary>A language in which a practice can be read.</summary>
/// <param name="Language">ISO 639.</param>
/// <param name="Address">Its page.</param>
sealed record PracticeLanguage(string Language, string Address);

/// <summary>Good practices, as far as they are published: visitors read them too.</summary>
static class PracticesApi
{
    static readonly (PracticeFacet Facet, string Says)[] Facets =
    [
        (PracticeFacet.Theme, "What it is about"), (PracticeFacet.Audience, "For whom it is"), (PracticeFacet.Sector, "Section of NACE, a letter"),
        (PracticeFacet.Eqf, "Level of the European Qualifications Framework, 1 to 8"), (PracticeFacet.Country, "ISO 3166"), (PracticeFacet.Language, "In which it can be read, ISO 639"),
        (PracticeFacet.Evidence, "How far others have borne it out: " + string.Join(", ", Enum.GetNames<EvidenceLevel>())), (PracticeFacet.Maturity, "How ripe it is: " + string.Join(", ", Enum.GetNames<Maturity>())),
    ];

    // More practices than anybody reads; a forged one is not to count further.
    const int MostBefore = 1_000_000;

    public static void Map(RouteGroupBuilder practices)
    {
        practices.MapGet("/", ListAsync).Described<PracticeList>("listPractices", "Practices", "Published practices, found by words and narrowed down")
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                foreach (var (facet, says) in Facets)
                {
                    (operation.Parameters ??= []).Add(new OpenApiParameter
                    {
                        Name = PracticeFilter.NameOf(facet),
                        In = ParameterLocation.Query,
                        Description = says + ". Several are alternatives",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                    });
                }
                return Task.CompletedTask;
            });
        practices.MapGet("/{slug}", OneAsync).Described<PracticeAnswer>("readPractice", "Practices", "One published practice with its text");
    }

    static async Task<IResult> ListAsync(
        [Description("Words, and phrases in quotation marks, all of which one of its languages has to have; the last word may be unfinished. At most 500 characters")] string? q,
        [Description("With words: best (where nothing is said) or newest")] string? order,
        [Description("The language in which they are shown where they can be read in it; without it the first of those asked for, else the reader's")] string? @in,
        [Description(ApiDescription.Limit)] int? limit,
        [Description(ApiDescription.Cursor)] string? cursor,
        Practices practices, PracticeAddresses addresses, FacetNames names, CurrentActor who, HttpContext http, CancellationToken cancel)
    {
        var chosen = PracticeFilter.Of(http.Request.Query);
        var (sorted, after) = (SearchApi.OrderOf(order), Read(cursor));
        // The places of one order are none in the other.
        if (after is not null && after.Rank is not null != (sorted == SearchOrder.Best && SearchQuery.TermsOf(q).Count > 0))
            throw new RefusedException(Refusal.BadCursor);
        var found = await practices.FindAsync(who.Actor, new(PracticeFilter.Shown(@in, chosen), q ?? "", chosen) { Size = ApiPage.Length(limit), Order = sorted, After = after }, cancel);
        var next = found.Next is { } place ? Cursor(place) : null;
        ApiPage.LinkNext(http, next);
        return Results.Ok(new PracticeList([.. found.Rows.Select(row => Told(row, addresses))], found.Total,
            new(Values(PracticeFacet.Theme), Values(PracticeFacet.Audience), Values(PracticeFacet.Sector), Values(PracticeFacet.Eqf), Values(PracticeFacet.Country), Values(PracticeFacet.Language),
                Values(PracticeFacet.Evidence), Values(PracticeFacet.Maturity)), next));

        IReadOnlyList<FacetValue> Values(PracticeFacet facet) => [.. found.Facets[facet].Select(one => new FacetValue(one.Value, names.Of(facet, one.Value), one.Count))];
    }

    static async Task<IResult> OneAsync(
        string slug, [Description("The language wished for, ISO 639; without it the reader's. Where it is not published in it, its original is shown")] string? language,
        Practices practices, QuotedText quoted, PracticeAddresses addresses, CurrentActor who, CancellationToken cancel)
    {
        var (read, markdown) = await practices.ReadTextAsync(who.Actor, slug, language ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, cancel);
        var (card, record) = (read.Card, read.Card.Record);
        var html = await quoted.InAsync(who, slug, read.Html, cancel);
        return Results.Ok(new PracticeAnswer(
            card.Slug, record.Title, record.Summary, card.Language, card.Original, [.. card.Languages.Select(one => new PracticeLanguage(one, addresses.In(card, one)))], card.Organisation, read.By, read.Number, card.FirstAt, card.At,
            record.Values[PracticeFacet.Theme], record.Values[PracticeFacet.Audience], record.Values[PracticeFacet.Sector], record.Values[PracticeFacet.Eqf], record.Values[PracticeFacet.Country],
            record.Region, record.Cost, record.Resources, record.Started, record.Ended, record.Licence, PracticeRecord.AddressOfLicence(record.Licence),
            // As on the page; and so the front matter, where it stands too, is nobody's here.
            who.Actor.IsMember ? record.Contact : null, html, FrontMatter.Of(markdown).Body, addresses.In(card, card.Language)));
    }

    static PracticeRow Told(PracticeCard card, PracticeAddresses addresses) => new(card.Slug, card.Record.Title, card.Record.Summary, card.Language, card.Languages, card.Organisation, card.At,
        card.Record.Values[PracticeFacet.Theme], card.Record.Values[PracticeFacet.Country], card.Record.Licence, addresses.In(card, card.Language), card.IsReplaced);

    static string Cursor(PracticePlace place) => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(place.Rank is { } rank
        ? string.Create(CultureInfo.InvariantCulture, $"b{rank}")
        : string.Create(CultureInfo.InvariantCulture, $"g{place.At.UtcTicks}.{place.Slug}")));

    static PracticePlace? Read(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        try
        {
            var text = cursor.Length <= 140 ? Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(cursor)) : "";
            if (text is ['g', .. var place] && place.Split('.') is [var ticks, var slug] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks)
                return new(new(at, TimeSpan.Zero), slug);
            if (text is ['b', .. var count] && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank <= MostBefore)
                return PracticePlace.OfRank(rank);
        }
        catch (FormatException)
        {
            // Not even one of those letters.
        }
        throw new RefusedException(Refusal.BadCursor);
    }
}

/// <summary>Stands before each call about practices: a member's counts as one of the hub's, a visitor's as one of the place.</summary>
sealed class PracticesGate(HubGate calls, VisitorCalls visitors) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (CurrentActor.Of(context.HttpContext.User) is { IsMember: true } actor)
            calls.Count(actor);
        else
            visitors.Count(context.HttpContext);
        return next(context);
    }
}
