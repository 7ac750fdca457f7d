using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Moderation;
using Xunit;

namespace VetCommunity.Tests.Moderation;

public sealed class ReportingAMessage
{
    [Theory, OnBothDatabases]
    public async Task A_report_gathers_under_the_member_and_twice_is_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var first = await world.SayAsync(world.Bruno, "You are all fools");
        var second = await world.SayAsync(world.Bruno, "Buy my **welder**");

        await world.Reports.ReportAsync(world.Olga, "welding", first.Seq, Ground.Harassment, "He calls us fools");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Reports.ReportAsync(world.Olga, "welding", first.Seq, Ground.Other, "Again")));
        await world.Reports.ReportAsync(world.Ada, "welding", second.Seq, Ground.Advertising, "He sells");

        var record = Assert.Single((await world.Queue.ListAsync(world.Carla, decided: false, 1)).Records);
        Assert.Equal("bruno", record.Member!.Handle);
        Assert.Equal([("You are all fools", 1, "He calls us fools"), ("Buy my **welder**", 1, "He sells")],
            record.Messages.Select(m => (m.Quote, m.Count, m.Reports[0].Sentence)));
        Assert.Equal(2, await world.InDbAsync(db => db.Reports.CountAsync()));
        Assert.True((await world.Reports.FindAsync(world.Olga, "welding", first.Seq)).WasReported);
        Assert.Equal(1, (await world.Statements.WaitingAsync(world.Carla)).Reported);
    }

    [Theory, OnBothDatabases]
    public async Task A_report_stands_when_its_message_is_deleted(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Something I should not have said");
        await world.Reports.ReportAsync(world.Olga, "welding", said.Seq, Ground.Harassment, "See for yourselves");
        await world.Conversations.DeleteAsync(world.Bruno, "welding", said.Seq);

        var found = await world.Decisions.FindAsync(world.Carla, "welding", said.Seq);
        Assert.Equal((true, "", "Something I should not have said"), (found.IsDeleted, found.Html, found.Quote));
        var id = await world.Decisions.DecideAsync(world.Carla, "welding", said.Seq, Rulings.Of(found, MessageMeasure.Hidden, MemberMeasure.Muted, 3));

        var statement = await world.Statements.FindAsync(world.Bruno, id);
        Assert.Equal((MessageMeasure.Left, MemberMeasure.Muted, "Something I should not have said"), (statement.Decision.Message, statement.Decision.Member, statement.Quote));
        Assert.DoesNotContain("should not", (await world.Conversations.OpenAsync(world.Olga, "welding")).Messages.Single().Markdown, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_reads_it_now_reports_it_and_nobody_the_own_one(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var closed = await world.SayAsync(world.Anna, "Between us", room: "board");
        var own = await world.SayAsync(world.Bruno, "Mine");
        var gone = await world.SayAsync(world.Bruno, "Gone soon");
        Assert.False((await world.Reports.FindAsync(world.Ada, "board", closed.Seq)).WasReported);
        await world.Conversations.DeleteAsync(world.Bruno, "welding", gone.Seq);

        await Assert.ThrowsAsync<NotFoundException>(() => world.Reports.ReportAsync(world.Olga, "board", closed.Seq, Ground.Other, "I guessed it"));
        // Lost between the page and the form.
        await world.InDbAsync(db => db.Memberships.Where(m => m.MemberId == world.Ada.MemberId).ExecuteDeleteAsync());
        await Assert.ThrowsAsync<NotFoundException>(() => world.Reports.ReportAsync(world.Ada, "board", closed.Seq, Ground.Other, "I was there"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Reports.ReportAsync(world.Olga, "welding", 99, Ground.Other, "There is none"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Reports.ReportAsync(Actor.Visitor, "welding", own.Seq, Ground.Other, "From outside"));
        Assert.Equal(Refusal.OwnMessage, await World.RefusalOfAsync(() => world.Reports.ReportAsync(world.Bruno, "welding", own.Seq, Ground.Other, "Myself")));
        Assert.Equal(Refusal.MessageDeleted, await World.RefusalOfAsync(() => world.Reports.ReportAsync(world.Olga, "welding", gone.Seq, Ground.Other, "Late")));
        Assert.Equal(Refusal.ReasonMissing, await World.RefusalOfAsync(() => world.Reports.ReportAsync(world.Olga, "welding", own.Seq, Ground.Other, " \n")));
        Assert.Equal(Refusal.GroundMissing, await World.RefusalOfAsync(() => world.Reports.ReportAsync(world.Olga, "welding", own.Seq, (Ground)99, "Why")));
        Assert.Equal(0, await world.InDbAsync(db => db.Reports.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_talk_alone_moderators_see_the_reported_message_and_nothing_else(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var before = await world.SayAsync(world.Bruno, "Our secret", room: world.Direct);
        var said = await world.SayAsync(world.Bruno, "A threat", room: world.Direct);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Reports.ReportAsync(world.Carla, world.Direct, said.Seq, Ground.Harassment, "I heard of it"));
        await world.Reports.ReportAsync(world.Anna, world.Direct, said.Seq, Ground.Harassment, "He threatens me");

        var found = await world.Decisions.FindAsync(world.Carla, world.Direct, said.Seq);
        Assert.Contains("A threat", found.Html, StringComparison.Ordinal);
        Assert.Equal((false, false), (found.MayRestrict, found.MayOpen));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Decisions.FindAsync(world.Carla, world.Direct, before.Seq));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.OpenAsync(world.Carla, world.Direct));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Decisions.DecideAsync(world.Carla, world.Direct, before.Seq, Rulings.Hide));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => world.Decisions.DecideAsync(world.Carla, world.Direct, said.Seq, Rulings.Of(found, MessageMeasure.Hidden, MemberMeasure.Banned, 7))));
        await world.Decisions.DecideAsync(world.Carla, world.Direct, said.Seq, Rulings.Of(found, MessageMeasure.Hidden));
        Assert.Equal(["Our secret", ""], (await world.Conversations.OpenAsync(world.Anna, world.Direct)).Messages.Select(m => m.Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task The_reporter_is_told_what_became_of_the_message_and_nothing_more(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Buy this");
        await world.Reports.ReportAsync(world.Olga, "welding", said.Seq, Ground.Advertising, "He sells");
        Assert.Null(Assert.Single((await world.Reports.OwnAsync(world.Olga, 1)).Reports).Outcome);
        var found = await world.Decisions.FindAsync(world.Carla, "welding", said.Seq);
        var id = await world.Decisions.DecideAsync(world.Carla, "welding", said.Seq, Rulings.Of(found, MessageMeasure.Hidden, MemberMeasure.Banned, 7));

        Assert.Equal(1, (await world.Statements.WaitingAsync(world.Olga)).Answers);
        Assert.Equal(MessageMeasure.Hidden, Assert.Single((await world.Reports.OwnAsync(world.Olga, 1)).Reports).Outcome);
        Assert.Equal(0, (await world.Statements.WaitingAsync(world.Olga)).Answers);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Statements.FindAsync(world.Olga, id));
        Assert.Empty((await world.Reports.OwnAsync(world.Bruno, 1)).Reports);
    }
}

/// <summary>Decisions of tests.</summary>
static class Rulings
{
    public static readonly Ruling Hide = new(MessageMeasure.Hidden, MemberMeasure.None, 0, Ground.Other, "It does not belong here", 0, 0);

    /// <summary>Decided with all seen that there is to see.</summary>
    public static Ruling Of(JudgeableMessage seen, MessageMeasure message, MemberMeasure member = MemberMeasure.None, int days = 0) =>
        new(message, member, days, Ground.Harassment, "It breaks the room's rules", seen.Decisions.Count, seen.Reports.Count == 0 ? 0 : seen.Reports[^1].Id);
}
