using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.OfficeHours;
using Xunit;

namespace VetCommunity.Tests.OfficeHours;

public class AskingForLater
{
    static async Task<NoticeKind[]> BellAsync(HoursWorld hours, Core.Actor who)
    {
        var world = hours.World;
        var writing = new NoticeWriting(world.Db, world.Feed, world.Clock);
        while (await writing.BehindAsync(Core.Actor.Operator) is { Count: > 0 } behind)
            await writing.WriteAsync(Core.Actor.Operator, behind, _ => new HashSet<int>());
        return [.. (await new Notices(world.Db, world.Feed, world.Clock).ListAsync(who)).Rows.Select(row => row.Kind)];
    }

    static async Task<string[]> OpenAsync(HoursWorld hours, Core.Actor who) => [.. (await hours.Enquiries.ListAsync(who, "welding")).Rows.Select(row => row.Topic)];

    [Theory, OnBothDatabases]
    public async Task An_enquiry_is_a_topic_of_the_room_that_the_hosts_hear_of_and_the_asker_hears_the_answer(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.TurnAsync(TimeSpan.FromDays(1));
        var asked = (await hours.Enquiries.AskAsync(world.Bruno, "welding", "k1", "Which gas?", "For *aluminium*, I mean.")).Seq;
        var again = await hours.Enquiries.AskAsync(world.Bruno, "welding", "k1", "Which gas?", "For *aluminium*, I mean.");
        Assert.Equal((asked, true), (again.Seq, again.Duplicate));
        var said = Assert.Single((await world.Conversations.OpenAsync(world.Olga, "welding")).Messages);
        Assert.Equal(("Which gas?", "bruno", "For *aluminium*, I mean."), (said.Topic, said.Author.Handle, said.Markdown));
        Assert.Equal(["Which gas?"], await OpenAsync(hours, world.Anna));
        Assert.Equal(["Which gas?"], await OpenAsync(hours, world.Bruno));
        Assert.Empty(await OpenAsync(hours, world.Olga));
        Assert.Equal(1, (await hours.SeeAsync(world.Anna)).State.Enquiries);
        Assert.Equal([NoticeKind.Enquiry], await BellAsync(hours, world.Anna));
        Assert.Empty(await BellAsync(hours, world.Olga));

        await world.SayAsync(world.Anna, "Argon.", topic: "Which gas?", replyTo: asked);
        Assert.Equal([NoticeKind.Reply], await BellAsync(hours, world.Bruno));
        await Assert.ThrowsAsync<NotFoundException>(() => hours.Enquiries.AnsweredAsync(world.Olga, "welding", asked));
        await Assert.ThrowsAsync<NotFoundException>(() => hours.Enquiries.AnsweredAsync(world.Anna, "welding", asked + 1));
        await hours.Enquiries.AnsweredAsync(world.Anna, "welding", asked);
        await hours.Enquiries.AnsweredAsync(world.Bruno, "welding", asked);
        Assert.Empty(await OpenAsync(hours, world.Anna));
        Assert.Equal(world.Anna.MemberId, (await world.InDbAsync(db => db.Enquiries.SingleAsync())).AnsweredById);
    }

    [Theory, OnBothDatabases]
    public async Task A_topic_resolved_as_answered_answers_it_and_reopening_opens_it_again(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.Enquiries.AskAsync(world.Bruno, "welding", "k1", "Which gas", "");
        await world.Topics.ResolveAsync(world.Anna, "welding", "which-gas", Outcome.CourseGap, "Nobody teaches it.");
        Assert.Equal(["Which gas"], await OpenAsync(hours, world.Anna));
        await world.Topics.ReopenAsync(world.Anna, "welding", "which-gas");
        await world.Topics.ResolveAsync(world.Anna, "welding", "which-gas", Outcome.Answered, "Argon.");
        Assert.Empty(await OpenAsync(hours, world.Anna));
        // Asked anew in the same words, after the answer.
        await hours.Enquiries.AskAsync(world.Olga, "welding", "k2", "Which gas", "And for steel?");
        Assert.Equal(["Which gas"], await OpenAsync(hours, world.Olga));
        await world.Topics.ReopenAsync(world.Anna, "welding", "which-gas");
        Assert.Equal(2, (await OpenAsync(hours, world.Anna)).Length);
    }

    [Theory, OnBothDatabases]
    public async Task Enquiries_come_in_pages_the_oldest_first_without_what_was_deleted(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        for (var number = 0; number < Enquiries.Page + 2; number++)
        {
            await hours.Enquiries.AskAsync(world.Bruno, "welding", $"k{number}", $"Question {number}", "");
            world.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await world.Conversations.DeleteAsync(world.Bruno, "welding", 1);
        var first = await hours.Enquiries.ListAsync(world.Anna, "welding");
        Assert.Equal((Enquiries.Page, true, "Question 1"), (first.Rows.Count, first.HasMore, first.Rows[0].Topic));
        var second = await hours.Enquiries.ListAsync(world.Anna, "welding", 2);
        Assert.Equal((1, false), (second.Rows.Count, second.HasMore));
        Assert.Equal(Enquiries.Page + 1, (await hours.SeeAsync(world.Anna)).State.Enquiries);
        await Assert.ThrowsAsync<NotFoundException>(() => hours.Enquiries.ListAsync(Core.Actor.Visitor, "welding"));
    }
}
