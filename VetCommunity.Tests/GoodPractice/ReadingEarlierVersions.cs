using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public class ReadingEarlierVersions
{
    [Theory, OnBothDatabases]
    public async Task What_was_published_once_can_be_read_and_nothing_that_never_was(Database database)
    {
        await using var world = await OpenAsync(database);
        var versions = new PublishedVersions(world.World.Db);
        foreach (var words in (string[])["First", "Never shown", "Third"])
            await world.WriteAsync(world.Bruno, $"---\ntitle: {words}\nsummary: In short\n---\n\n## Context\n\n{words} words.\n");
        await world.Publications.PublishAsync(world.Eva, English, 1);
        // Databases keep milliseconds.
        var first = DateTimeOffset.FromUnixTimeMilliseconds(world.World.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        world.World.Clock.Advance(TimeSpan.FromDays(3));
        await world.Publications.PublishAsync(world.Eva, English, 3);

        Assert.Equal([(3, true), (1, false)], (await versions.ListAsync(Actor.Visitor, English.Slug, "en")).Select(one => (one.Number, one.IsPresent)));
        var read = await versions.ReadAsync(Actor.Visitor, English.Slug, "en", 1);
        Assert.Equal(("First", "In short", first), (read.Title, read.Summary, read.Version.At));
        Assert.Contains("First words.", read.Html, StringComparison.Ordinal);
        Assert.True((await versions.ReadAsync(Actor.Visitor, English.Slug, "en", 3)).Version.IsPresent);
        foreach (var number in (int[])[0, 2, 4])
            await Assert.ThrowsAsync<NotFoundException>(() => versions.ReadAsync(world.Bruno, English.Slug, "en", number));
        await Assert.ThrowsAsync<NotFoundException>(() => versions.ListAsync(Actor.Visitor, English.Slug, "it"));

        // The day on which it was published first counts, also where it comes back.
        await world.Publications.PublishAsync(world.Eva, English, 1);
        Assert.Equal([(3, false), (1, true)], (await versions.ListAsync(Actor.Visitor, English.Slug, "en")).Select(one => (one.Number, one.IsPresent)));
        Assert.Equal(first, (await versions.ReadAsync(Actor.Visitor, English.Slug, "en", 1)).Version.At);
        await world.Publications.WithdrawAsync(world.Eva, English);
        await Assert.ThrowsAsync<NotFoundException>(() => versions.ReadAsync(world.Bruno, English.Slug, "en", 1));
    }

    [Theory, OnBothDatabases]
    public async Task A_practice_names_those_that_have_most_in_common_with_it(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await PublishAsync(world, "welding-in-pairs", "theme: [apprenticeship, digital]\ncountry: IT");
        foreach (var (title, record) in (Dictionary<string, string>)new()
        {
            ["Both themes"] = "theme: [apprenticeship, digital]",
            ["One theme"] = "theme: [apprenticeship]",
            ["One theme at home"] = "theme: [digital]\ncountry: IT",
            ["One theme elsewhere"] = "theme: [digital]\ncountry: GR",
            ["At home alone"] = "country: IT",
        })
        {
            var slug = await world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, title, "en", title));
            await PublishAsync(world, slug, record);
        }

        Assert.Equal(["both-themes", "one-theme-at-home", "one-theme-elsewhere"], (await practices.ReadAsync(Actor.Visitor, English.Slug, "de")).Related.Select(one => one.Slug));
        Assert.Empty((await practices.ReadAsync(Actor.Visitor, "at-home-alone", "en")).Related);
        await world.Publications.WithdrawAsync(world.Eva, English with { Slug = "both-themes" });
        Assert.Equal(["one-theme-at-home", "one-theme-elsewhere", "one-theme"], (await practices.ReadAsync(Actor.Visitor, English.Slug, "en")).Related.Select(one => one.Slug));
    }

    static async Task PublishAsync(DocumentsWorld world, string slug, string record)
    {
        var address = English with { Slug = slug };
        await world.WriteAsync(world.Bruno, $"---\ntitle: {slug}\n{record}\n---\n\nSaid.\n", where: address);
        await world.Publications.PublishAsync(world.Eva, address, 1);
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
    }
}
