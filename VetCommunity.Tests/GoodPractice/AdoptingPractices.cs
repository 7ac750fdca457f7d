using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public class AdoptingPractices
{
    const string Slug = "welding-in-pairs";
    static readonly ToldAdoption Told = new("IT", "Modena", "Three instead of two", "Fewer breaks in the seam", AdoptionResult.Worked);

    [Theory, OnBothDatabases]
    public async Task Evidence_and_maturity_follow_from_what_others_did(Database database)
    {
        await using var world = await PublishedAsync(database);
        var (practices, adoptions) = (new Practices(world.World.Db), new Adoptions(world.World.Db, world.World.Clock));
        var others = new List<Actor>();
        foreach (var (index, country) in new[] { "ES", "GR", "IT" }.Index())
            others.Add(await world.AddEditorElsewhereAsync(31 + index, "other" + index, country));
        Assert.Equal((EvidenceLevel.None, Maturity.Initial), await LevelAsync());

        // Who belongs to the practice's own organisation, or to none, bears nothing out.
        await adoptions.TellAsync(world.Eva, Slug, Told);
        await adoptions.TellAsync(world.Olga, Slug, Told);
        Assert.Equal((EvidenceLevel.None, Maturity.Initial), await LevelAsync());
        await adoptions.TellAsync(others[0], Slug, Told with { Result = AdoptionResult.DidNotWork });
        Assert.Equal((EvidenceLevel.None, Maturity.Initial), await LevelAsync());
        await adoptions.TellAsync(others[0], Slug, Told with { Result = AdoptionResult.InPart });
        Assert.Equal((EvidenceLevel.Tried, Maturity.Initial), await LevelAsync());
        await adoptions.TellAsync(others[1], Slug, Told);
        await adoptions.TellAsync(others[2], Slug, Told);
        Assert.Equal((EvidenceLevel.Repeated, Maturity.Initial), await LevelAsync());
        await adoptions.TellAsync(others[2], Slug, Told with { Country = "GR" });
        Assert.Equal((EvidenceLevel.Confirmed, Maturity.Initial), await LevelAsync());

        await world.Approvals.ApproveAsync(others[0], English, 1);
        await world.Approvals.ApproveAsync(others[1], English, 1);
        Assert.Equal((EvidenceLevel.Confirmed, Maturity.Validated), await LevelAsync());
        Assert.Equal([new FacetCount("Validated", 1)], (await practices.FindAsync(Actor.Visitor, new("en"))).Facets[PracticeFacet.Maturity]);
        await adoptions.RemoveAsync(others[2], Slug, await NumberOfAsync(others[2]));
        Assert.Equal((EvidenceLevel.Repeated, Maturity.Structured), await LevelAsync());
        // What is published next has been reviewed by nobody.
        await world.WriteAsync(world.Bruno, "---\ntitle: Welding in pairs\n---\n\n## Context\n\nSaid anew.\n");
        await world.Publications.PublishAsync(world.Eva, English, 2);
        Assert.Equal((EvidenceLevel.Repeated, Maturity.Initial), await LevelAsync());

        async Task<(EvidenceLevel, Maturity)> LevelAsync() => (await practices.ReadAsync(Actor.Visitor, Slug, "en")).Card.Bearing is var bearing ? (bearing.Evidence, bearing.Maturity) : default;

        async Task<int> NumberOfAsync(Actor who) => await world.World.InDbAsync(db => Task.FromResult(db.Adoptions.Single(a => a.MemberId == who.MemberId).Id));
    }

    [Theory, OnBothDatabases]
    public async Task Each_member_tells_once_and_visitors_read_without_names(Database database)
    {
        await using var world = await PublishedAsync(database);
        var adoptions = new Adoptions(world.World.Db, world.World.Clock);
        var rosa = await world.AddEditorElsewhereAsync(31, "rosa", "ES");

        await Task.WhenAll(adoptions.TellAsync(rosa, Slug, Told), adoptions.TellAsync(rosa, Slug, Told));
        await adoptions.TellAsync(rosa, Slug, Told with { CameOut = "Nothing came of it", Result = AdoptionResult.DidNotWork });

        var row = Assert.Single((await adoptions.ListAsync(world.Bruno, Slug, 1)).Rows);
        Assert.Equal(("rosa", "Of rosa", "Nothing came of it", false), (row.By, row.Organisation, row.Told.CameOut, row.MayRemove));
        Assert.Equal(("", "Of rosa", false), Assert.Single((await adoptions.ListAsync(Actor.Visitor, Slug, 1)).Rows) is { } seen ? (seen.By, seen.Organisation, seen.MayRemove) : default);
        Assert.Equal("en", row.Language);
        Assert.Equal(AdoptionResult.DidNotWork, (await adoptions.MineAsync(rosa, Slug))?.Result);
        Assert.Null(await adoptions.MineAsync(world.Bruno, Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => adoptions.RemoveAsync(world.Bruno, Slug, row.Id));
        await Assert.ThrowsAsync<NotFoundException>(() => adoptions.RemoveAsync(Actor.Visitor, Slug, row.Id));
        await adoptions.RemoveAsync(world.Nina, Slug, row.Id);
        Assert.Empty((await adoptions.ListAsync(world.Bruno, Slug, 1)).Rows);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_incomplete_or_not_published_is_not_told(Database database)
    {
        await using var world = await OpenAsync(database);
        var adoptions = new Adoptions(world.World.Db, world.World.Clock);
        await world.WriteAsync(world.Bruno, "## Context\n\nSaid.\n");
        await Assert.ThrowsAsync<NotFoundException>(() => adoptions.TellAsync(world.Olga, Slug, Told));
        await Assert.ThrowsAsync<NotFoundException>(() => adoptions.ListAsync(world.Bruno, Slug, 1));
        await world.Publications.PublishAsync(world.Eva, English, 1);

        await Assert.ThrowsAsync<NotFoundException>(() => adoptions.TellAsync(Actor.Visitor, Slug, Told));
        foreach (var lacking in (ToldAdoption[])[Told with { Country = "" }, Told with { Country = "ZZ" }, Told with { CameOut = " \n" }, Told with { Result = default }])
            Assert.Equal(Refusal.AdoptionIncomplete, await World.RefusalOfAsync(() => adoptions.TellAsync(world.Olga, Slug, lacking)));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => adoptions.TellAsync(world.Olga, Slug, Told with { Changed = new('x', Adoptions.Longest + 1) })));
        Assert.Empty((await adoptions.ListAsync(world.Bruno, Slug, 1)).Rows);
    }

    [Theory, OnBothDatabases]
    public async Task A_reader_sees_what_is_alike_where_they_work_and_what_is_not(Database database)
    {
        await using var world = await PublishedAsync(database);
        var transferability = new Transferability(world.World.Db);
        var rosa = await world.AddEditorElsewhereAsync(31, "rosa", "ES");
        await world.World.InDbAsync(async db =>
        {
            var own = db.Organisations.Single(o => o.Slug == "of-rosa");
            (own.Sectors, own.Speaks) = ("C F", "ca es");
            return await db.SaveChangesAsync();
        });
        var card = new PracticeCard(Slug, "en", ["en", "es"], "Guild", DateTimeOffset.UnixEpoch, PracticeRecord.Of("---\ncountry: [DE, AT]\nsector: [P]\n---\n", Slug));

        var (organisation, conditions) = await transferability.CompareAsync(rosa, card);

        Assert.Equal("Of rosa", organisation);
        Assert.Equal([(PracticeFacet.Country, false, "DE AT"), (PracticeFacet.Sector, false, "P"), (PracticeFacet.Language, true, "en es")], conditions.Select(one => (one.Facet, one.IsSame, string.Join(' ', one.Values))));
        foreach (var nobody in (Actor[])[Actor.Visitor, world.Nina, world.Bruno])
            Assert.Empty((await transferability.CompareAsync(nobody, card)).Conditions);
    }

    static async Task<DocumentsWorld> PublishedAsync(Database database)
    {
        var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, "---\ntitle: Welding in pairs\n---\n\n## Context\n\nSaid.\n");
        await world.Publications.PublishAsync(world.Eva, English, 1);
        return world;
    }
}
