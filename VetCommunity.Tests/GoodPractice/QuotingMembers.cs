using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>The world with its drafts. In the room welding Anna moderates, Bruno is a member, Olga comes in; Edda edits practices.</summary>
sealed class DraftingWorld(World world) : IAsyncDisposable
{
    public const string Nobody = "a member";

    public World World => world;
    public PracticeDrafts Drafts { get; } = new(world.Db, world.Feed, world.Clock);
    public DraftChanges Changes { get; } = new(world.Db, world.Feed, world.Clock);
    public Quotes Quotes { get; } = new(world.Db, world.Feed, world.Clock);
    public Notices Notices { get; } = new(world.Db, world.Feed, world.Clock);
    public Actor Edda { get; } = world.Ada with { Roles = Roles.Member | Roles.Editor };

    public static async Task<DraftingWorld> OpenAsync(Database database)
    {
        var world = await World.OpenAsync(database);
        await world.InDbAsync(async context =>
        {
            var room = await context.Conversations.SingleAsync(c => c.Slug == "welding");
            context.Memberships.Add(new() { ConversationId = room.Id, MemberId = world.Olga.MemberId, Role = MembershipRole.Participant, JoinedAt = world.Clock.GetUtcNow() });
            return await context.SaveChangesAsync();
        });
        return new(world);
    }

    public Task<int> BeginAsync(Actor who, params long[] seqs) => Drafts.BeginAsync(who, new("welding", null, "Visors for left-handers", seqs, Guid.NewGuid().ToString("N")));

    public async Task<long> SayAsync(Actor who, string text) => (await world.SayAsync(who, text)).Seq;

    public Task<TakenDraft> TakeAsync(Actor who, int id) => Drafts.TakeAsync(who, id, Nobody);

    public async Task<int> QuoteAsync(int draft, long seq) => await world.InDbAsync(context => context.Quotes.Where(q => q.DraftId == draft && q.Seq == seq).Select(q => q.Id).SingleAsync());

    public async Task<IReadOnlyList<NoticeKind>> BellAsync(Actor who) => [.. (await Notices.ListAsync(who)).Rows.Where(row => row.IsUnread).Select(row => row.Kind)];

    public ValueTask DisposeAsync() => world.DisposeAsync();
}

public class QuotingMembers
{
    [Theory, OnBothDatabases]
    public async Task Everybody_who_is_quoted_is_asked_once_and_nobody_else(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        var seqs = new[] { await world.SayAsync(anna, "Mine"), await world.SayAsync(bruno, "His"), await world.SayAsync(bruno, "His too"), await world.SayAsync(olga, "Hers") };

        var draft = await world.BeginAsync(anna, seqs);

        Assert.Equal([NoticeKind.QuoteAsked], await world.BellAsync(bruno));
        Assert.Equal([NoticeKind.QuoteAsked], await world.BellAsync(olga));
        Assert.Empty(await world.BellAsync(anna));
        Assert.Equal(["His", "His too"], (await world.Quotes.ListAsync(bruno, 1)).Rows.Select(row => row.Text));
        Assert.Equal(["Mine"], (await world.TakeAsync(anna, draft)).Quotes.Select(quote => quote.Text));
    }

