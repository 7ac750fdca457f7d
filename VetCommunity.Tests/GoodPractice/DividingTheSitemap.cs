using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public class DividingTheSitemap
{
    static readonly XNamespace Map = "http://www.sitemaps.org/schemas/sitemap/0.9";

    [Fact]
    public async Task What_is_too_long_for_one_file_is_an_index_of_files_that_hold_each_address_once()
    {
        await using var world = await OpenAsync(Database.Sqlite);
        var site = new Site(() => "https://vet.example/");
        var stages = new Stages(world.World.Db, world.World.Feed, world.World.Clock);
        var lessons = new Lessons(world.World.Db, stages, world.All, world.Drafts, world.Storing, world.Revisions, world.Languages, world.Publications);
        var sitemap = new Sitemap(new Practices(world.World.Db), lessons, new(world.World.Db, world.World.Clock), site, new(site));
        for (var number = 1; number <= 9; number++)
        {
            var slug = await world.All.CreateAsync(world.Eva, new(DocumentKind.Practice, $"Number {number}", "en", $"{number}"));
            await world.WriteAsync(world.Eva, "Said.\n", where: new(DocumentKind.Practice, slug, "en"));
            await world.Publications.PublishAsync(world.Eva, new(DocumentKind.Practice, slug, "en"), 1);
        }
        var whole = Locations(await AnswerAsync(null, Sitemap.Most));
        Assert.Equal(7 + 1 + 9, whole.Count);

        var index = await AnswerAsync(null, 4);

        Assert.Equal(Map + "sitemapindex", index.Root!.Name);
        var parts = Locations(index).Select(address => int.Parse(address["https://vet.example/sitemap-".Length..^".xml".Length], CultureInfo.InvariantCulture)).ToList();
        Assert.Equal([1, 2, 3, 4, 5], parts);
        List<string> together = [];
        foreach (var part in parts)
            together.AddRange(Locations(await AnswerAsync(part, 4)));
        Assert.Equal(whole, together);
        foreach (var (part, most) in ((int, int)[])[(0, 4), (6, 4), (1, Sitemap.Most)])
            await Assert.ThrowsAsync<NotFoundException>(() => AnswerAsync(part, most));

        async Task<XDocument> AnswerAsync(int? part, int most)
        {
            using var body = new MemoryStream();
            await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
            var http = new DefaultHttpContext { RequestServices = services };
            http.Response.Body = body;
            await (await sitemap.AnswerAsync(http, Actor.Visitor, part, most, TestContext.Current.CancellationToken)).ExecuteAsync(http);
            body.Position = 0;
            return XDocument.Load(body);
        }
    }

    static List<string> Locations(XDocument map) => [.. map.Descendants(Map + "loc").Select(one => one.Value)];
}
