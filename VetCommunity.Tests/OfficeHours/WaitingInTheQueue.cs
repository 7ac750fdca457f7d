using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.OfficeHours;
using Xunit;

namespace VetCommunity.Tests.OfficeHours;

public class WaitingInTheQueue
{
    [Theory, OnBothDatabases]
    public async Task Who_came_first_is_first_and_a_second_click_changes_nothing(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        var told = Channel.CreateUnbounded<OfficeHoursChanged>();
        using var listening = world.Feed.Subscribe<OfficeHoursChanged>(fact => told.Writer.WriteAsync(fact));
        await hours.JoinAsync(world.Olga, "  Which\ngas? ");
        world.Clock.Advance(TimeSpan.FromMinutes(3));
        await hours.JoinAsync(world.Bruno);
        await hours.JoinAsync(world.Olga, "Another line");
        var state = (await hours.SeeAsync(world.Bruno)).State;
        Assert.Equal([("olga", "Which gas?"), ("bruno", "My question")], state.Waiting.Select(one => (one.Handle, one.Line)));
        await hours.Queues.LeaveAsync(world.Olga, "welding");
        await hours.Queues.LeaveAsync(world.Olga, "welding");
        Assert.Equal(["bruno"], await hours.WaitingAsync());
        // Three changes and no more: a fourth would come before the one that is published now.
        world.Feed.Publish(new OfficeHoursChanged(-1));
        for (var change = 0; change < 3; change++)
            Assert.True((await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).ConversationId > 0);
        Assert.Equal(-1, (await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).ConversationId);
        Assert.Equal(Refusal.BadAbout, await World.RefusalOfAsync(() => hours.JoinAsync(world.Olga, " ")));
        Assert.Equal(Refusal.BadAbout, await World.RefusalOfAsync(() => hours.JoinAsync(world.Olga, new string('x', Queues.Line + 1))));
    }

    [Theory, OnBothDatabases]
    public async Task A_host_takes_the_next_and_the_talk_begins_in_the_room(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        var rung = Channel.CreateUnbounded<MembersNoticed>();
        using var listening = world.Feed.Subscribe<MembersNoticed>(fact => rung.Writer.WriteAsync(fact));
        await hours.JoinAsync(world.Bruno, "Which gas for aluminium?");
        await hours.JoinAsync(world.Olga);
        var first = await hours.Queues.TakeNextAsync(world.Anna, "welding");
        // A double click takes nobody else.
        Assert.Equal(first, await hours.Queues.TakeNextAsync(world.Anna, "welding"));
        var state = (await hours.SeeAsync(world.Olga)).State;
        var served = Assert.Single(state.Served);
        Assert.Equal(("bruno", "anna", "olga"), (served.Handle, served.Host, Assert.Single(state.Waiting).Handle));
        var said = (await world.Conversations.OpenAsync(world.Bruno, "welding")).Messages.Single(message => message.Seq == served.Seq);
        Assert.Equal(("Which gas for aluminium?", "anna"), (said.Topic, said.Author.Handle));
        Assert.Contains("Bruno Weiß", said.Markdown, StringComparison.Ordinal);
        var notice = Assert.Single((await rung.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).Notices);
        Assert.Equal((world.Bruno.MemberId, NoticeKind.YourTurn), (notice.MemberId, notice.Kind));
        var notices = new Notices(world.Db, world.Feed, world.Clock);
        Assert.Equal((NoticeKind.YourTurn, "/rooms/welding/hours"), ((await notices.ListAsync(world.Bruno)).Rows.Single().Kind, (await notices.ListAsync(world.Bruno)).Rows.Single().Address));

        // Back: to where they were, and taken once more they are told once more.
        await hours.Queues.FinishAsync(world.Anna, "welding", first, back: true);
        Assert.Equal(["bruno", "olga"], await hours.WaitingAsync());
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(first, await hours.Queues.TakeNextAsync(world.Anna, "welding"));
        Assert.Equal(2, await world.InDbAsync(db => db.Notices.CountAsync(one => one.MemberId == world.Bruno.MemberId && one.Kind == NoticeKind.YourTurn)));
        await hours.Queues.FinishAsync(world.Anna, "welding", first, back: false);
        await hours.Queues.FinishAsync(world.Anna, "welding", first, back: true);
        Assert.Equal(["olga"], await hours.WaitingAsync());
        Assert.Empty((await hours.SeeAsync(world.Anna)).State.Served);
    }

