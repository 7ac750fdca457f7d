using System.Globalization;
using System.Text;
using System.Xml;
using VetCommunity.App.GoodPractice;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Shell;

/// <summary>Tells search engines which pages everybody may read, and where each stands in which language: <c>/sitemap.xml</c>, named by <c>/robots.txt</c>. Beyond <see cref="Most"/> addresses it is an index of several.</summary>
sealed class Sitemap(Practices practices, Lessons lessons, Organisations organisations, Site site, PracticeAddresses addresses)
{
    /// <summary>Addresses of one file. 50,000 are allowed, and 50 MB: with six languages each address names seven others.</summary>
    public const int Most = 20_000;

    const string Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9";
    const string Xhtml = "http://www.w3.org/1999/xhtml";
    static readonly string[] Always = ["/", "/practices", "/collections", "/lessons", "/organisations", "/privacy", "/accessibility"];

    // What says the same with other words, or only to a member. Narrowed lists are without number, and each practice stands in the sitemap.
    static readonly string[] Nothing = ["/Account/", "/api/", "/language/", "/theme/", "/practices?", "/practices/*/practice.pdf"];

    public static void Map(WebApplication app)
    {
        app.MapGet("/robots.txt", (HttpContext http, Site site) =>
        {
            http.Response.Headers.CacheControl = "private, no-cache";
            return Results.Text("User-agent: *\n" + string.Concat(Nothing.Select(path => $"Disallow: {path}\n")) + $"\nSitemap: {site.Address("/sitemap.xml")}\n");
        });
        app.MapGet("/sitemap.xml", (HttpContext http, CurrentActor who, Sitemap sitemap, CancellationToken cancel) => sitemap.AnswerAsync(http, who.Actor, null, Most, cancel));
        app.MapGet("/sitemap-{part:int}.xml", (int part, HttpContext http, CurrentActor who, Sitemap sitemap, CancellationToken cancel) => sitemap.AnswerAsync(http, who.Actor, part, Most, cancel));
    }

    /// <summary>The whole map, or the index of its parts where it is longer than one may be; with a number that part.</summary>
    public async Task<IResult> AnswerAsync(HttpContext http, Actor actor, int? part, int most, CancellationToken cancel)
    {
        var (version, all) = await practices.AllAsync(actor, cancel);
        var (taught, read) = await lessons.AllAsync(actor, cancel);
        var places = (await organisations.AllAsync(actor, "en", cancel)).Select(one => "/organisations/" + one.Slug).Order(StringComparer.Ordinal).ToList();
        // Counted first: what is said of a file stands before it.
        var parts = (Always.Length + places.Count + all.Sum(one => one.Languages.Count) + read.Sum(one => one.Languages.Count) + most - 1) / most;
        if (part is { } asked && (parts == 1 || asked < 1 || asked > parts))
            throw new NotFoundException("sitemap");
        if (KnownAnswer.Has(http, string.Create(CultureInfo.InvariantCulture, $"{site.Address("")} {typeof(Sitemap).Module.ModuleVersionId} {version} {taught} {part} {most} {string.Join(' ', places)}")))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        var entries = Always.Concat(places).Select(path => new Entry(site.Address(path), null, [])).Concat(all.SelectMany(EntriesOf)).Concat(read.SelectMany(EntriesOf));
        return Results.Stream(into => part is null && parts > 1 ? WriteIndexAsync(into, parts, cancel) : WriteAsync(into, entries.Skip(((part ?? 1) - 1) * most).Take(most), cancel), "application/xml; charset=utf-8");
    }

    IEnumerable<Entry> EntriesOf(PublishedPractice practice)
    {
        var count = practice.Languages.Count;
        List<(string Language, string Address)> others = count == 1 ? [] : [.. practice.Languages.Select(one => (one.Language, addresses.In(practice.Slug, one.Language, count))), ("x-default", addresses.Of(practice.Slug))];
        return practice.Languages.Select(one => new Entry(addresses.In(practice.Slug, one.Language, count), one.At, others));
    }

    IEnumerable<Entry> EntriesOf(LessonRow lesson)
    {
        string In(string language) => site.Address($"/lessons/{lesson.Slug}{PracticeAddresses.Query(language, lesson.Languages.Count)}");
        List<(string Language, string Address)> others = lesson.Languages.Count == 1 ? [] : [.. lesson.Languages.Select(one => (one.Language, In(one.Language))), ("x-default", site.Address("/lessons/" + lesson.Slug))];
        return lesson.Languages.Select(one => new Entry(In(one.Language), one.At, others));
    }

    static async Task WriteAsync(Stream into, IEnumerable<Entry> entries, CancellationToken cancel)
    {
        await using var xml = Begin(into);
        await xml.WriteStartElementAsync(null, "urlset", Namespace);
        await xml.WriteAttributeStringAsync("xmlns", "xhtml", null, Xhtml);
        foreach (var entry in entries)
        {
            cancel.ThrowIfCancellationRequested();
            await xml.WriteStartElementAsync(null, "url", Namespace);
            await xml.WriteElementStringAsync(null, "loc", Namespace, entry.Address);
            if (entry.At is { } at)
                await xml.WriteElementStringAsync(null, "lastmod", Namespace, at.ForMachines());
            foreach (var (language, address) in entry.Others)
            {
                await xml.WriteStartElementAsync("xhtml", "link", Xhtml);
                await xml.WriteAttributeStringAsync(null, "rel", null, "alternate");
                await xml.WriteAttributeStringAsync(null, "hreflang", null, language);
                await xml.WriteAttributeStringAsync(null, "href", null, address);
                await xml.WriteEndElementAsync();
            }
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
    }

    async Task WriteIndexAsync(Stream into, int parts, CancellationToken cancel)
    {
        await using var xml = Begin(into);
        await xml.WriteStartElementAsync(null, "sitemapindex", Namespace);
        for (var part = 1; part <= parts; part++)
        {
            cancel.ThrowIfCancellationRequested();
            await xml.WriteStartElementAsync(null, "sitemap", Namespace);
            await xml.WriteElementStringAsync(null, "loc", Namespace, site.Address(string.Create(CultureInfo.InvariantCulture, $"/sitemap-{part}.xml")));
            await xml.WriteEndElementAsync();
        }
        await xml.WriteEndElementAsync();
    }

    static XmlWriter Begin(Stream into) => XmlWriter.Create(into, new() { Async = true, CloseOutput = false, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });

    sealed record Entry(string Address, DateTimeOffset? At, IReadOnlyList<(string Language, string Address)> Others);
}
