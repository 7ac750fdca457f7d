using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using Xunit;

namespace VetCommunity.Tests.Moderation;

/// <summary>What moderators decide holds for polls, for messages that wait and for programs too.</summary>
public sealed class MeetingWhatElseARoomHas
{
    static Task<int> DecideAsync(World world, long seq, MessageMeasure message, MemberMeasure member = MemberMeasure.None, int round = 0) =>
        world.Decisions.DecideAsync(world.Carla, "welding", seq, new(message, member, member == MemberMeasure.None ? 0 : 7, Ground.Other, "So it is", round, 0));

    [Theory, OnBothDatabases]
    public async Task A_hidden_poll_is_told_to_nobody_and_takes_no_votes_until_it_is_shown_again(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Bruno, ["Plasma", "Gas"]);
        await world.Polls.VoteAsync(world.Anna, "welding", seq, [1]);

        await DecideAsync(world, seq, MessageMeasure.Hidden);

        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.FindAsync(world.Anna, "welding", seq));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.MineAsync(world.Bruno, "welding", seq));
        Assert.Null((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages.Single(m => m.Seq == seq).Poll);
        Assert.Equal(Refusal.MessageHidden, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Anna, "welding", seq, [2])));
        await DecideAsync(world, seq, MessageMeasure.Left, round: 1);
        Assert.Equal([1], (await world.Polls.MineAsync(world.Anna, "welding", seq)).Chosen);
    }

    [Theory, OnBothDatabases]
    public async Task Programs_find_no_room_from_which_their_member_is_banned_and_read_where_the_member_may_not_write(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var directory = new RoomDirectory(world.Db);
        var said = await world.SayAsync(world.Bruno, "Rude");
        Assert.True((await directory.RoomAsync(world.Bruno, "welding")).Standing.MayPost);

        await DecideAsync(world, said.Seq, MessageMeasure.Left, MemberMeasure.Muted);
        Assert.False((await directory.RoomAsync(world.Bruno, "welding")).Standing.MayPost);
        Assert.False(Assert.Single((await directory.RoomsAsync(world.Bruno, mine: false, 0, 10)).Rooms).Standing.MayPost);
        await DecideAsync(world, said.Seq, MessageMeasure.Left, MemberMeasure.Banned, round: 1);
        Assert.Empty((await directory.RoomsAsync(world.Bruno, mine: false, 0, 10)).Rooms);
    }

    [Theory, OnBothDatabases]
    public async Task In_a_slow_room_a_message_that_is_due_waits_until_its_author_may_write(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var settings = new RoomSettings(world.Db);
        var seen = (await settings.FindAsync(world.Anna, "welding")).Setting;
        await settings.SaveAsync(world.Anna, "welding", seen, seen with { SlowSeconds = 300 });
        world.Clock.Advance(TimeSpan.FromMinutes(20));
        var id = await world.Scheduled.ScheduleAsync(world.Bruno, new("welding", "later", null, "Good morning", null, world.Clock.GetUtcNow() + TimeSpan.FromMinutes(5)));
        world.Clock.Advance(TimeSpan.FromMinutes(4));
        await world.SayAsync(world.Bruno, "Before it");
        world.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, await world.Sending.SendDueAsync(Actor.Operator));
        var waiting = await world.Scheduled.FindAsync(world.Bruno, id);
        Assert.Null(waiting.RefusedAt);
        // As it is stored: without what is less than a millisecond.
        Assert.Equal((world.Clock.GetUtcNow() + TimeSpan.FromMinutes(4)).ToUnixTimeMilliseconds(), waiting.DueAt.ToUnixTimeMilliseconds());
        world.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(1, await world.Sending.SendDueAsync(Actor.Operator));
        Assert.Equal("Good morning", (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages[^1].Markdown);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_banned_keeps_the_text_that_waits_and_reads_no_more_of_the_room(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Rude");
        var id = await world.Scheduled.ScheduleAsync(world.Bruno, new("welding", "later", null, "Good morning", null, world.Clock.GetUtcNow() + TimeSpan.FromHours(1)));
        await DecideAsync(world, said.Seq, MessageMeasure.Left, MemberMeasure.Banned);

        var waiting = await world.Scheduled.FindAsync(world.Bruno, id);

        Assert.Equal(("Good morning", null), (waiting.Markdown, waiting.Title));
    }
}