    [Theory, OnBothDatabases]
    public async Task Hosts_who_press_at_once_get_different_people_and_nobody_stands_twice(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        foreach (var one in (Core.Actor[])[world.Carla, world.Ada])
            await hours.Rooms.JoinAsync(one, "welding");
        foreach (var host in (string[])["carla", "ada"])
            await hours.Settings.HostAsync(world.Anna, "welding", host, hosts: true);
        await Task.WhenAll(Enumerable.Range(0, 4).SelectMany(_ => (Task[])[hours.JoinAsync(world.Bruno), hours.JoinAsync(world.Olga)]));
        Assert.Equal(2, (await hours.WaitingAsync()).Length);

        var taking = ((Core.Actor[])[world.Anna, world.Carla, world.Ada, world.Anna]).Select(host => TakenAsync(hours, host)).ToList();
        var taken = await Task.WhenAll(taking);
        Assert.Equal(2, taken.OfType<int>().Distinct().Count());
        var served = (await hours.SeeAsync(world.Anna)).State.Served;
        Assert.Equal((2, 2), (served.Select(one => one.Handle).Distinct().Count(), served.Select(one => one.Host).Distinct().Count()));
        Assert.Empty(await hours.WaitingAsync());
    }

    static async Task<int?> TakenAsync(HoursWorld hours, Core.Actor host)
    {
        try
        {
            return await Task.Run(() => hours.Queues.TakeNextAsync(host, "welding"));
        }
        catch (RefusedException refused) when (refused.Refusal == Refusal.NobodyWaits)
        {
            return null;
        }
    }

    [Theory, OnBothDatabases]
    public async Task At_the_end_who_waits_may_ask_for_later_and_who_is_served_stays(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.JoinAsync(world.Bruno);
        var bruno = await hours.Queues.TakeNextAsync(world.Anna, "welding");
        await hours.JoinAsync(world.Olga, "Which rod?");
        world.Clock.Advance(TimeSpan.FromHours(3));
        // Judged by the clock, before anything runs.
        Assert.Equal(Refusal.HoursClosed, await World.RefusalOfAsync(() => hours.JoinAsync(world.Olga)));
        Assert.Equal(1, await hours.Closing.TurnDueAsync(Core.Actor.Operator));
        Assert.Equal(0, await hours.Closing.TurnDueAsync(Core.Actor.Operator));
        var seen = await hours.SeeAsync(world.Olga);
        Assert.Equal(("Which rod?", 0, "bruno"), (seen.Lapsed!.Line, seen.State.Waiting.Count, seen.State.Served.Single().Handle));
        Assert.Equal(new DateTimeOffset(2026, 3, 9, 8, 0, 0, TimeSpan.Zero), seen.State.Opening.Next);
        await hours.Queues.FinishAsync(world.Anna, "welding", bruno, back: true);
        Assert.NotNull((await hours.SeeAsync(world.Bruno)).Lapsed);

        await hours.Enquiries.AskAsync(world.Olga, "welding", "k1", "Which rod?", "", seen.Lapsed.Id);
        Assert.Null((await hours.SeeAsync(world.Olga)).Lapsed);
        Assert.Equal("Which rod?", Assert.Single((await hours.Enquiries.ListAsync(world.Anna, "welding")).Rows).Topic);
        await hours.Queues.LeaveAsync(world.Bruno, "welding");
        Assert.Null((await hours.SeeAsync(world.Bruno)).Lapsed);
        await hours.TurnAsync(TimeSpan.FromDays(7) - TimeSpan.FromHours(3));
        Assert.True((await hours.SeeAsync(world.Olga)).State.Opening.IsOpen);
        await hours.JoinAsync(world.Olga);
    }

