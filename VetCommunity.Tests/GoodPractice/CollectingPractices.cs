using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Privacy;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>Collections of practices that members put together.</summary>
public class CollectingPractices
{
    [Theory, OnBothDatabases]
    public async Task What_is_put_in_stands_in_its_order_in_the_readers_language_and_only_while_readers_have_it(Database database)
    {
        await using var world = await OpenAsync(database);
        var collections = Of(world);
        string[] slugs = [await PublishAsync(world, "One"), await PublishAsync(world, "Two"), await PublishAsync(world, "Three")];
        var two = English with { Slug = slugs[1] };
        await world.Languages.AddAsync(world.Bruno, two, "it");
        await world.WriteAsync(world.Bruno, "---\ntitle: Due\nsummary: Il sommario.\n---\n\n## Contesto\n\nTesto.\n", where: two with { Language = "it" });
        await world.Publications.PublishAsync(world.Eva, two with { Language = "it" }, 1);
        var slug = await collections.CreateAsync(world.Olga, new(" For  beginners ", "Read them\nin order.", IsPublic: true), "k", slugs[0]);
        await collections.AddAsync(world.Olga, slug, slugs[1]);
        await collections.AddAsync(world.Olga, slug, slugs[2]);

        Assert.Equal("for-beginners", slug);
        var read = await collections.ReadAsync(Actor.Visitor, slug, "it");
        Assert.Equal(("For beginners", "Read them\nin order.", 3, "", "", false), (read.Row.Title, read.Row.Text, read.Row.Practices, read.Row.By, read.Handle, read.MayChange));
        Assert.Equal(["one", "Due", "three"], Titles(read));
        Assert.Equal("Il sommario.", read.Practices[1].Card!.Record.Summary);
        Assert.Equal("olga", (await collections.ReadAsync(world.Bruno, slug, "en")).Handle);

        await collections.MoveAsync(world.Olga, slug, read.Practices[2].Id, up: true);
        await collections.MoveAsync(world.Olga, slug, read.Practices[0].Id, up: true);
        Assert.Equal(["one", "three", "two"], Titles(await collections.ReadAsync(Actor.Visitor, slug, "en")));

        // Withdrawn, and published again.
        await world.Publications.WithdrawAsync(world.Eva, English with { Slug = slugs[2] });
        read = await collections.ReadAsync(world.Olga, slug, "en");
        Assert.Equal(["one", null, "two"], Titles(read));
        Assert.Equal(2, read.Row.Practices);
        Assert.Equal(2, Assert.Single((await collections.ListAsync(Actor.Visitor, mine: false, 1)).Rows).Practices);
        Assert.Empty(await collections.OfAsync(Actor.Visitor, slugs[2]));
        await Assert.ThrowsAsync<NotFoundException>(() => collections.AddAsync(world.Olga, slug, slugs[2]));
        await world.Publications.PublishAsync(world.Eva, English with { Slug = slugs[2] }, 1);
        Assert.Equal(["one", "three", "two"], Titles(await collections.ReadAsync(Actor.Visitor, slug, "en")));
        Assert.Equal("For beginners", Assert.Single(await collections.OfAsync(Actor.Visitor, slugs[2])).Title);

        // Deleted, and restored.
        await world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, slugs[0]);
        Assert.Equal([null, "three", "two"], Titles(await collections.ReadAsync(Actor.Visitor, slug, "en")));
        await world.All.RestoreAsync(world.Bruno, DocumentKind.Practice, slugs[0]);
        Assert.Equal(["one", "three", "two"], Titles(await collections.ReadAsync(Actor.Visitor, slug, "en")));

