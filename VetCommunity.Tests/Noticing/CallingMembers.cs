using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Noticing;

public class CallingMembers
{
    [Theory, OnBothDatabases]
    public async Task Followers_are_called_once_a_reading_and_who_muted_never(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Bruno, "One", topic: "Gas");
        await world.SayAsync(world.Anna, "Two", topic: "Gas");
        await noticing.FollowAsync();
        await world.SayAsync(world.Anna, "Three", topic: "Gas");
        await noticing.FollowAsync();

        Assert.Equal([(NoticeKind.Follow, "Two", true)], await noticing.BellAsync(world.Bruno));
        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 3);
        await world.SayAsync(world.Anna, "Four", topic: "Gas");
        await world.SayAsync(world.Anna, "Elsewhere", topic: "Masks");
        await noticing.FollowAsync();
        Assert.Equal([(NoticeKind.Follow, "Four", true), (NoticeKind.Follow, "Two", false)], await noticing.BellAsync(world.Bruno));

        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", InvolvementKind.Muted);
        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 5);
        await world.SayAsync(world.Anna, "Six for @bruno", topic: "Gas");
        await noticing.FollowAsync();
        Assert.Empty(await noticing.BellAsync(world.Bruno));
        Assert.Equal(2, await world.InDbAsync(db => db.Notices.CountAsync(n => n.MemberId == 2)));
    }

    [Theory, OnBothDatabases]
    public async Task Each_message_calls_a_member_once_for_the_strongest_reason(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Bruno, "Which gas?", topic: "Gas");
        await world.SayAsync(world.Anna, "Argon, @bruno and @anna", topic: "Gas", replyTo: 1);
        await world.SayAsync(world.Anna, "Or a mix", topic: "Gas", replyTo: 1);
        await world.SayAsync(world.Bruno, "My own again", topic: "Gas", replyTo: 1);
        await noticing.FollowAsync();

        Assert.Equal([(NoticeKind.Reply, "Or a mix", true), (NoticeKind.Mention, "Argon, @bruno and @anna", true)], await noticing.BellAsync(world.Bruno));
        Assert.Equal([NoticeKind.Follow], (await noticing.BellAsync(world.Anna)).Select(one => one.Kind));
    }

    [Theory, OnBothDatabases]
    public async Task Who_lost_a_closed_room_is_not_called_into_it_and_sees_no_more_of_what_called(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Ada, "A figure", "board");
        await world.SayAsync(world.Anna, "Dear @ada, and not @carla", "board");
        await noticing.FollowAsync();
        Assert.Single(await noticing.BellAsync(world.Ada));
        Assert.Equal(1, await noticing.Notices.UnreadAsync(world.Ada));
        Assert.Empty(await noticing.BellAsync(world.Carla));

        await noticing.Rooms.LeaveAsync(world.Ada, "board");
        await world.SayAsync(world.Anna, "You answered", "board", replyTo: 1);
        await noticing.FollowAsync();

        Assert.Empty(await noticing.BellAsync(world.Ada));
        Assert.Equal(0, await noticing.Notices.UnreadAsync(world.Ada));
        Assert.Equal(1, await world.InDbAsync(db => db.Notices.CountAsync(n => n.MemberId == world.Ada.MemberId)));
    }

    [Theory, OnBothDatabases]
    public async Task Two_people_alone_are_called_once_a_reading_and_the_author_is_not(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "One", world.Direct);
        await world.SayAsync(world.Anna, "Two", world.Direct);
        await noticing.FollowAsync();

        Assert.Equal([(NoticeKind.Direct, "One", true)], await noticing.BellAsync(world.Bruno));
        Assert.Empty(await noticing.BellAsync(world.Anna));
        await Assert.ThrowsAsync<NotFoundException>(() => noticing.Writing.WriteAsync(world.Anna, [1], _ => new HashSet<int>()));
    }

    [Theory, OnBothDatabases]
    public async Task Who_looks_on_is_told_after_a_minute_if_they_did_not_read_on(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "One", world.Direct);
        await noticing.FollowAsync(world.Bruno.MemberId);
        Assert.Empty(await noticing.BellAsync(world.Bruno));

        world.Clock.Advance(NoticeWriting.Patience);
        await noticing.FollowAsync(world.Bruno.MemberId);
        Assert.Equal([(NoticeKind.Direct, "One", true)], await noticing.BellAsync(world.Bruno));

        await noticing.Markers.MarkReadAsync(world.Bruno, world.Direct, 1);
        await world.SayAsync(world.Anna, "Two", world.Direct);
        await noticing.FollowAsync(world.Bruno.MemberId);
        await noticing.Markers.MarkReadAsync(world.Bruno, world.Direct, 2);
        world.Clock.Advance(NoticeWriting.Patience);
        await noticing.FollowAsync();
        Assert.Equal([(NoticeKind.Direct, "One", false)], await noticing.BellAsync(world.Bruno));
    }

    [Theory, OnBothDatabases]
    public async Task A_room_calls_as_much_as_its_member_wants(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await noticing.Wishes.ChooseAsync(world.Bruno, "welding", RoomCalls.All);
        await world.SayAsync(world.Anna, "One");
        await world.SayAsync(world.Anna, "Two");
        await noticing.FollowAsync();
        Assert.Equal([(NoticeKind.Room, "Two", true), (NoticeKind.Room, "One", true)], await noticing.BellAsync(world.Bruno));

        await noticing.Wishes.ChooseAsync(world.Bruno, "welding", RoomCalls.Nothing);
        await noticing.Wishes.ChooseAsync(world.Bruno, "welding", RoomCalls.Nothing);
        await world.SayAsync(world.Anna, "Three for @bruno");
        await noticing.FollowAsync();
        Assert.Equal(2, (await noticing.BellAsync(world.Bruno)).Count);

        await noticing.Wishes.ChooseAsync(world.Bruno, "welding", RoomCalls.Mentions);
        await world.SayAsync(world.Anna, "Four for @bruno");
        await world.SayAsync(world.Anna, "Five");
        await noticing.FollowAsync();
        Assert.Equal([NoticeKind.Mention, NoticeKind.Room, NoticeKind.Room], (await noticing.BellAsync(world.Bruno)).Select(one => one.Kind));
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => noticing.Wishes.ChooseAsync(world.Olga, "welding", RoomCalls.All)));
        await Assert.ThrowsAsync<NotFoundException>(() => noticing.Wishes.ChooseAsync(world.Olga, "board", RoomCalls.All));
    }

    [Theory, OnBothDatabases]
    public async Task Being_taken_into_a_room_and_how_a_followed_topic_ended_are_told(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await noticing.Rooms.InviteAsync(world.Anna, "board", "bruno");
        await world.SayAsync(world.Bruno, "Which gas?", topic: "Gas");
        await world.SayAsync(world.Anna, "Argon", topic: "Gas");
        await noticing.FollowAsync();
        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 2);
        await world.Topics.ResolveAsync(world.Anna, "welding", "gas", Outcome.Answered, "Argon it is");

        var rows = (await noticing.Notices.ListAsync(world.Bruno)).Rows;
        var outcome = Assert.Single(rows, row => row.Kind == NoticeKind.Outcome);
        Assert.Equal(("Argon it is", Outcome.Answered, "Gas", "/rooms/welding/gas", true), (outcome.Text, outcome.Outcome, outcome.Topic, outcome.Address, outcome.IsUnread));
        var invitation = Assert.Single(rows, row => row.Kind == NoticeKind.Invitation);
        Assert.Equal(("Board", "Anna Rossi", "/rooms/board"), (invitation.Title, invitation.By.Name, invitation.Address));
        Assert.DoesNotContain((await noticing.Notices.ListAsync(world.Anna)).Rows, row => row.Kind == NoticeKind.Outcome);

        await world.Topics.ReopenAsync(world.Anna, "welding", "gas");
        Assert.DoesNotContain((await noticing.Notices.ListAsync(world.Bruno)).Rows, row => row.Kind == NoticeKind.Outcome);
        await noticing.Rooms.LeaveAsync(world.Bruno, "board");
        Assert.DoesNotContain((await noticing.Notices.ListAsync(world.Bruno)).Rows, row => row.Kind == NoticeKind.Invitation);
    }

    [Theory, OnBothDatabases]
    public async Task A_decision_and_the_answer_to_an_appeal_are_told_with_their_statement_and_outlast_the_room(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Bruno, "Cheap welders here");
        var id = await world.Decisions.DecideAsync(world.Anna, "welding", 1, new(MessageMeasure.Hidden, MemberMeasure.Banned, 7, Ground.Advertising, "No advertising", 0, 0));
        await world.Decisions.AppealAsync(world.Bruno, id, "It was a question");
        await world.Decisions.AnswerAsync(world.Carla, id, AppealOutcome.Upheld, "It was not");

        var rows = (await noticing.Notices.ListAsync(world.Bruno)).Rows;
        Assert.Equal([NoticeKind.Moderation, NoticeKind.Moderation], rows.Select(row => row.Kind));
        Assert.All(rows, row => Assert.Equal(FormattableString.Invariant($"/decisions/{id}"), row.Address));
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_banned_from_an_open_room_is_not_told_of_answers_there(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Bruno, "Cheap welders here");
        await world.Decisions.DecideAsync(world.Anna, "welding", 1, new(MessageMeasure.Left, MemberMeasure.Banned, 7, Ground.Advertising, "No advertising", 0, 0));
        await world.SayAsync(world.Anna, "Not here", replyTo: 1);
        await noticing.FollowAsync();

        Assert.Equal([NoticeKind.Moderation], await world.InDbAsync(db => db.Notices.Where(n => n.MemberId == 2).Select(n => n.Kind).ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_is_lost_and_nothing_doubled_whoever_writes_and_wherever_it_stopped(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        for (var n = 0; n < 30; n++)
            await world.SayAsync(world.Anna, string.Create(CultureInfo.InvariantCulture, $"{n} for @bruno"));
        var id = (await world.Conversations.FindAsync(world.Anna, "welding")).Id;

        // Three servers at once, and a fourth that was killed between its reading and its writing.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            try
            {
                await noticing.Writing.WriteAsync(Actor.Operator, [id], _ => new HashSet<int>());
            }
            catch (DbUpdateException)
            {
                // The very first row of the conversation's progress was somebody else's.
            }
        })));
        using var killed = new CancellationTokenSource();
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => noticing.Writing.WriteAsync(Actor.Operator, [id], _ => new HashSet<int>(), killed.Token));
        await noticing.FollowAsync();
        world.Clock.Advance(NoticeWriting.Patience);
        await noticing.FollowAsync();

        Assert.Equal(Enumerable.Range(1, 30).Select(n => (long)n), await world.InDbAsync(db => db.Notices.Where(n => n.MemberId == 2).OrderBy(n => n.Seq).Select(n => n.Seq).ToListAsync()));
        Assert.Empty(await noticing.Writing.BehindAsync(Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task A_look_ends_however_much_becomes_due_meanwhile(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await noticing.Wishes.ChooseAsync(world.Bruno, "welding", RoomCalls.All);
        await world.SayAsync(world.Bruno, "Mine");
        for (var n = 1; n <= 5; n++)
        {
            await world.SayAsync(world.Anna, string.Create(CultureInfo.InvariantCulture, $"Number {n}"));
            world.Clock.Advance(TimeSpan.FromSeconds(10));
        }
        await noticing.FollowAsync(world.Bruno.MemberId);
        Assert.Empty(await noticing.BellAsync(world.Bruno));
        world.Clock.Advance(NoticeWriting.Patience - TimeSpan.FromSeconds(50));

        await new NoticeWriting(world.Db, world.Feed, new Hurried(world.Clock)).SettleAsync(Actor.Operator);

        Assert.Single(await noticing.BellAsync(world.Bruno));
        world.Clock.Advance(NoticeWriting.Patience);
        await noticing.FollowAsync(world.Bruno.MemberId);
        Assert.Equal(5, (await noticing.BellAsync(world.Bruno)).Count);
    }

    [Theory, OnBothDatabases]
    public async Task A_look_goes_through_the_conversations_once(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        await noticing.World.SayAsync(noticing.World.Anna, "New");

        var behind = await noticing.Writing.BehindAsync(Actor.Operator);

        Assert.NotEmpty(behind);
        Assert.Equal(behind.Order(), behind);
        Assert.Equal(behind.Skip(1), await noticing.Writing.BehindAsync(Actor.Operator, behind[0]));
        Assert.Empty(await noticing.Writing.BehindAsync(Actor.Operator, behind[^1]));
    }

    [Theory, OnBothDatabases]
    public async Task What_comes_out_of_a_file_calls_nobody(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await noticing.Wishes.ChooseAsync(world.Bruno, "welding", RoomCalls.All);
        await world.SayAsync(world.Bruno, "Mine", topic: "General");
        using var file = new MemoryStream("""{"at": "2020-01-31T09:00:00Z", "author": "Old Hand", "text": "Long ago, dear @bruno"}"""u8.ToArray());
        await new RoomImport(world.Db, world.Log, noticing.Rooms).ImportAsync(Actor.Operator, "welding", file);
        await noticing.FollowAsync();

        Assert.Empty(await noticing.BellAsync(world.Bruno));
        Assert.Empty(await noticing.Writing.BehindAsync(Actor.Operator));
    }

    // Ten seconds pass each time that it is looked at.
    sealed class Hurried(FakeTime clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow()
        {
            var now = clock.GetUtcNow();
            clock.Advance(TimeSpan.FromSeconds(10));
            return now;
        }
    }
}
