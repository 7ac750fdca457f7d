using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public class BecomingPractices
{
    [Theory, OnBothDatabases]
    public async Task The_text_goes_into_the_practice_and_the_words_of_others_do_not(Database database)
    {
        await using var world = await PracticesOutOfTalk.OpenAsync(database);
        var (anna, bruno) = (world.World.Anna, world.World.Bruno);
        var said = await world.Drafting.SayAsync(bruno, "His words");
        var draft = await world.Drafting.BeginAsync(anna, said);
        await world.Drafting.Changes.SaveAsync(anna, draft, "Visors", $"## Context\n\nBruno said it first.\n\n{PracticeDrafts.QuotesHere}\n\n## Approach", 1);

        var slugs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Quotes.MakeAsync(anna, draft, "a member")));

        Assert.Equal("visors", Assert.Single(slugs.Distinct()));
        var text = (await world.Texts.OpenAsync(anna, new(DocumentKind.Practice, "visors", "en"))).Markdown;
        Assert.Equal("---\ntitle: Visors\nsummary: \"\"\n---\n## Context\n\na member said it first.\n\n{{quotes}}\n\n## Approach\n", text);
        Assert.Equal("visors", (await world.Drafting.Drafts.FindAsync(anna, draft, "x")).Practice);
        // From now on its text is written there.
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => world.Drafting.Changes.SaveAsync(anna, draft, "Other", "Other", 2)));
    }

    [Theory, OnBothDatabases]
    public async Task The_place_of_the_quotes_is_a_paragraph_of_its_own_and_there_is_one(Database database)
    {
        await using var world = await PracticesOutOfTalk.OpenAsync(database);
        var draft = await world.Drafting.BeginAsync(world.World.Bruno, await world.Drafting.SayAsync(world.World.Bruno, "Mine"));
        await world.Drafting.Changes.SaveAsync(world.World.Bruno, draft, "Visors", "Before\n  {{quotes}}\nbetween\n\n{{quotes}}\nafter", 1);
        var slug = await world.Quotes.MakeAsync(world.World.Bruno, draft, "x");

        var text = (await world.Texts.OpenAsync(world.World.Bruno, new(DocumentKind.Practice, slug, "en"))).Markdown;
        Assert.EndsWith("---\nBefore\n\n  {{quotes}}\n\nbetween\n\nafter\n", text, StringComparison.Ordinal);
        Assert.Contains(PracticeQuotes.Place, RenderedDocument.Of(text).Html, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Only_its_maker_makes_a_practice_of_a_draft(Database database)
    {
        await using var world = await PracticesOutOfTalk.OpenAsync(database);
        var draft = await world.Drafting.BeginAsync(world.World.Bruno, await world.Drafting.SayAsync(world.World.Bruno, "Mine"));

        foreach (var one in (Actor[])[world.World.Anna, world.World.Olga, world.Drafting.Edda, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => world.Quotes.MakeAsync(one, draft, "x"));
        Assert.Null((await world.Drafting.Drafts.FindAsync(world.World.Bruno, draft, "x")).Practice);
    }

    [Theory, OnBothDatabases]
    public async Task A_practice_quotes_what_is_agreed_to_at_that_moment_and_leads_to_the_room_who_may_go_there(Database database)
    {
        await using var world = await PracticesOutOfTalk.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        var (his, hers) = (await world.Drafting.SayAsync(bruno, "His, with Olga"), await world.Drafting.SayAsync(olga, "Hers"));
        var draft = await world.Drafting.BeginAsync(anna, his, hers);
        var slug = await world.Quotes.MakeAsync(anna, draft, "a member");

        // Nobody reads of a practice that nobody has published.
        foreach (var one in (Actor[])[Actor.Visitor, olga])
            Assert.Null(await world.Quotes.BehindAsync(one, slug, "x"));
        Assert.Empty((await world.Quotes.BehindAsync(anna, slug, "x"))!.Quotes);
        await world.PublishAsync(anna, slug);
        await AnswerAsync(bruno, his, QuoteAnswer.Agreed);
        await AnswerAsync(olga, hers, QuoteAnswer.WithoutName);

        var read = (await world.Quotes.BehindAsync(Actor.Visitor, slug, "a member"))!;
        Assert.Null(read.Room);
        Assert.Equal([("His, with a member", bruno.Name), ("Hers", null)], read.Quotes.Select(quote => (quote.Text, quote.Name)));
        Assert.Equal("welding", (await world.Quotes.BehindAsync(olga, slug, "x"))!.Room!.Address);
        Assert.Equal(slug, (await world.Drafting.Quotes.ListAsync(bruno, 1)).Rows.Single().Practice);

        await AnswerAsync(bruno, his, QuoteAnswer.Refused);
        Assert.Equal(["Hers"], (await world.Quotes.BehindAsync(Actor.Visitor, slug, "x"))!.Quotes.Select(quote => quote.Text));
        Assert.Null((await world.Drafting.Quotes.ListAsync(bruno, 1)).Rows.Single().Practice);
        await world.World.Conversations.DeleteAsync(olga, "welding", hers);
        Assert.Empty((await world.Quotes.BehindAsync(Actor.Visitor, slug, "x"))!.Quotes);
        await world.Drafting.Changes.DeleteAsync(anna, draft);
        Assert.Null(await world.Quotes.BehindAsync(Actor.Visitor, slug, "x"));

        async Task AnswerAsync(Actor who, long seq, QuoteAnswer answer) => await world.Drafting.Quotes.AnswerAsync(who, await world.Drafting.QuoteAsync(draft, seq), answer);
    }

    [Theory, OnBothDatabases]
    public async Task A_topic_shows_everybody_in_the_room_the_practice_that_came_out_of_it(Database database)
    {
        await using var world = await PracticesOutOfTalk.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        var said = await world.World.SayAsync(bruno, "His");
        var topic = (await world.World.InDbAsync(db => Task.FromResult(db.Topics.Single(t => t.Id == db.Messages.Single(m => m.Seq == said.Seq && m.ConversationId == t.ConversationId).TopicId)))).Slug;
        var draft = await world.Drafting.Drafts.BeginAsync(anna, new("welding", topic, "Visors", [said.Seq], "form"));
        var slug = await world.Quotes.MakeAsync(anna, draft, "a member");

        Assert.Empty((await world.Drafting.Drafts.OfTopicsAsync(olga, [("welding", topic)]))[("welding", topic)]);
        await world.PublishAsync(anna, slug);
        var row = Assert.Single((await world.Drafting.Drafts.OfTopicsAsync(olga, [("welding", topic)]))[("welding", topic)]);
        Assert.Equal((slug, "Visors"), (row.Practice, row.Published));
        Assert.Empty((await world.Drafting.Drafts.ListAsync(olga, 1)).Rows);
        Assert.Empty(await world.Drafting.Drafts.OfTopicsAsync(Actor.Visitor, [("welding", topic)]));
        await world.All.DeleteAsync(anna, DocumentKind.Practice, slug);
        Assert.Empty((await world.Drafting.Drafts.OfTopicsAsync(olga, [("welding", topic)]))[("welding", topic)]);
    }

    sealed class PracticesOutOfTalk : IAsyncDisposable
    {
        PracticesOutOfTalk(DraftingWorld drafting)
        {
            Drafting = drafting;
            var (db, clock, kinds) = (World.Db, World.Clock, new DocumentKinds([new PracticeKind()]));
            (All, Texts) = (new(db, kinds, World.Feed, clock), new(db, kinds, clock));
            (Storing, Publications) = (new(db, kinds, clock), new(db, kinds, World.Feed, clock));
            Quotes = new(db, All, kinds);
        }

        public DraftingWorld Drafting { get; }
        public World World => Drafting.World;
        public AllDocuments All { get; }
        public DocumentDrafts Texts { get; }
        public PracticeQuotes Quotes { get; }
        Storing Storing { get; }
        Publications Publications { get; }

        public static async Task<PracticesOutOfTalk> OpenAsync(Database database) => new(await DraftingWorld.OpenAsync(database));

        public async Task PublishAsync(Actor who, string slug)
        {
            var address = new VersionAddress(DocumentKind.Practice, slug, "en");
            var number = (await Storing.StoreAsync(who, address, (await Texts.OpenAsync(who, address)).Version, "", slug)).Number!.Value;
            await Publications.PublishAsync(Drafting.Edda, address, number);
        }

        public ValueTask DisposeAsync() => Drafting.DisposeAsync();
    }
}
