using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Documents;

public sealed class WritingTogether
{
    const int Writers = 20;

    [Theory, OnBothDatabases]
    public async Task Of_twenty_who_write_at_once_nothing_is_lost_and_no_number_is_left_out(Database database)
    {
        await using var world = await OpenAsync(database);
        var guild = await world.World.InDbAsync(db => db.Organisations.Select(o => (int?)o.Id).SingleAsync());
        var sections = Enumerable.Range(0, Writers).Select(n => $"## Part {n}\n\nempty\n\n").ToList();
        await world.WriteAsync(world.Bruno, string.Concat(sections));
        var writers = new List<Actor>();
        foreach (var n in Enumerable.Range(0, Writers))
            writers.Add(await world.AddEditorAsync(100 + n, $"writer{n}", guild));

        await Parallel.ForAsync(0, Writers, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (n, _) =>
        {
            var text = string.Concat(sections.Select((section, at) => at == n ? section.Replace("empty", $"words of {n}", StringComparison.Ordinal) : section));
            Assert.NotNull((await world.WriteAsync(writers[n], text, on: 1)).Number);
        });

        var numbers = await world.World.InDbAsync(db => db.Revisions.OrderBy(r => r.Number).Select(r => r.Number).ToListAsync());
        Assert.Equal(Enumerable.Range(1, Writers + 1), numbers);
        Assert.Equal(string.Concat(sections.Select((section, at) => section.Replace("empty", $"words of {at}", StringComparison.Ordinal))), await world.Revisions.ReadAsync(world.Bruno, English, Writers + 1));
        Assert.Empty(await world.World.InDbAsync(db => db.DocumentDrafts.ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_on_one_address_one_gets_it_and_of_ten_of_one_title_each_another(Database database)
    {
        await using var world = await OpenAsync(database);
        async Task<string> Begin(Actor who, string key, string? slug)
        {
            try
            {
                return await world.All.CreateAsync(who, new(DocumentKind.Practice, "Soldering", "en", key, slug));
            }
            catch (RefusedException refused)
            {
                return refused.Refusal.ToString();
            }
        }

        var two = await Task.WhenAll(Task.Run(() => Begin(world.Eva, "a", "solder")), Task.Run(() => Begin(world.Nina, "a", "solder")));
        Assert.Equal([nameof(Refusal.SlugTaken), "solder"], two.Order(StringComparer.Ordinal));
        var ten = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Task.Run(() => Begin(world.Eva, $"ten-{n}", null))));
        Assert.Equal(10, ten.Distinct(StringComparer.Ordinal).Count());
        var once = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Begin(world.Nina, "same", null))));
        Assert.Single(once.Distinct(StringComparer.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task A_conflict_stores_nothing_and_is_settled_by_who_met_it(Database database)
    {
        await using var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, "---\ntitle: Welding\n---\n## A\n\nold\n\n## B\n\nb\n");
        await world.WriteAsync(world.Eva, "---\ntitle: Welding well\n---\n## A\n\nEva's\n\n## B\n\nb\n", on: 1);

        const string Mine = "---\ntitle: Welding\n---\n## A\n\nBruno's\n\n## B\n\nb\n\n## C\n";
        var result = await world.WriteAsync(world.Bruno, Mine, on: 1, key: "mine");

        Assert.Null(result.Number);
        Assert.Equal(2, result.Conflict!.Newest);
        Assert.Equal("---\ntitle: Welding well\n---\n", result.Conflict.Merged.Head);
        Assert.Equal(new(null, "old\n", "Bruno's\n", "Eva's\n"), Assert.Single(result.Conflict.Merged.Body, part => part.IsConflict));
        Assert.Equal(2, await world.World.InDbAsync(db => db.Revisions.CountAsync()));
        Assert.Equal(Mine, (await world.Drafts.OpenAsync(world.Bruno, English)).Markdown);

        // Bruno takes both.
        var settled = result.Conflict.Merged.Head + string.Concat(result.Conflict.Merged.Body.Select(part => part.Text ?? part.Mine + part.Theirs));
        var stored = await world.WriteAsync(world.Bruno, settled, on: 2, key: "mine");
        Assert.Equal((3, false), (stored.Number, stored.IsMerged));
        Assert.Equal("---\ntitle: Welding well\n---\n## A\n\nBruno's\nEva's\n\n## B\n\nb\n\n## C\n", await world.Revisions.ReadAsync(world.Bruno, English, 3));
    }

    [Theory, OnBothDatabases]
    public async Task A_section_that_the_one_deleted_and_the_other_changed_is_a_conflict(Database database)
    {
        await using var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, "## A\n\na\n\n## B\n\nb\n");
        await world.WriteAsync(world.Eva, "## A\n\na\n", on: 1);
        Assert.NotNull((await world.WriteAsync(world.Bruno, "## A\n\na\n\n## B\n\nbetter\n", on: 1)).Conflict);
    }

    [Theory, OnBothDatabases]
    public async Task The_same_form_stores_once_also_at_once(Database database)
    {
        await using var world = await OpenAsync(database);
        var open = await world.Drafts.OpenAsync(world.Bruno, English);
        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => world.Storing.StoreAsync(world.Bruno, English, open.Version, "note", "form"))));
        Assert.All(all, one => Assert.Equal(1, one.Number));
        Assert.Equal(1, await world.World.InDbAsync(db => db.Revisions.CountAsync()));
        // The same words from another member's form are another form.
        Assert.Equal(2, (await world.WriteAsync(world.Eva, "other", key: "form")).Number);
    }

    [Theory, OnBothDatabases]
    public async Task Two_windows_of_one_member_lose_nothing(Database database)
    {
        await using var world = await OpenAsync(database);
        var open = await world.Drafts.OpenAsync(world.Bruno, English);
        Assert.Equal(new(true, 2, null), await world.Drafts.SaveAsync(world.Bruno, English, "one", new(0, open.Version)));
        Assert.Equal(new(true, 2, null), await world.Drafts.SaveAsync(world.Bruno, English, "one", new(0, open.Version)));

        var other = await world.Drafts.SaveAsync(world.Bruno, English, "two", new(0, open.Version));

        Assert.Equal((false, 2, "one"), (other.IsSaved, other.Version, other.Other!.Markdown));
        Assert.Equal("one", (await world.Drafts.OpenAsync(world.Bruno, English)).Markdown);
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => world.Storing.StoreAsync(world.Bruno, English, 1, "", "key")));
        Assert.Equal(1, (await world.Storing.StoreAsync(world.Bruno, English, 2, "", "key")).Number);
        // The window that knows nothing of that keeps its text and hears of the revision.
        var late = await world.Drafts.SaveAsync(world.Bruno, English, "two", new(0, 2));
        Assert.Equal((false, 0, "one", 1), (late.IsSaved, late.Version, late.Other!.Markdown, late.Other.Newest));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.SaveAsync(world.Bruno, English, "two", new(7, 0)));
    }
}
