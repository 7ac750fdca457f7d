using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>What programs outside find of the practices: search engines, catalogues, feed readers, reference managers.</summary>
public sealed class BeingFound(RunningCommunity community) : IClassFixture<RunningCommunity>, IAsyncLifetime
{
    const string Hostile = "</script><script>alert(1)</script> \"'&<!-- <b> ]]> {\\\\end} @x{ \\u2028";
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    static readonly XNamespace Map = "http://www.sitemaps.org/schemas/sitemap/0.9";
    static readonly XNamespace Xhtml = "http://www.w3.org/1999/xhtml";
    readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = community.Address };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("vet-hostile-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "hostile.md"), $"""
            ---
            title: "{Hostile.Replace("\"", "\\\"", StringComparison.Ordinal)}"
            summary: "{Hostile.Replace("\"", "\\\"", StringComparison.Ordinal)}"
            theme: ["{Hostile[..34]}"]
            country: "</meta>"
            licence: "javascript:alert(1)"
            contact: qzx-secret@example.org
            author: qzx-hidden
            ---

            ## Context

            Said.

            """, Cancel);
        await community.VerbAsync("import", "practices", folder.FullName);
        folder.Delete(recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_practice_says_in_its_head_what_it_is_to_each_kind_of_program()
    {
        var page = await PageAsync("/practices/the-tenth-day-call?language=de");
        string[] Named(string name) => [.. page.QuerySelectorAll($"meta[name='{name}'], meta[property='{name}']").Select(meta => meta.GetAttribute("content") ?? "")];
        var (address, title) = ($"{Origin}/practices/the-tenth-day-call?language=de", page.QuerySelector("h1")!.TextContent);

        Assert.Equal(address, page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
        Assert.Equal(
            [("en", $"{Origin}/practices/the-tenth-day-call?language=en"), ("de", address), ("x-default", $"{Origin}/practices/the-tenth-day-call")],
            page.QuerySelectorAll("head link[hreflang]").Select(link => (link.GetAttribute("hreflang")!, link.GetAttribute("href")!)));
        Assert.Equal(("article", "VetCommunity", title, address, "de_DE", "en_GB"), (Named("og:type").Single(), Named("og:site_name").Single(), Named("og:title").Single(), Named("og:url").Single(), Named("og:locale").Single(), Named("og:locale:alternate").Single()));
        Assert.Equal((title, "de", address), (Named("DC.title").Single(), Named("DC.language").Single(), Named("DC.identifier").Single()));
        Assert.StartsWith("https://creativecommons.org/licenses/", Named("DC.rights").Single(), StringComparison.Ordinal);
        Assert.Equal(2, Named("DC.creator").Length);
        Assert.NotEmpty(Named("DC.subject"));
        Assert.NotEmpty(Named("DC.coverage"));
        var data = DataOf(page);
        Assert.Equal(("LearningResource", address, title, "de", true), (data.GetProperty("@type").GetString(), data.GetProperty("@id").GetString(), data.GetProperty("name").GetString(), data.GetProperty("inLanguage").GetString(), data.GetProperty("isAccessibleForFree").GetBoolean()));
        Assert.Equal(Named("DC.rights").Single(), data.GetProperty("license").GetString());
        Assert.Equal(Named("DC.creator"), data.GetProperty("creator").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(Named("DC.subject"), data.GetProperty("about").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal($"{Origin}/practices/the-tenth-day-call?language=en", data.GetProperty("translationOfWork").GetProperty("@id").GetString());
        foreach (var name in (string[])["dateCreated", "datePublished", "dateModified"])
            Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", data.GetProperty(name).GetString());
        var original = DataOf(await PageAsync("/practices/the-tenth-day-call?language=en"));
        Assert.Equal([address], original.GetProperty("workTranslation").EnumerateArray().Select(one => one.GetProperty("@id").GetString()));
    }

    [Fact]
    public async Task Whatever_somebody_writes_stays_a_word_in_page_data_feed_and_references()
    {
        var page = await PageAsync("/practices/hostile");
        var title = page.QuerySelector("h1")!.TextContent;
        Assert.StartsWith("</script><script>", title, StringComparison.Ordinal);

        Assert.All(page.Scripts, script => Assert.True(script.Source is not null || script.Type == "application/ld+json", script.OuterHtml));
        Assert.Equal((title, title), (DataOf(page).GetProperty("name").GetString(), DataOf(page).GetProperty("description").GetString()));
        Assert.False(DataOf(page).TryGetProperty("license", out _));
        Assert.DoesNotContain(page.QuerySelectorAll("a[href^='javascript:']"), _ => true);
        Assert.DoesNotContain("qzx", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        var entry = (await XmlAsync("/practices/feed.atom")).Root!.Elements(Atom + "entry").Single(one => one.Element(Atom + "id")!.Value == $"{Origin}/practices/hostile");
        Assert.Equal((title, title, "javascript:alert(1)"), (entry.Element(Atom + "title")!.Value, entry.Element(Atom + "summary")!.Value, entry.Element(Atom + "rights")!.Value));
        Assert.Contains("  title = {{</script><script>alert(1)", await TextAsync("/practices/hostile/cite.bib"), StringComparison.Ordinal);
        Assert.Contains($"TI  - {title}\r\n", await TextAsync("/practices/hostile/cite.ris"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sitemap_that_robots_are_told_of_leads_to_every_public_page_under_its_own_address()
    {
        var robots = await TextAsync("/robots.txt");
        Assert.Contains($"Sitemap: {Origin}/sitemap.xml\n", robots, StringComparison.Ordinal);
        var map = await XmlAsync("/sitemap.xml");
        var addresses = map.Root!.Elements(Map + "url").Select(url => url.Element(Map + "loc")!.Value).ToList();

        Assert.Equal(addresses.Count, addresses.Distinct(StringComparer.Ordinal).Count());
        foreach (var path in (string[])["/", "/practices", "/organisations", "/organisations/lehrring-traunland", "/practices/hostile", "/practices/the-tenth-day-call?language=de", "/practices/the-tenth-day-call?language=en"])
            Assert.Contains(Origin + path, addresses);
        Assert.All(addresses, address => Assert.DoesNotContain(robots.Split('\n').Where(line => line.StartsWith("Disallow: ", StringComparison.Ordinal)), line => address[Origin.Length..].StartsWith(line["Disallow: ".Length..], StringComparison.Ordinal)));
        foreach (var address in addresses)
        {
            var page = await PageAsync(address);
            Assert.Equal(address.Contains("/practices/", StringComparison.Ordinal) ? address : null, page.QuerySelector("link[rel=canonical]")?.GetAttribute("href"));
        }
        var german = map.Root.Elements(Map + "url").Single(url => url.Element(Map + "loc")!.Value.EndsWith("/the-tenth-day-call?language=de", StringComparison.Ordinal));
        Assert.Equal(["en", "de", "x-default"], german.Elements(Xhtml + "link").Select(link => link.Attribute("hreflang")!.Value));
        Assert.NotNull(german.Element(Map + "lastmod"));
    }

    [Fact]
    public async Task The_feed_has_the_newest_practices_narrowed_down_as_the_page_is()
    {
        var page = await PageAsync("/practices?country=IT&q=the&order=newest", "it");
        var link = page.QuerySelector($"head link[type='application/atom+xml']")!.GetAttribute("href")!;
        Assert.Equal(link, page.QuerySelector("main a[type='application/atom+xml']")!.GetAttribute("href"));
        var feed = (await XmlAsync(link)).Root!;

        Assert.Equal(Atom + "feed", feed.Name);
        Assert.Equal(Origin + link, feed.Elements(Atom + "link").Single(one => one.Attribute("rel")!.Value == "self").Attribute("href")!.Value);
        Assert.Equal(page.QuerySelectorAll(".practice-row-title").Select(title => title.TextContent), feed.Elements(Atom + "entry").Select(entry => entry.Element(Atom + "title")!.Value));
        foreach (var entry in feed.Elements(Atom + "entry"))
        {
            foreach (var name in (string[])["id", "title", "updated", "summary", "link", "author", "category", "rights"])
                Assert.NotNull(entry.Element(Atom + name));
            Assert.Contains(entry.Attribute(XNamespace.Xml + "lang")!.Value, (string[])["it", "en"]);
        }
        Assert.Contains("it", (await XmlAsync("/practices/feed.atom?language=it")).Root!.Elements(Atom + "entry").Select(entry => entry.Attribute(XNamespace.Xml + "lang")!.Value));
        Assert.Empty((await XmlAsync("/practices/feed.atom?q=nothingthatanybodywrote")).Root!.Elements(Atom + "entry"));
    }

    [Theory]
    [InlineData("/practices/feed.atom", "application/atom+xml")]
    [InlineData("/practices/feed.atom?theme=trainers&in=el", "application/atom+xml")]
    [InlineData("/sitemap.xml", "application/xml")]
    [InlineData("/practices/the-tenth-day-call/cite.bib?language=de", "application/x-bibtex")]
    [InlineData("/practices/the-tenth-day-call/cite.ris", "application/x-research-info-systems")]
    public async Task Who_has_it_already_gets_no_second_one(string address, string type)
    {
        using var first = await _client.GetAsync(new Uri(address, UriKind.Relative), Cancel);
        Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        using var asked = new HttpRequestMessage(HttpMethod.Get, address);
        asked.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var again = await _client.SendAsync(asked, Cancel);

        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync(Cancel)).Length));
    }

    [Fact]
    public async Task It_is_cited_with_its_version_and_sent_by_mail_with_its_address()
    {
        var page = await PageAsync("/practices/the-tenth-day-call?language=de");
        var address = $"{Origin}/practices/the-tenth-day-call?language=de";
        var version = $"{Origin}/practices/the-tenth-day-call/versions/1?language=de";

        Assert.Contains("(version 1) [Good practice]. VetCommunity. " + version, page.QuerySelector(".practice-cite")!.TextContent, StringComparison.Ordinal);
        foreach (var link in page.QuerySelectorAll(".practice-cite a"))
            Assert.Contains(version, await TextAsync(link.GetAttribute("href")!), StringComparison.Ordinal);
        var cited = await PageAsync(version);
        Assert.Equal(page.QuerySelector("article")!.TextContent.Trim(), cited.QuerySelector("article")!.TextContent.Trim());
        Assert.Equal("noindex", cited.QuerySelector("meta[name='robots']")!.GetAttribute("content"));
        var mail = page.QuerySelector("a[href^='mailto:']")!.GetAttribute("href")!;
        Assert.Equal($"mailto:?subject={Uri.EscapeDataString(page.QuerySelector("h1")!.TextContent)}&body={Uri.EscapeDataString(page.QuerySelector("h1")!.TextContent + "\r\n" + address)}", mail);
    }

    string Origin => community.Address.ToString().TrimEnd('/');

    static JsonElement DataOf(IHtmlDocument page) => JsonDocument.Parse(page.QuerySelector("head script[type='application/ld+json']")!.TextContent).RootElement;

    async Task<IHtmlDocument> PageAsync(string address, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Accept-Language", language);
        using var answer = await _client.SendAsync(request, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{address}: {answer.StatusCode}");
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Cancel));
    }

    async Task<XDocument> XmlAsync(string address) => XDocument.Parse(await TextAsync(address));

    Task<string> TextAsync(string address) => _client.GetStringAsync(new Uri(address, UriKind.Relative), Cancel);
}
