using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Noticing;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>Searches of practices that members keep, and of what they are told.</summary>
public class SavingSearches
{
    static readonly Dictionary<PracticeFacet, IReadOnlyList<string>> Nothing = [];

    [Theory, OnBothDatabases]
    public async Task Who_saved_a_search_hears_once_of_what_answers_it_and_of_nothing_else(Database database)
    {
        await using var world = await OpenAsync(database);
        var (searches, notices) = Of(world);
        var mask = await searches.SaveAsync(world.Olga, "mask", Nothing);
        await searches.SaveAsync(world.Olga, "glove", Nothing);
        var digital = await searches.SaveAsync(world.Erik, "", Themes("digital", "guidance"));
        await searches.SaveAsync(world.Nina, "mask", Themes("guidance"));
        Assert.Equal(0, await notices.TellAsync(Actor.Operator));

        var address = await BeginAsync(world, "Sharing");
        await PublishAsync(world, address, "theme: digital", "They share one **mask**.");
        Assert.Equal(2, await notices.TellAsync(Actor.Operator));

        var row = Assert.Single((await world.Notices.ListAsync(world.Olga)).Rows, row => row.Kind == NoticeKind.FoundPractice);
        Assert.Equal(($"/practices/saved/{mask}", "mask", true), (row.Address, row.Text, row.IsUnread));
        Assert.Equal($"/practices/saved/{digital}", Assert.Single(await BellAsync(world, world.Erik)).Address);
        Assert.Empty(await BellAsync(world, world.Nina));
        // The next look, and another process.
        Assert.Equal(0, await notices.TellAsync(Actor.Operator));
        Assert.Equal(0, await Of(world).Notices.TellAsync(Actor.Operator));

        // Neither a revision nor another language is a new practice, nor is what is published again.
        await world.Notices.SearchSeenAsync(world.Olga, mask);
        await PublishAsync(world, address, "theme: digital", "They share one mask and one glove.");
        var italian = address with { Language = "it" };
        await world.Languages.AddAsync(world.Bruno, address, "it");
        await world.WriteAsync(world.Bruno, "---\ntitle: Insieme\n---\n\n## Contesto\n\nUna mask sola.\n", where: italian);
        await world.Publications.PublishAsync(world.Eva, italian, 1);
        await world.Publications.WithdrawAsync(world.Eva, address);
        await world.Publications.PublishAsync(world.Eva, address, 1);
        Assert.Equal(0, await notices.TellAsync(Actor.Operator));

        await PublishAsync(world, await BeginAsync(world, "Another"), "theme: policy", "Again a mask.");
        Assert.Equal(1, await notices.TellAsync(Actor.Operator));
        Assert.True(Assert.Single(await BellAsync(world, world.Olga)).IsUnread);
        await Assert.ThrowsAsync<NotFoundException>(() => notices.TellAsync(world.Eva));
    }