        await collections.RemoveAsync(world.Olga, slug, slugs[0]);
        await collections.RemoveAsync(world.Olga, slug, slugs[0]);
        Assert.Equal(["three", "two"], Titles(await collections.ReadAsync(Actor.Visitor, slug, "en")));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_for_members_no_visitor_finds_and_only_its_maker_and_editors_change_one(Database database)
    {
        await using var world = await OpenAsync(database);
        var collections = Of(world);
        var practice = await PublishAsync(world, "One");
        var slug = await collections.CreateAsync(world.Olga, new("Ours", "", IsPublic: false), "k", practice);
        var id = (await collections.ReadAsync(world.Olga, slug, "en")).Practices[0].Id;

        await Assert.ThrowsAsync<NotFoundException>(() => collections.ReadAsync(Actor.Visitor, slug, "en"));
        Assert.Empty((await collections.ListAsync(Actor.Visitor, mine: false, 1)).Rows);
        Assert.Empty(await collections.OfAsync(world.Olga, practice));
        Assert.Equal("Ours", Assert.Single((await collections.ListAsync(world.Bruno, mine: false, 1)).Rows).Title);
        Assert.Empty((await collections.ListAsync(world.Bruno, mine: true, 1)).Rows);
        await Assert.ThrowsAsync<NotFoundException>(() => collections.ListAsync(Actor.Visitor, mine: true, 1));
        foreach (var other in (Actor[])[world.Bruno, Actor.Visitor, world.Olga with { Roles = default }])
        {
            Assert.False(other != Actor.Visitor && (await collections.ReadAsync(other, slug, "en")).MayChange);
            await Assert.ThrowsAsync<NotFoundException>(() => collections.ChangeAsync(other, slug, new("Mine", "", IsPublic: true), 0));
            await Assert.ThrowsAsync<NotFoundException>(() => collections.AddAsync(other, slug, practice));
            await Assert.ThrowsAsync<NotFoundException>(() => collections.RemoveAsync(other, slug, practice));
            await Assert.ThrowsAsync<NotFoundException>(() => collections.MoveAsync(other, slug, id, up: true));
            await Assert.ThrowsAsync<NotFoundException>(() => collections.DeleteAsync(other, slug));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => collections.CreateAsync(Actor.Visitor, new("Mine", "", IsPublic: true), "v"));
        await Assert.ThrowsAsync<NotFoundException>(() => collections.MineAsync(Actor.Visitor, practice));
        await Assert.ThrowsAsync<NotFoundException>(() => collections.CreateAsync(world.Olga, new("Other", "", IsPublic: true), "o", "welding-in-pairs"));

        Assert.True((await collections.ReadAsync(world.Nina, slug, "en")).MayChange);
        await collections.ChangeAsync(world.Nina, slug, new("Everybody’s", "", IsPublic: true), 0);
        Assert.Equal("Everybody’s", (await collections.ReadAsync(Actor.Visitor, slug, "en")).Row.Title);
        await collections.DeleteAsync(world.Nina, slug);
        await Assert.ThrowsAsync<NotFoundException>(() => collections.ReadAsync(world.Olga, slug, "en"));
        Assert.Equal(0, await world.World.InDbAsync(db => db.CollectedPractices.CountAsync()));
        Assert.NotNull(await new Practices(world.World.Db).CardAsync(Actor.Visitor, practice, "en"));
    }

