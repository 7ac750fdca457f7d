using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class SendingLater
{
    static Task<int> LaterAsync(World world, Core.Actor who, string text, int minutes = 10, string room = "welding", string? topic = null, string? key = null, long? reply = null) =>
        world.Scheduled.ScheduleAsync(who, new(room, key ?? Guid.NewGuid().ToString("N"), topic, text, reply, world.Clock.GetUtcNow() + TimeSpan.FromMinutes(minutes)));

    static async Task<IReadOnlyList<PostedMessage>> SaidAsync(World world, string room = "welding") => (await world.Conversations.OpenAsync(world.Anna, room)).Messages;

    static Task<int> SweepAsync(World world) => world.Sending.SendDueAsync(Core.Actor.Operator);

    [Theory, OnBothDatabases]
    public async Task What_is_due_is_sent_once_in_order_and_leaves_the_list(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var answered = (await world.SayAsync(world.Anna, "Who opens tomorrow?")).Seq;
        await LaterAsync(world, world.Bruno, "Second", minutes: 20);
        await LaterAsync(world, world.Bruno, "First", minutes: 10, topic: "Keys", reply: answered);
        await LaterAsync(world, world.Bruno, "Alone", minutes: 10, room: world.Direct);
        Assert.Equal(0, await SweepAsync(world));

        world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, await SweepAsync(world));
        world.Clock.Advance(TimeSpan.FromHours(10));
        Assert.Equal(1, await SweepAsync(world));
        Assert.Equal(0, await SweepAsync(world));

        var said = await SaidAsync(world);
        Assert.Equal([("Who opens tomorrow?", "General"), ("First", "Keys"), ("Second", "General")], said.Select(m => (m.Markdown, m.Topic)));
        Assert.Equal((answered, "bruno"), (said[1].ReplyToSeq, said[1].Author.Handle));
        Assert.Equal("Alone", (await SaidAsync(world, world.Direct)).Single().Markdown);
        Assert.Empty((await world.Scheduled.ListAsync(world.Bruno, 1)).Rows);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Sending.SendDueAsync(world.Carla));
    }

    [Theory, OnBothDatabases]
    public async Task A_crash_after_the_post_and_a_second_process_make_no_second_message(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await LaterAsync(world, world.Bruno, "Once");
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        var row = await world.InDbAsync(db => db.ScheduledMessages.AsNoTracking().SingleAsync());
        Assert.Equal(1, await SweepAsync(world));
        // As if the row's end had not come to the disk.
        row.BegunAt = world.Clock.GetUtcNow();
        await world.InDbAsync(db => { db.Add(row); return db.SaveChangesAsync(); });

        await using var otherLog = new MessageLog(world.Db, world.Feed, world.Clock, NullLogger<MessageLog>.Instance);
        var other = new ScheduledSending(world.Db, new(world.Db, otherLog, world.Uploads), world.Clock, NullLogger<ScheduledSending>.Instance);
        await Task.WhenAll(SweepAsync(world), other.SendDueAsync(Core.Actor.Operator));

        Assert.Single(await SaidAsync(world));
        Assert.Empty(await world.InDbAsync(db => db.ScheduledMessages.ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_write_by_then_keeps_the_text_and_reads_why(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);
        await rooms.InviteAsync(world.Anna, "board", "bruno");
        var (left, lost, ended, suspended) = (await LaterAsync(world, world.Bruno, "Left"), await LaterAsync(world, world.Bruno, "Lost", room: "board"),
            await LaterAsync(world, world.Ada, "Ended", room: "board"), await LaterAsync(world, world.Anna, "Suspended"));
        await rooms.LeaveAsync(world.Bruno, "welding");
        await rooms.LeaveAsync(world.Bruno, "board");
        await world.InDbAsync(db => db.Conversations.Where(c => c.Slug == "board").ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, world.Clock.GetUtcNow())));
        await world.InDbAsync(db => db.Users.Where(m => m.Id == 1).ExecuteUpdateAsync(set => set.SetProperty(m => m.SuspendedUntil, DateTimeOffset.MaxValue)));
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, await SweepAsync(world));
        Assert.Equal(0, await SweepAsync(world));

        foreach (var (who, id, refusal, text) in ((Core.Actor, int, Refusal, string)[])[
            (world.Bruno, left, Refusal.JoinFirst, "Left"), (world.Bruno, lost, Refusal.PlaceLost, "Lost"),
            (world.Ada, ended, Refusal.ConversationClosed, "Ended"), (world.Anna, suspended, Refusal.Suspended, "Suspended")])
        {
            var row = await world.Scheduled.FindAsync(who, id);
            Assert.Equal((refusal, text), (row.WhyNot!.Refusal, row.Markdown));
        }
        Assert.Null((await world.Scheduled.FindAsync(world.Bruno, lost)).Title);
        Assert.Equal(0, await world.InDbAsync(db => db.Messages.CountAsync()));

        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.Scheduled.SendNowAsync(world.Bruno, left)));
        await rooms.JoinAsync(world.Bruno, "welding");
        await world.Scheduled.SendNowAsync(world.Bruno, left);
        Assert.Equal(["Left"], await world.InDbAsync(db => db.Messages.Select(m => m.Markdown).ToListAsync()));
        Assert.False(await world.Scheduled.CancelAsync(world.Bruno, lost));
        Assert.Empty((await world.Scheduled.ListAsync(world.Bruno, 1)).Rows);
    }

    [Theory, OnBothDatabases]
    public async Task One_changes_sends_now_and_takes_back_only_ones_own(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (kept, sent, cancelled) = (await LaterAsync(world, world.Bruno, "One"), await LaterAsync(world, world.Bruno, "Two"), await LaterAsync(world, world.Bruno, "Three"));
        foreach (var deed in (Func<Task>[])[
            () => world.Scheduled.FindAsync(world.Anna, kept), () => world.Scheduled.CancelAsync(world.Carla, kept), () => world.Scheduled.SendNowAsync(world.Ada, kept),
            () => world.Scheduled.ChangeAsync(world.Anna, kept, "Forged", null, world.Clock.GetUtcNow().AddDays(1)), () => world.Scheduled.FindAsync(Core.Actor.Visitor, kept)])
            await Assert.ThrowsAsync<NotFoundException>(deed);
        Assert.Empty((await world.Scheduled.ListAsync(world.Anna, 1)).Rows);

        await world.Scheduled.ChangeAsync(world.Bruno, kept, "Other", "Keys", world.Clock.GetUtcNow().AddMinutes(30));
        var receipt = await world.Scheduled.SendNowAsync(world.Bruno, sent);
        Assert.True(await world.Scheduled.CancelAsync(world.Bruno, cancelled));
        Assert.Equal("Three", await world.InDbAsync(db => db.Drafts.Select(d => d.Markdown).SingleAsync()));
        Assert.Equal((1, false), (receipt.Seq, receipt.Duplicate));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Scheduled.SendNowAsync(world.Bruno, sent));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Scheduled.CancelAsync(world.Bruno, cancelled));
        world.Clock.Advance(TimeSpan.FromMinutes(30));
        await SweepAsync(world);
        Assert.Equal([("Two", "General"), ("Other", "Keys")], (await SaidAsync(world)).Select(m => (m.Markdown, m.Topic)));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_being_sent_is_changed_by_nobody(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var id = await LaterAsync(world, world.Bruno, "On its way");
        await world.InDbAsync(db => db.ScheduledMessages.ExecuteUpdateAsync(set => set.SetProperty(s => s.BegunAt, world.Clock.GetUtcNow())));
        Assert.Equal(Refusal.ScheduledBegun, await World.RefusalOfAsync(() => world.Scheduled.CancelAsync(world.Bruno, id)));
        Assert.Equal(Refusal.ScheduledBegun, await World.RefusalOfAsync(() => world.Scheduled.ChangeAsync(world.Bruno, id, "Late", null, world.Clock.GetUtcNow().AddDays(1))));
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(1, await SweepAsync(world));
        Assert.Equal("On its way", (await SaidAsync(world)).Single().Markdown);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_scheduled_is_refused_at_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        Assert.Equal(Refusal.ScheduledInThePast, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, "Late", minutes: 0)));
        Assert.Equal(Refusal.ScheduledTooFar, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, "Far", minutes: 60 * 24 * 366)));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, "  ")));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, new('x', Limits.Text + 1))));
        Assert.Equal(Refusal.BadTopic, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, "Text", topic: new('x', 81))));
        Assert.Equal(Refusal.UnknownReply, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, "Text", reply: 7)));
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => LaterAsync(world, world.Olga, "Text")));
        await Assert.ThrowsAsync<NotFoundException>(() => LaterAsync(world, world.Bruno, "Text", room: "board"));

        var id = await LaterAsync(world, world.Bruno, "Once", key: "form");
        Assert.Equal(id, await LaterAsync(world, world.Bruno, "Once", key: "form"));
        Assert.Equal(Refusal.ScheduledBefore, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, "Another text", key: "form")));
        for (var i = 1; i < ScheduledMessages.Most; i++)
            await LaterAsync(world, world.Bruno, "Text");
        Assert.Equal(Refusal.TooManyScheduled, await World.RefusalOfAsync(() => LaterAsync(world, world.Bruno, "One too many")));
        var (first, hasMore) = await world.Scheduled.ListAsync(world.Bruno, 1);
        var (last, hasMoreAfter) = await world.Scheduled.ListAsync(world.Bruno, 5);
        Assert.Equal((20, true, 20, false), (first.Count, hasMore, last.Count, hasMoreAfter));
    }

    [Theory, OnBothDatabases]
    public async Task A_topic_is_found_under_its_new_name(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Which wire?", topic: "Wire");
        await LaterAsync(world, world.Bruno, "This one", topic: "Wire");
        await world.Topics.RenameAsync(world.Anna, "welding", "wire", "Wire and speed");
        world.Clock.Advance(TimeSpan.FromMinutes(10));
        await SweepAsync(world);
        Assert.Equal(["Wire and speed"], (await SaidAsync(world)).Select(m => m.Topic).Distinct());
    }

    [Fact]
    public void An_hour_that_is_left_out_is_refused_and_of_one_that_comes_twice_the_first_is_meant()
    {
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 0, 59, 0, TimeSpan.Zero), TimeZones.InstantOf(new(2026, 3, 29, 1, 59, 0), "Europe/Rome").ToUniversalTime());
        Assert.Equal(Refusal.TimeSkipped, Assert.Throws<RefusedException>(() => TimeZones.InstantOf(new(2026, 3, 29, 2, 30, 0), "Europe/Rome")).Refusal);
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), TimeZones.InstantOf(new(2026, 3, 29, 3, 0, 0), "Europe/Rome").ToUniversalTime());
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), TimeZones.InstantOf(new(2026, 10, 25, 2, 30, 0), "Europe/Rome").ToUniversalTime());
        Assert.Equal(new DateTimeOffset(2026, 10, 25, 2, 0, 0, TimeSpan.Zero), TimeZones.InstantOf(new(2026, 10, 25, 3, 0, 0), "Europe/Rome").ToUniversalTime());
    }
}
