using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>What a draft tells, and to whom, of those who did not agree.</summary>
public class TellingNothing
{
    [Theory, OnBothDatabases]
    public async Task Title_topic_and_body_name_nobody_who_did_not_agree(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        var said = (await world.World.SayAsync(bruno, "Hold it so", topic: "Bruno shows how")).Seq;
        var hidden = await world.SayAsync(olga, "Do not");
        var draft = await world.Drafts.BeginAsync(anna, new("welding", "bruno-shows-how", "What Bruno taught us", [said, hidden], "form"));
        // Olga is quoted no more, Ada never was and is named by handle alone.
        await world.World.InDbAsync(context => context.Messages.Where(m => m.Seq == hidden && m.AuthorId == olga.MemberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.HiddenAt, world.World.Clock.GetUtcNow())));
        await world.Changes.SaveAsync(anna, draft, "What Bruno taught us", "Bruno and Όλγα, also [he](/people/bruno) and @ada or Ada  Klein.", 1);

        var silent = await world.TakeAsync(anna, draft);
        Assert.Equal(("What a member taught us", "a member shows how", "a member and a member, also [he](/people) and a member or a member."), (silent.Title, silent.Topic, silent.Body));

        await world.Quotes.AnswerAllAsync(bruno, draft, QuoteAnswer.Agreed);
        var named = await world.TakeAsync(anna, draft);
        Assert.Equal(("What Bruno taught us", "Bruno shows how", "Bruno and a member, also [he](/people/bruno) and a member or a member."), (named.Title, named.Topic, named.Body));
    }

    [Theory, OnBothDatabases]
    public async Task Whose_words_they_are_and_what_they_refused_is_shown_to_the_asker_only_while_the_question_is_open(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        var said = await world.SayAsync(olga, "Hers");
        var draft = await world.BeginAsync(bruno, said);

        foreach (var answer in (QuoteAnswer?[])[null, QuoteAnswer.WithoutName, QuoteAnswer.Refused])
        {
            if (answer is { } given)
                await world.Quotes.AnswerAllAsync(olga, draft, given);
            var (asker, other) = ((await world.Drafts.FindAsync(bruno, draft, "x")).Quotes.Single(), (await world.Drafts.FindAsync(anna, draft, "x")).Quotes.Single());
            Assert.Equal((null, null, null), (other.Author, other.Seq, other.SaidAt));
            Assert.Equal(("olga", answer == QuoteAnswer.Refused ? null : "Hers"), (asker.Author!.Handle, asker.Text));
            Assert.Equal(answer == QuoteAnswer.WithoutName ? "Hers" : null, other.Text);
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_list_holds_no_drafts_of_rooms_that_one_may_not_read(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, carla) = (world.World.Anna, world.World.Bruno, world.World.Carla);
        var open = await world.BeginAsync(bruno, await world.SayAsync(bruno, "Mine"));
        var closed = await world.Drafts.BeginAsync(anna, new("board", null, "Closed", [(await world.World.SayAsync(anna, "Secret", "board")).Seq], "closed"));
        Assert.Equal([closed, open], (await world.Drafts.ListAsync(world.Edda, 1)).Rows.Select(row => row.Id).OrderDescending());
        Assert.Equal([open], (await world.Drafts.ListAsync(carla, 1)).Rows.Select(row => row.Id));

        await world.World.InDbAsync(async context =>
        {
            var room = await context.Conversations.SingleAsync(c => c.Slug == "welding");
            context.Restrictions.Add(new() { ConversationId = room.Id, MemberId = bruno.MemberId, BannedUntil = DateTimeOffset.MaxValue });
            return await context.SaveChangesAsync();
        });
        Assert.Empty((await world.Drafts.ListAsync(bruno, 1)).Rows);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Drafts.FindAsync(bruno, open, "x"));
    }

    [Theory, OnBothDatabases]
    public async Task Bells_ring_for_what_is_new_and_stay_where_something_still_waits(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno) = (world.World.Anna, world.World.Bruno);
        var (first, second, own) = (await world.SayAsync(bruno, "One"), await world.SayAsync(bruno, "Two"), await world.SayAsync(anna, "Mine"));
        var draft = await world.BeginAsync(anna, first, second, own);

        await world.Changes.RemoveAsync(anna, draft, await world.QuoteAsync(draft, second));
        Assert.Equal([NoticeKind.QuoteAsked], await world.BellAsync(bruno));
        await world.Quotes.AnswerAsync(anna, await world.QuoteAsync(draft, own), QuoteAnswer.WithoutName);
        Assert.Empty(await world.BellAsync(anna));
        await world.Quotes.AnswerAllAsync(bruno, draft, QuoteAnswer.Agreed);
        Assert.Equal([NoticeKind.QuoteAnswered], await world.BellAsync(anna));
        await world.Notices.DraftSeenAsync(anna, draft);
        await world.Quotes.AnswerAllAsync(bruno, draft, QuoteAnswer.Agreed);
        Assert.Empty(await world.BellAsync(anna));
    }

    [Theory, OnBothDatabases]
    public async Task A_hidden_message_is_not_quotable_saving_twice_is_saving_once_and_a_closed_room_that_one_left_is_no_link(Database database)
    {
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, ada) = (world.World.Anna, world.World.Bruno, world.World.Ada);
        var said = await world.SayAsync(bruno, "Hidden soon");
        var stays = await world.SayAsync(bruno, "Stays");
        await world.World.Decisions.DecideAsync(anna, "welding", said, Moderation.Rulings.Hide);
        Assert.Equal(Refusal.NotQuotable, await World.RefusalOfAsync(() => world.BeginAsync(anna, said)));
        Assert.Equal([stays], (await world.Drafts.QuotableAsync(anna, "welding")).Messages.Select(message => message.Seq));

        var draft = await world.BeginAsync(anna, stays);
        await world.Changes.SaveAsync(anna, draft, "Title", "Body", 1);
        await world.Changes.SaveAsync(anna, draft, "Title", "Body", 1);
        Assert.Equal(2, (await world.Drafts.FindAsync(anna, draft, "x")).Version);

        var closed = (await world.World.SayAsync(ada, "On the board", "board")).Seq;
        await world.Drafts.BeginAsync(anna, new("board", null, "Closed", [closed], "closed"));
        Assert.Equal($"/rooms/board/messages/{closed}", (await world.Quotes.ListAsync(ada, 1)).Rows.Single().Address);
        await world.World.InDbAsync(context => context.Memberships.Where(m => m.MemberId == ada.MemberId).ExecuteDeleteAsync());
        Assert.Null((await world.Quotes.ListAsync(ada, 1)).Rows.Single().Address);
    }
}