    [Theory, OnBothDatabases]
    public async Task Sent_twice_or_from_two_tabs_it_is_there_once_and_of_two_who_rename_the_second_is_told(Database database)
    {
        await using var world = await OpenAsync(database);
        var collections = Of(world);
        string[] slugs = [await PublishAsync(world, "One"), await PublishAsync(world, "Two"), await PublishAsync(world, "Three"), await PublishAsync(world, "Four")];
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Of(world).CreateAsync(world.Olga, new("Same", "", IsPublic: true), "once", slugs[0])));
        Assert.Equal(["same"], made.Distinct());
        // Another with this title gets another address, and the form of somebody else is another form.
        Assert.Equal("same-2", await collections.CreateAsync(world.Bruno, new("Same", "", IsPublic: true), "once"));

        await Task.WhenAll(slugs.Concat(slugs).Select(practice => Task.Run(() => Of(world).AddAsync(world.Olga, "same", practice))));
        var rows = await world.World.InDbAsync(db => db.CollectedPractices.OrderBy(p => p.Position).ToListAsync());
        Assert.Equal([1, 2, 3, 4], rows.Select(row => row.Position));

        await collections.ChangeAsync(world.Olga, "same", new("First", "", IsPublic: true), 0);
        await collections.ChangeAsync(world.Olga, "same", new("First", "", IsPublic: true), 0);
        Assert.Equal(Refusal.ChangedMeanwhile, await World.RefusalOfAsync(() => collections.ChangeAsync(world.Olga, "same", new("Second", "", IsPublic: true), 0)));
        // What was put in meanwhile hinders nobody.
        await collections.RemoveAsync(world.Olga, "same", slugs[3]);
        await collections.ChangeAsync(world.Olga, "same", new("Third", "", IsPublic: true), 1);
        Assert.Equal("Third", (await collections.ReadAsync(Actor.Visitor, "same", "en")).Row.Title);
    }

    [Theory, OnBothDatabases]
    public async Task Limits_are_said_and_hold_when_two_come_at_once(Database database)
    {
        await using var world = await OpenAsync(database);
        var collections = Of(world);
        foreach (var title in (string[])["", " \u200b ", new('t', PracticeCollections.LongestTitle + 1)])
            Assert.Equal(Refusal.BadCollectionTitle, await World.RefusalOfAsync(() => collections.CreateAsync(world.Olga, new(title, "", IsPublic: true), "k")));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => collections.CreateAsync(world.Olga, new("Title", new('t', PracticeCollections.LongestText + 1), IsPublic: true), "k")));
        Assert.Equal(Refusal.BadClientKey, await World.RefusalOfAsync(() => collections.CreateAsync(world.Olga, new("Title", "", IsPublic: true), "")));
        for (var number = 0; number < PracticeCollections.Most; number++)
            await collections.CreateAsync(world.Olga, new("new", "", IsPublic: true), FormattableString.Invariant($"k{number}"));
        Assert.Equal(Refusal.TooManyCollections, await World.RefusalOfAsync(() => collections.CreateAsync(world.Olga, new("One more", "", IsPublic: true), "more")));
        Assert.DoesNotContain(await world.World.InDbAsync(db => db.PracticeCollections.Select(c => c.Slug).ToListAsync()), slug => slug == "new");
        var (mine, hasMore) = await collections.ListAsync(world.Olga, mine: true, 1);
        Assert.Equal((PracticeCollections.Page, true), (mine.Count, hasMore));
        Assert.Equal(PracticeCollections.Most - PracticeCollections.Page, (await collections.ListAsync(world.Olga, mine: true, 2)).Rows.Count);

        List<string> last = [];
        foreach (var title in (string[])["One", "Two", "Three", "Four", "Five", "Six"])
            last.Add(await PublishAsync(world, title));
        var (collection, now) = (await world.World.InDbAsync(db => db.PracticeCollections.OrderBy(c => c.Id).FirstAsync()), world.World.Clock.GetUtcNow());
        await world.World.InDbAsync(async db =>
        {
            for (var number = 0; number < PracticeCollections.MostPractices - 1; number++)
            {
                var document = new Document { Kind = DocumentKind.Practice, Slug = $"p{number}", CreatedById = world.Bruno.MemberId, CreatedAt = now, FormKey = $"p{number}" };
                db.Add(document);
                await db.SaveChangesAsync();
                db.Add(new CollectedPractice { CollectionId = collection.Id, DocumentId = document.Id, Position = number + 1, At = now });
            }
            return await db.SaveChangesAsync();
        });
        var added = await Task.WhenAll(last.Select(practice => Task.Run(async () =>
        {
            try
            {
                await Of(world).AddAsync(world.Olga, collection.Slug, practice);
                return (Refusal?)null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        })));
        Assert.Equal([null, .. Enumerable.Repeat<Refusal?>(Refusal.CollectionFull, last.Count - 1)], added.Order());
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_make_the_last_collection_at_once_one_is_told_that_it_is_one_too_many(Database database)
    {
        await using var world = await OpenAsync(database);
        for (var number = 0; number < PracticeCollections.Most - 1; number++)
            await Of(world).CreateAsync(world.Olga, new("Mine", "", IsPublic: true), FormattableString.Invariant($"k{number}"));

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(async () =>
        {
            try
            {
                await Of(world).CreateAsync(world.Olga, new(FormattableString.Invariant($"Last {number}"), "", IsPublic: true), FormattableString.Invariant($"last{number}"));
                return (Refusal?)null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        })));

        Assert.Equal([null, .. Enumerable.Repeat<Refusal?>(Refusal.TooManyCollections, 5)], made.Order());
    }

    /// <summary>Any moves lead where the same moves in a list lead.</summary>
    [Fact]
    public async Task Moves_are_those_of_a_list()
    {
        await using var world = await OpenAsync(Database.Sqlite);
        var collections = Of(world);
        var slug = await collections.CreateAsync(world.Olga, new("Moved", "", IsPublic: true), "k");
        for (var number = 0; number < 5; number++)
            await collections.AddAsync(world.Olga, slug, await PublishAsync(world, $"Number {number}"));
        var model = (await collections.ReadAsync(world.Olga, slug, "en")).Practices.Select(row => row.Id).ToList();
        var random = new Random(7);
        for (var step = 0; step < 60; step++)
        {
            var (id, up) = (random.Next(10) == 0 ? 9999 : model[random.Next(model.Count)], random.Next(2) == 0);
            var (from, to) = (model.IndexOf(id), model.IndexOf(id) + (up ? -1 : 1));
            if (from >= 0 && to >= 0 && to < model.Count)
                (model[from], model[to]) = (model[to], model[from]);
            await collections.MoveAsync(world.Olga, slug, id, up);
            Assert.Equal(model, (await collections.ReadAsync(world.Olga, slug, "en")).Practices.Select(row => row.Id));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Who_leaves_takes_a_copy_along_and_leaves_it_to_others_without_the_name(Database database)
    {
        await using var world = await OpenAsync(database);
        var collections = Of(world);
        var slug = await collections.CreateAsync(world.Olga, new("Kept for others", "", IsPublic: true), "k", await PublishAsync(world, "One"));
        await world.World.InDbAsync(async db =>
        {
            var holding = Assert.Single(Holdings.All, one => one.Table == typeof(PracticeCollection));
            Assert.Equal(Leaving.Stays, holding.Leaving);
            Assert.Equal("Kept for others", Assert.IsType<PracticeCollection>(Assert.Single(await holding.Mine!(db, world.Olga.MemberId).ToListAsync())).Title);
            Assert.Empty(await holding.Mine(db, world.Bruno.MemberId).ToListAsync());
            return 0;
        });
        await world.World.InDbAsync(db => db.Users.Where(u => u.Id == world.Olga.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, FormerMember.Name).SetProperty(u => u.Handle, "~gone")));

        var read = await collections.ReadAsync(world.Bruno, slug, "en");
        Assert.Equal((FormerMember.Shown(FormerMember.Name), "", "Kept for others"), (read.Row.By, read.Handle, read.Row.Title));
    }

    static PracticeCollections Of(DocumentsWorld world) => new(world.World.Db, new Practices(world.World.Db), world.World.Clock);

    static IEnumerable<string?> Titles(ReadCollection read) => read.Practices.Select(row => row.Card?.Record.Title);

    static async Task<string> PublishAsync(DocumentsWorld world, string title)
    {
        var address = English with { Slug = await world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, title, "en", title)) };
        var stored = await world.WriteAsync(world.Bruno, $"---\ntitle: {address.Slug}\nsummary: What it is.\n---\n\n## Context\n\nText.\n", where: address);
        await world.Publications.PublishAsync(world.Eva, address, stored.Number!.Value);
        return address.Slug;
    }
}
