using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>How often practices are read, and what translators see of it.</summary>
public class CountingReaders
{
    [Theory, OnBothDatabases]
    public async Task Each_day_has_its_number_two_servers_add_up_and_what_is_old_goes(Database database)
    {
        await using var world = await OpenAsync(database);
        var (one, other) = (Of(world), Of(world));
        one.Count(Actor.Visitor, "welding-in-pairs");
        one.Count(world.Bruno, "welding-in-pairs");
        other.Count(Actor.Visitor, "welding-in-pairs");
        one.Count(Actor.Visitor, "gone-meanwhile");
        await one.StoreAsync(Actor.Operator);
        await other.StoreAsync(Actor.Operator);
        // What is stored is not stored again.
        await one.StoreAsync(Actor.Operator);
        Assert.Equal(["2026-03-02 3"], await DaysAsync(world));

        world.World.Clock.Advance(TimeSpan.FromDays(1));
        one.Count(Actor.Visitor, "welding-in-pairs");
        await one.StoreAsync(Actor.Operator);
        Assert.Equal(["2026-03-02 3", "2026-03-03 1"], await DaysAsync(world));

        world.World.Clock.Advance(TimeSpan.FromDays(PracticeReads.Days - 1));
        await other.StoreAsync(Actor.Operator);
        Assert.Equal(["2026-03-03 1"], await DaysAsync(world));
        await Assert.ThrowsAsync<NotFoundException>(() => one.StoreAsync(world.World.Ada));
    }

    [Theory, OnBothDatabases]
    public async Task What_could_not_be_stored_is_stored_the_next_time(Database database)
    {
        await using var world = await OpenAsync(database);
        var reads = Of(world);
        reads.Count(Actor.Visitor, "welding-in-pairs");
        using (var stopped = new CancellationTokenSource())
        {
            await stopped.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reads.StoreAsync(Actor.Operator, stopped.Token));
        }
        reads.Count(Actor.Visitor, "welding-in-pairs");
        await reads.StoreAsync(Actor.Operator);
        Assert.Equal(["2026-03-02 2"], await DaysAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_read_most_is_to_be_translated_first(Database database)
    {
        await using var world = await OpenAsync(database);
        var reads = Of(world);
        await PublishAsync(English, "---\ntitle: Welding\n---\n\n## A\n\na\n\n## B\n\nb\n");
        var visors = English with { Slug = await world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, "Visors", "en", "visors")) };
        await PublishAsync(visors, "---\ntitle: Visors\n---\n\n## A\n\na\n");
        // What lacks most, where nobody has read anything yet.
        Assert.Equal([("Welding", 0), ("Visors", 0)], await QueueAsync());

        for (var read = 0; read < 5; read++)
            reads.Count(Actor.Visitor, visors.Slug);
        reads.Count(Actor.Visitor, English.Slug);
        await reads.StoreAsync(Actor.Operator);
        Assert.Equal([("Visors", 5), ("Welding", 1)], await QueueAsync());

        // Until the days are over, also before the round that deletes them.
        world.World.Clock.Advance(TimeSpan.FromDays(PracticeReads.Days));
        Assert.Equal([("Welding", 0), ("Visors", 0)], await QueueAsync());

        async Task PublishAsync(VersionAddress address, string text)
        {
            await world.WriteAsync(world.Bruno, text, where: address);
            await world.Publications.PublishAsync(world.Eva, address, 1);
            await world.Languages.AddAsync(world.Bruno, address, "it");
        }

        async Task<IEnumerable<(string, int)>> QueueAsync() =>
            (await new PracticeDesk(world.World.Db, world.Kinds, world.World.Clock).TranslationsAsync(world.Bruno, 1)).Rows.Select(row => (row.Title, row.Reads));
    }

    static PracticeReads Of(DocumentsWorld world) => new(world.World.Db, world.World.Clock);

    static async Task<List<string>> DaysAsync(DocumentsWorld world) =>
        [.. (await world.World.InDbAsync(db => db.ReadDays.OrderBy(r => r.Day).ToListAsync())).Select(row => FormattableString.Invariant($"{row.Day:yyyy-MM-dd} {row.Count}"))];
}