    [Theory, OnBothDatabases]
    public async Task A_restart_loses_nothing_and_finds_what_closed_meanwhile(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.JoinAsync(world.Bruno);
        var again = new Queues(world.Db, world.Conversations, world.Feed);
        Assert.Equal("bruno", Assert.Single((await again.SeeAsync(world.Anna, "welding"))!.State.Waiting).Handle);
        world.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(Refusal.HoursClosed, await World.RefusalOfAsync(() => again.TakeNextAsync(world.Anna, "welding")));
        var told = Channel.CreateUnbounded<OfficeHoursChanged>();
        using var listening = world.Feed.Subscribe<OfficeHoursChanged>(fact => told.Writer.WriteAsync(fact));
        await new HoursClosing(world.Db, world.Feed, world.Clock).TurnDueAsync(Core.Actor.Operator);
        world.Feed.Publish(new OfficeHoursChanged(-1));
        Assert.True((await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).ConversationId > 0);
        Assert.NotNull((await again.SeeAsync(world.Bruno, "welding"))!.Lapsed);
        await Assert.ThrowsAsync<NotFoundException>(() => hours.Closing.TurnDueAsync(world.Carla));
    }

    [Theory, OnBothDatabases]
    public async Task What_lapsed_is_its_owners_alone_for_two_weeks_or_until_they_wait_again(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.JoinAsync(world.Bruno);
        await hours.JoinAsync(world.Olga);
        await hours.TurnAsync(TimeSpan.FromHours(3));
        var (brunos, olgas) = ((await hours.SeeAsync(world.Bruno)).Lapsed!, (await hours.SeeAsync(world.Olga)).Lapsed!);
        Assert.NotEqual(brunos.Id, olgas.Id);
        await hours.Enquiries.AskAsync(world.Olga, "welding", "k1", "In place of his", "", brunos.Id);
        Assert.Equal((brunos, olgas), ((await hours.SeeAsync(world.Bruno)).Lapsed, (await hours.SeeAsync(world.Olga)).Lapsed));
        await hours.TurnAsync(TimeSpan.FromDays(7) - TimeSpan.FromHours(3));
        await hours.JoinAsync(world.Olga);
        Assert.Equal((brunos, null), ((await hours.SeeAsync(world.Bruno)).Lapsed, (await hours.SeeAsync(world.Olga)).Lapsed));
        world.Clock.Advance(TimeSpan.FromDays(7) + TimeSpan.FromHours(3));
        Assert.NotNull((await hours.SeeAsync(world.Bruno)).Lapsed);
        world.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null((await hours.SeeAsync(world.Bruno)).Lapsed);
    }