    [Theory, OnBothDatabases]
    public async Task Neither_the_author_nor_who_found_it_already_is_told(Database database)
    {
        await using var world = await OpenAsync(database);
        var (searches, notices) = Of(world);
        await searches.SaveAsync(world.Bruno, "mask", Nothing);
        await PublishAsync(world, English, "", "One mask.");
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await searches.SaveAsync(world.Olga, "mask", Nothing);

        Assert.Equal(0, await notices.TellAsync(Actor.Operator));

        // What others write the author hears of.
        await world.WriteAsync(world.Nina, "---\ntitle: Elsewhere\n---\n\n## Context\n\nA mask.\n", where: await BeginAsync(world, "Elsewhere", world.Nina));
        await world.Publications.PublishAsync(world.Nina, English with { Slug = "elsewhere" }, 1);
        Assert.Equal(2, await notices.TellAsync(Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task An_import_of_many_calls_once_for_each_search(Database database)
    {
        await using var world = await OpenAsync(database);
        var (searches, notices) = Of(world);
        await searches.SaveAsync(world.Olga, "wel", Nothing);
        await searches.SaveAsync(world.Olga, "\"in pairs\"", Nothing);
        var folder = Directory.CreateTempSubdirectory("vet-saved-").FullName;
        try
        {
            for (var part = 0; part < 2; part++)
            {
                for (var number = 0; number < 30; number++)
                    await File.WriteAllTextAsync(Path.Combine(folder, $"w-{part}-{number}.md"), $"---\ntitle: Welding {part} {number}\n---\n\n## Context\n\nWelding in pairs.\n", TestContext.Current.CancellationToken);
                await new PracticeImport(world.World.Db, world.Languages, world.Storing, world.Publications, world.World.Uploads, world.World.Clock, NullLogger<PracticeImport>.Instance).ImportAsync(Actor.Operator, folder);
                Assert.Equal(part == 0 ? 2 : 0, await notices.TellAsync(Actor.Operator));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Assert.Equal(2, (await BellAsync(world, world.Olga)).Count);
        Assert.Equal(60, await world.World.InDbAsync(db => db.Documents.CountAsync(d => d.AnnouncedAt != null)));
    }

    [Theory, OnBothDatabases]
    public async Task Two_servers_that_look_at_once_tell_once(Database database)
    {
        await using var world = await OpenAsync(database);
        await Of(world).Searches.SaveAsync(world.Olga, "mask", Nothing);
        await PublishAsync(world, English, "", "One mask.");

        var told = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Of(world).Notices.TellAsync(Actor.Operator)));

        Assert.Equal(1, told.Sum());
        Assert.Single(await BellAsync(world, world.Olga));
    }

    [Theory, OnBothDatabases]
    public async Task A_member_keeps_twenty_and_each_once(Database database)
    {
        await using var world = await OpenAsync(database);
        var searches = Of(world).Searches;
        Assert.Equal(Refusal.NothingToSearch, await World.RefusalOfAsync(() => searches.SaveAsync(world.Olga, " !? ", Nothing)));
        Assert.Equal(Refusal.SearchTooLong, await World.RefusalOfAsync(() => searches.SaveAsync(world.Olga, new string('a', 501), Nothing)));
        for (var number = 0; number < SavedSearches.Most; number++)
        {
            world.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await searches.SaveAsync(world.Olga, $"mask {number}", Themes("guidance", "digital"));
        }
        await searches.SaveAsync(world.Olga, "mask 3", Themes("digital", "guidance"));
        Assert.Equal(Refusal.TooManySavedSearches, await World.RefusalOfAsync(() => searches.SaveAsync(world.Olga, "mask 3", Nothing)));

        var rows = await searches.ListAsync(world.Olga);
        Assert.Equal(Enumerable.Range(0, 20).Reverse().Select(number => $"mask {number}"), rows.Select(row => row.Words));
        Assert.Equal(["digital", "guidance"], rows[0].Chosen[PracticeFacet.Theme]);
        await searches.DeleteAsync(world.Olga, rows[0].Id);
        await searches.SaveAsync(world.Olga, "zero\0and half \ud800", Nothing);
    }

    [Theory, OnBothDatabases]
    public async Task Searches_that_are_saved_at_once_are_no_more_than_one_may_keep_and_each_once(Database database)
    {
        await using var world = await OpenAsync(database);
        for (var number = 0; number < SavedSearches.Most - 1; number++)
            await Of(world).Searches.SaveAsync(world.Olga, $"mask {number}", Nothing);

        var saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            try
            {
                await Of(world).Searches.SaveAsync(world.Olga, $"glove {number / 2}", Nothing);
                return (Refusal?)null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        })));

        Assert.Equal([null, null, .. Enumerable.Repeat<Refusal?>(Refusal.TooManySavedSearches, 6)], saved.Order());
        Assert.Equal(SavedSearches.Most, (await Of(world).Searches.ListAsync(world.Olga)).Count);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_reads_or_deletes_what_another_keeps(Database database)
    {
        await using var world = await OpenAsync(database);
        var (searches, notices) = Of(world);
        var mine = await searches.SaveAsync(world.Olga, "mask", Nothing);
        await PublishAsync(world, English, "", "One mask.");
        await notices.TellAsync(Actor.Operator);

        foreach (var other in (Actor[])[world.Bruno, world.World.Ada, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => searches.FindAsync(other, mine));
            await Assert.ThrowsAsync<NotFoundException>(() => searches.DeleteAsync(other, mine));
        }
        Assert.Empty(await searches.ListAsync(world.World.Ada));
        await Assert.ThrowsAsync<NotFoundException>(() => searches.ListAsync(Actor.Visitor));
        await Assert.ThrowsAsync<NotFoundException>(() => searches.SaveAsync(Actor.Visitor, "mask", Nothing));
        await world.Notices.SearchSeenAsync(world.Bruno, mine);
        Assert.True(Assert.Single(await BellAsync(world, world.Olga)).IsUnread);

        // No word of it stays.
        await searches.DeleteAsync(world.Olga, mine);
        Assert.Empty(await BellAsync(world, world.Olga));
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_gone_is_told_of_nothing(Database database)
    {
        await using var world = await OpenAsync(database);
        var (searches, notices) = Of(world);
        await searches.SaveAsync(world.Olga, "mask", Nothing);
        await PublishAsync(world, English, "", "One mask.");
        var now = world.World.Clock.GetUtcNow();
        await world.World.InDbAsync(db => db.Users.Where(u => u.Id == world.Olga.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.ErasedAt, now)));

        Assert.Equal(0, await notices.TellAsync(Actor.Operator));
    }

    /// <summary>The few that are new are asked by the rule of the page.</summary>
    [Theory]
    [InlineData("mask", "", true)]
    [InlineData("\"one mask\"", "", true)]
    [InlineData("\"mask one\"", "", false)]
    [InlineData("mas", "digital", true)]
    [InlineData("mask unknownword", "", false)]
    [InlineData("mask", "guidance", false)]
    [InlineData("", "digital", true)]
    [InlineData("", "never-heard-of", false)]
    public async Task What_the_page_finds_is_what_is_told(string words, string theme, bool isFound)
    {
        await using var world = await OpenAsync(Database.Sqlite);
        var (searches, notices) = Of(world);
        var chosen = theme.Length == 0 ? Nothing : Themes(theme);
        await searches.SaveAsync(world.Olga, words, chosen);
        await PublishAsync(world, await BeginAsync(world, "Before"), "theme: policy", "Gloves.");
        await PublishAsync(world, English, "theme: digital", "They share one mask.");

        Assert.Equal(isFound ? 1 : 0, await notices.TellAsync(Actor.Operator));
        Assert.Equal(isFound ? 1 : 0, (await new Practices(world.World.Db).FindAsync(world.Olga, new("en", words, chosen))).Total);
    }

    static Dictionary<PracticeFacet, IReadOnlyList<string>> Themes(params string[] themes) => new() { [PracticeFacet.Theme] = themes };

    static (SavedSearches Searches, SearchNotices Notices) Of(DocumentsWorld world) =>
        (new(world.World.Db, world.World.Clock), new(world.World.Db, new Practices(world.World.Db), world.World.Feed, world.World.Clock));

    static async Task<IReadOnlyList<NoticeRow>> BellAsync(DocumentsWorld world, Actor who) => [.. (await world.Notices.ListAsync(who)).Rows.Where(row => row.Kind == NoticeKind.FoundPractice)];

    static async Task<VersionAddress> BeginAsync(DocumentsWorld world, string title, Actor? by = null) =>
        English with { Slug = await world.All.CreateAsync(by ?? world.Bruno, new(DocumentKind.Practice, title, "en", title)) };

    static async Task PublishAsync(DocumentsWorld world, VersionAddress address, string fields, string text)
    {
        var stored = await world.WriteAsync(world.Bruno, $"---\ntitle: {address.Slug}\n{fields}\n---\n\n## Context\n\n{text}\n", where: address);
        await world.Publications.PublishAsync(world.Eva, address, stored.Number!.Value);
    }
}
