using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using Xunit;

namespace VetCommunity.Tests.Moderation;

public sealed class AnsweringADecision
{
    static async Task<(long Seq, int Decision)> HiddenAndBannedAsync(World world)
    {
        var said = await world.SayAsync(world.Bruno, "Misunderstood");
        return (said.Seq, await world.Decisions.DecideAsync(world.Anna, "welding", said.Seq, Rulings.Hide with { Member = MemberMeasure.Banned, Days = 30 }));
    }

    [Theory, OnBothDatabases]
    public async Task Another_moderator_decides_on_the_appeal_and_lifting_undoes_all_of_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (seq, id) = await HiddenAndBannedAsync(world);
        var statement = await world.Statements.FindAsync(world.Bruno, id);
        Assert.Equal((true, true, false, ""), (statement.IsMine, statement.MayAppeal, statement.AfterReports, statement.Decision.By));
        await world.Decisions.AppealAsync(world.Bruno, id, "It was meant kindly");
        Assert.Equal(Refusal.AppealedBefore, await World.RefusalOfAsync(() => world.Decisions.AppealAsync(world.Bruno, id, "Once more")));

        Assert.Equal(Refusal.AnotherDecides, await World.RefusalOfAsync(() => world.Decisions.AnswerAsync(world.Anna, id, AppealOutcome.Upheld, "I was right")));
        Assert.False((await world.Statements.FindAsync(world.Anna, id)).MayDecideAppeal);
        Assert.Equal(0, (await world.Statements.WaitingAsync(world.Anna)).Appeals);
        Assert.Equal(1, (await world.Statements.WaitingAsync(world.Carla)).Appeals);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Decisions.AnswerAsync(world.Olga, id, AppealOutcome.Lifted, "As a friend"));
        Assert.Equal(Refusal.OwnCase, await World.RefusalOfAsync(() => world.Decisions.AnswerAsync(world.Bruno with { Roles = world.Carla.Roles }, id, AppealOutcome.Lifted, "For myself")));
        await world.Decisions.AnswerAsync(world.Carla, id, AppealOutcome.Lifted, "Indeed kindly");

        Assert.Equal(Refusal.AppealDecided, await World.RefusalOfAsync(() => world.Decisions.AnswerAsync(world.Ada, id, AppealOutcome.Upheld, "Too late")));
        Assert.Equal("Misunderstood", (await world.Conversations.OpenAsync(world.Bruno, "welding")).Messages.Single(m => m.Seq == seq).Markdown);
        await new Rooms(world.Db, world.Feed, world.Clock).JoinAsync(world.Bruno, "welding");
        await world.SayAsync(world.Bruno, "Thank you");
        var answered = await world.Statements.FindAsync(world.Bruno, id);
        Assert.Equal((AppealOutcome.Lifted, "Indeed kindly", ""), (answered.Appeal!.Outcome, answered.Appeal.Reason, answered.Appeal.DecidedBy));
        Assert.Empty((await world.Queue.AppealsAsync(world.Carla, decided: false, 1)).Appeals);
        Assert.Single((await world.Queue.AppealsAsync(world.Carla, decided: true, 1)).Appeals);
    }

    [Theory, OnBothDatabases]
    public async Task An_upheld_decision_stands_and_its_author_is_told_anew(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (_, id) = await HiddenAndBannedAsync(world);
        Assert.Equal(1, (await world.Statements.WaitingAsync(world.Bruno)).Statements);
        await world.Statements.FindAsync(world.Bruno, id);
        Assert.Equal(0, (await world.Statements.WaitingAsync(world.Bruno)).Statements);
        await world.Decisions.AppealAsync(world.Bruno, id, "Please");
        await world.Decisions.AnswerAsync(world.Ada, id, AppealOutcome.Upheld, "It was too much");

        Assert.Equal(1, (await world.Statements.WaitingAsync(world.Bruno)).Statements);
        Assert.Equal([-id, id], await world.InDbAsync(db => db.Notices.Where(n => n.MemberId == world.Bruno.MemberId).Select(n => (int)n.Seq).Order().ToListAsync()));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.OpenAsync(world.Bruno, "welding"));
        Assert.True((await world.Conversations.OpenAsync(world.Olga, "welding")).Messages.Single().IsGone);
    }

    [Theory, OnBothDatabases]
    public async Task Lifting_a_decision_leaves_what_a_newer_one_about_the_same_message_did(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (seq, first) = await HiddenAndBannedAsync(world);
        var seen = await world.Decisions.FindAsync(world.Carla, "welding", seq);
        var second = await world.Decisions.DecideAsync(world.Carla, "welding", seq, Rulings.Of(seen, MessageMeasure.Hidden));
        await world.Decisions.AppealAsync(world.Bruno, first, "Too hard");
        await world.Decisions.AnswerAsync(world.Ada, first, AppealOutcome.Lifted, "A ban was too much");

        var message = (await world.Conversations.OpenAsync(world.Olga, "welding")).Messages.Single(m => m.Seq == seq);
        Assert.Equal((true, second), (message.IsGone, message.HiddenBy));
        await new Rooms(world.Db, world.Feed, world.Clock).JoinAsync(world.Bruno, "welding");
    }

    [Theory, OnBothDatabases]
    public async Task An_appeal_can_be_made_for_six_months_and_not_a_moment_longer(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var first = await world.SayAsync(world.Bruno, "One");
        var second = await world.SayAsync(world.Bruno, "Two");
        var (early, late) = (await world.Decisions.DecideAsync(world.Anna, "welding", first.Seq, Rulings.Hide), await world.Decisions.DecideAsync(world.Anna, "welding", second.Seq, Rulings.Hide));
        var at = (await world.Statements.FindAsync(world.Bruno, early)).Decision.At;
        world.Clock.Advance(at.AddMonths(6) - world.Clock.GetUtcNow());
        Assert.True((await world.Statements.FindAsync(world.Bruno, early)).MayAppeal);
        await world.Decisions.AppealAsync(world.Bruno, early, "Just in time");

        world.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await world.Statements.FindAsync(world.Bruno, late)).MayAppeal);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => world.Decisions.AppealAsync(world.Bruno, late, "Too late"));
        Assert.Equal((Refusal.AppealTooLate, 6), (refused.Refusal, refused.Arguments[0]));
        // What was made in time is decided whenever.
        await world.Decisions.AnswerAsync(world.Carla, early, AppealOutcome.Lifted, "Indeed");
    }

    [Theory, OnBothDatabases]
    public async Task Two_who_decide_on_an_appeal_at_once_do_it_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (_, id) = await HiddenAndBannedAsync(world);
        await world.Decisions.AppealAsync(world.Bruno, id, "Please");
        var refused = await Task.WhenAll(new[] { world.Carla, world.Ada }.Select(async who =>
        {
            try
            {
                await world.Decisions.AnswerAsync(who, id, AppealOutcome.Lifted, "Yes");
                return (Refusal?)null;
            }
            catch (RefusedException refusal)
            {
                return refusal.Refusal;
            }
        }));
        Assert.Equal([null, Refusal.AppealDecided], refused.Order());
        Assert.Single((await world.Conversations.ChangesAsync(world.Olga, "welding", 0)).Changes, change => change.Kind == ChangeKind.Unhidden);
    }

    [Theory, OnBothDatabases]
    public async Task A_statement_is_for_its_author_and_those_in_charge(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (_, id) = await HiddenAndBannedAsync(world);
        Assert.Equal("Anna Rossi", (await world.Statements.FindAsync(world.Carla, id)).Decision.By);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Statements.FindAsync(world.Olga, id));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Statements.FindAsync(world.Bruno, id + 1));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Decisions.AppealAsync(world.Olga, id, "For him"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Decisions.AnswerAsync(world.Carla, id, AppealOutcome.Lifted, "Without an appeal"));
        Assert.Equal([id], (await world.Statements.OwnAsync(world.Bruno, 1)).Statements.Select(s => s.Id));
        Assert.Empty((await world.Statements.OwnAsync(world.Olga, 1)).Statements);
    }

    [Theory, OnBothDatabases]
    public async Task An_appeal_in_a_closed_room_of_one_moderator_goes_to_the_network(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.AddAsync(new() { Kind = ConversationKind.Room, Slug = "closed", Title = "Closed" }, [world.Anna], [world.Bruno]);
        var said = await world.SayAsync(world.Bruno, "Between us", room: "closed");
        var id = await world.Decisions.DecideAsync(world.Anna, "closed", said.Seq, Rulings.Hide);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Statements.FindAsync(world.Carla, id));
        await world.Decisions.AppealAsync(world.Bruno, id, "Please look");

        Assert.Single((await world.Queue.AppealsAsync(world.Carla, decided: false, 1)).Appeals);
        await world.Decisions.AnswerAsync(world.Carla, id, AppealOutcome.Lifted, "It was harmless");
        Assert.False((await world.Conversations.OpenAsync(world.Bruno, "closed")).Messages.Single().IsGone);
    }
}
