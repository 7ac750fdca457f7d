using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>Which practice stands in the place of another, builds on it or mentions it.</summary>
public class TyingPractices
{
    [Theory, OnBothDatabases]
    public async Task Each_practice_names_those_it_has_to_do_with_from_both_sides(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await PublishAsync(world, English, "Old");
        await PublishAsync(world, await BeginAsync(world, "Newer"), "Newer", "supersedes: [welding-in-pairs, not-there]\nadapts: [/practices/welding-in-pairs?language=it, \"https://elsewhere.example/practices/in-passing\"]");
        await PublishAsync(world, await BeginAsync(world, "Made elsewhere"), "Made elsewhere", "adapts: [welding-in-pairs]");
        await PublishAsync(world, await BeginAsync(world, "In passing"), "In passing", text: "As in [the old one](/practices/welding-in-pairs?language=en#s-context) and in [a room](/rooms/welding-in-pairs).");
        await PublishAsync(world, await BeginAsync(world, "Παλιά"), "Παλιά", text: "[Newer](/practices/newer)");

        var old = (await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Ties;
        Assert.Equal(("Newer", "Made elsewhere", "In passing"), (Of(old.ReplacedBy), Of(old.BuiltOnBy), Of(old.MentionedIn)));
        Assert.Equal(0, old.Replaces.Count + old.BuildsOn.Count);
        var read = (await practices.ReadAsync(Actor.Visitor, "newer", "en")).Ties;
        // Whoever replaces it need not be told twice.
        Assert.Equal(("Old", "", "Παλιά"), (Of(read.Replaces), Of(read.BuildsOn), Of(read.MentionedIn)));
        // What stands elsewhere is no practice of this community, and readers see it as it is written.
        Assert.Equal("adapts", Assert.Single((await practices.ReadAsync(Actor.Visitor, "newer", "en")).Card.Record.Others).Name);
        Assert.Equal("Old", Of((await practices.ReadAsync(Actor.Visitor, "made-elsewhere", "en")).Ties.BuildsOn));
        // In lists it says so too.
        Assert.Equal(["welding-in-pairs"], await ReplacedAsync());

        await world.Publications.WithdrawAsync(world.Eva, English);
        Assert.Empty((await practices.ReadAsync(Actor.Visitor, "newer", "en")).Ties.Replaces);
        Assert.Empty(await ReplacedAsync());
        await PublishAsync(world, English, "Old");
        await world.Publications.WithdrawAsync(world.Eva, new(DocumentKind.Practice, "newer", "en"));
        Assert.Empty(await ReplacedAsync());

        async Task<IEnumerable<string>> ReplacedAsync() => (await practices.FindAsync(Actor.Visitor, new("en"))).Rows.Where(row => row.IsReplaced).Select(row => row.Slug);
    }

    [Theory, OnBothDatabases]
    public async Task No_practice_comes_to_stand_in_its_own_place(Database database)
    {
        await using var world = await OpenAsync(database);
        await PublishAsync(world, English, "First", "supersedes: second");
        await RefusedAsync(PublishAsync(world, English, "First", "supersedes: [welding-in-pairs]"));
        var (b, c) = (await BeginAsync(world, "Second"), await BeginAsync(world, "Third"));
        await PublishAsync(world, b, "Second", "supersedes: third");
        await RefusedAsync(PublishAsync(world, c, "Third", "supersedes: [second, welding-in-pairs]"));
        await PublishAsync(world, c, "Third", "adapts: welding-in-pairs");
        // Nor by coming back.
        await world.All.DeleteAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs");
        await PublishAsync(world, c, "Third", "supersedes: welding-in-pairs");
        await RefusedAsync(world.All.RestoreAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs"));
        Assert.Equal("Third", Of((await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "second", "en")).Ties.Replaces));
    }

    [Theory, OnBothDatabases]
    public async Task Two_that_are_published_at_once_do_not_replace_each_other(Database database)
    {
        await using var world = await OpenAsync(database);
        var b = await BeginAsync(world, "Second");
        var (first, second) = (await WriteAsync(world, English, "First", "supersedes: second"), await WriteAsync(world, b, "Second", "supersedes: welding-in-pairs"));
        var outcomes = await Task.WhenAll(OutcomeAsync(English, first), OutcomeAsync(b, second));
        Assert.Single(outcomes, outcome => outcome is null);
        Assert.Single(outcomes, outcome => outcome is Refusal.ReplacesItself);

        async Task<Refusal?> OutcomeAsync(VersionAddress address, int number)
        {
            try
            {
                await world.Publications.PublishAsync(world.Eva, address, number);
                return null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_was_published_before_links_were_noted_down_is_read_for_them(Database database)
    {
        await using var world = await OpenAsync(database);
        await PublishAsync(world, English, "Old");
        await PublishAsync(world, await BeginAsync(world, "In passing"), "In passing", text: "[x](/practices/welding-in-pairs)");
        await world.World.InDbAsync(async db =>
        {
            foreach (var edition in db.Editions)
                edition.Links = null;
            return await db.SaveChangesAsync();
        });
        Assert.Equal("In passing", Of((await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Ties.MentionedIn));
    }

    [Theory]
    [InlineData("<p>Links begin with href=\"/rooms</p>", "")]
    [InlineData("<pre><code>&lt;a href=\"/practices/x\"&gt;</code></pre>", "")]
    [InlineData("<p><img src=\"/practice-files/0/a.png\" alt=\"x href=\" loading=\"lazy\"><a href=\"/practices/a?b=c&amp;d\">a</a> <a href=\"https://x.example/practices/b\" rel=\"x\">b</a> <a class=\"mention\" href=\"/people/anna\">@anna</a> <a href=\"/practices/a#s-b\">a</a></p>", "/practices/a\n/people/anna")]
    [InlineData("", "")]
    public void Only_a_link_leads_anywhere(string html, string pages) => Assert.Equal(pages, Edition.LinksIn(html));

    [Theory]
    [InlineData("welding-in-pairs", "welding-in-pairs")]
    [InlineData(" Welding-In-Pairs ", "welding-in-pairs")]
    [InlineData("/practices/welding-in-pairs", "welding-in-pairs")]
    [InlineData("/practices/welding-in-pairs/?language=it#s-context", "welding-in-pairs")]
    [InlineData("https://elsewhere.example/practices/welding-in-pairs", "")]
    [InlineData("/practices/%CF%88%CF%89%CE%BC%CE%AF", "ψωμί")]
    [InlineData("/practices/", "")]
    [InlineData("/practices/a/versions", "")]
    [InlineData("two words", "")]
    [InlineData("<script>", "")]
    [InlineData("", "")]
    public void A_practice_is_named_by_its_address(string text, string slug) => Assert.Equal(slug, PracticeTies.SlugIn(text));

    static string Of(IReadOnlyList<PracticeCard> cards) => string.Join(", ", cards.Select(card => card.Record.Title));

    static async Task RefusedAsync(Task act) => Assert.Equal(Refusal.ReplacesItself, (await Assert.ThrowsAsync<RefusedException>(() => act)).Refusal);

    static async Task<VersionAddress> BeginAsync(DocumentsWorld world, string title) => English with { Slug = await world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, title, "en", title)) };

    static async Task<int> WriteAsync(DocumentsWorld world, VersionAddress address, string title, string fields = "", string text = "Said.") =>
        (await world.WriteAsync(world.Bruno, $"---\ntitle: {title}\n{fields}\n---\n\n## Context\n\n{text}\n", where: address)).Number!.Value;

    static async Task PublishAsync(DocumentsWorld world, VersionAddress address, string title, string fields = "", string text = "Said.") =>
        await world.Publications.PublishAsync(world.Eva, address, await WriteAsync(world, address, title, fields, text));
}