    [Theory, OnBothDatabases]
    public async Task A_host_who_waits_too_is_taken_by_another_one(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.JoinAsync(world.Anna);
        Assert.Equal(Refusal.NobodyWaits, await World.RefusalOfAsync(() => hours.Queues.TakeNextAsync(world.Anna, "welding")));
        await hours.Settings.HostAsync(world.Anna, "welding", "bruno", hosts: true);
        await hours.Queues.TakeNextAsync(world.Bruno, "welding");
        Assert.Equal(("anna", "bruno"), ((await hours.SeeAsync(world.Olga)).State.Served.Single() is var one ? (one.Handle, one.Host!) : default));
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_write_may_not_wait_and_who_lost_the_room_waits_no_more(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => hours.JoinAsync(world.Ada)));
        await hours.JoinAsync(world.Bruno);
        await hours.JoinAsync(world.Olga);
        await RestrictAsync(world, world.Bruno, muted: true);
        Assert.Equal(["olga"], await hours.WaitingAsync());
        await hours.Rooms.LeaveAsync(world.Olga, "welding");
        Assert.Empty(await hours.WaitingAsync());
        Assert.Equal(Refusal.NobodyWaits, await World.RefusalOfAsync(() => hours.Queues.TakeNextAsync(world.Anna, "welding")));
        await world.InDbAsync(db => db.QueuePlaces.ExecuteDeleteAsync());
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => hours.JoinAsync(world.Bruno)));
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => hours.Enquiries.AskAsync(world.Bruno, "welding", "k", "Line", "")));
        await RestrictAsync(world, world.Bruno, muted: false);
        await Assert.ThrowsAsync<NotFoundException>(() => hours.JoinAsync(world.Bruno));
        await hours.Rooms.JoinAsync(world.Olga, "welding");
        await world.InDbAsync(db => db.Conversations.ExecuteUpdateAsync(set => set.SetProperty(c => c.OnlySpeakers, 1)));
        Assert.Equal(Refusal.OnlySpeakers, await World.RefusalOfAsync(() => hours.JoinAsync(world.Olga)));
        Assert.Equal(Refusal.OnlySpeakers, await World.RefusalOfAsync(() => hours.Enquiries.AskAsync(world.Olga, "welding", "k", "Line", "")));
    }

    static Task<int> RestrictAsync(World world, Core.Actor who, bool muted) => world.InDbAsync(async db =>
    {
        var room = await db.Conversations.Where(c => c.Slug == "welding").Select(c => c.Id).SingleAsync();
        await db.Restrictions.Where(r => r.MemberId == who.MemberId).ExecuteDeleteAsync();
        db.Restrictions.Add(new() { MemberId = who.MemberId, ConversationId = room, MutedUntil = muted ? DateTimeOffset.MaxValue : null, BannedUntil = muted ? null : DateTimeOffset.MaxValue });
        return await db.SaveChangesAsync();
    });

    [Theory, OnBothDatabases]
    public async Task Only_hosts_take_only_moderators_remove_and_outsiders_find_nothing(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.JoinAsync(world.Bruno);
        await hours.JoinAsync(world.Olga);
        var place = (await hours.SeeAsync(world.Anna)).State.Waiting[0].Id;
        foreach (var deed in (Func<Task>[])[
            () => hours.Queues.TakeNextAsync(world.Bruno, "welding"), () => hours.Queues.TakeNextAsync(world.Carla, "welding"), () => hours.Queues.RemoveAsync(world.Olga, "welding", place),
            () => hours.Queues.FinishAsync(world.Olga, "welding", place, back: false), () => hours.Settings.FindAsync(world.Bruno, "welding"),
            () => hours.Queues.JoinAsync(world.Bruno, "board", "Line"), () => hours.Queues.SeeAsync(Core.Actor.Visitor, "welding"), () => hours.Queues.SeeAsync(world.Bruno, world.Direct),
            () => hours.Enquiries.AskAsync(world.Ada, "board", "k", "No hours here", ""), () => hours.Queues.StateAsync(world.Ada, 1)])
            await Assert.ThrowsAsync<NotFoundException>(deed);
        Assert.Null(await hours.Queues.SeeAsync(world.Ada, "board"));
        await hours.Queues.RemoveAsync(world.Carla, "welding", place);
        await hours.Queues.RemoveAsync(world.Carla, "welding", place);
        Assert.Equal(["olga"], await hours.WaitingAsync());
        Assert.Equal(1, await world.InDbAsync(db => db.Audit.CountAsync(one => one.What == "queue.removed")));
    }

    [Theory, OnBothDatabases]
    public async Task Too_fast_for_a_slow_room_takes_nobody(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await hours.Settings.HostAsync(world.Anna, "welding", "olga", hosts: true);
        await hours.JoinAsync(world.Bruno);
        await world.InDbAsync(db => db.Conversations.ExecuteUpdateAsync(set => set.SetProperty(c => c.SlowSeconds, 3600)));
        Assert.Equal(Refusal.SlowMode, await World.RefusalOfAsync(() => hours.Queues.TakeNextAsync(world.Olga, "welding")));
        Assert.Equal(["bruno"], await hours.WaitingAsync());
        Assert.Equal(0, await world.InDbAsync(db => db.Notices.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task The_queue_takes_no_more_than_it_can(Database database)
    {
        await using var hours = await HoursWorld.OpenAsync(database);
        var world = hours.World;
        await world.InDbAsync(async db =>
        {
            var room = await db.Conversations.SingleAsync(c => c.Slug == "welding");
            for (var number = 100; number < 100 + Queues.Most; number++)
            {
                db.Users.Add(new() { Id = number, Handle = $"m{number}", DisplayName = $"M {number}", UserName = $"m{number}", NormalizedEmail = $"M{number}@X", Roles = Core.Members.Roles.Member, Language = "en", TimeZone = "UTC", JoinedAt = world.Clock.GetUtcNow() });
                db.Memberships.Add(new() { ConversationId = room.Id, MemberId = number, Role = MembershipRole.Participant, JoinedAt = world.Clock.GetUtcNow() });
                db.QueuePlaces.Add(new() { ConversationId = room.Id, MemberId = number, Line = "x", State = QueueState.Waiting, JoinedAt = world.Clock.GetUtcNow() });
            }
            return await db.SaveChangesAsync();
        });
        Assert.Equal(Refusal.QueueFull, await World.RefusalOfAsync(() => hours.JoinAsync(world.Bruno)));
    }
}