    [Theory, OnBothDatabases]
    public async Task The_same_form_twice_is_one_draft(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.World.Bruno, "His");
        var wish = new NewPracticeDraft("welding", null, "A draft", [seq, seq], "form");

        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Drafts.BeginAsync(world.World.Anna, wish)));

        Assert.Single(ids.Distinct());
        Assert.Equal(1, await world.World.InDbAsync(context => context.Quotes.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_quoted_is_refused_and_where_one_may_not_write_nothing_begins(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno) = (world.World.Anna, world.World.Bruno);
        var seq = await world.SayAsync(bruno, "Gone soon");
        var stays = await world.SayAsync(bruno, "Stays");
        await world.World.Conversations.DeleteAsync(bruno, "welding", seq);

        Assert.Equal(Refusal.NotQuotable, await World.RefusalOfAsync(() => world.BeginAsync(anna, seq)));
        Assert.Equal(Refusal.QuoteCount, await World.RefusalOfAsync(() => world.BeginAsync(anna)));
        Assert.Equal(Refusal.QuoteCount, await World.RefusalOfAsync(() => world.BeginAsync(anna, [.. Enumerable.Range(1, 31).Select(n => (long)n)])));
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.BeginAsync(world.World.Carla, stays)));
        var direct = (await world.World.SayAsync(anna, "Between us", world.World.Direct)).Seq;
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.BeginAsync(anna, new(world.World.Direct, null, "No", [direct], "x")));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.QuotableAsync(anna, world.World.Direct));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.QuotableAsync(world.World.Carla, "welding"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.BeginAsync(world.World.Olga, new("board", null, "No", [1], "x")));
        Assert.Empty(await world.BellAsync(bruno));
    }

    [Theory, OnBothDatabases]
    public async Task Each_answer_decides_and_can_be_changed(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        var said = await world.SayAsync(bruno, "I, Bruno Weiß alias @bruno, weld as @olga does");
        var draft = await world.BeginAsync(anna, said);
        var quote = await world.QuoteAsync(draft, said);

        Assert.Empty((await world.TakeAsync(anna, draft)).Quotes);
        await world.Quotes.AnswerAsync(bruno, quote, QuoteAnswer.Agreed);
        var agreed = Assert.Single((await world.TakeAsync(anna, draft)).Quotes);
        Assert.Equal(("I, Bruno Weiß alias @bruno, weld as a member does", "Bruno Weiß", said), (agreed.Text, agreed.Name, agreed.Seq));
        Assert.Equal([NoticeKind.QuoteAnswered], await world.BellAsync(anna));
        await world.Notices.DraftSeenAsync(anna, draft);
        Assert.Empty(await world.BellAsync(anna));

        await world.Quotes.AnswerAllAsync(bruno, draft, QuoteAnswer.WithoutName);
        var nameless = Assert.Single((await world.TakeAsync(anna, draft)).Quotes);
        Assert.Equal(new TakenQuote("I, a member alias a member, weld as a member does", null, null, null, null), nameless);
        Assert.Equal([NoticeKind.QuoteAnswered], await world.BellAsync(anna));

        await world.Quotes.AnswerAsync(bruno, quote, QuoteAnswer.Refused);
        Assert.Empty((await world.TakeAsync(anna, draft)).Quotes);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Quotes.AnswerAsync(olga, quote, QuoteAnswer.Agreed));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Quotes.AnswerAllAsync(anna, draft, QuoteAnswer.Agreed));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => world.Quotes.AnswerAsync(bruno, quote, QuoteAnswer.Waiting)));
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_keeps_the_words_that_were_asked_about_and_a_deletion_takes_them_away(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno) = (world.World.Anna, world.World.Bruno);
        var said = await world.SayAsync(bruno, "As it was");
        var draft = await world.BeginAsync(anna, said);
        await world.Quotes.AnswerAllAsync(bruno, draft, QuoteAnswer.Agreed);

        await world.World.Conversations.EditAsync(bruno, "welding", said, "As it is");
        var edited = Assert.Single((await world.TakeAsync(anna, draft)).Quotes);
        Assert.Equal("As it was", edited.Text);
        Assert.NotNull(edited.EditedAt);

        await world.World.Conversations.DeleteAsync(bruno, "welding", said);
        Assert.Empty((await world.TakeAsync(anna, draft)).Quotes);
        Assert.Equal(0, await world.World.InDbAsync(context => context.Quotes.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Only_maker_moderators_and_editors_who_may_read_the_room_see_a_draft(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, olga, carla) = (world.World.Anna, world.World.Bruno, world.World.Olga, world.World.Carla);
        var said = await world.SayAsync(olga, "Hers");
        var draft = await world.BeginAsync(bruno, said);

        foreach (var one in (Actor[])[bruno, anna, carla, world.Edda])
        {
            Assert.Equal(draft, (await world.Drafts.FindAsync(one, draft, "x")).Id);
            Assert.Equal([draft], (await world.Drafts.ListAsync(one, 1)).Rows.Select(row => row.Id));
        }
        foreach (var one in (Actor[])[olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.FindAsync(one, draft, "x"));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.TakeAsync(one, draft, "x"));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Changes.SaveAsync(one, draft, "A", "B", 1));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Changes.DeleteAsync(one, draft));
            Assert.Empty((await world.Drafts.ListAsync(one, 1)).Rows);
        }
        await Assert.ThrowsAsync<NotFoundException>(() => world.Changes.DeleteAsync(world.Edda, draft));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Changes.AskAgainAsync(anna, draft));
        // Its asker alone reads what nobody agreed to yet.
        Assert.Equal("Hers", (await world.Drafts.FindAsync(bruno, draft, "x")).Quotes.Single().Text);
        Assert.DoesNotContain("Hers", JsonSerializer.Serialize((await world.Drafts.FindAsync(anna, draft, "x")).Quotes), StringComparison.Ordinal);

        var secret = (await world.World.SayAsync(anna, "Secret", "board")).Seq;
        var closed = await world.Drafts.BeginAsync(anna, new("board", null, "Closed", [secret], "closed"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.FindAsync(carla with { Roles = Roles.Member | Roles.Editor }, closed, "x"));
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_write_at_once_none_overwrites_the_other(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno) = (world.World.Anna, world.World.Bruno);
        var draft = await world.BeginAsync(bruno, await world.SayAsync(bruno, "Mine"));

        await world.Changes.SaveAsync(anna, draft, "Hers", "Her body", 1);
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => world.Changes.SaveAsync(bruno, draft, "His", "His body", 1)));
        Assert.Equal(("Hers", "Her body", 2), await BodyAsync());
        await world.Changes.SaveAsync(bruno, draft, "Both", "Both bodies", 2);
        Assert.Equal(("Both", "Both bodies", 3), await BodyAsync());

        async Task<(string, string, int)> BodyAsync()
        {
            var view = await world.Drafts.FindAsync(bruno, draft, "x");
            return (view.Title, view.Body, view.Version);
        }
    }

    [Theory, OnBothDatabases]
    public async Task Quotes_are_put_in_order_taken_out_and_asked_for_once_more(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        long[] seqs = [await world.SayAsync(anna, "1"), await world.SayAsync(bruno, "2"), await world.SayAsync(olga, "3")];
        var draft = await world.BeginAsync(anna, seqs);
        var third = await world.QuoteAsync(draft, seqs[2]);

        await world.Changes.MoveAsync(anna, draft, third, earlier: true);
        Assert.Equal([seqs[0], seqs[2], seqs[1]], await OrderAsync());
        await world.Changes.MoveAsync(anna, draft, third, earlier: true);
        await world.Changes.MoveAsync(anna, draft, third, earlier: true);
        Assert.Equal([seqs[2], seqs[0], seqs[1]], await OrderAsync());
        await world.Changes.MoveAsync(anna, draft, third, earlier: false);
        Assert.Equal([seqs[0], seqs[2], seqs[1]], await OrderAsync());

        Assert.Equal(0, await world.Changes.AskAgainAsync(anna, draft));
        await world.Notices.QuotesSeenAsync(bruno);
        world.World.Clock.Advance(DraftChanges.AskAgainAfter);
        Assert.True((await world.Drafts.FindAsync(anna, draft, "x")).MayAskAgain);
        Assert.Equal(2, await world.Changes.AskAgainAsync(anna, draft));
        Assert.Equal([NoticeKind.QuoteAsked], await world.BellAsync(bruno));
        world.World.Clock.Advance(DraftChanges.AskAgainAfter);
        Assert.Equal(0, await world.Changes.AskAgainAsync(anna, draft));

        await world.Changes.RemoveAsync(anna, draft, third);
        Assert.Empty(await world.BellAsync(olga));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Quotes.AnswerAsync(olga, third, QuoteAnswer.Agreed));
        await world.Changes.DeleteAsync(anna, draft);
        Assert.Empty(await world.BellAsync(bruno));
        Assert.Empty((await world.Quotes.ListAsync(bruno, 1)).Rows);

        async Task<IEnumerable<long>> OrderAsync() => (await world.Drafts.FindAsync(anna, draft, "x")).Quotes.Select(quote => quote.Seq!.Value);
    }
}
